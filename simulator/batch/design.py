"""The sets of a sweep: what varies, over which values, and which set has which number.

A set follows from its number alone, so that any part of a sweep can be answered by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, get_args

import numpy as np

from simulator.analysis.questions import PERIOD, knob_named, read_value, stated
from simulator.numerics.designs import latin, sobol
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, Switch, switches
from simulator.values.limits import SWEEP_SETS, SWEEP_VALUES
from simulator.values.numerals import counted
from simulator.values.units import Unit
from simulator.values.wording import show, unknown

Kind = Literal["grid", "sobol", "lhs"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Value = float | str | bool | None  # of an axis: months counted, percents as fractions, choices as they are
Cell = int | float | str | bool | None  # the same in a table: months and choices as text
NOTHING = "null"  # the choice to leave a field out, in a table: an empty cell means that nothing was said


@dataclass(frozen=True)
class Axis:
    """One knob or switch that varies: over listed values, or anywhere from ``low`` to ``high``.

    ``unit`` is that of the knob, None of a switch.
    """

    path: str
    unit: Unit | None
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0

    def at(self, fractions: np.ndarray) -> list[Value]:
        """The values at some parts of the way through it, each between 0 and 1, shape (sets,)."""
        if self.values:
            count = len(self.values)
            return [self.values[min(int(part * count), count - 1)] for part in fractions.tolist()]
        if self.unit is not None and self.unit.integer:
            count = math.floor(self.high) - math.ceil(self.low) + 1
            return [math.ceil(self.low) + min(int(part * count), count - 1) for part in fractions.tolist()]
        unit = self.unit or Unit.NUMBER
        return [unit.rounded(value) for value in (self.low + fractions * (self.high - self.low)).tolist()]

    def cell(self, value: Value) -> Cell:
        """A value as a table states it."""
        if isinstance(value, bool):
            return value
        if self.unit is None or isinstance(value, str) or value is None:
            return NOTHING if value is None else str(value)
        return int(value) if self.unit is Unit.WHOLE_NUMBER else stated(value, self.unit)

    @property
    def kind(self) -> type:
        """Of which type its cells are."""
        if self.unit is None:
            return bool if all(isinstance(value, bool) for value in self.values) else str
        return str if self.unit is Unit.MONTH else int if self.unit is Unit.WHOLE_NUMBER else float

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        data: dict[str, Any] = {"path": self.path, "unit": str(self.unit or "choice")}
        if self.values:
            return {**data, "values": [self.cell(value) for value in self.values]}
        return {**data, "low": self.cell(self.low), "high": self.cell(self.high)}


@dataclass(frozen=True)
class Design:
    """Which sets there are: ``count`` of them, numbered from 0."""

    axes: tuple[Axis, ...]
    kind: Kind
    count: int
    seed: int

    def sets(self, start: int, stop: int) -> Iterator[tuple[Value, ...]]:
        """The values of every axis in the sets from one number up to another, the latter left out."""
        if not self.axes:
            return iter(((),) * (stop - start))
        return zip(*self._columns(np.arange(start, stop)), strict=True)

    def _columns(self, indices: np.ndarray) -> list[list[Value]]:
        if self.kind == "grid":  # of every combination the last axis varies fastest
            places = np.unravel_index(indices, [len(axis.values) for axis in self.axes])
            pairs = zip(self.axes, places, strict=True)
            return [[axis.values[place] for place in of_axis.tolist()] for axis, of_axis in pairs]
        names = [axis.path for axis in self.axes]
        parts = (
            sobol(indices, names, self.seed)
            if self.kind == "sobol"
            else latin(indices, names, self.seed, self.count)
        )
        return [axis.at(parts[:, number]) for number, axis in enumerate(self.axes)]

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {"design": self.kind, "sets": self.count, "axes": [axis.to_dict() for axis in self.axes]}


@dataclass(frozen=True)
class Varying:
    """What is to vary, as it is asked for.

    Args:
        grid: values by path.
        ranges: (low, high, how many) by path: values equally far apart.
        sample: (low, high) by path: drawn from anywhere between.
        design: how sets are spread over all of it; left out, see ``design_of``.
        count: how many sets there are, where the design does not say.
    """

    grid: Mapping[str, Iterable[Any]] = field(default_factory=dict)
    ranges: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sample: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    design: Kind | None = None
    count: int | None = None

    def axes(self, scenario: Scenario) -> list[Axis]:
        """What varies in a scenario.

        Raises:
            ValueError: no such path in it, or a value that cannot be read.
        """
        return list(axes_of(scenario, self.grid, self.ranges, self.sample))


def design_of(axes: Sequence[Axis], kind: Kind | None, count: int | None, seed: int) -> Design:
    """The design over some axes; left out, every combination, or Sobol's points where an axis is sampled.

    Raises:
        ValueError: the same path twice, or a number of sets that does not go with the design.
    """
    _refuse_repeated(axes)
    sampled_ones = [axis.path for axis in axes if not axis.values]
    kind = kind or ("sobol" if sampled_ones or count is not None else "grid")
    if kind not in KINDS:
        raise ValueError(unknown(kind, KINDS, "a design"))
    if kind != "grid":
        return Design(tuple(axes), kind, _checked(count, kind, axes), seed)
    if sampled_ones:
        instead = f"give it values with --grid or --range, or choose --design {' or '.join(KINDS[1:])}"
        raise ValueError(f"found {sampled_ones[0]} to be sampled in a grid of all combinations; {instead}")
    return Design(tuple(axes), kind, _combinations(axes, count), seed)


def _refuse_repeated(axes: Sequence[Axis]) -> None:
    paths = [axis.path for axis in axes]
    for path in paths:
        if paths.count(path) > 1:
            raise ValueError(f"found {path} twice, expected each path once")


def _combinations(axes: Sequence[Axis], count: int | None) -> int:
    """How many sets a grid has, which is what is asked for if anything is."""
    combinations = math.prod(len(axis.values) for axis in axes)
    if count not in (None, combinations):
        raise ValueError(
            f"found {count:,} sets of a grid that has {combinations:,} combinations; leave the number of "
            f"sets out, or choose --design {' or '.join(KINDS[1:])}"
        )
    return _few_enough(combinations)


def _checked(count: int | None, kind: Kind, axes: Sequence[Axis]) -> int:
    if count is None:
        raise ValueError(f"found no number of sets, expected one for the design {kind}, such as --n 1000")
    if count < 1:
        raise ValueError(f"found {count} sets, expected at least 1")
    if not axes:
        raise ValueError(
            f"found {count:,} sets and nothing that varies, expected --grid, --range or --sample"
        )
    return _few_enough(count)


def _few_enough(count: int) -> int:
    SWEEP_SETS.require(count)
    return count


# What is asked for, read


def listed(scenario: Scenario, path: str, values: Iterable[Any]) -> Axis:
    """An axis over values, numbers or as people write them: ``44%``, ``2019-07``, ``true``.

    Raises:
        ValueError: no such knob or switch, no value, or one that cannot be read.
    """
    place = _place(scenario, path)
    stated = list(islice(values, SWEEP_VALUES.most + 1))
    SWEEP_VALUES.require(len(stated))
    read = tuple(dict.fromkeys(_read(place, value, path) for value in stated))
    if not read:
        raise ValueError(f"found no value of {path}, expected at least one")
    return Axis(place.path, None if isinstance(place, Switch) else place.unit, read)


def ranged(scenario: Scenario, path: str, low: Any, high: Any, count: Any) -> Axis:
    """An axis over values equally far apart, the first and the last exactly as given; of whole numbers whole.

    Raises:
        ValueError: no such knob, ends that cannot be read or are no range, fewer than two values.
    """
    knob, (first, last) = _span(scenario, path, low, high)
    steps = _whole_number(count, path)
    if steps < 2:
        raise ValueError(
            f"found {counted(steps, 'value')} of {path}, expected at least 2; name one value with --grid"
        )
    SWEEP_VALUES.require(steps)
    unit = knob.unit
    inner = [first + (last - first) * step / (steps - 1) for step in range(1, steps - 1)]
    between = [float(round(value)) if unit.integer else unit.rounded(value) for value in inner]
    return Axis(knob.path, unit, tuple(dict.fromkeys((first, *between, last))))


def sampled(scenario: Scenario, path: str, low: Any, high: Any) -> Axis:
    """An axis anywhere between two ends, all values equally likely.

    Raises:
        ValueError: no such knob, or ends that cannot be read or are no range.
    """
    knob, (first, last) = _span(scenario, path, low, high)
    return Axis(knob.path, knob.unit, (), first, last)


def _span(scenario: Scenario, path: str, low: Any, high: Any) -> tuple[Knob, tuple[float, float]]:
    knob = _place(scenario, path)
    if isinstance(knob, Switch):
        options = ",".join(map(_word, knob.options))
        raise ValueError(
            f"found a range of {path}, which is a choice; expected its values, --grid {path}={options}"
        )
    first, last = (_number(end, knob, path) for end in (low, high))
    if not first < last:
        raise ValueError(f"found {low}:{high} of {path}, expected a lower end, then a higher one")
    return knob, (first, last)


def _whole_number(count: Any, path: str) -> int:
    text = str(count).strip()
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"found {show(count)} values of {path}, expected a whole number such as 9")
    return _few_enough(int(text))


def _place(scenario: Scenario, path: str) -> Knob | Switch:
    """The knob or switch that a path means, or a driver's id.

    Raises:
        ValueError: there is none; the message names the nearest.
    """
    for switch in switches(scenario):
        if switch.path == path:
            return switch
    return knob_named(scenario, path)


def _number(value: Any, knob: Knob, path: str) -> float:
    value = value.item() if isinstance(value, np.generic) else value
    try:
        return read_value(value, knob, "value")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _read(place: Knob | Switch, value: Any, path: str) -> Value:
    if isinstance(place, Knob):
        return _number(value, place, path)
    if place.path == PERIOD:
        return int(value) if str(value).isdecimal() else str(value)
    return _choice(place, value.item() if isinstance(value, np.generic) else value)


def _choice(place: Switch, value: Any) -> Value:
    """The option that a value means, written or as it is."""
    words = {_word(option): option for option in place.options}
    word = _word(value).strip()
    if word not in words:
        raise ValueError(unknown(value, tuple(words), f"a value of {place.path}"))
    option: Value = words[word]
    return option


def _word(option: Any) -> str:
    """A choice as a command line states it."""
    return NOTHING if option is None else str(option).lower()


Reader = Callable[..., Axis]


def axes_of(
    scenario: Scenario,
    grid: Mapping[str, Iterable[Any]],
    ranges: Mapping[str, Sequence[Any]],
    sample: Mapping[str, Sequence[Any]],
) -> Iterator[Axis]:
    """The axes of three mappings of paths: to values, to (low, high, count), to (low, high).

    Raises:
        ValueError: as ``listed``, ``ranged`` and ``sampled``; a range without all of its parts.
    """
    for path, values in grid.items():
        alone = isinstance(values, str | int | float | bool) or values is None
        yield listed(scenario, path, [values] if alone else values)
    parts: tuple[tuple[Mapping[str, Sequence[Any]], Reader, int, str], ...] = (
        (ranges, ranged, 3, "low, high and how many"),
        (sample, sampled, 2, "low and high"),
    )
    for asked, read, count, expected in parts:
        for path, values in asked.items():
            if isinstance(values, str) or len(values) != count:
                raise ValueError(f"found {show(values)} for {path}, expected {expected}")
            yield read(scenario, path, *values)
