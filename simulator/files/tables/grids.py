"""A table as cells, wherever it came from, and the messages that name one of them by row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from simulator.caches import lazy
from simulator.errors import Fault, StatisticsError
from simulator.values.limits import TABLE_CELLS, TABLE_COLUMNS


class Cell(NamedTuple):
    """What stands in one cell.

    ``text`` is what a reader sees. A workbook's number also has its exact digits as printed under the cell's
    format (``number``) and as stored (``stored``), a date its day. ``copied`` marks what a merged cell lends
    to the cells that it covers; ``trouble`` says why a cell cannot be read.
    """

    text: str = ""
    number: Decimal | None = None
    stored: Decimal | None = None
    date: dt.date | None = None
    percent: bool = False
    copied: bool = False
    trouble: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text and not self.trouble


BLANK = Cell()


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet by row and column, both counted from 0; messages count rows from 1.

    ``facts`` are the ways in which it was read (encoding, delimiter, sheet), for the report; ``remarks`` are
    what a reader should know of it (hidden rows, sheets not read).
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    sheet: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @lazy
    def width(self) -> int:
        """How many columns it has."""
        return max(map(len, self.rows), default=0)

    def at(self, row: int, column: int) -> Cell:
        """The cell at a place; a row may be shorter than others."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else BLANK

    def filled(self, row: int) -> Iterator[tuple[int, Cell]]:
        """The cells of a row in which something stands, each with its column."""
        return ((column, cell) for column, cell in enumerate(self.rows[row]) if not cell.blank)

    def error(self, row: int | None, column: int | None, message: str) -> StatisticsError:
        """A fault of one cell, row or column, to be raised."""
        return StatisticsError([self.fault(row, column, message)])

    def fault(self, row: int | None, column: int | None, message: str) -> Fault:
        """A fault of one cell, row or column."""
        return Fault(self.label, None, place(row, column), message)

    @property
    def label(self) -> str:
        """Its name in messages: the file, and the sheet of a workbook."""
        return self.name if self.sheet is None else f"{self.name}, sheet '{self.sheet}'"


def place(row: int | None, column: int | None) -> str:
    """Where a cell stands, as a spreadsheet counts: ``row 5, column C``."""
    parts = [f"row {row + 1}"] if row is not None else []
    parts += [f"column {letters(column)}"] if column is not None else []
    return ", ".join(parts)


def letters(column: int) -> str:
    """A column's name in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def column_number(name: str) -> int:
    """The number, from 0, of a column named as in a spreadsheet, in upper case."""
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def listed(places: Iterable[int], name: str = "row") -> str:
    """Rows or columns, counted from 0, as a reader counts: ``rows 3-5, 9``, ``columns B-D``."""
    ordered = sorted(set(places))
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    write = letters if name == "column" else lambda number: str(number + 1)
    parts = [write(first) if first == last else f"{write(first)}-{write(last)}" for first, last in runs]
    return f"{name}{'s' if len(ordered) > 1 else ''} {', '.join(parts)}"


def trimmed(rows: list[list[Cell]], name: str) -> list[list[Cell]]:
    """Rows without the blank ones at the end.

    Raises:
        StatisticsError: nothing is left, or there are more cells than a table of statistics has.
    """
    while rows and all(cell.blank for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise StatisticsError([Fault(name, None, "", "found no cell with anything in it, expected a table")])
    cells, width = sum(map(len, rows)), max(map(len, rows))
    if message := TABLE_CELLS.exceeded(cells, f"in {len(rows):,} rows") or TABLE_COLUMNS.exceeded(width):
        raise StatisticsError([Fault(name, None, "", message)])
    return rows
