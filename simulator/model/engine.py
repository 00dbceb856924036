"""Scenario to answer: the only place that knows in which order the parts are called."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Hashable
from dataclasses import replace
from functools import lru_cache, partial
from threading import Lock
from typing import Any

import numpy as np
from cachetools import LRUCache, cached

from simulator.errors import BaselineError
from simulator.levers import KINDS
from simulator.levers.custom import Custom
from simulator.levers.driver import Driver
from simulator.levers.kit import Effect, Grid
from simulator.model.combined import Combined, Part, Where
from simulator.model.law import fit_scenario
from simulator.model.paths import Paths, layout
from simulator.model.result import Range, Result, hit
from simulator.model.totals import Flows
from simulator.numerics.draws import Draws, Layout, check_points
from simulator.scenario import Outlook, Scenario
from simulator.scenario.calibration import CALIBRATED

RANGE_POINTS = 512  # of each alternative: their spread is points, their error hundredths
MEMORY = (
    2**28
)  # bytes of paths that are kept, and as many of lever effects and of both together: a moved slider works out only what it changes


def simulate(
    scenario: Scenario,
    *,
    points: int = 2048,
    seed: int = 1,
    columns: Layout | None = None,
    twins: frozenset[str] = frozenset(),
) -> Result:
    """How likely a scenario's target is to be met.

    Args:
        scenario: the set of assumptions.
        points: draws in all, a power of two.
        seed: of every draw, 0 or more.
        columns: whose draw is whose; left out, the scenario's own. A comparison passes one for all its sets.
        twins: names of draws that are drawn again while all others stay, for sensitivity.

    Raises:
        BaselineError: the figures contradict each other beyond their errors.
        NotKnown: the target asks for what no figure tells.
        ValueError: points or seed cannot be used.
    """
    begun = time.perf_counter()
    check_points(points)
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"found seed {seed!r}, expected a whole number from 0")
    simulation = _Simulation(scenario, _draws(scenario, points, seed, columns, twins))
    flows = simulation.flows(frozenset())
    result = Result(
        scenario,
        points,
        seed,
        flows,
        simulation.flows,
        partial(_range, scenario, min(points, RANGE_POINTS), seed),
    )
    result.estimate  # noqa: B018  (the headline is part of simulating; everything else waits until it is asked for)
    object.__setattr__(result, "elapsed_seconds", time.perf_counter() - begun)
    return result


class _Simulation:
    """The paths of a scenario and the effect of each of its levers and risks, from which any set of them is put together."""

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.paths = _paths(scenario, draws)
        self.effects = Combined(list(_parts(scenario, self.paths).values()))

    def flows(self, without: frozenset[Where]) -> Flows:
        """The flows with some levers or risks switched off."""
        return _flows(self.paths, self.effects.without(without))


def _draws(
    scenario: Scenario,
    points: int,
    seed: int,
    columns: Layout | None = None,
    twins: frozenset[str] = frozenset(),
) -> Draws:
    own = layout(scenario)
    return Draws(columns.extended(own.names) if columns else own, points, seed, twins)


def _paths_key(scenario: Scenario, draws: Draws) -> Hashable:
    """All that the paths depend on."""
    within = tuple(
        _said(lever)
        for lever in scenario.levers.values()
        if isinstance(lever, Custom) and lever.within_baseline and lever.enabled
    )
    targets = tuple((target.measure, target.period) for target in scenario.target)
    return scenario.grounds, scenario.outlook, targets, within, draws


@cached(LRUCache(MEMORY, getsizeof=lambda paths: paths.nbytes), key=_paths_key, lock=Lock())
def _paths(scenario: Scenario, draws: Draws) -> Paths:
    return Paths(scenario, fit_scenario(scenario), draws)


def _parts(scenario: Scenario, paths: Paths) -> dict[Where, Part]:
    """The effect of everything that is switched on."""
    sections: tuple[tuple[str, dict[str, Any]], ...] = (
        ("risks", scenario.risks),
        ("levers", scenario.levers),
    )
    return {
        (section, key): _part((section, key), m, paths)
        for section, measures in sections
        for key, m in measures.items()
        if m.enabled
    }


@cached(
    LRUCache(MEMORY, getsizeof=lambda part: part.nbytes),
    key=lambda place, lever, paths: (place, _said(lever), paths.serial),
    lock=Lock(),
)
def _part(place: Where, lever: Driver, paths: Paths) -> Part:
    return Part(lever, _effect(place, lever, paths.grid, paths.draws), paths.grid, place)


def _effect_key(place: Where, lever: Driver, grid: Grid, draws: Draws) -> Hashable:
    """All that an effect depends on: of the baseline no more than its months and streams."""
    return place, _said(lever), grid.ahead, grid.streams, tuple(grid.members.items()), draws


@cached(LRUCache(MEMORY, getsizeof=lambda effect: effect.nbytes), key=_effect_key, lock=Lock())
def _effect(place: Where, lever: Driver, grid: Grid, draws: Draws) -> Effect:
    prefix = ".".join(place)

    def draw(name: str, count: int = -1) -> np.ndarray:
        if count < 0:
            return draws.uniform([f"{prefix}.{name}"])[:, 0]
        return draws.uniform([f"{prefix}.{name}.{item}" for item in range(count)])

    return KINDS[lever.kind].effect(lever, grid, draw)


@cached(
    LRUCache(MEMORY, getsizeof=lambda flows: flows.nbytes),
    key=lambda paths, effects: (paths, effects.parts),
    lock=Lock(),
)
def _flows(paths: Paths, effects: Combined) -> Flows:
    return Flows(paths, effects)


def forget() -> None:
    """Drop all that is kept from one answer for the next, which then starts cold."""
    for kept in (_paths, _part, _effect, _flows):
        kept.cache_clear()


def _said(measure: Driver) -> str:
    """All that the effect of a lever depends on, as text."""
    return measure.model_dump_json(exclude={"name", "sources", "bounds", "cost"})


def _range(scenario: Scenario, points: int, seed: int, headline: float) -> Range:
    """The headline among the calibrated parameter sets on the declared data, and the best set on each other reading of the data.

    A parameter that the scenario states itself stays as stated. The effects of levers, and how their money is shared out among
    streams, stay those of the scenario wherever they are laid out on the same months.
    """
    sources = [("as stated", headline)]
    draws = _draws(scenario, points, seed)
    flows = _Simulation(scenario, draws).flows(frozenset())
    near = hit(scenario, flows)

    def probability(other: Scenario, draws: Draws) -> float:
        paths = _paths(other, draws)
        same = paths.ahead == flows.paths.ahead
        return hit(
            other,
            _flows(paths, flows.effects) if same else _Simulation(other, draws).flows(frozenset()),
            near,
        ).probability

    for name, outlook in _outlooks(scenario.outlook, frozenset(scenario.outlook.model_fields_set)):
        with contextlib.suppress(
            BaselineError
        ):  # a set under which these figures have no law is no reasonable alternative for them
            sources.append((name, probability(scenario.model_copy(update={"outlook": outlook}), draws)))
    for name, observations in scenario.alternatives.items():
        other = scenario.changed(observations=observations, alternatives={})
        sources.append(
            (name, probability(other, replace(draws, layout=draws.layout.extended(layout(other).names))))
        )
    return Range(min(p for _, p in sources), max(p for _, p in sources), tuple(sources))


@lru_cache(maxsize=64)
def _outlooks(outlook: Outlook, stated: frozenset[str]) -> tuple[tuple[str, Outlook], ...]:
    """Each calibrated parameter set that changes anything, with what is stated kept."""
    found = []
    for chosen in CALIBRATED["sets"]:
        change = {key: value for key, value in chosen.items() if key != "name" and key not in stated}
        if change:
            found.append(
                (
                    chosen["name"],
                    Outlook.model_validate({key: getattr(outlook, key) for key in stated} | change),
                )
            )
    return tuple(found)
