"""Under which conditions is the target missed, or reached: at most three, in the user's units, checked on draws that did not choose them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.unknowns import Unknown, assumptions, head, on_path, rounded
from simulator.model.redrawn import PLACES
from simulator.model.result import Result
from simulator.numerics.prim import Bound, Box, find_box, inside
from simulator.scenario import Scenario
from simulator.values.units import Unit

OUTCOMES = ("missed", "reached")
FEWEST_POINTS = 4096
MOST_CONDITIONS = 3
CLEAR = 3.0  # standard errors by which the density on fresh draws must exceed the base rate
MARGIN = 0.1  # of the way from the base rate to certainty, which it must go at least
SPARSE = 32  # draws of the outcome, below which no rule is looked for

HELP = (
    "Coverage is the part of all misses (or hits) that fall under the rule, density the part of the paths under the rule that are misses (or hits); "
    "both are counted on fresh draws that had no part in finding it.",
    "A rule is no cause and no forecast: it sorts the model's own paths, and a figure to come tells much because it is a part of the way.",
)


@dataclass(frozen=True)
class Condition:
    """An unknown below a threshold, or at least the threshold, in the unknown's unit."""

    unknown: Unknown
    below: bool
    threshold: float

    def words(self, money: Callable[[float], str]) -> str:
        """The condition in plain words; ``money`` writes an amount in the scenario's currency and unit."""
        name, unit = self.unknown.name, self.unknown.unit
        if unit == "yes or no":
            subject, verb = name.rsplit(": ", 1)
            return f"{subject}: does not {verb.removesuffix('s')}" if self.below else name
        if unit == "month":
            return (
                f"{name} {'before ' if self.below else ''}{self.written}{'' if self.below else ' or later'}"
            )
        amount = money(self.threshold) if unit.startswith("money") else self.written
        ending = (
            " a year"
            if unit.endswith("a year")
            else f" {unit}"
            if unit in ("months", "years", "days")
            else ""
        )
        sign = "+" if self.unknown.signed and self.threshold > 0 else ""
        return f"{name} {'below' if self.below else 'at least'} {sign}{amount}{ending}"

    @property
    def written(self) -> str:
        """The threshold as a file states a value."""
        return Unit(self.unknown.unit).text(self.threshold)

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Where it holds, of the unknown's values in other draws."""
        return Bound(0, self.below, self.threshold).holds(values[:, None])

    def to_dict(self) -> dict[str, Any]:
        """The condition for a machine."""
        side = "below" if self.below else "at_least"
        unknown = self.unknown
        return {
            "path": unknown.path,
            "name": unknown.name,
            "unit": unknown.unit,
            "sort": unknown.sort,
            side: self.threshold,
            "written": self.written,
        }


@dataclass(frozen=True)
class Rule:
    """Conditions under which the outcome is frequent; all numbers are fractions, counted on fresh draws.

    ``coverage`` of all outcomes fall under it; of the paths under it, a part ``mass`` of all, ``density`` are outcomes, against ``base`` of all.
    """

    conditions: tuple[Condition, ...]
    coverage: float
    density: float
    mass: float
    base: float
    standard_error: float

    @property
    def clear(self) -> bool:
        """Whether the density exceeds the base rate by more than chance, and by enough to be worth telling."""
        gain = self.density - self.base
        return (
            bool(self.conditions) and gain > CLEAR * self.standard_error and gain >= MARGIN * (1 - self.base)
        )

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
class Discovery:
    """The rules: one of what is assumed, world trade included, and one of figures to come; None where there is no simple rule."""

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
        told = {
            name: None if rule is None else rule.to_dict()
            for name, rule in (("assumptions", self.assumed), ("figures", self.figures))
        }
        return {
            **head(self.result, file),
            "of": self.of,
            "base": self.base,
            "rules": told,
            "elapsed_seconds": self.elapsed_seconds,
        }


def discover(
    scenario: Scenario,
    *,
    simulate: Callable[..., Result],
    of: str = "missed",
    points: int = 2048,
    seed: int = 1,
) -> Discovery:
    """Conditions under which the target is missed, or reached.

    Args:
        scenario: the set of assumptions.
        simulate: the engine's.
        of: ``missed`` or ``reached``.
        points: draws of the headline, a power of two; the rules take ``FEWEST_POINTS`` if that is more, and as many fresh ones.
        seed: of the draws that find the rules; the next seed's check them.

    Raises:
        BaselineError: the figures have no law.
        ValueError: no such outcome, or points or seed cannot be used.
    """
    begun = time.perf_counter()
    if of not in OUTCOMES:
        raise ValueError(f"found {of!r}, expected {' or '.join(OUTCOMES)}")
    result = simulate(scenario, points=points, seed=seed)
    many = max(points, FEWEST_POINTS)
    found, hit = candidates(simulate(scenario, points=many, seed=seed), of)
    fresh, fresh_hit = candidates(simulate(scenario, points=many, seed=seed + 1), of)
    assumed, figures = (
        rule(
            [u for u in found if (u.sort == "figure") is figure],
            hit,
            [u for u in fresh if (u.sort == "figure") is figure],
            fresh_hit,
            PLACES,
        )
        for figure in (False, True)
    )
    return Discovery(result, of, assumed, figures, time.perf_counter() - begun)


def candidates(result: Result, of: str) -> tuple[list[Unknown], np.ndarray]:
    """Every unknown, and whether the outcome came, each of shape (points * ``PLACES``,)."""
    course, hit = on_path(result)
    return [
        *(unknown.repeated(PLACES) for unknown in assumptions(result)),
        *course,
    ], hit if of == "reached" else ~hit


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
        fresh: the same unknowns on independent draws, of which some may be missing because they do not vary there.
        fresh_hit: likewise.
        repeats: rows that share most of their draws.
    """
    there = {unknown.path: unknown for unknown in fresh}
    unknowns = [unknown for unknown in unknowns if unknown.path in there]
    if not unknowns or min(hit.sum(), (~hit).sum()) < SPARSE:
        return None
    values = np.column_stack([unknown.values for unknown in unknowns])
    half = len(hit) // 2
    box = _plain(
        find_box(values[:half], hit[:half], values[half:], hit[half:], MOST_CONDITIONS, repeats), unknowns
    )
    checked = np.column_stack([there[unknown.path].values for unknown in unknowns])
    under = inside(box, checked)
    count, came = int(under.sum()), int((under & fresh_hit).sum())
    if not count or not fresh_hit.any():
        return None
    density, base = came / count, float(fresh_hit.mean())
    error = math.sqrt(base * (1 - base) * repeats / count)
    conditions = tuple(Condition(unknowns[bound.column], bound.below, bound.threshold) for bound in box)
    found = Rule(conditions, came / int(fresh_hit.sum()), density, count / len(under), base, error)
    return found if found.clear else None


def _plain(box: Box, unknowns: Sequence[Unknown]) -> Box:
    """The box with thresholds that a person can say: whole months, yes or no, else two or three digits."""
    return tuple(
        Bound(bound.column, bound.below, _said(bound.threshold, unknowns[bound.column].unit)) for bound in box
    )


def _said(threshold: float, unit: str) -> float:
    if unit == "yes or no":
        return 0.5
    return float(round(threshold)) if unit == "month" else rounded(threshold, 2 if unit == "percent" else 3)
