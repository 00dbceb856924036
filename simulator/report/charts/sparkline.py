"""The course of a target in the size of a word: what is published, what is expected, and the target as a bar.

Drawn as SVG by itself, for a board has one in every row; told apart without colour: solid, dashed, a bar.
"""

from __future__ import annotations

from itertools import pairwise

from simulator.batch.board import Row
from simulator.report.charts.drawing import BLUE, GREY, ORANGE
from simulator.values.wording import escaped

WIDTH, HEIGHT, EDGE = 120, 32, 5
FLAT = 1e-9  # of the largest amount: a smaller spread is none
Point = tuple[float, float]


def sparkline(row: Row, alt: str) -> str:
    """The drawing as inline SVG; ``alt`` says its numbers to those who do not see it."""
    points, bar = _places(row)
    marked = list(zip(points, (total.published for total in row.totals), strict=True))
    x = points[-1][0]
    parts = [
        *(
            _line(one, other, solid=known and so_is_next)
            for (one, known), (other, so_is_next) in pairwise(marked)
        ),
        *(_dot(place, GREY if known else BLUE) for place, known in marked if known or place == points[-1]),
        f'<line x1="{x - 9:.1f}" x2="{x + 4:.1f}" y1="{bar:.1f}" y2="{bar:.1f}" '
        f'stroke="{ORANGE}" stroke-width="2.5"/>',
    ]
    head = f'<svg class="spark" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'{head} aria-label="{escaped(alt)}">{"".join(parts)}</svg>'


def _places(row: Row) -> tuple[list[Point], float]:
    """Where each total stands, and how high the target."""
    values, asked = [total.value for total in row.totals], row.target.amount
    low, high = min(*values, asked), max(*values, asked)
    room, flat = HEIGHT - 2 * EDGE, high - low <= FLAT * max(abs(high), abs(low))

    def height(value: float) -> float:
        return HEIGHT / 2 if flat else EDGE + room * (high - value) / (high - low)

    step = (WIDTH - 3 * EDGE) / max(len(values) - 1, 1)
    first = EDGE if len(values) > 1 else WIDTH / 2
    return [(first + step * number, height(value)) for number, value in enumerate(values)], height(asked)


def _line(one: Point, other: Point, *, solid: bool) -> str:
    look = f'stroke="{GREY}"' if solid else f'stroke="{BLUE}" stroke-dasharray="4 2.5"'
    ends = f'x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{other[0]:.1f}" y2="{other[1]:.1f}"'
    return f'<line {ends} stroke-width="1.8" {look}/>'


def _dot(place: Point, colour: str) -> str:
    return f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="2.2" fill="{colour}"/>'
