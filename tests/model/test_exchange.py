"""Uncertain rates of exchange against what the model did not produce: closed forms, quadrature, plain Monte Carlo. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator import Scenario, simulate
from simulator.model.law import fit_scenario
from tests.cases import SPLIT, scenario

P95 = stats.norm.ppf(0.95)
RATE = {"p5": 1.05, "p95": 1.35}
MEDIAN, SPREAD = float(np.sqrt(1.05 * 1.35)), float(np.log(1.35 / 1.05) / 2 / P95)
NODES = stats.norm.ppf((np.arange(60) + 0.5) / 60)
RATES: dict[str, Any] = {
    "lognormal": RATE,
    "triangular": {"low": 1.0, "likely": 1.1, "high": 1.5},
    "normal": {"mean": 1.2, "sd": 0.1},
    "choices": {"choices": {1.0: 0.5, 1.4: 0.5}},
    "by period": {2016: RATE, 2017: RATE, 2018: RATE},
}
TARGET = {"measure": "turnover", "period": 2020, "at_least": 1000}
IN_EUROS = TARGET | {"at_least": "1000 EUR"}
LEVERS: dict[str, Any] = {
    "plant": {"kind": "custom", "money": {"low": 50, "likely": 100, "high": 300}, "start": "2019-01"},
    "orders": {"kind": "custom", "money": {"2019": 20, "2020": 60}, "quota": 50},
    "ventures": {"kind": "joint_ventures", "count": 3, "planned_exports_each": 30, "start": "2019-01"},
    "deals": {
        "kind": "interregional_deals",
        "deals": [{"name": "a", "value": 30}, {"name": "b", "value": 9}],
        "overlap": {"group": "sales", "cap": 10},
    },
}
MONEY = {
    *("value", "at_least", "money", "likely", "2019", "2020", "quota", "planned_exports_each", "cap"),
    *("low", "high", "between", "error", "at_most"),
}


def euros(node: Any, key: str = "") -> Any:
    """The same with every amount of money in euros."""
    if isinstance(node, dict):
        return {name: euros(child, name) for name, child in node.items()}
    if isinstance(node, list):
        return [euros(child, key) for child in node]
    money = key in MONEY and isinstance(node, int | float)
    return f"{node} EUR" if money else node


FIGURES: dict[str, list[dict[str, Any]]] = {
    "printed": SPLIT,
    "errors": [
        {"measure": "turnover", "period": 2016, "value": 419.1, "error": 20},
        {"measure": "turnover", "period": 2017, "value": 690.8, "error": "4%"},
        {"measure": "exports", "period": 2017, "value": 600.0, "error": "7%"},
        {"measure": "exports", "period": "2018-01..2018-09", "value": 539.2},
        {"measure": "imports", "period": "2018-01..2018-09", "value": 71.3},
    ],
    "months": [
        {"measure": "turnover", "period": f"2017-{month:02}", "value": 50 + 3 * (month % 4), "error": "5%"}
        for month in range(1, 13)
    ]
    + [{"measure": "turnover", "period": "2018-01..2018-03", "value": 160}],
    "bounds": [
        {"measure": "turnover", "period": 2016, "between": [400, 450]},
        {"measure": "turnover", "period": 2017, "value": 690.8},
        {"measure": "turnover", "period": "2018-01..2018-06", "growth": "9%", "error": "5%"},
    ],
    "balances": [
        {"measure": "turnover", "period": 2016, "value": 500},
        {"measure": "balance", "period": 2016, "value": 100, "error": 10},
        {"measure": "turnover", "period": 2017, "value": 690.8},
        {"measure": "balance", "period": "2017-01..2017-06", "value": -30, "error": 5},
    ],
}


# All in one currency: as if nothing else existed


@pytest.mark.parametrize("rate", RATES)
def test_all_in_euros_is_the_scenario_in_euros(rate: str) -> None:
    inside = simulate(scenario(SPLIT, levers=LEVERS), points=1024)
    outside = simulate(
        scenario(euros(SPLIT), IN_EUROS, levers=euros(LEVERS), rates={"EUR": RATES[rate]}), points=1024
    )
    assert outside.probability == pytest.approx(inside.probability, abs=1e-6)
    assert outside.scenario.target[0].amount > 1000


@pytest.mark.parametrize("figures", FIGURES)
@pytest.mark.parametrize("measure", ["turnover", "balance"])
def test_whatever_the_figures(figures: str, measure: str) -> None:
    if measure == "balance" and figures in ("months", "bounds"):
        pytest.skip("no figure tells exports apart")
    target = {"measure": measure, "period": 2020, "at_least": 600}
    inside = simulate(scenario(FIGURES[figures], target), points=512)
    outside = simulate(scenario(euros(FIGURES[figures]), euros(target), rates={"EUR": RATE}), points=512)
    assert outside.probability == pytest.approx(inside.probability, abs=1e-6)
    belief = outside.flows.paths.exchange.belief
    assert belief.mean == pytest.approx((0,), abs=1e-6)  # the figures say nothing of the rate
    assert belief.root[0][0] == pytest.approx(1, abs=1e-6)


def test_several_targets_floors_and_ceilings() -> None:
    targets = [
        {"measure": "turnover", "period": [2019, 2020], "at_least": 800},
        {"measure": "imports", "period": 2019, "at_most": 180},
    ]
    inside = simulate(scenario(SPLIT, targets), points=512)
    outside = simulate(scenario(euros(SPLIT), euros(targets), rates={"EUR": RATE}), points=512)
    assert 0.1 < outside.probability == pytest.approx(inside.probability, abs=1e-6)


def test_years_of_many_streams_and_shocks_are_in_one_currency_too() -> None:
    """Blocks of months in place of single ones."""
    flow = 100 * np.exp(np.cumsum(np.random.default_rng(3).normal(0.04, 0.15, 34)))
    rows = [
        {"measure": measure, "period": 1984 + year, "value": round(float(value) * size, 1)}
        for measure, size in (("exports", 1.0), ("imports", 0.6))
        for year, value in enumerate(flow)
    ]
    shocks = {"crisis": {"period": "2009-01..2009-12"}}
    target = {"measure": "turnover", "period": 2020, "at_least": round(float(flow[-1]) * 1.8)}
    inside = simulate(scenario(rows, target, shocks=shocks), points=256)
    outside = simulate(scenario(euros(rows), euros(target), shocks=shocks, rates={"EUR": RATE}), points=256)
    assert outside.flows.paths.law.blocks.coarse
    assert outside.probability == pytest.approx(inside.probability, abs=1e-6)


def test_figures_in_one_currency_move_together_and_their_ratio_stays() -> None:
    result = simulate(scenario(euros(SPLIT), rates={"EUR": RATE}), points=1024)
    year, months = (
        result.flows.total("turnover", result.scenario.period(text)).values
        for text in ("2017", "2018-01..2018-09")
    )
    np.testing.assert_allclose(year / months, 690.8 / 610.5, rtol=1e-12)
    levels = [0.05, 0.25, 0.5, 0.95]
    expected = 690.8 * MEDIAN * np.exp(SPREAD * stats.norm.ppf(levels))
    np.testing.assert_allclose(result.quantiles("turnover", 2017, levels), expected, rtol=2e-3)


def test_a_target_that_is_published_in_its_currency_is_decided() -> None:
    for amount, met in (("690.8 EUR", 1.0), ("690.9 EUR", 0.0)):
        target = {"measure": "turnover", "period": 2017, "at_least": amount}
        result = simulate(scenario(euros(SPLIT), target, rates={"EUR": RATE}), points=512)
        assert result.probability == met
        assert result.decided


# A target in another currency


def test_a_target_is_the_mean_of_its_chances_over_the_rate() -> None:
    """By quadrature over the rate, on the law without any."""
    plain = simulate(scenario(SPLIT), points=2048)
    chances = [plain.chance("turnover", 2020, at_least=1000 * MEDIAN * np.exp(SPREAD * z)) for z in NODES]
    result = simulate(scenario(SPLIT, IN_EUROS, rates={"EUR": RATE}), points=2048)
    assert result.probability == pytest.approx(np.mean(chances), abs=5e-4)


def test_a_target_is_the_share_of_plain_paths() -> None:
    plain = simulate(scenario(SPLIT), points=2**15)
    totals = plain.flows.total("turnover", plain.scenario.period(2020)).values
    asked = 1000 * MEDIAN * np.exp(SPREAD * np.random.default_rng(1).standard_normal((20, totals.size)))
    result = simulate(scenario(SPLIT, IN_EUROS, rates={"EUR": RATE}), points=2048)
    assert result.probability == pytest.approx(np.mean(totals >= asked), abs=0.004)
    missed = (asked - totals)[totals < asked]
    assert result.shortfall_if_missed == pytest.approx(np.median(missed), rel=0.01)


def test_the_amount_of_a_wanted_chance_has_that_chance() -> None:
    from simulator import solve

    case = scenario(SPLIT, IN_EUROS, rates={"EUR": RATE})
    answer = solve(case, 0.6, lever="target.at_least", points=1024)
    assert answer.probability == pytest.approx(0.6, abs=1e-6)
    (setting,) = answer.settings
    assert setting.endswith(" EUR")
    target = IN_EUROS | {"at_least": setting.partition("=")[2]}
    assert simulate(scenario(SPLIT, target, rates={"EUR": RATE}), points=1024).probability == pytest.approx(
        0.6, abs=1e-6
    )


def test_each_period_takes_its_own_rate() -> None:
    by_year = {"EUR": {2018: 1.1, 2019: 1.3, 2020: 1.2}}
    for period, rate in ((2019, 1.3), (2020, 1.2), (2021, 1.2), (2017, 1.1), ("2019-Q2", 1.3)):
        target = {"measure": "turnover", "period": period, "at_least": "100 EUR"}
        assert scenario(SPLIT, target, rates=by_year).goals[0].amount == pytest.approx(100 * rate)
    both = {"measure": "turnover", "period": [2019, 2020], "at_least": "100 EUR"}
    assert [goal.amount for goal in scenario(SPLIT, both, rates=by_year).goals] == [130, 120]


@settings(max_examples=20, deadline=None)
@given(st.floats(0.7, 1.6), st.floats(0.01, 0.6), st.floats(0.0, 0.3))
def test_a_dearer_currency_never_makes_its_target_likelier(middle: float, width: float, more: float) -> None:
    def chance(shift: float) -> float:
        rate = {"p5": middle * (1 + shift), "p95": (middle + width) * (1 + shift)}
        return simulate(scenario(SPLIT, IN_EUROS, rates={"EUR": rate}), points=256).probability

    assert chance(more) <= chance(0.0)


# Levers in another currency


def test_money_of_levers_is_the_share_of_plain_paths() -> None:
    levers = {
        "plant": {"kind": "custom", "money": {"low": "50 EUR", "likely": "100 EUR", "high": "300 EUR"}},
        "orders": {"kind": "custom", "money": {"2020": "60 EUR"}},
    }
    plain = simulate(scenario(SPLIT), points=2**15)
    totals = plain.flows.total("turnover", plain.scenario.period(2020)).values
    rng = np.random.default_rng(2)
    rate = MEDIAN * np.exp(SPREAD * rng.standard_normal((20, totals.size)))
    money = rate * (rng.triangular(50, 100, 300, rate.shape) + 60)
    result = simulate(scenario(SPLIT, levers=levers, rates={"EUR": RATE}), points=2048)
    assert result.probability == pytest.approx(np.mean(totals + money >= 1000), abs=0.004)


def test_money_takes_the_rate_of_each_month() -> None:
    levers = {"orders": {"kind": "custom", "money": {"2019-07..2020-06": "120 EUR"}}}
    rates = {"EUR": {"2019": 1.1, "2020-H1": 1.4, "2020": 2}}
    case = scenario(SPLIT, levers=levers, rates=rates)
    added, without = (
        simulate(other, points=256).quantiles("turnover", 2020, [0.5])[0]
        for other in (case, scenario(SPLIT, rates=rates))
    )
    assert added - without == pytest.approx(60 * 1.4, abs=0.5)
    whole = scenario(
        SPLIT, {"measure": "turnover", "period": "2019..2020", "at_least": 1}, levers=levers, rates=rates
    )
    result = simulate(whole, points=256)
    assert result.flows.effects.money(np.ones(2)).sum() == pytest.approx(60 * 1.1 + 60 * 1.4)


# Figures in another currency: normal measurements whose errors are one


SLOW = {
    "trend": 0.04,
    "random_walk": 0.1,
    "disturbance": 0.2,
    "memory": 60,
    "seasonality": 0,
    "irregular": 0.01,
    "tails": 1e6,
    "learning": 0,
}


def years(rows: list[dict[str, Any]], target: dict[str, Any], **fields: Any) -> Scenario:
    return scenario(rows, target, outlook=SLOW, as_of="2020-10-31", **fields)


def prior_of_years(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the log yearly means of a slow prior whose level is vague."""
    t, means = np.arange(12 * count), np.kron(np.eye(count), np.full(12, 1 / 12))
    apart = np.abs(t[:, None] - t)
    months = SLOW["random_walk"] ** 2 / 12 * np.minimum(t[:, None], t)
    months = months + SLOW["disturbance"] ** 2 * np.exp(-apart / SLOW["memory"])
    months = months + SLOW["irregular"] ** 2 * np.eye(t.size)
    return SLOW["trend"] * np.arange(count), means @ months @ means.T + 1e3


MIXED: dict[str, list[tuple[int, float, str]]] = {
    "one in euros": [(2016, 400, "USD"), (2017, 440, "EUR")],
    "two in euros": [(2016, 400, "USD"), (2017, 440, "EUR"), (2018, 455, "EUR")],
    "euros first": [(2016, 400, "EUR"), (2017, 390, "EUR"), (2018, 455, "USD")],
    "two currencies": [(2016, 400, "EUR"), (2017, 430, "USD"), (2018, 455, "RUB")],
}


@pytest.mark.parametrize("case", MIXED)
@pytest.mark.parametrize("year", [2016, 2017, 2018, 2019])
def test_years_in_two_currencies_are_conjugate(case: str, year: int) -> None:
    """The errors of figures in one currency are one error; rates, past and the year ahead follow jointly."""
    told = MIXED[case]
    if year == 2018 and case == "one in euros":
        pytest.skip("not its last year")
    spreads = {"EUR": 0.08, "RUB": 0.2}
    rates = {code: {"p5": np.exp(-P95 * sd), "p95": np.exp(P95 * sd)} for code, sd in spreads.items()}
    rows = [{"measure": "turnover", "period": y, "value": f"{v} {code}"} for y, v, code in told]
    count = len(told) + 1
    mean, prior = prior_of_years(count)
    tell = np.eye(count)[:-1]
    loading = np.array([[spreads[code] * (row[2] == code) for code in spreads] for row in told])
    errors = loading @ loading.T + 1e-8 * np.eye(len(told))
    root = np.linalg.inv(tell @ prior @ tell.T + errors)
    surprise = np.log([v for _, v, _ in told]) - tell @ mean
    at = min(year - 2016, count - 1)
    gain = prior @ tell.T @ root
    centre = (mean + gain @ surprise)[at]
    sd = float(np.sqrt((prior - gain @ tell @ prior)[at, at]))
    period = 2016 + at
    law = fit_scenario(years(rows, {"measure": "turnover", "period": period, "at_least": 1}, rates=rates))
    told_of_rates = -loading.T @ root @ surprise
    for code, normal in zip(law.belief.codes, law.belief.mean, strict=True):
        assert normal == pytest.approx(told_of_rates[list(spreads).index(code)], abs=0.005)
    for z in (-1.0, 0.0, 1.0):
        threshold = float(np.exp(centre + z * sd))
        target = {"measure": "turnover", "period": period, "at_least": threshold}
        if sd < 1e-3:  # printed in the scenario's currency
            continue
        result = simulate(years(rows, target, rates=rates), points=2048)
        assert result.probability == pytest.approx(stats.norm.sf(z), abs=0.003 if year == 2019 else 0.012)


def test_one_sum_in_two_currencies_tells_the_rate() -> None:
    rows = [
        {"measure": "turnover", "period": 2016, "value": 400},
        {"measure": "turnover", "period": 2017, "value": 440},
        {"measure": "turnover", "period": 2017, "value": "400.00 EUR"},
    ]
    target = {"measure": "turnover", "period": 2018, "at_least": "420 EUR"}
    in_euros = simulate(scenario(rows, target, rates={"EUR": RATE}), points=1024)
    in_dollars = simulate(scenario(rows[:2], target | {"at_least": 420 * 1.1}), points=1024)
    drawn = in_euros.flows.paths.exchange.drawn(in_euros.scenario.exchange_rates["EUR"].last)
    assert np.median(drawn) == pytest.approx(1.1, rel=2e-3)
    assert drawn.std() < 0.002
    assert "The figures say that the rate of EUR is about 1.1; its stated median is 1.191." in in_euros.notes
    assert in_euros.probability == pytest.approx(in_dollars.probability, abs=0.003)


def test_what_figures_leave_of_a_rate_holds_for_targets_and_levers_too() -> None:
    """A leap that the rate explains better than trade: the same rate then turns the target."""
    rows = [{"measure": "turnover", "period": y, "value": 400} for y in range(2010, 2017)]
    rows += [{"measure": "turnover", "period": 2017, "value": "560 EUR"}]
    wide = {"p5": 0.5, "p95": 2.0}
    result = simulate(years(rows, IN_EUROS, rates={"EUR": wide}), points=1024)
    drawn = result.flows.paths.exchange.drawn(result.scenario.exchange_rates["EUR"].last)
    assert np.median(drawn) < 0.85
    published = result.flows.total("turnover", result.scenario.period(2017)).values
    np.testing.assert_allclose(published, 560 * drawn, rtol=1e-12)


def test_figures_that_no_rate_explains_are_refused() -> None:
    from simulator.errors import BaselineError

    rows = [
        {"measure": "turnover", "period": 2016, "value": 400},
        {"measure": "turnover", "period": 2016, "value": "800 EUR"},
    ]
    with pytest.raises(BaselineError, match="contradicts"):
        simulate(scenario(rows, TARGET, rates={"EUR": RATE}), points=256)
    inside = [{"measure": "turnover", "period": "2016-01..2016-06", "value": "410 EUR"}]
    inside += [{"measure": "turnover", "period": 2016, "value": "400 EUR"}]
    with pytest.raises(BaselineError, match="contradicts"):  # whatever the rate
        simulate(scenario(inside, TARGET, rates={"EUR": RATE}), points=256)


# Draws


def test_a_rate_moves_no_other_column() -> None:
    plain = scenario(SPLIT, levers=LEVERS)
    rated = scenario(SPLIT, levers=LEVERS, rates={"EUR": RATE})
    assert simulate(rated, points=512).probability == simulate(plain, points=512).probability


def test_rates_of_several_periods_move_as_one() -> None:
    rates = {"EUR": {2016: {"p5": 1.0, "p95": 1.1}, 2017: {"low": 1.0, "likely": 1.2, "high": 1.3}}}
    case = scenario(SPLIT, IN_EUROS | {"period": 2019}, rates=rates)
    exchange = simulate(case, points=256).flows.paths.exchange
    first, second = (exchange.drawn(step) for step in case.exchange_rates["EUR"].steps)
    assert np.all(np.diff(second[np.argsort(first)]) >= 0)
    levels = [0.1, 0.5, 0.9]
    np.testing.assert_allclose(
        np.quantile(second, levels), stats.triang.ppf(levels, 2 / 3, 1.0, 0.3), atol=0.005
    )
