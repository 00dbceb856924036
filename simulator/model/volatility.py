"""How rough each stream is: learned from how far its figures lie from what those before them let expect."""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.caches import lazy
from simulator.model.equations import Equation
from simulator.model.likelihood import Likelihood
from simulator.model.posterior import Around
from simulator.model.prior import Prior
from simulator.numerics.triangular import inverse_root

USUAL = 3.0  # figures of a stream whose surprises weigh as much as what is usual among pairs
IMAGINED = 0.5  # usual surprises beside a stream's figures: two that happen to agree do not make it calm
ROBUST = 3.0  # degrees of freedom of single surprises: one odd figure does not make a pair rough
ROUNDS = 40  # of reweighting
VAGUE = 1e3  # variance of each stream's level while volatility is learned
BREAK = 8.0  # standard deviations of a surprise that no usual course explains
MOST_BREAKS = 8
ALIKE = 1e-9  # of the largest surprise: one that is less by that is as large


@dataclass(frozen=True)
class Surprises:
    """How far each figure lies from what those before it let expect.

    The volatility is the usual one, and the levels are vague.

    Attributes:
        size: in standard deviations, shape (equations,).
        weights: how far each counts for each stream, shape (equations, streams): by the stream's share of the
            figure's sum, the part of its variance that neither a level nor measurement error explains, and
            how many figures say the same.
        across: covariance of the cells with the figures, shape (cells, equations).
        inverse: turns the figures' own deviations into standard normals, shape (equations, equations).
    """

    size: np.ndarray
    weights: np.ndarray
    across: np.ndarray
    inverse: np.ndarray

    @lazy
    def response(self) -> np.ndarray:
        """How far the cells move with each by a standard deviation, shape (cells, equations)."""
        return self.across @ self.inverse.T


def surprises(prior: Prior, likelihood: Likelihood, rough: Around, breaks: np.ndarray) -> Surprises:
    """The figures, one period after the other, as innovations of a Gaussian process.

    The inverse of the Cholesky root of their covariance turns what they say into standard normals; those of
    one period are each given the periods before, and not one another.

    Args:
        prior: its usual course counts.
        likelihood: the figures.
        rough: a path that explains them, around which they are linearised.
        breaks: covariance of single causes beside the usual course, shape (cells, cells).
    """
    linear = likelihood.linearised(rough.mean)
    jacobian, blocks = linear.jacobian, prior.cells.blocks
    innovation = likelihood.innovation(linear, rough.mean - prior.mean, rough.second_order)
    levels = math.sqrt(VAGUE) * _by_stream(prior, jacobian)
    across = likelihood.products.across(prior.usual() + breaks, jacobian)
    across += math.sqrt(VAGUE) * np.repeat(levels.T, blocks, axis=0)
    if prior.free.size:  # known shocks are no surprise either
        shocks = jacobian @ prior.free
        across += prior.free @ shocks.T
        levels = np.hstack([levels, shocks])
    root = inverse_root(likelihood.products.spread(across, jacobian) + linear.errors)
    shares = _by_stream(prior, likelihood.shares(linear))
    inverse, crowd = _apart(root, likelihood.equations, shares)
    measured = inverse**2 @ linear.noise + ((inverse @ linear.rates) ** 2).sum(axis=1)
    course = np.clip(1 - ((inverse @ levels) ** 2).sum(axis=1) - measured, 0, 1) / crowd
    return Surprises(inverse @ innovation, course[:, None] * shares, across, inverse)


def _apart(
    inverse: np.ndarray, equations: Sequence[Equation], shares: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The inverse of a Cholesky root, with each figure given those of earlier periods alone.

    Figures of one period then stand in no order: none says what another of them lets expect of it, and an odd
    one says nothing of the others. Each is a standard normal still.

    Args:
        inverse: shape (equations, equations).
        equations: the figures, by period.
        shares: of each stream in them, shape (equations, streams).

    Returns:
        it, and how many say what each figure says, by squared correlation and common streams: 1 of one alone,
        2 of two that are the same; shape (equations,).
    """
    turned, crowd = inverse.copy(), np.ones(len(equations))
    for _, group in itertools.groupby(range(len(equations)), key=lambda row: equations[row].period):
        first, *others = group
        if others:
            rows = slice(first, others[-1] + 1)
            root = np.linalg.inv(inverse[rows, rows])  # of their covariance, given all before them
            root /= np.linalg.norm(root, axis=1)[:, None]
            turned[rows] = root @ inverse[rows]
            common = np.minimum(shares[rows, None], shares[None, rows]).sum(axis=2)
            np.fill_diagonal(common, 1)
            crowd[rows] = (np.square(root @ root.T) * common).sum(axis=1)
    return turned, crowd


def _by_stream(prior: Prior, weights: np.ndarray) -> np.ndarray:
    """Weights of cells, shape (equations, cells), added up by stream, shape (equations, streams)."""
    return weights.reshape(len(weights), prior.cells.streams, -1).sum(axis=2)


def lone_breaks(prior: Prior, likelihood: Likelihood, rough: Around) -> tuple[np.ndarray, Surprises]:
    """Give a figure that no usual course explains a cause by itself, where it stands alone in its streams.

    A ban, a new pipeline: of what follows in the figure's streams it says what any surprise of its size
    would, but of other streams nothing. Its variance is what lies beyond the usual, so that none begins at
    once. Several of them in one stream are no events, but the way that it moves.

    Returns:
        the covariance of these causes, shape (cells, cells), and the surprises that are left beside them.
    """
    beyond, breaks = dict[int, float](), dict[int, np.ndarray]()
    together = nothing = np.zeros_like(prior.ratios)
    while len(breaks) < MOST_BREAKS:
        surprise = surprises(prior, likelihood, rough, together)
        worst = _worst(surprise.size, breaks)
        for row in worst:
            beyond[row] = 1 - (BREAK / surprise.size[row]) ** 2
            cells = prior.cells.of(likelihood.equations[row].touched, prior.cells.months)
            shift = np.zeros(prior.cells.size)
            shift[cells] = math.sqrt(beyond[row]) * surprise.size[row] * surprise.response[cells, row]
            breaks[row] = np.outer(shift, shift)
            together = together + breaks[row]
        if not worst:
            break
    if not breaks:
        return nothing, surprise
    causes = sum((share * breaks[row] for row, share in _alone(likelihood, beyond).items()), nothing)
    return causes, surprises(prior, likelihood, rough, causes)


def _worst(sizes: np.ndarray, known: Container[int]) -> list[int]:
    """The figure of the largest surprise beyond what is usual, and those that surprise as much."""
    size = np.abs(sizes)
    largest = size.max()
    rows = [int(row) for row in np.flatnonzero(size >= (1 - ALIKE) * largest)]
    return [row for row in rows if row not in known] if largest > BREAK else []


def _alone(likelihood: Likelihood, beyond: Mapping[int, float]) -> dict[int, float]:
    """How far each of some figures is the only one of them in its streams: by how far others are beyond."""
    streams = {row: set(likelihood.equations[row].touched) for row in beyond}
    return {
        row: math.prod(
            1 - beyond[other] for other in beyond if other != row and streams[other] & streams[row]
        )
        for row in beyond
    }


def learned_volatility(
    prior: Prior, likelihood: Likelihood, surprise: Surprises, learning: float
) -> np.ndarray:
    """The factor on each stream's prior variance that its figures' surprises and what is usual give.

    Their precisions are averaged. The surprises are Student-t, and count by their weights (iteratively
    reweighted, as in Lange, Little, Taylor 1989).

    Args:
        prior: the usual course.
        likelihood: the figures.
        surprise: what the figures say, one period after the other.
        learning: how far the surprises count, from 0 to 1.

    Returns:
        shape (streams,).
    """
    weights, square = surprise.weights, (surprise.size**2)[:, None]
    number = weights.sum(axis=0)
    scale = np.ones(prior.cells.streams)
    for _ in range(ROUNDS):
        heavy = (weights * (ROBUST + 1) / (ROBUST + square / scale) * square).sum(axis=0)
        scale = (heavy + IMAGINED) / (number + IMAGINED)
    seen = max(e.period.last for e in likelihood.equations) + 1 - prior.cells.months.first
    count = np.minimum(number, seen / 12)  # figures of one year surprise together
    trust = learning * count / (count + USUAL)
    return 1 / (trust / scale + 1 - trust)
