"""The tornado: the probability with one unknown at a time at its ends, on the same draws."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.unknowns import Field, called, described, in_play, measures, rounded
from simulator.errors import BaselineError
from simulator.model.result import Result
from simulator.numerics.preintegration import spread
from simulator.scenario import Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.values.uncertain import Uncertain

LEVELS = (0.1, 0.9)
MOST_POINTS = 512  # of each end: paired with the middle, its error is hundredths of a point
UNSOURCED = ("the scenario", "the law")
SMALLEST_SWING = 0.0005  # a fraction: a bar that moves the probability by less is hardly worth telling
DIGITS = 3  # of a percentile: what is shown is what was set


@dataclass(frozen=True)
class End:
    """One end of a bar: the unknown's value as a file writes it, and the probability there."""

    value: str
    probability: float


@dataclass(frozen=True)
class Bar:
    """An unknown of the tornado; ``swing`` is how far the probability moves between the ends and the answer as it stands.

    ``standard_error`` is that of the difference between the ends; both are fractions.
    """

    path: str
    name: str
    meaning: str
    source: str
    low: End
    high: End
    swing: float
    standard_error: float

    @property
    def judgement(self) -> bool:
        """Whether what the scenario says of it is flagged as judgement."""
        return "judgement" in self.source

    @property
    def sourced(self) -> bool:
        """Whether what the scenario says of it names a source."""
        return not self.judgement and self.source not in UNSOURCED

    @property
    def moves(self) -> bool:
        """Whether it moves the probability by as much as is worth telling."""
        return self.swing >= SMALLEST_SWING

    def to_dict(self) -> dict[str, Any]:
        """The bar for a machine."""
        return {
            "path": self.path,
            "name": self.name,
            "meaning": self.meaning,
            "source": self.source,
            "judgement": self.judgement,
            "low": vars(self.low),
            "high": vars(self.high),
            "swing_points": 100 * self.swing,
            "standard_error_points": 100 * self.standard_error,
        }


@dataclass(frozen=True)
class Ends:
    """An unknown, and the scenario with it at each end."""

    path: str
    name: str
    meaning: str
    source: str
    values: tuple[str, str]
    scenarios: tuple[Scenario, Scenario]


def tornado(result: Result, *, simulate: Callable[..., Result]) -> tuple[Bar, ...]:
    """Every unknown's bar, the widest first; one under whose end the figures have no law is left out.

    The ends are simulated with at most ``MOST_POINTS``; what they differ by from the middle on the same draws is added to the headline.
    """
    points = min(result.points, MOST_POINTS)
    middle = simulate(result.scenario, points=points, seed=result.seed)
    bars = []
    for unknown in ends(middle):
        with contextlib.suppress(BaselineError):
            low, high = (
                simulate(at, points=points, seed=result.seed).estimate.scrambles for at in unknown.scenarios
            )
            sides = [
                float(np.clip(result.probability + (at - middle.estimate.scrambles).mean(), 0, 1))
                for at in (low, high)
            ]
            swing = float(np.ptp([result.probability, *sides]))
            first, last = (End(value, side) for value, side in zip(unknown.values, sides, strict=True))
            bars.append(
                Bar(
                    unknown.path,
                    unknown.name,
                    unknown.meaning,
                    unknown.source,
                    first,
                    last,
                    swing,
                    spread(high - low),
                )
            )
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def ends(result: Result) -> Iterator[Ends]:
    """All unknowns: uncertain fields, whether each measure is on, outlook parameters, world trade, other readings of the data."""
    scenario = result.scenario
    for field in in_play(result):
        yield _field(scenario, field)
    yield from _switches(scenario)
    yield from _outlook(scenario)
    for name, observations in scenario.alternatives.items():
        read = scenario.changed(observations=observations, alternatives={})
        yield Ends(
            f"alternatives.{name}",
            "Which figures are right",
            "another reading of the data",
            "the scenario",
            ("as declared", name),
            (scenario, read),
        )


def settled(scenario: Scenario, path: str, value: object) -> Scenario:
    """A revalidated copy with one value, as a file states it, at a dotted path."""
    data = scenario.model_dump(exclude_unset=True)
    *outer, last = path.split(".")
    holder = data
    for key in outer:
        holder = holder.setdefault(key, {})
    holder[last] = value
    return Scenario.model_validate(data)


def percentile(number: Uncertain, level: float) -> object:
    """A percentile of an uncertain number as a file states a certain one."""
    value = float(number.quantile(level))
    if number.unit == "month":
        return number.unit.text(value)
    value = min(max(rounded(value, DIGITS), number.low), number.high)
    return number.unit.text(value) if number.unit.startswith("percent") else value


def _field(scenario: Scenario, field: Field) -> Ends:
    low, high = (percentile(field.number, level) for level in LEVELS)
    return _set(scenario, field.path, field.name, field.meaning, field.source, (low, high))


def _set(
    scenario: Scenario, path: str, name: str, meaning: str, source: str, values: tuple[object, object]
) -> Ends:
    low, high = (settled(scenario, path, value) for value in values)
    words = [
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:.12g}"
        if isinstance(value, float)
        else str(value)
        for value in values
    ]
    return Ends(path, name, meaning, source, (words[0], words[1]), (low, high))


def _switches(scenario: Scenario) -> Iterator[Ends]:
    """Each measure off and on; one that may or may not happen, at neither and at certain."""
    for section, key, measure in measures(scenario):
        name = called(key, measure)
        if measure.enabled and 0 < measure.probability < 1:
            meaning, source = described(measure, "probability"), measure.source("probability")
            yield _set(
                scenario, f"{section}.{key}.probability", f"{name}: happens", meaning, source, (0.0, 1.0)
            )
        else:
            yield _set(
                scenario, f"{section}.{key}.enabled", name, "as a whole", "the scenario", (False, True)
            )


def _outlook(scenario: Scenario) -> Iterator[Ends]:
    """The lowest and highest value of each parameter among the calibrated sets; one that the scenario states stays as stated."""
    stated = scenario.outlook.model_fields_set
    for field in type(scenario.outlook).model_fields:
        values = [chosen[field] for chosen in CALIBRATED["sets"] if field in chosen]
        if values and field not in stated:
            values.append(CALIBRATED["defaults"][field])
            name, meaning = f"Outlook: {field.replace('_', ' ')}", described(scenario.outlook, field)
            yield _set(
                scenario,
                f"outlook.{field}",
                name,
                meaning,
                CALIBRATED["provenance"],
                (min(values), max(values)),
            )
    if scenario.outlook.world is None:
        yield _set(
            scenario,
            "outlook.world",
            "World trade",
            "its 10th and 90th percentile",
            "the law",
            ("slump", "boom"),
        )
