"""What is kept is bounded in bytes, by sizes that are those of the answers. Default tier."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import numpy as np
import pytest

from simulator import Scenario, simulate
from simulator.caches import CACHES, ENTRY, MEGABYTE, Cache, forget, keep, weight
from simulator.model import cells, engine, law
from simulator.model.exchange import MOST, NO_BELIEF, Exchange
from simulator.numerics.draws import Draws, Layout
from tests.cases import scenario


@pytest.fixture(autouse=True)
def _cold() -> Iterator[None]:
    before = list(CACHES)
    forget()
    yield
    CACHES[:] = before
    forget()


def test_the_weight_of_an_answer_is_that_of_its_arrays_each_once() -> None:
    array = np.zeros(100_000)
    assert array.nbytes < weight(array) < array.nbytes + 1000
    assert weight([array, array, array[10:], array.reshape(100, -1).T]) < array.nbytes + 3000
    assert weight({"deep": [(array,)], "function": lambda: array}) < array.nbytes + 3000
    assert weight({"deep": [(array,)], "function": lambda: array}) > array.nbytes
    assert weight(array[:1]) > array.nbytes  # a view keeps all of it
    assert weight(np.zeros((2, 50_000))[0].reshape(5, -1)) > 2 * 50_000 * 8
    assert weight("x" * 10_000) > 10_000
    assert weight(np) < 1000 > weight(weight)  # code is nobody's


@pytest.mark.parametrize("size", [1, 1000, 40_000])
def test_a_cache_holds_no_more_bytes_than_is_said_however_small_or_large_its_answers(size: int) -> None:
    limit, worked_out = MEGABYTE, list[int]()

    @keep(limit)
    def asked(number: int) -> np.ndarray:
        worked_out.append(number)
        return np.full(size, float(number))

    cache = CACHES[-1]
    for number in range(300):
        assert asked(number)[0] == number
        assert sum(weight(entry.value) for entry in cache.values()) <= cache.currsize <= limit
    fit = int(limit / (8 * size + 2 * ENTRY))
    assert min(300, fit) * 0.9 <= len(cache) <= min(300, limit / (8 * size) + 1)
    kept = len(worked_out)
    asked(299)
    assert len(worked_out) == kept  # the latest is among them


def test_what_several_ask_for_at_once_is_worked_out_once() -> None:
    begun, go_on, worked_out = Event(), Event(), list[int]()

    @keep(MEGABYTE)
    def asked(number: int) -> int:
        worked_out.append(number)
        begun.set()
        assert go_on.wait(5)
        if number < 0 and len(worked_out) == 1:
            raise ValueError
        return number

    for number, times in ((1, 1), (-1, 2)):  # who waited for what failed works it out after all
        worked_out.clear()
        begun.clear()
        go_on.clear()
        with ThreadPoolExecutor(4) as pool:
            first = pool.submit(asked, number)
            assert begun.wait(5)
            others = [pool.submit(asked, number) for _ in range(3 if number > 0 else 1)]
            go_on.wait(0.05)
            assert worked_out == [number]  # the others wait
            go_on.set()
            assert [one.result() for one in others] == [number] * len(others)
            assert (first.exception() is not None) == (number < 0)
        assert worked_out == [number] * times


def test_what_is_larger_than_all_is_worked_out_again_and_drives_nothing_out() -> None:
    @keep(MEGABYTE)
    def asked(number: int) -> np.ndarray:
        return np.zeros(number)

    small = asked(10)
    assert asked(MEGABYTE) is not asked(MEGABYTE)
    assert asked(10) is small


def test_an_answer_that_grows_is_weighed_again_and_makes_room() -> None:
    cache = Cache("grows", MEGABYTE, grows=True)

    @keep(cache)
    def asked(number: int) -> list[Any]:
        return [number]

    lists = [asked(number) for number in range(4)]
    assert cache.currsize < 2000
    for number, growing in enumerate(lists):
        growing.append(np.zeros(50_000))  # 0.4 MB
        asked(number)
        assert sum(weight(entry.value) for entry in cache.values()) <= cache.currsize <= MEGABYTE
    assert asked(2) is lists[2]
    assert cache.currsize > 0.8e6


# in round months ahead: a year of the flagship's kind, and many streams
CASES: dict[str, dict[str, Any]] = {
    "small": {},
    "large": {
        "streams": {f"s{i}": {"direction": ("exports", "imports")[i % 2]} for i in range(8)},
        "observations": [
            {"measure": f"s{i}", "period": year, "value": 40.0 + i, "error": "5%"}
            for i in range(8)
            for year in range(2010, 2018)
        ],
    },
}


@pytest.mark.parametrize("case", CASES)
def test_the_sizes_that_the_model_states_are_no_less_than_what_its_answers_hold(case: str) -> None:
    fields = dict(CASES[case])
    asked: Scenario = scenario(fields.pop("observations", None), **fields)
    result = simulate(asked, points=256)
    result.to_dict()
    law_of = law.fit_scenario(asked)
    assert law_of.nbytes > 0.8 * weight(law_of) - 200_000
    assert weight([entry.value for entry in engine.KEPT.values()]) <= engine.KEPT.currsize + 500_000
    for cache in (cache for cache in CACHES if cache.name.startswith((cells.__name__, "simulator.numerics"))):
        held = weight([entry.value for entry in cache.values()])
        assert held <= cache.currsize * 1.1 + 20_000, cache.name


def test_rates_of_exchange_keep_no_more_than_their_bytes() -> None:
    exchange = Exchange(NO_BELIEF, Draws(Layout(()), 16, 1))
    for number in range(50):
        exchange._keep(number, lambda: np.zeros(MOST // 80))
        assert sum(array.nbytes for array in exchange._kept.values()) <= MOST
    assert len(exchange._kept) == 10
    assert exchange._keep(99, lambda: np.zeros(MOST)).nbytes == 8 * MOST
    assert list(exchange._kept) == [99]


def test_forgetting_answers_leaves_published_tables() -> None:
    answers, table = Cache("answers", MEGABYTE), Cache("table", MEGABYTE, published=True)
    for cache in (answers, table):
        cache.put("key", 1)
    forget()
    assert (answers.find("key"), table.find("key") is not None) == (None, True)
