"""The probability over two numbers at once: the map from which lines of equal probability are drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from simulator.analysis.questions import (
    Question,
    Simulate,
    knob_path,
    probability_of,
    question,
    switched_on,
    told,
)
from simulator.analysis.solve import asked
from simulator.model.result import Result
from simulator.numerics.least_change import rounded
from simulator.scenario import Scenario
from simulator.scenario.parameters import knobs, turned

POINTS = 512  # of each cell: on common draws its neighbours share the error
MAP_MEANING = (
    "What it means: each cell is the model's probability with both numbers as stated, all else as in the scenario, on the same draws throughout.",
    "What it does not mean: that all cells are within reach, or cost the same.",
)


@dataclass(frozen=True)
class Axis:
    """A number of a map: its values, and the present one."""

    path: str
    name: str
    unit: str
    present: float
    values: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """For a machine; months as text."""
        return {
            "path": self.path,
            "name": self.name,
            "unit": self.unit,
            "present": told(self.present, self.unit),
            "values": [told(value, self.unit) for value in self.values],
        }


@dataclass(frozen=True)
class Map:
    """The probability over two numbers: one row for each value of ``y``, one column for each of ``x``; None where the figures have no law."""

    x: Axis
    y: Axis
    probability: tuple[tuple[float | None, ...], ...]
    present: Result
    switched_on: tuple[str, ...]

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """For a machine."""
        return {
            "x": self.x.to_dict(),
            "y": self.y.to_dict(),
            "probability": [list(row) for row in self.probability],
            "present_probability": self.present.probability,
            "switched_on": list(self.switched_on),
            **asked(self.present, file),
        }


def grid(
    scenario: Scenario,
    path_x: str,
    path_y: str,
    *,
    simulate: Simulate,
    steps: tuple[int, int] = (9, 9),
    points: int = POINTS,
    **options: Any,
) -> Map:
    """The probability over a grid of two knobs, between their bounds, on the same draws throughout.

    Args:
        scenario: the present set of assumptions.
        path_x: a knob, or a lever's id for its main value.
        path_y: another.
        simulate: the engine's.
        steps: how many values of each; of a whole number at most as many as there are.
        points: draws of each; fewer than a headline needs will do.
        options: handed to the engine.

    Raises:
        ValueError: no such knob, the same twice, or fewer than two steps.
    """
    asked_for = [question(scenario, knob_path(scenario, path)) for path in (path_x, path_y)]
    paths = tuple(q.paths[0] for q in asked_for)
    if paths[0] == paths[1]:
        raise ValueError(f"found {paths[0]} twice, expected two different numbers")
    if min(steps) < 2:
        raise ValueError(f"found {min(steps)} steps, expected at least 2")
    base, switched = switched_on(scenario, paths)
    run = partial(simulate, points=points, **options)
    x, y = (
        Axis(q.paths[0], q.name, q.unit, q.present, _spaced(q, count))
        for q, count in zip(asked_for, steps, strict=True)
    )

    def cell(across: float, up: float) -> float | None:
        try:
            found = probability_of(run, turned(base, asked_for[0].values(across) | asked_for[1].values(up)))
        except ValidationError:  # each is allowed alone, not both at once
            return None
        return found if math.isfinite(found) else None

    rows = tuple(tuple(cell(across, up) for across in x.values) for up in y.values)
    return Map(x, y, rows, run(scenario), switched)


def swings(
    scenario: Scenario, *, simulate: Simulate, points: int = POINTS, **options: Any
) -> dict[str, float]:
    """How far the main value of each lever moves the probability between its bounds, by its path: a fraction; the farthest first.

    Args:
        scenario: the present set of assumptions; a lever that is off is switched on for its own part.
        simulate: the engine's.
        points: draws of each.
        options: handed to the engine.
    """
    run = partial(simulate, points=points, **options)

    def swing(asked_for: Question) -> float:
        low, high = (probability_of(run, asked_for.at(bound)) for bound in (asked_for.low, asked_for.high))
        return abs(high - low) if math.isfinite(low) and math.isfinite(high) else 0.0

    mains = [knob.path for knob in knobs(scenario) if knob.main and knob.path.startswith("levers.")]
    found = {path: swing(question(scenario, path)) for path in mains}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _spaced(asked_for: Question, count: int) -> tuple[float, ...]:
    span = asked_for.high - asked_for.low
    values = [asked_for.low + span * step / (count - 1) for step in range(count)]
    return tuple(dict.fromkeys(map(rounded, values) if asked_for.whole else values))
