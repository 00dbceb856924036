"""Where totals are at least a threshold, as intervals of one standard normal. Knows no scenario."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from simulator.caches import lazy

REACH = 38.0  # beyond this many standard deviations the normal has no probability left in double precision

Near = tuple[np.ndarray, np.ndarray]  # guesses at both ends of a crossing, of shape (draws,), finite or not
Interval = tuple[np.ndarray, np.ndarray]  # lower and upper end in every draw, each of shape (draws,)


@dataclass(frozen=True)
class Crossing:
    """A total is at least a threshold where the integrated normal is below ``left`` or above ``right``.

    All have shape (draws,). ``left`` is -inf where the total only rises, both are -inf where the threshold is
    always met. The slopes are those of the total by the integrated normal there.
    """

    left: np.ndarray
    right: np.ndarray
    left_slope: np.ndarray
    right_slope: np.ndarray

    @lazy
    def below(self) -> np.ndarray:
        """The probability of less than the threshold given each draw, precise where it is small."""
        return mass((self.left, self.right))

    @lazy
    def above(self) -> np.ndarray:
        """The probability of at least the threshold given each draw, precise where it is small."""
        return ndtr(self.left) + ndtr(-self.right)

    def density(self, weights: np.ndarray | float = 1.0) -> float:
        """The slope by the threshold of the probability below it, summed over draws by their weights."""
        density = _density(self.left, self.left_slope, weights)
        return (density + _density(self.right, self.right_slope, weights)) / math.sqrt(2 * math.pi)

    def moved(self, change: float) -> Near:
        """About where a threshold higher by ``change`` is met, by the slopes; not finite where one is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.left + change / self.left_slope, self.right + change / self.right_slope

    def of(self, kept: np.ndarray) -> Crossing:
        """The same for some of the draws."""
        return Crossing(self.left[kept], self.right[kept], self.left_slope[kept], self.right_slope[kept])

    def intervals(self, at_least: bool) -> list[Interval]:
        """Where the total is at least the threshold, or else below it."""
        if not at_least:
            return [(self.left, self.right)]
        everywhere = np.full(self.right.shape, np.inf)
        upper = (self.right, everywhere)
        return [upper] if np.all(np.isneginf(self.left)) else [(-everywhere, self.left), upper]


@dataclass(frozen=True)
class Rising(Crossing):
    """That of a total which only rises: there is nothing on the left, and half as much to work out."""

    @lazy
    def below(self) -> np.ndarray:
        """As of any crossing."""
        return np.asarray(ndtr(self.right))

    @lazy
    def above(self) -> np.ndarray:
        """As of any crossing."""
        return np.asarray(ndtr(-self.right))

    def density(self, weights: np.ndarray | float = 1.0) -> float:
        """As of any crossing."""
        return _density(self.right, self.right_slope, weights) / math.sqrt(2 * math.pi)

    def of(self, kept: np.ndarray) -> Rising:
        """The same for some of the draws."""
        return Rising(self.left[kept], self.right[kept], self.left_slope[kept], self.right_slope[kept])


def _density(end: np.ndarray, slope: np.ndarray, weights: np.ndarray | float) -> float:
    """What the draws that meet the threshold at one end add to the density, times the root of 2 pi."""
    met = np.isfinite(end) & (slope != 0)
    weight = np.broadcast_to(weights, end.shape)[met]
    return float((weight * np.exp(-0.5 * np.square(end[met])) / np.abs(slope[met])).sum())


def counted(met: np.ndarray) -> Crossing:
    """The crossing of a total that another normal moves: each draw meets it, shape (draws,), or not."""
    flat = np.zeros(met.shape)
    return Crossing(np.full(met.shape, -np.inf), np.where(met, -np.inf, np.inf), flat, flat)


def overlap(one: Interval, other: Interval) -> Interval:
    """Where both intervals hold; empty where the lower end is above the upper one."""
    return np.maximum(one[0], other[0]), np.minimum(one[1], other[1])


def mass(interval: Interval) -> np.ndarray:
    """Normal probability of an interval, shape (draws,), precise in both tails."""
    low, high = interval
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    return np.maximum(ndtr(b) - ndtr(a), 0.0)


def normal_at(u: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The integrated normal at a root; a root at the edge of its reach is none."""
    z = u / scale
    return np.where(z >= REACH - 1e-6, np.inf, np.where(z <= -REACH + 1e-6, -np.inf, z))
