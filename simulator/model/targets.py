"""What the targets of a scenario ask of its flows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from simulator.model.totals import Flows
from simulator.numerics.exponential_sums import Total
from simulator.numerics.preintegration import Condition, Estimate, chance
from simulator.numerics.ratio import Ratio
from simulator.scenario import Scenario, Target
from simulator.values.periods import quarter

FEWEST_PATHS = 32  # that must reach the target before their median is worth telling
NEVER = 1e-12  # a chance that is none
ROUNDING = 1e-12  # of an amount in another currency


class Earlier(NamedTuple):
    """A target as it stood from a day on, and the probability that it is met."""

    on: dt.date
    target: Target
    probability: float


def condition(target: Target, flows: Flows) -> Condition:
    """That the flows meet a target for one period.

    Growth and shares are a sum less so many times its base, at least 0; on a base that is published, the sum
    is at least the amount that this comes to.
    """
    quantity = target.quantity
    if quantity.base is None:
        asked = target.amount if target.step is None else _eased(target)
        return Condition(at_median_rate(target, flows), asked, target.floor)
    total = flows.total(quantity.measure, quantity.period)
    base = flows.total(*quantity.base)
    if base.constant:
        return Condition(total, quantity.times_base(target.amount, float(base.money[0])), target.floor)
    return Condition(Ratio(total, base).less(quantity.ratio(target.amount)), 0.0, target.floor)


def at_median_rate(target: Target, flows: Flows) -> Total:
    """The sum that a target is about, in the currency of what it asks for, at the median rate of that.

    The rate of each draw turns the sum into that currency, so that the amount that is asked for is one number
    in all of them; the median rate turns both into the scenario's.
    """
    total = flows.total(target.measure, target.period)
    return total if target.step is None else total.over(flows.paths.exchange.relative(target.step))


def _eased(target: Target) -> float:
    """What is asked, a trifle easier: a sum published in its currency meets it exactly or not at all."""
    return target.amount - (ROUNDING if target.floor else -ROUNDING) * abs(target.amount)


def conditions(scenario: Scenario, flows: Flows) -> list[Condition]:
    """That the flows meet all goals of a scenario, one for each, in their order in the file."""
    return [condition(target, flows) for target in scenario.goals]


def hit(scenario: Scenario, flows: Flows, like: Estimate | None = None) -> Estimate:
    """The probability that flows meet every target of a scenario; ``like`` is an estimate of the like."""
    estimate = chance(conditions(scenario, flows), like)
    unseen = sum(part.unseen for part in flows.effects.parts)
    return replace(estimate, unseen=estimate.unseen + unseen) if unseen else estimate


def reached(scenario: Scenario, flows: Flows) -> np.ndarray:
    """Whether each draw's plain totals meet every target, shape (points,)."""
    return np.all([item.met for item in conditions(scenario, flows)], axis=0)


def decided(scenario: Scenario, flows: Flows) -> bool:
    """Whether published figures alone settle the targets, either way."""
    goals = conditions(scenario, flows)
    pairs = zip(goals, scenario.goals, strict=True)
    known = [item for item, target in pairs if settled(target, item)]
    return len(known) == len(goals) or not all(bool(item.met[0]) for item in known)


def settled(target: Target, item: Condition) -> bool:
    """Whether published figures alone settle one target, whose condition on the flows is given."""
    return bool(item.total.constant) or _by_figures(target, item)


def _by_figures(target: Target, item: Condition) -> bool:
    """Whether figures settle a target in another currency whatever the rate: they are in the same one."""
    published = target.step is not None and not item.total.cells and item.total.plain is None
    return published and bool(np.all(item.met == item.met[0]))


def shortfall(target: Target, flows: Flows) -> float | None:
    """Median of that by which a target is missed, where it is missed; None where no path misses it.

    Returns:
        money in the scenario's unit or, of growth and shares, a fraction.
    """
    missed = 1 - chance([condition(target, flows)]).probability
    if missed <= NEVER:
        return None
    quantity = target.quantity
    level = missed / 2 if target.floor else 1 - missed / 2
    if target.step is not None:
        asked = target.amount * flows.paths.exchange.relative(target.step)
        gap = flows.total(quantity.measure, quantity.period).less(asked)
        return abs(float(gap.quantile([level])[0]))
    median = float(quantity.from_ratio(flows.quantity(quantity).quantile([level])[0]))
    return target.amount - median if target.floor else median - target.amount


def milestones(target: Target, flows: Flows) -> Iterator[tuple[str, float, float]]:
    """The way of the paths that reach a target, by quarter from the months ahead to its own.

    Yields:
        (quarter, median of all paths, median of those that reach it) of its sum; nothing where too few paths
        reach it.
    """
    hits = condition(target, flows).met
    if np.count_nonzero(hits) < FEWEST_PATHS:
        return
    for month in range(quarter(flows.paths.ahead.first).first, target.period.last + 1, 3):
        period = quarter(month)
        if period.last <= target.period.last and flows.paths.law.grid.covers(period):
            values = flows.total(target.measure, period).values
            yield str(period), float(np.median(values)), float(np.median(values[hits]))


def earlier(target: Target, flows: Flows) -> Iterator[Earlier]:
    """The forms in which a target stood before it was moved, the original first.

    Each with its probability.
    """
    for revision in sorted(target.history, key=lambda revision: revision.on):
        form = target.as_of(revision)
        chances = chance([condition(alone, flows) for alone in form.alone])
        yield Earlier(revision.on, form, chances.probability)


def earlier_to_dict(forms: Sequence[Earlier]) -> dict[str, Any]:
    """The earlier forms of a target for a machine; nothing where it was never moved."""
    if not forms:
        return {}
    rows = [{"on": str(form.on), **form.target.to_dict(), "probability": form.probability} for form in forms]
    return {"earlier_targets": rows}
