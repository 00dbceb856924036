"""How the time of an answer grows with points, streams, months, levers, sets and workers.

By hand, about two minutes, in the top folder: ``python -m tests.benchmarks.scaling [--sets 1000]``.

A row an axis: the processor's time at each size, everything else held, and the power of the size with which it grows
(the slope of a line through the logs of size and time): 1 is linear, less is better. The sizes of an axis are run in
turn and the shortest of some times counts. Answers are cold: all that was kept is dropped. Sets share what they have in
common, as a sweep's do. Of workers the time is the clock's, of everything from their start on; there the power is that
of the number of workers, and -1 would be perfect.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from simulator import Scenario, caches, load_scenario, simulate
from tests import cases
from tests.benchmarks import kit, sets

REPEATS = 5
POINTS = 512  # where points are not what grows
SET_POINTS = 512
LEVER: dict[str, Any] = {
    "kind": "custom",
    "percent": {"low": "0%", "likely": "0.1%", "high": "0.3%"},
    "start": {"low": "2019-01", "likely": "2019-06", "high": "2020-01"},
    "phase_in": 12,
}
Sizes = Mapping[int, Callable[[], object]]


def cold(scenario: Scenario, points: int = POINTS) -> Callable[[], object]:
    """An answer with nothing kept."""

    def ask() -> object:
        caches.forget()
        return simulate(scenario, points=points)

    return ask


def with_levers(count: int) -> Scenario:
    """The flagship with so many levers of a percent in place of its own."""
    levers = {f"lever-{number}": LEVER for number in range(count)}
    return cases.scenario(levers=levers)


def axes(sizes: int, most: int) -> dict[str, Sizes]:
    """The task at each size of each axis, by the axis in words."""
    flagship = load_scenario(kit.ROOT / kit.FLAGSHIP)

    def national(streams: int) -> Scenario:
        return Scenario.model_validate(cases.national(streams // 2))

    return {
        "points of the flagship": {n: cold(flagship, n) for n in (1024, 4096, 8192, 32768)[:sizes]},
        "streams, ten years of figures each": {n: cold(national(n)) for n in (8, 16, 32, 64)[:sizes]},
        "months of figures of two streams": {
            12 * years: cold(Scenario.model_validate(cases.months(years))) for years in (3, 6, 12, 24)[:sizes]
        },
        "levers of a percent": {n: cold(with_levers(n)) for n in (4, 16, 64, 256)[:sizes]},
        "sets of the flagship, ten fields varied": {
            n: partial(sets.afresh, n, SET_POINTS) for n in (most // 8, most // 4, most // 2)[:sizes]
        },
        "sets, the trend varied too": {
            n: partial(sets.afresh, n, SET_POINTS, varied={**sets.VARIED, **sets.TREND})
            for n in (most // 32, most // 16, most // 8)[:sizes]
        },
    }


def clock(task: Callable[[], object]) -> float:
    """Seconds of the clock."""
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def cell(size: int, seconds: float) -> str:
    """A size, and its time."""
    return f"{size:,}: {1000 * seconds:,.0f} ms" if seconds < 10 else f"{size:,}: {seconds:,.1f} s"


def measure(arguments: argparse.Namespace) -> kit.Table:
    """All axes one after the other, the sizes of each in turn."""
    most = 64 if arguments.quick else arguments.sets
    table = kit.Table(
        "Time against size",
        ("axis", "", "", "", "", "power"),
        notes=[
            f"Cold answers at {POINTS} points where points are not what grows; sets at {SET_POINTS:,} points, one process. "
            f"Workers: {most:,} sets, time of the clock."
        ],
    )
    for axis, tasks in axes(2 if arguments.quick else 4, most).items():
        next(iter(tasks.values()))()  # what is imported at the first answer
        repeats = 1 if arguments.quick or axis.startswith("sets") else REPEATS
        taken = kit.in_turn({str(size): task for size, task in tasks.items()}, repeats)
        seconds = [min(times) for times in taken.values()]
        cells = [cell(size, value) for size, value in zip(tasks, seconds, strict=True)]
        table.add(axis, *cells, *[""] * (4 - len(cells)), f"{kit.exponent(list(tasks), seconds):.2f}")
    workers = [1, 2]
    seconds = [clock(partial(sets.afresh, most, SET_POINTS, workers=count)) for count in workers]
    cells = [cell(count, value) for count, value in zip(workers, seconds, strict=True)]
    ratio = f"{seconds[0] / seconds[1]:.2f} x as fast"
    table.add("workers", *cells, ratio, "", f"{kit.exponent(workers, seconds):.2f}")
    return table


if __name__ == "__main__":
    kit.run(measure, __doc__, ("--sets", 1000))
