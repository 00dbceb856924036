"""The law of the flows given the figures, by Gauss-Newton steps.

These are the iterated Kalman update of Bell and Cathey 1993.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.model.contradictions import unexplained
from simulator.model.equations import SMALLEST
from simulator.model.likelihood import Likelihood

STEPS = 1500
DAMPING = 0.6
LONGEST_STEP = 2.0  # log points
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Posterior:
    """The law of log flows, given the figures.

    Attributes:
        mean: shape (cells,).
        second_order: half the trace of each figure's Hessian times the covariance, shape (equations,).
        covariance: shape (cells, cells).
    """

    mean: np.ndarray
    second_order: np.ndarray
    covariance: np.ndarray


def gauss_newton(
    likelihood: Likelihood,
    centre: np.ndarray,
    prior: np.ndarray,
    start: Posterior | None = None,
) -> Posterior:
    """The posterior of a Gaussian prior with one diffuse common level.

    Args:
        likelihood: what the figures say.
        centre: prior mean but for the level, shape (cells,).
        prior: its covariance, shape (cells, cells).
        start: a law to begin with; left out, the centre without second-order terms.

    Raises:
        BaselineError: no convergence, or figures that contradict each other beyond their errors.
    """
    mean, second_order = centre, np.zeros(len(likelihood.equations))
    if start:
        mean, second_order = start.mean, start.second_order
    change, pace = np.zeros(mean.shape), 1.0
    for _ in range(STEPS):
        linear = likelihood.linearised(mean)
        innovation = likelihood.innovation(linear, mean - centre, second_order)
        update = _Update(prior, linear.jacobian, linear.noise, innovation)
        last, change = change, centre + update.shift - mean
        pace = _pace(pace, change, last)
        fresh = likelihood.second_order(linear, update.covariance)
        moved = max(float(np.abs(change).max()), float(np.abs(fresh - second_order).max()))
        mean, second_order = mean + pace * change, fresh
        if moved < TOLERANCE:
            likelihood.require_met(mean, second_order)
            return Posterior(mean, second_order, update.covariance)
    likelihood.require_consistent(mean)
    raise unexplained(likelihood.equations)


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
        self, prior: np.ndarray, jacobian: np.ndarray, noise: np.ndarray, innovation: np.ndarray
    ) -> None:
        across = prior @ jacobian.T
        spread = jacobian @ across
        root = np.linalg.cholesky(spread + np.diag(noise))
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
