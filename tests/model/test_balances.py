"""Balances as figures: the other direction where one is printed, else a signed equation in money. Default tier."""

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
PAST: list[Row] = [
    {"measure": name, "period": year, "value": value}
    for name, values in (("exports", (120.5, 129.4, 134.1)), ("imports", (480.3, 505.2, 522.9)))
    for year, value in zip((2015, 2016, 2017), values, strict=True)
]
TARGET = {"measure": "balance", "period": 2018, "at_most": -400}


def row(measure: str, period: Any, value: float, **more: Any) -> Row:
    return {"measure": measure, "period": period, "value": value, **more}


def answer(rows: list[Row]) -> Row:
    result = simulate(scenario(rows, TARGET), points=512).to_dict()
    return {name: result[name] for name in ("probability", "standard_error", "totals", "probability_range")}


def same(one: Any, other: Any) -> None:
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            same(one[key], other[key])
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=3e-3, abs=1e-3)


@pytest.mark.parametrize(
    ("known", "value", "other", "rest"),
    [("exports", 33.2, "imports", 123.4), ("imports", 123.4, "exports", 33.2)],
)
def test_beside_one_direction_it_is_the_other(known: str, value: float, other: str, rest: float) -> None:
    stated = row(known, "2018-Q1", value)
    by_balance = [*PAST, stated, row("balance", "2018-Q1", -90.2)]
    same(answer(by_balance), answer([*PAST, stated, row(other, "2018-Q1", rest)]))
    low, high = simulate(scenario(by_balance, TARGET)).quantiles(other, "2018-Q1", [0.01, 0.99])
    assert low == high == pytest.approx(rest)


def test_beside_turnover_it_is_both() -> None:
    rows = [*PAST, row("turnover", "2018-Q1", 156.6), row("balance", "2018-Q1", -90.2)]
    low, high = simulate(scenario(rows, TARGET)).quantiles("exports", "2018-Q1", [0.01, 0.99])
    assert low == pytest.approx(33.2, abs=0.2)
    assert high == pytest.approx(33.2, abs=0.2)


def test_months_add_up_to_the_year_of_which_one_direction_is_known() -> None:
    months = [row("balance", f"2017-{n:02d}", -32.4) for n in range(1, 13)]
    rows = [*PAST[:3], *PAST[3:5], *months]
    quantiles = simulate(scenario(rows, TARGET)).quantiles("imports", 2017, [0.01, 0.99])
    assert quantiles == pytest.approx([134.1 + 12 * 32.4] * 2)


def test_its_stated_error_is_added_to_that_of_the_other() -> None:
    rows = [*PAST, row("exports", "2018-Q1", 33.2), row("balance", "2018-Q1", -90.2, error=5)]
    low, high = simulate(scenario(rows, TARGET), points=8192).quantiles("imports", "2018-Q1", [0.16, 0.84])
    assert (high - low) / 2 == pytest.approx(5, rel=0.12)
    assert (high + low) / 2 == pytest.approx(123.4, rel=0.01)


@pytest.mark.parametrize(
    ("value", "error"), [(-90.0, None), (-90.0, 6.0), (5.0, 4.0), (0.0, 3.0), (15.0, 1.0)]
)
def test_alone_in_its_months_it_is_met_within_its_error_in_money(value: float, error: float | None) -> None:
    """Whatever its sign, and where exports and imports are alike."""
    level = [{**r, "value": r["value"] if value < 0 or r["measure"] == "exports" else 127.0} for r in PAST]
    more = {} if error is None else {"error": error}
    flows = simulate(scenario([*level, row("balance", "2018-Q1", value, **more)], TARGET), points=8192).flows
    drawn = flows.total("balance", Period.parse("2018-Q1")).values
    spread = np.subtract(*np.quantile(drawn, [0.84, 0.16])) / 2
    assert np.median(drawn) == pytest.approx(value, abs=0.35 * (error or 3))
    assert spread < 1.6 * (error or 1.5)


def test_the_posterior_is_that_of_plain_importance_sampling() -> None:
    """Paths of the law without the balance, weighted by the normal likelihood of the balance in money."""
    plain = scenario(PAST, TARGET)
    law = fit_scenario(plain)
    balance, error, rng = -110.0, 6.0, np.random.default_rng(5)
    cells = [law.cells(Period.parse("2018-Q1"), [stream]) for stream in (0, 1)]
    at = np.concatenate(
        [*cells, *(law.cells(Period.parse("2018-Q2..2018-12".replace("Q2", "04")), [s]) for s in (0, 1))]
    )
    logs = rng.multivariate_normal(law.mean.ravel()[at], law.covariance[np.ix_(at, at)], 400_000)
    flow = np.exp(logs)
    first = flow[:, :3].sum(axis=1) - flow[:, 3:6].sum(axis=1)
    weight = np.exp(-0.5 * ((first - balance) / error) ** 2)
    weight /= weight.sum()
    other = fit_scenario(scenario([*PAST, row("balance", "2018-Q1", balance, error=error)], TARGET))
    volatility = other.volatilities
    if volatility != pytest.approx(law.volatilities, rel=0.2):
        pytest.skip("the figure changes the volatility too")
    means = weight @ logs
    assert other.mean.ravel()[at] == pytest.approx(means, abs=0.02)


def test_without_any_amount_it_is_refused() -> None:
    with pytest.raises(BaselineError, match="found balances alone, expected at least one amount"):
        simulate(scenario([row("balance", 2016, -30), row("balance", 2017, -35)], TARGET))


def test_a_balance_that_contradicts_both_directions_is_refused() -> None:
    rows = [row("exports", "2018-Q1", 33.2), row("imports", "2018-Q1", 123.4), row("balance", "2018-Q1", -80)]
    with pytest.raises(BaselineError, match="found balance 2018-Q1 -80, which contradicts"):
        simulate(scenario([*PAST, *rows], TARGET))
    with pytest.raises(BaselineError, match="contradicts exports 2018-Q1 33"):
        simulate(scenario([*PAST, rows[0], row("balance", "2018-Q1", 80)], TARGET))


def test_streams_need_both_directions_and_growth_has_no_sense() -> None:
    head = "title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 5}\n"
    text = head + "observations: [{measure: balance, period: 2017, value: -3, growth: 4%}]\n"
    with pytest.raises(ScenarioError, match=r"observations\.0\.growth: found growth of a balance"):
        load_text(text, "x.yaml")
    with pytest.raises(ScenarioError, match="found a balance, but no stream is one of imports"):
        load_text(text + "streams: {goods: {direction: exports}}\n", "x.yaml")


def test_the_order_of_figures_does_not_matter() -> None:
    rows = [
        *PAST,
        row("exports", "2018-Q1", 33.2),
        row("balance", "2018-Q1", -90.2),
        row("balance", "2018-Q2", -99),
    ]
    assert answer(rows) == answer(rows[::-1])


def test_a_series_of_balances() -> None:
    rows = [
        *PAST,
        {"measure": "balance", "from": "2018-01", "every": "month", "values": [-30, -31.5, None, -29]},
    ]
    flows = simulate(scenario(rows, TARGET), points=2048).flows
    assert np.median(flows.total("balance", Period.parse("2018-04")).values) == pytest.approx(-29, abs=1.5)
