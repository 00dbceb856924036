"""Under which conditions is the target missed, or reached?

At most three, in the user's units, checked on draws that did not choose them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.unknowns import FEWEST_POINTS, Unknown, assumptions, on_path
from simulator.model.redrawn import PLACES
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.numerics.prim import Bound, find_box
from simulator.scenario import Scenario
from simulator.scenario.work import Asked, require_answers
from simulator.shown import Shown
from simulator.values.units import Unit, digits

OUTCOMES = ("missed", "reached")
MOST_CONDITIONS = 3
CLEAR = 3.0  # standard errors by which the density on fresh draws must exceed the base rate
MARGIN = 0.1  # of the way from the base rate to certainty, which it must go at least
SPARSE = 32  # draws of the outcome, below which no rule is looked for
DIGITS = {Unit.PERCENT: 2, Unit.PERCENTILE: 2}  # of a threshold that a person can say
USUAL_DIGITS = 3


@dataclass(frozen=True)
class Condition:
    """An unknown below a threshold, or at least the threshold, in the unknown's unit."""

    unknown: Unknown
    below: bool
    threshold: float

    @property
    def written(self) -> str:
        """The threshold as a file states a value."""
        return self.unknown.unit.text(self.threshold)

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Where it holds, of the unknown's values in other draws, shape (points,)."""
        return Bound(0, self.below, self.threshold).holds(values[:, None])

    def to_dict(self) -> dict[str, Any]:
        """The condition for a machine."""
        unknown = self.unknown
        return {
            "path": unknown.path,
            "name": unknown.name,
            "unit": unknown.unit,
            "sort": unknown.sort,
            "below" if self.below else "at_least": self.threshold,
            "written": self.written,
        }


@dataclass(frozen=True)
class Rule:
    """Conditions under which the outcome is frequent, as counted on fresh draws; all numbers are fractions.

    ``coverage`` of all outcomes fall under it; of the paths under it, a part ``mass`` of all, ``density`` are
    outcomes, against ``base`` of all.
    """

    conditions: tuple[Condition, ...]
    coverage: float
    density: float
    mass: float
    base: float
    standard_error: float

    @property
    def clear(self) -> bool:
        """Whether the density exceeds the base rate by more than chance, and by enough to tell of."""
        gain = self.density - self.base
        beyond_chance = gain > CLEAR * self.standard_error
        return bool(self.conditions) and beyond_chance and gain >= MARGIN * (1 - self.base)

    def to_dict(self) -> dict[str, Any]:
        """The rule for a machine."""
        return {
            "conditions": [condition.to_dict() for condition in self.conditions],
            "coverage": self.coverage,
            "density": self.density,
            "density_standard_error": self.standard_error,
            "mass": self.mass,
            "base": self.base,
        }


@dataclass(frozen=True)
class Discovery(Shown):
    """The rules: one of what is assumed, world trade included, and one of figures to come.

    None where there is no simple rule.
    """

    result: Result
    of: str
    assumed: Rule | None
    figures: Rule | None
    elapsed_seconds: float

    @property
    def base(self) -> float:
        """The probability of the outcome."""
        return self.result.probability if self.of == "reached" else 1 - self.result.probability

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The rules for a machine."""
        rules = {"assumptions": self.assumed, "figures": self.figures}
        return {
            **self.result.question(file),
            "probability": self.result.probability,
            "standard_error": self.result.standard_error,
            **self.result.record(),
            "of": self.of,
            "base": self.base,
            "rules": {name: None if rule is None else rule.to_dict() for name, rule in rules.items()},
            "elapsed_seconds": self.elapsed_seconds,
        }


def discover(
    scenario: Scenario,
    *,
    simulate: Simulate,
    of: str = "missed",
    points: int = POINTS,
    seed: int = SEED,
) -> Discovery:
    """Conditions under which the target is missed, or reached.

    Args:
        scenario: the set of assumptions.
        simulate: the engine's.
        of: ``missed`` or ``reached``.
        points: draws of the headline, a power of two; the rules take ``FEWEST_POINTS`` if that is more, and
            as many fresh ones.
        seed: of the draws that find the rules; the next seed's check them.

    Raises:
        BaselineError: the figures have no law.
        ValueError: no such outcome, or points or seed cannot be used.
    """
    begun = time.perf_counter()
    if of not in OUTCOMES:
        raise ValueError(f"found {of!r}, expected {' or '.join(OUTCOMES)}")
    many = max(points, FEWEST_POINTS)
    require_answers(scenario, Asked(1, points), Asked(2, many, "fresh"))
    result = simulate(scenario, points=points, seed=seed)
    unknowns, hit = candidates(simulate(scenario, points=many, seed=seed), of)
    fresh, fresh_hit = candidates(simulate(scenario, points=many, seed=seed + 1), of)
    assumed, figures = (
        rule(_of_sort(unknowns, figure), hit, _of_sort(fresh, figure), fresh_hit, PLACES)
        for figure in (False, True)
    )
    return Discovery(result, of, assumed, figures, time.perf_counter() - begun)


def candidates(result: Result, of: str) -> tuple[list[Unknown], np.ndarray]:
    """Every unknown, and whether the outcome came, each of shape (points * ``PLACES``,)."""
    course, reached = on_path(result)
    unknowns = [*(unknown.repeated(PLACES) for unknown in assumptions(result)), *course]
    return unknowns, reached if of == "reached" else ~reached


def _of_sort(unknowns: Sequence[Unknown], figure: bool) -> list[Unknown]:
    """The figures to come among some unknowns, or all others."""
    return [unknown for unknown in unknowns if (unknown.sort == "figure") is figure]


def rule(
    unknowns: Sequence[Unknown],
    hit: np.ndarray,
    fresh: Sequence[Unknown],
    fresh_hit: np.ndarray,
    repeats: int = 1,
) -> Rule | None:
    """The best rule among some unknowns, or None where it does not stand out on fresh draws.

    Args:
        unknowns: with values of shape (points,); the first half of the draws peels, the second chooses.
        hit: whether the outcome came, shape (points,).
        fresh: the same unknowns on independent draws; one that does not vary there may be missing.
        fresh_hit: likewise.
        repeats: rows that share most of their draws.
    """
    fresh_values = {unknown.path: unknown.values for unknown in fresh}
    both = [unknown for unknown in unknowns if unknown.path in fresh_values]
    if not both or min(hit.sum(), (~hit).sum()) < SPARSE:
        return None
    conditions = _conditions(both, hit, repeats)
    under = _under(conditions, fresh_values, len(fresh_hit))
    checked = _counted(conditions, under, fresh_hit, repeats)
    return checked if checked is not None and checked.clear else None


def _conditions(unknowns: Sequence[Unknown], hit: np.ndarray, repeats: int) -> tuple[Condition, ...]:
    """The best box among some unknowns, with thresholds that a person can say."""
    values, half = np.column_stack([unknown.values for unknown in unknowns]), len(hit) // 2
    box = find_box(values[:half], hit[:half], values[half:], hit[half:], MOST_CONDITIONS, repeats)
    bounds = ((unknowns[bound.column], bound) for bound in box)
    return tuple(Condition(of, bound.below, plain(bound.threshold, of.unit)) for of, bound in bounds)


def plain(threshold: float, unit: Unit) -> float:
    """A threshold that a person can say: a whole month, midway between yes and no, else of a few digits."""
    if unit is Unit.YES_OR_NO:
        return 0.5
    if unit is Unit.MONTH:
        return float(round(threshold))
    return float(digits(threshold, DIGITS.get(unit, USUAL_DIGITS)))


def _under(conditions: Sequence[Condition], values: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
    """Where all conditions hold, shape (rows,), of the unknowns' values by path."""
    under = np.ones(rows, dtype=bool)
    for condition in conditions:
        under &= condition.holds(values[condition.unknown.path])
    return under


def _counted(
    conditions: tuple[Condition, ...], under: np.ndarray, hit: np.ndarray, repeats: int
) -> Rule | None:
    """A rule with what draws say of it; None where none of them falls under it, or the outcome never came.

    Args:
        conditions: of the rule.
        under: whether they hold, shape (points,).
        hit: whether the outcome came, shape (points,).
        repeats: rows that share most of their draws.
    """
    count, came = int(under.sum()), int((under & hit).sum())
    if not count or not hit.any():
        return None
    density, base = came / count, float(hit.mean())
    error = math.sqrt(base * (1 - base) * repeats / count)
    return Rule(conditions, came / int(hit.sum()), density, count / len(under), base, error)
