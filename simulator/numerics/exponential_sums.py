"""A total as a function of one standard normal: money and a sum of exponentials. Knows no scenario.

``total = money + sum of sign * exp(exponent + loading * u)`` with ``u = scale * z``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np

from simulator.caches import lazy
from simulator.errors import NoNumber
from simulator.numerics.controls import Controls, weighted_quantile
from simulator.numerics.crossings import REACH, Crossing, Near, Rising, counted, normal_at
from simulator.numerics.quantiles import smoothed_quantiles
from simulator.numerics.roots import Function, Rows, rising_roots, turned


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
        plain: values that are no such function (a published sum shared out among its months), shape
            (points,), else None.
        controls: of the draws, by which they are weighted.

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
    controls: Controls | None = None

    def __post_init__(self) -> None:
        # the greatest of some numbers is NaN if one is, and a sum is finite only if all its numbers are
        parts = [self.money, self.scale, self.normal, *([] if self.plain is None else [self.plain])]
        sums = [float(part.sum()) for part in (*parts, self.loading, self.sign)]
        if self.exponent.max(initial=-math.inf) < math.inf and all(map(math.isfinite, sums)):
            return
        sound = np.asarray(np.isfinite(parts).all(axis=0) & (self.exponent < math.inf).all(axis=1))
        _refuse(np.zeros_like(sound) if sound.all() else sound)

    @lazy
    def values(self) -> np.ndarray:
        """The total itself, one for each draw, shape (points,)."""
        if self.plain is not None:
            return self.plain
        values = self.at(self.scale * self.normal)
        if not math.isfinite(values.sum()):
            _refuse(np.isfinite(values))
        return values

    @property
    def cells(self) -> int:
        """How many flows it adds up."""
        return self.exponent.shape[1]

    @property
    def constant(self) -> bool:
        """Whether nothing about it is uncertain."""
        return self.plain is None and not self.cells and bool(np.all(self.money == self.money[0]))

    @property
    def smooth(self) -> bool:
        """Whether preintegration serves; else the plain share of draws is counted."""
        return self.plain is None and (self._rises or bool(np.all(self.sign > 0)))

    def less(self, amount: np.ndarray) -> Total:
        """The total less an amount in every draw, shape (points,)."""
        plain = None if self.plain is None else self.plain - amount
        return replace(self, money=self.money - amount, plain=plain)

    def over(self, divisor: np.ndarray) -> Total:
        """The total over a positive number in every draw, shape (points,)."""
        plain = None if self.plain is None else self.plain / divisor
        exponent = self.exponent - np.log(divisor)[:, None]
        return replace(self, money=self.money / divisor, exponent=exponent, plain=plain)

    def at(self, u: np.ndarray) -> np.ndarray:
        """The total where the integrated normal times scale is ``u``, shape (points,)."""
        return self.money + _flow(self.exponent, u, self._loadings) @ self.sign

    def quantile(self, probabilities: Sequence[float] | np.ndarray) -> np.ndarray:
        """Quantiles: the least amounts of which at least that probability is at or below, in order.

        They are those of the smoothed law, so that they agree with ``preintegration.chance``; where no
        smoothed law is, those of the draws.

        Args:
            probabilities: from 0 to 1; of a smoothed law without the ends.

        Returns:
            shape (probabilities,).

        Raises:
            ValueError: a probability that has no quantile.
            NoNumber: a quantile was not found.
        """
        wanted = np.asarray(probabilities, dtype=float)
        if self.constant:
            return np.full(wanted.shape, self.money[0])
        if not self.cells and self.plain is None:
            return weighted_quantile(self.values, wanted, self.controls)
        if self.smooth:
            return smoothed_quantiles(self, wanted)
        return weighted_quantile(self.values, wanted, self.controls)

    def crossing(self, threshold: float, near: Near | None = None, rows: Rows = ...) -> Crossing:
        """Where the total is at least the threshold.

        Args:
            threshold: in the unit of the total.
            near: guesses at both sides; they save steps and change nothing else.
            rows: of which draws.

        Raises:
            NoNumber: where it is met was not found.
        """
        missing = threshold - self.money[rows]
        if not self.cells:
            return counted(missing <= 0)
        if not self._rises:
            return self._both_sides(threshold, missing, near, np.arange(self.scale.size)[rows])
        flat, scale = np.zeros(missing.shape), self.scale[rows]
        edge = scale * REACH
        start = self._guess(missing, rows) if near is None else near[1] * scale
        start = np.where(np.isfinite(start), start, 0.0)

        def gap(kept: Rows) -> Function:
            return self._gap(threshold, kept if rows is ... else rows[kept])

        u, slope = rising_roots(gap, -edge, edge, start)
        return Rising(np.full(missing.shape, -np.inf), normal_at(u, scale), flat, slope * scale)

    def _guess(self, missing: np.ndarray, rows: Rows) -> np.ndarray:
        """Where the flows add up to what is missing, by their cumulants, in ``u``; NaN where not known.

        The log of a sum of exponentials is the cumulant generating function of its loadings, each by its
        share of the sum; two Newton steps on its first terms.
        """
        if not np.all(self.sign > 0):
            return np.zeros(missing.shape)
        level, mean, variance, third = self._cumulants[:, rows]
        with np.errstate(all="ignore"):
            rise = np.log(missing) - level
            u = rise / mean
            for _ in range(2):
                value = u * (mean + u * (variance / 2 + u * third / 6))
                u = u + (rise - value) / (mean + u * (variance + u * third / 2))
        return u

    @lazy
    def _cumulants(self) -> np.ndarray:
        """The log sum of flows at 0, and mean, variance and third moment of loadings, shape (4, points)."""
        middle = float(self.loading.mean())
        apart = self.loading - middle
        flow = _flow(self.exponent, np.zeros(self.scale.shape), self._loadings)
        with np.errstate(all="ignore"):
            added, *moments = (flow @ (self.sign * np.array([apart**0, apart, apart**2, apart**3])).T).T
            first, second, third = (moment / added for moment in moments)
            variance = second - first * first
            return np.array(
                [np.log(added), middle + first, variance, third - first * (3 * second - 2 * first * first)]
            )

    @lazy
    def _rises(self) -> bool:
        """Whether it only rises with the integrated normal."""
        return bool(np.all(self.sign * self.loading >= 0))

    def _both_sides(
        self, threshold: float, missing: np.ndarray, near: Near | None, rows: np.ndarray
    ) -> Crossing:
        """Where a convex sum meets the threshold: in one go, below and above its lowest point."""
        lowest, least, bend, scale = (part[rows] for part in (*self._valley, self.scale))
        always = missing <= least
        side, twice = np.repeat([-1.0, 1.0], rows.size), np.tile(rows, 2)
        low = np.concatenate([-lowest, lowest])
        # where it is always met there is nothing to look for
        high = np.where(np.tile(always, 2), low, np.tile(scale * REACH, 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            lift = np.log(missing / least)
            # a log sum rises no faster than that on either side
            steepest = np.abs([self.loading.min(), self.loading.max()])
            start = low + np.maximum(np.sqrt(2 * lift / bend), lift / steepest[:, None]).ravel()
        if near is not None:
            guess = side * np.concatenate(near) * np.tile(scale, 2)
            start = np.where(np.isfinite(guess), guess, start)

        def gap(kept: Rows) -> Function:
            return turned(self._gap(threshold, twice[kept]), side[kept])

        v, slope = rising_roots(gap, low, high, np.nan_to_num(start))
        left, right = (side * normal_at(v, np.tile(scale, 2))).reshape(2, -1)
        slopes = slope.reshape(2, -1) * scale
        return Crossing(
            np.where(always, -np.inf, left), np.where(always, -np.inf, right), slopes[0], slopes[1]
        )

    def _gap(self, threshold: float, rows: Rows) -> Function:
        """A function of ``u``, zero where the total meets the threshold, positive above; beside it its slope.

        What adds up and what is taken away or missing are compared in logs, in which they are nearly
        straight.
        """
        exponent, missing = self.exponent[rows], threshold - self.money[rows]
        more, wanted = np.maximum(-missing, 0.0), np.maximum(missing, 0.0)
        up, down = np.maximum(self.sign, 0.0), np.maximum(-self.sign, 0.0)
        columns = np.column_stack([up, up * self.loading, down, down * self.loading])

        def gap(u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            added, up_slope, taken, down_slope = (_flow(exponent, u, self._loadings) @ columns).T
            added, taken = added + more, taken + wanted
            return np.log(added / taken), up_slope / added - down_slope / taken, up_slope - down_slope

        return gap

    @lazy
    def _valley(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where each draw's sum of flows is lowest, in ``u``; how low; and how much its log bends there.

        A convex sum turns where its loadings have both signs.
        """
        steepest = float(np.abs(self.loading).max())
        columns = np.column_stack([self.sign, self.sign * self.loading, self.sign * self.loading**2])

        def function_of(rows: Rows) -> Function:
            exponent = self.exponent[rows]

            def slope_of_log(u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
                total, first, second = (_flow(exponent, u, self._loadings) @ columns).T
                slope = first / total
                bend = second / total - slope * slope
                return slope / steepest, bend / steepest, bend

            return slope_of_log

        edge = self.scale * REACH
        lowest, bend = rising_roots(function_of, -edge, edge, np.zeros(edge.shape))
        return lowest, _flow(self.exponent, lowest, self._loadings) @ self.sign, bend

    @lazy
    def _loadings(self) -> np.ndarray:
        """The loadings over and over, shape (rows, cells): with equal shapes a product takes a third.

        There are as many rows as points, and as many again where a threshold is met on both sides.
        """
        return np.tile(self.loading, (self.scale.size * (1 if self._rises else 2), 1))


def _flow(exponent: np.ndarray, u: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """Flows where the integrated normal times scale is ``u``, shape (points, cells).

    ``loadings`` has at least as many rows, all alike.
    """
    flow = np.repeat(u, exponent.shape[1]).reshape(exponent.shape)
    flow *= loadings[: u.size]
    flow += exponent
    return np.exp(flow, out=flow)


def _refuse(sound: np.ndarray) -> NoReturn:
    """Refuse draws of which some are not sound, shape (points,).

    Raises:
        NoNumber: always.
    """
    raise NoNumber(
        f"found {np.count_nonzero(~sound):,} of {sound.size:,} simulated paths with a flow or money that is "
        "no finite number, from which no answer follows; expected figures, shares and levers that leave "
        "every flow finite"
    )
