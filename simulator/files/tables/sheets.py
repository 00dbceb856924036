"""A grid with the kind of every cell, and what the kinds of a row say of it."""

from __future__ import annotations

import re

from simulator.files.tables import labels
from simulator.files.tables.dates import evenly_spaced
from simulator.files.tables.grids import Grid
from simulator.files.tables.kinds import TIMES, Kind, kind_of


class Sheet:
    """A grid with the kind of every cell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.kinds = [[kind_of(cell) for cell in row] for row in grid.rows]
        self.lenient = not any(Kind.NUMBER in row for row in self.kinds)
        self.numbering = {row for row in range(len(self.kinds)) if self._numbers_columns(row)}

    def kind(self, row: int, column: int) -> Kind:
        """The kind of a cell; a row may be shorter than others."""
        kinds = self.kinds[row]
        return kinds[column] if column < len(kinds) else Kind.BLANK

    def of_kind(self, row: int, *kinds: Kind) -> list[int]:
        """The columns of a row whose cells are of some kinds, but for copies of merged cells."""
        cells = self.grid.rows[row]
        return [c for c, kind in enumerate(self.kinds[row]) if kind in kinds and not cells[c].copied]

    def blank(self, row: int) -> bool:
        """Whether nothing stands in a row."""
        return not any(kind is not Kind.BLANK for kind in self.kinds[row])

    def has_figures(self, row: int) -> bool:
        """Whether a row holds a number that can be nothing else."""
        return Kind.NUMBER in self.kinds[row] and row not in self.numbering

    def holds_figures(self, row: int) -> bool:
        """Whether a row holds figures; in a sheet of none but small whole numbers these are taken as such."""
        lenient = self.lenient and row > 0 and bool(self.of_kind(row, Kind.EITHER))
        return self.has_figures(row) or lenient

    def figures(self, row: int) -> list[int]:
        """The columns of a row's figures; in a sheet of nothing surer, what may be such behind its name."""
        if not self.lenient:
            return self.of_kind(row, Kind.NUMBER)
        first = min((c for c, kind in enumerate(self.kinds[row]) if kind is not Kind.BLANK), default=0)
        return [column for column in self.of_kind(row, Kind.EITHER) if column > first]

    def sequence(self, row: int) -> list[int]:
        """The columns of a row's times where they follow one another, as in headings, rarely in figures.

        They are spelled alike, a month, a quarter or a year apart, with no words between them; at least two.
        """
        either = self.of_kind(row, Kind.EITHER)
        if not either:
            return []
        spelling = self._spelling(row, either[0])
        columns = [c for c in self.of_kind(row, *TIMES) if self._spelling(row, c) == spelling]
        between = set(self.of_kind(row, Kind.WORDS)) & set(range(columns[0], columns[-1]))
        if between or not set(either) <= set(columns):
            return []
        moments = [labels.parse(self.grid.at(row, column).text).moment for column in columns]
        return columns if evenly_spaced(moments) else []

    def _spelling(self, row: int, column: int) -> str:
        """How a cell is written, whatever its digits."""
        return re.sub(r"\d+", "0", self.grid.at(row, column).text)

    def _numbers_columns(self, row: int) -> bool:
        """Whether a row counts the columns, 1, 2, 3, as official forms do below their headings."""
        texts = [self.grid.at(row, column).text for column in self.of_kind(row, Kind.NUMBER)]
        counts = list(map(int, texts)) if all(map(str.isdecimal, texts)) else []
        if len(counts) < 2 or counts[0] not in (1, 2):
            return False
        rest = self.of_kind(row, Kind.WORDS, Kind.TIME, Kind.EITHER)
        short = all(len(self.grid.at(row, column).text) == 1 for column in rest)
        return short and counts == list(range(counts[0], counts[0] + len(counts)))
