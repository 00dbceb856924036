"""Levers, shares and numbers of levers at the ends of what a file may state: every answer is a number, and in order. Default tier."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, simulate
from simulator.numerics.draws import COLUMNS, Draws, Layout
from simulator.values.limits import DRIVERS, ITEMS
from simulator.values.periods import Period
from tests.cases import SPLIT, TOTALS_ONLY, scenario
from tests.levers.test_levers import HARNESS

YEAR = Period.parse("2020")
FIGURES = [
    {"measure": "exports", "period": 2017, "value": 600.0},
    {"measure": "imports", "period": 2017, "value": 200.0},
]
CALM: dict[str, Any] = {
    "random_walk": 0.05,
    "disturbance": 0.02,
    "irregular": 0.02,
    "seasonality": 0.02,
    "trend": 0,
}


@pytest.fixture(autouse=True)
def _every_warning_is_an_error() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def totals(case: Scenario, points: int = 256) -> dict[str, np.ndarray]:
    """Every total in every draw, checked for what holds of all."""
    result = simulate(case, points=points)
    found = {
        measure: result.flows.total(measure, YEAR).values
        for measure in ("turnover", "exports", "imports", "balance")
    }
    for values in found.values():
        assert np.isfinite(values).all()
    for measure in ("turnover", "exports", "imports"):
        assert (found[measure] >= 0).all()
        bands = result.quantiles(measure, YEAR, [0.05, 0.5, 0.95])
        assert np.isfinite(bands).all()
        assert (np.diff(bands) >= 0).all()
    np.testing.assert_allclose(found["exports"] + found["imports"], found["turnover"], rtol=1e-9)
    np.testing.assert_allclose(
        found["exports"] - found["imports"],
        found["balance"],
        rtol=1e-9,
        atol=1e-9 * np.abs(found["turnover"]).max(),
    )
    assert 0 <= result.probability <= 1
    assert np.isfinite(result.standard_error)
    for section in result.contributions.values():
        assert all(np.isfinite([each.median_effect, each.probability_points]).all() for each in section)
    return found


# Money that is taken away


def loss(money: Any, **fields: Any) -> dict[str, Any]:
    return {"kind": "custom", "money": money, "start": "2018-10", **fields}


def test_moderate_money_taken_away_lowers_the_median_by_itself() -> None:
    case = scenario(
        FIGURES, as_of="2018-01-31", levers={"loss": loss(-20, streams=["imports"])}, outlook=CALM
    )
    assert simulate(case).contributions["levers"][0].median_effect == pytest.approx(-20, rel=0.03)
    without, with_it = (
        simulate(case.changed(levers=levers)).quantiles("imports", YEAR, [0.5])[0]
        for levers in ({}, case.levers)
    )
    assert with_it - without == pytest.approx(-20, rel=0.03)


@pytest.mark.parametrize("streams", [None, ["imports"], ["exports"]])
def test_more_than_there_is_takes_all_of_it_and_a_note_says_so(streams: list[str] | None) -> None:
    case = scenario(levers={"loss": loss(-5000, streams=streams, name="The loss")})
    found = totals(case)
    assert found[streams[0] if streams else "turnover"].max() < 1e-3
    (note,) = (note for note in simulate(case).notes if "median of the trade" in note)
    assert note.startswith("The loss: ")
    assert not any(
        "median of the trade" in note for note in simulate(scenario(levers={"loss": loss(-5)})).notes
    )


@given(
    st.floats(-900, 300), st.floats(0, 300), st.sampled_from([None, ["imports"], ["exports"]]), st.booleans()
)
@settings(max_examples=30, deadline=None)
def test_money_moves_each_draw_with_its_size_and_the_chance_with_it(
    amount: float, step: float, streams: list[str] | None, overlap: bool
) -> None:
    fields: dict[str, Any] = {"streams": streams} | (
        {"overlap": {"group": "g", "cap": 100}} if overlap else {}
    )
    probabilities, values = [], []
    for money in (amount, amount + step):
        case = scenario(levers={"one": loss({"mean": money, "sd": 60}, **fields)})
        values.append(totals(case)["turnover"])
        probabilities.append(simulate(case, points=256).probability)
    assert (values[1] >= values[0] * (1 - 1e-12)).all()
    assert probabilities[1] >= probabilities[0] - 1e-12


def test_a_group_whose_net_is_negative_takes_a_part_of_each_stream() -> None:
    overlap = {"group": "g", "cap": 50}
    halves = {
        key: {
            "kind": "custom",
            "percent": "-60%",
            "start": "2018-10",
            "streams": ["imports"],
            "overlap": overlap,
        }
        for key in ("a", "b")
    }
    more = {
        "c": {"kind": "custom", "money": 30, "start": "2018-10", "streams": ["exports"], "overlap": overlap}
    }
    case = scenario(levers=halves | more)
    found, without = totals(case), totals(scenario())
    assert found["imports"].max() < 1e-3
    np.testing.assert_allclose(found["exports"] - without["exports"], 30, rtol=1e-9)
    assert [place[1] for place in simulate(case).flows.effects.exhausting] == ["a", "b"]
    small = scenario(levers={"a": loss(-4, streams=["imports"], overlap=overlap)})
    alone = scenario(levers={"a": loss(-4, streams=["imports"])})
    np.testing.assert_allclose(totals(small)["imports"], totals(alone)["imports"], rtol=1e-12)


def test_without_one_lever_of_many_is_what_the_others_do() -> None:
    levers = {f"l{i}": loss(i - 20, streams=["exports"] if i % 3 else None) for i in range(40)}
    for i in range(0, 40, 4):
        levers[f"l{i}"] = {"kind": "custom", "percent": {"low": "-4%", "likely": "1%", "high": "2%"}}
    for i in range(2, 40, 9):
        levers[f"l{i}"]["overlap"] = {"group": "g", "cap": 3}
    result = simulate(scenario(levers=levers), points=64)
    for key in ("l0", "l1", "l2", "l11", "l39"):
        fewer = result.without(frozenset({("levers", key)})).total("exports", YEAR).values
        alone = simulate(
            scenario(levers={k: lever | {"enabled": k != key} for k, lever in levers.items()}), points=64
        )
        np.testing.assert_allclose(fewer, alone.flows.total("exports", YEAR).values, rtol=1e-12)


# Shares

SHARES = st.one_of(
    st.sampled_from(
        [
            0,
            1,
            {"mean": "10%", "sd": "10%"},
            {"mean": 0, "sd": 0.01},
            {"low": 0, "likely": 0, "high": 0.2},
            {"alpha": 1e-6, "beta": 1e-6},
        ]
    ),
    st.sampled_from(
        [
            {"p5": 0, "p95": 0.1},
            {"p5": 1e-12, "p95": 1},
            {"choices": {0: 0.9, 1: 0.1}},
            {"choices": {0: 0.5, "20%": 0.5}},
            {"mean": 1, "sd": 3},
        ]
    ),
    st.floats(0, 1),
)


@given(st.lists(SHARES, min_size=2, max_size=3), st.booleans(), st.booleans())
@settings(max_examples=30, deadline=None)
def test_no_share_makes_an_answer_that_is_no_number(
    shares: list[Any], silent: bool, told_apart: bool
) -> None:
    streams: dict[str, Any] = {
        f"s{i}": {"direction": "exports", "share": share} for i, share in enumerate(shares)
    } | {"m": {"direction": "imports"}}
    streams |= {"rest": {"direction": "exports"}} if silent else {}
    levers = {
        "one": {"kind": "custom", "percent": "20%", "streams": ["s0"]},
        "two": loss(-30, streams=["s1"]),
    }
    fields: dict[str, Any] = {
        "streams": streams,
        "levers": levers,
        "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
    }
    if not silent and all(share == 0 for share in shares):
        with pytest.raises(ValueError, match="that are all 0"):
            scenario(SPLIT, **fields)
        return
    result = simulate(scenario(SPLIT if told_apart else TOTALS_ONLY, **fields), points=64)
    for measure in ("turnover", "exports", "imports", "s0") if told_apart else ("turnover",):
        values = result.flows.total(measure, YEAR).values
        assert np.isfinite(values).all()
        assert (values > 0).all()
    assert np.isfinite(result.flows.paths.streams.weights).all()
    assert (result.flows.paths.streams.weights > 0).all()


def test_shares_that_are_all_0_in_some_draws_leave_the_probability_where_it_is() -> None:
    streams = {key: {"direction": "exports", "share": {"mean": "10%", "sd": "10%"}} for key in ("a", "b")} | {
        "m": {"direction": "imports"}
    }
    assert simulate(scenario(streams=streams)).probability == pytest.approx(
        simulate(scenario()).probability, abs=1e-12
    )


@pytest.mark.parametrize(
    "share", [0, "0%", {"low": 0, "likely": 0, "high": 0}, {"choices": {0: 1}}, {"mean": 0, "sd": 0}]
)
def test_shares_that_are_never_above_0_are_refused(share: Any) -> None:
    streams = {key: {"direction": "exports", "share": share} for key in ("a", "b")} | {
        "m": {"direction": "imports"}
    }
    with pytest.raises(
        ValueError,
        match=r"streams\.a\.share: found shares of exports that are all 0, expected at least one above 0",
    ):
        scenario(streams=streams)


# Many levers


def test_hundreds_of_levers_are_answered() -> None:
    lever = {"kind": "custom", "percent": "0.01%", "start": "2019-01", "streams": ["exports"]}
    begun = time.perf_counter()
    result = simulate(scenario(levers={f"l{i}": lever for i in range(DRIVERS.most)}), points=64)
    one = simulate(
        scenario(levers={"one": lever | {"percent": f"{100 * (1.0001**DRIVERS.most - 1):.9f}%"}}), points=64
    )
    assert result.probability == pytest.approx(one.probability, abs=1e-9)
    assert time.perf_counter() - begun < 15


def test_hundreds_of_ventures_are_answered() -> None:
    lever = {"kind": "joint_ventures", "count": 1, "planned_exports_each": 0.01}
    totals(scenario(levers={f"l{i}": lever for i in range(100)}), points=16)
    assert 0 <= simulate(scenario(levers={f"l{i}": lever for i in range(120)}), points=16).probability <= 1


@pytest.mark.parametrize("count", [5, COLUMNS // 2, COLUMNS // 2 + 1, COLUMNS, COLUMNS + 7, 5 * COLUMNS])
def test_a_name_keeps_its_column_however_many_names_and_twins_there_are(count: int) -> None:
    names = tuple(f"n{i}" for i in range(count))
    few, many = Layout(names[:5]), Layout(names)
    last = [*names[:3], names[-1]]
    plain = Draws(many, 64, 1)
    np.testing.assert_array_equal(plain.uniform(names[:5]), Draws(few, 64, 1).uniform(names[:5]))
    drawn = [
        Draws(many, 64, 1, twins).uniform(last)
        for twins in (frozenset({names[-1]}), frozenset({"n1", names[-1]}), frozenset(names))
    ]
    np.testing.assert_array_equal(drawn[0][:, :3], plain.uniform(last)[:, :3])
    np.testing.assert_array_equal(drawn[1][:, [0, 2, 3]], drawn[0][:, [0, 2, 3]])
    np.testing.assert_array_equal(drawn[2][:, [1, 3]], drawn[1][:, [1, 3]])
    for each in drawn:
        assert (each > 0).all()
        assert (each < 1).all()
        assert not np.array_equal(each[:, 3], plain.uniform(last)[:, 3])


# Every field at its ends

ENDS: dict[str, list[dict[str, Any]]] = {
    "custom": [
        {"percent": "-99%"},
        {"percent": "1000%"},
        {"percent": {"mean": "0%", "sd": "900%"}, "phase_in": 240},
        {"percent": {"p5": "0.0001%", "p95": "1000%"}, "duration": 0, "fade": 1200},
        {"percent": {"low": "5%", "likely": "5%", "high": "5%"}, "duration": {"mean": 0, "sd": 500}},
        {"percent": {"alpha": 1e-6, "beta": 1e-6}, "start": {"mean": "2019-06", "sd": 1e6}},
        {"percent": None, "money": {"p5": 1e-30, "p95": 1e30}},
        {"percent": None, "money": {"mean": 0, "sd": 1e29}},
        {"percent": None, "money": {"p5": -1e29, "p95": -1e29}, "start": "1900-01"},
        {"percent": None, "money": {"p5": 7, "p95": 7}, "start": "2200-12"},
        {"percent": {"choices": {"-99%": 0.5, "1000%": 0.5}}, "probability": 1e-9},
        {"percent": {"mean": "4%", "sd": "0%"}, "within_baseline": True},
        {"percent": {"mean": "-98%", "sd": "300%"}, "within_baseline": True},
    ],
    "joint_ventures": [
        {"count": 0},
        {"count": ITEMS.most // 2, "planned_exports_each": 0.01},
        {"exit_rate": 1},
        {"exit_rate": 0, "delay": 240},
        {"opening": 0},
        {
            "opening": 1,
            "ramp": 0,
            "attainment": {"alpha": 1e-6, "beta": 1e9},
            "support": {"opening": 1, "delay": 1},
        },
        {"planned_exports_each": {"p5": 1e-30, "p95": 1e30}, "attainment": 3, "localisation": 1},
        {"exit_rate": {"mean": 0.5, "sd": 9}, "ramp": 20, "parts_back": 1},
    ],
    "preference": [
        {"margin": "90%", "elasticity": 20, "elasticity_long": 20, "share": 1},
        {"paid_by": "exporter", "margin": "90%", "share": 1, "elasticity": 0},
    ],
    "interregional_deals": [
        {"signed": 500, "value_each": {"p5": 1e-30, "p95": 1e30}},
        {"signed": 1e-12},
        {"delivery": {"mean": 1, "sd": 900}, "phase_in": 240},
        {
            "signed": None,
            "value_each": None,
            "deals": [{"name": "x", "value": 1e29, "probability": 0}, {"name": "y", "value": 0}],
        },
    ],
    "corridor": [
        {"days_saved": 365, "value_of_day": "20%", "response": 20, "share": 1},
        {"days_saved": 365, "value_of_day": "20%", "response": 20, "share": 1e-9, "phase_in": 240},
        {"days_saved": None, "cost_saved": "90%", "response": {"p5": 1e-9, "p95": 20}},
        {"days_saved": None, "percent": "-99%", "share": 1},
    ],
    "harmonisation": [
        {"barrier_cost": "200%", "share_removed": 1, "elasticity": 20},
        {"barrier_cost": {"p5": "0%", "p95": "200%"}, "share": 0},
    ],
    "promotion": [
        {"percent": "-99%", "share": 1, "duration": "lasting"},
        {"percent": "1000%", "fade": 0, "duration": 0},
    ],
    "disruption": [
        {"yearly_probability": 1, "depth": "99%", "recovery": "never"},
        {"yearly_probability": 0, "depth": "99%"},
        {
            "yearly_probability": {"alpha": 1e-6, "beta": 1},
            "depth": {"p5": "0%", "p95": "99%"},
            "recovery": 0,
            "duration": 0,
        },
        {
            "yearly_probability": {"mean": 0, "sd": 1},
            "depth": "99%",
            "duration": 240,
            "recovery": 240,
            "phase_in": 240,
        },
    ],
}


@pytest.mark.parametrize(
    ("kind", "changes"), [(kind, changes) for kind, all_of in ENDS.items() for changes in all_of], ids=str
)
def test_a_lever_at_the_ends_of_what_it_takes_gives_numbers(kind: str, changes: dict[str, Any]) -> None:
    section = "risks" if kind == "disruption" else "levers"
    lever = HARNESS[kind][0] | changes
    for streams in (None, ["exports"]):
        totals(
            scenario(
                **{
                    section: {
                        "one": lever | {"streams": streams},
                        "two": lever | {"overlap": {"group": "g", "cap": 0}},
                    }
                }
            ),
            points=16,
        )


def test_any_number_of_levers_at_their_ends_leaves_flows_finite() -> None:
    for percent in ("1000%", "-99%"):
        found = totals(
            scenario(
                levers={
                    f"l{i}": {"kind": "custom", "percent": percent, "streams": ["exports"] if i % 2 else None}
                    for i in range(300)
                }
            ),
            points=16,
        )
        assert np.isfinite(found["turnover"]).all()
