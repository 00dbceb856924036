"""The law of the flows given the figures, by Gauss-Newton steps.

These are the iterated Kalman update of Bell and Cathey 1993.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from simulator.caches import lazy
from simulator.model.contradictions import unexplained
from simulator.model.equations import SMALLEST
from simulator.model.exchange import NO_BELIEF, Belief, Rated
from simulator.model.likelihood import Likelihood, Linearised, Products, bent
from simulator.numerics.triangular import whitened

STEPS, FEWEST_STEPS = 1500, 100
WORK = 1e10  # multiplications in all steps: a second or two, unless these are the fewest
CHECKED_AT = (50, 200)  # steps, after which figures that contradict each other are looked for
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
    """The law of log flows, given the figures.

    Attributes:
        covariance: shape (cells, cells); where rates of exchange are uncertain, that at given rates.
        belief: what the figures leave of the normals behind these rates.
        rated: the figures that they move.
        gain: how far the cells move with the logs of these figures, shape (cells, rated).
    """

    covariance: np.ndarray
    belief: Belief = NO_BELIEF
    rated: tuple[Rated, ...] = ()
    gain: np.ndarray | None = None


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
    for step in range(_steps(likelihood.products, mean.size)):
        if step in CHECKED_AT:
            likelihood.require_consistent(mean)
        linear = likelihood.linearised(mean)
        update = update_of(linear, likelihood.innovation(linear, mean - centre, second_order))
        fresh = likelihood.second_order(linear, update.bend)
        shift, belief = _with_rates(update, likelihood, linear)
        last, change = change, centre + shift - mean
        pace = _pace(pace, change, last)
        moved = max(float(np.abs(change).max()), float(np.abs(fresh - second_order).max()))
        mean, second_order = mean + pace * change, fresh
        if moved < TOLERANCE:
            likelihood.require_met(mean, second_order)
            return _given_rates(Around(mean, second_order), belief, likelihood, linear, update)
    likelihood.require_consistent(mean)
    raise unexplained(likelihood.equations)


def _steps(products: Products, cells: int) -> int:
    """How many steps are made: fewer of many figures and cells, where the search would take minutes."""
    return int(min(STEPS, max(FEWEST_STEPS, WORK / max(products.work(cells), 1.0))))


def _solved(likelihood: Likelihood, centre: np.ndarray, update_of: UpdateOf) -> Posterior:
    """The posterior where every figure is the log of one cell: a single step gives it."""
    linear, second_order = likelihood.linearised(centre), np.zeros(len(likelihood.equations))
    update = update_of(linear, likelihood.innovation(linear, np.zeros(centre.shape), second_order))
    shift, belief = _with_rates(update, likelihood, linear)
    mean = centre + shift
    likelihood.require_met(mean, second_order)
    return _given_rates(Around(mean, second_order), belief, likelihood, linear, update)


def _with_rates(update: Update, likelihood: Likelihood, linear: Linearised) -> tuple[np.ndarray, Belief]:
    """The shift with the rates of exchange among what is unknown, and what figures leave of their normals.

    What the figures say of these is their likelihood with flows and level integrated out; flows move with
    them by the gain, so that at their mean they are where flows and rates together are likeliest.

    Args:
        update: at given rates.
        likelihood: what the figures say.
        linear: the same to first order.
    """
    if not likelihood.codes:
        return update.shift, NO_BELIEF
    apart, seen = update.apart(update.innovation), update.apart(linear.rates)
    covariance = np.linalg.inv(np.eye(len(likelihood.codes)) + seen.T @ seen)
    mean = -covariance @ (seen.T @ apart)
    root = np.linalg.cholesky((covariance + covariance.T) / 2)
    belief = Belief(likelihood.codes, tuple(map(float, mean)), tuple(tuple(map(float, row)) for row in root))
    return update.shift + update.gain(linear.rates) @ mean, belief


def _given_rates(
    around: Around, belief: Belief, likelihood: Likelihood, linear: Linearised, update: Update
) -> Posterior:
    """A posterior with what it is at other rates of exchange than those that the figures make likeliest.

    At given rates figures are as certain as in their own currency: the mean moves with their logs by the gain
    of the linear update, and the covariance is that of certain rates.

    Args:
        around: its mean, that of flows and rates together.
        belief: what the figures leave of the rates.
        likelihood: what the figures say.
        linear: the same to first order around the mean.
        update: at given rates, around the mean.
    """
    posterior = Posterior(around.mean, around.second_order, update.covariance)
    if not likelihood.codes:
        return posterior
    rows = np.flatnonzero(np.any(linear.rates != 0, axis=1))
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


class Update(ABC):
    """One linear update of a Gaussian prior with one diffuse common level, at given rates of exchange.

    Attributes:
        innovation: what the figures say beyond the prior, shape (equations,).
        shift: the posterior mean less the prior's, shape (cells,).
    """

    innovation: np.ndarray
    shift: np.ndarray

    @property
    @abstractmethod
    def covariance(self) -> np.ndarray:
        """The posterior's, shape (cells, cells)."""

    @abstractmethod
    def among(self, cells: np.ndarray | slice) -> np.ndarray:
        """The covariance of some cells."""

    @abstractmethod
    def bend(self, weights: np.ndarray) -> np.ndarray:
        """The trace of the Hessian of log sums times the covariance, shape (sums,).

        Args:
            weights: the share of each cell in each sum, shape (sums, cells).
        """

    @abstractmethod
    def made_white(self, columns: np.ndarray) -> np.ndarray:
        """What figures say as independent standard normals, shape (equations, columns), in any order."""

    @property
    @abstractmethod
    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """How the prior moves with these, (equations, cells), and these with the level, (equations,)."""

    def apart(self, columns: np.ndarray) -> np.ndarray:
        """What figures say, made white and without what the unknown level takes up, of the same shape."""
        white, (_, level) = self.made_white(columns), self.taken
        return white - np.multiply.outer(level, level @ white / float(level @ level))

    def gain(self, columns: np.ndarray) -> np.ndarray:
        """How far the cells move with what figures say.

        Args:
            columns: of what they say, shape (equations, columns).

        Returns:
            shape (cells, columns).
        """
        white, (response, level) = self.made_white(columns), self.taken
        height = level @ white / float(level @ level)
        return np.asarray(height + response.T @ (white - np.multiply.outer(level, height)))


# of linearised figures, and what they say beyond the prior
UpdateOf = Callable[[Linearised, np.ndarray], Update]


def _updates(likelihood: Likelihood, prior: np.ndarray, mean: np.ndarray) -> UpdateOf:
    """How a prior is updated, step by step from some path on, shape (cells,)."""
    if likelihood.cells.coarse:
        return _Taken(likelihood.products, prior, likelihood.measured(mean)[1]).update
    return partial(_Update, prior)


class _Update(Update):
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
        solved = whitened(root, np.column_stack([across.T, level, innovation]))
        cells = prior.shape[0]
        white, level_white, innovation_white = solved[:, :cells], solved[:, cells], solved[:, cells + 1]
        precision = float(level_white @ level_white)
        height = float(level_white @ innovation_white) / precision
        rest = innovation_white - height * level_white
        self._lift = (1 - white.T @ level_white) / math.sqrt(precision)
        self.shift = height + white.T @ rest
        self._prior, self._jacobian, self._across = prior, jacobian, across
        self.innovation, self._root, self._taken = innovation, root, (white, level_white)

    @lazy
    def covariance(self) -> np.ndarray:
        """Of all cells."""
        white, _ = self._taken
        covariance = self._prior - white.T @ white + np.outer(self._lift, self._lift)
        return np.asarray((covariance + covariance.T) / 2)

    def bend(self, weights: np.ndarray) -> np.ndarray:
        """By the parts of the covariance: no step needs all of it."""
        white, _ = self._taken
        variance = np.diag(self._prior) - np.einsum("ij,ij->j", white, white) + self._lift**2
        across = self._across.T if weights is self._jacobian else weights @ self._prior
        square = np.einsum("ij,ij->i", across, weights) - ((weights @ white.T) ** 2).sum(axis=1)
        return np.asarray(weights @ variance - square - (weights @ self._lift) ** 2)

    def made_white(self, columns: np.ndarray) -> np.ndarray:
        """By the root."""
        return whitened(self._root, columns)

    @property
    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """All at once."""
        return self._taken

    def among(self, cells: np.ndarray | slice) -> np.ndarray:
        """The covariance of some cells."""
        return self.covariance[cells][:, cells]


class _Taken:
    """A prior that has taken in the figures of one cell each, which no step changes: the others are left.

    ``covariance`` is what these leave, with the level as it is in the prior; ``free`` is how far each cell
    still moves with the level; ``rows`` are those of the covariance of the cells that bend.
    """

    def __init__(self, products: Products, prior: np.ndarray, noise: np.ndarray) -> None:
        self.products = products
        rows, single = prior[products.cell], products.single
        self.root = np.linalg.cholesky(rows[:, products.cell] + np.diag(noise[single]))
        self.white = whitened(self.root, rows)
        self.level = whitened(self.root, np.ones(single.size))
        self.covariance = prior - self.white.T @ self.white
        self.free = 1 - self.white.T @ self.level
        self.rows = self.covariance[products.bent]

    def update(self, linear: Linearised, innovation: np.ndarray) -> _Further:
        """The update by all figures."""
        several, bent = self.products.several, self.products.bent
        jacobian = linear.jacobian[several][:, bent]
        across = jacobian @ self.rows
        root = np.linalg.cholesky(across[:, bent] @ jacobian.T + np.diag(linear.noise[several]))
        first = whitened(self.root, innovation[self.products.single])
        moved = self.white.T @ first
        rest = innovation[several] - jacobian @ moved[bent]
        solved = whitened(root, np.column_stack([across, jacobian @ self.free[bent], rest]))
        white, level, second = solved[:, :-2], solved[:, -2], solved[:, -1]
        precision = float(self.level @ self.level + level @ level)
        height = float(self.level @ first + level @ second) / precision
        shift = moved + height * self.free + white.T @ (second - height * level)
        lift = (self.free - white.T @ level) / math.sqrt(precision)
        return _Further(innovation, shift, self, jacobian, root, white, level, lift)


@dataclass(frozen=True)
class _Further(Update):
    """An update by further figures, of which only what is asked for is worked out.

    Attributes:
        innovation: as of any update.
        shift: as of any update.
        before: the prior that has taken in the others.
        jacobian: of the further figures by the cells that stand in them, shape (figures, bent).
        root: of their covariance, shape (figures, figures).
        white: what they take of the covariance, shape (figures, cells).
        level: how they move with the level, made white, shape (figures,).
        lift: how the cells move with what is not known of the level, shape (cells,).
    """

    innovation: np.ndarray
    shift: np.ndarray
    before: _Taken
    jacobian: np.ndarray
    root: np.ndarray
    white: np.ndarray
    level: np.ndarray
    lift: np.ndarray

    @property
    def covariance(self) -> np.ndarray:
        """Of all cells."""
        return self.among(slice(None))

    def among(self, cells: np.ndarray | slice) -> np.ndarray:
        """The covariance of some cells."""
        white, lift = self.white[:, cells], self.lift[cells]
        covariance = self.before.covariance[cells][:, cells] - white.T @ white
        covariance += np.outer(lift, lift)
        return covariance

    def bend(self, weights: np.ndarray) -> np.ndarray:
        """Of the cells that stand in a figure of several."""
        cells = self.before.products.bent
        return bent(weights[:, cells], self.among(cells))

    def made_white(self, columns: np.ndarray) -> np.ndarray:
        """Those of one cell each first, then what the others say beyond them."""
        before, products = self.before, self.before.products
        first = whitened(before.root, columns[products.single])
        rest = columns[products.several] - self.jacobian @ (before.white.T @ first)[products.bent]
        return np.concatenate([first, whitened(self.root, rest)])

    @property
    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """In the same order."""
        before = self.before
        return np.vstack([before.white, self.white]), np.concatenate([before.level, self.level])
