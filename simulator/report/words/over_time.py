"""The sentence on a year that is expected below the one before, though the target asks for growth."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from simulator.model.result import Result
from simulator.model.totals import Flows
from simulator.report.amounts import money, swing
from simulator.report.names import named
from simulator.report.words.assumptions import source_words
from simulator.scenario import Target
from simulator.scenario.targets import Kind
from simulator.values.address import Address
from simulator.values.numerals import decimals
from simulator.values.periods import Period
from simulator.values.units import Unit
from simulator.values.wording import capital

ON_THE_WAY = "the model takes part of the last rise as passing"
SLUMP = "world trade is taken to be in a slump"
BECAUSE = {"risks": "because of the risks", "levers": "because measures end or bring less"}
MOST = 0.5  # of a fall, from which it is there without measures and risks
SOURCES = 2  # that are named under a chart
PART = 0.1  # of a fall, from which a measure or risk is named
Median = Callable[[Period], float]


def dip(result: Result) -> str | None:
    """Why the median of a year lies below the year before, where the target asks for growth.

    The reason is read off the model: whether most of the dip is there without any measure and risk, or comes
    with the one or the other. Where nothing is clear, none is claimed. None where no year dips.
    """
    if result.decided or not _asks_for_more(result.leading):
        return None
    pair = next(_dips(result), None)
    return _sentence(result, *pair) if pair and _wants_growth(result, pair[0]) else None


def _sentence(result: Result, before: Period, year: Period) -> str | None:
    """The sentence; None where both medians are written alike."""
    measure, median = result.leading.measure, _median(result, result.flows)
    digits = decimals([median(year), median(before)])
    now, then = (money(result, median(period), digits=digits) for period in (year, before))
    if now == then:
        return None
    why = _reason(result, before, year)
    name = "" if measure == "turnover" else f"{capital(named(result.scenario, measure).text)} in "
    text = f"{name}{year} is expected below {before} ({now} after {then})"
    return f"{text}: {why}." if why else f"{text}."


def _asks_for_more(target: Target) -> bool:
    """Whether a target is about more of an amount, be it that or its growth."""
    return target.floor and target.measure != "balance" and target.kind is not Kind.SHARE


def _wants_growth(result: Result, before: Period) -> bool:
    """Whether the leading target asks for more than is expected of a year."""
    target = result.leading
    if target.kind is Kind.GROWTH:
        return target.amount > 0
    return target.period.months == before.months and target.amount > _median(result, result.flows)(before)


def _years(result: Result) -> Sequence[Period]:
    return result.scenario.years.within(result.grid)


def _median(result: Result, flows: Flows) -> Median:
    """The median of the leading target's measure over a period, with some levers and risks."""
    return lambda period: float(flows.total(result.leading.measure, period).quantile([0.5])[0])


def _dips(result: Result) -> Iterator[tuple[Period, Period]]:
    """The years ahead whose median is below that of the year before, each after that year."""
    median = _median(result, result.flows)
    for before, year in pairwise(_years(result)):
        if year.last >= result.ahead.first and median(year) < median(before):
            yield before, year


# The reason


def _reason(result: Result, before: Period, year: Period) -> str | None:
    """Why a year is below the one before; None where nothing is clear."""
    fall = _fall(_median(result, result.flows), before, year)
    if _fall(_median(result, result.bare), before, year) >= MOST * fall:
        return _without_any(result, year)
    guilty = [address for address in _on(result) if _takes(result, address, before, year) >= PART * fall]
    of = {section: _names(result, section, guilty) for section in ("risks", "levers")}
    reasons = [f"{words} ({of[section]})" for section, words in BECAUSE.items() if of[section]]
    return " and ".join(reasons) or None


def _fall(median: Median, before: Period, year: Period) -> float:
    """How far a median falls from one year to the next."""
    return median(before) - median(year)


def _without_any(result: Result, year: Period) -> str | None:
    """Why a year dips though there is neither measure nor risk; a year not wholly ahead has other reasons."""
    outlook = result.scenario.outlook
    trend = outlook.trend.median
    if outlook.world == "slump":
        return SLUMP
    if trend < 0:
        return f"the underlying growth is below zero ({swing(trend, Unit.LOG_POINTS_A_YEAR)})"
    ahead = year.first >= result.ahead.first
    return ON_THE_WAY if ahead and _last_rise(result) > math.expm1(trend) else None


def _last_rise(result: Result) -> float:
    """The growth of the last year of which a figure counts, on the year before; minus infinity if unknown."""
    years = [period for period in _years(result) if period.first < result.ahead.first]
    if len(years) < 2:
        return -math.inf
    median = _median(result, result.bare)
    return median(years[-1]) / median(years[-2]) - 1


def _on(result: Result) -> list[Address]:
    return [address for address, driver in result.scenario.drivers() if driver.enabled]


def _takes(result: Result, address: Address, before: Period, year: Period) -> float:
    """How much of a fall goes when a lever or risk is switched off."""
    everything, without = _median(result, result.flows), _median(result, result.without(frozenset({address})))
    return _fall(everything, before, year) - _fall(without, before, year)


def _names(result: Result, section: str, addresses: Iterable[Address]) -> str:
    """The names of those of some levers and risks that stand in a section."""
    drivers = dict(result.scenario.drivers())
    return ", ".join(
        drivers[address].name or address.id for address in addresses if address.section == section
    )


_SUM = re.compile(r" \(SHA-256 [0-9a-f]{64}\)")  # of a table: it stands at the figure, in full


def sources(result: Result) -> str:
    """Where the published figures come from, and the day that they are seen from."""
    named = [_SUM.sub("", source_words(o.source)) for o in result.scenario.counted if o.source]
    several = list(dict.fromkeys(named))
    shown = "; ".join(several[:SOURCES])
    more = f"; and {len(several) - SOURCES} more" if len(several) > SOURCES else ""
    seen = f"seen from {result.scenario.as_of:%d %B %Y}".replace("from 0", "from ")
    return f"Source: {shown}{more}; {seen}." if shown else f"{capital(seen)}."
