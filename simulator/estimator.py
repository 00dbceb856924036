"""Arrays to a probability and its error, by preintegration: the one normal that moves the total most is integrated exactly.

For every draw of all other numbers, the values of that normal at which a total meets a threshold are solved for, and the
normal probability beyond them is averaged (Griewank, Kuo, Leovey, Sloan 2018; Liu, Owen 2023). A total is
``money + sum of sign * exp(exponent + loading * u)`` with ``u = scale * z``. Knows no scenario.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtr

from simulator.draws import SCRAMBLES

REACH = 38.0  # beyond this many standard deviations the normal has no probability left in double precision
ROOT_TOLERANCE = 1e-6  # of a Newton step: the error that it leaves is its square
RANK_TOLERANCE = 1e-10
QUANTILE_TOLERANCE = 1e-6  # of a Newton step: the next would be its square
Gap = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Basis:
    """A covariance written as independent normals, the first of them the direction that is integrated.

    ``first`` has shape (cells,), ``rest`` (cells, others): covariance = first first' + rest rest'. ``functional``, shape
    (cells,), has unit variance: the first normal is ``functional' y``.
    """

    functional: np.ndarray
    first: np.ndarray
    rest: np.ndarray

    def onto(self, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How other cells load on these normals.

        Args:
            across: covariance of the other cells with these, shape (others, cells).

        Returns:
            loadings on the first normal, shape (others,), and on the rest, shape (others, rest).
        """
        first = across @ self.functional
        return first, (across - np.outer(first, self.first)) @ np.linalg.pinv(self.rest).T


def basis(covariance: np.ndarray, direction: np.ndarray) -> Basis:
    """Make the functional ``direction' y`` the first coordinate, and order the others by how much they bend the total.

    The total is exp-linear in its cells: once its gradient is taken out, what is left to second order is the quadratic form
    of the weights ``|direction|``. The other normals are its principal axes, so that the best columns of draws go to those that matter.
    """
    variance = float(direction @ covariance @ direction)
    functional = direction / math.sqrt(variance) if variance > 0 else np.zeros_like(direction)
    first = covariance @ functional
    remaining = covariance - np.outer(first, first)
    root = _root(remaining)
    weight = np.abs(direction) / max(float(np.abs(direction).sum()), 1e-300) + 1e-3 / direction.size
    rest = root @ np.linalg.eigh(root.T @ (weight[:, None] * root))[1][:, ::-1]
    heaviest = rest[np.abs(rest).argmax(axis=0), np.arange(rest.shape[1])]
    return Basis(functional, first, rest * np.where(heaviest < 0, -1.0, 1.0))


def _root(covariance: np.ndarray) -> np.ndarray:
    """A factor with full column rank: covariance = root root'."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    kept = values > RANK_TOLERANCE * max(float(values[-1]), 1e-300)
    return vectors[:, kept] * np.sqrt(values[kept])


@dataclass(frozen=True)
class Estimate:
    """A probability and its standard error over the independent scrambles.

    ``held`` is the probability given each draw of all numbers but the integrated one, shape (points,), rows grouped by scramble;
    ``edges`` say for each condition where the integrated normal meets its threshold, a good guess for a like estimate.
    """

    held: np.ndarray
    edges: tuple[np.ndarray, ...] = ()

    @cached_property
    def scrambles(self) -> np.ndarray:
        """The probability by each scramble, shape (scrambles,): paired differences of two estimates have an error of their own."""
        return self.held.reshape(SCRAMBLES, -1).mean(axis=1)

    @cached_property
    def probability(self) -> float:
        """The probability, a fraction."""
        return float(min(max(self.scrambles.mean(), 0.0), 1.0))

    @cached_property
    def standard_error(self) -> float:
        """Its standard error."""
        return spread(self.scrambles)


def spread(scrambles: np.ndarray) -> float:
    """The standard error of the mean of independent scrambles, shape (scrambles,)."""
    return float(scrambles.std(ddof=1) / math.sqrt(len(scrambles)))


@dataclass(frozen=True)
class Total:
    """A total of a measure over a period, in every draw, as a function of the integrated normal.

    Args:
        money: what does not depend on flows, shape (points,).
        exponent: log flows less the integrated part, shape (points, cells).
        loading: of the integrated normal on each cell, shape (cells,).
        sign: +1 or -1 of each cell, shape (cells,).
        scale: tail scale of each draw, shape (points,).
        normal: a draw of the integrated normal itself, shape (points,): used for plain values.
        plain: values that are no such function (a published sum shared out among its months), shape (points,), else None.
    """

    money: np.ndarray
    exponent: np.ndarray
    loading: np.ndarray
    sign: np.ndarray
    scale: np.ndarray
    normal: np.ndarray
    plain: np.ndarray | None = None

    @cached_property
    def values(self) -> np.ndarray:
        """The total itself, one for each draw, shape (points,)."""
        return self.at(self.scale * self.normal) if self.plain is None else self.plain

    @property
    def constant(self) -> bool:
        """Whether nothing about it is uncertain."""
        return self.plain is None and not self.exponent.shape[1] and bool(np.all(self.money == self.money[0]))

    @property
    def smooth(self) -> bool:
        """Whether preintegration serves; else the plain share of draws is counted."""
        return self.plain is None and (self._rises or bool(np.all(self.sign > 0)))

    def at(self, u: np.ndarray) -> np.ndarray:
        """The total where the integrated normal times scale is ``u``, shape (points,)."""
        return self.money + self._flow(u) @ self.sign

    @cached_property
    def _rises(self) -> bool:
        """Whether it only rises with the integrated normal."""
        return bool(np.all(self.sign * self.loading >= 0))

    def meets(self, threshold: float, near: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Where the total is at least the threshold: where the integrated normal is below the first or above the second.

        Args:
            threshold: in the unit of the total.
            near: a guess at the second, shape (points,), finite or not; it saves steps and changes nothing else.

        Returns:
            two arrays of shape (points,); the first is -inf where the total only rises, both are -inf where it is always met.
        """
        if not self.exponent.shape[1]:
            return np.full(self.money.shape, -np.inf), np.where(self.money >= threshold, -np.inf, np.inf)
        gap, always = self._gap(threshold)
        edge = self.scale * REACH
        nowhere = np.full(edge.shape, -np.inf)
        if self._rises:
            guess = None if near is None else np.where(np.isfinite(near), near, 0.0) * self.scale
            return nowhere, np.where(always, -np.inf, _normal_at(_rising_root(gap, -edge, edge, guess), self.scale))
        lowest = self._lowest(edge)
        always = always | (gap(lowest)[0] >= 0)
        right = np.where(gap(edge)[0] >= 0, _normal_at(_rising_root(gap, lowest, edge), self.scale), np.inf)
        left = np.where(gap(-edge)[0] >= 0, -_normal_at(_rising_root(lambda u: _mirrored(gap, u), -lowest, edge), self.scale), -np.inf)
        return np.where(always, -np.inf, left), np.where(always, -np.inf, right)

    def counted(self, threshold: float) -> tuple[np.ndarray, np.ndarray]:
        """As ``meets``, for a total on which another normal is integrated: it is met in a draw or not."""
        return np.full(self.money.shape, -np.inf), np.where(self.values >= threshold, -np.inf, np.inf)

    def _lowest(self, edge: np.ndarray) -> np.ndarray:
        """Where each draw's total is lowest, in ``u``: a convex sum turns where its loadings have both signs."""

        def slope(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            flow = self._flow(u)
            return flow @ self.loading, flow @ self.loading**2

        return _rising_root(slope, -edge, edge)

    def _flow(self, u: np.ndarray) -> np.ndarray:
        """Flows where the integrated normal times scale is ``u``, shape (points, cells)."""
        flow = u[:, None] * self.loading
        flow += self.exponent
        return np.exp(flow, out=flow)

    def _gap(self, threshold: float) -> tuple[Gap, np.ndarray]:
        """A function that is zero where the total meets the threshold, with its slope; and where money alone meets it.

        A sum of positive flows is compared in logs, in which it is nearly straight.
        """
        missing = threshold - self.money
        if np.all(self.sign > 0):
            aim = np.log(np.where(missing > 0, missing, 1.0))
            sums = np.column_stack([self.sign, self.loading])

            def in_logs(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
                whole, slope = (self._flow(u) @ sums).T
                whole = np.maximum(whole, 1e-300)
                return np.log(whole) - aim, slope / whole

            return in_logs, missing <= 0

        signed = np.column_stack([self.sign, self.sign * self.loading])

        def plain(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            whole, slope = (self._flow(u) @ signed).T
            return whole - missing, slope

        return plain, np.zeros(missing.shape, dtype=bool)

    def quantile(self, probabilities: Sequence[float] | np.ndarray) -> np.ndarray:
        """Quantiles of the smoothed law, so that they agree with ``chance``; shape (probabilities,)."""
        wanted = np.asarray(probabilities, dtype=float)
        if not self.smooth or not self.exponent.shape[1]:
            return np.quantile(self.values, wanted)
        guesses = np.quantile(self.values, wanted)
        return np.array([self._invert(p, float(x)) for p, x in zip(wanted, guesses, strict=True)])

    def _invert(self, probability: float, x: float) -> float:
        """The threshold below which the smoothed law has that probability: Newton steps inside a shrinking bracket."""
        low, high = -math.inf, math.inf
        near = None
        for _ in range(60):
            below, density, near = self._distribution(x, near)
            low, high = (x, high) if below < probability else (low, x)
            following = x + (probability - below) / density if density > 0 else math.nan
            if not low <= following <= high:
                following = (low + high) / 2 if math.isfinite(high - low) else x + math.copysign(0.1 * abs(x) + 1e-9, probability - below)
            if abs(following - x) <= QUANTILE_TOLERANCE * abs(x):
                return following
            x = following
        return x

    def _distribution(self, threshold: float, near: np.ndarray | None) -> tuple[float, float, np.ndarray]:
        """The smoothed law's probability below a threshold, its density there, and where the threshold is met."""
        left, right = self.meets(threshold, near)
        density = np.zeros(right.shape)
        for end in (left, right):
            met = np.isfinite(end)
            if met.any():
                z = np.where(met, end, 0.0)
                slope = self.scale * np.abs(self._flow(self.scale * z) @ (self.sign * self.loading))
                density += np.where(met, np.exp(-0.5 * np.square(z)), 0.0) / np.maximum(slope, 1e-300)
        return float(_mass(left, right).mean()), float(density.mean()) / math.sqrt(2 * math.pi), right


def chance(conditions: Sequence[tuple[Total, float, bool]], like: Estimate | None = None) -> Estimate:
    """The probability that all conditions hold.

    Args:
        conditions: (total, threshold, whether at least that much is wanted; else at most).
        like: an estimate of much the same conditions; it saves steps and changes nothing else.
    """
    if not all(total.smooth for total, _, _ in conditions):
        held = np.ones(conditions[0][0].scale.shape)
        for total, threshold, at_least in conditions:
            held = held * ((total.values >= threshold) if at_least else (total.values <= threshold))
        return Estimate(held)
    near = like.edges if like is not None and len(like.edges) == len(conditions) else (None,) * len(conditions)
    leading = max((total for total, _, _ in conditions), key=lambda total: total.exponent.shape[1])
    met = [
        total.meets(threshold, guess) if total.normal is leading.normal else total.counted(threshold)
        for (total, threshold, _), guess in zip(conditions, near, strict=True)
    ]
    intervals: list[tuple[np.ndarray, np.ndarray]] | None = None
    for (left, right), (_, _, at_least) in zip(met, conditions, strict=True):
        found = _intervals(left, right, at_least)
        intervals = found if intervals is None else [_both(a, b) for a in intervals for b in found]
    return Estimate(np.asarray(sum(_mass(low, high) for low, high in intervals or [])), tuple(right for _, right in met))


def _intervals(left: np.ndarray, right: np.ndarray, at_least: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """The intervals of the integrated normal on which a condition holds, each (lower, upper) of shape (points,)."""
    if not at_least:
        return [(left, right)]
    everywhere = np.full(right.shape, np.inf)
    return [(right, everywhere)] if np.all(np.isneginf(left)) else [(-everywhere, left), (right, everywhere)]


def _both(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return np.maximum(one[0], other[0]), np.minimum(one[1], other[1])


def _mass(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Normal probability of an interval, precise in both tails."""
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    return np.maximum(ndtr(b) - ndtr(a), 0.0)


def _normal_at(u: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The integrated normal at a root; a root at the edge of its reach is none."""
    z = u / scale
    return np.where(z >= REACH - 1e-6, np.inf, np.where(z <= -REACH + 1e-6, -np.inf, z))


def _mirrored(gap: Gap, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    value, slope = gap(-u)
    return value, -slope


def _rising_root(function: Gap, low: np.ndarray, high: np.ndarray, near: np.ndarray | None = None) -> np.ndarray:
    """Root of a function that rises from ``low`` to ``high``, by Newton steps held inside a shrinking bracket; elementwise."""
    low, high = low.copy(), high.copy()
    u = np.clip(np.zeros_like(low) if near is None else near, low, high)
    for _ in range(200):
        value, slope = function(u)
        low, high = np.where(value < 0, u, low), np.where(value >= 0, u, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = u - value / slope
        inside = (newton >= low) & (newton <= high)
        step = np.where(inside, newton, (low + high) / 2)
        moved = float(np.abs(step - u).max())
        u = step
        if moved < ROOT_TOLERANCE:
            break
    return u
