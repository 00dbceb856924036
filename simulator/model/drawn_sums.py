"""The sums that figures give within an error, in every draw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from simulator.model.exchange import Exchange
from simulator.model.foreign import Foreign
from simulator.model.law import Law
from simulator.model.nesting import Nesting
from simulator.model.published import DrawnSum, UncertainFigure, Window
from simulator.numerics.draws import Draws

TINIEST = 1e-300  # a positive number
LEAST_REST = 1e-6  # of a sum that a part of it leaves
LEAST_PRECISION = 1e-4  # that other figures have on a sum within bounds, of that which its bounds have
CLOSE = 5.0  # standard deviations from a bound within which a sum is drawn from a truncated law


class DrawnSums:
    """The drawn sums of a law, each above what is printed of its parts and below the sums that it is in.

    A normal that comes close to such a bound is that of a truncated law, by its quantile: an error of a
    twentieth on nearly all of a sum may be more than the rest, and trade is not negative.

    ``errors`` holds the normals behind the sums, shape (points, drawn), ``amounts`` the sums, each of shape
    (points,); ``truncated`` says whether any is cut.
    """

    def __init__(self, law: Law, draws: Draws, exchange: Exchange) -> None:
        self.law, self.draws, self.exchange = law, draws, exchange
        self.errors, self.amounts, self.truncated = self._normals(), list[np.ndarray](), False
        self.rated = exchange.moved(law.rated)
        self.windows = [self._amount(window.value, window.foreign) for window in law.windows]
        nesting = Nesting([*law.windows, *law.drawn])
        for k, drawn in enumerate(law.drawn):
            centre, sd = drawn.log + self.errors[:, :k] @ law.root[k, :k], law.root[k, k]
            centre = centre + self.rated @ law.rated_sums[k] if law.rated else centre
            least, most = self._bounds(k, nesting)
            if drawn.bounds:
                self.truncated = True
                middle = sum(drawn.bounds) / 2
                factor = 1 + exchange.added(drawn.foreign) / middle if drawn.foreign else 1.0
                logs = _within_bounds(drawn, self.errors[:, k], centre, sd, least, most, factor)
                self.errors[:, k] = (logs - centre) / sd
                self.amounts.append(np.exp(logs))
                continue
            low = (_log(np.maximum((1 + LEAST_REST) * least, TINIEST)) - centre) / sd
            high = (np.log((1 - LEAST_REST) * most) - centre) / sd
            if np.any(low > -CLOSE) or np.any(high < CLOSE):
                self.truncated = True
                self.errors[:, k] = _truncated(self.errors[:, k], low, high)
            self.amounts.append(np.exp(centre + sd * self.errors[:, k]))

    def _normals(self) -> np.ndarray:
        """The normal behind each sum, its figures' weighted by their errors; shape (points, drawn)."""
        normals = np.zeros((self.draws.points, len(self.law.drawn)))
        for k, drawn in enumerate(self.law.drawn):
            weights = np.array([figure.error for figure in drawn.figures])
            by_figure = self.draws.normal([figure.name for figure in drawn.figures])
            normals[:, k] = by_figure @ (weights / max(float(np.linalg.norm(weights)), TINIEST))
        return normals

    def _bounds(self, k: int, nesting: Nesting) -> tuple[np.ndarray | float, np.ndarray]:
        """What a sum is more than, and what it is less than in each draw, shape (points,).

        Args:
            k: its number; those before it are drawn.
            nesting: of the windows, and of all drawn sums behind them.
        """
        drawn, windows = self.law.drawn[k], len(self.windows)
        least: np.ndarray | float = 0.0 if drawn.bounds else self._amount(drawn.exact, drawn.foreign)
        most = np.full(self.draws.points, np.inf)
        for part in nesting.inside(windows + k):
            least = np.maximum(least, self.windows[part]) if part < windows else least
        for total in nesting.around(windows + k):
            if total < windows + k:
                amount = self.windows[total] if total < windows else self.amounts[total - windows]
                most = np.minimum(most, amount)
        return least, most

    def _amount(self, value: float, foreign: Foreign) -> np.ndarray | float:
        """A published sum by the rates of each draw, shape (points,); one number where these are certain."""
        return np.maximum(value + self.exchange.added(foreign), LEAST_REST * value) if foreign else value

    def rated_windows(self) -> Iterator[tuple[Window, np.ndarray]]:
        """The printed sums in currencies with an uncertain rate, and each in every draw, shape (points,)."""
        for window, amount in zip(self.law.windows, self.windows, strict=True):
            if isinstance(amount, np.ndarray) and window.foreign:
                yield window, amount

    def figures(self) -> Iterator[tuple[UncertainFigure, np.ndarray]]:
        """The figures that are drawn as parts of a sum, with their amounts in every draw, shape (points,)."""
        for drawn, amount in zip(self.law.drawn, self.amounts, strict=True):
            if drawn.shared:
                normals = self.draws.normal([figure.name for figure in drawn.figures])
                value = np.array([figure.value for figure in drawn.figures])
                error = np.array([figure.error for figure in drawn.figures])
                alone = value * np.exp(error / np.maximum(value, TINIEST) * normals)
                alone = alone * self._rates_of(drawn.figures)
                total = np.maximum(alone.sum(axis=1), TINIEST)
                rest = amount - self._amount(drawn.exact, drawn.foreign)
                share = alone * (rest / total)[:, None]
                yield from zip(drawn.figures, share.T, strict=True)

    def _rates_of(self, figures: Sequence[UncertainFigure]) -> np.ndarray | float:
        """What rates of exchange make of some figures, shape (points, figures); 1 where these are certain."""
        if not any(figure.foreign for figure in figures):
            return 1.0
        added = [self.exchange.added(f.foreign) / max(f.value, TINIEST) for f in figures]
        return np.asarray(1 + np.stack(added, axis=1))


def _within_bounds(
    drawn: DrawnSum,
    normal: np.ndarray,
    centre: np.ndarray,
    sd: float,
    least: np.ndarray | float,
    most: np.ndarray,
    factor: np.ndarray | float,
) -> np.ndarray:
    """The log of a sum that its figure says to be as likely anywhere between two bounds, shape (points,).

    The law took it in as a normal of the same mean and spread; that is taken out again, and what the other
    figures say is cut at the bounds: so the sum is uniform where these say little.

    Args:
        drawn: the sum.
        normal: its draws, shape (points,).
        centre: of its log under the law, given the sums drawn before it, shape (points,).
        sd: of its log likewise.
        least: what it must be more than.
        most: what it must be less than, shape (points,).
        factor: what the rate of its currency makes of its bounds, shape (points,), or one number.
    """
    low, high = (end * factor for end in drawn.bounds or (0.0, math.inf))
    if drawn.log_error:
        stated = 1 / drawn.log_error**2
        precision = max(1 / sd**2 - stated, LEAST_PRECISION * stated)
        centre = centre + (centre - _log((low + high) / 2)) * stated / precision
        sd = precision**-0.5
    first = _log(np.maximum(np.maximum(low, (1 + LEAST_REST) * least), TINIEST))
    last = np.maximum(np.log(np.minimum(high, (1 - LEAST_REST) * most)), first)
    return np.asarray(centre + sd * _truncated(normal, (first - centre) / sd, (last - centre) / sd))


def _log(value: np.ndarray | float) -> np.ndarray | float:
    """The log of a number, or of one in each draw."""
    return math.log(value) if isinstance(value, float) else np.log(value)


def _truncated(normal: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Standard normals turned into those of a law cut at both ends, by their quantiles; same shape."""
    from scipy.special import ndtr, ndtri

    flip = low > 0  # the upper tail is precise from below
    first, last = np.where(flip, -high, low), np.where(flip, -low, high)
    uniform = np.where(flip, ndtr(-normal), ndtr(normal))
    cut = ndtri(np.clip(ndtr(first) + uniform * (ndtr(last) - ndtr(first)), 1e-300, 1 - 1e-16))
    return np.clip(np.where(flip, -cut, cut), low, np.maximum(high, low))
