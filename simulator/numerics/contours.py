"""Contour lines over a grid of values, by marching squares (Lorensen, Cline 1987, in two dimensions)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

STEPS = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)  # between lines of probability
FEWEST = 4  # lines, as long as a finer step can give them
Point = tuple[float, float]
Segment = tuple[Point, Point]
Heights = Sequence[Sequence[float | None]]


def levels(low: float, high: float) -> list[float]:
    """Round probabilities between two others, both left out: every tenth, or finer if that gives too few."""
    rounded: list[float] = []
    for step in STEPS:
        multiples = range(math.floor(low / step) + 1, math.ceil(high / step))
        rounded = [height for n in multiples if low < (height := round(step * n, 4)) < high]
        if len(rounded) >= FEWEST:
            break
    return rounded


def segments(x: Sequence[float], y: Sequence[float], heights: Heights, level: float) -> list[Segment]:
    """The line on which a surface has a height, as straight pieces, one or two in each cell that it crosses.

    Between two nodes the surface is straight; a cell's saddle is settled by the mean of its corners. A cell
    that lacks a height has no line.

    Args:
        x: of the columns, ascending.
        y: of the rows, ascending.
        heights: one row for each ``y``, one column for each ``x``.
        level: the height of the line.
    """
    pieces: list[Segment] = []
    for j, i in itertools.product(range(len(y) - 1), range(len(x) - 1)):
        ring = ((j, i), (j, i + 1), (j + 1, i + 1), (j + 1, i))
        corners = [
            (x[column], y[row], height - level)
            for row, column in ring
            if (height := heights[row][column]) is not None
        ]
        if len(corners) == len(ring):
            pieces += _cell(corners)
    return pieces


def _cell(corners: Sequence[tuple[float, float, float]]) -> Iterator[Segment]:
    crossings = [
        _crossing(one, other) for one, other in zip(corners, [*corners[1:], corners[0]], strict=True)
    ]  # bottom, right, top, left
    points = [point for point in crossings if point is not None]
    if len(points) == 4:
        cut_off_first = (sum(height for _, _, height in corners) >= 0) != (corners[0][2] >= 0)
        bottom, right, top, left = points
        yield from ((bottom, left), (right, top)) if cut_off_first else ((bottom, right), (top, left))
    elif points:
        yield points[0], points[1]


def _crossing(one: tuple[float, float, float], other: tuple[float, float, float]) -> Point | None:
    """Where an edge meets the level, if its ends are on both sides."""
    if (one[2] >= 0) == (other[2] >= 0):
        return None
    part = one[2] / (one[2] - other[2])
    return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])
