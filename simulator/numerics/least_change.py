"""The value nearest to the present one at which a chance is reached, whichever way the chance goes. Knows no scenario.

On common draws a probability is a smooth function of most numbers. A few values on each side of the present one are tried, the nearest
pair between which the wanted chance is crossed is narrowed by false position on log odds (the Illinois rule; Dowell, Jarratt 1971), and where none
crosses it the best value is looked for by golden section.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

TOLERANCE = 1e-4  # by which the chance at an answer may exceed what is wanted, where the number is continuous
NODES = 4  # values tried on each side of the present one: a rise and fall between two of them is not seen
GRAIN = 1e-7  # of the distance between two of them, within which a jump of the chance is placed
SUMMIT_STEPS = 10
NEAR = 0.01  # of the way from a bound to its neighbour
GOLDEN = (3 - math.sqrt(5)) / 2
LEAST = 1e-15  # chance that is told from 0 and 1
FLAT = 1e-6  # a chance that moves less than this over all values does not depend on the number
Chance = Callable[[float], float]


@dataclass(frozen=True)
class Found:
    """The value nearest to the present one at which a chance is reached, else the one at which it is best."""

    value: float
    feasible: bool
    tried: Mapping[float, float]

    @property
    def best(self) -> float:
        """The value with the highest chance of all that were tried."""
        return max(self.tried, key=self.tried.__getitem__)


def least_change(
    chance_at: Chance, present: float, low: float, high: float, wanted: float, *, whole: bool = False
) -> Found:
    """The value nearest to the present one at which a chance is at least as wanted.

    Args:
        chance_at: the chance at a value; ``-inf`` where there is none.
        present: from where the change is measured, between ``low`` and ``high``.
        low: the lowest value allowed.
        high: the highest value allowed.
        wanted: the chance to reach.
        whole: whether only whole numbers count.
    """
    tried: dict[float, float] = {}

    def at(value: float) -> float:
        if value not in tried:
            tried[value] = chance_at(value)
        return tried[value]

    if at(present) >= wanted:
        return Found(present, True, tried)
    sides = [_nodes(present, bound, whole) for bound in (low, high)]
    pairs = [pair for nodes in sides for pair in _crossings(at, present, nodes, wanted)]
    if not pairs and max(tried.values()) - min(tried.values()) > FLAT:
        top = _summit(at, tried, whole)
        pairs = _crossings(at, present, _on_the_way(tried, present, top), wanted)
    edges = [_edge(at, off, on, wanted, whole) for off, on in pairs]
    if edges:
        return Found(min(edges, key=lambda value: abs(value - present)), True, tried)
    return Found(max(tried, key=tried.__getitem__), False, tried)


def _nodes(present: float, bound: float, whole: bool) -> list[float]:
    """Values from the present one, left out, to a bound."""
    if bound == present:
        return []
    values = [present + (bound - present) * step / NODES for step in range(1, NODES)]
    return list(
        dict.fromkeys([*(v for v in (map(rounded, values) if whole else values) if v != present), bound])
    )


def rounded(value: float) -> float:
    """The nearest whole number."""
    return float(round(value))


def _crossings(
    at: Chance, present: float, nodes: Sequence[float], wanted: float
) -> list[tuple[float, float]]:
    """The first pair of neighbours (not reached, reached) on one side; all nodes are tried, so that the best is known."""
    chances = [at(node) for node in nodes]
    for before, node, found in zip([present, *nodes], nodes, chances, strict=False):
        if found >= wanted:
            return [(before, node)]
    return []


def _summit(at: Chance, tried: Mapping[float, float], whole: bool) -> float:
    """The best value, looked for between the neighbours of the best that was tried."""
    best = max(sorted(tried), key=tried.__getitem__)
    close = (
        0.0 if whole else GRAIN * (max(tried) - min(tried))
    )  # a present value beside a bound is no neighbour of it
    left = max((value for value in tried if value < best - close), default=best)
    right = min((value for value in tried if value > best + close), default=best)
    if best in (left, right):  # at a bound: is it better a little before it?
        inside = right if best == left else left
        near = best + math.copysign(1.0, inside - best) if whole else best + NEAR * (inside - best)
        if at(near) <= at(best):
            return best
        best = near
    for _ in range(SUMMIT_STEPS):
        value = best + GOLDEN * ((right - best) if right - best > best - left else (left - best))
        value = rounded(value) if whole else value
        if value in tried:
            break
        if at(value) > at(best):
            left, right = (best, right) if value > best else (left, best)
            best = value
        else:
            left, right = (left, value) if value > best else (value, right)
    return best


def _on_the_way(tried: Mapping[float, float], present: float, value: float) -> list[float]:
    """The tried values from the present one, left out, to another."""
    between = [
        other for other in tried if min(value, present) <= other <= max(value, present) and other != present
    ]
    return sorted(between, key=lambda other: abs(other - present))


def _edge(at: Chance, off: float, on: float, wanted: float, whole: bool) -> float:
    """The least move from ``off``, where a chance is not reached, towards ``on``, where it is."""
    if not whole and at(on) - wanted <= TOLERANCE and at((on + off) / 2) >= wanted:
        on = (on + off) / 2  # it is hit by chance beyond a summit
    aim, span = log_odds(wanted + TOLERANCE / 2), abs(on - off)
    below, above = log_odds(at(off)) - aim, log_odds(at(on)) - aim
    was: bool | None = None
    for turn in range(200):
        if (abs(on - off) <= 1) if whole else (at(on) - wanted <= TOLERANCE or abs(on - off) <= GRAIN * span):
            break
        value = (on + off) / 2 if turn % 4 == 3 else on - above * (on - off) / (above - below)
        value = (
            _whole_between(value, off, on) if whole else _round_between(value, off, on, _quantum(at, off, on))
        )
        reached = at(value) >= wanted
        if reached:
            on, above, below = value, log_odds(at(value)) - aim, below / 2 if was is True else below
        else:
            off, below, above = value, log_odds(at(value)) - aim, above / 2 if was is False else above
        was = reached
    return on


def log_odds(chance: float) -> float:
    """The scale on which a chance is nearly straight."""
    held = min(max(chance, LEAST), 1 - LEAST)
    return math.log(held / (1 - held))


def _quantum(at: Chance, off: float, on: float) -> float:
    """A round step that moves the chance by no more than a quarter of the tolerance; 0 where none is known."""
    rise = at(on) - at(off)
    step = abs(on - off) / rise * TOLERANCE / 4 if math.isfinite(rise) and rise > 0 else 0.0
    return 10.0 ** math.floor(math.log10(step)) if step > 0 else 0.0


def _whole_between(value: float, off: float, on: float) -> float:
    """A whole number strictly between two that are more than 1 apart."""
    return min(max(rounded(value), min(off, on) + 1), max(off, on) - 1)


def _round_between(value: float, off: float, on: float, quantum: float) -> float:
    """A number strictly between two others, rounded towards the second to a multiple of a step where there is room."""
    low, high = min(off, on), max(off, on)
    if quantum and low < value < high:
        steps = math.ceil(value / quantum - 1e-9) if on > off else math.floor(value / quantum + 1e-9)
        near = float(steps * Decimal(repr(quantum)))
        value = near if low < near < high else value
    return value if low < value < high else (low + high) / 2
