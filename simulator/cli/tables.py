"""Tables of a terminal: no wider than it is, and every word in one piece.

Where a terminal is too narrow for that, each row is a paragraph, every cell of it behind its head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.padding import Padding, PaddingDimensions
from rich.table import Column, Table
from rich.text import Text

LONGEST = 28  # letters of a word that stays in one piece: most names of files
BESIDE: dict[int, PaddingDimensions] = {
    3: (0, 1),
    2: (0, 1, 0, 0),
}  # letters between two columns, the fewer where they must: rich's padding
EDGE = 1  # letters before the first column, and behind the last


class Fitting(Table):
    """A plain table whose cells are strings, or texts of rich."""

    @classmethod
    def of(cls, heads: Iterable[str]) -> Self:
        """An empty one under some heads, numbers to the right."""
        table = cls(box=box.SIMPLE_HEAD, pad_edge=False)
        for number, head in enumerate(heads):
            table.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
        return table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, or its rows as paragraphs."""
        spans = [self._span(column, console, options) for column in self.columns]
        for beside, padding in BESIDE.items():
            room = options.max_width - beside * (len(self.columns) - 1) - 2 * EDGE
            if sum(least for least, _ in spans) <= room:
                self.padding = padding
                cells = [[_text(cell).plain for cell in (c.header, *c.cells)] for c in self.columns]
                for column, width in zip(self.columns, shared(cells, spans, room), strict=True):
                    column.width = width
                yield from super().__rich_console__(console, options)
                return
        yield Group(*self._paragraphs(options.max_width))

    def _span(self, column: Column, console: Console, options: ConsoleOptions) -> tuple[int, int]:
        """The letters of a column's longest word, and longest line; twice that where none is folded."""
        cells = [Measurement.get(console, options, _text(cell)) for cell in (column.header, *column.cells)]
        most = max(cell.maximum for cell in cells)
        least = most if column.no_wrap else max(cell.minimum for cell in cells)
        return min(least, LONGEST), most

    def _paragraphs(self, width: int) -> Iterator[Padding]:
        heads = [" ".join(_text(column.header).plain.replace(".\n", ".").split()) for column in self.columns]
        widest = min(max(map(cell_len, heads)), width // 2)
        for row in zip(*(column.cells for column in self.columns), strict=True):
            grid = Table.grid(Column(width=widest, overflow="fold"), Column(overflow="fold"), padding=(0, 2))
            for head, cell in zip(heads, map(_text, row), strict=True):
                if cell.plain:
                    grid.add_row(head, cell)
            yield Padding(grid, (0, 0, 1, EDGE))


def shared(columns: Sequence[Sequence[str]], spans: Sequence[tuple[int, int]], room: int) -> list[int]:
    """The widths of columns that share some room, so that cells take few lines, and none very many.

    Letter by letter goes to whom it saves most: of the squares of how many lines the cells of a column take.

    Args:
        columns: their cells, heads among them.
        spans: the least and the most letters of each column; together the least are no more than the room.
        room: letters in all.
    """
    widths = [least for least, _ in spans]
    heights: dict[tuple[int, int], int] = {}

    def height(column: int, width: int) -> int:
        key = column, width
        if key not in heights:
            heights[key] = sum(_lines(cell, width) ** 2 for cell in columns[column])
        return heights[key]

    while True:
        wider = [
            (
                (height(column, widths[column]) - height(column, width)) / (width - widths[column]),
                column,
                width,
            )
            for column, (_, most) in enumerate(spans)
            for width in range(widths[column] + 1, min(most, widths[column] + room - sum(widths)) + 1)
        ]
        gain, column, width = max(wider, default=(0.0, 0, 0))
        if gain <= 0:
            return widths
        widths[column] = width


def _lines(cell: str, width: int) -> int:
    """How many lines a cell takes: its words in order, as many to a line as fit."""
    lines = 0
    for line in cell.split("\n"):
        lines, at = lines + 1, 0
        for letters in map(cell_len, line.split()):
            if at and at + 1 + letters > width:
                lines, at = lines + 1, 0
            at += bool(at) + letters
            lines, at = (lines + (at - 1) // width, (at - 1) % width + 1) if at > width else (lines, at)
    return lines


def _text(cell: object) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))
