"""Error rates are read from the simulations' counts; what contradicts itself is refused, what is missing is not there."""

import json
from dataclasses import asdict

import pytest

from pipelines.errors import DataFileError
from pipelines.evidence.error_rates import SCENARIOS, ClaimRates, Power, Share, Simulated, error_rates

CLAIM = ClaimRates("cause.stress", 1000, {"supported": 12, "inconclusive": 988}, intervals=900, covered=855)
SIMULATED = Simulated("no_effect", 100, 1000, 1, "abc1234", (CLAIM,))
POWER = Power(1.5, 100, "between", 400, 68, 1, "abc1234")


def read(tmp_path, simulated=(SIMULATED,), power=(POWER,)):
    path = tmp_path / "error_rates.json"
    content = {"simulated": [asdict(each) for each in simulated], "power": [asdict(each) for each in power]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return error_rates(SCENARIOS, path)


def test_what_a_benchmark_writes_comes_back_with_shares_and_monte_carlo_errors(tmp_path):
    found = read(tmp_path)
    entry = found.of("no_effect", 100)
    assert entry is not None and entry == SIMULATED
    supported = entry.claims[0].share("supported")
    assert supported.value == 0.012 and supported.error == pytest.approx(0.00344, abs=1e-5)
    assert entry.claims[0].coverage == Share(855, 900)
    cell = found.power_of(1.5, 100, "between")
    assert cell is not None and cell.share.value == 0.17


def test_what_was_not_simulated_is_none_and_no_zero(tmp_path):
    found = read(tmp_path, (), ())
    assert found.of("no_effect", 100) is None and found.power_of(1.5, 100, "between") is None
    assert found.scenarios[0].limits == {"supported": 0.025, "contradicted": 0.025}


def test_a_share_of_nothing_still_has_a_monte_carlo_error():
    assert Share(0, 1000).error > 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"scenario": "no_such"}, "is no scenario"),
        ({"claims": (ClaimRates("cause.nothing", 1000, {"supported": 1000}),)}, "unknown claim"),
        ({"claims": (ClaimRates("cause.stress", 1000, {"supported": 12}),)}, "do not add up"),
        ({"claims": (ClaimRates("cause.stress", 1000, {"proved": 1000}),)}, "unknown verdict"),
        ({"claims": (ClaimRates("cause.stress", 1000, {}, 900, 901),)}, "more covered"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_name(tmp_path, changed, words):
    with pytest.raises(DataFileError, match=words):
        read(tmp_path, (Simulated(**{**vars(SIMULATED), **changed}),))


def test_an_entry_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(DataFileError, match="twice"):
        read(tmp_path, (SIMULATED, SIMULATED))


def test_the_files_as_they_are_can_be_read():
    assert error_rates().scenarios


def test_no_verdict_came_up_wrongly_more_often_than_its_limit_and_chance_allow():
    found = error_rates()
    assert found.simulated and found.power
    for entry in found.simulated:
        scenario = next(each for each in found.scenarios if each.id == entry.scenario)
        for claim in entry.claims:
            for verdict, limit in scenario.limits.items():
                share = claim.share(verdict)
                # The worst of some thirty claims lies three errors off by chance alone now and then.
                assert share.value <= limit + 3.5 * share.error, (entry.scenario, claim.claim, verdict)
