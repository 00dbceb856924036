"""The unknowns of an answer that a person can name, with the value that every draw gave them.

Three sorts: assumptions (fields of levers and risks, shares, the trend, rates of exchange, and what each
lever or risk brings), the course of world trade, and figures that will be published before the target is
decided. What is drawn together is one unknown, here as in the tornado and among the Sobol indices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from simulator.analysis.uncertain_fields import (
    Actor,
    Field,
    Joint,
    acting,
    drawn_as_one,
    label,
    uncertain,
)
from simulator.levers import KINDS
from simulator.levers.driver import Driver
from simulator.levers.kit import Grid
from simulator.model.driver_draws import Link, driver_draws, occurs
from simulator.model.redrawn import PLACES, redrawn
from simulator.model.result import Result
from simulator.model.targets import reached
from simulator.model.totals import Flows
from simulator.scenario import Scenario
from simulator.scenario.dependence import at_work, bonds, chain
from simulator.scenario.parameters import TREND
from simulator.values.address import Address
from simulator.values.periods import Period, quarter, year
from simulator.values.rates import rates_in
from simulator.values.units import Unit

FEWEST_POINTS = 4096  # of what is counted draw by draw: indices, the value of information, rules
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
    drivers = dict(result.scenario.drivers())
    working = at_work(drivers)
    for address, driver in drivers.items():
        if address in working:
            names |= {f"{address}.{name}" for name in read_by(driver, result.flows.paths.streams.grid)}
            names |= {f"{address}.happens"} if driver.probability < 1 else set()
    return frozenset(names)


def currencies(result: Result) -> tuple[str, ...]:
    """The currencies whose rate is uncertain and counts: in figures, targets, or levers and risks at work."""
    scenario = result.scenario
    drivers = dict(scenario.drivers())
    working = [driver for address, driver in drivers.items() if address in at_work(drivers)]
    steps = [step for rate in rates_in(*scenario.counted, *scenario.target, *working) for step in rate.steps]
    return tuple(dict.fromkeys(step.code for step in steps if step.uncertain))


def in_play(result: Result) -> Iterator[Field | Joint]:
    """The uncertain fields that count, those of a group that is drawn together as one.

    One that no draw reads by its name does so only where its lever or risk draws for each of its items.
    """
    read = _read(result)
    itemised = {name.rpartition(".each_")[0] for name in read if ".each_" in name}
    counting = [
        field
        for field in uncertain(result.scenario)
        if str(field.address) in read or str(field.address.owner) in itemised
    ]
    yield from drawn_as_one(counting, read, dict(result.scenario.drivers()))


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
    from scipy.special import ndtri

    read = _read(result)
    for field in in_play(result):
        path = str(field.address)
        if isinstance(field, Joint):
            uniforms = [_uniform(result, str(member.address)) for member, _ in field.members]
            yield Unknown(path, field.name, Unit.PERCENTILE, field.standing(ndtri(uniforms)))
        elif path in read:
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
    """Whether each lever and risk that may or may not happen does: where it requires another, with that."""
    drivers, paths = dict(result.scenario.drivers()), result.flows.paths
    working, bound = at_work(drivers), bonds(drivers)
    for address, driver in drivers.items():
        if address in working and driver.probability < 1:
            links = [
                Link(link, drivers[link], bound.get(link)) for link in (address, *chain(address, drivers))
            ]
            happens = occurs(links, paths.streams.grid, paths.draws)
            path, name = f"{address}.happens", f"{label(address.id, driver)}: happens"
            yield Unknown(path, name, Unit.YES_OR_NO, happens.astype(float))


def _brought(result: Result) -> Iterator[Unknown]:
    """What each lever and risk, and all levers together, do to the leading target at the median path.

    At the median path no path shows through. Each is taken alone (those of a group that is drawn together
    as one), or beside what it requires, so that no other shows through either; a risk also strikes in time
    to touch the target, or not.
    """
    target, actors = result.leading, acting(result.scenario)

    def brought(path: str, name: str, places: frozenset[Address]) -> Unknown:
        full = f"{name}: effect on {target.quantity.name} in {target.period}"
        return Unknown(path, full, target.quantity.unit, _effect(result, places), signed=True)

    for actor in actors:
        yield brought(actor.id, actor.name, frozenset(actor.places))
        yield from _strikes(result, actor)
    levers = frozenset(place for actor in actors for place in actor.places if place.section == "levers")
    if len(levers) > 1 and all(levers != frozenset(actor.places) for actor in actors):
        yield brought("levers", "All levers together", levers)


def _strikes(result: Result, actor: Actor) -> Iterator[Unknown]:
    """Whether each risk strikes in time to touch the target, alone or beside what it requires."""
    for place, name in zip(actor.places, actor.names, strict=True):
        if place.section == "risks":
            touches = _effect(result, frozenset({place})) != 0
            yield Unknown(f"{place}.strikes", f"{name}: strikes", Unit.YES_OR_NO, touches.astype(float))


def _effect(result: Result, only: frozenset[Address]) -> np.ndarray:
    """What some levers and risks do to the leading target at the median path, shape (points,) or (1,)."""
    drivers, quantity = dict(result.scenario.drivers()), result.leading.quantity
    everything, beside = at_work(drivers), _required(result.scenario, only)
    without = result.without(everything - beside).quantity_at_median(quantity)
    return result.without(everything - only - beside).quantity_at_median(quantity) - without


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
