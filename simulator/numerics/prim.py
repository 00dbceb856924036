"""A box of a few bounds in which hits are dense: the patient rule induction method, PRIM.

Friedman, Fisher 1999; Bryant, Lempert 2010. Written here rather than taken from a tree library: its answer is
one conjunction of bounds, which is what a person reads, and a tree's import would cost more than the whole
analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

PEEL = 0.05  # of the box, taken off in one step
LEAST_MASS = 0.05  # of all draws, below which a box is no longer peeled
CLEAR = 3.0  # standard errors by which a bound must improve the box
WORTH = 0.05  # of the box's score that a bound must bring, to be worth reading


@dataclass(frozen=True)
class Bound:
    """Values of a column below a threshold, or at least the threshold."""

    column: int
    below: bool
    threshold: float

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Where it holds, shape (points,), of values of shape (points, columns)."""
        column = values[:, self.column]
        return column < self.threshold if self.below else column >= self.threshold


Box = tuple[Bound, ...]


def inside(box: Box, values: np.ndarray) -> np.ndarray:
    """Where all bounds hold, shape (points,)."""
    meets = np.ones(len(values), dtype=bool)
    for bound in box:
        meets &= bound.holds(values)
    return meets


def score(box: Box, values: np.ndarray, hit: np.ndarray) -> float:
    """Harmonic mean of the coverage and of how far the density goes from the base rate to 1; from 0 to 1."""
    draws = inside(box, values)
    return float(_score(draws.sum(), (draws & hit).sum(), hit))


def _score(count: np.ndarray, hits: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """The score of boxes that hold some draws, of which some are hits."""
    base = hit.mean()
    coverage, gain = hits / hit.sum(), np.maximum(hits / np.maximum(count, 1) - base, 0) / (1 - base)
    mean = 2 * coverage * gain / np.maximum(coverage + gain, 1e-300)
    return np.where(count >= LEAST_MASS * len(hit), mean, 0.0)


def find_box(
    values: np.ndarray,
    hit: np.ndarray,
    other_values: np.ndarray,
    other_hit: np.ndarray,
    most: int = 3,
    repeats: int = 1,
) -> Box:
    """The best box: peeled on some draws, chosen and pruned on others, its bounds set anew on the first.

    Args:
        values: of the columns, shape (points, columns).
        hit: whether each draw is one of those looked for, shape (points,).
        other_values: of draws that are independent of the first.
        other_hit: likewise.
        most: bounds.
        repeats: rows that share most of their draws, so that the errors are those of fewer rows.

    Returns:
        at most that many bounds, the most telling first; none where no box gains anything.
    """
    if not (0 < hit.mean() < 1 and 0 < other_hit.mean() < 1):
        return ()
    box: Box = max([(), *peeled(values, hit, most)], key=lambda tried: score(tried, other_values, other_hit))
    while box:
        box = pasted(box, values, hit)
        without = [score(_without(box, place), other_values, other_hit) for place in range(len(box))]
        order = sorted(range(len(box)), key=without.__getitem__)  # the most telling first
        if all(_earned(box, place, other_values, other_hit, repeats) for place in order):
            return tuple(box[place] for place in order)
        box = tuple(box[place] for place in order[:-1])
    return box


def peeled(values: np.ndarray, hit: np.ndarray, most: int) -> Iterator[Box]:
    """The boxes along one peeling, from large to small.

    In each step the strip goes whose removal raises the density most for each draw removed (Kwakkel,
    Jaxa-Rozen 2016), so that a yes-or-no column competes fairly with a fine one.
    """
    bounds: dict[tuple[int, bool], float] = {}
    kept = np.arange(len(values))
    while len(kept) > LEAST_MASS * len(values):
        strips = _strips(values[kept], hit[kept])
        allowed = [strip for strip in strips if strip[1] in bounds or len(bounds) < most]
        gain, side, threshold = max(allowed, default=(0.0, (0, False), 0.0))
        if gain <= 0:
            return
        bounds[side] = threshold
        kept = kept[Bound(*side, threshold).holds(values[kept])]
        yield tuple(Bound(*key, edge) for key, edge in bounds.items())


def _strips(values: np.ndarray, hit: np.ndarray) -> Iterator[tuple[float, tuple[int, bool], float]]:
    """Every strip to peel: (rise of density a draw removed, (column, below), threshold of what stays)."""
    low, high = np.quantile(values, [PEEL, 1 - PEEL], axis=0)
    above, under = values > low, values < high
    for below, stays, limit in ((False, above, np.min), (True, under, np.max)):
        count = np.count_nonzero(stays, axis=0)
        hits = hit.astype(float) @ stays
        for column in np.flatnonzero((count > 0) & (count < len(values))):
            gain = (hits[column] / count[column] - hit.mean()) / (len(values) - count[column])
            amounts, kept = values[:, column], stays[:, column]
            removed = amounts[~kept]
            threshold = (limit(amounts[kept]) + (removed.min() if below else removed.max())) / 2
            yield float(gain), (int(column), below), float(threshold)


def pasted(box: Box, values: np.ndarray, hit: np.ndarray) -> Box:
    """The box with one bound after another set where its score is highest, twice round.

    What was peeled too far is pasted back.
    """
    for _ in range(2):
        for place, bound in enumerate(box):
            rest = inside(_without(box, place), values)
            order = np.argsort(values[rest, bound.column])
            order = order if bound.below else order[::-1]
            amounts, hits = values[rest, bound.column][order], np.cumsum(hit[rest][order])
            gaps = amounts[1:] != amounts[:-1]
            scores = np.where(gaps, _score(np.arange(1, len(amounts)), hits[:-1], hit), 0.0)
            if len(scores) and scores.max() > 0:
                best = int(np.argmax(scores))
                moved = replace(bound, threshold=float((amounts[best] + amounts[best + 1]) / 2))
                box = (*box[:place], moved, *box[place + 1 :])
    return box


def _without(box: Box, place: int) -> Box:
    return (*box[:place], *box[place + 1 :])


def _earned(box: Box, place: int, values: np.ndarray, hit: np.ndarray, repeats: int) -> bool:
    """Whether a bound improves the box by enough to be read, and shuts out draws with clearly fewer hits."""
    rest = inside(_without(box, place), values)
    kept, removed = rest & box[place].holds(values), rest & ~box[place].holds(values)
    if not kept.any() or not removed.any():
        return False
    pooled = hit[rest].mean()
    error = np.sqrt(pooled * (1 - pooled) * repeats * (1 / kept.sum() + 1 / removed.sum()))
    clear = hit[kept].mean() - hit[removed].mean() > CLEAR * error
    return bool(clear and score(box, values, hit) > (1 + WORTH) * score(_without(box, place), values, hit))
