"""Levers that require others, main values drawn together, and quotas, against brute force. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from simulator import Scenario, compare, sensitivity, simulate
from simulator.levers.custom import Custom
from simulator.model.paths import layout
from simulator.scenario.dependence import chain, dependents
from simulator.scenario.parameters import turned
from simulator.values.address import Address
from simulator.values.periods import Period
from tests.cases import LEVERS, scenario

YEAR = Period.parse("2020")
ONE: dict[str, Any] = {"kind": "custom", "money": 12, "streams": ["exports"]}


def total(case: Scenario, period: Any = YEAR, measure: str = "exports", points: int = 2048) -> np.ndarray:
    return simulate(case, points=points).flows.total(measure, Period.parse(period)).values


def added(period: Any = YEAR, *, without: tuple[str, ...] = (), **fields: Any) -> np.ndarray:
    """What levers add, beside those that the others are left with."""
    levers = fields.pop("levers")
    rest = {key: levers[key] for key in without}
    return total(scenario(levers=levers, **fields), period) - total(scenario(levers=rest, **fields), period)


# requires


@given(st.lists(st.integers(-1, 9), min_size=10, max_size=10), st.sets(st.integers(0, 9)))
@settings(max_examples=60, deadline=None)
def test_what_falls_with_levers_is_all_that_leads_to_them(requires: list[int], off: set[int]) -> None:
    drivers = {
        Address.of("levers", f"l{i}"): Custom.model_validate(
            ONE | ({} if j in (-1, i) else {"requires": f"l{j}"})
        )
        for i, j in enumerate(requires)
    }
    places = list(drivers)
    chosen = frozenset(places[i] for i in off)
    expected = chosen | {place for place in places if off and chosen & {*chain(place, drivers)}}
    assert dependents(chosen, drivers) == expected


def test_what_requires_another_happens_only_with_it_and_by_chance_of_its_own() -> None:
    levers = {"b": ONE | {"probability": 0.5, "requires": "a"}, "a": ONE | {"money": 24, "probability": 0.6}}
    both = np.round(added(levers=levers), 6)
    values, counts = np.unique(both, return_counts=True)
    assert values.tolist() == [0, 24, 36]
    np.testing.assert_allclose(counts / counts.sum(), [0.4, 0.3, 0.3], atol=0.005)
    free = {"b": ONE | {"probability": 0.5}, "a": levers["a"]}
    assert 12 in np.round(added(levers=free), 6)


def test_it_starts_no_earlier() -> None:
    levers = {
        "a": ONE | {"start": {"low": "2019-01", "likely": "2020-01", "high": "2021-06"}},
        "b": ONE | {"requires": "a", "start": "2019-10"},
    }
    a = added(levers={"a": levers["a"]})
    b = added(levers=levers, without=("a",))
    np.testing.assert_allclose(a, b, atol=1e-9)  # in 2020 it acts from when the first does
    assert set(np.round(added("2019-09", levers=levers, without=("a",)), 6)) == {0}
    late = levers | {"b": ONE | {"requires": "a", "start": "2020-07"}}
    np.testing.assert_allclose(added(levers=late, without=("a",)), np.minimum(a, 6), atol=1e-9)


def test_a_day_of_what_is_required_counts_in_part() -> None:
    levers = {"a": ONE | {"start": "2019-05-15"}, "b": ONE | {"requires": "a"}}
    np.testing.assert_allclose(added("2019-05", levers=levers), 2 * 17 / 31, atol=1e-9)


def test_a_chain_holds_to_its_end() -> None:
    levers = {
        "c": ONE | {"requires": "b"},
        "b": ONE | {"requires": "a", "probability": 0.5},
        "a": ONE | {"probability": 0.5, "start": "2020-07"},
    }
    values, counts = np.unique(np.round(added(levers=levers), 6), return_counts=True)
    assert values.tolist() == [0, 6, 18]
    np.testing.assert_allclose(counts / counts.sum(), [0.5, 0.25, 0.25], atol=0.005)


def test_a_lever_may_answer_a_risk_that_strikes() -> None:
    risks = {"ban": {"kind": "disruption", "enabled": True, "yearly_probability": "20%", "depth": "30%"}}
    risks["ban"] |= {"streams": ["imports"], "start": "2018-10"}
    case = scenario(risks=risks, levers={"aid": ONE | {"requires": "ban"}})
    paid = total(case) - total(scenario(risks=risks))
    assert np.mean(paid > 1e-9) == pytest.approx(1 - 0.8 ** (27 / 12), abs=0.01)  # struck by the end of 2020
    struck = total(case, measure="imports") < total(scenario(), measure="imports") * (1 - 1e-9)
    assert not (paid[~struck] > 1e-9).any()
    assert np.round(paid, 6).max() == 12


def test_switched_off_it_takes_what_requires_it_along() -> None:
    levers = {"other": LEVERS["support"], "a": ONE, "b": ONE | {"requires": "a"}}
    off = levers | {"a": ONE | {"enabled": False}}
    assert (
        simulate(scenario(levers=off)).probability
        == simulate(scenario(levers={"other": levers["other"]})).probability
    )
    effects = {
        part.id: part.median_effect for part in simulate(scenario(levers=levers)).contributions["levers"]
    }
    assert effects["a"] == pytest.approx(24, rel=0.02)
    assert effects["b"] == pytest.approx(12, rel=0.02)
    assert any("requires a, which is off" in note for note in simulate(scenario(levers=off)).notes)
    assert not any("requires" in note for note in simulate(scenario(levers=levers)).notes)


def test_sets_with_and_without_what_is_required_are_compared() -> None:
    levers = {"a": ONE | {"money": 150}, "b": ONE | {"money": 150, "requires": "a"}}
    off = levers | {"a": levers["a"] | {"enabled": False}}
    comparison = compare([scenario(levers=off), scenario(levers=levers)], points=512)
    gap = comparison.sets[1].result.probability - comparison.sets[0].result.probability
    assert gap > 0.05
    names = set(layout(scenario(levers=levers)).names)
    assert not any(name.startswith("together") for name in names)


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        (
            {"a": ONE | {"requires": "x"}, "road": ONE},
            r"levers\.a\.requires: found 'x', expected a lever or risk: road",
        ),
        ({"a": ONE | {"requires": "raod"}, "road": ONE}, "did you mean 'road'"),
        ({"a": ONE | {"requires": "a"}}, r"levers\.a\.requires: found a, which leads back here \(a -> a\)"),
        (
            {"a": ONE | {"requires": "b"}, "b": ONE | {"requires": "c"}, "c": ONE | {"requires": "a"}},
            r"levers\.b\.requires: found c, which leads back here \(b -> c -> a -> b\); expected no circle",
        ),
        ({"a": ONE | {"requires": 3}}, "expected some text"),
    ],
)
def test_what_cannot_be_required_is_refused_where_it_stands(levers: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(levers=levers)


# together

MAIN: dict[str, Any] = {
    "kind": "custom",
    "money": {"low": 0, "likely": 20, "high": 60},
    "streams": ["exports"],
}
OTHER: dict[str, Any] = {"kind": "custom", "money": {"p5": 1, "p95": 9}, "streams": ["imports"]}


def bound(correlation: float, *more: str) -> Scenario:
    together = {"together": {"group": "oil", "correlation": correlation}}
    levers = {"a": MAIN | together, "b": OTHER | together}
    return scenario(levers=levers | dict.fromkeys(more, OTHER | together))


def paid(case: Scenario, measure: str) -> np.ndarray:
    return total(case, measure=measure) - total(scenario(), measure=measure)


@pytest.mark.parametrize("correlation", [-1, -0.6, 0, 0.3, 0.8, 1])
def test_main_values_have_spearmans_correlation_and_their_own_laws(correlation: float) -> None:
    case = bound(correlation)
    a, b = paid(case, "exports"), paid(case, "imports")
    assert spearmanr(a, b)[0] == pytest.approx(correlation, abs=0.02)
    for values, key in ((a, "a"), (b, "b")):
        number = case.levers[key].money  # type: ignore[union-attr]
        levels = np.array([0.1, 0.5, 0.9])
        np.testing.assert_allclose(np.quantile(values, levels), number.quantile(levels), rtol=0.04)


def test_a_group_of_three_is_correlated_in_pairs() -> None:
    case = bound(0.7, "c")
    effects = [part.effect.paid[0].amount[:, 0, -1] for part in simulate(case).flows.effects.parts]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert spearmanr(effects[one], effects[other])[0] == pytest.approx(0.7, abs=0.03)


def test_the_groups_column_is_the_last_and_moves_no_other() -> None:
    plain = scenario(levers={"a": MAIN, "b": OTHER, **LEVERS})
    together = {"together": {"group": "oil", "correlation": 0.5}}
    case = scenario(levers={"a": MAIN | together, "b": OTHER | together, **LEVERS})
    assert layout(case).names == (*layout(plain).names, "together.oil")
    for key in LEVERS:
        np.testing.assert_array_equal(
            *(
                next(
                    p for p in simulate(s).flows.effects.parts if p.places == {("levers", key)}
                ).effect.log_shift
                for s in (plain, case)
            )
        )


def test_sensitivity_takes_a_group_as_one_unknown() -> None:
    answer = sensitivity(bound(0.8), points=256)
    groups = {group.group.id: group.group.name for group in answer.shares}
    assert groups["together.oil"] == "oil (a and b)"
    assert not {"levers.a", "levers.b"} & set(groups)


def test_the_correlation_of_a_group_is_turned_at_all_its_levers() -> None:
    moved = turned(bound(0.8), {"levers.a.together.correlation": 0.2})
    assert {lever.together.correlation for lever in moved.levers.values() if lever.together} == {0.2}


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        (
            {"a": MAIN | {"together": {"group": "g", "correlation": 0.5}}}
            | {"b": MAIN | {"together": {"group": "g", "correlation": 0.6}}},
            r"levers\.b\.together\.correlation: found 0\.6, but lever 'a' of the same group has 0\.5",
        ),
        (
            {key: MAIN | {"together": {"group": "g", "correlation": -0.5}} for key in "abc"},
            r"found -0\.5 in a group of 3; expected at least 0, or a group of two",
        ),
        ({"a": MAIN | {"together": {"group": "g", "correlation": 2}}}, "expected from -1 to 1"),
        ({"a": MAIN | {"together": {"group": "g"}}}, "correlation"),
        (
            {
                "a": {"kind": "joint_ventures", "count": 4, "planned_exports_each": 5}
                | {"together": {"group": "g", "correlation": 0.5}}
            },
            "found a correlation of count, which is no uncertain number",
        ),
    ],
)
def test_groups_that_do_not_hang_together_are_refused(levers: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(levers=levers)


# quota


def test_a_quota_holds_what_a_lever_adds_in_a_calendar_year() -> None:
    for lever, amount in (
        (ONE | {"money": 60, "quota": 50}, 50),
        (ONE | {"money": 40, "quota": 50}, 40),
        (ONE | {"money": 60, "quota": 0}, 0),
        (ONE | {"money": {"2020-01": 30, "2020-12": 30}, "quota": 50}, 50),
        (ONE | {"money": 60, "quota": 50, "start": "2020-07"}, 30),
        ({"kind": "custom", "percent": "100%", "streams": ["exports"], "quota": 50}, 50),
    ):
        np.testing.assert_allclose(added(levers={"one": lever}), amount, atol=1e-6)


def test_a_quota_takes_from_each_month_alike_and_nothing_from_other_years() -> None:
    levers = {"one": ONE | {"money": {"2019-01": 20, "2020-01": 30, "2020-12": 70}, "quota": 50}}
    for period, amount in (("2019", 20), ("2020-01", 15), ("2020-12", 35)):
        np.testing.assert_allclose(added(period, levers=levers), amount, atol=1e-6)


def test_a_quota_holds_in_every_draw() -> None:
    money = {"low": 0, "likely": 40, "high": 120}
    free, held = (added(levers={"one": ONE | {"money": money, **quota}}) for quota in ({}, {"quota": 50}))
    np.testing.assert_allclose(held, np.minimum(free, 50), atol=1e-6)


def test_a_quota_stands_beside_a_cap() -> None:
    overlap = {"overlap": {"group": "g", "cap": 80}}
    levers = {"a": ONE | {"money": 100, "quota": 50} | overlap, "b": ONE | {"money": 20} | overlap}
    np.testing.assert_allclose(added(levers=levers), 70, atol=1e-6)
    more = levers | {"b": ONE | {"money": 90} | overlap}
    np.testing.assert_allclose(added(levers=more), 80, atol=1e-6)


def test_a_quota_that_does_not_bind_is_worth_what_its_money_is() -> None:
    held = simulate(scenario(levers={"one": ONE | {"quota": 1e9}})).probability
    assert held == pytest.approx(simulate(scenario(levers={"one": ONE})).probability, abs=1e-12)
