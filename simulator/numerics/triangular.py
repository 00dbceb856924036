"""Solves with Cholesky roots: by SciPy's triangular routines where they are large. Knows no scenario."""

from __future__ import annotations

import numpy as np

LARGE = 100  # rows, below which NumPy's general routines take less than it takes to import SciPy's


def whitened(root: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The inverse of a lower triangular matrix times another one.

    Args:
        root: shape (rows, rows).
        right: shape (rows, columns).
    """
    if len(root) < LARGE:
        return np.linalg.solve(root, right)
    from scipy.linalg import solve_triangular

    return np.asarray(solve_triangular(root, right, lower=True, check_finite=False))


def inverse_root(covariance: np.ndarray) -> np.ndarray:
    """The inverse of the lower Cholesky root of a covariance, shape (rows, rows).

    Raises:
        numpy.linalg.LinAlgError: it is not positive definite.
    """
    root = np.linalg.cholesky(covariance)
    if len(root) < LARGE:
        return np.linalg.inv(root)
    from scipy.linalg.lapack import dtrtri

    return np.asarray(dtrtri(root, lower=1)[0])
