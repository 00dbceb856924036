"""The probability over two numbers at once: the map from which lines of equal probability are drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

from simulator.analysis.questions import (
    KnobQuestion,
    Value,
    knob_named,
    main_knobs,
    probability_of,
    question,
    stated,
    switched_on,
)
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import FEW_POINTS, SEED
from simulator.numerics.least_change import rounded
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, turned
from simulator.scenario.work import Asked, require_answers
from simulator.shown import Shown
from simulator.values.numerals import counted

STEPS = (9, 9)  # how many values of each number


@dataclass(frozen=True)
class Axis:
    """A number of a map, and its values as knobs count them."""

    knob: Knob
    name: str
    values: tuple[float, ...]

    def stated(self, value: float) -> Value:
        """A value as an answer gives it."""
        return stated(value, self.knob.unit)

    def to_dict(self) -> dict[str, Any]:
        """For a machine; months as text."""
        return {
            "path": self.knob.path,
            "name": self.name,
            "unit": self.knob.unit,
            "present": self.stated(self.knob.value),
            "values": [self.stated(value) for value in self.values],
        }


@dataclass(frozen=True)
class Map(Shown):
    """The probability over two numbers: one row for each value of ``y``, one column for each of ``x``.

    None stands where the figures have no law.
    """

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
            **self.present.question(file, unit="scenario_unit"),
            **self.present.record(),
        }


def grid(
    scenario: Scenario,
    path_x: str,
    path_y: str,
    *,
    simulate: Simulate,
    steps: tuple[int, int] = STEPS,
    points: int = FEW_POINTS,
    seed: int = SEED,
) -> Map:
    """The probability over a grid of two knobs, between their bounds, on the same draws throughout.

    Args:
        scenario: the present set of assumptions.
        path_x: a knob, or a lever's id for its main value.
        path_y: another.
        simulate: the engine's.
        steps: how many values of each; of a whole number at most as many as there are.
        points: draws of each cell; fewer than a headline needs will do, for on common draws its neighbours
            share the error.
        seed: of every draw.

    Raises:
        ValueError: no such knob, the same twice, or fewer than two steps.
    """
    across, up = (knob_named(scenario, name) for name in (path_x, path_y))
    asked = question(scenario, across), question(scenario, up)
    if across.path == up.path:
        raise ValueError(f"found {across.path} twice, expected two different numbers")
    if min(steps) < 2:
        raise ValueError(f"found {counted(min(steps), 'step')}, expected at least 2")
    require_answers(scenario, Asked(math.prod(steps), points, "moved"))
    base, off = switched_on(scenario, [across.address, up.address])
    run = partial(simulate, points=points, seed=seed)
    x, y = (
        Axis(part.knobs[0], part.name, _spaced(part, count)) for part, count in zip(asked, steps, strict=True)
    )

    def cell(value_x: float, value_y: float) -> float | None:
        try:
            there = turned(base, {across.path: value_x, up.path: value_y})
        except ValueError:  # each is allowed alone, not both at once
            return None
        probability = probability_of(run, there)
        return probability if math.isfinite(probability) else None

    rows = tuple(tuple(cell(value_x, value_y) for value_x in x.values) for value_y in y.values)
    return Map(x, y, rows, run(scenario), off)


def swings(
    scenario: Scenario, *, simulate: Simulate, points: int = FEW_POINTS, seed: int = SEED
) -> dict[str, float]:
    """How far the main value of each lever moves the probability between its bounds.

    Args:
        scenario: the present set of assumptions; a lever that is off is switched on for its own part.
        simulate: the engine's.
        points: draws of each.
        seed: of every draw.

    Returns:
        fractions by the path of the main value, the largest first.
    """
    knobs, run = main_knobs(scenario), partial(simulate, points=points, seed=seed)
    require_answers(scenario, Asked(2 * len(knobs), points, "moved"))

    def swing(asked: KnobQuestion) -> float:
        low, high = (probability_of(run, asked.at(bound)) for bound in (asked.low, asked.high))
        return abs(high - low) if math.isfinite(low) and math.isfinite(high) else 0.0

    by_path = {knob.path: swing(question(scenario, knob)) for knob in knobs}
    return dict(sorted(by_path.items(), key=lambda item: -item[1]))


def _spaced(asked: KnobQuestion, count: int) -> tuple[float, ...]:
    span = asked.high - asked.low
    values = [asked.low + span * step / (count - 1) for step in range(count)]
    return tuple(dict.fromkeys(map(rounded, values) if asked.unit.integer else values))
