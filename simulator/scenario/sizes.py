"""What is too much of a scenario: every limit of ``values/limits`` that its parts are held to.

Only counted, nothing worked out: what is refused here is refused at once.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from simulator.caches import attached
from simulator.levers.driver import Driver
from simulator.numerics.points import POINTS
from simulator.scenario.dependence import Drivers, chain
from simulator.scenario.measures import TOTALS
from simulator.scenario.parts import Observation, Stream
from simulator.scenario.remarks import Comment, Entry
from simulator.scenario.series import Placed, Series
from simulator.scenario.shocks import Shock
from simulator.scenario.targets import Quantity, Target
from simulator.values import limits
from simulator.values.address import Address
from simulator.values.limits import Limit
from simulator.values.periods import Period, year
from simulator.values.rates import Stated

Reading = Sequence[Observation | Series]
Excesses = Iterator[tuple[Address, str]]

YEAR, MANY = 12, 10  # months; streams
ADDING = 3  # months held for each of a lever that adds money
IN_MONEY = 4  # months held for each of a lever in money, beside those of each stream
A_TARGET = 12  # months that each target takes beside its own
SETTINGS = 12  # answers of which each target has one, beside those without each lever


class Sized(Protocol):
    """Of a scenario, what can be too much."""

    @property
    def as_of(self) -> dt.date:
        """The day on which the question is asked."""

    @property
    def target(self) -> tuple[Target, ...]:
        """What is to be reached."""

    @property
    def streams(self) -> Mapping[str, Stream]:
        """The lines of trade."""

    @property
    def observations(self) -> tuple[Observation | Series, ...]:
        """The published figures."""

    @property
    def alternatives(self) -> Mapping[str, tuple[Observation | Series, ...]]:
        """Other readings of the data."""

    @property
    def rates(self) -> Mapping[str, Stated]:
        """Rates of exchange."""

    @property
    def shocks(self) -> Mapping[str, Shock]:
        """Known shocks of the past."""

    @property
    def log(self) -> tuple[Entry, ...]:
        """What was changed."""

    @property
    def comments(self) -> tuple[Comment, ...]:
        """What was said of single inputs."""

    @property
    def horizon(self) -> int:
        """The last month that any target is about."""

    @property
    def partners(self) -> tuple[str, ...]:
        """The countries that streams name as theirs."""

    def members(self, measure: str) -> tuple[str, ...]:
        """The streams that a measure adds up."""

    def expanded(self, observations: Iterable[Observation | Series]) -> tuple[Placed, ...]:
        """Some observations, those of series one by one, each with its place."""

    def drivers(self) -> Iterator[tuple[Address, Driver]]:
        """Every lever and risk."""


def readings(scenario: Sized) -> Iterator[tuple[Address, tuple[Observation | Series, ...]]]:
    """The observations and every other reading of the data, each with its address."""
    yield Address.of("observations"), scenario.observations
    for name, observations in scenario.alternatives.items():
        yield Address.of("alternatives", name), observations


@attached
def placed_readings(scenario: Sized) -> tuple[tuple[Address, tuple[Placed, ...]], ...]:
    """The figures of every reading of the data, one by one, with its address."""
    return tuple((address, scenario.expanded(reading)) for address, reading in readings(scenario))


@attached
def ahead(scenario: Sized) -> int:
    """The months ahead of the reading of the data that ends first."""
    return max(months_ahead(placed, scenario) for _, placed in placed_readings(scenario))


def excesses(scenario: Sized, *, data: bool = True) -> Excesses:
    """Everything of which a scenario has too much: (address, message).

    Args:
        scenario: what is counted.
        data: whether figures are counted too; not where they are known to be few enough.
    """
    counted = [*_counted(scenario), *(_of_readings(scenario) if data else ())]
    yield from counted
    if not counted:
        yield from _of_months(scenario)


def _counted(scenario: Sized) -> Excesses:
    """The same of what is counted without looking at any period."""
    drivers = list(scenario.drivers())
    acting = drivers[0][0].section if drivers else "levers"
    counts = (
        ("observations", limits.FIGURES, _figures(scenario)),
        ("alternatives", limits.READINGS, len(scenario.alternatives)),
        ("target", limits.TARGETS, sum(len(form.alone) for t in scenario.target for form in t.forms)),
        (acting, limits.DRIVERS, len(drivers)),
        (acting, limits.ITEMS, sum(driver.items for _, driver in drivers)),
        (acting, limits.CHAIN, _longest_chain(dict(drivers))),
        ("shocks", limits.SHOCKS, len(scenario.shocks)),
        ("rates", limits.RATE_PERIODS, sum(map(_periods, scenario.rates.values()))),
        ("comments", limits.REMARKS, len(scenario.log) + len(scenario.comments)),
    )
    for section, limit, count in counts:
        if message := limit.exceeded(count):
            yield Address.of(section), message


def _of_readings(scenario: Sized) -> Excesses:
    """The same of figures."""
    for address, reading in readings(scenario):
        yield from ((address, message) for message in _of_reading(reading))


def _figures(scenario: Sized) -> int:
    """How many figures there are on all readings of the data."""
    return sum(item.count for _, reading in readings(scenario) for item in reading)


def _longest_chain(drivers: Drivers) -> int:
    """How many levers and risks require one another at most; 0 where none requires any."""
    return max((1 + len(chain(place, drivers)) for place in drivers if drivers[place].requires), default=0)


def _periods(rate: Any) -> int:
    """How many periods a rate is stated for."""
    return len(rate) if isinstance(rate, Mapping) else 1


def _of_reading(reading: Reading) -> Iterator[str]:
    """Too many figures of one reading of the data."""
    by_measure: Counter[str] = Counter()
    for item in reading:
        by_measure[item.measure] += item.count
    uncertain = sum(item.count for item in reading if item.uncertain)
    measure, most = max(by_measure.items(), key=lambda pair: pair[1])
    yield from _messages(
        (limits.MEASURES, len(by_measure), ""),
        (limits.FIGURES_OF_A_MEASURE, most, measure),
        (limits.UNCERTAIN_FIGURES, uncertain, ""),
    )
    stated = Counter((item.measure, item.period) for item in reading if isinstance(item, Observation))
    if stated:
        (name, period), count = max(stated.items(), key=lambda pair: pair[1])
        yield from _messages((limits.FIGURES_OF_ONE_SUM, count, f"{name} {period}"))


def _messages(*counts: tuple[Limit, int, str]) -> Iterator[str]:
    """What is wrong with each of some counts that is too large."""
    yield from filter(None, (limit.exceeded(count, what) for limit, count, what in counts))


def _of_months(scenario: Sized) -> Excesses:
    """Too many months from the first figure to the target, or from the last."""
    years = (scenario.horizon - 12 * scenario.as_of.year - scenario.as_of.month + 1) // 12
    if message := limits.HORIZON.exceeded(years):
        yield Address.of("target"), message
    for address, placed in placed_readings(scenario):
        place = Address.of("target") if address.section == "observations" else address
        if placed:
            yield from ((place, message) for message in _of_grid(placed, scenario))
    for place, limit, count in _worked_out(scenario):
        yield from ((place, message) for message in _messages((limit, count, "")))
    if message := _undrawable(scenario, POINTS):
        yield Address.of("target"), message


def _of_grid(placed: Sequence[Placed], scenario: Sized) -> Iterator[str]:
    """Too many months of streams of one reading of the data."""
    streams, last = len(scenario.streams), max(o.period.last for _, o in placed)
    months = Period(first_month(placed), max(scenario.horizon, last))
    years = math.ceil(months.months / 12)
    yield from _messages(
        (limits.STREAM_YEARS, years * streams, ""),
        (limits.MONTHS_AHEAD, streams * months_ahead(placed, scenario), ""),
        (limits.YEARS_LISTED, _years_listed(placed, scenario, months), ""),
    )
    struck = {month for shock in scenario.shocks.values() for month in shock.period} & set(months)
    unknowns = min(months.months * streams, (years + len(struck)) * streams)
    if struck and unknowns > limits.STREAM_YEARS_AND_SHOCKS.most:
        yield from _messages((limits.STREAM_YEARS_AND_SHOCKS, (years + len(struck)) * streams, ""))


def _years_listed(placed: Sequence[Placed], scenario: Sized, months: Period) -> int:
    """The years without any figure that an answer lists, of every total and partner.

    Those behind the last figure count more where streams are many: no months of them are put together.
    """
    figures = {month // 12 for _, o in placed if o.period.months <= YEAR for month in o.period}
    silent = set(range(months.first // 12, months.last // 12 + 1)) - figures
    behind = sum(number < max(figures, default=0) for number in silent)
    weighed = len(silent) + behind * (len(scenario.streams) // MANY)
    return weighed * (len(TOTALS) + len(scenario.partners))


def months_ahead(placed: Sequence[Placed], scenario: Sized) -> int:
    """The months from the last figure that counts to the end of the target's year."""
    known = [o.period.last for _, o in placed if o.known(scenario.as_of)]
    return max(year(scenario.horizon // 12).last - max(known, default=scenario.horizon), 0)


def require_drawable(scenario: Sized, points: int) -> None:
    """Check that so many draws of all months ahead can be held.

    Raises:
        ValueError: they cannot.
    """
    if message := _undrawable(scenario, points):
        raise ValueError(message)


def drawn_months(scenario: Sized) -> int:
    """The months ahead of all streams, levers and risks: how many numbers one draw holds."""
    streams = len(scenario.streams)
    return ahead(scenario) * (
        streams + sum(_rows(driver, streams) for _, driver in scenario.drivers() if driver.enabled)
    )


def _undrawable(scenario: Sized, points: int) -> str | None:
    """Why so many draws of all months ahead cannot be held; None where they can."""
    return limits.DRAWN_MONTHS.exceeded(points * drawn_months(scenario), f"with {points:,} points")


def _rows(driver: Driver, streams: int) -> int:
    """How many months are held for each month of a lever or risk.

    More of one that adds money, and by stream of one that is held in money.
    """
    if driver.overlap is not None or driver.quota is not None:
        return IN_MONEY + streams
    return ADDING if driver.in_money else 1


def _worked_out(scenario: Sized) -> Iterator[tuple[Address, Limit, int]]:
    """What takes time in every draw: (address, limit, count)."""
    drivers = [(address, driver) for address, driver in scenario.drivers() if driver.enabled]
    if drivers:
        items = sum(driver.items for _, driver in drivers)
        yield Address.of(drivers[0][0].section), limits.ITEM_MONTHS, items * ahead(scenario)
    yield (
        Address.of("target"),
        limits.TARGET_MONTHS,
        _months_of_targets(scenario) * (SETTINGS + len(drivers)),
    )


def _months_of_targets(scenario: Sized) -> int:
    """The months ahead of streams in all targets, and what each takes beside its own."""
    alone = [one for target in scenario.target for form in target.forms for one in form.alone]
    quantities = {one.quantity for one in alone}
    return A_TARGET * len(alone) + sum(target_months(scenario, quantity) for quantity in quantities)


def target_months(scenario: Sized, quantity: Quantity) -> int:
    """The months ahead of streams in what a target is about and what that is compared with."""
    sums = filter(None, ((quantity.measure, quantity.period), quantity.base))
    return sum(len(scenario.members(name)) * min(period.months, ahead(scenario)) for name, period in sums)


def first_month(placed: Iterable[Placed]) -> int:
    """The first month of which some figures say anything: growth speaks of the year before as well."""
    return min(o.period.first - 12 * (o.growth is not None) for _, o in placed)
