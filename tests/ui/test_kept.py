"""What pages keep for all sessions: bounded, locked, by keys that tell answers apart. Default tier."""

from __future__ import annotations

import gc
import importlib
import itertools
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

from simulator import Scenario, simulate
from simulator.caches import CACHES, KILOBYTE, MEGABYTE, Cache, forget, keep
from simulator.model import law
from simulator.report.charts import over_time
from simulator.ui import kept as store
from simulator.ui import session
from simulator.ui.kept import kept, key_of
from simulator.ui.widgets.charts import spreadsheet
from simulator.workspace.desk import Desk
from simulator.workspace.headline import effects, headline
from tests.cases import scenario

UI = Path(store.__file__).parent
MODULES = sorted([*UI.rglob("*.py"), *(UI.parent / "workspace").rglob("*.py")])


@pytest.fixture(autouse=True)
def _cold() -> Iterator[None]:
    forget()
    yield
    forget()


def figures(value: str, **fields: Any) -> Scenario:
    return scenario(
        [{"measure": "turnover", "period": 2017, "value": Decimal(value), "growth": "5%"}], **fields
    )


MEMORY = simulate(
    figures("7.2", target={"measure": "turnover", "period": 2019, "at_least": 8}), points=128
).scenario.outlook.memory
NEAR = {  # pairs that == does not tell apart, or nearly so, and their answers differ or may
    "printed digits": [
        figures(value, target={"measure": "turnover", "period": 2019, "at_least": 8})
        for value in ("7.2", "7.20")
    ],
    "trailing zeros": [
        figures(value, target={"measure": "turnover", "period": 2019, "at_least": 800})
        for value in ("700", "700.0")
    ],
    "a default that is stated": [
        figures("7.2", target={"measure": "turnover", "period": 2019, "at_least": 8}, outlook=outlook)
        for outlook in ({}, {"memory": MEMORY})
    ],
    "one and true": [
        figures(
            "7.2",
            target={"measure": "turnover", "period": 2019, "at_least": 8},
            levers={"a": {"kind": "custom", "percent": "10%", **more}},
        )
        for more in ({"probability": 1}, {"probability": 0})
    ],
}


@pytest.mark.parametrize("pair", NEAR)
def test_near_equal_scenarios_are_kept_apart_whichever_comes_first(pair: str) -> None:
    count = 0

    @kept(1)
    def asked(case: Scenario) -> tuple[int, bool]:
        nonlocal count
        count += 1
        return count, case is NEAR[pair][0]

    for order in ((0, 1), (1, 0)):
        forget()
        for place in order:
            assert asked(NEAR[pair][place])[1] == (place == 0)
        assert asked(NEAR[pair][order[0]])[0] < count


@pytest.mark.parametrize("pair", NEAR)
def test_an_answer_does_not_depend_on_what_was_answered_before(pair: str) -> None:
    def answers(*order: int) -> dict[int, tuple[float, float]]:
        forget()
        law.fit.cache_clear()
        found = {place: simulate(NEAR[pair][place], points=256) for place in order}
        return {place: (result.probability, result.probability_range.high) for place, result in found.items()}

    assert answers(0, 1) == answers(1, 0)


def test_values_that_are_equal_but_not_the_same_have_keys_of_their_own() -> None:
    words = [1, 1.0, True, Decimal(1), Decimal("1.0"), "1", 0.0, -0.0, None, (1,), (1.0,), False, 0]
    for one, other in itertools.combinations(words, 2):
        assert key_of((one,)) != key_of((other,)), (one, other)
    assert key_of((0.8, "a")) == key_of((0.8, "a"))


def test_a_desk_tells_values_apart_that_are_equal() -> None:
    desk = Desk.of_shipped("belarus-kazakhstan-2020")
    for order in ((True, 1), (1, True)):
        for value in order:
            desk.turn("levers.rules.probability", float(value) / 2)
            assert desk.scenario.levers["rules"].probability == 0.5
    desk.turn("levers.rules.enabled", False)
    assert desk.scenario.levers["rules"].enabled is False


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    @kept(store.ROOM / MEGABYTE / 4)
    def asked(number: int) -> int:
        seen.append(number)
        return number

    for number in (1, 2, 3, 4, 5, 5, 1):
        assert asked(number) == number
    assert seen == [1, 2, 3, 4, 5, 1]

    @kept(lambda answer: store.ROOM + 1)
    def vast(number: int) -> int:
        seen.append(number)
        return number

    assert vast(7) == vast(7) == 7
    assert seen[-2:] == [7, 7]


def test_many_sessions_share_what_is_kept() -> None:
    @kept(store.ROOM / MEGABYTE / 8)
    def asked(number: int) -> int:
        return number * number

    with ThreadPoolExecutor(16) as sessions:
        numbers = [number % 23 for number in range(4000)]
        assert list(sessions.map(asked, numbers)) == [number * number for number in numbers]
    assert store.ANSWERS.currsize <= store.ROOM


def test_what_is_kept_is_listed_and_dropped_with_all_the_rest() -> None:
    assert store.ANSWERS in CACHES

    @kept(1)
    def asked(number: int) -> int:
        return number

    assert asked(3) == 3
    assert store.ANSWERS.currsize >= MEGABYTE  # as much as is said, though the number takes less
    forget()
    assert store.ANSWERS.currsize == pytest.approx(0, abs=1e-9)


def test_functions_that_share_a_cache_have_entries_of_their_own() -> None:
    shared = Cache("shared", KILOBYTE)
    try:
        one, other = (keep(shared)(function) for function in (lambda x: x + 1, _twice))
        assert (one(5), other(5), one(5), other(5)) == (6, 10, 6, 10)
        assert len(shared) == 2
    finally:
        CACHES.remove(shared)


def _twice(number: int) -> int:
    return 2 * number


def _megabytes(answer: object) -> float:
    """The arrays that an answer holds, through everything but code."""
    seen: dict[int, object] = {}
    waiting = [answer]
    while waiting:
        found = waiting.pop()
        if id(found) not in seen and not isinstance(found, type | ModuleType):
            seen[id(found)] = found
            inside = (found.__closure__,) if isinstance(found, FunctionType) else gc.get_referents(found)
            waiting += [found.base] if isinstance(found, np.ndarray) else inside
    arrays = (found for found in seen.values() if isinstance(found, np.ndarray))
    return sum(array.nbytes for array in arrays if array.base is None) / 1e6


def test_an_answer_counts_with_all_of_it_that_was_looked_at() -> None:
    desk = Desk.of_shipped("belarus-kazakhstan-2020")
    before = session.answer(desk.scenario)
    desk.turn("outlook.trend", 0.06)
    after = session.answer(desk.scenario)
    for result in (before, after):
        headline(result, before)
        effects(result)
        over_time.fan(result, original=before)
        assert session.answer(result.scenario) is result  # as the page asks for it once more
    assert store.ANSWERS.currsize / 1e6 >= _megabytes(before) + _megabytes(after) > 2 * session.KEPT


def test_no_desk_holds_an_answer_and_all_who_open_the_same_have_the_same() -> None:
    one, other = (Desk.of_shipped("belarus-kazakhstan-2020") for _ in range(2))
    for desk in (one, other):
        desk.turn("outlook.trend", 0.06)
    assert session.answers_to(one)[0] is session.answers_to(other)[0]
    assert session.answers_to(one)[1] is session.answers_to(other)[1]
    assert _megabytes([one.__dict__, other.__dict__]) < 0.01


def test_all_that_is_kept_fits_into_a_gigabyte() -> None:
    """Every cache is bounded in bytes: those of a single thing hold a megabyte."""
    package = UI.parent
    for file in sorted(package.rglob("*.py")):
        if re.search(r"keep\(|= Cache\(", file.read_text("utf-8")):
            name = ".".join(file.relative_to(package.parent).with_suffix("").parts)
            importlib.import_module(name)  # what it keeps is listed then
    assert len({cache.name for cache in CACHES}) > 40
    assert all(cache.maxsize >= MEGABYTE for cache in CACHES)
    assert sum(cache.maxsize for cache in CACHES) < 1e9
    assert store.ROOM / MEGABYTE / session.KEPT >= 20  # sessions that each look at an answer of their own


def test_what_the_page_hands_over_as_csv_opens_in_a_spreadsheet() -> None:
    assert spreadsheet("a\né\n") == b"\xef\xbb\xbfa\n\xc3\xa9\n"
    for page in MODULES:
        text = page.read_text("utf-8")
        assert text.count('"text/csv"') == len(re.findall(r"lambda: spreadsheet\(", text)), page


def test_no_page_keeps_answers_in_a_store_of_its_own() -> None:
    for page in MODULES:
        text = page.read_text("utf-8")
        assert page.name == "kept.py" or not re.search(
            r"cachetools|lru_cache|functools import cache|st\.cache", text
        ), page
