"""What the reader of a table settles, and what is said of the cells that are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from simulator.errors import Fault, StatisticsError, Unsettled, one_line
from simulator.files.tables.grids import Grid
from simulator.values.countries import code_of
from simulator.values.letters import tidy
from simulator.values.wording import show, unknown

FREQUENCIES = {"month": 1, "quarter": 3, "year": 12}
MOST_LISTED = 12


@dataclass(frozen=True)
class Choices:
    """How a table is to be read where it can be read in more than one way; None: as it is recognised.

    Attributes:
        sheet: name or number of a workbook's sheet.
        encoding: of a text, such as cp1251.
        delimiter: of a text: tab, semicolon, comma or bar.
        decimal: point or comma.
        dates: day-first or month-first, for dates such as 01/02/2020.
        every: month, quarter or year, for what a date stands for.
        year: the year of months that are printed without one.
        fiscal_year_starts: the month in which years such as 2017/18 start.
        cumulative: whether months add up since January.
        unit: such as ``thousand USD``.
        currency: of several, the one that is meant.
        digits: ``printed`` or ``stored``, of a workbook's numbers.
        home: the country whose exports are asked for.
        partner: the other country, as the scenario or the table names it.
        reporter: the country whose statistics they are, where the table does not say.
        where: words ``HEADING=VALUE`` that rows must match.
        columns: for a measure, the column (letter or heading) or row (name) of its figures.
        measure: what all figures are.
        alternative: the name of another reading of the data, to which they belong.
        mirror: ``alternative`` or ``observations``: what figures of the partner's statistics become.
        published: the day on which they came out.
        source: where they were published, in place of the file's name.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    dates: str | None = None
    every: str | None = None
    year: int | None = None
    fiscal_year_starts: int | None = None
    cumulative: bool | None = None
    unit: str | None = None
    currency: str | None = None
    digits: str = "printed"
    home: str | None = None
    partner: str | None = None
    reporter: str | None = None
    where: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    measure: str | None = None
    alternative: str | None = None
    mirror: str = "alternative"
    published: dt.date | None = None
    source: str | None = None

    @classmethod
    def of(cls, **options: Any) -> Choices:
        """Choices from words, each checked.

        Raises:
            StatisticsError: an option is none of its words, or unknown.
        """
        known = {item.name for item in fields(cls)}
        for name, value in options.items():
            if name not in known:
                raise _refused(unknown(name, tuple(sorted(known)), "an option"))
            if name not in _NO_TEXTS and not isinstance(value, str | None):
                raise _refused(f"--{name}: found {show(value)}, expected a text")
            allowed = _ALLOWED.get(name)
            if allowed and value is not None and value not in allowed:
                raise _refused(f"--{name}: {unknown(value, allowed, 'one of')}")
        return cls(**options)


_NO_TEXTS = ("year", "fiscal_year_starts", "cumulative", "where", "columns", "published")
_ALLOWED: dict[str, tuple[str, ...]] = {
    "delimiter": ("tab", "semicolon", "comma", "bar"),
    "decimal": ("point", "comma"),
    "dates": ("day-first", "month-first"),
    "every": tuple(FREQUENCIES),
    "digits": ("printed", "stored"),
    "mirror": ("alternative", "observations"),
}


def _refused(message: str) -> StatisticsError:
    return StatisticsError([Fault(None, None, "", message)])


@dataclass(frozen=True)
class LeftOut:
    """Cells that are not taken: where they stand, and why."""

    where: str
    reason: str
    cells: int

    def __str__(self) -> str:
        counted = f" ({self.cells} cells)" if self.cells > 1 else ""
        return f"{self.where}: {self.reason}{counted}"


def unsettled(grid: Grid, where: str, message: str, choices: Iterable[str]) -> Unsettled:
    """A question to the reader, to be raised."""
    listed = list(dict.fromkeys(one_line(choice, 200) for choice in choices))
    more = len(listed) - MOST_LISTED
    shown = listed[:MOST_LISTED] + ([f"... or another of {more} more"] if more > 0 else [])
    return Unsettled([Fault(grid.label, None, where, message)], shown)


def word(text: str) -> str:
    """A word of the command line, in quotes where it has blanks."""
    return f'"{text}"' if not text or any(letter in text for letter in " ;&|()<>$`'*?#\\") else text


def same(text: str, other: str | None, *, codes: bool = True) -> bool:
    """Whether two texts name the same country, or are the same but for case."""
    if other is None:
        return False
    if tidy(text).casefold() == tidy(other).casefold():
        return True
    code = code_of(other, codes=True)
    return code is not None and code == code_of(text, codes=codes)
