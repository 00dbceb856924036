"""Roots of rising functions, one a draw, by Newton steps inside a shrinking bracket. Knows no scenario."""

from __future__ import annotations

from collections.abc import Callable
from types import EllipsisType

import numpy as np

from simulator.errors import NoNumber

STEPS = 200  # far more than any root takes
PATIENCE = 20  # steps, after which every other one halves the bracket
ROOT_TOLERANCE = 1e-6  # of a Newton step among ever shorter ones: the error left is about its square
ROUNDING = 1e-11  # of a root: what is left to rounding
EPSILON = float(np.finfo(float).eps)

Rows = np.ndarray | EllipsisType  # of arrays by draw: some, or all
# of an argument for each draw: the value, its slope, and what is wanted beside the root
Function = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


def rising_roots(
    function_of: Callable[[Rows], Function], low: np.ndarray, high: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Roots of rising functions, elementwise.

    Args:
        function_of: the function of some rows: its value, its slope, and what is wanted beside the root. A
            value that is NaN counts as positive.
        low: where to look, from here, shape (draws,).
        high: and to here; the root is an end where the function does not change its sign.
        start: a first guess at each root.

    Returns:
        the roots, and what the function gave beside them, each of shape (draws,).

    Raises:
        NoNumber: one was not found.
    """
    floor, ceiling, rows = low, high, np.arange(low.size)
    roots, beside_roots = np.empty_like(low), np.empty_like(low)
    # outside of the ends until those have been tried
    low, high = floor - ROUNDING / 100, ceiling + ROUNDING / 100
    u, last = np.clip(start, floor, ceiling), np.full(low.shape, np.inf)
    done = np.zeros(low.shape, dtype=bool)
    function = function_of(...)
    for taken in range(STEPS):
        # a flow that is zero or immense has no slope in logs: then the bracket is halved
        with np.errstate(all="ignore"):
            value, slope, beside = function(u)
            newton = u - value / slope
        under = value < 0
        low, high = np.where(under, u, low), np.where(under, high, u)
        inside = (newton >= low) & (newton <= high)
        following = newton
        if taken > PATIENCE and taken % 2:
            inside = np.zeros_like(inside)
        if not inside.all():
            end = np.where(under, ceiling[rows], floor[rows])
            end_tried = np.where(under, high <= ceiling[rows], low >= floor[rows])
            following = np.where(inside, newton, np.where(end_tried, (low + high) / 2, end))
        step = np.abs(following - u)
        before, u, last = last, np.where(done, u, following), step
        if step.min() > ROOT_TOLERANCE:
            continue
        done |= inside & _close(step, before, value)
        done |= _narrow(low, high, u, done)
        count = np.count_nonzero(done)
        if 2 * count > done.size:
            roots[rows], beside_roots[rows] = u, beside
            if count == done.size:
                return roots, beside_roots
            left = ~done
            rows, u, last, low, high, done = (part[left] for part in (rows, u, last, low, high, done))
            function = function_of(rows)
    raise NoNumber(
        f"found no root of {np.count_nonzero(~done):,} of {roots.size:,} simulated paths in {STEPS} steps"
    )


def _close(step: np.ndarray, before: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Whether a step, after the one before it, has led to a root; same shape."""
    near = step <= before / 100
    if not near.all():
        near |= (step <= ROUNDING) | (np.abs(value) <= 8 * EPSILON)
    return near & (step <= ROOT_TOLERANCE)


def _narrow(low: np.ndarray, high: np.ndarray, u: np.ndarray, done: np.ndarray) -> np.ndarray:
    """Whether a bracket is narrower than the rounding of what it holds; not asked where all are done."""
    return done if done.all() else high - low <= ROUNDING / 100 * (1 + np.abs(u))


def turned(function: Function, side: np.ndarray) -> Function:
    """The function of ``side * u``, the side being +1 or -1 of each row."""

    def function_of_turned(v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value, slope, beside = function(side * v)
        return value, side * slope, beside

    return function_of_turned
