"""How many points are drawn, and from which seed, unless others are asked for.

Without NumPy, for the command line says it in its help.
"""

from __future__ import annotations

from simulator.values.limits import POINTS_MOST

POINTS, SEED = 2048, 1  # of an answer
FEW_POINTS = 512  # of what is only compared, on common draws: a difference errs by hundredths of a point
LEAST_POINTS, MOST_POINTS = 16, POINTS_MOST.most
SCRAMBLES = 8  # independent ones, whose spread gives the standard error
EACH = 128  # points of a scramble, or there are half as many: fewer see little of how unknowns act together


def scramble_count(points: int) -> int:
    """In how many independent scrambles so many points come."""
    return SCRAMBLES if points >= EACH * SCRAMBLES else SCRAMBLES // 2


def check_points(points: int) -> int:
    """The number of points, if it can be drawn.

    Raises:
        ValueError: it is no power of two from ``LEAST_POINTS`` to ``MOST_POINTS``.
    """
    integer = isinstance(points, int) and not isinstance(points, bool)
    if not integer or not LEAST_POINTS <= points <= MOST_POINTS or points & (points - 1):
        raise ValueError(
            f"found {points} points, expected a power of two from {LEAST_POINTS} to {MOST_POINTS:,} "
            f"such as {POINTS}"
        )
    return points
