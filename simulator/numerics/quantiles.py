"""Quantiles of a smoothed law: the inverse of what preintegration gives. Knows no scenario.

By Newton steps on the scale of normal scores, inside a bracket that shrinks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import ndtri

from simulator.caches import attached, lazy
from simulator.errors import NoNumber
from simulator.numerics.controls import Controls
from simulator.numerics.crossings import REACH, Crossing, Near
from simulator.numerics.roots import EPSILON, STEPS, Rows

QUANTILE_TOLERANCE = 1e-9  # of a quantile's probability, or of what is left to 1
TINY = float(np.finfo(float).tiny)
NOTHING = 1e-30  # of a draw's probability: less than this it does not move between two amounts


ASKED = 16  # sets of probabilities whose quantiles a law keeps


class Law(Protocol):
    """What is inverted: a total in every draw, moved by one normal."""

    @property
    def values(self) -> np.ndarray:
        """The total in each draw, shape (points,)."""
        ...

    @property
    def controls(self) -> Controls | None:
        """The control variates of the draws, by which they are weighted."""
        ...

    def crossing(self, threshold: float, near: Near | None = None, rows: Rows = ...) -> Crossing:
        """Where the total of some draws is at least a threshold."""
        ...


def smoothed_quantiles(law: Law, probabilities: np.ndarray) -> np.ndarray:
    """The least amounts of which at least each probability is at or below.

    Args:
        law: of a total.
        probabilities: above 0 and below 1, shape (probabilities,), in any order.

    Returns:
        shape (probabilities,), in their order.

    Raises:
        ValueError: a probability that has no quantile.
        NoNumber: a quantile was not found.
    """
    if not np.all((probabilities > 0) & (probabilities < 1)):
        raise ValueError(
            f"found probabilities {probabilities.tolist()}, expected numbers strictly between 0 and 1"
        )
    known, wanted = _known(law), tuple(probabilities.tolist())
    if wanted not in known:
        if len(known) >= ASKED:
            known.clear()
        known[wanted] = _inverted(law, probabilities)
    return known[wanted].copy()


@attached
def _known(_: Law) -> dict[tuple[float, ...], np.ndarray]:
    """Quantiles of a law that were asked for before, by their probabilities."""
    return {}


def _inverted(law: Law, probabilities: np.ndarray) -> np.ndarray:
    order = np.argsort(probabilities)
    rising = probabilities[order]
    quantiles = np.empty(probabilities.shape)
    # between two that differ by less than the tolerance, rounding could turn the order
    values = law.values
    # that of most draws: the greatest of a wide law may be beyond all that its quantiles can be told apart by
    scale = float(np.subtract(*np.quantile(values, (0.75, 0.25))))
    inverse = _Inverse(law, (float(values.min()), float(values.max())), scale)
    quantiles[order] = np.maximum.accumulate(
        inverse.between(rising, np.quantile(law.values, rising), _Bracket())
    )
    return quantiles


@dataclass(frozen=True)
class _Look:
    """A law at one amount: where each draw meets it, and the probability on both sides, summed by weight.

    ``weights`` are those of the draws of its crossing.
    """

    amount: float
    crossing: Crossing
    weights: np.ndarray
    below: float
    above: float

    def step(self, normal: float, points: int) -> float:
        """The step to the quantile with a normal score; NaN where the law tells nothing here.

        On that scale the law is nearly straight.
        """
        here = float(ndtri(self.below / points) if self.below < self.above else -ndtri(self.above / points))
        if abs(here) >= REACH - 1:
            return math.nan
        slope = (
            self.crossing.density(self.weights)
            / points
            * math.sqrt(2 * math.pi)
            * math.exp(0.5 * here * here)
        )
        return (normal - here) / slope if slope > 0 else math.nan

    def excess(self, probability: float, points: int) -> float:
        """How much more than a probability lies below, summed over draws; of the smaller tail."""
        if probability <= 0.5:
            return self.below - points * probability
        return points * (1 - probability) - self.above

    def of(self, kept: np.ndarray) -> _Look:
        """The same for some of the draws."""
        return _Look(self.amount, self.crossing.of(kept), self.weights[kept], self.below, self.above)


class _Bracket(NamedTuple):
    """Two amounts between which a quantile lies; an end that is not known is None."""

    low: _Look | None = None
    high: _Look | None = None

    def clipped(self, amount: float) -> float:
        """The nearest amount inside."""
        amount = max(amount, self.low.amount) if self.low else amount
        return min(amount, self.high.amount) if self.high else amount

    def nearest(self, amount: float) -> _Look | None:
        """The end that is nearest to an amount."""
        ends = [end for end in self if end is not None]
        return min(ends, key=lambda end: abs(amount - end.amount), default=None)

    def of(self, kept: np.ndarray) -> _Bracket:
        """The same for some of the draws."""
        return _Bracket(self.low and self.low.of(kept), self.high and self.high.of(kept))

    def __str__(self) -> str:
        return " and ".join("no end" if end is None else f"{end.amount:.17g}" for end in self)


@dataclass(frozen=True)
class _Inverse:
    """The inverse of a law, by Newton steps inside a shrinking bracket that begins at the ends of the draws.

    ``ends`` are the least and the greatest of the draws, ``scale`` is how far most lie apart. Draws that
    lie wholly on one side of a bracket are counted once: ``rows`` are the others, ``below`` and ``above``
    what the counted ones add.
    """

    law: Law
    ends: tuple[float, float]
    scale: float
    rows: Rows = ...
    below: float = 0.0
    above: float = 0.0

    def between(self, probabilities: np.ndarray, guesses: np.ndarray, bracket: _Bracket) -> list[float]:
        """Quantiles inside a bracket, the middle one first.

        Args:
            probabilities: of the quantiles, rising.
            guesses: at the quantiles; they save steps.
            bracket: an amount below all of them, and one that is not below any of them.
        """
        if not probabilities.size:
            return []
        inner, bracket = self.narrowed(bracket)
        middle = probabilities.size // 2
        look = inner.find(float(probabilities[middle]), float(guesses[middle]), bracket)
        lower, upper = bracket._replace(high=look), bracket._replace(low=look)
        return [
            *inner.between(probabilities[:middle], guesses[:middle], lower),
            look.amount,
            *inner.between(probabilities[middle + 1 :], guesses[middle + 1 :], upper),
        ]

    def find(self, probability: float, guess: float, bracket: _Bracket) -> _Look:
        """One quantile inside a bracket.

        Raises:
            NoNumber: it was not found.
        """
        points, normal = self.law.values.size, float(ndtri(probability))
        allowed = points * QUANTILE_TOLERANCE * min(probability, 1 - probability)
        amount, stride = bracket.clipped(guess), math.inf
        first, inner = bracket, self
        for _ in range(STEPS):
            here = inner.look(amount, bracket)
            excess = here.excess(probability, points)
            if abs(excess) <= allowed:
                return here if inner is self else self.look(amount, first)
            bracket = bracket._replace(low=here) if excess < 0 else bracket._replace(high=here)
            low, high = bracket
            if low and high and high.amount - low.amount <= self._finest(low.amount, high.amount):
                return self.look(high.amount, first)  # the law jumps there past the probability
            following = self._following(bracket, here, here.step(normal, points), stride)
            stride, amount = abs(following - amount), following
            inner, bracket = inner.narrowed(bracket)
        raise NoNumber(
            f"found no amount that the total is below with probability {probability:g} in {STEPS} steps, "
            f"last between {bracket}"
        )

    def look(self, amount: float, bracket: _Bracket) -> _Look:
        """The law at an amount; the nearest that is known saves steps."""
        nearest = bracket.nearest(amount)
        near = nearest.crossing.moved(amount - nearest.amount) if nearest else None
        crossing = self.law.crossing(amount, near, self.rows)
        weights = self._weights[self.rows]
        below, above = float(weights @ crossing.below), float(weights @ crossing.above)
        return _Look(amount, crossing, weights, self.below + below, self.above + above)

    def narrowed(self, bracket: _Bracket) -> tuple[_Inverse, _Bracket]:
        """The same without the draws that do not move inside a bracket, where that saves at least half."""
        low, high = bracket
        size = self.law.values.size if self.rows is ... else self.rows.size
        below, above = (low.crossing.below, low.crossing.above) if low else (np.zeros(size), np.ones(size))
        then_below, then_above = (
            (high.crossing.below, high.crossing.above) if high else (np.ones(size), np.zeros(size))
        )
        moves = (then_below - below > NOTHING) | (above - then_above > NOTHING)
        if not 0 < 2 * np.count_nonzero(moves) < moves.size:
            return self, bracket
        rows = np.flatnonzero(moves) if self.rows is ... else self.rows[moves]
        weights = self._weights[self.rows][~moves]
        below_it, above_it = float(weights @ below[~moves]), float(weights @ then_above[~moves])
        inner = _Inverse(self.law, self.ends, self.scale, rows, self.below + below_it, self.above + above_it)
        return inner, bracket.of(moves)

    @lazy
    def _weights(self) -> np.ndarray:
        """The weights of all draws, 1 on average."""
        controls = self.law.controls
        return np.ones(self.law.values.size) if controls is None else controls.weights

    def _following(self, bracket: _Bracket, here: _Look, step: float, stride: float) -> float:
        """Where to look next: a Newton step that is inside and shorter, else the middle, or outwards."""
        first, last = self.ends
        low, high = bracket
        floor = low.amount if low else min(first, here.amount)
        ceiling = high.amount if high else max(last, here.amount)
        if floor < here.amount + step < ceiling and abs(step) <= stride / 2:
            return here.amount + step
        if low and high:
            return (floor + ceiling) / 2
        return self._outwards(here.amount, stride, down=high is not None)

    def _outwards(self, amount: float, stride: float, *, down: bool) -> float:
        """Where to look next where nothing is known on that side: at the end of the draws, then farther."""
        first, last = self.ends
        outside = max(last - first, self._finest(first, last))
        if down:
            end = first if amount > first else amount - max(2 * (first - amount), outside)
            return max(end, amount - 2 * stride)
        end = last if amount < last else amount + max(2 * (amount - last), outside)
        return min(end, amount + 2 * stride)

    def _finest(self, low: float, high: float) -> float:
        """Amounts that are not farther apart than this are one and the same."""
        return max(4 * EPSILON * max(abs(low), abs(high), self.scale), TINY)
