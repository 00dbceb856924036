"""What an answer takes, estimated: it grows with every kind of size, and too much is refused before any work."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from pydantic import ValidationError

from simulator import caches, simulate
from simulator.analysis.compare import compare
from simulator.analysis.discover import discover
from simulator.analysis.effort import effort
from simulator.analysis.grid import grid, swings
from simulator.analysis.mix import mix
from simulator.analysis.sensitivity import sensitivity
from simulator.analysis.solve import solve_each
from simulator.analysis.track import track
from simulator.errors import BaselineError
from simulator.model.law import law_counts
from simulator.scenario import Scenario
from simulator.scenario.work import COSTS, MENDS, Asked, counts, megabytes, require_answers, seconds
from simulator.values import limits
from tests.cases import scenario

LEVER = {"kind": "custom", "percent": {"low": "1%", "likely": "3%", "high": "9%"}, "start": "2019-01"}
RISK = {
    "kind": "disruption",
    "enabled": True,
    "yearly_probability": "5%",
    "depth": {"low": "10%", "likely": "20%", "high": "30%"},
}


def sized(
    streams: int = 2,
    years: int = 3,
    until: int = 2022,
    levers: list[dict[str, Any]] | None = None,
    targets: int = 1,
    figure: dict[str, Any] | None = None,
    **more: Any,
) -> Scenario:
    """A scenario of so many of each."""
    target = {"measure": "turnover", "period": until, "at_least": 800}
    return scenario(
        [
            {"measure": f"s{i}", "from": 2018 - years, "values": [300.1 + i + y for y in range(years)]}
            | (figure or {})
            for i in range(streams)
        ],
        [target | {"period": until - i} for i in range(targets)] if targets > 1 else target,
        streams={f"s{i}": {"direction": ("exports", "imports")[i % 2]} for i in range(streams)},
        levers={f"l{i}": lever for i, lever in enumerate(levers if levers is not None else [LEVER])},
        **more,
    )


def case_of(**fields: Any) -> Callable[[], Scenario]:
    """``sized`` with some fields, made when it is asked for."""
    return lambda: sized(**fields)


BASE = case_of(levers=[LEVER] * 3)
LARGER: dict[str, tuple[Callable[[], Scenario], Callable[[], Scenario]]] = {
    "streams": (BASE, case_of(streams=6, levers=[LEVER] * 3)),
    "figures": (BASE, case_of(years=9, levers=[LEVER] * 3)),
    "figures with an error": (BASE, case_of(figure={"error": "5%"}, levers=[LEVER] * 3)),
    "months ahead": (BASE, case_of(until=2032, levers=[LEVER] * 3)),
    "targets": (BASE, case_of(targets=4, levers=[LEVER] * 3)),
    "levers": (BASE, case_of(levers=[LEVER] * 9)),
    "risks": (BASE, case_of(levers=[LEVER] * 3, risks={f"r{i}": RISK for i in range(4)})),
    "ventures": (
        case_of(levers=[{"kind": "joint_ventures", "count": 2, "planned_exports_each": 5}]),
        case_of(levers=[{"kind": "joint_ventures", "count": 20, "planned_exports_each": 5}]),
    ),
    "amounts by period": (
        case_of(levers=[{"kind": "custom", "money": {"2019": 5}}]),
        case_of(levers=[{"kind": "custom", "money": {str(year): 5 for year in range(2019, 2023)}}]),
    ),
    "quotas": (BASE, case_of(levers=[LEVER | {"quota": 50}] * 3)),
    "overlap": (BASE, case_of(levers=[LEVER | {"overlap": {"group": "g", "cap": 50}}] * 3)),
    "weights": (
        case_of(levers=[LEVER | {"streams": {"s0": 1}}]),
        case_of(levers=[LEVER | {"streams": {"s0": 1, "s1": -0.5}}]),
    ),
    "days": (BASE, case_of(levers=[LEVER | {"start": "2019-01-15"}] * 3)),
    "other readings": (
        BASE,
        case_of(
            levers=[LEVER] * 3,
            alternatives={"a": [{"measure": f"s{i}", "period": 2017, "value": 320 + i} for i in range(2)]},
        ),
    ),
    "partners": (
        BASE,
        lambda: BASE().changed(
            streams={key: s.model_copy(update={"partner": f"P {key}"}) for key, s in BASE().streams.items()}
        ),
    ),
}


@pytest.mark.parametrize("kind", LARGER)
def test_the_estimate_grows_with_every_kind_of_size(kind: str) -> None:
    smaller, larger = (counts(make()) for make in LARGER[kind])
    assert sum(seconds(larger).values()) > sum(seconds(smaller).values())
    assert sum(megabytes(larger).values()) >= sum(megabytes(smaller).values())


def test_what_is_off_takes_nothing() -> None:
    off = sized(levers=[LEVER | {"enabled": False}] * 9)
    assert seconds(counts(off)) == seconds(counts(sized(levers=[])))


def test_more_points_take_more_and_laws_take_the_same() -> None:
    counted = counts(BASE())
    few, many = (sum(seconds(counted, "moved", points).values()) for points in (512, 8192))
    assert few < many < 16 * few
    assert sum(seconds(counted | {"laws": 1e5}).values()) > sum(seconds(counted).values())


def test_every_cost_is_measured_and_every_heading_has_a_way_out() -> None:
    assert set(counts(BASE())) == set(COSTS) - {"laws", "axes"}
    assert {cost.heading for cost in COSTS.values()} == {"", *MENDS}
    assert all(max(cost.full, cost.fresh, cost.moved, cost.kilobytes) > 0 for cost in COSTS.values())


def test_kinds_that_are_each_within_their_limit_are_refused_together_before_any_work() -> None:
    ventures = [{"kind": "joint_ventures", "count": 3, "planned_exports_each": 5}] * 110
    risks = {f"r{i}": RISK for i in range(180)}
    sized(levers=ventures, until=2020)
    sized(levers=[], until=2020, risks=risks)
    with pytest.raises(ValidationError) as refused:
        sized(levers=ventures, until=2020, risks=risks)
    ((place, message), *_) = refused.value.errors()[0]["ctx"]["faults"]
    assert str(place) == "levers"
    assert re.match(r"found [\d.]+ seconds of work for one answer \(levers and risks [\d.]+\)", message)
    assert "expected at most 4.3; put small measures of one kind together" in message


def test_thirty_risks_and_fifty_levers_on_twenty_streams_over_ten_years_are_taken() -> None:
    taken = sized(
        streams=20,
        years=10,
        until=2028,
        levers=[LEVER | {"streams": [f"s{i % 20}"]} for i in range(50)],
        risks={f"r{i}": RISK | {"streams": [f"s{i % 20}"]} for i in range(30)},
    )
    require_answers(taken, Asked(16 * 50, 2048, "moved"))


@pytest.mark.parametrize("limit", ["ANSWER_WORK", "ANSWER_MEMORY"])
def test_what_is_just_inside_is_answered(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    estimate = seconds if limit == "ANSWER_WORK" else megabytes
    case, held = BASE(), getattr(limits, limit)
    alone, most = (
        math.ceil(held.per * sum(estimate(counted).values()))
        for counted in (counts(case), counts(case) | law_counts(case))
    )
    monkeypatch.setattr(limits, limit, replace(held, most=most))
    assert 0 < simulate(BASE(), points=16).probability < 1
    caches.forget()
    monkeypatch.setattr(limits, limit, replace(held, most=most - 1))
    with pytest.raises(BaselineError, match=_refusal(held, most)):
        simulate(case, points=16)
    monkeypatch.setattr(limits, limit, replace(held, most=alone - 1))
    with pytest.raises(ValidationError, match=_refusal(held, alone)):
        BASE()


def _refusal(limit: limits.Limit, most: int) -> str:
    found, expected = (re.escape(limit.shown(count)) for count in (most, most - 1))
    return rf"found {found} {limit.name} \(.*expected at most {expected}"


def test_laws_count_with_all_else_before_any_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    case = BASE()
    most = math.ceil(1000 * sum(seconds(counts(case)).values()))
    caches.forget()
    monkeypatch.setattr(limits, "ANSWER_WORK", replace(limits.ANSWER_WORK, most=most))
    monkeypatch.setattr("simulator.model.law._counts", lambda *_: {"laws": 20_000.0})
    monkeypatch.setattr("simulator.model.law.fit", drawn)
    with pytest.raises(BaselineError, match="seconds of work for one answer"):
        simulate(case, points=16)


def drawn(*_: Any, **__: Any) -> NoReturn:
    """In place of the engine: nothing may be drawn."""
    pytest.fail("something was drawn")


def dated() -> Scenario:
    """Figures with days of publication, some months of them."""
    return scenario(
        [
            {"measure": "turnover", "period": 2016, "value": 600.1},
            {"measure": "turnover", "period": 2017, "value": 690.8, "published": "2018-02-15"},
            {"measure": "turnover", "period": "2018-01", "value": 60.8, "published": "2018-03-15"},
        ],
        levers={"a": LEVER | {"cost": 3.0}, "b": LEVER | {"cost": 4.0}},
    )


QUESTIONS: dict[str, Callable[[Scenario], object]] = {
    "map": lambda case: grid(case, "a", "b", simulate=drawn),
    "swings": lambda case: swings(case, simulate=drawn),
    "sensitivity": lambda case: sensitivity(case, simulate=drawn),
    "discover": lambda case: discover(case, simulate=drawn),
    "mix": lambda case: mix(case, simulate=drawn),
    "track": lambda case: track(case, simulate=drawn),
    "compare": lambda case: compare(
        [case, case.changed(levers=dict(list(case.levers.items())[:1]))], simulate=drawn
    ),
}


@pytest.fixture
def _no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUESTION_WORK", replace(limits.QUESTION_WORK, most=0))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.usefixtures("_no_work")
def test_every_question_is_refused_before_it_is_begun(question: str) -> None:
    with pytest.raises(
        ValueError, match=r"found \d+ seconds of work .*\([\d,]+ answers.*expected at most 0;"
    ):
        QUESTIONS[question](dated())


@pytest.mark.parametrize("ask", [solve_each, effort])
@pytest.mark.usefixtures("_no_work")
def test_a_search_is_refused_once_it_is_known_that_there_is_something_to_search(
    ask: Callable[..., Any],
) -> None:
    with pytest.raises(ValueError, match=r"found \d+ seconds of work"):
        ask(dated(), 0.99, simulate=simulate, points=16)
    assert solve_each(dated(), 0.001, simulate=simulate, points=16).of_drivers  # nothing to search
