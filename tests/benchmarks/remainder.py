"""What is left of the estimator's error, and what makes it: parts of the flagship's law are taken out one by one.

By hand, about four minutes, in the top folder: ``python -m tests.benchmarks.remainder [--seeds 60]``, after ``pip install
-r tests/benchmarks/requirements.txt``.

The error of each row is the standard deviation of its answers over the seeds. A law with a part taken out has
another probability, which is no matter here. ``tails`` fixes the draw of the tail scale at its median; without
controls nothing that the draws miss of known means is put right; the levers' columns are put at random places
among the first ``PLACES`` of Sobol's table, whose pairs differ in how evenly they lie.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
from collections.abc import Callable, Iterator
from unittest.mock import patch

import numpy as np

from simulator import Scenario, caches, load_scenario, simulate
from simulator.model import paths
from simulator.numerics import draws
from simulator.numerics.points import POINTS
from simulator.scenario.parameters import turned
from tests.benchmarks import kit

GROWN = (1, 2, 4, 8)  # times the usual number of points
PLACES = (20, 250)  # columns among which those of the levers are put
Uniform = Callable[[int | None, str, int, int], np.ndarray]


@contextlib.contextmanager
def drawn_by(uniform: Callable[[Uniform], Uniform]) -> Iterator[None]:
    """Other numbers in place of the draws'; nothing that is kept of either is used for the other."""
    caches.forget()
    with patch.object(draws, "_uniform", uniform(draws._uniform)):
        yield
    caches.forget()


def tails_fixed(usual: Uniform) -> Uniform:
    """The tail scale at its median in every draw."""

    def uniform(place: int | None, name: str, points: int, seed: int) -> np.ndarray:
        return np.full(points, 0.5) if name == "tails" else usual(place, name, points, seed)

    return uniform


def levers_elsewhere(scenario: Scenario, number: int) -> Callable[[Uniform], Uniform]:
    """The columns of the levers at other places of the table; all others behind them or where they were."""
    first, last = PLACES
    names = [name for name in paths.layout(scenario).names if name.startswith("levers.")]
    chosen = first + np.random.default_rng(number).permutation(last - first)[: len(names)]
    places = dict(zip(names, map(int, chosen), strict=True))

    def of(usual: Uniform) -> Uniform:
        def uniform(place: int | None, name: str, points: int, seed: int) -> np.ndarray:
            moved = place if place is None or place < first else places.get(name, place + last)
            return usual(moved, name, points, seed)

        return uniform

    return of


def error(scenario: Scenario, seeds: int, points: int = POINTS) -> float:
    """The standard deviation of the answers over seeds, in percentage points."""
    caches.forget()
    answers = (simulate(scenario, points=points, seed=seed) for seed in range(1, seeds + 1))
    return 100 * statistics.stdev(answer.probability for answer in answers)


def measure(arguments: argparse.Namespace) -> kit.Table:
    """Every part in turn."""
    seeds, places = (4, 2) if arguments.quick else (arguments.seeds, arguments.places)
    scenario = load_scenario(kit.ROOT / kit.FLAGSHIP)
    bare = _with(scenario)
    table = kit.Table(
        f"The error of the flagship's probability, {seeds} seeds",
        ("", "points", "error, points"),
        notes=[f"The error of an error: {100 / (2 * (seeds - 1)) ** 0.5:.0f} %."],
    )

    def row(name: str, case: Scenario, points: int = POINTS) -> None:
        table.add(name, f"{points:,}", f"{error(case, seeds, points):.4f}")

    for name, case in (("all levers", scenario), ("no lever", bare)):
        for times in GROWN:
            row(name, case, times * POINTS)
    for lever in scenario.levers:
        row(f"of the levers {lever} alone", _with(scenario, lever))
    for name, case in (("all levers", scenario), ("no lever", bare)):
        with drawn_by(tails_fixed):
            row(f"{name}, the tail scale fixed", case)
        with patch.object(paths, "controls", lambda *_: None):
            row(f"{name}, without controls", case)
    found = []
    for number in range(places):
        with drawn_by(levers_elsewhere(scenario, number)):
            found.append(error(scenario, seeds))
    ends = f"{min(found):.4f} to {max(found):.4f}"
    table.add(f"all levers, their columns at {places} random choices of places", f"{POINTS:,}", ends)
    caches.forget()
    return table


def _with(scenario: Scenario, *levers: str) -> Scenario:
    """The scenario with some levers alone."""
    return turned(scenario, {f"levers.{lever}.enabled": lever in levers for lever in scenario.levers})


if __name__ == "__main__":
    kit.run(measure, __doc__, ("--seeds", 60), ("--places", 10))
