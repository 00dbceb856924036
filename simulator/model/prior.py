"""The prior law of log monthly flows: what an outlook says before any figure is seen.

Arrays of cells run over streams, then blocks of months.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.model.cells import Cells
from simulator.model.equations import Equation, Groups, amounts, balances
from simulator.scenario import Outlook
from simulator.scenario.shocks import StruckStreams
from simulator.values.periods import Period

CUT = 3.0  # the tail scale is cut here: without it the mean does not exist and the 99th percentile is absurd
RATIO_SD = 2.0  # prior sd of the log ratio between two streams, whose level is otherwise unknown
SHOCK_SD = 2.0  # of the log effect of a known shock, which is left free
SHOCK_MONTH_SD = 0.5  # of what it did to a single month beyond that
DRIFT = 0.8  # correlation of a calendar month's effect from one year to the next
LEAST_LEVEL = 0.01  # of the largest stream, where balances leave nothing for one
SWEEPS = 100  # of Richardson and Lucy: the levels only centre a wide prior


class Prior:
    """An unknown level common to all streams, and a proper law around it.

    Attributes:
        months: the trend and the ratios of the streams at a level that roughly explains the figures, shape
            (streams, months).
        mean: the same of the cells, shape (cells,).
        correlation: between streams, shape (streams, streams).
        temporal: covariance of one stream's usual course, shape (blocks, blocks).
        within: covariance of its months around the mean of their block, shape (months, months), zero between
            blocks.
        ratios: covariance of the log ratios of the streams, shape (cells, cells).
        free: loadings of the cells on what known shocks did to them, shape (cells, effects).
    """

    def __init__(self, cells: Cells, levels: np.ndarray, outlook: Outlook, free: np.ndarray) -> None:
        self.free = free
        self.cells, streams, months = cells, cells.streams, cells.months.months
        same, apart = np.ones((streams, streams)), np.eye(streams)
        self.correlation = outlook.correlation * same + (1 - outlook.correlation) * apart
        monthly = temporal_covariance(months, outlook)
        self.temporal, self.within = cells.between(monthly), cells.within(monthly)
        together = np.ones((cells.blocks, cells.blocks))
        self.ratios = _kron(RATIO_SD**2 / 2 * (apart - same / streams), together)
        trend = outlook.trend.median / 12 * np.arange(months)
        self.months = levels[:, None] + trend - trend.mean()
        self.mean = cells.means(self.months).ravel()

    def usual(self) -> np.ndarray:
        """Covariance of the usual course of all streams around their levels, shape (cells, cells)."""
        return _kron(self.correlation, self.temporal)

    def covariance(self, volatility: np.ndarray) -> np.ndarray:
        """Covariance around the common level, shape (cells, cells).

        Args:
            volatility: a factor on the variance of each stream, shape (streams,).
        """
        root = np.sqrt(volatility)
        covariance = _kron(root[:, None] * root * self.correlation, self.temporal) + self.ratios
        return covariance + self.free @ self.free.T if self.free.size else covariance


def free_effects(groups: Groups, cells: Cells, struck: StruckStreams) -> np.ndarray:
    """What known shocks did, left free: loadings of the cells on independent normals, shape (cells, effects).

    For every stream of a shock one effect on all of its months (where it lasts, on all that follow as well),
    and a smaller one on each of its months.
    """
    columns = list[np.ndarray]()
    for ids, period, lasting in struck:
        months = _common(period, cells.months)
        for number in (n for n, group in enumerate(groups) if not set(ids).isdisjoint(group)):
            end = cells.months.last if lasting else period.last
            columns += _loading(cells, number, _common(Period(period.first, end), cells.months), SHOCK_SD)
            for month in months or ():
                columns += _loading(cells, number, Period(month, month), SHOCK_MONTH_SD)
    return np.array(columns).T if columns else np.zeros((cells.size, 0))


def _common(one: Period, other: Period) -> Period | None:
    """The months that two periods have in common; None if they have none."""
    first, last = max(one.first, other.first), min(one.last, other.last)
    return Period(first, last) if first <= last else None


def _loading(cells: Cells, stream: int, period: Period | None, sd: float) -> list[np.ndarray]:
    """One effect on the months of a stream, shape (cells,); none where there are no months."""
    if period is None:
        return []
    column = np.zeros(cells.size)
    column[cells.of([stream], period)] = sd
    return [column]


def temporal_covariance(months: int, outlook: Outlook) -> np.ndarray:
    """Prior covariance of one stream's log flows around level and trend, shape (months, months).

    A random walk, a passing (Ornstein-Uhlenbeck) disturbance, a yearly pattern that sums to zero and drifts,
    and an irregular part; all as rough as the kind of flow is before its figures tell.
    """
    t = np.arange(months)
    walk = outlook.random_walk**2 / 12 * np.minimum(t[:, None], t[None, :])
    passing = outlook.disturbance**2 * np.exp(-t / outlook.memory)
    pattern = outlook.seasonality**2 * ((t % 12 == 0) - 1 / 12) * 12 / 11 * DRIFT ** (t / 12)
    stationary = passing + pattern + outlook.irregular**2 * (t == 0)
    return outlook.roughness**2 * (walk + stationary[np.abs(t[:, None] - t[None, :])])


def _kron(streams: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """The Kronecker product of covariances of streams and of blocks, shape (cells, cells)."""
    size = len(streams) * len(blocks)
    return (streams[:, None, :, None] * blocks[:, None, :]).reshape(size, size)


def log_levels(equations: Sequence[Equation], streams: int) -> np.ndarray:
    """The log of a monthly rate for each stream that roughly explains equations, shape (streams,)."""
    return np.asarray(np.log(_with_balances(_levels(amounts(equations), streams), balances(equations))))


def _levels(sums: Sequence[Equation], streams: int) -> np.ndarray:
    """A monthly rate for each stream that roughly explains sums, shape (streams,).

    Richardson 1972, Lucy 1974: each sum's miss is made good by its streams in proportion.
    """
    share = np.zeros((len(sums), streams))
    for row, equation in enumerate(sums):
        share[row, list(equation.streams)] = 1
    rate = np.array([equation.monthly for equation in sums])
    levels = np.full(streams, rate.mean() / streams)
    for _ in range(SWEEPS):
        levels = levels * (share.T @ (rate / (share @ levels))) / np.maximum(share.sum(axis=0), 1)
    return levels


def _with_balances(levels: np.ndarray, signed: Sequence[Equation]) -> np.ndarray:
    """The levels of streams, where no sum tells one that which balances leave for it, shape (streams,)."""
    unknown = np.flatnonzero(levels == 0)
    for stream in unknown:
        levels[stream] = levels.max() * LEAST_LEVEL
    for balance in signed:
        for sign, streams, others in (
            (1, balance.streams, balance.minus),
            (-1, balance.minus, balance.streams),
        ):
            rest = (levels[list(others)].sum() + sign * balance.monthly) / len(streams)
            free = np.intersect1d(streams, unknown)
            levels[free] = np.maximum(levels[free], rest)
    return levels


def tail_scale(uniform: np.ndarray, tails: float) -> np.ndarray:
    """The scale of a draw that turns normal into Student-t deviations, cut at ``CUT``; same shape."""
    from scipy.special import gammaincinv

    return np.minimum(1 / np.sqrt(gammaincinv(tails / 2, uniform) / (tails / 2)), CUT)


def median_square_scale(tails: float) -> float:
    """Median of the squared tail scale, within 0.3 % from two degrees of freedom.

    It is from the median of chi-square of Wilson and Hilferty 1931. SciPy's exact value would cost
    ``validate`` half its time in imports.
    """
    return float((1 - 2 / (9 * tails)) ** -3)
