"""Apps that write the left and the right breast of one session as two rows."""

import pandas as pd


def session_groups(moment: pd.Series, is_left: pd.Series, is_right: pd.Series) -> pd.Series:
    """The `session_group` of rows that hold one breast each; NULL for all other rows.

    `moment` is text that is the same for both breasts of a session (its start, say), `is_left` and `is_right` are
    true where a row holds that breast alone. The first left row of a moment belongs to its first right row, the
    second to the second, so that a file that holds everything twice gives every session twice. Whether two rows
    become one session is decided later, when their volumes are known; both count as rows read.
    """
    side = pd.Series("left", index=moment.index).where(is_left, "right")
    one_sided = (is_left ^ is_right) & moment.notna()
    place = pd.DataFrame({"moment": moment, "side": side})[one_sided].groupby(["moment", "side"]).cumcount()
    group = moment[one_sided] + "|" + place.astype("str")
    return group.reindex(moment.index).astype("str").where(one_sided)
