"""What forecasts are held against: rules that need no model, each as a law of the log of a year's total.

A rule's spread is the root mean square of its own past errors in logs, as far as they were known at the
origin; where a horizon has too few of them, that of a shorter one grows with the square root of the years.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from simulator.batch.origins import Case
from simulator.numerics.scores import LEVELS

LEAST_ERRORS = 3  # from which a horizon's spread is taken
LEAST_SPREAD = 1e-3  # of a log: no rule is surer


class Law(NamedTuple):
    """A forecast of a year's total: quantiles at ``LEVELS`` and the chance of each multiple asked."""

    quantiles: tuple[float, ...]
    chances: tuple[float, ...]


Rule = Callable[[Sequence[float], Mapping[int, float], int, int], float | None]


def drift(totals: Sequence[float], _so_far: Mapping[int, float], _origin: int, ahead: int) -> float | None:
    """A random walk with drift (Hyndman, Athanasopoulos 2021, 5.2): the last year, and mean growth."""
    if len(totals) < 2 or not totals[0]:
        return None
    return totals[-1] * (totals[-1] / totals[0]) ** ((ahead + 1) / (len(totals) - 1))


def seasonal_naive(
    totals: Sequence[float], so_far: Mapping[int, float], origin: int, _ahead: int
) -> float | None:
    """Every month is as it was a year before: the last twelve months that are known."""
    if not so_far:
        return totals[-1]
    if origin not in so_far or origin - 1 not in so_far:
        return None
    return so_far[origin] + totals[-1] - so_far[origin - 1]


def random_walk(
    totals: Sequence[float], so_far: Mapping[int, float], origin: int, _ahead: int
) -> float | None:
    """The last full year times the growth of the months that are known of the present one."""
    if not so_far:
        return totals[-1]
    if origin not in so_far or not so_far.get(origin - 1):
        return None
    return totals[-1] * so_far[origin] / so_far[origin - 1]


RULES: dict[str, Rule] = {
    "drift": drift,
    "seasonal_naive": seasonal_naive,
    "random_walk_year_to_date": random_walk,
}


def law(rule: Rule, case: Case, year: int, multiples: Sequence[float]) -> Law | None:
    """A rule's forecast of a year of a case; None where it has no number above 0, or no past errors."""
    if not case.past:
        return None
    totals, so_far, ahead = case.past, case.so_far or {}, year - case.origin
    middle = rule(totals, so_far, case.origin, ahead)
    spread = _spread(rule, case, ahead)
    if middle is None or middle <= 0 or spread is None:
        return None
    logs = math.log(middle) + spread * ndtri(LEVELS)
    amounts = np.log(np.array(multiples) * case.last_full)
    chances = ndtr((math.log(middle) - amounts) / spread)
    return Law(tuple(map(float, np.exp(logs))), tuple(map(float, chances)))


def _spread(rule: Rule, case: Case, ahead: int) -> float | None:
    """How far a rule errs so many years ahead, in logs."""
    errors = {h: _errors(rule, case, h) for h in range(ahead, -1, -1)}
    best = next((h for h, misses in errors.items() if len(misses) >= LEAST_ERRORS), None)
    if best is None:
        best = max(errors, key=lambda h: len(errors[h]))
    if not len(errors[best]):
        return None
    size = math.sqrt(float(np.mean(errors[best] ** 2)))
    return max(LEAST_SPREAD, size * math.sqrt((ahead + 1) / (best + 1)))


def _errors(rule: Rule, case: Case, ahead: int) -> np.ndarray:
    """The errors of a rule at the origins before a case's own whose outcome was known there, in logs."""
    first = case.origin - len(case.past)
    errors = []
    for number in range(1, len(case.past) - ahead):
        origin, actual = first + number, case.past[number + ahead]
        known = {y: total for y, total in (case.so_far or {}).items() if y <= origin}
        middle = rule(case.past[:number], known, origin, ahead)
        if middle and middle > 0 and actual > 0:
            errors.append(math.log(actual / middle))
    return np.array(errors)
