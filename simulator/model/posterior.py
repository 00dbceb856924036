"""The law of the flows given the figures, by Gauss-Newton steps.

These are the iterated Kalman update of Bell and Cathey 1993.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from simulator.model.contradictions import unexplained
from simulator.model.equations import SMALLEST
from simulator.model.likelihood import Likelihood, Linearised, Products
from simulator.numerics.triangular import whitened

STEPS = 1500
DAMPING = 0.6
LONGEST_STEP = 2.0  # log points
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Around:
    """A path around which figures are linearised.

    Attributes:
        mean: the log flows, shape (cells,).
        second_order: half the trace of each figure's Hessian times the covariance, shape (equations,).
    """

    mean: np.ndarray
    second_order: np.ndarray


@dataclass(frozen=True)
class Posterior(Around):
    """The law of log flows, given the figures; ``covariance`` has shape (cells, cells)."""

    covariance: np.ndarray


def explained(likelihood: Likelihood, centre: np.ndarray, prior: Callable[[], np.ndarray]) -> Around:
    """Where the figures can be linearised: around the centre itself where they are linear already.

    Args:
        likelihood: what the figures say.
        centre: prior mean but for the level, shape (cells,).
        prior: gives its covariance, shape (cells, cells).

    Raises:
        BaselineError: as ``gauss_newton``.
    """
    if likelihood.linear:
        return Around(centre, np.zeros(len(likelihood.equations)))
    return gauss_newton(likelihood, centre, prior())


def gauss_newton(
    likelihood: Likelihood,
    centre: np.ndarray,
    prior: np.ndarray,
    start: Around | None = None,
) -> Posterior:
    """The posterior of a Gaussian prior with one diffuse common level.

    Args:
        likelihood: what the figures say.
        centre: prior mean but for the level, shape (cells,).
        prior: its covariance, shape (cells, cells).
        start: where to begin; left out, the centre without second-order terms.

    Raises:
        BaselineError: no convergence, or figures that contradict each other beyond their errors.
    """
    mean, second_order = centre, np.zeros(len(likelihood.equations))
    if start:
        mean, second_order = start.mean, start.second_order
    change, pace = np.zeros(mean.shape), 1.0
    update_of = _updates(likelihood, prior, mean)
    if likelihood.linear:
        return _solved(likelihood, centre, update_of)
    for _ in range(STEPS):
        linear = likelihood.linearised(mean)
        update = update_of(linear, likelihood.innovation(linear, mean - centre, second_order))
        bent = likelihood.products.bent
        fresh = likelihood.second_order(linear, update.among(bent), bent)
        last, change = change, centre + update.shift - mean
        pace = _pace(pace, change, last)
        moved = max(float(np.abs(change).max()), float(np.abs(fresh - second_order).max()))
        mean, second_order = mean + pace * change, fresh
        if moved < TOLERANCE:
            likelihood.require_met(mean, second_order)
            return Posterior(mean, second_order, update.covariance)
    likelihood.require_consistent(mean)
    raise unexplained(likelihood.equations)


def _solved(likelihood: Likelihood, centre: np.ndarray, update_of: UpdateOf) -> Posterior:
    """The posterior where every figure is the log of one cell: a single step gives it."""
    linear, second_order = likelihood.linearised(centre), np.zeros(len(likelihood.equations))
    update = update_of(linear, likelihood.innovation(linear, np.zeros(centre.shape), second_order))
    mean = centre + update.shift
    likelihood.require_met(mean, second_order)
    return Posterior(mean, second_order, update.covariance)


def _pace(pace: float, change: np.ndarray, last: np.ndarray) -> float:
    """The part of the change that is made.

    It is less each time that the change turns back on the last one, as after a jump of the flows it swings.
    No change is longer than two log points.
    """
    pace = pace * DAMPING if float(change @ last) < 0 else min(1.0, pace / DAMPING)
    return min(pace, LONGEST_STEP / max(float(np.abs(change).max()), SMALLEST))


class Update(Protocol):
    """One linear update of a Gaussian prior with one diffuse common level.

    ``shift`` is the posterior mean less the prior's, shape (cells,), ``covariance`` the posterior's, shape
    (cells, cells).
    """

    @property
    def shift(self) -> np.ndarray: ...  # noqa: D102
    @property
    def covariance(self) -> np.ndarray: ...  # noqa: D102
    def among(self, cells: np.ndarray | slice) -> np.ndarray:
        """The covariance of some cells."""
        ...


UpdateOf = Callable[
    [Linearised, np.ndarray], Update
]  # of linearised figures, and what they say beyond the prior


def _updates(likelihood: Likelihood, prior: np.ndarray, mean: np.ndarray) -> UpdateOf:
    """How a prior is updated, step by step from some path on, shape (cells,)."""
    if likelihood.cells.coarse:
        return _Taken(likelihood.products, prior, likelihood.measured(mean)[1]).update
    return partial(_Update, prior)


class _Update:
    """An update by all figures at once.

    What they say is made white by the Cholesky root of their covariance; the level is then that of
    generalised least squares, and its own uncertainty is added.
    """

    def __init__(self, prior: np.ndarray, linear: Linearised, innovation: np.ndarray) -> None:
        jacobian = linear.jacobian
        across = prior @ jacobian.T
        spread = jacobian @ across
        root = np.linalg.cholesky(spread + np.diag(linear.noise))
        level = jacobian.sum(axis=1)
        solved = np.linalg.solve(root, np.column_stack([across.T, level, innovation]))
        cells = prior.shape[0]
        white, level_white, innovation_white = solved[:, :cells], solved[:, cells], solved[:, cells + 1]
        precision = float(level_white @ level_white)
        height = float(level_white @ innovation_white) / precision
        rest = innovation_white - height * level_white
        lift = 1 - white.T @ level_white
        self.shift = height + white.T @ rest
        covariance = prior - white.T @ white + np.outer(lift, lift) / precision
        self.covariance = (covariance + covariance.T) / 2

    def among(self, cells: np.ndarray | slice) -> np.ndarray:
        """The covariance of some cells."""
        return self.covariance[cells][:, cells]


class _Taken:
    """A prior that has taken in the figures of one cell each, which no step changes: the others are left.

    ``covariance`` is what these leave, with the level as it is in the prior; ``free`` is how far each cell
    still moves with the level.
    """

    def __init__(self, products: Products, prior: np.ndarray, noise: np.ndarray) -> None:
        self.products = products
        rows, single = prior[products.cell], products.single
        self.root = np.linalg.cholesky(rows[:, products.cell] + np.diag(noise[single]))
        self.white = whitened(self.root, rows)
        self.level = whitened(self.root, np.ones(single.size))
        self.covariance = prior - self.white.T @ self.white
        self.free = 1 - self.white.T @ self.level

    def update(self, linear: Linearised, innovation: np.ndarray) -> _Further:
        """The update by all figures."""
        several, bent = self.products.several, self.products.bent
        jacobian = linear.jacobian[several][:, bent]
        across = jacobian @ self.covariance[bent]
        root = np.linalg.cholesky(across[:, bent] @ jacobian.T + np.diag(linear.noise[several]))
        first = whitened(self.root, innovation[self.products.single])
        moved = self.white.T @ first
        rest = innovation[several] - jacobian @ moved[bent]
        solved = whitened(root, np.column_stack([across, jacobian @ self.free[bent], rest]))
        white, level, second = solved[:, :-2], solved[:, -2], solved[:, -1]
        precision = float(self.level @ self.level + level @ level)
        height = float(self.level @ first + level @ second) / precision
        shift = moved + height * self.free + white.T @ (second - height * level)
        return _Further(shift, self.covariance, white, (self.free - white.T @ level) / math.sqrt(precision))


@dataclass(frozen=True)
class _Further:
    """An update by further figures, of which only what is asked for is worked out.

    Attributes:
        shift: as of any update.
        before: the covariance without them, shape (cells, cells).
        white: what they take of it, shape (figures, cells).
        lift: how the cells move with what is not known of the level, shape (cells,).
    """

    shift: np.ndarray
    before: np.ndarray
    white: np.ndarray
    lift: np.ndarray

    @property
    def covariance(self) -> np.ndarray:
        """Of all cells."""
        return self.among(slice(None))

    def among(self, cells: np.ndarray | slice) -> np.ndarray:
        """The covariance of some cells."""
        white, lift = self.white[:, cells], self.lift[cells]
        covariance = self.before[cells][:, cells] - white.T @ white
        covariance += np.outer(lift, lift)
        return covariance
