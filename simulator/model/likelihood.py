"""What equations say of the log flows: ``h(y) = log sum exp(y_j)`` over the cells that each adds up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from simulator.model.cells import Cells
from simulator.model.contradictions import CONTRADICTION, require_explained
from simulator.model.equations import LEAST_ERROR, SMALLEST, Equation, comparing
from simulator.model.foreign import slopes
from simulator.model.prior import median_square_scale
from simulator.numerics.triangular import whitened

LEAST_NOISE = 1e-10  # of a figure's prior variance: what the linear solve needs
LARGEST_LOG = 50.0  # of a flow, beyond which its exponential is of no use


@dataclass(frozen=True)
class Linearised:
    """Equations to first order around a path.

    Attributes:
        value: log sums, less those of the year before for growth rates, shape (equations,).
        weights: share of each cell in its sum, shape (equations, cells).
        compared: the same for the sums with which growth rates and balances compare it, shape
            (comparisons, cells).
        jacobian: of the values by the cells, shape (equations, cells).
        noise: variance of what is measured, shape (equations,).
        base: the sum that money in each moves: itself or, of a balance, its own side, shape (equations,).
        rates: by how much the normals of uncertain rates of exchange move what is measured, shape
            (equations, currencies).
    """

    value: np.ndarray
    weights: np.ndarray
    compared: np.ndarray
    jacobian: np.ndarray
    noise: np.ndarray
    base: np.ndarray
    rates: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """The covariance of what is measured: a rate does to all figures in its currency the same."""
        return np.diag(self.noise) + self.rates @ self.rates.T


@dataclass(frozen=True)
class Products:
    """Products of covariances with the jacobian of some equations.

    Where cells are blocks of months most equations are of one cell each: of these a product is a choice of
    rows, and the jacobian is 1 there.

    Attributes:
        several: the equations of several cells; all where cells are months.
        single: those of one, shape (single,).
        cell: of these, shape (single,).
        bent: the cells that stand in one of several: only their covariance bends an equation. All where cells
            are months.
    """

    several: np.ndarray
    single: np.ndarray
    cell: np.ndarray
    bent: np.ndarray | slice

    @classmethod
    def of(cls, touched: np.ndarray, *, coarse: bool) -> Products:
        """Of equations that touch some cells, shape (equations, cells)."""
        alone = (touched.sum(axis=1) == 1) & coarse
        single = np.flatnonzero(alone)
        bent = np.flatnonzero(touched[~alone].any(axis=0)) if coarse else slice(None)
        return cls(np.flatnonzero(~alone), single, touched[single].argmax(axis=1), bent)

    def work(self, cells: int) -> float:
        """Multiplications that one step of a search takes with so many cells, about."""
        figures, bent = self.several.size, cells if isinstance(self.bent, slice) else self.bent.size
        return figures * (figures**2 / 3 + figures * (cells + 2 * bent) + 2 * bent * cells)

    def across(self, covariance: np.ndarray, jacobian: np.ndarray) -> np.ndarray:
        """The covariance of all cells with the equations, shape (cells, equations)."""
        if not self.single.size:
            return covariance @ jacobian.T
        rows = np.empty(jacobian.shape)
        rows[self.single] = covariance[self.cell]
        rows[self.several] = jacobian[self.several] @ covariance
        return rows.T

    def spread(self, across: np.ndarray, jacobian: np.ndarray) -> np.ndarray:
        """The covariance of equations, given that of all cells with them, shape (equations, equations)."""
        if not self.single.size:
            return jacobian @ across
        spread = np.empty((len(jacobian), len(jacobian)))
        spread[self.single], spread[self.several] = across[self.cell], jacobian[self.several] @ across
        return spread


class Likelihood:
    """The equations as functions of the log flows, with the errors of their figures.

    A balance compares two sums as a growth rate does: exports and the deficit are as much as imports and the
    surplus. Its error is in money, so what it is in log points depends on the flows.

    Attributes:
        target: log values, shape (equations,).
        touched: the cells of each, on both sides of what is compared, shape (equations, cells).
        linear: whether each is of a single coarse cell, so that its log is one too.
        codes: of the currencies in them whose rate is uncertain.
    """

    def __init__(self, equations: Sequence[Equation], cells: Cells) -> None:
        """Of sums and growth rates on the cells of a law; it is used ``under`` a prior."""
        self.equations, self.cells = tuple(equations), cells
        self._signed = np.flatnonzero([bool(e.minus) for e in equations])
        self.target = np.log([e.main_value for e in equations])
        self._measurement = np.array([max(e.sd, LEAST_ERROR) ** 2 for e in equations])
        self._comparisons = np.flatnonzero([e.compares for e in equations])
        comparisons = comparing(equations)
        self._months = cells.masks(equations), cells.masks([e.other_side for e in comparisons])
        self._sums, self._compared = self._months
        self._values, self._deficit = np.reshape([(e.value, e.deficit) for e in equations], (-1, 2)).T
        self._surplus = np.array([e.surplus for e in comparisons])
        self.touched = self._sums > 0
        self.touched[self._comparisons] |= self._compared > 0
        self.linear = cells.coarse and bool(self.touched.sum(axis=1).max() == 1)
        self.products = Products.of(self.touched, coarse=cells.coarse)
        self._least, self._noise, self._square_scale = 0.0, self._measurement, 1.0
        self._within: np.ndarray | float = 0.0
        self.codes, self._moved = _by_currency(equations)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return self.touched.nbytes + sum(months.nbytes for months in self._months)

    def work(self, steps: int) -> float:
        """Multiplications that a law fitted to them takes, about, whose search takes some steps."""
        figures, cells = len(self.equations), self.cells.size
        once = figures**3 + 3 * figures**2 * cells + 2 * figures * cells**2
        return once + (0 if self.linear else steps * self.products.work(cells))

    def under(self, variance: float, tails: float, within: np.ndarray | float = 0.0) -> Likelihood:
        """The same equations under a prior.

        Args:
            variance: the largest prior variance of a cell.
            tails: degrees of freedom of the law.
            within: mean variance of the months of a cell around it, shape (cells,): their sum exceeds the
                exponential of their mean.
        """
        other = copy(self)
        other._least = LEAST_NOISE * variance
        other._noise = self._measurement + other._least
        other._square_scale = median_square_scale(tails)
        other._within = within
        return other._lifted(1.0)

    def lifted(self, volatility: np.ndarray) -> Likelihood:
        """The same where the months of each stream are as rough as learned, shape (streams,)."""
        return self._lifted(np.repeat(volatility, self.cells.blocks)) if self.cells.coarse else self

    def _lifted(self, volatility: np.ndarray | float) -> Likelihood:
        """The same; sums of coarse cells exceed the exponentials of their means, as their months do."""
        other = copy(self)
        if self.cells.coarse:
            lifted = np.exp(self._square_scale * (self._within * volatility) / 2)
            other._sums, other._compared = (months * lifted for months in self._months)
        return other

    def measured(self, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The values of the equations on a path of log flows, shape (cells,), their noise and their rates.

        Returns:
            as of what is linearised there, shapes (equations,), (equations,) and (equations, currencies).
        """
        flow = np.exp(mean)
        value = np.log(self._sums @ flow + self._deficit)
        noise, base = self._measured(value), np.log(self._compared @ flow + self._surplus)
        rates = self._moved / self._bases(value, base)[:, None]
        value[self._comparisons] -= base
        return value, noise, rates

    def linearised(self, mean: np.ndarray) -> Linearised:
        """The equations around a path of log flows, shape (cells,)."""
        flow = np.exp(mean)
        value, weights = _log_sums(self._sums, flow, self._deficit)
        noise = self._measured(value)
        base, compared = _log_sums(self._compared, flow, self._surplus)
        moved = self._bases(value, base)
        value[self._comparisons] -= base
        jacobian = weights
        if self._comparisons.size:
            jacobian = weights.copy()
            jacobian[self._comparisons] -= compared
        return Linearised(value, weights, compared, jacobian, noise, moved, self._moved / moved[:, None])

    def _bases(self, log_sums: np.ndarray, compared: np.ndarray) -> np.ndarray:
        """The sums that money in each equation moves, shape (equations,).

        Args:
            log_sums: with the deficit of balances, shape (equations,).
            compared: log sums of what some are compared with, with the surplus, shape (comparisons,).
        """
        if not self._signed.size:
            return self._values
        bases = self._values.copy()
        for row, other in zip(self._comparisons, compared, strict=True):
            if self.equations[row].minus:
                side = other if self._deficit[row] == 0 else log_sums[row]
                bases[row] = math.exp(min(side, LARGEST_LOG))
        return bases

    def _measured(self, log_sums: np.ndarray) -> np.ndarray:
        """The variance of what is measured, with exports and the deficit of balances, shape (equations,)."""
        noise = self._noise.copy()
        for row in self._signed:
            side = math.exp(min(log_sums[row], LARGEST_LOG))
            noise[row] = max(self.equations[row].error / side, LEAST_ERROR) ** 2 + self._least
        return noise

    def shares(self, linear: Linearised) -> np.ndarray:
        """The share of each cell in its figure, shape (equations, cells); of a balance in both directions."""
        if not self._signed.size:
            return linear.weights
        shares = linear.weights.copy()
        size = np.abs(linear.jacobian[self._signed])
        shares[self._signed] = size / np.maximum(size.sum(axis=1, keepdims=True), SMALLEST)
        return shares

    def second_order(self, linear: Linearised, bend: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Half the trace of every Hessian times the covariance, at the median tail scale.

        Args:
            linear: the equations around a path.
            bend: of some sums by the shares of all cells in each, what ``bent`` says of them.

        Returns:
            shape (equations,).
        """
        fresh = bend(linear.weights)
        if self._comparisons.size:
            fresh[self._comparisons] -= bend(linear.compared)
        return self._square_scale * fresh / 2

    def innovation(self, linear: Linearised, deviation: np.ndarray, second_order: np.ndarray) -> np.ndarray:
        """What the figures say beyond the prior mean, shape (equations,).

        Args:
            linear: the equations around a path.
            deviation: of that path from the prior mean, shape (cells,).
            second_order: terms of second order, shape (equations,).
        """
        return self.target - linear.value - second_order + linear.jacobian @ deviation

    def require_met(self, mean: np.ndarray, second_order: np.ndarray) -> None:
        """Check that a posterior mean meets every figure to within three standard errors, or may miss it.

        Raises:
            BaselineError: it does not, and the figures contradict each other.
        """
        value, noise, rates = self.measured(mean)
        pulls = (self.target - value - second_order) / np.sqrt(noise + (rates**2).sum(axis=1))
        if np.abs(pulls).max() > CONTRADICTION:
            self.require_consistent(mean)

    def require_consistent(self, mean: np.ndarray) -> None:
        """Refuse figures that miss each other by more than their errors whatever the positive flows.

        Under the prior a figure may also be missed because it is rough and the path before it was calm: that
        is no contradiction.

        Raises:
            BaselineError: no positive flows explain the figures.
        """
        rows, values = self._sums.astype(float), np.array([e.value for e in self.equations])
        errors = np.array([max(e.error, LEAST_ERROR * abs(e.value), e.rate_error) for e in self.equations])
        flow = np.exp(np.clip(mean, -LARGEST_LOG, LARGEST_LOG))
        base = np.nan_to_num(self._compared @ flow, nan=1.0, posinf=1e20)
        for row, mask, size in zip(self._comparisons, self._compared, base, strict=True):
            if self.equations[row].minus:
                rows[row] -= mask
            else:
                rows[row] -= values[row] * mask
                errors[row] *= size
                values[row] = 0.0
        require_explained(rows, self.equations, values, errors)


def _by_currency(equations: Sequence[Equation]) -> tuple[tuple[str, ...], np.ndarray]:
    """The currencies whose rates are uncertain, and by how much each moves the sums, in money.

    Returns:
        the codes, and shape (equations, codes).
    """
    by_code = [slopes(e.foreign) for e in equations]
    codes = tuple(dict.fromkeys(code for moved in by_code for code in moved))
    moves = np.zeros((len(equations), len(codes)))
    for row, moved in enumerate(by_code):
        moves[row] = [moved.get(code, 0.0) for code in codes]
    return codes, moves


def _log_sums(
    masks: np.ndarray, flow: np.ndarray, money: np.ndarray | float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Log sums of flows, shape (sums,), and the share of each cell in its sum, shape (sums, cells).

    ``money`` is added to each sum.
    """
    sums = masks @ flow + money
    return np.log(sums), masks * flow / sums[:, None]


def half_trace(weights: np.ndarray, covariance: np.ndarray, square_scale: float) -> np.ndarray:
    """Half the trace of the Hessian of log sums times a covariance, shape (sums,).

    Args:
        weights: the share of each cell in its sum, shape (sums, cells).
        covariance: shape (cells, cells).
        square_scale: by which the covariance is multiplied.
    """
    return square_scale * bent(weights, covariance) / 2


def bent(weights: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """The trace of the Hessian of log sums times a covariance; arguments as of ``half_trace``."""
    return np.asarray(weights @ np.diag(covariance) - np.einsum("ij,ij->i", weights @ covariance, weights))


@dataclass(frozen=True)
class LogSums:
    """The joint law of some log sums, to second order in their medians.

    Attributes:
        medians: shape (sums,).
        weights: the share of each cell in each, shape (sums, cells).
        root: of their covariance, lower triangular, shape (sums, sums).
        lift: the cells' loadings on the normals behind it, shape (cells, sums).
    """

    medians: np.ndarray
    weights: np.ndarray
    root: np.ndarray
    lift: np.ndarray


def log_sums(masks: np.ndarray, mean: np.ndarray, covariance: np.ndarray, tails: float) -> LogSums:
    """The law of log sums of cells, given that of the cells.

    Args:
        masks: the weight of each cell in each sum, shape (sums, cells).
        mean: of the log flows, shape (cells,).
        covariance: shape (cells, cells).
        tails: degrees of freedom.
    """
    if not len(masks):
        return LogSums(np.zeros(0), np.zeros((0, mean.size)), np.zeros((0, 0)), np.zeros((mean.size, 0)))
    logs, weights = _log_sums(masks, np.exp(mean))
    products = Products.of(masks > 0, coarse=True)
    across, several = products.across(covariance, weights), products.several
    root = _root_of(products.spread(across, weights))
    lift = whitened(root, across.T).T
    bend = np.zeros(len(masks))
    bend[several] = half_trace(weights[several], covariance, median_square_scale(tails))
    return LogSums(logs + bend, weights, root, lift)


def _root_of(spread: np.ndarray) -> np.ndarray:
    """The Cholesky root of a covariance, what is hardly known in any direction made a little less so."""
    spread = (spread + spread.T) / 2
    least = max(LEAST_ERROR**2, 1e-12 * float(np.trace(spread)))
    try:
        np.linalg.cholesky(spread - least * np.eye(len(spread)))
        return np.linalg.cholesky(spread)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(spread)
        return np.linalg.cholesky((vectors * np.maximum(values, least)) @ vectors.T)
