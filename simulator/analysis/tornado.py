"""The tornado: the probability with one unknown at a time at its ends, on the same draws."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.uncertain_fields import Field, Joint, described, label, uncertain
from simulator.analysis.unknowns import in_play
from simulator.errors import BaselineError
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import FEW_POINTS, POINTS
from simulator.numerics.preintegration import spread
from simulator.scenario import Outlook, Scenario
from simulator.scenario.calibration import CALIBRATED, provenance
from simulator.scenario.dependence import Drivers, at_work, chain, required
from simulator.scenario.work import Asked
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import title_of
from simulator.values.notation import flow
from simulator.values.numerals import enumeration, ordinal
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit, digits
from simulator.values.wording import capital

LEVELS = (0.1, 0.9)
SMALLEST_SWING = 0.0005  # a fraction: a bar that moves the probability by less is hardly worth telling
DIGITS = 3  # of a percentile: what is shown is what was set
TWELVE_DIGITS = "{:.12g}".format
STATED = "the scenario"  # in place of a source, where the scenario states both ends itself
Stated = Mapping[str, str]  # by path, a value as a file states it


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

    values: tuple[Stated, Stated]
    scenarios: tuple[Scenario, Scenario]


@dataclass(frozen=True)
class End:
    """One end of a bar: what a file states there, by address, and the probability."""

    stated: Stated
    probability: float

    @property
    def value(self) -> str:
        """The unknown's value; of several that are drawn together, all of them."""
        return ", ".join(self.stated.values())

    def to_dict(self) -> dict[str, Any]:
        """The end for a machine: of several values with the path of each."""
        members = {"values": dict(self.stated)} if len(self.stated) > 1 else {}
        return {"value": self.value, **members, "probability": self.probability}


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


def ends_asked(scenario: Scenario, points: int = POINTS) -> Iterator[Asked]:
    """About the answers that the bars of a scenario ask for."""
    few, acting = min(points, FEW_POINTS), len([d for _, d in scenario.drivers() if d.enabled])
    yield Asked(2 * (len(list(uncertain(scenario))) + acting), few, "moved")
    yield Asked(2 * (len(Outlook.model_fields) + len(scenario.alternatives)), few, "fresh")


def _bar(unknown: Ends, headline: float, middle: Result, ends: list[Result]) -> Bar:
    """The bar of an unknown, from the answers at its ends and between them on the same draws."""
    low, high = (end.estimate.scrambles for end in ends)
    there = [float(np.clip(headline + (end - middle.estimate.scrambles).mean(), 0, 1)) for end in (low, high)]
    first, last = (
        End(stated, probability) for stated, probability in zip(unknown.values, there, strict=True)
    )
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
    for unknown in in_play(result):
        yield _joint(scenario, unknown) if isinstance(unknown, Joint) else _field(scenario, unknown)
    yield from _switches(scenario)
    yield from _outlook(scenario)
    for name, observations in scenario.alternatives.items():
        address = Address.of("alternatives", name)
        other = scenario.changed(observations=observations, alternatives={})
        values = ({str(address): "as declared"}, {str(address): name})
        yield Ends(
            address,
            "Which figures are right",
            "another reading of the data",
            STATED,
            None,
            values,
            (scenario, other),
        )


def _field(scenario: Scenario, field: Field) -> Ends:
    basis = Basis.of(field.source)
    return _at_levels(scenario, Subject(field.address, field.name, field.meaning, field.source, basis), field)


def _joint(scenario: Scenario, joint: Joint) -> Ends:
    subject = Subject(joint.address, joint.name, _meaning(joint), joint.source, Basis.of(joint.source))
    return _at_levels(scenario, subject, joint)


def _meaning(joint: Joint) -> str:
    """What the ends of values that are drawn together are."""
    correlation = f"drawn together with a correlation of {joint.correlation:g}"
    levels = [[ordinal(round(100 * level)) for _, level in joint.levels(end)] for end in LEVELS]
    low, high = (ordinal(round(100 * level)) for level in LEVELS)
    at = " and ".join(names[0] for names in levels)
    against = ", the second the other way about" if len({sign for _, sign in joint.members}) > 1 else ""
    if levels[0][0] == low:
        return f"each at its {at} percentile{against}: {correlation}"
    return (
        f"each at its {at} percentile{against}, where it is on average with all of them together at their "
        f"{low} and {high}: {correlation}"
    )


def _at_levels(scenario: Scenario, subject: Subject, unknown: Field | Joint) -> Ends:
    low, high = (
        {field.address: percentile(field.number, at) for field, at in unknown.levels(level)}
        for level in LEVELS
    )
    return _set(scenario, subject, low, high)


def _switches(scenario: Scenario) -> Iterator[Ends]:
    """Each lever and risk off and on; one that may or may not happen, at neither and at certain.

    One that requires what is off does nothing, either way.
    """
    drivers = dict(scenario.drivers())
    for place, driver in drivers.items():
        if not all(drivers[link].enabled for link in chain(place, drivers)):
            continue
        name, along = label(place.id, driver), _along(place, drivers)
        if driver.enabled and 0 < driver.probability < 1:
            address, source = place / "probability", driver.source("probability")
            meaning, basis = described(scenario, address) + along, Basis.of(source)
            subject = Subject(address, f"{name}: happens", meaning, source, basis)
            yield _set(scenario, subject, {address: 0.0}, {address: 1.0})
        else:
            address = place / "enabled"
            subject = Subject(address, name, f"as a whole{along}", STATED, None)
            yield _set(scenario, subject, {address: False}, {address: True})


def _along(place: Address, drivers: Drivers) -> str:
    """What else a lever or risk depends on, and what it takes along, in words; empty where nothing."""
    names = {other: label(other.id, driver) for other, driver in drivers.items()}
    on, off = (
        at_work({**drivers, place: drivers[place].model_copy(update={"enabled": enabled})})
        for enabled in (True, False)
    )
    taken = [names[other] for other in drivers if other in on - off - {place}]
    needed = required(place, drivers)
    condition = "" if needed is None else f", if {names[needed]} does"
    return f"{condition}, and with it {enumeration(taken)}" if taken else condition


def _outlook(scenario: Scenario) -> Iterator[Ends]:
    """Each parameter at its lowest and highest calibrated value, and world trade; what is stated stays."""
    outlook = scenario.outlook
    for field in type(outlook).model_fields:
        calibrated = _calibrated(field)
        if calibrated and field not in outlook.model_fields_set:
            address, source = Address.of("outlook", field), provenance(field)
            name = capital(title_of(type(outlook), field))
            subject = Subject(address, name, described(scenario, address), source, Basis.of(source))
            low, high = ({address: end(calibrated)} for end in (min, max))
            yield _set(scenario, subject, low, high)
    if outlook.world is None:
        address, meaning = (
            Address.of("outlook", "world"),
            "a slump and a boom, as deep and as high as one time in ten",
        )
        name = capital(title_of(type(outlook), "world"))
        subject = Subject(address, name, meaning, "the model", None)
        yield _set(scenario, subject, {address: "slump"}, {address: "boom"})


def _calibrated(field: str) -> list[float]:
    """The values of an outlook parameter in the calibrated sets and the default; none if no set has it."""
    values = [chosen[field] for chosen in CALIBRATED["sets"] if field in chosen]
    return [*values, CALIBRATED["defaults"][field]] if values else []


def _set(
    scenario: Scenario, subject: Subject, low: Mapping[Address, object], high: Mapping[Address, object]
) -> Ends:
    first, last = (
        {str(address): flow(value, text=str, number=TWELVE_DIGITS) for address, value in values.items()}
        for values in (low, high)
    )
    ends = (scenario.restated(low), scenario.restated(high))
    return Ends(**vars(subject), values=(first, last), scenarios=ends)


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
