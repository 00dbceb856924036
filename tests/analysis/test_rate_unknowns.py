"""An uncertain rate of exchange as an unknown: tornado, Sobol indices, value of information, rules. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator import Scenario, discover, sensitivity, simulate, solve
from simulator.analysis.packages import priced_levers
from simulator.analysis.unknowns import assumptions
from simulator.model.engine import simulate as engine
from simulator.model.targets import reached
from tests.cases import SPLIT, scenario

RATE = {"p5": 0.8, "p95": 1.6}
RATES: dict[str, Any] = {
    "EUR": RATE,
    "RUB": {2018: 0.02, 2019: {"p5": 0.019, "p95": 0.021}, 2020: {"p5": 0.015, "p95": 0.025}},
}
TARGET = {"measure": "turnover", "period": 2020, "at_least": "900 EUR"}
LEVERS: dict[str, Any] = {
    "plant": {"kind": "custom", "money": "4000 RUB", "start": "2019-01", "cost": "100 RUB"}
}


@pytest.fixture(scope="module")
def case() -> Scenario:
    return scenario(SPLIT, TARGET, levers=LEVERS, rates=RATES | {"GBP": {"p5": 1.2, "p95": 1.6}})


@pytest.fixture(scope="module")
def matters(case: Scenario) -> Any:
    return sensitivity(case, points=1024)


def test_a_bar_of_the_tornado_is_the_rate_at_its_percentiles(case: Scenario, matters: Any) -> None:
    bars = {bar.path: bar for bar in matters.tornado}
    assert "rates.GBP" not in bars  # nothing is in pounds
    bar = bars["rates.EUR"]
    low, high = (float(f"{value:.3g}") for value in stats.lognorm.ppf([0.1, 0.9], *_lognormal(RATE)))
    assert (bar.low.value, bar.high.value) == (f"{low:g}", f"{high:g}")
    for end, value in ((bar.low, low), (bar.high, high)):
        at = scenario(SPLIT, TARGET, levers=LEVERS, rates=RATES | {"EUR": value})
        assert end.probability == pytest.approx(simulate(at, points=512).probability, abs=0.005)
    assert bars["rates.RUB"].low.stated == {"rates.RUB.2019": "0.0192", "rates.RUB.2020": "0.0159"}


def _lognormal(rate: dict[str, float]) -> tuple[float, float, float]:
    low, high = np.log([rate["p5"], rate["p95"]])
    return (high - low) / (2 * stats.norm.ppf(0.95)), 0.0, float(np.exp((low + high) / 2))


def test_the_indices_of_a_rate_are_those_of_its_column(case: Scenario, matters: Any) -> None:
    """Sobol's first-order index of hit or miss is the variance of the chance given the rate over that of a hit."""
    shares = {share.group.id: share for share in matters.shares}
    assert {"rates.EUR", "rates.RUB"} <= set(shares)
    plain = simulate(scenario(SPLIT, levers=LEVERS, rates=RATES), points=2048)
    spread, _, middle = _lognormal(RATE)
    nodes = middle * np.exp(spread * stats.norm.ppf((np.arange(80) + 0.5) / 80))
    chances = np.array([plain.chance("turnover", 2020, at_least=900 * rate) for rate in nodes])
    expected = chances.var() / (chances.mean() * (1 - chances.mean()))
    assert shares["rates.EUR"].hit.first_order.value == pytest.approx(expected, abs=0.03)
    assert shares["rates.EUR"].amount.total.value == pytest.approx(
        0, abs=0.01
    )  # the total itself is in dollars


def test_knowing_the_rate_is_worth_something(matters: Any) -> None:
    known = {item.unknown.path: item for item in matters.information}
    assert known["rates.EUR"].clear
    assert "rates.GBP" not in known


def test_a_rule_may_be_about_the_rate() -> None:
    wide = scenario(SPLIT, TARGET, rates={"EUR": {"p5": 0.4, "p95": 2.4}})
    rule = discover(wide, points=1024).assumed
    assert rule is not None
    (condition,) = [condition for condition in rule.conditions if condition.unknown.path == "rates.EUR"]
    result = simulate(wide, points=4096)
    (rates,) = [unknown.values for unknown in assumptions(result) if unknown.path == "rates.EUR"]
    missed = ~reached(wide, result.flows)
    assert not condition.below
    assert missed[rates >= condition.threshold].mean() > missed.mean() + 0.1


def test_values_of_a_rate_are_its_quantiles(case: Scenario) -> None:
    result = engine(case, points=2048)
    unknowns = {unknown.path: unknown for unknown in assumptions(result)}
    levels = [0.05, 0.5, 0.95]
    spread, _, middle = _lognormal(RATE)
    np.testing.assert_allclose(
        np.quantile(unknowns["rates.EUR"].values, levels),
        middle * np.exp(spread * stats.norm.ppf(levels)),
        rtol=0.01,
    )


def test_the_rate_that_makes_a_target_likely_is_solved_for(case: Scenario) -> None:
    answer = solve(case, 0.5, lever="rates.EUR", points=1024)
    assert answer.feasible
    turned = scenario(SPLIT, TARGET, levers=LEVERS, rates=RATES | {"EUR": _scaled(answer.value)})
    assert simulate(turned, points=1024).probability == pytest.approx(0.5, abs=0.002)


def _scaled(middle: float) -> dict[str, float]:
    old = float(np.sqrt(RATE["p5"] * RATE["p95"]))
    return {key: value * middle / old for key, value in RATE.items()}


def test_the_money_of_a_lever_is_solved_for_in_its_currency(case: Scenario) -> None:
    answer = solve(case, 0.5, lever="plant", points=512)
    assert [setting for setting in answer.settings if setting.endswith(" RUB")]


def test_a_lever_that_is_bought_costs_what_its_currency_is_worth_when_it_starts(case: Scenario) -> None:
    (priced,) = priced_levers(case)
    assert priced.cost == pytest.approx(100 * (0.019 * 0.021) ** 0.5)
