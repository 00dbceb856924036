"""Figures known to lie between two bounds: drawn inside, as likely anywhere. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator import BaselineError, ScenarioError, simulate
from simulator.files.loading import load_text
from simulator.model.law import fit_scenario
from simulator.values.periods import Period
from tests.cases import scenario

Row = dict[str, Any]
TARGET = {"measure": "turnover", "period": 2019, "at_least": 21}
OLD: list[Row] = [{"measure": "turnover", "period": 2016, "value": 15.0}]


def case(*rows: Row) -> Any:
    return scenario([*OLD, *rows], TARGET)


def between(low: float, high: float, period: Any = 2017, measure: str = "turnover") -> Row:
    return {"measure": measure, "period": period, "between": [low, high]}


def drawn(scenario_: Any, period: Any, measure: str = "turnover") -> np.ndarray:
    return np.asarray(simulate(scenario_, points=8192).flows.total(measure, Period.parse(str(period))).values)


def test_it_is_drawn_evenly_between_its_bounds() -> None:
    values = drawn(case(between(18, 19)), 2017)
    assert 18 <= values.min() < 18.01
    assert 18.99 < values.max() <= 19
    assert values.mean() == pytest.approx(18.5, abs=0.02)
    assert values.std() == pytest.approx(1 / np.sqrt(12), rel=0.02)


def test_wide_bounds_are_weighed_by_what_other_figures_say() -> None:
    """Plain importance sampling: the law without the figure, its paths kept where they are inside the bounds."""
    rows = [
        {"measure": "turnover", "period": 2015, "value": 14.2},
        {"measure": "turnover", "period": 2018, "value": 17.9},
    ]
    low, high = 10.0, 30.0
    plain, bounded = (
        scenario([*OLD, *rows], TARGET, as_of="2019-01-31"),
        scenario([*OLD, *rows, between(low, high)], TARGET, as_of="2019-01-31"),
    )
    law = fit_scenario(plain)
    cells = law.cells(Period.parse("2017"))
    logs = np.random.default_rng(3).multivariate_normal(
        law.mean.ravel()[cells], law.covariance[np.ix_(cells, cells)], 200_000
    )
    sums = np.exp(logs).sum(axis=1)
    kept = sums[(sums > low) & (sums < high)]
    values = drawn(bounded, 2017)
    assert low < values.min()
    assert values.max() < high
    for probability in (0.1, 0.5, 0.9):
        assert np.quantile(values, probability) == pytest.approx(np.quantile(kept, probability), rel=0.06)


def test_months_within_bounds_stay_inside_and_add_up() -> None:
    rows = [between(4, 5, f"2017-Q{n}") for n in (1, 2, 3, 4)]
    quarters = [drawn(case(*rows), f"2017-Q{n}") for n in (1, 2, 3, 4)]
    for values in quarters:
        assert values.min() >= 4
        assert values.max() <= 5
        assert values.mean() == pytest.approx(4.5, abs=0.06)
    np.testing.assert_allclose(sum(quarters), drawn(case(*rows), 2017), rtol=1e-9)


def test_a_direction_within_bounds_leaves_the_rest_of_turnover() -> None:
    rows = [{"measure": "turnover", "period": 2017, "value": 20.0}, between(12, 14, measure="exports")]
    imports = drawn(case(*rows), 2017, "imports")
    assert 6 <= imports.min() < 6.05
    assert 7.95 < imports.max() <= 8


def test_two_readings_share_their_bounds() -> None:
    values = drawn(case(between(18, 19), between(18.5, 20)), 2017)
    assert 18.5 <= values.min() < values.max() <= 19
    with pytest.raises(BaselineError, match="contradicts"):
        simulate(case(between(18, 19), between(19.5, 20)))
    with pytest.raises(BaselineError, match="contradicts"):
        simulate(case(between(18, 19), {"measure": "turnover", "period": 2017, "value": 20.5}))


def test_as_the_bounds_close_the_answer_goes_to_that_of_a_value() -> None:
    exact = simulate(case({"measure": "turnover", "period": 2017, "value": 18.0})).probability
    gaps = [abs(simulate(case(between(18 - d, 18 + d))).probability - exact) for d in (1, 0.1, 0.01)]
    assert gaps[2] < 0.003
    assert gaps[2] <= gaps[0] + 0.002


HEAD = "title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 5}\nobservations:\n"
FAULTS = {
    "between: [19, 18]": "x.yaml:5: observations.0.between: found 19 to 18, expected the lower bound first",
    "between: [18, 18]": "expected the lower bound first",
    "between: [-1, 18]": "observations.0.between.0: found -1, expected at least 0",
    "between: [18]": "x.yaml:5: observations.0.between",
    "between: [18, 19, 20]": "x.yaml:5: observations.0.between: found a list of 3, expected 2 items",
    "between: [18, null]": "expected two numbers",
    "between: 18": "observations.0.between: found 18, expected a list",
    "between: [18, 19%]": "observations.0.between.1: found '19%', expected a number without a percent sign",
    "between: [18, 19], value: 18": "found between beside value",
    "between: [18, 19], error: 1": "found between beside error",
    "more_than: 16": "x.yaml:5: observations.0.more_than: found more_than, expected a figure; of a bound on one side",
    "at_least: 16": "state between: [LOW, HIGH]",
}


@pytest.mark.parametrize("stated", FAULTS)
def test_faults(stated: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_text(f"{HEAD}  - {{measure: exports, period: 2016, {stated}}}\n", "x.yaml")
    assert FAULTS[stated] in str(refused.value)
    assert str(refused.value).count("\n") <= 1
