"""Every number of a scenario that can be turned, read off the vocabulary's field metadata: one declaration, many uses.

Sliders, solve, sweeps, tornado and the starter file read these knobs; none of them knows a field by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from simulator.levers.driver import Driver
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.vocabulary import Scenario
from simulator.values.uncertain import (
    ABOVE_ZERO,
    FORMS,
    MONTHS,
    SHAPES,
    In,
    Uncertain,
    as_written,
    in_unit,
    rounded,
)

WIDE = 5  # hard bounds that reach further than this many times the value make no slider
YEARS_BEYOND = 5  # the target's, or the present one, that a switch offers
NEAREST_END = 1e-6  # of a beta's mean to 0 or 1
ROUNDING = 1e-9  # of a number that comes of a calculation
MAIN_PARTS = {"triangular": 1, "normal": 0}  # which parameter of a form is its main value
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Knob:
    """One number that can be turned.

    ``path`` is that of ``--set``; ``value``, ``low``, ``high`` and ``step`` are in ``unit`` (percents as fractions, months counted as in
    ``periods``). ``main`` marks a lever's main value, ``part`` the end of a range, which belongs under "uncertainty".
    """

    path: str
    value: float
    low: float
    high: float
    step: float | None
    unit: str
    help: str
    source: str
    judgement: bool
    main: bool = False
    part: bool = False

    def written(self, value: float) -> str:
        """The value as a file states it."""
        return in_unit(value, self.unit)


def knobs(scenario: Scenario) -> list[Knob]:
    """Every knob of a scenario: target, outlook, streams, levers, risks, in the order of the file."""
    found: list[Knob] = []
    for index, target in enumerate(scenario.target):
        side = "at_least" if target.at_least is not None else "at_most"
        place: Path = ("target", side) if len(scenario.target) == 1 else ("target", index, side)
        own = _of_model(target, place[:-1], lambda _: ("the scenario's target", False))
        found += (
            own
            if target.measure == "balance"
            else (replace(knob, low=max(knob.low, _least(knob.value, knob.step))) for knob in own)
        )
    stated = scenario.outlook.model_fields_set
    found += _of_model(scenario.outlook, ("outlook",), lambda field: _outlook_source(field, stated))
    for key, stream in scenario.streams.items():
        found += _of_model(stream, ("streams", key), lambda _: ("judgement", True))
    for section, measures in _sections(scenario):
        for key, measure in measures.items():
            found += _of_model(
                measure,
                (section, key),
                lambda field, m=measure: _named(m.source(field)),
                measure.main_field,
                measure.bounds,
            )
    return found


@dataclass(frozen=True)
class Switch:
    """One choice that is no number: on or off, a state of the world, the year of the target."""

    path: str
    value: Any
    options: tuple[Any, ...]
    help: str


def switches(scenario: Scenario) -> list[Switch]:
    """Every switch of a scenario: the year of a single target for a year, then all fields with a few fixed values, in the order of the file."""
    found = []
    target = scenario.target[0]
    if len(scenario.target) == 1 and target.period.is_year:
        now = target.period.end_year
        first = scenario.as_of.year
        years = tuple(range(min(first, now), max(first, now) + YEARS_BEYOND + 1))
        found.append(
            Switch("target.period", now, years, type(target).model_fields["period"].description or "")
        )
    found += _choices_of(scenario.outlook, "outlook")
    for section, measures in _sections(scenario):
        for key, measure in measures.items():
            found += _choices_of(measure, f"{section}.{key}")
    return found


def _choices_of(model: BaseModel, place: str) -> Iterator[Switch]:
    for name, field in type(model).model_fields.items():
        options = (False, True) if field.annotation is bool else _literals(field.annotation)
        if len(options) > 1:
            yield Switch(f"{place}.{name}", getattr(model, name), options, field.description or "")


def _literals(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(
        option
        for member in get_args(annotation)
        for option in ((None,) if member is type(None) else _literals(member))
    )


def turned(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """A scenario with some knobs and switches at other values; the main value of a range takes its ends along, in ratio.

    Raises:
        KeyError: there is no such knob; the message lists those that there are.
        ValueError: a value that the field does not take.
    """
    data = scenario.model_dump(exclude_unset=True)
    for path, value in written(scenario, values).items():
        _put(data, _keys(path), value)
    return Scenario.model_validate(data)


def written(scenario: Scenario, values: Mapping[str, Any]) -> dict[str, object]:
    """What a file states where some knobs and switches are at other values: path -> all that stands there, numbers to twelve digits.

    The main value of a range takes its ends along, in ratio; ends that are turned themselves are set after that.

    Raises:
        KeyError: there is no such knob; the message lists those that there are.
    """
    known = {knob.path: knob for knob in knobs(scenario)}
    choices = (
        {switch.path for switch in switches(scenario)} if any(path not in known for path in values) else set()
    )
    for path in values:
        if path not in known and path not in choices:
            raise KeyError(f"found no knob {path!r}, expected one of {', '.join(known)}")
    values = {each: value for path, value in values.items() for each in _together(scenario, path)}
    ranges: dict[str, Uncertain] = {}
    stated: dict[str, object] = {path: value for path, value in values.items() if path in choices}
    for path in sorted(values.keys() - choices, key=lambda path: (known[path].part, path)):
        knob, value = known[path], values[path]
        place, _, part = path.rpartition(".") if knob.part else (path, "", "")
        old = ranges.get(place) or _value_at(scenario, _keys(place))
        if isinstance(old, Uncertain):
            ranges[place] = (_with_part(old, part, value) if knob.part else moved(old, value)).rounded()
            stated[place] = ranges[place].written()
        else:
            stated[path] = as_written(rounded(value, knob.unit), knob.unit)
    return stated


def _together(scenario: Scenario, path: str) -> tuple[str, ...]:
    """A knob, and those that must equal it: the cap of an overlap group stands at each of its levers."""
    if not path.endswith(".overlap.cap"):
        return (path,)
    groups = {
        f"{section}.{key}.overlap.cap": each.overlap.group
        for section, measures in _sections(scenario)
        for key, each in measures.items()
        if each.overlap is not None
    }
    return tuple(each for each, group in groups.items() if group == groups[path])


def _sections(scenario: Scenario) -> tuple[tuple[str, Mapping[str, Driver]], ...]:
    return ("levers", scenario.levers), ("risks", scenario.risks)


def main_value(number: Uncertain) -> float | None:
    """The one value that stands for a range: likely, median or mean; of months a whole one; None where there is none to move."""
    if number.form == "choices":
        return None
    if number.form in MAIN_PARTS:
        value = number.parameters[MAIN_PARTS[number.form]]
    elif number.form == "beta":
        value = number.parameters[0] / sum(number.parameters)
    else:
        value = number.median
    return float(math.floor(value)) if number.unit == "month" else value


def moved(number: Uncertain, value: float) -> Uncertain:
    """The same range about another main value: its ends keep their ratio to it (months, and a main value of 0, their distance).

    Ends stop at the hard bounds, both of them where the main value lies midway between the two.

    Raises:
        ValueError: the range is a beta, whose mean lies between 0 and 1, and the value does not.
    """
    old = main_value(number)
    if number.unit == "month":
        value = float(math.floor(value))
    if old is None or number.certain:
        return Uncertain("certain", (value,), number.unit, number.low, number.high)
    if number.form == "beta":
        return _like(number, _beta_about(number, value))
    if number.form == "normal":
        spread = number.parameters[1]
        return _like(
            number, (value, spread if number.unit == "month" or old == 0 else abs(spread * value / old))
        )
    if number.form == "percentiles":
        ends = list(_percentiles_about(number, value))
    elif number.unit == "month" or old == 0:
        ends = [end + (value - old) for end in number.parameters]
    else:
        ends = sorted(end * value / old for end in number.parameters)
    return _like(number, tuple(_held(number, end) for end in ends))


def _beta_about(number: Uncertain, value: float) -> tuple[float, float]:
    """The parameters of a beta with as much weight about another mean; more weight where they would grow too small to state."""
    if not 0 <= value <= 1:
        raise ValueError(
            f"found {in_unit(value, number.unit)}, expected from {in_unit(0, number.unit)} to {in_unit(1, number.unit)}, as a beta is"
        )
    share = min(max(value, NEAREST_END), 1 - NEAREST_END)
    least, most = SHAPES
    weight = min(max(sum(number.parameters), least / min(share, 1 - share)), most)
    return share * weight, (1 - share) * weight


def _percentiles_about(number: Uncertain, value: float) -> tuple[float, float]:
    """Percentiles with another median, as far apart as the hard bounds allow.

    Positive ones are those of a lognormal, others those of a normal: a normal's lower end is not turned above 0.
    """
    p5, p95 = number.parameters
    middle, distance = (p5 + p95) / 2, (p95 - p5) / 2
    room = min(number.high - value, value - number.low)
    if number.unit == "month":
        shift = value - math.floor(middle)
        return (
            (p5 + shift, p95 + shift)
            if distance + 1 <= room
            else (value - math.floor(room), value + math.floor(room))
        )
    if p5 > 0 and value > 0:
        ratio = math.sqrt(p95 / p5)
    else:
        distance = min(distance * (abs(value / middle) if middle else 1.0), room)
        if distance >= (1 + ROUNDING) * value:
            return value - distance, value + distance
        if room >= (1 - ROUNDING) * value:
            return 0.0, 2 * value  # exactly: what rounding leaves of a 0 would make a lognormal without end
        ratio = (value + distance) / value
    ratio = min(ratio, number.high / value, value / number.low if number.low > 0 else math.inf)
    return value / ratio, value * ratio


def _like(number: Uncertain, parameters: tuple[float, ...]) -> Uncertain:
    return Uncertain(number.form, parameters, number.unit, number.low, number.high)


def _held(number: Uncertain, value: float) -> float:
    return min(max(value, number.low), number.high)


def _with_part(number: Uncertain, part: str, value: float) -> Uncertain:
    names = FORMS[number.form]
    return _like(
        number,
        tuple(value if name == part else old for name, old in zip(names, number.parameters, strict=True)),
    )


def _named(source: str) -> tuple[str, bool]:
    return source, "judgement" in source


def _outlook_source(field: str, stated: set[str]) -> tuple[str, bool]:
    return ("the scenario", True) if field in stated else _named(CALIBRATED["provenance"])


def _of_model(
    model: BaseModel, place: Path, source: Any, main: str = "", bounds: Mapping[str, Any] | None = None
) -> Iterator[Knob]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        mark = next((mark for mark in field.metadata if isinstance(mark, In)), None)
        if isinstance(value, BaseModel):
            yield from _of_model(value, (*place, name), lambda _, outer=name: source(outer))
        elif mark is not None and value is not None:
            limits = (
                tuple(mark.certain(bound) for bound in bounds[name]) if bounds and name in bounds else None
            )
            told = (field.description or "", *source(name))
            yield from _of_value(value, ".".join(map(str, (*place, name))), mark, told, name == main, limits)


def _of_value(
    value: Any, path: str, mark: In, told: tuple[str, str, bool], main: bool, limits: tuple[float, ...] | None
) -> Iterator[Knob]:
    text, source, judgement = told
    central = main_value(value) if isinstance(value, Uncertain) else float(value)
    if central is not None:
        low, high = limits or _span(central, mark)
        if isinstance(value, Uncertain) and value.form == "beta":
            low, high = (min(max(bound, 0.0), 1.0) for bound in (low, high))
        yield Knob(path, central, low, high, mark.step, mark.unit, text, source, judgement, main=main)
    if isinstance(value, Uncertain) and value.form in ("triangular", "percentiles", "normal"):
        for name, number in zip(FORMS[value.form], value.parameters, strict=True):
            if name not in ("likely", "mean"):
                own = mark.part(name)
                low, high = _span(number, own)
                yield Knob(
                    f"{path}.{name}",
                    number,
                    low,
                    high,
                    own.step,
                    own.unit,
                    text,
                    source,
                    judgement,
                    part=True,
                )


def _span(value: float, mark: In) -> tuple[float, float]:
    """The hard bounds, or 0 to three times the value where there are none within sight; a month moves two years both ways."""
    if mark.unit == "month":
        return max(value - 24, MONTHS[0]), min(value + 24, MONTHS[1])
    if mark.reach:
        return min(mark.reach[0], value), max(mark.reach[1], value)
    lowest = _least(value, mark.step) if mark.low == ABOVE_ZERO else mark.low
    closed = math.isfinite(mark.low) and math.isfinite(mark.high)
    if closed and (mark.unit in ("share", "probability") or (value and mark.high <= WIDE * abs(value))):
        return lowest, mark.high
    reach = 3 * value if value else 100 * (mark.step or 1)
    return max(min(0.0, reach), lowest), min(max(0.0, reach), mark.high)


def _least(value: float, step: float | None) -> float:
    """The lowest value that a slider may take where zero itself is excluded: a tenth of a step or of the value."""
    return min(step or 1.0, value) / 10


def _keys(path: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in path.split(".")]


def _value_at(scenario: Scenario, keys: list[str | int]) -> Any:
    """The value at a knob's path; the one item of a list needs no number."""
    node: Any = scenario
    for key in keys:
        if isinstance(node, tuple):
            node = node[key] if isinstance(key, int) else getattr(node[0], str(key))
        else:
            node = node[key] if isinstance(node, Mapping) else getattr(node, str(key))
    return node


def _put(data: Any, keys: list[str | int], value: object) -> None:
    node = data
    for key in keys[:-1]:
        if isinstance(node, tuple | list) and isinstance(key, str):
            node = node[0]
        if isinstance(node, dict):
            node.setdefault(key, {})
        node = node[key]
    (node[0] if isinstance(node, tuple | list) else node)[keys[-1]] = value
