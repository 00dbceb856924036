"""What can be asked of a scenario: a knob by its path or a driver's id, its bounds, the words that set it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import BaseModel

from simulator.errors import BaselineError
from simulator.model.result import Result
from simulator.numerics.least_change import rounded
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, knobs, knobs_by_path, turned, written
from simulator.values.address import Address
from simulator.values.fields import titles
from simulator.values.notation import flow
from simulator.values.periods import month_text
from simulator.values.rates import rate_name
from simulator.values.units import Unit, digits, read_number
from simulator.values.wording import capital, marked, plainly, show, unknown

PERIOD = "target.period"
NO_LAW = -math.inf  # in place of a probability, where the figures have no law
EXAMPLES = 8  # of what can be turned, in a message
HALVINGS = 20  # of the way to a bound that is not taken
Run = Callable[[Scenario], Result]  # the engine's ``simulate``, on the draws of one analysis
Value = float | str  # of a number in an answer: percents as fractions, months and periods as text


@dataclass(frozen=True)
class Question(ABC):
    """A number that can be set: where it stands, and between which bounds, in ``unit``.

    ``base`` is the scenario with the levers and risks in question switched on, ``switched_on`` the paths of
    those that were off.
    """

    name: str
    unit: Unit
    present: float
    low: float
    high: float
    base: Scenario
    switched_on: tuple[str, ...]

    @property
    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """What moves, as ``--set`` takes it."""

    @property
    def section(self) -> str:
        """The section of the scenario in which it stands, or the first of several."""
        return Address.parse(self.paths[0]).section

    @abstractmethod
    def at(self, number: float) -> Scenario:
        """The scenario with the number at a value.

        Raises:
            ValueError: the vocabulary does not take it.
        """

    @abstractmethod
    def changes(self, number: float) -> dict[str, Any]:
        """What a file would have to state, by the path of each field."""

    @abstractmethod
    def value(self, number: float) -> Value:
        """The number as an answer gives it."""

    @abstractmethod
    def values(self, number: float) -> dict[str, Value]:
        """What stands at each path with the number at a value, as an answer gives it."""


@dataclass(frozen=True)
class KnobQuestion(Question):
    """A knob that can be turned, or several turned together.

    ``numbers`` gives what they stand at, by path, at a value of the number.
    """

    knobs: tuple[Knob, ...]
    numbers: Callable[[float], dict[str, float]]

    @property
    def paths(self) -> tuple[str, ...]:
        """Those of the knobs."""
        return tuple(knob.path for knob in self.knobs)

    def at(self, number: float) -> Scenario:
        """The scenario with the knobs turned."""
        return turned(self.base, self.numbers(number))

    def takes(self, number: float) -> bool:
        """Whether the vocabulary takes a value of the number."""
        try:
            self.at(number)
        except ValueError:
            return False
        return True

    def changes(self, number: float) -> dict[str, Any]:
        """The knobs as written, and what is switched on."""
        on = {f"{owner}.enabled": True for owner in self.switched_on}
        return on | written(self.base, self.numbers(number))

    def value(self, number: float) -> Value:
        """To twelve digits; months as text."""
        return stated(number, self.unit)

    def values(self, number: float) -> dict[str, Value]:
        """What each knob stands at, in its own unit."""
        units = {knob.path: knob.unit for knob in self.knobs}
        return {path: stated(value, units[path]) for path, value in self.numbers(number).items()}


@dataclass(frozen=True)
class PeriodQuestion(Question):
    """When the target is: the number is by how many years the period of every target is shifted."""

    @property
    def paths(self) -> tuple[str, ...]:
        """One, of however many targets."""
        return (PERIOD,)

    def at(self, number: float) -> Scenario:
        """The scenario with its targets' periods shifted."""
        if not number:
            return self.base
        periods = (target.period.shift(12 * int(number)) for target in self.base.target)
        pairs = zip(self.base.target, periods, strict=True)
        return self.base.changed(
            target=[target.model_copy(update={"period": period}) for target, period in pairs]
        )

    def changes(self, number: float) -> dict[str, Any]:
        """Each target's period by its path."""
        return dict(self.values(number))

    def value(self, number: float) -> Value:
        """The targets' periods, each once."""
        return " and ".join(sorted({str(period) for period in self.values(number).values()}))

    def values(self, number: float) -> dict[str, Value]:
        """Each target's period by its path."""
        return {
            str(self.base.target_address(index) / "period"): str(target.period.shift(12 * int(number)))
            for index, target in enumerate(self.base.target)
        }


def stated(value: float, unit: Unit) -> Value:
    """A value as an answer gives it: to twelve digits, months as text."""
    return month_text(int(value)) if unit is Unit.MONTH else float(digits(value))


def knob_named(scenario: Scenario, name: str) -> Knob:
    """The knob that a name means: a path, or a driver's id, with or without its section, for its main value.

    Raises:
        ValueError: there is none; the message lists what there is, with the nearest.
    """
    known = knobs_by_path(scenario)
    if name in known:
        return known[name]
    for knob in known.values():
        if knob.main and name in (str(knob.address.owner), knob.address.id):
            return knob
    raise ValueError(_no_knob(scenario, name))


def main_knobs(scenario: Scenario) -> list[Knob]:
    """The main value of every lever that has one number to turn, also of those that are off."""
    return [knob for knob in knobs(scenario) if knob.main and knob.address.section == "levers"]


def _no_knob(scenario: Scenario, name: str) -> str:
    """The message on a name that means no knob: main values and the target's numbers stand first."""
    known = knobs(scenario)
    mains = [knob.path for knob in known if knob.main]
    amounts = [knob.path for knob in known if knob.address.section == "target"]
    names = tuple(dict.fromkeys([*mains, *amounts, PERIOD, *(knob.path for knob in known)]))
    if name and _stands(scenario, name):
        examples = ", ".join(names[:EXAMPLES])
        return (
            f"found {name!r}, which is no single number that can be turned; expected one such as {examples}"
        )
    return unknown(name, names, "a number that can be turned")


def _stands(scenario: Scenario, name: str) -> bool:
    """Whether a path names a field of the scenario, if no number; of a list, whichever item."""
    try:
        address = Address(0 if isinstance(key, int) else key for key in Address.parse(name))
        holder = address.parent.get(scenario)
        address.get(scenario)
    except (KeyError, ValueError):
        return False
    if isinstance(holder, BaseModel):
        return address.name in type(holder).model_fields
    return isinstance(holder, Mapping | tuple)


def question(scenario: Scenario, knob: Knob, bounds: str | None = None) -> KnobQuestion:
    """What can be asked of one knob; a lever or risk that is off is switched on for it.

    Args:
        scenario: where the knob is.
        knob: of the scenario.
        bounds: ``LO:HI`` in place of the knob's own.

    Raises:
        ValueError: bounds that are no numbers of its unit, are reversed, leave out the present value, or are
            not allowed.
    """
    asked = about(scenario, knob)
    if bounds is None:
        low, high = (_nearest(asked, bound) for bound in (knob.low, knob.high))
    else:
        low, high = _read_bounds(bounds, knob)
        for bound in (low, high):
            _refuse(asked, bound)
    return replace(asked, low=min(low, knob.value), high=max(high, knob.value))


def about(scenario: Scenario, knob: Knob) -> KnobQuestion:
    """What is asked of one knob where its bounds do not matter: the vocabulary may not take them."""
    base, off = switched_on(scenario, [knob.address])
    return KnobQuestion(
        name=name_of(scenario, knob),
        unit=knob.unit,
        present=knob.value,
        low=knob.low,
        high=knob.high,
        base=base,
        switched_on=off,
        knobs=(knob,),
        numbers=lambda number: {knob.path: number},
    )


def together(scenario: Scenario, names: Sequence[str], run: Run) -> KnobQuestion:
    """Several knobs moved at once, each the same fraction of the way from its present value.

    Each goes to that of its bounds at which it alone helps most.

    Raises:
        ValueError: no such knob, or the target's period among them.
    """
    if PERIOD in names:
        raise ValueError(f"found {PERIOD} among levers together; ask for it alone")
    alone = [question(scenario, knob_named(scenario, name)) for name in dict.fromkeys(names)]
    moved = tuple(part.knobs[0] for part in alone)
    base, off = switched_on(scenario, [knob.address for knob in moved])
    ends = [_best_bound(part, run) for part in alone]
    return KnobQuestion(
        name=" and ".join(dict.fromkeys(part.name for part in alone)),
        unit=Unit.FRACTION_OF_THE_WAY,
        present=0.0,
        low=0.0,
        high=1.0,
        base=base,
        switched_on=off,
        knobs=moved,
        numbers=partial(_on_the_way, moved, ends),
    )


def _on_the_way(moved: Sequence[Knob], ends: Sequence[float], fraction: float) -> dict[str, float]:
    """What knobs stand at a fraction of the way to some bounds; of whole numbers the nearest."""
    numbers = {
        knob.path: knob.value + fraction * (end - knob.value) for knob, end in zip(moved, ends, strict=True)
    }
    return numbers | {knob.path: rounded(numbers[knob.path]) for knob in moved if knob.unit.integer}


def _best_bound(asked: KnobQuestion, run: Run) -> float:
    """The bound of a number at which the probability is higher."""
    return max((asked.low, asked.high), key=lambda bound: probability_of(run, asked.at(bound)))


def switched_on(scenario: Scenario, addresses: Iterable[Address]) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with some levers and risks switched on, and the paths of those that were off.

    Args:
        scenario: where they are.
        addresses: of any of their fields; others are passed over.
    """
    drivers = dict(scenario.drivers())
    owners = dict.fromkeys(address.owner for address in addresses)
    off = [owner for owner in owners if owner in drivers and not drivers[owner].enabled]
    for owner in off:
        scenario = (owner / "enabled").put(scenario, True)
    return scenario, tuple(map(str, off))


def name_of(scenario: Scenario, knob: Knob) -> str:
    """What people call a number: the driver's name, with the field beside it unless that is the main one."""
    address = knob.address
    if address.section == "target":
        target = scenario.target[address[1] if isinstance(address[1], int) else 0]
        return f"The target: {target.quantity.name} in {target.period}"
    if address.section == "outlook":
        return capital(", ".join(titles(scenario.outlook, address[1:])))
    if address.section == "rates":
        return ", ".join((capital(rate_name(address.id)), *map(str, address.field)))
    driver = dict(scenario.drivers()).get(address.owner)
    if driver is None:
        return knob.path
    name = driver.name or address.id
    return name if str(address.field) == driver.main_field else f"{name}, {address.field}"


def settings(changes: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of ``--set`` for some written values by path."""
    return tuple(f"{path}={flow(value, text=str, number=_exactly)}" for path, value in changes.items())


def _exactly(number: float) -> str:
    """A number to the last digit, without an exponent."""
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def probability_of(run: Run, scenario: Scenario) -> float:
    """The probability, ``-inf`` where the figures have no law."""
    try:
        return run(scenario).probability
    except BaselineError:
        return NO_LAW


# Bounds


def _nearest(asked: KnobQuestion, bound: float) -> float:
    """A bound, or the farthest value towards it that the vocabulary takes."""
    if asked.takes(bound):
        return bound
    good, bad = asked.present, bound
    for _ in range(HALVINGS):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if asked.takes(middle) else (good, middle)
    near = float(f"{good:.4g}")
    return near if asked.takes(near) else good


def _refuse(asked: KnobQuestion, bound: float) -> None:
    try:
        asked.at(bound)
    except ValueError as error:
        raise ValueError(f"found a bound that {asked.paths[0]} does not take: {plainly(error)}") from None


def _read_bounds(text: str, knob: Knob) -> tuple[float, float]:
    low, high = (read_value(part, knob) for part in two_parts(text, "6:40"))
    if low >= high:
        raise ValueError(f"found bounds {text}, expected the lower one first")
    if not low <= knob.value <= high:
        present = f"{knob.written(knob.value)} of {knob.path}"
        raise ValueError(f"found bounds {text}, which leave out the present value {present}")
    return low, high


def two_parts(text: str, example: str) -> tuple[str, str]:
    """The ends of ``LO:HI``.

    Raises:
        ValueError: one is missing.
    """
    low, colon, high = (part.strip() for part in text.partition(":"))
    if not (low and colon and high):
        raise ValueError(f"found bounds {text!r}, expected LO:HI such as {example}")
    return low, high


def read_value(raw: str | float, knob: Knob, what: str = "bound") -> float:
    """A value of a knob as people write it, or as a number in the knob's own unit; ``what`` names it.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(raw, str):
        return knob.unit.read(raw) if knob.unit in (Unit.MONTH, Unit.WHOLE_NUMBER) else read_number(raw)
    text = raw.strip()
    if knob.unit is Unit.MONTH or text.endswith("%"):
        return knob.unit.read(text)
    try:
        number = int(text) if text.lstrip("+-").isdecimal() else float(text)
    except ValueError:
        example = f"a number such as {knob.written(knob.value)}"
        raise ValueError(f"found {what} {show(text)}, expected {example}{marked(text)}") from None
    return knob.unit.read(number)
