"""What the headings of a column say; one of several columns stands over the first of them, or amid them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from simulator.files.tables import labels
from simulator.files.tables.blocks import Block
from simulator.files.tables.denominations import UNSTATED
from simulator.files.tables.grids import Cell, Grid
from simulator.files.tables.labels import NOTHING, Label
from simulator.files.tables.roles import unit_of
from simulator.files.tables.sides import labelled
from simulator.values.wording import show


def heads_of(grid: Grid, block: Block, order: str | None) -> dict[int, Label]:
    """What is said of each column of figures by its headings.

    Raises:
        StatisticsError: it cannot be told over which columns a heading stands.
    """
    rows = [_spread(grid, block, row) for row in block.headings]
    return {
        column: _head([cells[column] for cells in rows if column in cells], order) for column in block.values
    }


def _head(cells: Sequence[Cell], order: str | None) -> Label:
    """What the headings of a column say together, the outermost first."""
    label = labels.joined(labelled(cell, order) for cell in cells)
    known = UNSTATED
    for cell in cells:
        known = unit_of(cell.text).over(known)
    return replace(label, denomination=known.over(label.denomination)) if label != NOTHING else label


def _spread(grid: Grid, block: Block, row: int) -> dict[int, Cell]:
    """The cell of a row of headings over each column: in it or, in an upper row, over its group."""
    filled = [column for column in range(min(block.values), grid.width) if not grid.at(row, column).blank]
    if row == block.headings[-1]:
        return {column: grid.at(row, column) for column in filled}
    if _is_amid(grid, block, filled):
        return _grouped(grid, block, row, filled)
    nearest = {
        column: filled[max(bisect_right(filled, column) - 1, 0) : bisect_right(filled, column)]
        for column in block.values
    }
    return {column: grid.at(row, left) for column, lefts in nearest.items() for left in lefts}


def _is_amid(grid: Grid, block: Block, filled: Sequence[int]) -> bool:
    """Whether upper headings begin right of a column whose own heading is one that each group repeats."""
    lower = _lower(grid, block)
    return len(filled) > 1 and filled[0] > min(block.values) and bool(lower[0]) and lower.count(lower[0]) > 1


def _lower(grid: Grid, block: Block) -> list[str]:
    """The lowest headings of the columns of figures."""
    return [grid.at(block.headings[-1], column).text for column in block.values]


def _grouped(grid: Grid, block: Block, row: int, filled: Sequence[int]) -> dict[int, Cell]:
    """The upper headings that stand amid their columns, each over as many with the same lower headings.

    Raises:
        StatisticsError: the columns are no such groups.
    """
    size, lower = len(block.values) // len(filled), _lower(grid, block)
    groups = [block.values[first : first + size] for first in range(0, size * len(filled), size)]
    alike = lower == lower[:size] * len(filled)
    if not alike or not all(column in group for column, group in zip(filled, groups, strict=True)):
        first = show(grid.at(row, filled[0]).text)
        message = f"found {first}, expected each heading above the first of its columns"
        raise grid.error(row, filled[0], message)
    return {
        column: grid.at(row, place) for place, group in zip(filled, groups, strict=True) for column in group
    }
