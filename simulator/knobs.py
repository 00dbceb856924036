"""Every number of a scenario that can be turned, read off the vocabulary's field metadata: one declaration, many uses.

Sliders, solve, sweeps, tornado and the starter file read these knobs; none of them knows a field by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from simulator.measures import Measure
from simulator.scenario import CALIBRATED, Scenario
from simulator.uncertain import ABOVE_ZERO, FORMS, In, Uncertain, digits, in_unit

WIDE = 5  # hard bounds that reach further than this many times the value make no slider
YEARS_BEYOND = 5  # the target's, or the present one, that a switch offers
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
        found += _of_model(target, place[:-1], lambda _: ("the scenario's target", False))
    stated = scenario.outlook.model_fields_set
    found += _of_model(scenario.outlook, ("outlook",), lambda field: _outlook_source(field, stated))
    for key, stream in scenario.streams.items():
        found += _of_model(stream, ("streams", key), lambda _: ("judgement", True))
    sections: dict[str, Mapping[str, Measure]] = {"levers": scenario.levers, "risks": scenario.risks}
    for section, measures in sections.items():
        for key, measure in measures.items():
            found += _of_model(measure, (section, key), lambda field, m=measure: _named(m.source(field)), measure.main_field, measure.bounds)
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
        found.append(Switch("target.period", now, years, type(target).model_fields["period"].description or ""))
    found += _choices_of(scenario.outlook, "outlook")
    sections: dict[str, Mapping[str, Measure]] = {"levers": scenario.levers, "risks": scenario.risks}
    for section, measures in sections.items():
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
    return tuple(option for member in get_args(annotation) for option in ((None,) if member is type(None) else _literals(member)))


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
    choices = {switch.path for switch in switches(scenario)} if any(path not in known for path in values) else set()
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
            ranges[place] = _with_part(old, part, value) if knob.part else moved(old, value)
            stated[place] = _rounded(ranges[place].written())
        else:
            stated[path] = f"{digits(100 * value)}%" if knob.unit.startswith("percent") else _rounded(value)
    return stated


def _together(scenario: Scenario, path: str) -> tuple[str, ...]:
    """A knob, and those that must equal it: the cap of an overlap group stands at each of its levers."""
    if not path.endswith(".overlap.cap"):
        return (path,)
    own = scenario.levers[path.split(".")[1]].overlap
    return tuple(f"levers.{key}.overlap.cap" for key, lever in scenario.levers.items() if lever.overlap and own and lever.overlap.group == own.group)


def _rounded(number: object) -> object:
    if isinstance(number, Mapping):
        return {_rounded(key): _rounded(value) for key, value in number.items()}
    return float(digits(number)) if isinstance(number, float) else number


def main_value(number: Uncertain) -> float | None:
    """The one value that stands for a range: likely, median or mean; None where there is none to move."""
    if number.form == "choices":
        return None
    if number.form in MAIN_PARTS:
        return number.parameters[MAIN_PARTS[number.form]]
    if number.form == "beta":
        return number.parameters[0] / sum(number.parameters)
    return number.median


def moved(number: Uncertain, value: float) -> Uncertain:
    """The same range about another main value: its ends keep their ratio to it (months, and a main value of 0, their distance)."""
    old = main_value(number)
    if old is None or number.certain:
        return Uncertain("certain", (value,), number.unit, number.low, number.high)
    if number.form == "beta":
        weight = sum(number.parameters)
        share = min(max(value, 1e-6), 1 - 1e-6)
        return _like(number, (share * weight, (1 - share) * weight))
    if number.unit == "month" or old == 0:
        shift = value - old
        spared = number.form == "normal"
        return _like(number, (value, number.parameters[1]) if spared else tuple(_held(number, p + shift) for p in number.parameters))
    if number.form == "normal":
        return _like(number, (value, abs(number.parameters[1] * value / old)))
    scaled = (_held(number, p * value / old) for p in number.parameters)
    return _like(number, tuple(sorted(scaled)))


def _like(number: Uncertain, parameters: tuple[float, ...]) -> Uncertain:
    return Uncertain(number.form, parameters, number.unit, number.low, number.high)


def _held(number: Uncertain, value: float) -> float:
    return min(max(value, number.low), number.high)


def _with_part(number: Uncertain, part: str, value: float) -> Uncertain:
    names = FORMS[number.form]
    return _like(number, tuple(value if name == part else old for name, old in zip(names, number.parameters, strict=True)))


def _named(source: str) -> tuple[str, bool]:
    return source, "judgement" in source


def _outlook_source(field: str, stated: set[str]) -> tuple[str, bool]:
    return ("the scenario", True) if field in stated else _named(CALIBRATED["provenance"])


def _of_model(model: BaseModel, place: Path, source: Any, main: str = "", bounds: Mapping[str, Any] | None = None) -> Iterator[Knob]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        mark = next((mark for mark in field.metadata if isinstance(mark, In)), None)
        if isinstance(value, BaseModel):
            yield from _of_model(value, (*place, name), lambda _, outer=name: source(outer))
        elif mark is not None and value is not None:
            limits = tuple(mark.certain(bound) for bound in bounds[name]) if bounds and name in bounds else None
            told = (field.description or "", *source(name))
            yield from _of_value(value, ".".join(map(str, (*place, name))), mark, told, name == main, limits)


def _of_value(value: Any, path: str, mark: In, told: tuple[str, str, bool], main: bool, limits: tuple[float, ...] | None) -> Iterator[Knob]:
    text, source, judgement = told
    central = main_value(value) if isinstance(value, Uncertain) else float(value)
    if central is not None:
        low, high = limits or _span(central, mark)
        yield Knob(path, central, low, high, mark.step, mark.unit, text, source, judgement, main=main)
    if isinstance(value, Uncertain) and value.form in ("triangular", "percentiles", "normal"):
        for name, number in zip(FORMS[value.form], value.parameters, strict=True):
            if name not in ("likely", "mean"):
                low, high = _span(number, mark)
                yield Knob(f"{path}.{name}", number, low, high, mark.step, mark.unit, text, source, judgement, part=True)


def _span(value: float, mark: In) -> tuple[float, float]:
    """The hard bounds, or 0 to three times the value where there are none within sight; a month moves two years both ways."""
    if mark.unit == "month":
        return value - 24, value + 24
    if mark.reach:
        return min(mark.reach[0], value), max(mark.reach[1], value)
    closed = math.isfinite(mark.low) and math.isfinite(mark.high)
    if closed and (mark.unit in ("share", "probability") or (value and mark.high <= WIDE * abs(value))):
        return _above_zero(mark), mark.high
    reach = 3 * value if value else 100 * (mark.step or 1)
    return max(min(0.0, reach), _above_zero(mark)), min(max(0.0, reach), mark.high)


def _above_zero(mark: In) -> float:
    """The lowest value that a slider may take where zero itself is excluded: a tenth of a step."""
    return (mark.step or 1) / 10 if mark.low == ABOVE_ZERO else mark.low


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
