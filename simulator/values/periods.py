"""Months, quarters, years and ranges of them.

A month is one whole number, ``12 * year + month - 1``, so that counting and shifting are plain arithmetic.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering

from simulator.values.wording import show

YEARS = (1900, 2200)
EXPECTED = "a year (2018), quarter (2018-Q3), month (2018-09) or range (2018-01..2018-09)"
_PART = re.compile(r"(\d{4})(?:-(?:Q([0-9])|(\d{2})))?", re.ASCII)


@total_ordering
@dataclass(frozen=True)
class Period:
    """A run of whole calendar months, both ends included.

    Longer periods sort after shorter ones that start with them.
    """

    first: int
    last: int

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
        first, last = _part(start.strip(), text), _part(end.strip() if dots else start.strip(), text)
        if last.last < first.first or last.first < first.first:
            raise ValueError(
                f"found {show(text)}, a range that ends before it begins; expected the earlier end first"
            )
        return cls(first.first, last.last)

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
        return Period(self.first + months, self.last + months)

    def covers(self, other: Period) -> bool:
        """Whether every month of ``other`` lies inside."""
        return self.first <= other.first and other.last <= self.last

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __lt__(self, other: Period) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    def __str__(self) -> str:
        if self.is_year:
            return str(self.first // 12)
        if self.months == 3 and self.first % 3 == 0:
            return f"{self.first // 12}-Q{self.first % 12 // 3 + 1}"
        if self.months == 1:
            return month_text(self.first)
        if self.first % 12 == 0 and self.last % 12 == 11:
            return f"{self.first // 12}..{self.last // 12}"
        return f"{month_text(self.first)}..{month_text(self.last)}"


def year(number: int) -> Period:
    """The calendar year of that number."""
    return Period(12 * number, 12 * number + 11)


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


def _part(text: str, written: object) -> Period:
    match = _PART.fullmatch(text)
    if not match:
        raise ValueError(f"found {show(written)}, expected {EXPECTED}")
    number, quarter_number, month = (int(part) if part else None for part in match.groups())
    assert number is not None
    if not YEARS[0] <= number <= YEARS[1]:
        raise ValueError(f"found {show(written)}, expected a year from {YEARS[0]} to {YEARS[1]}")
    if quarter_number is not None:
        if not 1 <= quarter_number <= 4:
            raise ValueError(
                f"found {show(written)}: there is no quarter {quarter_number}; expected Q1 to Q4"
            )
        first = 12 * number + 3 * (quarter_number - 1)
        return Period(first, first + 2)
    if month is not None:
        if not 1 <= month <= 12:
            raise ValueError(f"found {show(written)}: there is no month {month:02d}; expected 01 to 12")
        return Period(12 * number + month - 1, 12 * number + month - 1)
    return year(number)
