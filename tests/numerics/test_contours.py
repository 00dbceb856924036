"""Lines of equal height, against the laws that they obey. Default tier."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.numerics.contours import levels, segments

heights = st.lists(st.lists(st.floats(0.01, 0.99), min_size=4, max_size=4), min_size=3, max_size=3)


def near(value: float, grid_of: list[float]) -> float:
    return min(abs(value - node) for node in grid_of)


@given(heights, st.floats(0.05, 0.95))
def test_a_line_lies_where_straight_edges_meet_its_height(surface: list[list[float]], level: float) -> None:
    x, y = [0.0, 1.0, 3.0, 4.0], [0.0, 2.0, 3.0]
    for across, up in itertools.chain.from_iterable(segments(x, y, surface, level)):
        i = max(n for n in range(len(x) - 1) if x[n] <= across)
        j = max(n for n in range(len(y) - 1) if y[n] <= up)
        right, above = (across - x[i]) / (x[i + 1] - x[i]), (up - y[j]) / (y[j + 1] - y[j])
        assert (
            min(near(across, x), near(up, y)) < 1e-9
        )  # on an edge of a cell, along which the two-way mean of its corners is straight
        low = surface[j][i] * (1 - right) + surface[j][i + 1] * right
        high = surface[j + 1][i] * (1 - right) + surface[j + 1][i + 1] * right
        assert low * (1 - above) + high * above == pytest.approx(level, abs=1e-9)


@given(heights, st.floats(0.05, 0.95))
def test_a_line_ends_at_the_border_only(surface: list[list[float]], level: float) -> None:
    x, y = [0.0, 1.0, 3.0, 4.0], [0.0, 2.0, 3.0]
    if any(abs(height - level) < 1e-9 for row in surface for height in row):
        return
    ends = Counter(
        (round(across, 9), round(up, 9))
        for across, up in itertools.chain.from_iterable(segments(x, y, surface, level))
    )
    for (across, up), count in ends.items():
        border = across in (x[0], x[-1]) or up in (y[0], y[-1])
        assert count == (1 if border else 2)


def test_a_saddle_is_settled_by_its_mean_and_a_cell_without_law_has_no_line() -> None:
    one = segments(
        [0, 1], [0, 1], [[1.0, 0.0], [0.0, 1.0]], 0.4
    )  # mean .5: the high corners hang together, the low ones are cut off
    assert all(
        abs(across1 - across2) < 1 and (up1 - up2) * (across1 - across2) > 0
        for (across1, up1), (across2, up2) in one
    )
    other = segments([0, 1], [0, 1], [[1.0, 0.0], [0.0, 1.0]], 0.6)
    assert all((up1 - up2) * (across1 - across2) < 0 for (across1, up1), (across2, up2) in other)
    assert len(one) == len(other) == 2
    assert segments([0, 1], [0, 1], [[1.0, None], [0.0, 1.0]], 0.5) == []


@given(st.floats(0, 1), st.floats(0, 1))
def test_levels_are_round_evenly_spaced_and_inside(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = levels(low, high)
    assert all(low < level < high and level == round(level, 3) for level in found)
    gaps = {round(b - a, 6) for a, b in itertools.pairwise(found)}
    assert len(gaps) <= 1
    if high - low >= 0.01:
        assert len(found) >= 4
    assert len(found) <= 12
