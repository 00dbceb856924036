"""The uncertain fields of a scenario; the main values of a group that is drawn together are one.

Of a group the unknown is the common direction of its members: the mean of the normals behind their main
values, each with the sign by which it goes with the group. As any two are correlated alike, that is their
first principal component, and each member's mean given it is the same number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel
from typing_extensions import override

from simulator.levers.driver import Driver, uncertain_numbers
from simulator.scenario import Scenario
from simulator.scenario.dependence import Bond, Drivers, at_work, bonds
from simulator.scenario.parameters import TREND
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import Each, title_of
from simulator.values.numerals import enumeration
from simulator.values.rates import Stated, rate_name
from simulator.values.uncertain import Uncertain
from simulator.values.wording import capital


@dataclass(frozen=True)
class Field:
    """An uncertain field of a lever or risk at work, of a stream or of the outlook."""

    address: Address
    name: str
    number: Uncertain
    meaning: str
    source: str

    def levels(self, level: float) -> Iterator[tuple[Field, float]]:
        """The fields that it consists of, itself alone, each with its level where this is at a level."""
        yield self, level


@dataclass(frozen=True)
class ByPeriod(Field):
    """The rate of a currency, uncertain in several periods, which move as one: ``steps``, the last named."""

    steps: tuple[Field, ...] = ()

    @override
    def levels(self, level: float) -> Iterator[tuple[Field, float]]:
        for step in self.steps:
            yield step, level


class Member(NamedTuple):
    """A main value of a group; ``sign`` is -1 where it goes against the group's normal."""

    field: Field
    sign: float


@dataclass(frozen=True)
class Joint:
    """The main values of levers and risks that are drawn together.

    ``pearson`` is the correlation of any two of the normals behind them, ``correlation`` that of the file.
    """

    address: Address
    name: str
    members: tuple[Member, ...]
    pearson: float
    correlation: float

    @property
    def reach(self) -> float:
        """The standard deviation of the mean of the members' normals, and each one's mean at its unit."""
        count = len(self.members)
        return math.sqrt((1 + (count - 1) * self.pearson) / count)

    def levels(self, level: float) -> Iterator[tuple[Field, float]]:
        """The members, each at the level where it is on average with their common direction at a level."""
        from scipy.special import ndtr, ndtri

        for field, sign in self.members:
            yield field, float(ndtr(sign * self.reach * ndtri(level)))

    def standing(self, normals: np.ndarray) -> np.ndarray:
        """Where their common direction stands in its own law, between 0 and 1, shape (points,).

        Args:
            normals: behind each member, shape (members, points).
        """
        from scipy.special import ndtr

        signs = np.array([member.sign for member in self.members])
        return np.asarray(ndtr(signs @ normals / (len(signs) * self.reach)))

    @property
    def source(self) -> str:
        """What its members rest on, each once; judgement where any of them does."""
        sources = list(dict.fromkeys(field.source for field, _ in self.members))
        judged = sorted(sources, key=lambda source: Basis.of(source) is not Basis.JUDGEMENT)
        return "; ".join(judged)


def label(key: str, item: Any) -> str:
    """What a lever, risk or stream is called on charts: its name, or its id."""
    return str(item.name or key)


def described(scenario: Scenario, address: Address) -> str:
    """What the description of a field says, up to its first semicolon."""
    holder = address.parent.get(scenario)
    if isinstance(holder, BaseModel):
        return (type(holder).model_fields[address.name].description or "").partition(";")[0]
    field = type(address.parent.parent.get(scenario)).model_fields[address.parent.name]
    items = Each.of(field.metadata)
    return items.meaning.partition(";")[0] if items else ""


def uncertain(scenario: Scenario) -> Iterator[Field]:
    """Every uncertain field that is in play: of levers and risks at work, of streams, the trend, rates."""
    drivers = dict(scenario.drivers())
    working = at_work(drivers)
    for address, driver in drivers.items():
        if address in working:
            yield from _driver_fields(scenario, address, driver)
    for key, stream in scenario.streams.items():
        if stream.share is not None and not stream.share.certain:
            address = Address.of("streams", key, "share")
            name = f"{label(key, stream)}: share of {stream.direction}"
            yield Field(address, name, stream.share, described(scenario, address), Basis.JUDGEMENT)
    trend = scenario.outlook.trend
    if not trend.certain:
        name = capital(title_of(type(scenario.outlook), "trend"))
        yield Field(TREND, name, trend, described(scenario, TREND), Basis.JUDGEMENT)
    for code, rate in scenario.rates.items():
        yield from _rate(Address.of("rates", code), rate, f"{scenario.currency} for one")


def _rate(address: Address, rate: Stated, meaning: str) -> Iterator[Field]:
    """The rate of a currency, if it is uncertain: of several periods that of the last such one, for all."""
    name = capital(rate_name(address.id))
    if not isinstance(rate, Mapping):
        if not rate.certain:
            yield Field(address, name, rate, meaning, Basis.JUDGEMENT)
        return
    steps = tuple(
        Field(address / key, f"{name} in {key}", number, meaning, Basis.JUDGEMENT)
        for key, number in sorted(rate.items(), key=lambda item: item[0].period)
        if not number.certain
    )
    if steps:
        yield ByPeriod(address, steps[-1].name, steps[-1].number, meaning, Basis.JUDGEMENT, steps)


def _driver_fields(scenario: Scenario, place: Address, driver: Driver) -> Iterator[Field]:
    for field, number in uncertain_numbers(driver):
        if not number.certain:
            address, source = place.join(field), driver.source(str(field[0]))
            name = f"{label(place.id, driver)}: {_words(field)}"
            yield Field(address, name, number, described(scenario, address), source)


def _words(field: Address) -> str:
    return " ".join(map(str, field)).replace("_", " ")


# Drawn together


def drawn_as_one(fields: Sequence[Field], read: frozenset[str], drivers: Drivers) -> Iterator[Field | Joint]:
    """The same fields in their order, those of a group's main values as one where its first stands.

    Args:
        fields: that count in an answer.
        read: the names of its draws; what is drawn under another name is drawn for itself.
        drivers: all levers and risks.
    """
    groups = _groups([field for field in fields if str(field.address) in read], drivers)
    columns = {field.address: column for column, members in groups.items() for field, _ in members}
    for field in fields:
        column = columns.get(field.address)
        if column is None:
            yield field
        elif field is groups[column][0][0]:
            yield _joint(column, groups[column], drivers)


Bound = tuple[Field, Bond]


def _groups(fields: Iterable[Field], drivers: Drivers) -> dict[str, list[Bound]]:
    """The main values of each group, by its column, where they are several."""
    bound = bonds(drivers)
    groups: dict[str, list[Bound]] = {}
    for field in fields:
        if (bond := _bond(field, drivers, bound)) is not None:
            groups.setdefault(bond.column, []).append((field, bond))
    return {column: members for column, members in groups.items() if len(members) > 1}


def _bond(field: Field, drivers: Drivers, bound: dict[Address, Bond]) -> Bond | None:
    """What a field is drawn together with; None where it is drawn by itself."""
    owner = field.address.owner
    if owner not in bound or field.address.field[:1] != (drivers[owner].main_field,):
        return None
    return bound[owner]


def _joint(column: str, members: list[Bound], drivers: Drivers) -> Joint:
    places = tuple(dict.fromkeys(field.address.owner for field, _ in members))
    name = together_name(column, (label(place.id, drivers[place]) for place in places))
    fields = dict.fromkeys(drivers[place].main_field.replace("_", " ") for place in places)
    together = drivers[places[0]].together
    return Joint(
        Address.parse(f"{column}.main"),
        f"{name}: {enumeration(fields)}",
        tuple(Member(field, math.copysign(1.0, bond.loading)) for field, bond in members),
        members[0][1].loading ** 2,
        together.correlation if together else 0.0,
    )


def together_name(column: str, names: Iterable[str]) -> str:
    """What a group that is drawn together is called: ``oil (Exports of oil and Rail)``."""
    return f"{column.partition('.')[2].replace('_', ' ')} ({enumeration(names)})"


@dataclass(frozen=True)
class Actor:
    """A lever or risk at work, or those of a group that is drawn together.

    ``draws`` are the names under which all that is uncertain about it is drawn.
    """

    id: str
    name: str
    places: tuple[Address, ...]
    names: tuple[str, ...]
    draws: frozenset[str]


def acting(scenario: Scenario) -> list[Actor]:
    """Every lever and risk at work; of a group that is drawn together, those at work are one."""
    drivers = dict(scenario.drivers())
    working, bound = at_work(drivers), bonds(drivers)
    members: dict[str, list[Address]] = {}
    for address in filter(working.__contains__, drivers):
        together = address in bound and _varies(drivers[address])
        members.setdefault(bound[address].column if together else str(address), []).append(address)
    return [_actor(column, tuple(places), drivers) for column, places in members.items()]


def _varies(driver: Driver) -> bool:
    """Whether its main value is uncertain."""
    numbers = uncertain_numbers(driver)
    return any(not number.certain and field[:1] == (driver.main_field,) for field, number in numbers)


def _actor(column: str, places: tuple[Address, ...], drivers: Drivers) -> Actor:
    draws = frozenset({column, *map(str, places)})
    names = tuple(label(place.id, drivers[place]) for place in places)
    if len(places) == 1:
        return Actor(str(places[0]), names[0], places, names, draws)
    return Actor(column, together_name(column, names), places, names, draws)
