"""One harness that every kind of lever and risk passes, and the closed forms of each. Default tier."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, caches, simulate
from simulator.levers import KINDS
from simulator.levers.kit import Grid, profile
from simulator.model.acting import Part
from simulator.model.combined import Combined
from simulator.scenario import Outlook
from simulator.values.address import Address
from simulator.values.periods import Period, parse_month
from tests.cases import LEVERS, scenario

YEAR = Period.parse("2020")
# For every kind: a lever that is on, the same with no effect, the same with more, and whether more raises or lowers the total.
HARNESS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], int]] = {
    "custom": (
        {"kind": "custom", "percent": {"low": "1%", "likely": "2%", "high": "6%"}, "phase_in": 6},
        {"percent": "0%"},
        {"percent": {"low": "2%", "likely": "4%", "high": "12%"}},
        1,
    ),
    "joint_ventures": (
        {"kind": "joint_ventures", "count": 6, "planned_exports_each": {"p5": 1, "p95": 15}, "parts_back": 0},
        {"count": 0},
        {"count": 12},
        1,
    ),
    "preference": (
        {"kind": "preference", "margin": "11.2%", "paid_by": "budget"},
        {"margin": "0%"},
        {"margin": "22%"},
        1,
    ),
    "interregional_deals": (
        {"kind": "interregional_deals", "signed": 5, "value_each": {"p5": 3, "p95": 40}},
        {"signed": 0},
        {"signed": 12},
        1,
    ),
    "corridor": (
        {"kind": "corridor", "days_saved": 3, "share": 0.4},
        {"days_saved": 0},
        {"days_saved": 6},
        1,
    ),
    "harmonisation": (
        {"kind": "harmonisation", "barrier_cost": "10%"},
        {"barrier_cost": "0%"},
        {"barrier_cost": "30%"},
        1,
    ),
    "promotion": (
        {"kind": "promotion", "share": 0.5},
        {"percent": "0%"},
        {"percent": {"low": "1%", "likely": "6%", "high": "18%"}},
        1,
    ),
    "disruption": (
        {"kind": "disruption", "enabled": True, "yearly_probability": "10%", "depth": "20%"},
        {"depth": "0%"},
        {"depth": "40%"},
        -1,
    ),
}
COMMON = {"start": "2019-03", "streams": ["exports"]}


def case(kind: str, **changes: Any) -> Scenario:
    section = "risks" if kind == "disruption" else "levers"
    return scenario(**{section: {"one": COMMON | HARNESS[kind][0] | changes}})


def test_the_harness_knows_every_kind() -> None:
    assert set(HARNESS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_zero_is_the_identity(self, kind: str) -> None:
        assert simulate(case(kind, **HARNESS[kind][1])).probability == simulate(scenario()).probability

    def test_off_is_the_identity_and_keeps_its_draws(self, kind: str) -> None:
        off = simulate(case(kind, enabled=False))
        assert off.probability == simulate(scenario()).probability
        assert off.flows.paths.draws.layout == simulate(case(kind)).flows.paths.draws.layout

    def test_never_happening_is_the_identity(self, kind: str) -> None:
        assert simulate(case(kind, probability=0)).probability == simulate(scenario()).probability

    def test_requiring_what_never_happens_is_the_identity(self, kind: str) -> None:
        never = {"other": {"kind": "custom", "percent": "5%", "probability": 0}}
        one = {"one": COMMON | HARNESS[kind][0] | {"requires": "other"}}
        sections = {"levers": never, "risks": one} if kind == "disruption" else {"levers": one | never}
        assert simulate(scenario(**sections)).probability == simulate(scenario()).probability

    def test_requiring_what_happens_changes_nothing(self, kind: str) -> None:
        always = {"other": {"kind": "custom", "percent": "0%", "start": "2018-10"}}
        one = {"one": COMMON | HARNESS[kind][0] | {"requires": "other"}}
        sections = {"levers": always, "risks": one} if kind == "disruption" else {"levers": one | always}
        assert simulate(scenario(**sections)).probability == simulate(case(kind)).probability

    def test_a_quota_of_nothing_lets_nothing_be_added(self, kind: str) -> None:
        held, free = (
            simulate(s).flows.total("turnover", YEAR).values for s in (case(kind, quota=0), case(kind))
        )
        none = simulate(scenario()).flows.total("turnover", YEAR).values
        if HARNESS[kind][3] > 0:
            np.testing.assert_allclose(held, none, rtol=1e-12)
        else:
            assert np.all(held <= none * (1 + 1e-12))
            assert np.median(held - none) == pytest.approx(np.median(free - none), rel=0.2, abs=1)

    def test_starting_after_the_horizon_is_the_identity(self, kind: str) -> None:
        assert simulate(case(kind, start="2031-01")).probability == simulate(scenario()).probability

    def test_more_moves_the_total_one_way_in_every_draw(self, kind: str) -> None:
        _, _, more, direction = HARNESS[kind]
        none, some, much = (
            simulate(s).flows.total("turnover", YEAR).values
            for s in (scenario(), case(kind), case(kind, **more))
        )
        assert np.all(direction * (some - none) >= -1e-9)
        assert np.all(direction * (much - some) >= -1e-9)
        assert np.any(direction * (much - some) > 0)

    def test_nothing_changes_before_its_start_or_outside_its_streams(self, kind: str) -> None:
        with_it, without = simulate(case(kind)).flows, simulate(scenario()).flows
        for measure, period in [
            ("exports", "2018"),
            ("exports", "2019-02"),
            ("imports", "2020"),
            ("turnover", "2017"),
        ]:
            np.testing.assert_array_equal(
                with_it.total(measure, Period.parse(period)).values,
                without.total(measure, Period.parse(period)).values,
            )

    def test_parts_add_up(self, kind: str) -> None:
        flows = simulate(case(kind)).flows
        exports, imports, turnover = (flows.total(m, YEAR).values for m in ("exports", "imports", "turnover"))
        np.testing.assert_allclose(exports + imports, turnover, rtol=1e-12)

    def test_its_effect_does_not_depend_on_the_baseline(self, kind: str) -> None:
        one, other = (
            simulate(case(kind).changed(outlook=Outlook(trend=trend)), points=64).flows
            for trend in (0.0, 0.2)
        )
        assert not np.allclose(one.paths.streams.grid.median, other.paths.streams.grid.median)
        (found,) = one.effects.parts
        (again,) = other.effects.parts
        assert found.effect is again.effect  # kept
        caches.forget()
        (fresh,) = simulate(case(kind).changed(outlook=Outlook(trend=0.2)), points=64).flows.effects.parts
        assert fresh.effect is not found.effect
        np.testing.assert_array_equal(fresh.effect.log_shift, found.effect.log_shift)
        for mine, theirs in zip(fresh.effect.paid, found.effect.paid, strict=True):
            np.testing.assert_array_equal(mine.amount, theirs.amount)

    def test_its_columns_do_not_depend_on_its_values(self, kind: str) -> None:
        def names(case_: Scenario) -> tuple[str, ...]:
            return simulate(case_, points=16).flows.paths.draws.layout.names

        assert (
            names(case(kind))
            == names(case(kind, **HARNESS[kind][1]))
            == names(case(kind, phase_in={"low": 1, "likely": 2, "high": 9}))
        )

    def test_what_the_answer_loses_without_it_is_the_difference(self, kind: str) -> None:
        result = simulate(case(kind))
        found = [c for section in result.contributions.values() for c in section]
        assert found[0].probability_points == pytest.approx(
            100 * (result.probability - simulate(scenario()).probability), abs=1e-10
        )


def test_money_adds_its_mean_in_closed_form() -> None:
    money = {
        "kind": "custom",
        "money": {"p5": 10, "p95": 90},
        "start": "2019-01",
        "phase_in": 12,
        "streams": ["exports"],
    }
    result = simulate(scenario(levers={"one": money}))
    spread = math.log(3) / 1.6448536
    assert result.contributions["levers"][0].mean_effect == pytest.approx(
        30 * math.exp(spread**2 / 2), rel=0.01
    )
    first_year = (
        result.flows.total("exports", Period.parse("2019")).values
        - simulate(scenario()).flows.total("exports", Period.parse("2019")).values
    )
    assert np.median(first_year) == pytest.approx(30 * sum(range(1, 13)) / 144, rel=0.01)


def test_a_percent_multiplies_the_flow() -> None:
    result = simulate(scenario(levers={"one": {"kind": "custom", "percent": "10%", "streams": ["imports"]}}))
    np.testing.assert_allclose(
        result.flows.total("imports", YEAR).values,
        1.1 * simulate(scenario()).flows.total("imports", YEAR).values,
        rtol=1e-12,
    )


def test_money_touching_all_streams_is_shared_as_they_trade() -> None:
    result = simulate(scenario(levers={"one": {"kind": "custom", "money": 100}}))
    base = simulate(scenario())
    added = [
        np.median(result.flows.total(m, YEAR).values - base.flows.total(m, YEAR).values)
        for m in ("exports", "imports", "turnover")
    ]
    assert added[2] == pytest.approx(100)
    assert added[0] == pytest.approx(100 * 0.88, abs=3)


def test_two_certain_levers_multiply() -> None:
    both = {"a": {"kind": "custom", "percent": "10%"}, "b": {"kind": "custom", "percent": "-5%"}}
    one = {"a": {"kind": "custom", "percent": "4.5%"}}
    assert simulate(scenario(levers=both)).probability == pytest.approx(
        simulate(scenario(levers=one)).probability, abs=1e-12
    )


def test_a_disruption_strikes_with_its_yearly_probability() -> None:
    risk = {
        "kind": "disruption",
        "enabled": True,
        "yearly_probability": "20%",
        "depth": "50%",
        "recovery": None,
        "duration": 12,
    }
    base, hit = (
        simulate(scenario(risks=r)).flows.total("turnover", Period.parse("2020-12")).values
        for r in ({}, {"one": risk})
    )
    months = 26  # 2018-10 to 2020-11, and the last one itself
    assert np.mean(hit < 0.99 * base) == pytest.approx(1 - 0.8 ** ((months + 1) / 12), abs=0.01)
    np.testing.assert_allclose((hit / base)[hit < 0.99 * base], 0.5)


def test_overlapping_levers_add_less_than_their_sum() -> None:
    def lever(**extra: Any) -> dict[str, Any]:
        return {"kind": "custom", "money": 60, "streams": ["exports"], **extra}

    capped = {"overlap": {"group": "machines", "cap": 80}}
    base = simulate(scenario()).flows.total("turnover", YEAR).values
    free = simulate(scenario(levers={"a": lever(), "b": lever()})).flows.total("turnover", YEAR).values
    held = (
        simulate(scenario(levers={"a": lever(**capped), "b": lever(**capped)}))
        .flows.total("turnover", YEAR)
        .values
    )
    np.testing.assert_allclose(free - base, 120, rtol=1e-9)
    np.testing.assert_allclose(held - base, 80, rtol=1e-9)
    alone = simulate(scenario(levers={"a": lever(**capped)})).flows.total("turnover", YEAR).values
    np.testing.assert_allclose(alone - base, 60, rtol=1e-9)


def test_an_overlap_turns_percents_into_money_at_the_median_path() -> None:
    lever = {
        "kind": "custom",
        "percent": "10%",
        "streams": ["exports"],
        "overlap": {"group": "g", "cap": 1e6},
    }
    result = simulate(scenario(levers={"a": lever}))
    base = simulate(scenario()).flows
    added = result.flows.total("exports", YEAR).values - base.total("exports", YEAR).values
    months = slice(YEAR.first - base.paths.ahead.first, None)
    np.testing.assert_allclose(added, 0.1 * base.paths.streams.grid.median[0, months].sum(), rtol=1e-9)


def test_what_is_part_of_the_usual_run_does_not_widen_the_bands() -> None:
    oil = {"kind": "custom", "percent": {"mean": "0%", "sd": "15%"}}
    none, beside, within = (
        simulate(scenario(levers={"oil": lever} if lever else {})).quantiles("turnover", "2020", [0.1, 0.9])
        for lever in (None, oil, oil | {"within_baseline": True})
    )
    spread = [float(np.log(q[1] / q[0])) for q in (none, beside, within)]
    assert spread[1] > 1.05 * spread[0]
    assert spread[2] == pytest.approx(spread[0], rel=0.05)


def test_a_percent_on_one_direction_works_where_only_totals_are_known() -> None:
    lever = {"a": {"kind": "custom", "percent": "10%", "streams": ["exports"]}}
    base, result = (
        simulate(scenario(scenario().model_dump()["observations"][:2])),
        simulate(scenario(scenario().model_dump()["observations"][:2], levers=lever)),
    )
    ratio = result.flows.total("turnover", YEAR).values / base.flows.total("turnover", YEAR).values
    assert np.median(ratio) == pytest.approx(1.05, abs=0.005)
    assert any("drawn evenly" in note for note in result.notes)
    assert not any("drawn evenly" in note for note in base.notes)
    assert 1 <= ratio.min() < ratio.max() <= 1.1


@settings(max_examples=60, deadline=None)
@given(st.integers(-6, 40), st.floats(0, 30), st.one_of(st.none(), st.floats(0, 30)), st.floats(0, 30))
def test_a_profile_rises_holds_and_fades(
    start: int, phase_in: float, duration: float | None, fade: float
) -> None:
    ahead = Period(parse_month("2018-10"), parse_month("2020-12"))
    grid = Grid(("exports",), ahead, {"turnover": (0,), "exports": (0,)}, np.ones((1, ahead.months)))
    shape = profile(
        grid,
        np.full((1, 1, 1), float(ahead.first + start)),
        phase_in,
        None if duration is None else np.full((1, 1, 1), duration),
        fade,
    )[0, 0]
    assert shape.shape == (ahead.months,)
    assert np.all((shape >= 0) & (shape <= 1))
    assert np.all(shape[: max(start, 0)] == 0)
    turns = np.diff(np.sign(np.diff(shape)[np.abs(np.diff(shape)) > 1e-12]))
    assert np.count_nonzero(turns) <= 1
    if duration is None:
        assert np.all(np.diff(shape) >= -1e-12)


def test_many_levers_combine_in_any_grouping() -> None:
    case_ = scenario(levers={f"l{i}": LEVERS["rules"] for i in range(40)})
    paths = simulate(case_).flows.paths

    def draw(key: str) -> Any:
        return lambda name, count=-1: paths.draws.uniform([f"levers.{key}.{name}"])[:, 0]

    parts = [
        Part(lever, KINDS["custom"].effect(lever, paths.streams.grid, draw(key)), paths.streams.grid)
        for key, lever in case_.levers.items()
    ]
    together, apart = Combined(parts), [Combined(parts[:13]), Combined(parts[13:])]
    np.testing.assert_allclose(together.log_shift(0), sum(some.log_shift(0) for some in apart), rtol=1e-12)
    np.testing.assert_allclose(
        together.factor([0, 1]), np.prod([some.factor([0, 1]) for some in apart], axis=0), rtol=1e-12
    )


def added(
    lever: dict[str, Any], measure: str = "exports", period: Period = YEAR, **fields: Any
) -> np.ndarray:
    """What one lever adds in every draw."""
    flows = [
        simulate(scenario(levers=levers, **fields), points=2**13).flows for levers in ({"one": lever}, {})
    ]
    return flows[0].total(measure, period).values - flows[1].total(measure, period).values


def test_ventures_add_their_mean_in_closed_form() -> None:
    """All open at once and at maturity, none closes: the mean is count x mean plan x mean attainment x additionality."""
    plan = {"low": 2, "likely": 4, "high": 9}
    certain = {"opening": 1, "delay": 0, "ramp": 0, "exit_rate": 0, "additionality": 0.5, "parts_back": 0}
    lever = {
        "kind": "joint_ventures",
        "count": 12,
        "planned_exports_each": plan,
        "start": "2019-01",
        "streams": ["exports"],
        **certain,
    }
    assert added(lever).mean() == pytest.approx(12 * 5 * (2 / 6) * 0.5, rel=0.02)
    assert added(lever | {"opening": 0.6}).mean() == pytest.approx(12 * 5 * (2 / 6) * 0.5 * 0.6, rel=0.03)
    decayed = (0.8 ** (np.arange(12, 24) / 12)).mean()
    assert added(lever | {"exit_rate": 0.2}).mean() == pytest.approx(
        12 * 5 * (2 / 6) * 0.5 * decayed, rel=0.04
    )


def test_localisation_raises_output_and_lowers_recorded_exports() -> None:
    from simulator.levers.joint_ventures import ventures_output

    lever = {
        "kind": "joint_ventures",
        "count": 6,
        "planned_exports_each": 4,
        "streams": ["exports"],
        "start": "2019-01",
    }
    outputs = []
    for local in (0, 0.5):
        case_ = scenario(levers={"one": lever | {"localisation": local}})
        paths = simulate(case_).flows.paths

        def draw(name: str, count: int = -1, paths: Any = paths) -> np.ndarray:
            names = [f"levers.one.{name}"] if count < 0 else [f"levers.one.{name}.{i}" for i in range(count)]
            return paths.draws.uniform(names)[:, 0] if count < 0 else paths.draws.uniform(names)

        outputs.append(ventures_output(case_.levers["one"], paths.streams.grid, draw).sum())  # type: ignore[arg-type]
    assert outputs[1] == pytest.approx(1.25 * outputs[0])
    assert added(lever | {"localisation": 0.5}).mean() == pytest.approx(0.625 * added(lever).mean())


def test_support_opens_more_ventures_sooner_and_parts_flow_back() -> None:
    lever = {
        "kind": "joint_ventures",
        "count": 6,
        "planned_exports_each": 4,
        "streams": ["exports"],
        "start": "2019-06",
        "exit_rate": 0,
    }
    with_support = added(lever | {"support": {}})
    assert np.all(with_support - added(lever) >= -1e-9)
    assert with_support.mean() > 1.05 * added(lever).mean()
    assert added(lever | {"parts_back": 0.1}, "imports").mean() == pytest.approx(
        0.1 * added(lever).mean(), rel=1e-6
    )


def test_a_price_cut_lowers_value_where_the_exporter_pays_and_elasticity_is_below_one() -> None:
    cut = {
        "kind": "preference",
        "margin": "10%",
        "share": 1,
        "start": "2018-10",
        "streams": ["exports"],
        "elasticity": 0.8,
        "elasticity_long": 0.8,
    }
    assert np.all(added(cut | {"paid_by": "exporter"}) < 0)
    assert np.all(added(cut | {"paid_by": "budget"}) > 0)
    base = simulate(scenario(), points=2**13).flows.total("exports", YEAR).values
    np.testing.assert_allclose(added(cut | {"paid_by": "budget"}), np.expm1(0.08) * base, rtol=1e-9)


def test_elasticity_moves_to_the_long_run() -> None:
    cut = {
        "kind": "preference",
        "margin": "10%",
        "share": 1,
        "start": "2018-10",
        "streams": ["exports"],
        "elasticity": 1,
        "elasticity_long": 2,
    }
    flows = simulate(scenario(levers={"one": cut | {"paid_by": "budget"}})).flows
    shift = flows.effects.log_shift(0)[0]
    np.testing.assert_allclose(shift[:12], 0.1)
    assert shift[-1] == pytest.approx(0.1 * (2 - np.exp(-(27 / 12 - 1) / 3)))


def test_deals_add_their_mean_in_closed_form() -> None:
    deals = {
        "kind": "interregional_deals",
        "start": "2020-01",
        "delivery": 12,
        "streams": ["exports"],
        "additionality": 0.5,
    }
    many = added(deals | {"signed": 6, "value_each": {"low": 5, "likely": 10, "high": 30}})
    assert many.mean() == pytest.approx(6 * 15 * (4 / 7) * 0.5, rel=0.02)
    named = added(
        deals
        | {
            "deals": [{"name": "tractors", "value": 40}, {"name": "buses", "value": 10, "probability": 0.5}],
            "executed": 1,
        }
    )
    assert named.mean() == pytest.approx((40 + 5) * 0.5, rel=0.01)
    half = added(deals | {"start": "2020-07", "deals": [{"name": "tractors", "value": 40}], "executed": 1})
    np.testing.assert_allclose(half, 40 * 0.5 * 0.5)


def test_a_corridor_and_harmonised_rules_in_closed_form() -> None:
    base = simulate(scenario(), points=2**13).flows.total("exports", YEAR).values
    common = {"start": "2018-10", "streams": ["exports"]}
    days = {"kind": "corridor", "days_saved": 4, "value_of_day": "1%", "response": 2, "share": 0.25, **common}
    np.testing.assert_allclose(added(days), 0.25 * np.expm1(0.08) * base, rtol=1e-9)
    study = {"kind": "corridor", "percent": "4%", "share": 0.5, **common}
    np.testing.assert_allclose(added(study), 0.02 * base, rtol=1e-9)
    rules = {"kind": "harmonisation", "barrier_cost": "20%", "share_removed": 0.25, "elasticity": 2, **common}
    np.testing.assert_allclose(added(rules), np.expm1(0.1) * base, rtol=1e-9)


@pytest.mark.parametrize(
    ("lever", "message"),
    [
        ({"kind": "corridor"}, "neither percent nor days_saved nor cost_saved"),
        ({"kind": "corridor", "percent": "1%", "days_saved": 2}, "both percent and days_saved"),
        ({"kind": "harmonisation", "percent": "1%", "barrier_cost": "2%"}, "exactly one"),
        ({"kind": "interregional_deals", "signed": 3}, "signed without value_each"),
        ({"kind": "interregional_deals"}, "neither signed nor deals"),
        ({"kind": "joint_ventures", "count": 2.5, "planned_exports_each": 4}, "a whole number"),
        ({"kind": "preference", "margin": "5%"}, "paid_by"),
    ],
)
def test_what_a_kind_cannot_take_is_told(lever: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(levers={"one": lever})


def test_eight_hundred_ventures_and_two_hundred_deals_are_right_and_quick() -> None:
    certain = {"opening": 1, "delay": 0, "ramp": 0, "exit_rate": 0, "additionality": 0.5, "parts_back": 0}
    ventures = {
        "kind": "joint_ventures",
        "count": 800,
        "planned_exports_each": 0.01,
        "start": "2019-01",
        "streams": ["exports"],
        **certain,
    }
    deals = {
        "kind": "interregional_deals",
        "signed": 200,
        "value_each": 0.2,
        "start": "2020-01",
        "delivery": 12,
        "streams": ["exports"],
    }
    simulate(scenario())
    begun = time.process_time()
    flows = simulate(scenario(levers={"ventures": ventures, "deals": deals})).flows
    assert time.process_time() - begun < 4
    more = flows.total("exports", YEAR).values - simulate(scenario()).flows.total("exports", YEAR).values
    assert more.mean() == pytest.approx(
        800 * 0.01 / 3 * 0.5 + 200 * 0.2 * (4 / 7) * (0.3 + 0.5 + 0.8) / 3, rel=0.02
    )


@pytest.mark.parametrize("more", [{"streams": ["s0"]}, {"streams": {"s0": 1, "s1": 0.5}}])
def test_a_lever_takes_no_memory_for_streams_that_it_does_not_touch(more: dict[str, Any]) -> None:
    def taken(count: int) -> int:
        streams = {f"s{i}": {"direction": "exports"} for i in range(count)}
        figures = [{"measure": f"s{i}", "period": 2017, "value": 100.0 + i} for i in range(count)]
        effects = simulate(
            scenario(figures, streams=streams, levers={"a": LEVERS["rules"] | more}), points=16
        ).flows.effects
        return effects.parts[0].nbytes

    assert taken(3) == taken(12)


def test_without_a_lever_the_rest_is_what_it_is_alone() -> None:
    """Whatever streams a lever shifts, and where a group takes only once another of it is off."""
    streams = {f"s{i}": {"direction": ("exports", "imports")[i % 2]} for i in range(4)}
    figures = [{"measure": f"s{i}", "period": 2017, "value": 100.0 + i} for i in range(4)]
    group = {"overlap": {"group": "g", "cap": 900}}
    levers: dict[str, Any] = {f"l{i}": LEVERS["rules"] | {"streams": [f"s{i % 3}"]} for i in range(20)} | {
        "even": LEVERS["rules"],
        "weighed": LEVERS["rules"] | {"streams": {"s0": 1, "s2": -0.5}},
        "gives": {"kind": "custom", "money": 40, "streams": ["s3"]} | group,
        "takes": {"kind": "custom", "money": -20, "streams": ["s3"]} | group,
    }
    every = simulate(scenario(figures, streams=streams, levers=levers), points=64)
    for key in ("l0", "l19", "even", "weighed", "gives", "takes"):
        rest = scenario(figures, streams=streams, levers={k: v for k, v in levers.items() if k != key})
        alone = simulate(rest, points=64, columns=every.flows.paths.draws.layout).flows
        without = every.without(frozenset({Address.of("levers", key)}))
        for measure, period in (("turnover", 2020), ("s3", 2019), ("exports", 2020)):
            wanted = alone.total(measure, every.scenario.period(str(period))).values
            found = without.total(measure, every.scenario.period(str(period))).values
            np.testing.assert_allclose(found, wanted, rtol=1e-12)
