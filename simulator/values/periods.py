"""Months, quarters, half-years, years and ranges of them; calendar years, and the fiscal years of a country.

A month is one whole number, ``12 * year + month - 1``, so that counting and shifting are plain arithmetic.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from functools import total_ordering
from itertools import pairwise

from simulator.values.numerals import enumeration
from simulator.values.wording import show

MOST_LISTED = 3  # periods that follow one another and are named one by one
YEARS = (1900, 2200)
LATEST = 120  # months by which every start may be later than it is stated
EXPECTED = (
    "a year (2018), half-year (2018-H1), quarter (2018-Q3), month (2018-09), "
    "range (2018-01..2018-09) or fiscal year (FY2018-19)"
)
_PART = re.compile(r"(\d{4})(?:-(?:Q([0-9])|H([0-9])|(\d{2})))?", re.ASCII)
_FISCAL = re.compile(r"(?:FY ?(\d{4})[-/](\d{2}|\d{4})|(\d{4})/(\d{2}|\d{4}))", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NEAREST_DAY = 1e-6  # of a day: a fraction of a month nearer to one is that day
_STARTS: ContextVar[int | None] = ContextVar("the month in which fiscal years begin", default=None)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Style(Enum):
    """How a period was written, where its months do not tell."""

    PLAIN = "plain"
    HALF = "half-year"
    FISCAL = "fiscal year"


@contextmanager
def fiscal_years(starts: object) -> Iterator[None]:
    """Read fiscal years as those that begin in this month, 1 to 12; with anything else none can be read."""
    sound = isinstance(starts, int | float | Decimal) and starts in range(1, 13)
    token = _STARTS.set(int(starts) if sound else None)  # type: ignore[call-overload]
    try:
        yield
    finally:
        _STARTS.reset(token)


@total_ordering
@dataclass(frozen=True)
class Period:
    """A run of whole calendar months, both ends included.

    Longer periods sort after shorter ones that start with them.
    """

    first: int
    last: int
    style: Style = field(default=Style.PLAIN, compare=False, repr=False)

    @classmethod
    def parse(cls, text: object) -> Period:
        """Read ``2018``, ``2018-Q3``, ``2018-09`` or a range ``A..B`` of any two of these.

        Raises:
            ValueError: the text is none of these, or the range is reversed; the message says what was
                expected.
        """
        if isinstance(text, Period):
            return text
        if isinstance(text, bool) or not isinstance(text, int | str):
            raise ValueError(f"found {show(text)}, expected {EXPECTED}")
        start, dots, end = str(text).strip().partition("..")
        first = _part(start.strip(), text)
        if not dots:
            return first
        last = _part(end.strip(), text)
        if last.last < first.first or last.first < first.first:
            raise ValueError(
                f"found {show(text)}, a range that ends before it begins; expected the earlier end first"
            )
        return cls(first.first, last.last, first.style if first.style is last.style else Style.PLAIN)

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.last - self.first + 1

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year."""
        return self.months == 12 and self.first % 12 == 0

    @property
    def end_year(self) -> int:
        """The calendar year of its last month."""
        return self.last // 12

    @property
    def last_day(self) -> dt.date:
        """The day on which it ends."""
        year, month = divmod(self.last + 1, 12)
        return dt.date(year, month + 1, 1) - dt.timedelta(days=1)

    def shift(self, months: int) -> Period:
        """The period that many months later (earlier if negative)."""
        style = self.style if months % 12 == 0 else Style.PLAIN
        return Period(self.first + months, self.last + months, style)

    def covers(self, other: Period) -> bool:
        """Whether every month of ``other`` lies inside."""
        return self.first <= other.first and other.last <= self.last

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __lt__(self, other: Period) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    def __str__(self) -> str:
        if self.style is Style.FISCAL:
            ends = dict.fromkeys((_fiscal_text(self.first), _fiscal_text(self.last - 11)))
            return "..".join(ends)
        if self.style is Style.HALF and self.months == 6:
            return f"{self.first // 12}-H{self.first % 12 // 6 + 1}"
        return self._plain_text()

    @property
    def in_words(self) -> str:
        """The months by name, without the year where it is one: ``Jan-Sep``."""
        if self.first // 12 != self.last // 12:
            return str(self)
        return "-".join(dict.fromkeys((MONTHS[self.first % 12], MONTHS[self.last % 12])))

    @property
    def readable(self) -> str:
        """As people read it: ``Jan-Sep 2018`` for some months of a year, else as a file writes it."""
        text = str(self)
        months = ".." in text and self.first // 12 == self.last // 12
        return f"{self.in_words} {self.first // 12}" if months else text

    def _plain_text(self) -> str:
        if self.is_year:
            return str(self.first // 12)
        if self.months == 3 and self.first % 3 == 0:
            return f"{self.first // 12}-Q{self.first % 12 // 3 + 1}"
        if self.months == 1:
            return month_text(self.first)
        if self.first % 12 == 0 and self.last % 12 == 11:
            return f"{self.first // 12}..{self.last // 12}"
        return f"{month_text(self.first)}..{month_text(self.last)}"


@dataclass(frozen=True)
class Periods(Period):
    """Several periods, each of which is meant; as a period it is the span of all of them."""

    members: tuple[Period, ...] = ()

    @classmethod
    def parse(cls, text: object) -> Period:
        """Read one period, or a list of them.

        Raises:
            ValueError: one of them is no period, or the list is empty or names a period twice.
        """
        if isinstance(text, Period) or not isinstance(text, list | tuple):
            return Period.parse(text)
        members = tuple(map(Period.parse, text))
        if not members or len(set(members)) < len(members):
            what = "a period twice in a list" if members else "an empty list"
            raise ValueError(f"found {what}, expected a period, or a list of different ones")
        return members[0] if len(members) == 1 else cls.of(members)

    @classmethod
    def of(cls, members: tuple[Period, ...]) -> Periods:
        """The periods of some members, in order."""
        ordered = tuple(sorted(members))
        return cls(ordered[0].first, max(period.last for period in ordered), members=ordered)

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year: never."""
        return False

    def shift(self, months: int) -> Periods:
        """All of them that many months later."""
        return Periods.of(tuple(period.shift(months) for period in self.members))

    def __str__(self) -> str:
        return ", ".join(map(str, self.members))


@dataclass(frozen=True)
class Years:
    """Years that begin in a month, 1 to 12: calendar years or, where it is not January, fiscal years."""

    starts: int = 1

    @property
    def style(self) -> Style:
        """How one of them is written."""
        return Style.PLAIN if self.starts == 1 else Style.FISCAL

    def year(self, number: int) -> Period:
        """The year that begins in that calendar year."""
        first = 12 * number + self.starts - 1
        return Period(first, first + 11, self.style)

    def number(self, month: int) -> int:
        """The number of the year that holds a month."""
        return (month - self.starts + 1) // 12

    def one(self, period: Period) -> bool:
        """Whether a period is one of these years."""
        return period.months == 12 and period.first % 12 == self.starts - 1

    def within(self, span: Period) -> list[Period]:
        """All of them that lie wholly inside a span of months."""
        numbers = range(self.number(span.first), self.number(span.last) + 1)
        return [self.year(number) for number in numbers if span.covers(self.year(number))]


CALENDAR = Years()


def year(number: int) -> Period:
    """The calendar year of that number."""
    return CALENDAR.year(number)


def quarter(month: int) -> Period:
    """The calendar quarter that holds a month."""
    return Period(month - month % 3, month - month % 3 + 2)


def month_text(month: int) -> str:
    """A month as it is written in files, ``2018-09``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_month(text: object) -> int:
    """Read one month, ``2018-09``.

    Raises:
        ValueError: the text is no single month.
    """
    period = Period.parse(text)
    if period.months != 1:
        raise ValueError(f"found {show(text)}, expected one month such as 2018-09")
    return period.first


def parse_start(text: object) -> float:
    """Read one month, ``2018-09``, or a day in it, ``2018-09-16``.

    Returns:
        the month, and the part of it that is over when that day begins.

    Raises:
        ValueError: the text is neither.
    """
    if isinstance(text, str) and _DAY.fullmatch(text.strip()):
        try:
            text = dt.date.fromisoformat(text.strip())
        except ValueError:
            raise ValueError(f"found {show(text)}, expected a day that exists, such as 2018-09-16") from None
    if not isinstance(text, dt.date) or isinstance(text, dt.datetime):
        return parse_month(text)
    month = 12 * _year_number(text.year, text) + text.month - 1
    return month + (text.day - 1) / days(month)


def start_text(month: float) -> str:
    """A month as it is written in files, or the day in it that a fraction of it is; others are dropped."""
    first = int(month // 1)
    before = (month - first) * days(first)
    if round(before) and abs(before - round(before)) < NEAREST_DAY:
        return f"{month_text(first)}-{round(before) + 1:02d}"
    return month_text(first)


def days(month: int) -> int:
    """How many days a month has."""
    following = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def _part(text: str, written: object) -> Period:
    """One end of a range, or a period that is none."""
    if match := _FISCAL.fullmatch(text):
        return _fiscal_year([group for group in match.groups() if group], written)
    match = _PART.fullmatch(text)
    if not match:
        raise ValueError(f"found {show(written)}, expected {EXPECTED}")
    number = _year_number(int(match[1]), written)
    if match[2] is not None:
        return _piece(number, int(match[2]), 4, "quarter", written)
    if match[3] is not None:
        return replace(_piece(number, int(match[3]), 2, "half-year", written), style=Style.HALF)
    return year(number) if match[4] is None else _month(number, int(match[4]), text, written)


def _piece(number: int, which: int, most: int, name: str, written: object) -> Period:
    """A quarter or half of a calendar year."""
    if not 1 <= which <= most:
        letter = "Q" if most == 4 else "H"
        there = f"there is no {name} {which}; expected {letter}1 to {letter}{most}"
        raise ValueError(f"found {show(written)}: {there}")
    months = 12 // most
    first = 12 * number + months * (which - 1)
    return Period(first, first + months - 1)


def _month(number: int, month: int, text: str, written: object) -> Period:
    if not 1 <= month <= 12:
        meant = f"; for the fiscal year write FY{text}" if month == (number + 1) % 100 else ""
        raise ValueError(f"found {show(written)}: there is no month {month:02d}; expected 01 to 12{meant}")
    return Period(12 * number + month - 1, 12 * number + month - 1)


def _fiscal_year(parts: list[str], written: object) -> Period:
    """The fiscal year of two calendar years.

    Raises:
        ValueError: they do not follow one another, or nothing says in which month it begins.
    """
    number = _year_number(int(parts[0]), written)
    if int(parts[1]) != (number + 1) % 10 ** len(parts[1]):
        example = _fiscal_text(12 * number)
        raise ValueError(f"found {show(written)}, expected a year and the next, such as {example}")
    starts = _STARTS.get()
    if starts is None:
        raise ValueError(
            f"found {show(written)}, a fiscal year, but nothing says when one begins; "
            "add fiscal_year_starts: with the number of its first month, such as 4 for April"
        )
    return replace(Years(starts).year(number), style=Style.FISCAL)


def _fiscal_text(month: int) -> str:
    """The fiscal year that begins in a month: ``FY2021-22``."""
    return f"FY{month // 12}-{(month // 12 + 1) % 100:02d}"


def _year_number(number: int, written: object) -> int:
    if not YEARS[0] <= number <= YEARS[1]:
        raise ValueError(f"found {show(written)}, expected a year from {YEARS[0]} to {YEARS[1]}")
    return number


def in_turn(periods: Sequence[Period]) -> str:
    """Periods as a sentence lists them: ``2034``, ``2034 and 2036``, ``each of 2034 to 2040``."""
    following = all(other.first == one.last + 1 for one, other in pairwise(periods))
    if len(periods) > MOST_LISTED and following:
        return f"each of {periods[0]} to {periods[-1]}"
    return enumeration(map(str, periods))
