"""The value of information: how much lower the chance of a wrong verdict would be with one unknown settled.

Raiffa, Schlaifer 1961.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.unknowns import Unknown
from simulator.numerics.draws import scramble_count
from simulator.numerics.preintegration import spread

BINS = 16  # of an unknown's values, in each of which the verdict may differ
CLEAR = 3.0  # standard errors
# on the error, for both halves choose verdicts by which they are judged: the signs of noise agree
BOTH_WAYS = math.sqrt(1 + 2 / math.pi)


@dataclass(frozen=True)
class Information:
    """How much lower the chance of a wrong verdict would be on average with an unknown settled; fractions."""

    unknown: Unknown
    reduction: float
    standard_error: float

    @property
    def clear(self) -> bool:
        """Whether it stands out from its own error."""
        return self.reduction > CLEAR * self.standard_error

    def to_dict(self) -> dict[str, Any]:
        """The value for a machine."""
        return {
            "path": self.unknown.path,
            "name": self.unknown.name,
            "sort": self.unknown.sort,
            "reduction_points": 100 * self.reduction,
            "standard_error_points": 100 * self.standard_error,
            "clear": self.clear,
        }


def information(unknowns: Sequence[tuple[Unknown, np.ndarray]]) -> tuple[Information, ...]:
    """The value of knowing each unknown, the largest first.

    Args:
        unknowns: each with the probability of a hit in each draw, given at least that unknown, (points,).
    """
    values = (Information(unknown, *value_of(unknown.values, chances)) for unknown, chances in unknowns)
    return tuple(sorted(values, key=lambda value: -value.reduction))


def value_of(values: np.ndarray, chances: np.ndarray) -> tuple[float, float]:
    """How much lower the chance of a wrong verdict would be if a value were known, with its standard error.

    The verdict in each of some bins of equal probability is the likelier one among the draws of half of the
    scrambles, and is judged on those of the other half, both ways: noise in the bins then does not look like
    knowledge (its expectation is at most the true value).

    Args:
        values: of the unknown in each draw, shape (points,), rows grouped by scramble.
        chances: the probability of a hit in each draw, or whether it is one, shape (points,).

    Returns:
        (reduction, standard error), fractions; (0, 0) where the verdict is the same in every bin.
    """
    edges = np.unique(np.quantile(values, np.arange(1, BINS) / BINS))
    bins = np.searchsorted(edges, values, side="right").reshape(scramble_count(len(values)), -1)
    chances = np.asarray(chances, dtype=float).reshape(len(bins), -1)
    one_hot = bins[:, :, None] == np.arange(len(edges) + 1)
    # for a hit against a miss, by scramble and bin
    margin = np.einsum("spb,sp->sb", one_hot, 2 * chances - 1) / chances.shape[1]
    learned = np.empty_like(margin)  # from the half that a scramble does not belong to
    learned[::2], learned[1::2] = margin[1::2].sum(axis=0), margin[::2].sum(axis=0)
    with_it = np.where(learned >= 0, margin, -margin).sum(axis=1)
    without = np.where(learned.sum(axis=1) >= 0, margin.sum(axis=1), -margin.sum(axis=1))
    gain = (with_it - without) / 2
    return max(float(gain.mean()), 0.0), BOTH_WAYS * spread(gain)
