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
from types import EllipsisType

import numpy as np
from scipy.special import ndtr, ndtri

from simulator.errors import NoNumber
from simulator.numerics.draws import SCRAMBLES

REACH = 38.0  # beyond this many standard deviations the normal has no probability left in double precision
STEPS = 200  # far more than any root takes
PATIENCE = 20  # steps, after which every other one halves the bracket
ROOT_TOLERANCE = (
    1e-6  # of a Newton step among ever shorter ones: the error that it leaves is about its square
)
ROUNDING = 1e-11  # of a root: what is left to rounding
RANK_TOLERANCE = 1e-10
QUANTILE_TOLERANCE = 1e-9  # of a quantile's probability, or of what is left to 1
EPSILON = float(np.finfo(float).eps)
TINY = float(np.finfo(float).tiny)
NOTHING = 1e-30  # of a draw's probability: less than this it does not move between two amounts
Rows = np.ndarray | EllipsisType  # of arrays by draw: some, or all

Near = tuple[np.ndarray, np.ndarray]
Gap = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


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
    edges: tuple[Near, ...] = ()

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
class Crossing:
    """Where a total is at least a threshold: where the integrated normal is below ``left`` or above ``right``.

    All have shape (draws,). ``left`` is -inf where the total only rises, both are -inf where the threshold is always met.
    The slopes are those of the total by the integrated normal there.
    """

    left: np.ndarray
    right: np.ndarray
    left_slope: np.ndarray
    right_slope: np.ndarray

    @cached_property
    def below(self) -> np.ndarray:
        """The probability of less than the threshold given each draw, precise where it is small."""
        return _mass(self.left, self.right)

    @cached_property
    def above(self) -> np.ndarray:
        """The probability of at least the threshold given each draw, precise where it is small."""
        return ndtr(self.left) + ndtr(-self.right)

    @property
    def density(self) -> float:
        """The slope by the threshold of the probability below it, summed over draws."""
        found = 0.0
        for end, slope in ((self.left, self.left_slope), (self.right, self.right_slope)):
            met = np.isfinite(end) & (slope != 0)
            found += float((np.exp(-0.5 * np.square(end[met])) / np.abs(slope[met])).sum())
        return found / math.sqrt(2 * math.pi)

    def moved(self, change: float) -> Near:
        """About where a threshold that is higher by ``change`` is met, by the slopes; not finite where they do not tell."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.left + change / self.left_slope, self.right + change / self.right_slope

    def of(self, kept: np.ndarray) -> Crossing:
        """The same for some of the draws."""
        return Crossing(self.left[kept], self.right[kept], self.left_slope[kept], self.right_slope[kept])


@dataclass(frozen=True)
class Total:
    """A total of a measure over a period, in every draw, as a function of the integrated normal.

    Args:
        money: what does not depend on flows, shape (points,).
        exponent: log flows less the integrated part, shape (points, cells); -inf is no flow.
        loading: of the integrated normal on each cell, shape (cells,).
        sign: +1 or -1 of each cell, or another weight, shape (cells,).
        scale: tail scale of each draw, shape (points,).
        normal: a draw of the integrated normal itself, shape (points,): used for plain values.
        plain: values that are no such function (a published sum shared out among its months), shape (points,), else None.

    Raises:
        NoNumber: something in it is infinite or not a number.
    """

    money: np.ndarray
    exponent: np.ndarray
    loading: np.ndarray
    sign: np.ndarray
    scale: np.ndarray
    normal: np.ndarray
    plain: np.ndarray | None = None

    def __post_init__(self) -> None:
        # the greatest of some numbers is NaN if one of them is, and a sum is finite only if all its numbers are
        parts = [self.money, self.scale, self.normal, *([] if self.plain is None else [self.plain])]
        sums = [float(part.sum()) for part in (*parts, self.loading, self.sign)]
        if self.exponent.max(initial=-math.inf) < math.inf and all(map(math.isfinite, sums)):
            return
        sound = np.asarray(np.isfinite(parts).all(axis=0) & (self.exponent < math.inf).all(axis=1))
        self._refuse(np.zeros_like(sound) if sound.all() else sound)

    @staticmethod
    def _refuse(sound: np.ndarray) -> None:
        text = f"found {np.count_nonzero(~sound):,} of {sound.size:,} simulated paths with a flow or money that is no finite number"
        raise NoNumber(
            f"{text}, from which no answer follows; expected figures, shares and levers that leave every flow finite"
        )

    @cached_property
    def values(self) -> np.ndarray:
        """The total itself, one for each draw, shape (points,)."""
        if self.plain is not None:
            return self.plain
        found = self.at(self.scale * self.normal)
        if not math.isfinite(found.sum()):
            self._refuse(np.isfinite(found))
        return found

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
        return self.money + _flow(self.exponent, u, self.loading) @ self.sign

    @cached_property
    def _rises(self) -> bool:
        """Whether it only rises with the integrated normal."""
        return bool(np.all(self.sign * self.loading >= 0))

    def crossing(self, threshold: float, near: Near | None = None, rows: Rows = ...) -> Crossing:
        """Where the total is at least the threshold.

        Args:
            threshold: in the unit of the total.
            near: guesses at both sides, each of shape (draws,), finite or not; they save steps and change nothing else.
            rows: of which draws.

        Raises:
            NoNumber: where it is met was not found.
        """
        missing = threshold - self.money[rows]
        flat, nowhere = np.zeros(missing.shape), np.full(missing.shape, -np.inf)
        if not self.exponent.shape[1]:
            return Crossing(nowhere, np.where(missing <= 0, -np.inf, np.inf), flat, flat)
        scale = self.scale[rows]
        edge = scale * REACH
        if self._rises:
            start = flat if near is None else np.where(np.isfinite(near[1]), near[1] * scale, 0.0)
            u, slope = _rising_root(
                lambda kept: self._gap(threshold, kept if rows is ... else rows[kept]), -edge, edge, start
            )
            return Crossing(nowhere, _normal_at(u, scale), flat, slope * scale)
        return self._both_sides(threshold, missing, near, np.arange(self.scale.size)[rows])

    def counted(self, threshold: float) -> Crossing:
        """As ``crossing``, for a total on which another normal is integrated: each draw meets it or does not."""
        flat = np.zeros(self.money.shape)
        return Crossing(
            np.full(flat.shape, -np.inf), np.where(self.values >= threshold, -np.inf, np.inf), flat, flat
        )

    def _both_sides(
        self, threshold: float, missing: np.ndarray, near: Near | None, rows: np.ndarray
    ) -> Crossing:
        """Where a convex sum meets the threshold: at one work, below and above its lowest point."""
        lowest, least, bend, scale = (part[rows] for part in (*self._valley, self.scale))
        always = missing <= least
        side, twice = np.repeat([-1.0, 1.0], rows.size), np.tile(rows, 2)
        low = np.concatenate([-lowest, lowest])
        high = np.where(
            np.tile(always, 2), low, np.tile(scale * REACH, 2)
        )  # where it is always met there is nothing to look for
        with np.errstate(divide="ignore", invalid="ignore"):
            lift = np.log(missing / least)
            steepest = np.abs(
                [self.loading.min(), self.loading.max()]
            )  # a log sum rises no faster than that on either side
            start = low + np.maximum(np.sqrt(2 * lift / bend), lift / steepest[:, None]).ravel()
        if near is not None:
            guess = side * np.concatenate(near) * np.tile(scale, 2)
            start = np.where(np.isfinite(guess), guess, start)
        v, slope = _rising_root(
            lambda kept: _turned(self._gap(threshold, twice[kept]), side[kept]),
            low,
            high,
            np.nan_to_num(start),
        )
        left, right = (side * _normal_at(v, np.tile(scale, 2))).reshape(2, -1)
        slopes = slope.reshape(2, -1) * scale
        return Crossing(
            np.where(always, -np.inf, left), np.where(always, -np.inf, right), slopes[0], slopes[1]
        )

    def _gap(self, threshold: float, rows: Rows) -> Gap:
        """A function of ``u`` that is zero where the total meets the threshold and positive above; beside it the total's slope.

        What adds up and what is taken away or missing are compared in logs, in which they are nearly straight.
        """
        exponent, missing = self.exponent[rows], threshold - self.money[rows]
        more, wanted = np.maximum(-missing, 0.0), np.maximum(missing, 0.0)
        up, down = np.maximum(self.sign, 0.0), np.maximum(-self.sign, 0.0)
        columns = np.column_stack([up, up * self.loading, down, down * self.loading])

        def gap(u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            added, up_slope, taken, down_slope = (_flow(exponent, u, self.loading) @ columns).T
            added, taken = added + more, taken + wanted
            return np.log(added / taken), up_slope / added - down_slope / taken, up_slope - down_slope

        return gap

    @cached_property
    def _valley(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where each draw's sum of flows is lowest, in ``u``; how low that is; and how much its log bends there.

        A convex sum turns where its loadings have both signs.
        """
        steepest = float(np.abs(self.loading).max())
        columns = np.column_stack([self.sign, self.sign * self.loading, self.sign * self.loading**2])

        def function(rows: Rows) -> Gap:
            exponent = self.exponent[rows]

            def slope_of_log(u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
                whole, first, second = (_flow(exponent, u, self.loading) @ columns).T
                slope = first / whole
                bend = second / whole - slope * slope
                return slope / steepest, bend / steepest, bend

            return slope_of_log

        edge = self.scale * REACH
        lowest, bend = _rising_root(function, -edge, edge, np.zeros(edge.shape))
        return lowest, _flow(self.exponent, lowest, self.loading) @ self.sign, bend

    def quantile(self, probabilities: Sequence[float] | np.ndarray) -> np.ndarray:
        """Quantiles, the least amounts of which at least that probability is at or below; in order of the probabilities.

        They are those of the smoothed law, so that they agree with ``chance``; where no smoothed law is, those of the draws.

        Args:
            probabilities: from 0 to 1; of a smoothed law without the ends.

        Returns:
            shape (probabilities,).

        Raises:
            ValueError: a probability that has no quantile.
            NoNumber: a quantile was not found.
        """
        wanted = np.asarray(probabilities, dtype=float)
        if not self.exponent.shape[1] and self.plain is None:
            return np.quantile(self.values, wanted, method="inverted_cdf")
        if not self.smooth:
            return np.quantile(self.values, wanted)
        if not np.all((wanted > 0) & (wanted < 1)):
            raise ValueError(
                f"found probabilities {wanted.tolist()}, expected numbers strictly between 0 and 1"
            )
        order = np.argsort(wanted)
        found = np.empty(wanted.shape)
        # between two that differ by less than the tolerance, rounding could turn the order
        found[order] = np.maximum.accumulate(
            _Inverse(self).between(wanted[order], np.quantile(self.values, wanted[order]), None, None)
        )
        return found


@dataclass(frozen=True)
class _Look:
    """A smoothed law at one amount: where each draw meets it, and the sums over all draws of the probabilities below and above."""

    amount: float
    crossing: Crossing
    below: float
    above: float

    def step(self, normal: float, points: int) -> float:
        """The step to a quantile on the scale of normal scores, in which the law is nearly straight; NaN where that tells nothing."""
        here = float(ndtri(self.below / points) if self.below < self.above else -ndtri(self.above / points))
        slope = (
            self.crossing.density / points * math.sqrt(2 * math.pi) * math.exp(0.5 * here * here)
            if abs(here) < REACH - 1
            else 0.0
        )
        return (normal - here) / slope if slope > 0 else math.nan

    def of(self, kept: np.ndarray) -> _Look:
        """The same for some of the draws."""
        return _Look(self.amount, self.crossing.of(kept), self.below, self.above)


@dataclass(frozen=True)
class _Inverse:
    """The inverse of a total's smoothed law, by Newton steps inside a shrinking bracket that begins at the ends of the draws.

    Draws that lie wholly on one side of a bracket are counted once: ``rows`` are the others, ``below`` and ``above`` what the
    counted ones add. An end of a bracket that is not known is None.
    """

    total: Total
    rows: Rows = ...
    below: float = 0.0
    above: float = 0.0

    def between(
        self, wanted: np.ndarray, guesses: np.ndarray, low: _Look | None, high: _Look | None
    ) -> list[float]:
        """Quantiles between two amounts, the middle one first.

        Args:
            wanted: their probabilities, rising.
            guesses: at the quantiles; they save steps.
            low: an amount below all of them.
            high: an amount not below any of them.
        """
        if not wanted.size:
            return []
        inner, low, high = self.narrowed(low, high)
        middle = wanted.size // 2
        found = inner.find(float(wanted[middle]), float(guesses[middle]), low, high)
        lower = inner.between(wanted[:middle], guesses[:middle], low, found)
        return [
            *lower,
            found.amount,
            *inner.between(wanted[middle + 1 :], guesses[middle + 1 :], found, high),
        ]

    def find(self, probability: float, guess: float, low: _Look | None, high: _Look | None) -> _Look:
        """One quantile between two amounts.

        Raises:
            NoNumber: it was not found.
        """
        points, normal = self.total.money.size, float(ndtri(probability))
        allowed = points * QUANTILE_TOLERANCE * min(probability, 1 - probability)
        amount = max(guess, low.amount) if low else guess
        amount = min(amount, high.amount) if high else amount
        ends, inner, stride = (low, high), self, math.inf
        for _ in range(STEPS):
            here = inner.look(amount, low, high)
            excess = (
                here.below - points * probability
                if probability <= 0.5
                else points * (1 - probability) - here.above
            )
            if abs(excess) <= allowed:
                return here if inner is self else self.look(amount, *ends)
            low, high = (here, high) if excess < 0 else (low, here)
            if low and high and high.amount - low.amount <= self._finest(low.amount, high.amount):
                return self.look(
                    high.amount, *ends
                )  # the law jumps there from below the probability to above it
            following = self._following(low, high, here, here.step(normal, points), stride)
            stride, amount = abs(following - amount), following
            inner, low, high = inner.narrowed(low, high)
        found = " and ".join("no end" if end is None else f"{end.amount:.17g}" for end in (low, high))
        raise NoNumber(
            f"found no amount that the total is below with probability {probability:g} in {STEPS} steps, last between {found}"
        )

    def look(self, amount: float, low: _Look | None, high: _Look | None) -> _Look:
        """The law at an amount; the nearest that is known saves steps."""
        known = [end for end in (low, high) if end is not None]
        nearest = min(known, key=lambda end: abs(amount - end.amount), default=None)
        near = nearest.crossing.moved(amount - nearest.amount) if nearest else None
        crossing = self.total.crossing(amount, near, self.rows)
        return _Look(
            amount,
            crossing,
            self.below + float(crossing.below.sum()),
            self.above + float(crossing.above.sum()),
        )

    def narrowed(self, low: _Look | None, high: _Look | None) -> tuple[_Inverse, _Look | None, _Look | None]:
        """The same without the draws that do not move between two amounts, where that saves at least half of them."""
        none, whole = np.zeros(self.total.money[self.rows].size), np.ones(self.total.money[self.rows].size)
        below, above = (low.crossing.below, low.crossing.above) if low else (none, whole)
        then_below, then_above = (high.crossing.below, high.crossing.above) if high else (whole, none)
        moves = (then_below - below > NOTHING) | (above - then_above > NOTHING)
        if not 0 < 2 * np.count_nonzero(moves) < moves.size:
            return self, low, high
        rows = np.flatnonzero(moves) if self.rows is ... else self.rows[moves]
        inner = _Inverse(
            self.total,
            rows,
            self.below + float(below[~moves].sum()),
            self.above + float(then_above[~moves].sum()),
        )
        return inner, low and low.of(moves), high and high.of(moves)

    def _following(
        self, low: _Look | None, high: _Look | None, here: _Look, step: float, stride: float
    ) -> float:
        """Where to look next: a Newton step if it stays in the bracket and is shorter than the last one, else the middle or farther out."""
        first, last = self._ends
        floor = low.amount if low else min(first, here.amount)
        ceiling = high.amount if high else max(last, here.amount)
        if floor < here.amount + step < ceiling and abs(step) <= stride / 2:
            return here.amount + step
        if low and high:
            return (floor + ceiling) / 2
        outside = max(last - first, self._finest(first, last))
        if high:
            end = first if here.amount > first else here.amount - max(2 * (first - here.amount), outside)
            return max(end, here.amount - 2 * stride)
        end = last if here.amount < last else here.amount + max(2 * (here.amount - last), outside)
        return min(end, here.amount + 2 * stride)

    def _finest(self, low: float, high: float) -> float:
        """Amounts that are not farther apart than this are not told apart."""
        first, last = self._ends
        return max(4 * EPSILON * max(abs(low), abs(high), last - first), TINY)

    @property
    def _ends(self) -> tuple[float, float]:
        """The least and the greatest of the draws."""
        return float(self.total.values.min()), float(self.total.values.max())


def chance(conditions: Sequence[tuple[Total, float, bool]], like: Estimate | None = None) -> Estimate:
    """The probability that all conditions hold.

    Args:
        conditions: (total, threshold, whether at least that much is wanted; else at most).
        like: an estimate of much the same conditions; it saves steps and changes nothing else.

    Raises:
        ValueError: a threshold that is not a number.
        NoNumber: no probability was found.
    """
    if any(math.isnan(threshold) for _, threshold, _ in conditions):
        raise ValueError("found a threshold that is not a number, expected an amount")
    if not all(total.smooth for total, _, _ in conditions):
        held = np.ones(conditions[0][0].scale.shape)
        for total, threshold, at_least in conditions:
            held = held * ((total.values >= threshold) if at_least else (total.values <= threshold))
        return Estimate(held)
    # at most an amount: not at least the next number above it
    conditions = [
        (total, threshold if least else math.nextafter(threshold, math.inf), least)
        for total, threshold, least in conditions
    ]
    near = (
        like.edges if like is not None and len(like.edges) == len(conditions) else (None,) * len(conditions)
    )
    leading = max((total for total, _, _ in conditions), key=lambda total: total.exponent.shape[1])
    met = [
        total.crossing(threshold, guess) if total.normal is leading.normal else total.counted(threshold)
        for (total, threshold, _), guess in zip(conditions, near, strict=True)
    ]
    intervals: list[tuple[np.ndarray, np.ndarray]] | None = None
    for crossing, (_, _, at_least) in zip(met, conditions, strict=True):
        found = _intervals(crossing.left, crossing.right, at_least)
        intervals = found if intervals is None else [_both(a, b) for a in intervals for b in found]
    held = np.asarray(sum(_mass(low, high) for low, high in intervals or []))
    if np.isnan(held).any():
        raise NoNumber(
            f"found no probability in {np.count_nonzero(np.isnan(held)):,} of {held.size:,} simulated paths"
        )
    return Estimate(held, tuple((crossing.left, crossing.right) for crossing in met))


def _intervals(left: np.ndarray, right: np.ndarray, at_least: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """The intervals of the integrated normal on which a condition holds, each (lower, upper) of shape (points,)."""
    if not at_least:
        return [(left, right)]
    everywhere = np.full(right.shape, np.inf)
    return [(right, everywhere)] if np.all(np.isneginf(left)) else [(-everywhere, left), (right, everywhere)]


def _both(
    one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
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


def _flow(exponent: np.ndarray, u: np.ndarray, loading: np.ndarray) -> np.ndarray:
    """Flows where the integrated normal times scale is ``u``, shape (points, cells)."""
    flow = u[:, None] * loading
    flow += exponent
    return np.exp(flow, out=flow)


def _turned(gap: Gap, side: np.ndarray) -> Gap:
    """The function of ``side * u``, the side being +1 or -1 of each row."""

    def turned(v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value, slope, beside = gap(side * v)
        return value, side * slope, beside

    return turned


def _rising_root(
    around: Callable[[Rows], Gap], low: np.ndarray, high: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Roots of rising functions, by Newton steps held inside a shrinking bracket; elementwise.

    Args:
        around: the function of some rows: its value, its slope, and what is wanted beside the root. A value that is NaN counts as positive.
        low: where to look, from here.
        high: and to here; the root is an end where the function does not change its sign.
        start: a first guess at each root.

    Returns:
        the roots, and what the function gave beside them.

    Raises:
        NoNumber: one was not found.
    """
    floor, ceiling, rows = low, high, np.arange(low.size)
    roots, along = np.empty_like(low), np.empty_like(low)
    low, high = (
        floor - ROUNDING / 100,
        ceiling + ROUNDING / 100,
    )  # outside of the ends until those have been tried
    u, last, done = (
        np.clip(start, floor, ceiling),
        np.full(low.shape, np.inf),
        np.zeros(low.shape, dtype=bool),
    )
    function = around(...)
    for taken in range(STEPS):
        with np.errstate(
            all="ignore"
        ):  # a flow that is zero or immense has no slope in logs: then the bracket is halved
            value, slope, beside = function(u)
            newton = u - value / slope
        under = value < 0
        low, high = np.where(under, u, low), np.where(under, high, u)
        inside = (newton >= low) & (newton <= high)
        following = newton
        if taken > PATIENCE and taken % 2:
            inside = np.zeros_like(inside)
        if not inside.all():
            end, tried = (
                np.where(under, ceiling[rows], floor[rows]),
                np.where(under, high <= ceiling[rows], low >= floor[rows]),
            )
            following = np.where(inside, newton, np.where(tried, (low + high) / 2, end))
        step = np.abs(following - u)
        before, u, last = last, np.where(done, u, following), step
        if step.min() > ROOT_TOLERANCE:
            continue
        done |= (
            inside
            & (step <= ROOT_TOLERANCE)
            & ((step <= before / 100) | (step <= ROUNDING) | (np.abs(value) <= 8 * EPSILON))
        )
        done |= high - low <= ROUNDING / 100 * (1 + np.abs(u))
        count = np.count_nonzero(done)
        if 2 * count > done.size:
            roots[rows], along[rows] = u, beside
            if count == done.size:
                return roots, along
            left = ~done
            rows, u, last, low, high, done = (part[left] for part in (rows, u, last, low, high, done))
            function = around(rows)
    raise NoNumber(
        f"found no root of {np.count_nonzero(~done):,} of {roots.size:,} simulated paths in {STEPS} steps"
    )
