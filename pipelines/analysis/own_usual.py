"""A session's volume against what is usual for this mother: the relative rule for little milk."""

import pandas as pd


def far_below_own(table: pd.DataFrame, share: float, days: int) -> pd.Series:
    """1 where a session's volume is below `share` of her median over the `days` days before, 0 where it is not.

    `table` has participant_id, day_in_study and volume_ml. Missing where the volume is, or where nothing was
    measured on the days before.
    """
    volume = table["volume_ml"].astype("Float64").astype(float)
    ordered = pd.DataFrame(
        {
            "person": table["participant_id"].to_numpy(),
            "day": pd.to_timedelta(table["day_in_study"].astype("Int64").to_numpy(), unit="D")
            + pd.Timestamp(0),
            "volume": volume.to_numpy(),
            "place": range(len(table)),
        }
    ).sort_values(["person", "day"], kind="stable")
    rolled = (
        ordered.set_index("day")
        .groupby("person", sort=False)["volume"]
        .rolling(f"{days}D", closed="left")
        .median()
    )
    usual = pd.Series(rolled.to_numpy(), index=ordered["place"].to_numpy()).sort_index().to_numpy()
    event = (volume < share * usual).astype(float)
    return event.where(volume.notna() & ~pd.isna(usual))
