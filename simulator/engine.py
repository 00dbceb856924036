"""Scenario to answer: the only place that knows in which order the parts are called."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from typing import Any

import numpy as np

from simulator.baseline import fit_scenario
from simulator.draws import Draws, Layout, check_points
from simulator.flows import Flows, Paths, layout
from simulator.levers import KINDS
from simulator.levers.effects import Effect, combine
from simulator.measures import Measure
from simulator.readings import BaselineError
from simulator.result import Range, Result, hit
from simulator.scenario import CALIBRATED, Scenario

RANGE_POINTS = 512  # of each alternative: their spread is points, their error hundredths


def simulate(scenario: Scenario, *, points: int = 2048, seed: int = 1, columns: Layout | None = None, twins: frozenset[str] = frozenset()) -> Result:
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
    simulation = _Simulation(scenario, points, seed, columns, twins)
    flows = simulation.flows(frozenset())
    result = Result(scenario, points, seed, flows, simulation.flows, partial(_range, scenario, min(points, RANGE_POINTS), seed))
    result.estimate  # noqa: B018  (the headline is part of simulating; everything else waits until it is asked for)
    object.__setattr__(result, "elapsed_seconds", time.perf_counter() - begun)
    return result


class _Simulation:
    """The paths of a scenario and the effect of each of its levers and risks, from which any set of them is put together."""

    def __init__(
        self,
        scenario: Scenario,
        points: int,
        seed: int,
        columns: Layout | None = None,
        twins: frozenset[str] = frozenset(),
        like: _Simulation | None = None,
    ) -> None:
        law = fit_scenario(scenario)
        own = layout(scenario)
        self.draws = Draws(columns.extended(own.names) if columns else own, points, seed, twins)
        self.paths = Paths(scenario, law, self.draws)
        self.scenario = scenario
        sections: tuple[tuple[str, dict[str, Any]], ...] = (("risks", scenario.risks), ("levers", scenario.levers))
        enabled = {(section, key): measure for section, measures in sections for key, measure in measures.items() if measure.enabled}
        self.effects: dict[tuple[str, str], tuple[Measure, Effect]]
        if like is not None and like.paths.ahead == self.paths.ahead:
            self.effects = like.effects  # the same levers on the same months and draws; how money is shared out among streams is kept
        else:
            self.effects = {place: (measure, self._effect(place, measure)) for place, measure in enabled.items()}

    def _effect(self, place: tuple[str, str], measure: Measure) -> Effect:
        prefix = ".".join(place)

        def draw(name: str, count: int = -1) -> np.ndarray:
            if count < 0:
                return self.draws.uniform([f"{prefix}.{name}"])[:, 0]
            return self.draws.uniform([f"{prefix}.{name}.{item}" for item in range(count)])

        return KINDS[measure.kind].effect(measure, self.paths.grid, draw)

    def flows(self, without: frozenset[tuple[str, str]]) -> Flows:
        """The flows with some levers or risks switched off."""
        parts = [part for place, part in self.effects.items() if place not in without]
        return Flows(self.paths, combine(parts, self.paths.grid))


def _range(scenario: Scenario, points: int, seed: int, headline: float) -> Range:
    """The headline among the calibrated parameter sets on the declared data, and the best set on each other reading of the data.

    A parameter that the scenario states itself stays as stated.
    """
    sources = [("as stated", headline)]
    own = _Simulation(scenario, points, seed)
    stated = scenario.outlook.model_fields_set
    for chosen in CALIBRATED["sets"]:
        change = {key: value for key, value in chosen.items() if key != "name" and key not in stated}
        if change:
            outlook = type(scenario.outlook).model_validate({key: getattr(scenario.outlook, key) for key in stated} | change)
            with contextlib.suppress(BaselineError):  # a set under which these figures have no law is no reasonable alternative for them
                sources.append((chosen["name"], _probability(scenario.model_copy(update={"outlook": outlook}), points, seed, own)))
    for name, observations in scenario.alternatives.items():
        sources.append((name, _probability(scenario.changed(observations=observations, alternatives={}), points, seed, own)))
    return Range(min(p for _, p in sources), max(p for _, p in sources), tuple(sources))


def _probability(scenario: Scenario, points: int, seed: int, like: _Simulation) -> float:
    return hit(scenario, _Simulation(scenario, points, seed, like=like).flows(frozenset())).probability
