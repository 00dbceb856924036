"""The law of the flows given the figures, by Gauss-Newton steps.

These are the iterated Kalman update of Bell and Cathey 1993.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulator.model.contradictions import unexplained
from simulator.model.equations import SMALLEST
from simulator.model.exchange import NO_BELIEF, Belief, Rated
from simulator.model.likelihood import Likelihood, Linearised

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
        covariance: shape (cells, cells); where rates of exchange are uncertain, that at given rates.
        belief: what the figures leave of the normals behind these rates.
        rated: the figures that they move.
        gain: how far the cells move with the logs of these figures, shape (cells, rated).
    """

    mean: np.ndarray
    second_order: np.ndarray
    covariance: np.ndarray
    belief: Belief = NO_BELIEF
    rated: tuple[Rated, ...] = ()
    gain: np.ndarray | None = None


def explained(likelihood: Likelihood, centre: np.ndarray, prior: np.ndarray) -> Posterior:
    """A law around which the figures can be linearised: the prior itself where they are linear already.

    Raises:
        BaselineError: as ``gauss_newton``.
    """
    if likelihood.linear:
        return Posterior(centre, np.zeros(len(likelihood.equations)), prior)
    return gauss_newton(likelihood, centre, prior)


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
    if likelihood.linear:
        return _solved(likelihood, centre, prior)
    change, pace = np.zeros(mean.shape), 1.0
    steps = _Few(likelihood, prior) if likelihood.cells.coarse else None
    cells = slice(None) if steps is None else steps.cells
    for _ in range(STEPS):
        linear = likelihood.linearised(mean)
        innovation = likelihood.innovation(linear, mean - centre, second_order)
        joint, given = _updated(prior, steps, linear, innovation)
        fresh = likelihood.second_order(linear, given.covariance, cells)
        last, change = change, centre + joint.shift - mean
        pace = _pace(pace, change, last)
        moved = max(float(np.abs(change).max()), float(np.abs(fresh - second_order).max()))
        mean, second_order = mean + pace * change, fresh
        if moved < TOLERANCE:
            likelihood.require_met(mean, second_order)
            update = given
            if isinstance(update, _FewUpdate):
                update = _Update(prior, linear.jacobian, np.diag(linear.noise), innovation)
            return _given_rates(Posterior(mean, second_order, update.covariance), likelihood, linear, update)
    likelihood.require_consistent(mean)
    raise unexplained(likelihood.equations)


def _solved(likelihood: Likelihood, centre: np.ndarray, prior: np.ndarray) -> Posterior:
    """The posterior where every figure is the log of one cell: a single step gives it."""
    linear, second_order = likelihood.linearised(centre), np.zeros(len(likelihood.equations))
    innovation = likelihood.innovation(linear, np.zeros(centre.shape), second_order)
    joint, given = _updated(prior, None, linear, innovation)
    mean = centre + joint.shift
    likelihood.require_met(mean, second_order)
    return _given_rates(Posterior(mean, second_order, given.covariance), likelihood, linear, given)


def _updated(
    prior: np.ndarray, steps: _Few | None, linear: Linearised, innovation: np.ndarray
) -> tuple[_Update | _FewUpdate, _Update | _FewUpdate]:
    """One linear update with the rates of exchange among what is unknown, and one at given rates."""

    def update(errors: np.ndarray) -> _Update | _FewUpdate:
        if steps is None:
            return _Update(prior, linear.jacobian, errors, innovation)
        return steps.update(linear.jacobian, errors, innovation)

    joint = update(linear.errors)
    return joint, update(np.diag(linear.noise)) if linear.rates.size else joint


def _given_rates(
    posterior: Posterior, likelihood: Likelihood, linear: Linearised, update: _Update | _FewUpdate
) -> Posterior:
    """A posterior with what it is at other rates of exchange than those that the figures make likeliest.

    At given rates figures are as certain as in their own currency: the mean moves with their logs by the gain
    of the linear update, and the covariance is that of certain rates. What the figures say of the rates is
    the likelihood of their normals with flows and level integrated out.

    Args:
        posterior: its mean that of flows and rates together, its covariance that at given rates.
        likelihood: what the figures say.
        linear: the same to first order around the mean.
        update: at given rates, around the mean.
    """
    if not likelihood.codes or isinstance(update, _FewUpdate):
        return posterior
    rows = np.flatnonzero(np.any(linear.rates != 0, axis=1))
    apart, seen = update.apart(update.innovation), update.apart(linear.rates)
    precision = np.eye(len(likelihood.codes)) + seen.T @ seen
    covariance = np.linalg.inv(precision)
    mean = -covariance @ (seen.T @ apart)
    root = np.linalg.cholesky((covariance + covariance.T) / 2)
    belief = Belief(likelihood.codes, tuple(map(float, mean)), tuple(tuple(map(float, row)) for row in root))
    equations = [likelihood.equations[row] for row in rows]
    rated = tuple(
        Rated(e.foreign, float(linear.base[row]), bool(e.minus))
        for row, e in zip(rows, equations, strict=True)
    )
    gain = update.gain(np.eye(len(linear.rates))[:, rows])
    return replace(posterior, belief=belief, rated=rated, gain=gain)


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
        self, prior: np.ndarray, jacobian: np.ndarray, errors: np.ndarray, innovation: np.ndarray
    ) -> None:
        across = prior @ jacobian.T
        spread = jacobian @ across
        root = np.linalg.cholesky(spread + errors)
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
        self.innovation, self._root = innovation, root
        self._white, self._level = white, level_white

    def apart(self, columns: np.ndarray) -> np.ndarray:
        """What figures say, made white and without what the unknown level takes up; of the same shape."""
        made_white = np.linalg.solve(self._root, columns)
        height = self._level @ made_white / float(self._level @ self._level)
        return made_white - np.multiply.outer(self._level, height)

    def gain(self, columns: np.ndarray) -> np.ndarray:
        """How far the cells move with what figures say, shape (cells, columns).

        Args:
            columns: of what they say, shape (equations, columns).
        """
        height = self._level @ np.linalg.solve(self._root, columns) / float(self._level @ self._level)
        return np.asarray(height + self._white.T @ self.apart(columns))


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
        several = likelihood.touched.sum(axis=1) > 1
        self.prior = prior
        self.several, self.single = np.flatnonzero(several), np.flatnonzero(~several)
        self.cell = likelihood.touched[self.single].argmax(axis=1)
        self.cells = np.flatnonzero(likelihood.touched[several].any(axis=0))

    def update(self, jacobian: np.ndarray, errors: np.ndarray, innovation: np.ndarray) -> _FewUpdate:
        """One linear update, as ``_Update``."""
        across, several = np.empty(jacobian.T.shape), jacobian[self.several]
        across[:, self.single] = self.prior[:, self.cell]
        across[:, self.several] = self.prior @ several.T
        spread = np.empty((len(jacobian), len(jacobian)))
        spread[self.single], spread[self.several] = across[self.cell], several @ across
        level, some = jacobian.sum(axis=1), across[self.cells]
        solved = np.linalg.solve(spread + errors, np.column_stack([level, innovation, some.T]))
        precision = float(level @ solved[:, 0])
        height = float(level @ solved[:, 1]) / precision
        shift = height + across @ (solved[:, 1] - height * solved[:, 0])
        lift = 1 - some @ solved[:, 0]
        covariance = self.prior[np.ix_(self.cells, self.cells)] - some @ solved[:, 2:]
        return _FewUpdate(shift, covariance + np.outer(lift, lift) / precision)
