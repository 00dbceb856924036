"""The value nearest to the present one at which a chance is reached. Knows no scenario.

On common draws a probability is a smooth function of most numbers. A few values on each side of the present
one are tried, the nearest pair between which the wanted chance is crossed is narrowed by false position on
log odds (the Illinois rule; Dowell, Jarratt 1971), and where none crosses it the best value is looked for by
golden section.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

TOLERANCE = 1e-4  # by which the chance at an answer may exceed what is wanted, where the number is continuous
NODES = 4  # values tried on each side of the present one: a rise and fall between two of them is not seen
GRAIN = 1e-7  # of the distance between two of them, within which a jump of the chance is placed
MOST_HALVINGS = 200
SUMMIT_STEPS = 10
NEAR = 0.01  # of the way from a bound to its neighbour
GOLDEN = (3 - math.sqrt(5)) / 2
LEAST = 1e-15  # chance that is told from 0 and 1
FLAT = 1e-6  # a chance that moves less than this over all values does not depend on the number
Chance = Callable[[float], float]
Step = tuple[float, float]  # from a value at which the chance is not reached to one at which it is


@dataclass(frozen=True)
class LeastChange:
    """The value nearest to the present one at which a chance is reached, else the one at which it is best."""

    value: float
    feasible: bool
    tried: Mapping[float, float]

    @property
    def best(self) -> float:
        """The value with the highest chance of all that were tried."""
        return max(self.tried, key=self.tried.__getitem__)


def least_change(
    chance_at: Chance, present: float, low: float, high: float, wanted: float, *, integers: bool = False
) -> LeastChange:
    """The value nearest to the present one at which a chance is at least as wanted.

    Args:
        chance_at: the chance at a value; ``-inf`` where there is none.
        present: from where the change is measured, between ``low`` and ``high``.
        low: the lowest value allowed.
        high: the highest value allowed.
        wanted: the chance to reach.
        integers: whether only whole numbers count.
    """
    search = _Search(chance_at, present, wanted, integers)
    if search.at(present) >= wanted:
        return LeastChange(present, True, search.tried)
    steps = [step for bound in (low, high) for step in search.crossings(search.nodes(bound))]
    if not steps and search.height > FLAT:
        steps = search.crossings(search.on_the_way(search.summit()))
    edges = [search.edge(*step) for step in steps]
    if edges:
        return LeastChange(min(edges, key=lambda value: abs(value - present)), True, search.tried)
    return LeastChange(max(search.tried, key=search.tried.__getitem__), False, search.tried)


def rounded(value: float) -> float:
    """The nearest whole number."""
    return float(round(value))


def log_odds(chance: float) -> float:
    """The scale on which a chance is nearly straight."""
    inside = min(max(chance, LEAST), 1 - LEAST)
    return math.log(inside / (1 - inside))


@dataclass(frozen=True)
class _Search:
    """The chances at all values that were tried, from the present one on."""

    chance_at: Chance
    present: float
    wanted: float
    integers: bool
    tried: dict[float, float] = field(default_factory=dict)

    def at(self, value: float) -> float:
        """The chance at a value, asked for once."""
        if value not in self.tried:
            self.tried[value] = self.chance_at(value)
        return self.tried[value]

    @property
    def height(self) -> float:
        """How far the chances at all tried values lie apart."""
        return max(self.tried.values()) - min(self.tried.values())

    def nodes(self, bound: float) -> list[float]:
        """Values from the present one, left out, to a bound."""
        if bound == self.present:
            return []
        values = [self.present + (bound - self.present) * step / NODES for step in range(1, NODES)]
        allowed = map(rounded, values) if self.integers else values
        return list(dict.fromkeys([*(value for value in allowed if value != self.present), bound]))

    def crossings(self, nodes: Sequence[float]) -> list[Step]:
        """The first step that reaches the chance on one side; all nodes are tried, so the best is known."""
        chances = [self.at(node) for node in nodes]
        for before, node, chance in zip([self.present, *nodes], nodes, chances, strict=False):
            if chance >= self.wanted:
                return [(before, node)]
        return []

    def on_the_way(self, value: float) -> list[float]:
        """The tried values from the present one, left out, to another."""
        low, high = sorted((value, self.present))
        between = [other for other in self.tried if low <= other <= high and other != self.present]
        return sorted(between, key=lambda other: abs(other - self.present))

    def summit(self) -> float:
        """The best value, looked for between the neighbours of the best that was tried."""
        best = max(sorted(self.tried), key=self.tried.__getitem__)
        left, right = self._neighbours(best)
        if best in (left, right):  # at a bound: is it better a little before it?
            near = self._near(best, right if best == left else left)
            if self.at(near) <= self.at(best):
                return best
            best = near
        for _ in range(SUMMIT_STEPS):
            value = self._golden(left, best, right)
            if value in self.tried:
                break
            if self.at(value) > self.at(best):
                left, right = (best, right) if value > best else (left, best)
                best = value
            else:
                left, right = (left, value) if value > best else (value, right)
        return best

    def _neighbours(self, best: float) -> Step:
        """The tried values on both sides of one; itself where there is none."""
        # a present value beside a bound is no neighbour of it
        close = 0.0 if self.integers else GRAIN * (max(self.tried) - min(self.tried))
        left = max((value for value in self.tried if value < best - close), default=best)
        right = min((value for value in self.tried if value > best + close), default=best)
        return left, right

    def _near(self, bound: float, inside: float) -> float:
        """A value a little before a bound."""
        return bound + (math.copysign(1.0, inside - bound) if self.integers else NEAR * (inside - bound))

    def _golden(self, left: float, best: float, right: float) -> float:
        """The golden section of the wider side."""
        value = best + GOLDEN * ((right - best) if right - best > best - left else (left - best))
        return rounded(value) if self.integers else value

    def edge(self, off: float, on: float) -> float:
        """The least move from ``off``, where a chance is not reached, towards ``on``, where it is."""
        on = self._before_a_summit(off, on)
        aim, span = log_odds(self.wanted + TOLERANCE / 2), abs(on - off)
        below, above = log_odds(self.at(off)) - aim, log_odds(self.at(on)) - aim
        was: bool | None = None
        for turn in range(MOST_HALVINGS):
            if self._narrow(off, on, span):
                break
            straight = on - above * (on - off) / (above - below)
            value = self._between((on + off) / 2 if turn % 4 == 3 else straight, off, on)
            height, reached = log_odds(self.at(value)) - aim, self.at(value) >= self.wanted
            if reached:
                on, above, below = value, height, below / 2 if was is True else below
            else:
                off, below, above = value, height, above / 2 if was is False else above
            was = reached
        return on

    def _before_a_summit(self, off: float, on: float) -> float:
        """``on``, or the middle, where that reaches too and ``on`` is right by accident, beyond a summit."""
        if self.integers or self.at(on) - self.wanted > TOLERANCE:
            return on
        middle = (on + off) / 2
        return middle if self.at(middle) >= self.wanted else on

    def _narrow(self, off: float, on: float, span: float) -> bool:
        """Whether there is nothing left to narrow between two values that were ``span`` apart."""
        if self.integers:
            return abs(on - off) <= 1
        return self.at(on) - self.wanted <= TOLERANCE or abs(on - off) <= GRAIN * span

    def _between(self, value: float, off: float, on: float) -> float:
        """A value strictly between two others: a whole number, or as round as the tolerance allows."""
        if self.integers:
            return min(max(rounded(value), min(off, on) + 1), max(off, on) - 1)
        return _round_between(value, off, on, self._quantum(off, on))

    def _quantum(self, off: float, on: float) -> float:
        """A round step that moves the chance by at most a quarter of the tolerance; 0 where none is known."""
        rise = self.at(on) - self.at(off)
        step = abs(on - off) / rise * TOLERANCE / 4 if math.isfinite(rise) and rise > 0 else 0.0
        return 10.0 ** math.floor(math.log10(step)) if step > 0 else 0.0


def _round_between(value: float, off: float, on: float, quantum: float) -> float:
    """A number strictly between two others, where there is room a multiple of a step, towards the second."""
    low, high = min(off, on), max(off, on)
    if quantum and low < value < high:
        steps = math.ceil(value / quantum - 1e-9) if on > off else math.floor(value / quantum + 1e-9)
        near = float(steps * Decimal(repr(quantum)))
        value = near if low < near < high else value
    return value if low < value < high else (low + high) / 2
