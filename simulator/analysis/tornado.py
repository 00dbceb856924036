"""The tornado: the probability with one unknown at a time at its ends, on the same draws."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.unknowns import Field, described, in_play, label
from simulator.errors import BaselineError
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import FEW_POINTS
from simulator.numerics.preintegration import spread
from simulator.scenario import Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.notation import flow
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit, digits

LEVELS = (0.1, 0.9)
SMALLEST_SWING = 0.0005  # a fraction: a bar that moves the probability by less is hardly worth telling
DIGITS = 3  # of a percentile: what is shown is what was set
TWELVE_DIGITS = "{:.12g}".format
STATED = "the scenario"  # in place of a source, where the scenario states both ends itself


@dataclass(frozen=True)
class Subject:
    """What a bar is about; ``basis`` is what its ends rest on, None where nothing could be named."""

    address: Address
    name: str
    meaning: str
    source: str
    basis: Basis | None

    @property
    def path(self) -> str:
        """The address as people write it."""
        return str(self.address)


@dataclass(frozen=True)
class Ends(Subject):
    """The ends of an unknown as a file states them, and the scenario with it at each."""

    values: tuple[str, str]
    scenarios: tuple[Scenario, Scenario]


@dataclass(frozen=True)
class End:
    """One end of a bar: the unknown's value as a file states it, and the probability there."""

    value: str
    probability: float

    def to_dict(self) -> dict[str, Any]:
        """The end for a machine."""
        return {"value": self.value, "probability": self.probability}


@dataclass(frozen=True)
class Bar(Subject):
    """An unknown of the tornado, with the probability at both ends.

    ``swing`` is how far the probability moves between the ends and the answer as it stands;
    ``standard_error`` is that of the difference between the ends. Both are fractions.
    """

    low: End
    high: End
    swing: float
    standard_error: float

    @property
    def judgement(self) -> bool:
        """Whether what the scenario says of it is flagged as judgement."""
        return self.basis is Basis.JUDGEMENT

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
            "low": self.low.to_dict(),
            "high": self.high.to_dict(),
            "swing_points": 100 * self.swing,
            "standard_error_points": 100 * self.standard_error,
        }


def tornado(result: Result, *, simulate: Simulate) -> tuple[Bar, ...]:
    """Every unknown's bar, the widest first; one under whose end the figures have no law is left out.

    The ends are simulated with at most ``FEW_POINTS``: paired with the middle, their error is hundredths of a
    point. What they differ by from the middle on the same draws is added to the headline.
    """
    points = min(result.points, FEW_POINTS)
    middle = simulate(result.scenario, points=points, seed=result.seed)
    bars = []
    for unknown in ends(middle):
        with contextlib.suppress(BaselineError):
            at = [simulate(scenario, points=points, seed=result.seed) for scenario in unknown.scenarios]
            bars.append(_bar(unknown, result.probability, middle, at))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def _bar(unknown: Ends, headline: float, middle: Result, ends: list[Result]) -> Bar:
    """The bar of an unknown, from the answers at its ends and between them on the same draws."""
    low, high = (end.estimate.scrambles for end in ends)
    there = [float(np.clip(headline + (end - middle.estimate.scrambles).mean(), 0, 1)) for end in (low, high)]
    first, last = (End(value, probability) for value, probability in zip(unknown.values, there, strict=True))
    return Bar(
        unknown.address,
        unknown.name,
        unknown.meaning,
        unknown.source,
        unknown.basis,
        first,
        last,
        swing=float(np.ptp([headline, *there])),
        standard_error=spread(high - low),
    )


# The unknowns and their ends


def ends(result: Result) -> Iterator[Ends]:
    """All unknowns with their ends.

    Uncertain fields, whether each lever and risk is on, outlook parameters, world trade, other readings of
    the data.
    """
    scenario = result.scenario
    for field in in_play(result):
        yield _field(scenario, field)
    yield from _switches(scenario)
    yield from _outlook(scenario)
    for name, observations in scenario.alternatives.items():
        other = scenario.changed(observations=observations, alternatives={})
        yield Ends(
            Address.of("alternatives", name),
            "Which figures are right",
            "another reading of the data",
            STATED,
            None,
            ("as declared", name),
            (scenario, other),
        )


def _field(scenario: Scenario, field: Field) -> Ends:
    low, high = (_at(scenario, field, level) for level in LEVELS)
    basis = Basis.of(field.source)
    return _set(scenario, Subject(field.address, field.name, field.meaning, field.source, basis), (low, high))


def _at(scenario: Scenario, field: Field, level: float) -> object:
    """A percentile of an unknown as a file states it; of a rate by period that of each period."""
    stated = field.address.get(scenario)
    if isinstance(stated, Mapping):
        return {str(period): percentile(number, level) for period, number in stated.items()}
    return percentile(field.number, level)


def _switches(scenario: Scenario) -> Iterator[Ends]:
    """Each lever and risk off and on; one that may or may not happen, at neither and at certain."""
    for place, driver in scenario.drivers():
        name = label(place.id, driver)
        if driver.enabled and 0 < driver.probability < 1:
            address, source = place / "probability", driver.source("probability")
            meaning, basis = described(scenario, address), Basis.of(source)
            yield _set(scenario, Subject(address, f"{name}: happens", meaning, source, basis), (0.0, 1.0))
        else:
            subject = Subject(place / "enabled", name, "as a whole", STATED, None)
            yield _set(scenario, subject, (False, True))


def _outlook(scenario: Scenario) -> Iterator[Ends]:
    """Each parameter at its lowest and highest calibrated value, and world trade; what is stated stays."""
    outlook, source = scenario.outlook, CALIBRATED["provenance"]
    for field in type(outlook).model_fields:
        calibrated = _calibrated(field)
        if calibrated and field not in outlook.model_fields_set:
            address, name = Address.of("outlook", field), f"Outlook: {field.replace('_', ' ')}"
            subject = Subject(address, name, described(scenario, address), source, Basis.of(source))
            yield _set(scenario, subject, (min(calibrated), max(calibrated)))
    if outlook.world is None:
        address, meaning = Address.of("outlook", "world"), "its 10th and 90th percentile"
        yield _set(scenario, Subject(address, "World trade", meaning, "the law", None), ("slump", "boom"))


def _calibrated(field: str) -> list[float]:
    """The values of an outlook parameter in the calibrated sets and the default; none if no set has it."""
    values = [chosen[field] for chosen in CALIBRATED["sets"] if field in chosen]
    return [*values, CALIBRATED["defaults"][field]] if values else []


def _set(scenario: Scenario, subject: Subject, values: tuple[object, object]) -> Ends:
    low, high = (scenario.restated({subject.address: value}) for value in values)
    first, last = (flow(value, text=str, number=TWELVE_DIGITS) for value in values)
    return Ends(**vars(subject), values=(first, last), scenarios=(low, high))


def percentile(number: Uncertain, level: float) -> float | str:
    """A percentile of an uncertain number as a file states a certain one; a certain one as it is."""
    if number.certain:
        return number.unit.written(number.median)
    value = float(number.quantile(level))
    if number.amounts:
        stated = number.amounts[0].like(value).stated
        return f"{digits(float(stated), DIGITS)} {number.amounts[0].rate.code}"
    if number.unit is not Unit.MONTH:
        value = min(max(float(digits(value, DIGITS)), number.low), number.high)
    return number.unit.written(value)
