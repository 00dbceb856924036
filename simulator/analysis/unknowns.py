"""The unknowns of an answer that a person can name, with the value that every draw gave them.

Three sorts: assumptions (fields of levers and risks, shares, the trend, rates of exchange, and what each
lever or risk brings), the course of world trade, and figures that will be published before the target is
decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel

from simulator.levers import KINDS
from simulator.levers.driver import Driver, uncertain_numbers
from simulator.levers.kit import Grid
from simulator.model.driver_draws import Link, driver_draws
from simulator.model.redrawn import PLACES, redrawn
from simulator.model.result import Result
from simulator.model.targets import reached
from simulator.model.totals import Flows
from simulator.scenario import Scenario
from simulator.scenario.dependence import bonds, chain
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import Each
from simulator.values.periods import Period, quarter, year
from simulator.values.rates import rates_in
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

FEWEST_POINTS = 4096  # of what is counted draw by draw: indices, the value of information, rules
TREND = Address.of("outlook", "trend")
Sort = Literal["assumption", "world", "figure"]


@dataclass(frozen=True)
class Unknown:
    """One unknown, with its value in every draw.

    ``values`` has shape (points,), in ``unit``: money in the scenario's, percents as fractions, yes or no as
    1 or 0. ``path`` is the address of a field, or what stands for it. ``signed`` marks an effect, which is
    written with its sign.
    """

    path: str
    name: str
    unit: Unit
    values: np.ndarray
    sort: Sort = "assumption"
    signed: bool = False

    def repeated(self, times: int) -> Unknown:
        """The same with each draw's value that many times, side by side."""
        return replace(self, values=np.repeat(self.values, times))


# The uncertain fields of a scenario


@dataclass(frozen=True)
class Field:
    """An uncertain field of an enabled lever or risk, of a stream or of the outlook."""

    address: Address
    name: str
    number: Uncertain
    meaning: str
    source: str


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
    """Every uncertain field that is in play: of enabled levers and risks, of streams, and the trend."""
    for address, driver in scenario.drivers():
        if driver.enabled:
            yield from _driver_fields(scenario, address, driver)
    for key, stream in scenario.streams.items():
        if stream.share is not None and not stream.share.certain:
            address = Address.of("streams", key, "share")
            name = f"{label(key, stream)}: share of {stream.direction}"
            yield Field(address, name, stream.share, described(scenario, address), Basis.JUDGEMENT)
    trend = scenario.outlook.trend
    if not trend.certain:
        yield Field(TREND, "Trend: growth a year", trend, described(scenario, TREND), Basis.JUDGEMENT)
    yield from _rates(scenario)


def _rates(scenario: Scenario) -> Iterator[Field]:
    """The rate of each currency that is uncertain: of several periods that of the last such one, for all."""
    for code, rate in scenario.exchange_rates.items():
        steps = [step for step in rate.steps if step.uncertain]
        if steps and isinstance(number := steps[-1].number, Uncertain):
            when = f" in {steps[-1].period}" if steps[-1].period else ""
            name = f"Rate of {code}{when}"
            yield Field(
                Address.of("rates", code), name, number, f"{scenario.currency} for one", Basis.JUDGEMENT
            )


def _driver_fields(scenario: Scenario, place: Address, driver: Driver) -> Iterator[Field]:
    for field, number in uncertain_numbers(driver):
        if not number.certain:
            address, words = place.join(field), " ".join(map(str, field)).replace("_", " ")
            name, source = f"{label(place.id, driver)}: {words}", driver.source(str(field[0]))
            yield Field(address, name, number, described(scenario, address), source)


# What an answer reads of them


def read_by(driver: Driver, grid: Grid) -> frozenset[str]:
    """The names of the draws that a lever or risk reads: not all fields count, some draw for each item."""
    names: set[str] = set()

    def draw(name: str, count: int = -1) -> np.ndarray:
        names.add(name)
        return np.full(1 if count < 0 else (1, count), 0.5)

    KINDS[driver.kind].effect(driver, grid, draw)
    return frozenset(names)


def _read(result: Result) -> frozenset[str]:
    """The names of all draws that an answer reads, the baseline's own apart."""
    names = {str(TREND), *(f"streams.{key}.share" for key in result.flows.paths.streams.shared)}
    names |= {f"rates.{code}" for code in currencies(result)}
    for address, driver in result.scenario.drivers():
        if driver.enabled:
            names |= {f"{address}.{name}" for name in read_by(driver, result.flows.paths.streams.grid)}
            names |= {f"{address}.happens"} if driver.probability < 1 else set()
    return frozenset(names)


def currencies(result: Result) -> tuple[str, ...]:
    """The currencies whose rate is uncertain and counts: in figures, targets, or levers and risks at work."""
    scenario = result.scenario
    drivers = [driver for _, driver in scenario.drivers() if driver.enabled]
    steps = [step for rate in rates_in(*scenario.counted, *scenario.target, *drivers) for step in rate.steps]
    return tuple(dict.fromkeys(step.code for step in steps if step.uncertain))


def in_play(result: Result) -> Iterator[Field]:
    """The uncertain fields that count.

    One that no draw reads by its name does so only where its lever or risk draws for each of its items.
    """
    read = _read(result)
    itemised = {name.rpartition(".each_")[0] for name in read if ".each_" in name}
    for field in uncertain(result.scenario):
        if str(field.address) in read or str(field.address.owner) in itemised:
            yield field


# Unknowns that do not depend on the path


def assumptions(result: Result) -> list[Unknown]:
    """Every unknown that does not depend on the path and varies, values of shape (points,)."""
    unknowns = (*_fields(result), *_happenings(result), *_brought(result))
    return [unknown for unknown in unknowns if np.ptp(unknown.values) > 0]


def _uniform(result: Result, name: str) -> np.ndarray:
    """The uniform of that name in each draw, shape (points,); of a lever or risk as it draws it."""
    draws, address, drivers = result.flows.paths.draws, Address.parse(name), dict(result.scenario.drivers())
    if address.owner not in drivers:
        return draws.uniform([name])[:, 0]
    link = Link(address.owner, drivers[address.owner], bonds(drivers).get(address.owner))
    return driver_draws(link, draws)(str(address.field))


def _fields(result: Result) -> Iterator[Unknown]:
    read = _read(result)
    for field in uncertain(result.scenario):
        path = str(field.address)
        if path in read:
            values = _values(result, field)
            yield Unknown(path, field.name, field.number.unit, values)


def _values(result: Result, field: Field) -> np.ndarray:
    """The value of an uncertain field in each draw, shape (points,)."""
    if field.address.section != "rates":
        return field.number.quantile(_uniform(result, str(field.address)))
    rate = result.scenario.exchange_rates[field.address.name]
    step = next(step for step in reversed(rate.steps) if step.uncertain)
    return result.flows.paths.exchange.drawn(step)


def _happenings(result: Result) -> Iterator[Unknown]:
    """Whether each lever and risk that may or may not happen does."""
    for address, driver in result.scenario.drivers():
        if driver.enabled and driver.probability < 1:
            path, name = f"{address}.happens", f"{label(address.id, driver)}: happens"
            happens = _uniform(result, path) < driver.probability
            yield Unknown(path, name, Unit.YES_OR_NO, happens.astype(float))


def _brought(result: Result) -> Iterator[Unknown]:
    """What each lever and risk, and all levers together, do to the leading target at the median path.

    At the median path no path shows through. Each is taken alone, or beside what it requires, so that no
    other shows through either; a risk also strikes in time to touch the target, or not.
    """
    target, drivers = result.leading, result.scenario.drivers()
    names = {address: label(address.id, driver) for address, driver in drivers if driver.enabled}
    everything, quantity = frozenset(names), target.quantity
    nothing = result.without(everything).quantity_at_median(quantity)

    def brought(path: str, name: str, only: frozenset[Address]) -> Unknown:
        beside = _required(result.scenario, only)
        without = result.without(everything - beside).quantity_at_median(quantity) if beside else nothing
        effect = result.without(everything - only - beside).quantity_at_median(quantity) - without
        full = f"{name}: effect on {quantity.name} in {target.period}"
        return Unknown(path, full, quantity.unit, effect, signed=True)

    for address, name in names.items():
        alone = brought(str(address), name, frozenset({address}))
        yield alone
        if address.section == "risks":
            strikes = (alone.values != 0).astype(float)
            yield Unknown(f"{address}.strikes", f"{name}: strikes", Unit.YES_OR_NO, strikes)
    levers = frozenset(address for address in names if address.section == "levers")
    if len(levers) > 1:
        yield brought("levers", "All levers together", levers)


def _required(scenario: Scenario, places: frozenset[Address]) -> frozenset[Address]:
    """What some levers and risks require, beyond themselves."""
    drivers = dict(scenario.drivers())
    return frozenset(link for place in places for link in chain(place, drivers)) - places


# Unknowns that depend on the path


def on_path(result: Result) -> tuple[list[Unknown], np.ndarray]:
    """World trade and the figures to come, and whether the target is hit.

    All at several values of the integrated normal for each draw.

    Returns:
        unknowns and hits with values of shape (points * ``PLACES``,), those of one draw side by side.
    """
    flows = [redrawn(result.flows, frozenset(), place / PLACES) for place in range(PLACES)]
    placed = [[*_world(result, at), *_figures(result, at)] for at in flows]
    pooled = [
        replace(same[0], values=np.stack([unknown.values for unknown in same], axis=1).ravel())
        for same in zip(*placed, strict=True)
    ]
    hit = np.stack([reached(result.scenario, at) for at in flows], axis=1).ravel()
    return [unknown for unknown in pooled if np.ptp(unknown.values) > 0], hit


def _world(result: Result, flows: Flows) -> Iterator[Unknown]:
    """What world trade does to the leading target's median flows."""
    target, effect = result.leading, flows.paths.world_effect
    if effect is not None:
        name = f"World trade: effect on {target.measure} in {target.period}"
        yield Unknown("world", name, Unit.PERCENT, effect, "world", signed=True)


def _figures(result: Result, flows: Flows) -> Iterator[Unknown]:
    """Totals of the leading target's measure that will be published before it is decided.

    By year or, where no year is over by then, by quarter.
    """
    target, ahead = result.leading, result.ahead
    for periods in (_years(result), _quarters(result)):
        before = [
            period
            for period in periods
            if ahead.first <= period.last < target.period.last and result.grid.covers(period)
        ]
        for period in before:
            path, name = f"{target.measure} {period}", f"{target.measure} in {period}"
            yield Unknown(path, name, Unit.MONEY, flows.total(target.measure, period).values, "figure")
        if before:
            return


def _years(result: Result) -> list[Period]:
    return [year(number) for number in range(result.ahead.first // 12, result.grid.end_year + 1)]


def _quarters(result: Result) -> list[Period]:
    return [quarter(month) for month in range(result.ahead.first, result.grid.last + 1, 3)]
