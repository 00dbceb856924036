"""What a document is made of: sections of sentences, lists, tables and pictures, as data for any renderer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import groupby
from typing import Any, Literal, get_args

from simulator.report.charts.drawing import Drawing, printable
from simulator.values.figures import Figure
from simulator.values.numerals import decimals, fixed, percent

Form = Literal["text", "money", "change", "probability", "decided", "part", "points"]
Cell = str | float | Figure | None
Kind = Literal["docx", "pdf", "xlsx", "html"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``form`` is how its numbers are written; a probability that is ``decided`` by figures may be 0 or 100 %,
    and a ``part`` of something, in percent, anything.
    ``width`` is the number of characters that it asks for; one that is ``spare`` is left out where a page is
    narrow.
    """

    head: str
    form: Form = "text"
    width: int = 12
    spare: bool = False


@dataclass(frozen=True)
class Table:
    """A table with unrounded cells; ``grouped``: rows with one text in the first column belong together."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grouped: bool = False

    @property
    def narrow(self) -> tuple[Column, ...]:
        """The columns that a page has room for; the first of a grouped table stands over its rows instead."""
        return tuple(self.columns[place] for place in self._places)

    @property
    def _places(self) -> tuple[int, ...]:
        """Where the columns of ``narrow`` are."""
        first = 1 if self.grouped else 0
        return tuple(p for p, column in enumerate(self.columns) if p >= first and not column.spare)

    def digits(self, place: int) -> int:
        """The decimals of a column of money, chosen from all its amounts."""
        return decimals(float(cell) for row in self.rows if isinstance(cell := row[place], int | float))

    def groups(self) -> list[tuple[str, list[list[str]]]]:
        """The rows as a page shows them, without spare columns.

        Where it is ``grouped``, those with one text in the first column stand under that text; else all stand
        under none.
        """
        forms = [(place, self.columns[place].form, self.digits(place)) for place in self._places]
        return [
            (head, [[shown(row[place], form, digits) for place, form, digits in forms] for row in rows])
            for head, rows in groupby(self.rows, key=self._group)
        ]

    def _group(self, row: tuple[Cell, ...]) -> str:
        """What a row stands under."""
        return shown(row[0], "text") if self.grouped else ""


@dataclass(frozen=True)
class Picture:
    """A chart, the inputs stamped on it, and how to read it."""

    drawing: Drawing
    stamp: tuple[str, ...]
    reading: str


@dataclass(frozen=True)
class Listing:
    """Sentences that stand as points of a list."""

    items: tuple[str, ...]


Block = str | Table | Picture | Listing


@dataclass(frozen=True)
class Section:
    """A titled part; ``sheet`` is what a workbook calls it, ``level`` 1 or 2 the depth of its heading."""

    title: str
    sheet: str
    blocks: tuple[Block, ...]
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Report:
    """A whole document; ``stamp`` is one line that tells its inputs.

    ``room`` is how high, in millimetres, the picture of a document of one page may be; else there is none.
    """

    title: str
    subtitle: str
    verdicts: tuple[str, ...]
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    stamp: str
    author: str
    date: dt.date | None
    room: float | None = None

    @property
    def brief(self) -> bool:
        """Whether it has one page."""
        return self.room is not None


def shown(cell: Cell, form: Form, digits: int = 0) -> str:
    """A cell as a page shows it."""
    if cell is None or isinstance(cell, str | Figure):
        return "" if cell is None else str(cell)
    if form in ("probability", "decided"):
        return percent(cell, 1, decided=form == "decided")
    if form == "text":
        return f"{cell:.12g}"
    if form == "part":
        return f"{fixed(100 * cell, 0)} %"
    return fixed(cell, digits if form in ("money", "change") else 1, sign=form in ("change", "points"))


def legible(value: Any) -> Any:
    """A part of a document, or all of it, whose texts hold only what is read."""
    if isinstance(value, tuple):
        return tuple(map(legible, value))
    if is_dataclass(value) and not isinstance(value, type | Figure):
        return replace(value, **{field.name: legible(getattr(value, field.name)) for field in fields(value)})
    return printable(value) if isinstance(value, str | Mapping) else value
