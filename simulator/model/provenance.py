"""What a total rests on: published figures as they are, what follows from them, or the law."""

from __future__ import annotations

import math

from simulator.model.totals import Flows
from simulator.scenario import Scenario, Target
from simulator.values.periods import Period, year


def stated(scenario: Scenario, measure: str, period: Period) -> bool:
    """Whether a figure that counts states the total of a measure over a period."""
    return any(
        figure.measure == measure and figure.period == period and figure.value and figure.informative
        for figure in scenario.counted
    )


def published(scenario: Scenario, flows: Flows, measure: str, period: Period) -> bool:
    """Whether a total is published, or follows from published figures alone."""
    return stated(scenario, measure, period) or flows.follows(measure, period)


def in_words(scenario: Scenario, flows: Flows, measure: str, period: Period) -> str:
    """What a total rests on, in words."""
    if published(scenario, flows, measure, period):
        return "published" if stated(scenario, measure, period) else "from published"
    begun = period.first < flows.paths.ahead.first <= period.last
    return "partly simulated" if begun else "simulated"


def last_published_year(scenario: Scenario, flows: Flows, target: Target) -> tuple[Period, float] | None:
    """The last calendar year before a target's whose total of that measure is published, and the total."""
    grid = flows.paths.law.grid
    first = min(target.period.first, flows.paths.ahead.first)
    for number in range(first // 12 - 1, grid.first // 12 - 1, -1):
        period = year(number)
        if grid.covers(period) and published(scenario, flows, target.measure, period):
            return period, float(flows.total(target.measure, period).quantile([0.5])[0])
    return None


def growth_needed(target: Target, base: tuple[Period, float] | None) -> float | None:
    """Growth a year from a published year to a target, a fraction; None where it has no meaning."""
    if base is None or not target.floor or not target.period.is_year or target.measure == "balance":
        return None
    period, total = base
    if total <= 0 or target.amount <= 0:
        return None
    return math.expm1(math.log(target.amount / total) / (target.period.end_year - period.end_year))
