"""Imputed copies pooled as mice does it, and separated data fitted as Firth's likelihood says, each known elsewhere."""

import numpy as np
import pytest
from scipy import optimize, special

from pipelines.analysis.cells import make_cells
from pipelines.analysis.imputation import pool
from pipelines.analysis.penalised import penalised_odds_ratio

# Logistic models of five imputed copies of a known data set (300 women, MASS::Pima.tr2), fitted by statsmodels: of
# each coefficient the five estimates, the five errors, and what mice pools: coefficient, error, degrees of freedom by
# Barnard and Rubin, fraction of information lost, relative increase in variance.
COPIES = {
    "(Intercept)": (
        (-8.70297121, -9.061841487, -9.064084856, -8.440833039, -9.077007656),
        (1.311139957, 1.345039142, 1.338447386, 1.289096927, 1.339374212),
        (-8.86934764970029, 1.36157704445003, 229.751283851611, 0.0614397097936652, 0.056306288359833),
    ),
    "npreg": (
        (0.1258242261, 0.1285275962, 0.1286809609, 0.1301775691, 0.121971293),
        (0.05261449187, 0.05254609709, 0.05254740635, 0.05275763782, 0.0526625515),
        (0.127036329039437, 0.0527450439262484, 288.284143903521, 0.0113555198944285, 0.00454093673639278),
    ),
    "glu": (
        (0.03754051677, 0.03737422812, 0.03761814808, 0.0380691108, 0.03740705934),
        (0.005932802269, 0.005902426045, 0.005910645359, 0.005963250538, 0.005925378242),
        (0.0376018126233149, 0.00593483135228521, 289.101609454453, 0.00948712465701523, 0.00266547990770093),
    ),
    "bp": (
        (-0.01421720115, -0.01437358213, -0.009956693837, -0.01836359172, -0.01247778183),
        (0.01489559079, 0.0144607807, 0.01456328198, 0.01479949342, 0.01492120202),
        (-0.0138777701332341, 0.0151094461495043, 235.527288191884, 0.0576648204245698, 0.0522956551029659),
    ),
    "skin": (
        (0.007256600996, -0.01581065006, -0.01733236028, 0.01363445195, -0.01588392679),
        (0.01894362851, 0.01758779851, 0.01719311595, 0.01826785813, 0.01684599566),
        (-0.00562717683593413, 0.0241067342115492, 17.1609205032881, 0.509776431878162, 0.837525241367994),
    ),
    "bmi": (
        (0.08108875429, 0.1103105403, 0.1039224002, 0.07499886262, 0.1075422817),
        (0.03342136983, 0.03296693999, 0.03189906195, 0.03146900104, 0.03220850941),
        (0.0955725678246092, 0.0369971148030971, 55.3334166194532, 0.259332861189531, 0.303843905127234),
    ),
    "ped": (
        (1.300472198, 1.308151971, 1.2628517, 1.276308444, 1.260478214),
        (0.5391900581, 0.5413783434, 0.5390507247, 0.539326316, 0.539445508),
        (1.28165250519939, 0.540203004189183, 289.379007377622, 0.0087668436777738, 0.00194344517375262),
    ),
    "age": (
        (0.01185990771, 0.01485606107, 0.0126958597, 0.01112443265, 0.01541362854),
        (0.01601931483, 0.01563928605, 0.01569088265, 0.01588714088, 0.01576850386),
        (0.0131899779342253, 0.0159339677408797, 279.763422891718, 0.0234987570415808, 0.0168209785217889),
    ),
}
WOMEN, PARAMETERS = 300, 8


@pytest.mark.parametrize("name", COPIES)
def test_five_imputed_copies_are_pooled_as_mice_pools_them(name):
    coefficients, errors, (value, error, freedom, lost, increase) = COPIES[name]
    found = pool(coefficients, errors, WOMEN - PARAMETERS)
    assert found.coefficient == pytest.approx(value, abs=1e-5)
    assert found.standard_error == pytest.approx(error, rel=1e-4)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-3)
    assert found.missing_information == pytest.approx(lost, rel=1e-3)
    assert found.increase == pytest.approx(increase, rel=1e-3)


def separated(seed, women=79, with_trait=13):
    """Made data with the shape of a known trap: all women with the trait have the outcome, and some of the others."""
    random = np.random.default_rng(seed)
    trait = np.repeat([1.0, 0.0], [with_trait, women - with_trait])
    index = random.normal(17, 10, women).round()
    height = random.gamma(6, 0.3, women).round(2)
    chance = special.expit(4.3 - 0.04 * index - 2.9 * height)
    outcome = np.where(trait == 1, 1.0, random.random(women) < chance)
    return np.column_stack([trait, index, height]), outcome


def penalised_maximum(design, outcome):
    """The maximum of the likelihood plus half the log determinant of the information, found by trial."""
    full = np.column_stack([np.ones(len(design)), (design - design.mean(axis=0)) / design.std(axis=0)])

    def loss(slopes):
        eta = full @ slopes
        weight = special.expit(eta) * special.expit(-eta)
        determinant = np.linalg.slogdet(full.T @ (full * weight[:, None]))[1]
        return -(outcome @ eta - np.logaddexp(0, eta).sum() + determinant / 2)

    tight = {"xatol": 1e-8, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000}
    start = np.zeros(full.shape[1])
    slopes = optimize.minimize(loss, start, method="Nelder-Mead", options=tight).x
    return slopes[1:] / design.std(axis=0)


@pytest.mark.parametrize(("seed", "women", "with_trait"), [(1, 79, 13), (2, 79, 13), (3, 200, 6)])
def test_separated_data_have_the_penalised_maximum(seed, women, with_trait):
    design, outcome = separated(seed, women, with_trait)
    names = ["trait", "index", "height"]
    cells = make_cells(names, design, np.arange(women) // 2)
    found = [np.log(penalised_odds_ratio(cells, cells.total(outcome), name)) for name in names]
    assert found == pytest.approx(penalised_maximum(design, outcome), abs=1e-3)
