"""How rough each stream is: learned from how far its figures lie from what those before them let expect."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from simulator.caches import lazy
from simulator.model.likelihood import Likelihood, Linearised
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


@dataclass(frozen=True)
class Surprises:
    """How far each figure lies from what those before it let expect.

    The volatility is the usual one, and the levels are vague.

    Attributes:
        size: in standard deviations, shape (equations,).
        course: the part of each one's variance that neither a level nor measurement error explains, shape
            (equations,).
        across: covariance of the cells with the figures, shape (cells, equations).
        inverse: of the Cholesky root of the figures' own covariance, shape (equations, equations).
        linear: the figures to first order.
    """

    size: np.ndarray
    course: np.ndarray
    across: np.ndarray
    inverse: np.ndarray
    linear: Linearised

    @lazy
    def response(self) -> np.ndarray:
        """How far the cells move with each by a standard deviation, shape (cells, equations)."""
        return self.across @ self.inverse.T


def surprises(prior: Prior, likelihood: Likelihood, rough: Around, breaks: np.ndarray) -> Surprises:
    """The figures one after the other, as innovations of a Gaussian process.

    The inverse of the Cholesky root of their covariance turns what they say into independent standard
    normals.

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
    inverse = inverse_root(likelihood.products.spread(across, jacobian) + linear.errors)
    measured = inverse**2 @ linear.noise + ((inverse @ linear.rates) ** 2).sum(axis=1)
    course = np.clip(1 - ((inverse @ levels) ** 2).sum(axis=1) - measured, 0, 1)
    return Surprises(inverse @ innovation, course, across, inverse, linear)


def _by_stream(prior: Prior, weights: np.ndarray) -> np.ndarray:
    """Weights of cells, shape (equations, cells), added up by stream, shape (equations, streams)."""
    return weights.reshape(len(weights), prior.cells.streams, -1).sum(axis=2)


def lone_breaks(prior: Prior, likelihood: Likelihood, rough: Around) -> tuple[np.ndarray, Surprises]:
    """Give a figure that no usual course explains a cause by itself, where it stands alone in its streams.

    A ban, a new pipeline: of what follows in the figure's streams it says what any surprise of its size
    would, but of other streams nothing. Several of them in one stream are no events, but the way that it
    moves.

    Returns:
        the covariance of these causes, shape (cells, cells), and the surprises that are left beside them.
    """
    breaks = dict[int, np.ndarray]()
    together = nothing = np.zeros_like(prior.ratios)
    while len(breaks) < MOST_BREAKS:
        surprise = surprises(prior, likelihood, rough, together)
        worst = int(np.argmax(np.abs(surprise.size)))
        if abs(surprise.size[worst]) <= BREAK or worst in breaks:
            break
        cells = prior.cells.of(likelihood.equations[worst].touched, prior.cells.months)
        shift = np.zeros(prior.cells.size)
        shift[cells] = surprise.size[worst] * surprise.response[cells, worst]
        breaks[worst] = np.outer(shift, shift)
        together = together + breaks[worst]
    if not breaks:
        return nothing, surprise
    causes = sum((breaks[row] for row in _alone(likelihood, breaks)), nothing)
    return causes, surprises(prior, likelihood, rough, causes)


def _alone(likelihood: Likelihood, rows: Iterable[int]) -> list[int]:
    """Those of some figures that share no stream with another of them."""
    streams = {row: likelihood.equations[row].touched for row in rows}
    counts = Counter(itertools.chain.from_iterable(streams.values()))
    return [row for row, touched in streams.items() if all(counts[stream] == 1 for stream in touched)]


def learned_volatility(
    prior: Prior, likelihood: Likelihood, surprise: Surprises, learning: float
) -> np.ndarray:
    """The factor on each stream's prior variance that its figures' surprises and what is usual give.

    Their precisions are averaged. The surprises, one figure after the other, are Student-t, and count by the
    part of their variance that measurement error does not explain, for each stream by its share of the
    figure's sum (iteratively reweighted, as in Lange, Little, Taylor 1989).

    Args:
        prior: the usual course.
        likelihood: the figures.
        surprise: what the figures say, one after the other.
        learning: how far the surprises count, from 0 to 1.

    Returns:
        shape (streams,).
    """
    shares = likelihood.shares(surprise.linear)
    weights = surprise.course[:, None] * _by_stream(prior, shares)
    square = (surprise.size**2)[:, None]
    number = weights.sum(axis=0)
    scale = np.ones(prior.cells.streams)
    for _ in range(ROUNDS):
        heavy = (weights * (ROBUST + 1) / (ROBUST + square / scale) * square).sum(axis=0)
        scale = (heavy + IMAGINED) / (number + IMAGINED)
    seen = max(e.period.last for e in likelihood.equations) + 1 - prior.cells.months.first
    count = np.minimum(number, seen / 12)  # figures of one year surprise together
    trust = learning * count / (count + USUAL)
    return 1 / (trust / scale + 1 - trust)
