"""Quantiles of the beta distribution, those of many draws off a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.caches import MEGABYTE, keep

if TYPE_CHECKING:
    import numpy as np

TABLE = 8192  # nodes off which the quantiles of more draws than these are read
COARSE = 8  # one in so many of the nodes is worked out by itself
EXACT = 1e-12  # of a probability: how far the others may be from theirs


def quantile(alpha: float, beta: float, uniform: np.ndarray) -> np.ndarray:
    """The inverse distribution function.

    Args:
        alpha: the first parameter, above 0.
        beta: the second.
        uniform: numbers strictly between 0 and 1, any shape.

    Returns:
        the same shape; of more than ``TABLE`` numbers linear between its nodes.
    """
    import numpy as np
    from scipy.special import betaincinv

    if uniform.size <= TABLE:
        return np.asarray(betaincinv(alpha, beta, uniform))
    return np.interp(uniform, *_table(alpha, beta))


@keep(8 * MEGABYTE)
def _table(alpha: float, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, finer at both ends, and the beta quantiles there.

    Of one in so many by SciPy's inverse; those between by Newton steps from there, which cost a third.
    """
    import numpy as np
    from scipy.special import betainc, betaincinv, betaln

    grid = 0.5 - 0.5 * np.cos(np.pi * np.arange(TABLE) / (TABLE - 1))
    coarse = np.append(np.arange(0, TABLE - 1, COARSE), TABLE - 1)
    known = betaincinv(alpha, beta, grid[coarse])
    x = np.interp(grid, grid[coarse], known)
    with np.errstate(all="ignore"):
        for _ in range(2):
            density = np.exp((alpha - 1) * np.log(x) + (beta - 1) * np.log1p(-x) - betaln(alpha, beta))
            x = np.clip(x - (betainc(alpha, beta, x) - grid) / density, 0.0, 1.0)
        off = ~(np.abs(betainc(alpha, beta, x) - grid) <= EXACT * np.minimum(grid, 1 - grid))
    x[coarse], off[coarse] = known, False
    x[off] = betaincinv(alpha, beta, grid[off])
    return grid, x
