"""What the targets of a scenario ask of its flows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.model.totals import Flows
from simulator.numerics.preintegration import Condition, Estimate, chance
from simulator.scenario import Scenario, Target
from simulator.values.periods import quarter

FEWEST_PATHS = 32  # that must reach the target before their median is worth telling
NEVER = 1e-12  # a chance that is none


def condition(target: Target, flows: Flows) -> Condition:
    """That the flows meet a target."""
    return Condition(flows.total(target.measure, target.period), target.amount, target.floor)


def conditions(scenario: Scenario, flows: Flows) -> list[Condition]:
    """That the flows meet the targets of a scenario, one for each, in their order in the file."""
    return [condition(target, flows) for target in scenario.target]


def hit(scenario: Scenario, flows: Flows, like: Estimate | None = None) -> Estimate:
    """The probability that flows meet every target of a scenario; ``like`` is an estimate of the like."""
    return chance(conditions(scenario, flows), like)


def reached(scenario: Scenario, flows: Flows) -> np.ndarray:
    """Whether each draw's plain totals meet every target, shape (points,)."""
    return np.all([item.met for item in conditions(scenario, flows)], axis=0)


def decided(scenario: Scenario, flows: Flows) -> bool:
    """Whether published figures alone settle the targets, either way."""
    settled = [item for item in conditions(scenario, flows) if item.total.constant]
    return len(settled) == len(scenario.target) or not all(bool(item.met[0]) for item in settled)


def shortfall(target: Target, flows: Flows) -> float | None:
    """Median of the money by which a target is missed, where it is missed; None where no path misses it."""
    asked = condition(target, flows)
    missed = 1 - chance([asked]).probability
    if missed <= NEVER:
        return None
    if target.floor:
        return target.amount - float(asked.total.quantile([missed / 2])[0])
    return float(asked.total.quantile([1 - missed / 2])[0]) - target.amount


def milestones(target: Target, flows: Flows) -> Iterator[tuple[str, float, float]]:
    """The way of the paths that reach a target, by quarter from the months ahead to its own.

    Yields:
        (quarter, median of all paths, median of those that reach it) of its measure; nothing where too few
        paths reach it.
    """
    hits = condition(target, flows).met
    if np.count_nonzero(hits) < FEWEST_PATHS:
        return
    for month in range(quarter(flows.paths.ahead.first).first, target.period.last + 1, 3):
        period = quarter(month)
        if period.last <= target.period.last and flows.paths.law.grid.covers(period):
            values = flows.total(target.measure, period).values
            yield str(period), float(np.median(values)), float(np.median(values[hits]))
