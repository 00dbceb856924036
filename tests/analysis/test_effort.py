"""What it would take, as a brief says it. Default tier."""

from __future__ import annotations

import pytest

from simulator import simulate, solve
from simulator.analysis.effort import Effort
from simulator.analysis.effort import effort as worked_out
from simulator.scenario import Scenario
from tests.cases import NAMED, SLUMP, scenario

FEW = 256  # points


def effort(one: Scenario, wanted: float = 0.8) -> Effort:
    return worked_out(one, wanted, simulate=simulate, points=FEW)


def test_one_measure_that_reaches_it_alone_is_the_least_change() -> None:
    case = scenario(levers=NAMED)
    found = effort(case)
    assert found.together is None
    assert found.least is not None
    assert found.least.levers == ("levers.ventures.money",)
    alone = solve(case, 0.8, lever="ventures", points=FEW)
    assert (found.least.value, found.least.probability) == (alone.value, alone.probability)
    assert found.least.probability >= 0.8
    assert not found.already


def test_where_none_is_enough_alone_all_are_moved_together() -> None:
    levers = {key: lever for key, lever in NAMED.items() if key != "ventures"}
    found = effort(scenario(levers=levers))
    assert found.together is not None
    assert found.least is found.together
    together = solve(scenario(levers=levers), 0.8, lever=list(levers), points=FEW)
    assert found.together.probability == together.probability > found.alone.present.probability


@pytest.mark.parametrize("levers", [{}, {"rules": NAMED["rules"]}])
def test_of_fewer_than_two_measures_none_are_moved_together(levers: dict[str, object]) -> None:
    found = effort(scenario(levers=levers))
    assert found.together is None
    assert [each.name for each in found.alone.of_drivers] == ["Rules"][: len(levers)]
    assert (found.least is None) == (not levers)


def test_a_target_that_is_likely_already_takes_nothing() -> None:
    found = effort(scenario(levers=NAMED, target={"measure": "turnover", "period": 2020, "at_least": 300}))
    assert found.already
    assert found.together is None


def test_amount_and_year_are_those_of_solve() -> None:
    case = scenario(levers=NAMED, risks=SLUMP)
    found = effort(case)
    assert found.amount is not None
    assert found.year is not None
    assert found.amount.number == solve(case, 0.8, lever="target.at_least", points=FEW).number
    assert found.year.nearest_value == solve(case, 0.8, lever="target.period", points=FEW).nearest_value


def test_of_several_targets_no_one_amount_is_named() -> None:
    both = [
        {"measure": "turnover", "period": 2020, "at_least": 1000},
        {"measure": "exports", "period": 2020, "at_least": 700},
    ]
    assert effort(scenario(target=both)).amount is None


@pytest.mark.parametrize("wanted", [0, 1, 1.2])
def test_a_probability_that_cannot_be_wanted_is_refused(wanted: float) -> None:
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        effort(scenario(), wanted)
