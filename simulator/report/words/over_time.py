"""The sentence on a year that is expected below the one before, though the target asks for growth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from simulator.model.result import Result
from simulator.model.totals import Flows
from simulator.report.amounts import called, money
from simulator.scenario.targets import Kind
from simulator.values.address import Address
from simulator.values.numerals import decimals, fixed
from simulator.values.periods import Period
from simulator.values.units import Unit
from simulator.values.wording import capital

ON_THE_WAY = "the model takes part of the last rise as passing"
Median = Callable[[Period], float]


def dip(result: Result) -> str | None:
    """Why the median of a year lies below the year before, where the target asks for growth.

    The reason is read off the model: whether the dip is there without any measure and risk, or comes with
    the one or the other. Where nothing is clear, none is claimed. None where no year dips.
    """
    if result.decided or not _wants_growth(result):
        return None
    found = next(_dips(result), None)
    if found is None:
        return None
    before, year = found
    measure, median = result.leading.measure, _median(result, result.flows)
    digits = decimals([median(year), median(before)])
    now, then = (money(result, median(period), digits=digits) for period in (year, before))
    if now == then:
        return None
    reason = _reason(result, before, year)
    told = f": {reason}" if reason else ""
    name = "" if measure == "turnover" else f"{capital(called(result, measure))} in "
    return f"{name}{year} is expected below {before} ({now} after {then}){told}."


def _wants_growth(result: Result) -> bool:
    """Whether the leading target asks for more of an amount than what was last published of it."""
    target = result.leading
    if not target.floor or target.measure == "balance" or target.kind is Kind.SHARE:
        return False
    if target.kind is Kind.GROWTH:
        return target.amount > 0
    return result.growth_needed is None or result.growth_needed > 0


def _years(result: Result) -> Sequence[Period]:
    return result.scenario.years.within(result.grid)


def _median(result: Result, flows: Flows) -> Median:
    """The median of the leading target's measure over a period, with some levers and risks."""
    return lambda period: float(flows.total(result.leading.measure, period).quantile([0.5])[0])


def _dips(result: Result) -> Iterator[tuple[Period, Period]]:
    """The years ahead whose median is below that of the year before, each after that year."""
    median, years = _median(result, result.flows), _years(result)
    for before, year in pairwise(years):
        if year.last >= result.ahead.first and _falls(median, before, year):
            yield before, year


def _falls(median: Median, before: Period, year: Period) -> bool:
    return median(year) < median(before)


# The reason


def _reason(result: Result, before: Period, year: Period) -> str | None:
    """Why a year is below the one before; None where nothing is clear."""
    if _falls(_median(result, result.bare), before, year):
        return _without_any(result, year)
    on = [address for address, driver in result.scenario.drivers() if driver.enabled]
    guilty = [address for address in on if _falls_by(result, address, before, year)]
    risks = [address for address in guilty if address.section == "risks"]
    levers = [address for address in guilty if address.section == "levers"]
    reasons = []
    if risks:
        reasons.append(f"because of the risk{'s' if len(risks) > 1 else ''} ({_names(result, risks)})")
    if levers:
        reasons.append(f"because measures end or bring less ({_names(result, levers)})")
    return " and ".join(reasons) or None


def _without_any(result: Result, year: Period) -> str | None:
    """Why a year dips though there is neither measure nor risk."""
    outlook = result.scenario.outlook
    trend = outlook.trend.median
    if outlook.world == "slump":
        return "world trade is taken to be in a slump"
    if trend < 0:
        growth = fixed(Unit.LOG_POINTS_A_YEAR.told(trend), 1).removesuffix(".0")
        return f"the underlying growth is below zero ({growth} % a year)"
    rise = _last_rise(result)
    known = rise is not None and rise > math.expm1(trend)
    return ON_THE_WAY if known and year.first > result.ahead.first - 1 else None


def _last_rise(result: Result) -> float | None:
    """The growth of the last year of which any figure counts, on the year before; None where it is unknown."""
    last = result.ahead.first - 1
    years = [period for period in _years(result) if period.first <= last]
    if len(years) < 2:
        return None
    median = _median(result, result.bare)
    return median(years[-1]) / median(years[-2]) - 1


def _falls_by(result: Result, address: Address, before: Period, year: Period) -> bool:
    """Whether what a lever or risk adds is less in a year than in the one before."""
    everything, without = _median(result, result.flows), _median(result, result.without(frozenset({address})))
    adds = [everything(period) - without(period) for period in (before, year)]
    return adds[1] < adds[0]


def _names(result: Result, addresses: Iterable[Address]) -> str:
    drivers = dict(result.scenario.drivers())
    return ", ".join(drivers[address].name or address.id for address in addresses)
