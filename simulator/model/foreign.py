"""Sums in currencies whose rate is uncertain: the part of a figure, or of what follows from several, in each.

A part is money at the median rate. Sums are linear in the rates, so what is added up keeps its parts exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from simulator.caches import MEGABYTE, keep
from simulator.values.currencies import Step
from simulator.values.figures import Figure
from simulator.values.rates import FARTHEST

Foreign = tuple[tuple[Step, float], ...]
NODES = 2048  # of the quadrature over a rate's draw
SAME = 1e-9  # of a sum: parts that differ by less are alike


def foreign_part(figure: Figure) -> Foreign:
    """The part of a figure that is in a currency whose rate is uncertain: all of it, or nothing."""
    step = figure.step
    return ((step, figure.amount),) if step is not None and step.uncertain else ()


def weighted(parts: Iterable[tuple[float, Foreign]]) -> Foreign:
    """What foreign parts come to by some weights."""
    added: dict[Step, float] = {}
    for weight, foreign in parts:
        for step, amount in foreign:
            added[step] = added.get(step, 0.0) + weight * amount
    return tuple(added.items())


def slopes(foreign: Foreign) -> dict[str, float]:
    """By how much it moves with the normal of each currency's rate, to first order, in money."""
    moved: dict[str, float] = {}
    for step, amount in foreign:
        moved[step.code] = moved.get(step.code, 0.0) + amount * slope(step)
    return moved


def spread(one: Foreign, other: Foreign = (), times: float = 1.0) -> float:
    """The standard deviation of one sum less so many times another for the rates alone, in money."""
    if not one and not other:
        return 0.0
    return math.hypot(*slopes(weighted([(1.0, one), (-times, other)])).values())


@keep(MEGABYTE)
def slope(step: Step) -> float:
    """By how much the log of a rate moves with its normal: the slope of the regression on it."""
    from scipy.special import ndtri

    uniform = (np.arange(NODES) + 0.5) / NODES
    normal = ndtri(uniform)
    return float(normal @ np.log(relative(step, uniform)) / (normal @ normal))


def relative(step: Step, uniform: np.ndarray) -> np.ndarray:
    """A rate over its median at some uniforms of its draw, of the same shape."""
    drawn = step.number.quantile(uniform) / float(step.middle)
    return np.clip(drawn, 1 / FARTHEST, FARTHEST)
