"""The law of the flows given the figures, by Gauss-Newton steps.

These are the iterated Kalman update of Bell and Cathey 1993.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    if likelihood.linear:
        return _solved(likelihood, centre, prior)
    change, pace = np.zeros(mean.shape), 1.0
    steps = _Few(likelihood, prior) if likelihood.cells.coarse else None
    for _ in range(STEPS):
        linear = likelihood.linearised(mean)
        innovation = likelihood.innovation(linear, mean - centre, second_order)
        update: _Update | _FewUpdate
        if steps is None:
            update = _Update(likelihood.products, prior, linear, innovation)
            fresh = likelihood.second_order(linear, update.covariance)
        else:
            update = steps.update(linear, innovation)
            fresh = likelihood.second_order(linear, update.covariance, steps.cells)
        last, change = change, centre + update.shift - mean
        pace = _pace(pace, change, last)
        moved = max(float(np.abs(change).max()), float(np.abs(fresh - second_order).max()))
        mean, second_order = mean + pace * change, fresh
        if moved < TOLERANCE:
            likelihood.require_met(mean, second_order)
            if steps is not None:
                update = _Update(likelihood.products, prior, linear, innovation)
            return Posterior(mean, second_order, update.covariance)
    likelihood.require_consistent(mean)
    raise unexplained(likelihood.equations)


def _solved(likelihood: Likelihood, centre: np.ndarray, prior: np.ndarray) -> Posterior:
    """The posterior where every figure is the log of one cell: a single step gives it."""
    linear, second_order = likelihood.linearised(centre), np.zeros(len(likelihood.equations))
    innovation = likelihood.innovation(linear, np.zeros(centre.shape), second_order)
    update = _Update(likelihood.products, prior, linear, innovation)
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


class _Update:
    """One linear update of a Gaussian prior with one diffuse common level.

    What the figures say is made white by the Cholesky root of their covariance; the level is then that of
    generalised least squares, and its own uncertainty is added. ``shift`` is the posterior mean less the
    prior's, shape (cells,), ``covariance`` the posterior's, shape (cells, cells).
    """

    def __init__(
        self, products: Products, prior: np.ndarray, linear: Linearised, innovation: np.ndarray
    ) -> None:
        across = products.across(prior, linear.jacobian)
        spread = products.spread(across, linear.jacobian)
        root = np.linalg.cholesky(spread + np.diag(linear.noise))
        level = linear.jacobian.sum(axis=1)
        solved = whitened(root, np.column_stack([across.T, level, innovation]))
        cells = prior.shape[0]
        white, level_white, innovation_white = solved[:, :cells], solved[:, cells], solved[:, cells + 1]
        precision = float(level_white @ level_white)
        height = float(level_white @ innovation_white) / precision
        rest = innovation_white - height * level_white
        lift = 1 - white.T @ level_white
        self.shift = height + white.T @ rest
        covariance = prior - white.T @ white + np.outer(lift, lift) / precision
        self.covariance = (covariance + covariance.T) / 2


@dataclass(frozen=True)
class _FewUpdate:
    """An update of which only the covariance of some cells is worked out."""

    shift: np.ndarray
    covariance: np.ndarray


class _Few:
    """The same updates where most figures are of one cell each: only what the next step asks for.

    ``cells`` are those that stand in a figure of several: only their covariance bends a figure.
    """

    def __init__(self, likelihood: Likelihood, prior: np.ndarray) -> None:
        self.prior, self.products = prior, likelihood.products
        self.cells = np.flatnonzero(likelihood.touched[self.products.several].any(axis=0))

    def update(self, linear: Linearised, innovation: np.ndarray) -> _FewUpdate:
        """One linear update, as ``_Update``."""
        across = self.products.across(self.prior, linear.jacobian)
        spread = self.products.spread(across, linear.jacobian)
        level, some = linear.jacobian.sum(axis=1), across[self.cells]
        solved = np.linalg.solve(spread + np.diag(linear.noise), np.column_stack([level, innovation, some.T]))
        precision = float(level @ solved[:, 0])
        height = float(level @ solved[:, 1]) / precision
        shift = height + across @ (solved[:, 1] - height * solved[:, 0])
        lift = 1 - some @ solved[:, 0]
        covariance = self.prior[np.ix_(self.cells, self.cells)] - some @ solved[:, 2:]
        return _FewUpdate(shift, covariance + np.outer(lift, lift) / precision)
