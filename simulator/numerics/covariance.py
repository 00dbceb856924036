"""A covariance as independent normals, the first of them the one that is integrated. Knows no scenario."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

RANK_TOLERANCE = 1e-10
TINIEST = 1e-300  # a positive number


@dataclass(frozen=True)
class Basis:
    """A covariance written as independent normals, the first of them the direction that is integrated.

    ``first`` has shape (cells,), ``rest`` (cells, others): covariance = first first' + rest rest'.
    ``functional``, shape (cells,), has unit variance: the first normal is ``functional' y``.
    """

    functional: np.ndarray
    first: np.ndarray
    rest: np.ndarray

    def onto(self, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How other cells load on these normals.

        Args:
            across: covariance of the other cells with these, shape (others, cells).

        Returns:
            loadings on the first normal, shape (others,), and on the rest, shape (others, rest).
        """
        first = across @ self.functional
        return first, (across - np.outer(first, self.first)) @ np.linalg.pinv(self.rest).T


def basis(covariance: np.ndarray, direction: np.ndarray) -> Basis:
    """Make ``direction' y`` the first coordinate, and order the others by how much they bend the total.

    The total is exp-linear in its cells: once its gradient is taken out, what is left to second order is the
    quadratic form of the weights ``|direction|``. The other normals are its principal axes, so that the best
    columns of draws go to those that matter.

    Args:
        covariance: of the cells, shape (cells, cells).
        direction: the weight of each cell in the total, shape (cells,).
    """
    variance = float(direction @ covariance @ direction)
    functional = direction / math.sqrt(variance) if variance > 0 else np.zeros_like(direction)
    first = covariance @ functional
    root = _root(covariance - np.outer(first, first))
    weight = np.abs(direction) / max(float(np.abs(direction).sum()), TINIEST) + 1e-3 / direction.size
    rest = root @ np.linalg.eigh(root.T @ (weight[:, None] * root))[1][:, ::-1]
    heaviest = rest[np.abs(rest).argmax(axis=0), np.arange(rest.shape[1])]
    return Basis(functional, first, rest * np.where(heaviest < 0, -1.0, 1.0))


def _root(covariance: np.ndarray) -> np.ndarray:
    """A factor with full column rank: covariance = root root'."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    kept = values > RANK_TOLERANCE * max(float(values[-1]), TINIEST)
    return vectors[:, kept] * np.sqrt(values[kept])
