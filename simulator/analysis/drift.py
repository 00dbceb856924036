"""What a pair's own past growth says of its target: a random walk with drift, the plainest of forecasts."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from simulator.model.result import Result
from simulator.scenario.targets import Kind, Quantity, Target

# Spread of a year's growth (log points) where the pair's own is not known: pairs of $1-5bn, 2001-2020
# (79 larger economies, mirror-reconciled annual trade; robust standard deviation).
SPREAD = 0.21
OWN = 3  # years of growth from which the pair's own spread is taken
TOLD = 0.2  # width of the 90 % band, over the median, within which figures tell a year's total
BAND = (0.05, 0.5, 0.95)


def drift(result: Result) -> float | None:
    """The chance that a random walk with the past's mean growth gives the target.

    With ``n`` years of growth of mean ``m`` and spread ``s``, the log total ``h`` years on is normal with
    mean ``h m`` and variance ``s^2 (h + h^2 / n)`` (Hyndman, Athanasopoulos 2021, section 5.5).

    None where there are several targets, a balance or a share, or figures tell no year's growth.
    """
    target = result.leading
    if len(result.scenario.goals) > 1:
        return None
    totals = yearly(result, target)
    growth = np.log([totals[year + 12] / totals[year] for year in totals if year + 12 in totals])
    wanted = _wanted(target, totals)
    if not len(growth) or not wanted:
        return None
    last = max(totals)
    years = (target.period.first - last) / 12
    spread = float(growth.std(ddof=1)) if len(growth) >= OWN else SPREAD
    width = spread * math.sqrt(years + years**2 / len(growth))
    chance = float(ndtr((years * float(growth.mean()) - math.log(wanted / totals[last])) / width))
    return chance if target.floor else 1 - chance


def yearly(result: Result, target: Target) -> Mapping[int, float]:
    """The totals of a target's measure over earlier years that figures tell, by the first month of each."""
    amount = Quantity(target.measure, target.period)
    totals: dict[int, float] = {}
    for period in amount.periods(result.grid):
        if period.last >= min(result.ahead.first, target.period.first):
            continue
        low, middle, high = result.flows.quantity(amount.over(period)).quantile(BAND)
        if middle > 0 and high - low <= TOLD * middle:
            totals[period.first] = float(middle)
    return totals


def _wanted(target: Target, totals: Mapping[int, float]) -> float | None:
    """The amount that is asked for; None of a balance, a share, or growth on a base that is not known."""
    if target.measure == "balance" or target.kind is Kind.SHARE:
        return None
    if target.kind is Kind.AMOUNT:
        return target.amount if target.amount > 0 else None
    base = totals.get(target.since.first) if target.since else None
    return None if base is None else target.quantity.times_base(target.amount, base)
