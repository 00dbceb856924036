"""Weights on streams, full stops, and money by period, against closed forms. Default tier."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, simulate
from simulator.levers import KINDS
from simulator.levers.kit import DEEPEST, LEAST_LEFT
from simulator.model.paths import layout
from simulator.scenario.parameters import knobs, turned
from simulator.values.periods import Period
from tests.cases import LEVERS, scenario
from tests.levers.test_levers import HARNESS

YEAR = Period.parse("2020")
PERCENT = {"low": "2%", "likely": "6%", "high": "30%"}
FULL = {"kind": "custom", "start": "2018-10"}
PERCENT_KINDS = [kind for kind in KINDS if kind not in ("joint_ventures", "interregional_deals")]


def total(case: Scenario, measure: str, period: Any = YEAR) -> np.ndarray:
    return simulate(case, points=256).flows.total(measure, Period.parse(period)).values


def added(lever: dict[str, Any], measure: str = "exports", period: Any = YEAR, **fields: Any) -> np.ndarray:
    with_it, without = scenario(levers={"one": lever}, **fields), scenario(**fields)
    return total(with_it, measure, period) - total(without, measure, period)


# Weights


def test_one_draw_raises_one_stream_and_cuts_another_by_the_weighted_percent() -> None:
    case = scenario(levers={"fx": FULL | {"percent": PERCENT, "streams": {"exports": 1, "imports": -0.5}}})
    draws = simulate(case, points=256).flows.paths.draws.uniform(["levers.fx.percent"])[:, 0]
    percent = case.levers["fx"].percent.quantile(draws)  # type: ignore[union-attr]
    for measure, weight in (("exports", 1), ("imports", -0.5)):
        np.testing.assert_allclose(
            total(case, measure), total(scenario(), measure) * (1 + weight * percent), rtol=1e-12
        )


@pytest.mark.parametrize("kind", PERCENT_KINDS)
def test_weights_of_one_are_a_list_and_weights_of_none_nothing(kind: str) -> None:
    section = "risks" if kind == "disruption" else "levers"
    lever = HARNESS[kind][0] | {"start": "2019-03"}

    def probability(streams: Any) -> float:
        return simulate(scenario(**{section: {"one": lever | {"streams": streams}}}), points=256).probability

    assert probability({"exports": 1}) == probability(["exports"])
    assert probability({"exports": 1, "imports": 1}) == pytest.approx(probability(None), abs=1e-12)
    assert probability({"exports": 0}) == simulate(scenario(), points=256).probability
    assert probability({"exports": 0.5}) != probability({"exports": 1})


def test_the_weight_of_a_covered_share_multiplies_its_percent() -> None:
    days = {"kind": "corridor", "days_saved": 4, "value_of_day": "1%", "response": 2, "share": 0.25}
    more = added(days | {"start": "2018-10", "streams": {"exports": -2}})
    np.testing.assert_allclose(more, -2 * 0.25 * np.expm1(0.08) * total(scenario(), "exports"), rtol=1e-9)


def test_a_weight_that_would_take_more_than_all_takes_all() -> None:
    lever = FULL | {"percent": "80%", "streams": {"exports": 1, "imports": -2}}
    left = total(scenario(levers={"one": lever}), "imports")
    np.testing.assert_allclose(left, LEAST_LEFT * total(scenario(), "imports"), rtol=1e-6)


def test_a_weight_has_a_knob_which_changes_it_alone() -> None:
    case = scenario(levers={"fx": FULL | {"percent": PERCENT, "streams": {"exports": 1, "imports": -0.5}}})
    assert {"levers.fx.streams.exports", "levers.fx.streams.imports"} <= {knob.path for knob in knobs(case)}
    moved = turned(case, {"levers.fx.streams.imports": 0.25})
    assert moved.levers["fx"].streams == {"exports": 1, "imports": 0.25}
    assert moved.changed(title="again").levers == moved.levers


def test_a_weighted_lever_within_the_usual_run_equals_that_of_a_list() -> None:
    oil = {"kind": "custom", "percent": {"mean": "0%", "sd": "10%"}, "within_baseline": True}
    for streams, weights in ((["exports"], {"exports": 1}), (None, {"exports": 1, "imports": 1})):
        one, other = (
            simulate(scenario(levers={"oil": oil | {"streams": written}}), points=256).probability
            for written in (streams, weights)
        )
        assert one == other


@pytest.mark.parametrize(
    ("streams", "message"),
    [
        ({}, "found an empty mapping, expected at least one stream"),
        ({"exprots": 1}, r"streams\.exprots: found 'exprots', expected a stream.*did you mean 'exports'"),
        ({"exports": "1%"}, "expected a number without a percent sign"),
        ({"exports": 11}, "found 11, expected from -10 to 10"),
        ({"exports": None}, "expected one number"),
        ({"turnover": 1, "exports": 2}, "found exports beside turnover, which both hold exports"),
        ("exports", "expected a list"),
    ],
)
def test_weights_that_mean_nothing_are_refused(streams: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(levers={"fx": FULL | {"percent": "5%", "streams": streams}})


@pytest.mark.parametrize("kind", ["joint_ventures", "interregional_deals"])
def test_weights_on_money_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="found weights on an effect in money"):
        scenario(levers={"one": HARNESS[kind][0] | {"streams": {"exports": 1}}})
    with pytest.raises(ValueError, match="found weights on an effect in money"):
        scenario(levers={"one": FULL | {"money": 5, "streams": {"exports": 1}}})


# Full stops


@pytest.mark.parametrize(
    ("section", "lever"),
    [
        ("levers", FULL | {"percent": "-100%"}),
        ("levers", FULL | {"kind": "corridor", "percent": "-100%"}),
        ("levers", FULL | {"kind": "harmonisation", "percent": "-100%"}),
        ("levers", FULL | {"kind": "promotion", "percent": "-100%", "duration": "lasting"}),
        (
            "risks",
            {"kind": "disruption", "enabled": True, "yearly_probability": 1, "depth": "100%"}
            | {"start": "2018-10", "recovery": "never"},
        ),
    ],
    ids=str,
)
def test_a_full_stop_leaves_a_billionth(section: str, lever: dict[str, Any]) -> None:
    case = scenario(**{section: {"stop": lever | {"streams": ["imports"]}}})
    result = simulate(case, points=256)
    left = result.flows.total("imports", YEAR).values
    np.testing.assert_allclose(left, LEAST_LEFT * total(scenario(), "imports"), rtol=1e-6)
    assert np.isfinite(result.quantiles("imports", YEAR, [0.05, 0.5, 0.95])).all()
    assert 0 <= result.probability <= simulate(scenario(), points=256).probability
    np.testing.assert_array_equal(result.flows.total("exports", YEAR).values, total(scenario(), "exports"))


def test_a_full_stop_of_half_a_flow_halves_it() -> None:
    half = {"kind": "promotion", "percent": "-100%", "share": 0.5, "duration": "lasting", "start": "2018-10"}
    np.testing.assert_allclose(added(half), -0.5 * total(scenario(), "exports"), rtol=1e-8)


def test_a_stop_that_passes_is_over_after_it() -> None:
    stop = FULL | {"percent": "-100%", "duration": 12, "fade": 12, "start": "2019-01", "streams": ["exports"]}
    case = scenario(levers={"stop": stop})
    ratio = total(case, "exports", "2019") / total(scenario(), "exports", "2019")
    np.testing.assert_allclose(ratio, LEAST_LEFT, rtol=1e-6)
    july = total(case, "exports", "2020-06") / total(scenario(), "exports", "2020-06")
    np.testing.assert_allclose(july, np.exp(DEEPEST / 2), rtol=1e-9)  # half made good: as after 99 %
    np.testing.assert_allclose(
        total(case, "exports", "2020-12"), total(scenario(), "exports", "2020-12"), rtol=1e-12
    )


@given(
    st.lists(st.floats(-1, 0.5), min_size=2, max_size=4),
    st.sampled_from([{}, {"phase_in": 18}, {"duration": 6, "fade": 24}]),
)
@settings(max_examples=20, deadline=None)
def test_deeper_is_never_better(percents: list[float], course: dict[str, Any]) -> None:
    totals = [
        total(scenario(levers={"one": FULL | {"percent": f"{100 * percent:.12f}%"} | course}), "turnover")
        for percent in sorted(percents)
    ]
    for lower, higher in pairwise(totals):
        assert (lower <= higher * (1 + 1e-9)).all()


def test_a_range_stops_at_99_percent_unless_it_states_more() -> None:
    for mean, low in (("-98%", -0.99), ("-100%", -1.0)):
        lever = scenario(levers={"one": FULL | {"percent": {"mean": mean, "sd": "300%"}}}).levers["one"]
        assert float(lever.percent.quantile(1e-6)) == low  # type: ignore[union-attr]


# Money by period


def test_money_by_period_is_that_of_each_period() -> None:
    lever = {"kind": "custom", "money": {"2020-H1": 5, "2020-H2": 12, 2021: 30}, "streams": ["exports"]}
    for period, amount in (("2020", 17), ("2020-H1", 5), ("2020-Q1", 2.5), ("2020-12", 2), ("2019", 0)):
        np.testing.assert_allclose(added(lever, period=period), amount, atol=1e-9)
    np.testing.assert_allclose(added(lever, "imports"), 0, atol=1e-9)
    later = {"measure": "turnover", "period": 2021, "at_least": 1000}
    np.testing.assert_allclose(added(lever, period="2021", target=later), 30, atol=1e-9)


def test_what_falls_on_months_of_figures_is_in_the_figures() -> None:
    lever = {"kind": "custom", "money": {2018: 12, 2017: 99}, "streams": ["exports"]}
    np.testing.assert_allclose(added(lever, period="2018"), 3, atol=1e-9)


def test_uncertain_amounts_are_drawn_each_by_itself_and_move_no_other_column() -> None:
    money = {"2020-H1": {"low": 2, "likely": 4, "high": 6}, "2020-H2": {"low": 10, "likely": 20, "high": 30}}
    lever = {"kind": "custom", "money": money, "streams": ["exports"]}
    parts = [added(lever, period=period) for period in money]
    assert parts[0].mean() == pytest.approx(4, rel=0.01)
    assert parts[1].mean() == pytest.approx(20, rel=0.01)
    assert abs(np.corrcoef(parts)[0, 1]) < 0.1
    plain = scenario(levers={"one": {"kind": "custom", "money": 4}, **LEVERS})
    listed = layout(scenario(levers={"one": lever, **LEVERS})).names
    assert listed[: len(layout(plain).names)] == layout(plain).names
    assert listed[len(layout(plain).names) :] == ("levers.one.money.2020-H1", "levers.one.money.2020-H2")


def test_amounts_have_knobs_also_those_of_ranges_and_fiscal_years() -> None:
    money = {2020: 5, "2021-01..2021-03": {"low": 1, "likely": 2, "high": 4}, "FY2021-22": 7}
    case = scenario(levers={"one": {"kind": "custom", "money": money}}, fiscal_year_starts=4)
    for key, value in (("2020", 6.0), ("2021-01..2021-03", 3.0), ("FY2021-22", 8.0)):
        amounts = turned(case, {f"levers.one.money.{key}": value}).levers["one"].money
        assert isinstance(amounts, dict)
        assert {name: amount.main for name, amount in amounts.items()} == (
            {"2020": 5, "2021-01..2021-03": 2, "FY2021-22": 7} | {key: value}
        )


def test_money_that_is_taken_away_by_period_takes_a_part_of_the_flow() -> None:
    lever = {"kind": "custom", "money": {2020: -20}, "streams": ["exports"]}
    lost = added(lever)
    assert np.median(lost) == pytest.approx(-20, rel=0.1)
    assert (total(scenario(levers={"one": lever}), "exports") > 0).all()


@pytest.mark.parametrize(
    ("money", "message"),
    [
        ({}, "found an empty mapping, expected at least one period"),
        ({2020: 1, "2020-H1": 2}, "found 2020, which shares months with 2020-H1|found 2020-H1, which shares"),
        ({"2020-Q5": 1}, "there is no quarter 5"),
        ({"FY2019-20": 1}, "nothing says when one begins"),
        ({2020: "1%"}, "expected a number without a percent sign"),
        ({2020: None}, "expected one number"),
        ({"low": 1, 2020: 3}, "found '2020' in an uncertain number"),
    ],
)
def test_amounts_by_period_that_mean_nothing_are_refused(money: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(levers={"one": {"kind": "custom", "money": money}})
