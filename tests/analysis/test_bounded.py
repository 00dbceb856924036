"""Questions on many levers, figures or futures: counted before they are begun, little held. Default tier."""

from __future__ import annotations

import time
from typing import Any

import pytest

from simulator import mix, sensitivity, simulate, solve_each, track
from simulator.analysis.solve import _reach
from simulator.caches import weight
from simulator.levers.driver import Driver
from simulator.model import engine
from simulator.numerics.draws import Draws, Layout
from simulator.scenario import Scenario
from simulator.values.limits import ANSWERS, DRAWN_MONTHS
from tests.cases import scenario

PERCENT = {"kind": "custom", "percent": {"low": "0%", "likely": "1%", "high": "3%"}, "start": "2019-01"}


def with_levers(count: int, **fields: Any) -> Scenario:
    return scenario(levers={f"l{n}": PERCENT | fields for n in range(count)})


@pytest.mark.parametrize(
    ("ask", "case", "limit"),
    [
        (mix, with_levers(40, cost=1), ANSWERS),
        (lambda case: sensitivity(case, points=2**20), with_levers(8), DRAWN_MONTHS),
    ],
)
def test_what_is_too_long_is_refused_before_it_is_begun(
    ask: Any, case: Scenario, limit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_Simulation", None)  # nothing may be worked out
    begun = time.process_time()
    with pytest.raises(ValueError, match=rf"found [\d,]+ {limit.name}.*, expected at most {limit.most:,}; "):
        ask(case)
    assert time.process_time() - begun < 5  # a fraction of a second where nothing else is done


def test_a_date_is_looked_for_as_far_as_it_can_be_drawn() -> None:
    case = with_levers(3)
    assert _reach(case, 64) == 10
    assert 0 < _reach(case, 2**17) < 10
    answers = solve_each(case, 0.5, points=64)
    assert answers.present.points == 64


def test_of_a_package_or_a_step_no_paths_are_held() -> None:
    priced = with_levers(2, cost=1)
    found = mix(priced, [0.0, 2.0], points=64)
    assert max(map(weight, (found.frontier[0].parts, found.frontier[0].changes))) < 2**20
    assert not hasattr(found.frontier[0], "result")
    days = [f"2018-{month:02d}-15" for month in range(2, 8)]
    figures = [
        {"measure": "turnover", "period": f"2018-{month:02d}", "value": 30 + month, "published": day}
        for month, day in enumerate(days, 1)
    ]
    tracked = track(scenario([*_year(), *figures]), points=64)
    assert len(tracked.steps) == 2 + len(days)
    assert weight(tracked.steps) < 200_000
    assert tracked.now.probability == tracked.steps[-1].probability


def _year() -> list[dict[str, Any]]:
    return [
        {"measure": "turnover", "period": year, "value": 400 + year - 2010, "published": f"{year + 1}-01-20"}
        for year in (2016, 2017)
    ]


def test_numbers_drawn_again_for_one_lever_leave_the_effects_of_others_as_they_are() -> None:
    case = with_levers(3)
    links = [(engine.Link(address, driver, None),) for address, driver in dict(case.drivers()).items()]
    draws = Draws(Layout(("a",)), 64, 1, frozenset({"levers.l1", "world"}))
    read = [engine._read(draws, link).twins for link in links]
    assert read == [frozenset(), frozenset({"levers.l1"}), frozenset()]
    whole = Draws(Layout(("a",)), 64, 1, frozenset({"levers", "levers.l2.percent", "levers.l22"}))
    assert engine._read(whole, links[2]).twins == {"levers", "levers.l2.percent"}
    again = simulate(case, points=64, twins=frozenset({"levers.l1"}))
    assert again.probability != simulate(case, points=64).probability


def test_a_copy_asks_an_unchanged_lever_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case, asked = with_levers(5), []
    inner = Driver.faults

    def counted(driver: Driver, streams: tuple[str, ...]) -> Any:
        asked.append(driver)
        return inner(driver, streams)

    monkeypatch.setattr(Driver, "faults", counted)
    turned = case.restated({next(iter(dict(case.drivers()))) / "percent": "5%"})
    assert len(asked) == 1
    assert turned.levers["l1"] is case.levers["l1"]
