"""Every number of a scenario that can be turned, read off the vocabulary's field metadata.

One declaration, many uses.

Sliders, solve, sweeps, tornado and the starter file read these knobs; none of them knows a field by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.caches import attached
from simulator.levers.driver import Driver
from simulator.scenario.calibration import provenance
from simulator.scenario.parts import Outlook
from simulator.scenario.targets import Kind, Target
from simulator.scenario.vocabulary import Scenario
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.currencies import same_currency
from simulator.values.fields import Each, In
from simulator.values.forms import Beta
from simulator.values.rates import MARK, Stated
from simulator.values.uncertain import Uncertain
from simulator.values.units import ABOVE_ZERO, MONTHS, Unit

WIDE = 5  # hard bounds that reach further than this many times the value make no slider
YEARS_BEYOND = 5  # the target's, or the present one, that a switch offers
MONTHS_ASIDE = 24  # that a month moves both ways
TIMES = 3  # the value: where a number without bounds ends, for controls and for ``solve`` alike
TARGET_TIMES = 2  # what a target is, where its number ends: a finer line, for people talk of nearer amounts
SHARED = (("overlap", "cap"), ("together", "correlation"))  # by all levers of a group
STEPS = 100  # of a slider without bounds whose value is 0

Sourced = Callable[[str], tuple[str, Basis]]  # of a field: its source and basis
TREND = Address.of("outlook", "trend")  # the number that most who turn the target turn too
RATE = "units of the currency for one of another"
JUDGED = (str(Basis.JUDGEMENT), Basis.JUDGEMENT)


@dataclass(frozen=True)
class Knob:
    """One number that can be turned.

    ``value``, ``low``, ``high`` and ``step`` are in ``unit`` (percents as fractions, months counted as in
    ``periods``). ``main`` marks a driver's main value, ``part`` the end of a range, which belongs under
    "uncertainty". ``counts`` says what a bare number counts: ``new ventures``.
    """

    address: Address
    value: float
    low: float
    high: float
    step: float | None
    unit: Unit
    help: str
    source: str
    basis: Basis
    main: bool = False
    part: bool = False
    counts: str = ""

    @property
    def path(self) -> str:
        """Its address as ``--set`` takes it."""
        return str(self.address)

    def counted(self, number: str) -> str:
        """What it counts behind a number as it is written: 1 ``new venture``, 2 ``new ventures``."""
        one = number == "1" and self.unit in (Unit.NUMBER, Unit.WHOLE_NUMBER)
        return self.counts.removesuffix("s") if one else self.counts

    def written(self, value: float) -> str:
        """The value as a file states it."""
        return self.unit.text(value)


@attached
def knobs(scenario: Scenario) -> tuple[Knob, ...]:
    """Every knob of a scenario: target, rates, outlook, streams, levers, risks, in the order of the file."""
    return tuple(_knobs(scenario))


@attached
def knobs_by_path(scenario: Scenario) -> Mapping[str, Knob]:
    """Every knob of a scenario by its path, in the same order."""
    return {knob.path: knob for knob in knobs(scenario)}


def _knobs(scenario: Scenario) -> Iterator[Knob]:
    for index, target in enumerate(scenario.target):
        yield from _of_target(target, scenario.target_address(index))
    for code, rate in scenario.rates.items():
        yield from _of_rate(rate, Address.of("rates", code))
    yield from _of_model(scenario.outlook, Address.of("outlook"), _outlook_source(scenario.outlook))
    for key, stream in scenario.streams.items():
        yield from _of_model(stream, Address.of("streams", key), lambda _: JUDGED)
    for address, driver in scenario.drivers():
        yield from _of_driver(driver, address)


def _of_target(target: Target, address: Address) -> Iterator[Knob]:
    for knob in _of_model(target, address, lambda _: ("the scenario's target", Basis.PUBLISHED)):
        low, high = (_nearer(knob.value, end) for end in (knob.low, knob.high))
        knob = replace(knob, low=low, high=high)
        above_zero = target.kind is Kind.AMOUNT and target.measure != "balance"
        yield replace(knob, low=max(knob.low, _least(knob.value, knob.step))) if above_zero else knob


def _nearer(value: float, end: float) -> float:
    """The end of a target's number where nothing else bounds it."""
    return TARGET_TIMES * value if value and end == TIMES * value else end


def _of_rate(rate: Stated, address: Address) -> Iterator[Knob]:
    """The knobs of a rate, or of that of each period."""
    if isinstance(rate, Mapping):
        for period, number in rate.items():
            yield from _of_value(number, address / period, MARK.mark, f"{RATE}, {MARK.meaning}", JUDGED)
    else:
        yield from _of_value(rate, address, MARK.mark, RATE, JUDGED)


def _outlook_source(outlook: Outlook) -> Sourced:
    def source(field: str) -> tuple[str, Basis]:
        if field in outlook.model_fields_set:
            return "the scenario", Basis.JUDGEMENT
        return provenance(field), Basis.of(provenance(field))

    return source


def _of_driver(driver: Driver, address: Address) -> Iterator[Knob]:
    def source(field: str) -> tuple[str, Basis]:
        named = driver.source(field)
        return named, Basis.of(named)

    for knob in _of_model(driver, address, source):
        field = str(knob.address.field)
        stated = None if knob.part else driver.bounds_of(field)
        if stated is not None:
            low, high = _possible(getattr(driver, field), stated)
            knob = replace(knob, low=low, high=high)
        yield replace(knob, main=field == driver.main_field and not knob.part)


def _of_model(model: BaseModel, address: Address, source: Sourced) -> Iterator[Knob]:
    for name, field in type(model).model_fields.items():
        value, mark = getattr(model, name), In.of(field.metadata)
        if isinstance(value, BaseModel):
            yield from _of_model(value, address / name, partial(_of_outer, source, name))
        elif isinstance(value, Mapping):
            yield from _of_items(value, address / name, field, source(name))
        elif mark is not None and value is not None:
            yield from _of_value(value, address / name, mark, field.description or "", source(name))


def _of_items(
    items: Mapping[str, Any], address: Address, field: FieldInfo, source: tuple[str, Basis]
) -> Iterator[Knob]:
    """The knobs of a mapping whose items are numbers; none of any other."""
    if number := Each.of(field.metadata):
        for key, item in items.items():
            yield from _of_value(item, address / key, number.mark, number.meaning, source)


def _of_outer(source: Sourced, outer: str, _: str) -> tuple[str, Basis]:
    """A field of a model inside of another has the source of that other's field."""
    return source(outer)


def _of_value(
    value: Uncertain | float, address: Address, mark: In, text: str, source: tuple[str, Basis]
) -> Iterator[Knob]:
    """The knob of a number and, where it is uncertain, those of its ends."""
    main = value.main if isinstance(value, Uncertain) else float(value)
    if main is not None:
        low, high = _possible(value, _span(main, mark))
        yield Knob(address, main, low, high, mark.step, mark.unit, text, *source, counts=mark.counts)
    if isinstance(value, Uncertain):
        for key in value.ends:
            end, part = value.parts[key], mark.part(type(value), key)
            end = math.floor(end) if part.unit is Unit.MONTH else end
            low, high = _span(end, part)
            yield Knob(address / key, end, low, high, part.step, part.unit, text, *source, part=True)


def _possible(value: Uncertain | float, bounds: tuple[float, float]) -> tuple[float, float]:
    """Bounds of a main value; the mean of a beta lies between 0 and 1."""
    low, high = bounds
    return (min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)) if isinstance(value, Beta) else (low, high)


def _span(value: float, mark: In) -> tuple[float, float]:
    """The hard bounds, or 0 to three times the value where there are none within sight.

    A month moves two years both ways.
    """
    if mark.unit is Unit.MONTH:
        return max(value - MONTHS_ASIDE, MONTHS[0]), min(value + MONTHS_ASIDE, MONTHS[1])
    if mark.reach:
        return min(mark.reach[0], value), max(mark.reach[1], value)
    low, high = mark.bounds(value)
    lowest = _least(value, mark.step) if low == ABOVE_ZERO else low
    if _within_sight(value, low, high, mark.unit):
        return lowest, high
    reach = TIMES * value if value else STEPS * (mark.step or 1)
    return max(min(0.0, reach), lowest), min(max(0.0, reach), high)


def _within_sight(value: float, low: float, high: float, unit: Unit) -> bool:
    """Whether bounds are near enough to be those of a slider."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return False
    return unit.fraction or (value != 0 and high <= WIDE * abs(value))


def _least(value: float, step: float | None) -> float:
    """The lowest value that a slider may take where zero itself is excluded.

    A tenth of a step or of the value.
    """
    return min(step or 1.0, value) / 10


# Choices that are no numbers


@dataclass(frozen=True)
class Switch:
    """One choice that is no number: on or off, a state of the world, the year of the target."""

    address: Address
    value: Any
    options: tuple[Any, ...]
    help: str

    @property
    def path(self) -> str:
        """Its address as ``--set`` takes it."""
        return str(self.address)


@attached
def switches(scenario: Scenario) -> tuple[Switch, ...]:
    """Every switch of a scenario.

    The year of a single target for a year, then all fields with a few fixed values, in the order of the file.
    """
    drivers = (_choices_of(driver, address) for address, driver in scenario.drivers())
    outlook = _choices_of(scenario.outlook, Address.of("outlook"))
    return (*_year_of_target(scenario), *outlook, *(switch for choices in drivers for switch in choices))


def _year_of_target(scenario: Scenario) -> Iterator[Switch]:
    target = scenario.target[0]
    if len(scenario.target) == 1 and target.period.is_year:
        present, first = target.period.end_year, scenario.as_of.year
        years = tuple(range(min(first, present), max(first, present) + YEARS_BEYOND + 1))
        text = type(target).model_fields["period"].description or ""
        yield Switch(Address.of("target", "period"), present, years, text)


def _choices_of(model: BaseModel, address: Address) -> Iterator[Switch]:
    for name, field in type(model).model_fields.items():
        options = (False, True) if field.annotation is bool else _literals(field.annotation)
        if len(options) > 1:
            yield Switch(address / name, getattr(model, name), options, field.description or "")


def _literals(annotation: Any) -> tuple[Any, ...]:
    """The values of a literal, alone or among alternatives."""
    if annotation is type(None):
        return (None,)
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(option for member in get_args(annotation) for option in _literals(member))


# Turning them


def turned(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """A scenario with some knobs and switches at other values.

    The main value of a range takes its ends along, in ratio.

    Raises:
        KeyError: there is no such knob; the message lists those that there are.
        ValueError: a value that the field does not take.
    """
    return scenario.restated(
        {Address.parse(path): value for path, value in written(scenario, values).items()}
    )


def written(scenario: Scenario, values: Mapping[str, Any]) -> dict[str, object]:
    """What a file states where some knobs and switches are at other values.

    Path -> all that stands there, numbers to twelve digits.

    The main value of a range takes its ends along, in ratio; ends that are turned themselves are set after
    that. Money in another currency is given in the scenario's, at the rates that are turned with it.

    Raises:
        KeyError: there is no such knob; the message lists those that there are.
    """
    known = knobs_by_path(scenario)
    choices = [path for path in values if path not in known]
    _refuse_unknown(scenario, choices)
    numbers = dict(_numbers(scenario, values))
    stated: dict[str, object] = {path: values[path] for path in choices}
    ranges: dict[Address, Uncertain] = {}
    exchanged = _at_turned_rates(scenario, numbers)
    for path in sorted(numbers, key=lambda path: (known[path].part, path)):
        knob, value = known[path], numbers[path]
        address = knob.address.parent if knob.part else knob.address
        number = ranges.get(address) or address.get(exchanged)
        if isinstance(number, Uncertain):
            moved = number.with_part(knob.address.name, value) if knob.part else _about(number, value)
            ranges[address] = moved.rounded()
            stated[str(address)] = ranges[address].written()
        else:
            stated[path] = knob.unit.written(same_currency(knob.unit.rounded(value), number))
    return stated


def _about(number: Uncertain, value: float) -> Uncertain:
    """A number about another main value.

    Raises:
        ValueError: its field does not take the value, at which its range would only be cut off; of a beta,
            which is cut off where it reaches beyond the field, a value that is no share.
    """
    if not isinstance(number, Beta) and not number.low <= value <= number.high:
        low, high = number.unit.text(number.low), number.unit.text(number.high)
        raise ValueError(f"found {number.unit.text(value)}, expected from {low} to {high}")
    return number.about(value)


def _at_turned_rates(scenario: Scenario, numbers: Mapping[str, Any]) -> Scenario:
    """A scenario by whose rates of exchange money that is turned counts."""
    rates = {path: value for path, value in numbers.items() if Address.parse(path).section == "rates"}
    return turned(scenario, rates) if 0 < len(rates) < len(numbers) else scenario


def _numbers(scenario: Scenario, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of knobs, and of those that must equal them."""
    for path in filter(knobs_by_path(scenario).__contains__, values):
        yield from ((equal, values[path]) for equal in _together(scenario, path))


def _refuse_unknown(scenario: Scenario, paths: list[str]) -> None:
    choices = {switch.path for switch in switches(scenario)} if paths else set()
    for path in paths:
        if path not in choices:
            raise KeyError(f"found no knob {path!r}, expected one of {', '.join(knobs_by_path(scenario))}")


def _together(scenario: Scenario, path: str) -> tuple[str, ...]:
    """A knob, and those that must equal it: what a group shares stands at each of its levers."""
    address = Address.parse(path)
    shared = address[-2:]
    if shared not in SHARED:
        return (path,)
    groups = {
        str(owner.join(shared)): group.group
        for owner, driver in scenario.drivers()
        if (group := getattr(driver, str(shared[0])))
    }
    return tuple(other for other, group in groups.items() if group == groups[path])
