"""A grid with the kind of every cell, and what the kinds of a row say of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from simulator.files.tables import labels
from simulator.files.tables.dates import evenly_spaced
from simulator.files.tables.grids import Cell, Grid
from simulator.files.tables.kinds import TIMES, Kind, kind_of
from simulator.files.tables.numbers import is_digits
from simulator.values.limits import TABLE_TEXTS


class Sheet:
    """A grid with the kind of every cell.

    Raises:
        StatisticsError: too many different texts stand in it.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        cells = {id(cell): cell for row in grid.rows for cell in row}  # what says the same is one cell
        _check_texts(grid, cells.values())
        kinds = {place: kind_of(cell) for place, cell in cells.items()}
        self.kinds = _kinds(grid, kinds)
        merged = any(cell.copied for cell in cells.values())
        self.copies = set(filter(self._holds_copies, range(len(self.kinds)))) if merged else set()
        self._columns: dict[tuple[int, tuple[Kind, ...]], list[int]] = {}
        self.lenient = not any(Kind.NUMBER in row for row in self.kinds)
        self.numbering = {row for row in range(len(self.kinds)) if self._numbers_columns(row)}

    def kind(self, row: int, column: int) -> Kind:
        """The kind of a cell; a row may be shorter than others."""
        kinds = self.kinds[row]
        return kinds[column] if column < len(kinds) else Kind.BLANK

    def of_kind(self, row: int, *kinds: Kind) -> list[int]:
        """The columns of a row whose cells are of some kinds, but for copies; the list stays as it is."""
        pattern, cells = self.kinds[row], self.grid.rows[row]
        if row in self.copies:
            return [c for c, kind in enumerate(pattern) if kind in kinds and not cells[c].copied]
        alike = id(pattern), kinds
        if alike not in self._columns:
            self._columns[alike] = [c for c, kind in enumerate(pattern) if kind in kinds]
        return self._columns[alike]

    def blank(self, row: int) -> bool:
        """Whether nothing stands in a row."""
        return self.kinds[row].count(Kind.BLANK) == len(self.kinds[row])

    def counts(self, rows: Iterable[int]) -> list[Counter[Kind]]:
        """How many cells of each kind the columns have in some rows, but for figures of merged cells."""
        counts: list[Counter[Kind]] = [Counter() for _ in range(self.grid.width)]
        patterns: Counter[tuple[Kind, ...]] = Counter()
        for row in rows:
            patterns[self._uncopied(row) if row in self.copies else self.kinds[row]] += 1
        for pattern, number in patterns.items():
            for column, kind in enumerate(pattern):
                if kind is not Kind.BLANK:
                    counts[column][kind] += number
        return counts

    def _uncopied(self, row: int) -> tuple[Kind, ...]:
        """The kinds of a row, none of them lent by a merged cell but for words."""
        pairs = zip(self.kinds[row], self.grid.rows[row], strict=True)
        return tuple(Kind.BLANK if cell.copied and kind is not Kind.WORDS else kind for kind, cell in pairs)

    def _holds_copies(self, row: int) -> bool:
        return any(cell.copied for cell in self.grid.rows[row])

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
        numbers = self.of_kind(row, Kind.NUMBER)
        if not numbers or not self.grid.at(row, numbers[0]).text.isdecimal():
            return False
        texts = [self.grid.at(row, column).text for column in numbers]
        counts = list(map(int, texts)) if all(map(str.isdecimal, texts)) else []
        if len(counts) < 2 or counts[0] not in (1, 2):
            return False
        rest = self.of_kind(row, Kind.WORDS, Kind.TIME, Kind.EITHER)
        short = all(len(self.grid.at(row, column).text) == 1 for column in rest)
        return short and counts == list(range(counts[0], counts[0] + len(counts)))


def _kinds(grid: Grid, kinds: Mapping[int, Kind]) -> list[tuple[Kind, ...]]:
    """The kinds of every row, by those of its cells; rows of the same kinds share them."""
    alike: dict[tuple[Kind, ...], tuple[Kind, ...]] = {}
    rows = (tuple([kinds[id(cell)] for cell in row]) for row in grid.rows)
    return [alike.setdefault(row, row) for row in rows]


def _check_texts(grid: Grid, cells: Iterable[Cell]) -> None:
    """Refuse more names and dates than can be read.

    Raises:
        StatisticsError: there are more.
    """
    texts = {cell.text for cell in cells if cell.number is None}
    if message := TABLE_TEXTS.exceeded(sum(not is_digits(text) for text in texts)):
        raise grid.error(None, None, message)
