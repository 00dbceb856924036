"""Sobol indices of groups of unknowns, from draws of which one group at a time is drawn again.

First order by Saltelli and others 2010, total by Jansen 1999, as ``scipy.stats.sobol_indices`` computes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.numerics.draws import scramble_count
from simulator.numerics.preintegration import spread

Evaluate = Callable[[frozenset[str]], np.ndarray]


@dataclass(frozen=True)
class Index:
    """A Sobol index, a fraction of the variance, and its standard error."""

    value: float
    standard_error: float

    def to_dict(self) -> dict[str, Any]:
        """The index for a machine."""
        return {"value": self.value, "standard_error": self.standard_error}


@dataclass(frozen=True)
class Share:
    """What a group contributes to the variance of an output: alone, and with its interplay with others."""

    first_order: Index
    total: Index

    def to_dict(self) -> dict[str, Any]:
        """The share for a machine."""
        return {"first_order": self.first_order.to_dict(), "total": self.total.to_dict()}


def variance_shares(
    evaluate: Evaluate, groups: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Share | None, ...]]:
    """The share of each group in the variance of each output.

    Args:
        evaluate: the outputs, shape (outputs, points), points grouped by scramble, with the draws of some
            names drawn again.
        groups: the names of the draws of each; together they are all that is drawn.

    Returns:
        by group, one for each output; None where the output does not vary.
    """
    base, again = evaluate(frozenset()), evaluate(frozenset().union(*groups.values()))
    mixed = np.array([evaluate(names) for names in groups.values()])
    varies = np.ptp(np.concatenate([base, again], axis=1), axis=1) > 0
    indices = _indices(base, again, mixed)
    parts = (np.split(part, scramble_count(part.shape[-1]), axis=-1) for part in (base, again, mixed))
    by_scramble = np.array([_indices(*scramble) for scramble in zip(*parts, strict=True)])

    def index(order: int, output: int, group: int) -> Index:
        return Index(float(indices[order, output, group]), spread(by_scramble[:, order, output, group]))

    def share(output: int, group: int) -> Share | None:
        return Share(index(0, output, group), index(1, output, group)) if varies[output] else None

    outputs = range(len(base))
    return {key: tuple(share(output, group) for output in outputs) for group, key in enumerate(groups)}


def _indices(base: np.ndarray, again: np.ndarray, mixed: np.ndarray) -> np.ndarray:
    """First-order and total indices, shape (2, outputs, groups)."""
    from scipy.stats import sobol_indices

    indices = sobol_indices(func={"f_A": base, "f_B": again, "f_AB": mixed}, n=base.shape[1])
    shape = (base.shape[0], mixed.shape[0])
    return np.array([indices.first_order.reshape(shape), indices.total_order.reshape(shape)])
