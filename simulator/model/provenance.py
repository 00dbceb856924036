"""What a total rests on: published figures as they are, what follows from them, or the law."""

from __future__ import annotations

import math

from simulator.caches import attached
from simulator.model.totals import Flows
from simulator.scenario import Scenario, Target
from simulator.scenario.measures import parts
from simulator.values.periods import Period


def stated(scenario: Scenario, measure: str, period: Period) -> bool:
    """Whether a figure that counts states the total of a measure over a period."""
    return (frozenset(parts(measure)), period) in _sums_stated(scenario)


@attached
def _sums_stated(scenario: Scenario) -> frozenset[tuple[frozenset[str], Period]]:
    """The sums that figures which count state: the measures that each adds up, and its period."""
    return frozenset(
        (frozenset(parts(figure.measure)), figure.period)
        for figure in scenario.counted
        if figure.value and figure.measure != "balance" and figure.informative
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
    """The last year before a target's whose total of that measure is published, and the total.

    A fiscal year where the scenario counts in these.
    """
    end = min(target.period.first, flows.paths.ahead.first) - 1
    grid = flows.paths.law.grid
    for period in reversed(scenario.years.within(Period(grid.first, max(end, grid.first)))):
        if published(scenario, flows, target.measure, period):
            return period, float(flows.total(target.measure, period).quantile([0.5])[0])
    return None


def growth_needed(target: Target, base: tuple[Period, float] | None, flows: Flows) -> float | None:
    """Growth a year from a published year to a target, a fraction; None where it has no meaning."""
    asked = amount(target, flows)
    if base is None or asked is None or not target.floor or target.measure == "balance":
        return None
    period, total = base
    years = (target.period.first - period.first) / 12
    if total <= 0 or asked <= 0 or target.period.months != 12 or years != int(years):
        return None
    return math.expm1(math.log(asked / total) / int(years))


def amount(target: Target, flows: Flows) -> float | None:
    """What a target comes to in money; None where that depends on what is not published."""
    quantity = target.quantity
    if quantity.base is None:
        return target.amount
    base = flows.total(*quantity.base)
    return quantity.times_base(target.amount, float(base.money[0])) if base.constant else None
