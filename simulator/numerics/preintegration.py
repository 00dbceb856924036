"""Totals to a probability and its error, by preintegration: one normal is integrated exactly.

For every draw of all other numbers, the values of that normal at which a total meets a threshold are solved
for, and the normal probability beyond them is averaged (Griewank, Kuo, Leovey, Sloan 2018; Liu, Owen 2023).
Knows no scenario.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.caches import lazy
from simulator.errors import NoNumber
from simulator.numerics.controls import Controls
from simulator.numerics.crossings import Crossing, Interval, Near, counted, mass, overlap
from simulator.numerics.draws import scramble_count
from simulator.numerics.exponential_sums import Total


@dataclass(frozen=True)
class Estimate:
    """A probability and its standard error over the independent scrambles.

    ``conditional`` is the probability given each draw of all numbers but the integrated one, shape (points,),
    rows grouped by scramble; ``edges`` say for each condition where the integrated normal meets its
    threshold, a good guess for a like estimate; ``controls`` are those of the draws, by which they are
    weighted; ``unseen`` is the probability of what no draw holds, under which the answer may be any.
    """

    conditional: np.ndarray
    edges: tuple[Near, ...] = ()
    controls: Controls | None = None
    unseen: float = 0.0

    @lazy
    def scrambles(self) -> np.ndarray:
        """The probability by each scramble, shape (scrambles,).

        Paired differences of two estimates have an error of their own.
        """
        given = self.conditional if self.controls is None else self.controls.corrected(self.conditional)
        return given.reshape(scramble_count(len(given)), -1).mean(axis=1)

    @lazy
    def probability(self) -> float:
        """The probability, a fraction; no higher where the conditional ones are no higher."""
        if self.controls is None:
            return float(min(max(self.scrambles.mean(), 0.0), 1.0))
        hit = float(self.controls.weights @ self.conditional)
        return hit / (hit + float(self.controls.weights @ (1 - self.conditional)))

    @lazy
    def standard_error(self) -> float:
        """Its standard error, and what it may be off by what no draw holds."""
        apart = self.unseen * max(self.probability, 1 - self.probability)
        return math.hypot(spread(self.scrambles), apart)


def spread(scrambles: np.ndarray) -> float:
    """The standard error of the mean of independent scrambles, shape (scrambles,)."""
    return float(scrambles.std(ddof=1) / math.sqrt(len(scrambles)))


class Condition(NamedTuple):
    """That a total is at least an amount, or else at most that."""

    total: Total
    amount: float
    at_least: bool

    @property
    def met(self) -> np.ndarray:
        """Whether each draw's plain total meets it, shape (points,)."""
        values = self.total.values
        return values >= self.amount if self.at_least else values <= self.amount

    def crossing(self, normal: np.ndarray, near: Near | None) -> Crossing:
        """Where the total is at least the threshold; in which draws, if another normal moves it.

        At most an amount is not at least the next number above it.
        """
        threshold = self.amount if self.at_least else math.nextafter(self.amount, math.inf)
        if self.total.normal is normal:
            return self.total.crossing(threshold, near)
        return counted(self.total.values >= threshold)


def chance(conditions: Sequence[Condition], like: Estimate | None = None) -> Estimate:
    """The probability that all conditions hold.

    Args:
        conditions: one or more, on totals in the same draws.
        like: an estimate of much the same conditions; it saves steps and changes nothing else.

    Raises:
        ValueError: a threshold that is not a number.
        NoNumber: no probability was found.
    """
    if any(math.isnan(condition.amount) for condition in conditions):
        raise ValueError("found a threshold that is not a number, expected an amount")
    controls = _controls(conditions)
    if not all(condition.total.smooth for condition in conditions):
        share = _plain_share(conditions)
        return Estimate(share, controls=controls, unseen=_unseen(conditions, share))
    integrated = max((condition.total for condition in conditions), key=lambda total: total.cells).normal
    crossings = [
        condition.crossing(integrated, guess)
        for condition, guess in zip(conditions, _guesses(like, len(conditions)), strict=True)
    ]
    probability = _integrated(conditions, crossings)
    if (unknown := np.count_nonzero(np.isnan(probability))) > 0:
        raise NoNumber(f"found no probability in {unknown:,} of {probability.size:,} simulated paths")
    return Estimate(probability, tuple((crossing.left, crossing.right) for crossing in crossings), controls)


def _controls(conditions: Sequence[Condition]) -> Controls | None:
    """The control variates of the draws, if a total knows them."""
    known = (condition.total.controls for condition in conditions)
    return next((controls for controls in known if controls is not None), None)


def _guesses(like: Estimate | None, count: int) -> Sequence[Near | None]:
    """The edges of a like estimate, if it has as many."""
    return like.edges if like is not None and len(like.edges) == count else (None,) * count


def _plain_share(conditions: Sequence[Condition]) -> np.ndarray:
    """1 for the draws whose totals meet all conditions, else 0; shape (points,)."""
    share = np.ones(conditions[0].total.scale.shape)
    for condition in conditions:
        share = share * condition.met
    return share


def _unseen(conditions: Sequence[Condition], share: np.ndarray) -> float:
    """One draw's part, where all draws agree though their totals vary: so rare may be what none is."""
    agree = share.min() == share.max()
    varied = agree and any(np.ptp(condition.total.values) > 0 for condition in conditions)
    return 1 / share.size if varied else 0.0


def _integrated(conditions: Sequence[Condition], crossings: Sequence[Crossing]) -> np.ndarray:
    """The probability of the integrated normal that all conditions hold, given each draw, shape (points,)."""
    intervals: list[Interval] | None = None
    for condition, crossing in zip(conditions, crossings, strict=True):
        more = crossing.intervals(condition.at_least)
        intervals = more if intervals is None else [overlap(a, b) for a in intervals for b in more]
    return np.asarray(sum(mass(interval) for interval in intervals or []))
