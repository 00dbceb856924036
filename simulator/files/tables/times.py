"""The period of every fact: what a date stands for, which months a fiscal year has, of which year it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from simulator.files.tables.choices import FREQUENCIES, Choices, LeftOut, unsettled
from simulator.files.tables.dates import Moment, doubles
from simulator.files.tables.facts import Fact
from simulator.files.tables.flows import grouped
from simulator.files.tables.grids import Grid, place
from simulator.values.periods import Period
from simulator.values.wording import show


def periods_of(
    grid: Grid, facts: Sequence[Fact], choices: Choices
) -> tuple[list[tuple[Fact, Period]], list[LeftOut]]:
    """The facts that name a period, each with it, and the others.

    Raises:
        StatisticsError: none names a period, or a fiscal year is named by one year.
        Unsettled: it is open which months are meant.
    """
    dated = _dated(facts, choices)
    _check_fiscal(grid, dated, choices)
    _check_doubles(grid, dated, choices)
    _check_years(grid, dated)
    step = _step(grid, dated, choices)
    periods = {fact: _period(fact.label.moment, step, choices) for fact in dated}
    known = [(fact, period) for fact, period in periods.items() if period is not None]
    if facts and not known:
        raise grid.error(facts[0].row, facts[0].column, _no_period(facts[0]))
    return known, grouped(_timeless(facts, dict(known)))


def _timeless(facts: Sequence[Fact], known: Iterable[Fact]) -> list[tuple[Fact, str]]:
    """The facts without a period, with what is written of them."""
    places = {fact.place for fact in known}
    return [(fact, "no month, quarter or year named") for fact in facts if fact.place not in places]


def _dated(facts: Iterable[Fact], choices: Choices) -> list[Fact]:
    """The facts that name a time, with the year that the reader states for months without one."""
    return [fact for fact in (_with_year(fact, choices) for fact in facts) if fact.label.moment]


def _no_period(fact: Fact) -> str:
    under = " and ".join(show(text) for text in (fact.side, fact.head) if text)
    return (
        f"found {show(fact.cell.text)}{f' under {under}' if under else ''}, which name no period; expected "
        "months, quarters or years in a row or column of their own, such as 2018-09, Sep 2018, сентябрь 2018"
    )


def _with_year(fact: Fact, choices: Choices) -> Fact:
    """A fact with the year that the reader states for months without one, and no time where it names none."""
    moment = fact.label.moment
    if moment is None or (moment.year is None and moment.months is None):
        return fact.at(None)
    return fact.at(moment.over(Moment(choices.year)) if moment.year is None and choices.year else moment)


def _moments(facts: Iterable[Fact]) -> list[Moment]:
    return [fact.label.moment for fact in facts if fact.label.moment is not None]


def _check_fiscal(grid: Grid, facts: Sequence[Fact], choices: Choices) -> None:
    """Ask for the first month of fiscal years.

    Raises:
        StatisticsError: one is named by one year.
        Unsettled: the month is not stated.
    """
    for fact, moment in zip(facts, _moments(facts), strict=True):
        if moment.lone:
            message = f"found {moment}, which may start or end in that year; write both, as in 2017/18"
            raise grid.error(fact.row, fact.column, message)
        if moment.fiscal and choices.fiscal_year_starts is None:
            words = [f"--fiscal-year-starts {month}" for month in (4, 7, 10)]
            raise unsettled(grid, fact.place, f"found {moment}, expected to know its first month", words)


def _check_doubles(grid: Grid, facts: Sequence[Fact], choices: Choices) -> None:
    """Ask whether 2010-11 is a month or a year.

    Raises:
        Unsettled: it may be both, and nothing says which.
    """
    if choices.every is not None:
        return
    texts = {text for fact in facts for text in (fact.side, *fact.head.split(" / "))}
    times = sorted(text for text in texts if text[:4].isdecimal())
    if doubles(times) and choices.fiscal_year_starts is None:
        words = ["--fiscal-year-starts 4, or the month  (they are years)", "--every month  (they are months)"]
        message = f"found {show(times[0])} and its like, which may be months or years"
        raise unsettled(grid, place(facts[0].row, None), message, words)


def _check_years(grid: Grid, facts: Sequence[Fact]) -> None:
    """Ask for the year of months.

    Raises:
        Unsettled: no fact has one.
    """
    moments = _moments(facts)
    if moments and all(moment.year is None for moment in moments):
        message = f"found {moments[0]} without a year"
        raise unsettled(grid, facts[0].place, message, ["--year 2018, or the year meant"])


def _step(grid: Grid, facts: Sequence[Fact], choices: Choices) -> int:
    """How many months a date such as 2018-09-30 stands for.

    Raises:
        Unsettled: the dates lie further apart than a month.
    """
    if choices.every is not None:
        return FREQUENCIES[choices.every]
    days = {fact: _month(moment) for fact, moment in zip(facts, _moments(facts), strict=True) if moment.day}
    months = sorted(set(days.values()))
    gaps = [later - former for former, later in pairwise(months)]
    if not days or 1 in gaps:
        return 1
    apart = f"{min(gaps)} months apart" if gaps else "one alone"
    message = f"found dates, {apart}; expected to know for how long they stand"
    raise unsettled(grid, next(iter(days)).place, message, [f"--every {name}" for name in FREQUENCIES])


def _month(moment: Moment) -> int:
    period = moment.period
    return period.first if period else 0


def _period(moment: Moment | None, step: int, choices: Choices) -> Period | None:
    """The period of a time; a date stands for the month, quarter or year that it lies in."""
    if moment is None:
        return None
    if choices.fiscal_year_starts and moment.year and (moment.fiscal or _is_double(moment)):
        first = 12 * moment.year + choices.fiscal_year_starts - 1
        return Period(first, first + 11)
    period = moment.period
    if period is None or moment.day is None:
        return period
    first = period.first - period.first % step
    return Period(first, first + step - 1)


def _is_double(moment: Moment) -> bool:
    """Whether it was read off a text such as 2010-11, a fiscal year once these are known to be meant."""
    months = moment.months or (0, 0)
    return moment.day is None and months[0] == months[1] == ((moment.year or 0) + 1) % 100
