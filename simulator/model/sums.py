"""Equations cleared up before a law is fitted: one a sum, short periods added up, none that others imply.

Nothing here depends on the order in which the figures are written.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.errors import BaselineError
from simulator.model.balances import without_settled
from simulator.model.contradictions import confirmed, require_agreement, require_common_bounds
from simulator.model.equations import LEAST_ERROR, SMALLEST, Equation, amounts, balances, by_streams, ratios
from simulator.model.foreign import weighted
from simulator.model.nesting import Alike
from simulator.model.span import Span
from simulator.values.periods import Period, year

FINE = 0.002  # of the largest flow: sums printed at least as finely are as good as one another
FINER = 3.0  # times the error of what printed sums imply: a figure of so large an error adds nothing to them


def reconciled(equations: Iterable[Equation]) -> list[Equation]:
    """One equation of each sum, sorted by period and streams.

    Raises:
        BaselineError: two equations of one sum differ by more than their errors.
    """
    same: dict[tuple[Any, ...], list[Equation]] = {}
    for equation in equations:
        same.setdefault(equation.of, []).append(equation)
    return sorted(map(_together, same.values()), key=lambda e: e.of)


def _together(equations: list[Equation]) -> Equation:
    """What several equations of one sum say: the finest printed one, else their mean by precision."""
    if len(equations) == 1:
        return equations[0]
    ordered = _preferred_first(equations)
    for one, other in itertools.combinations(ordered, 2):
        require_agreement(one, other)
        require_common_bounds(one, other)
    addresses = tuple(sorted({address for e in equations for address in e.addresses}, key=str))
    finest = replace(ordered[0], addresses=addresses)
    return finest if finest.exact else _mean(finest, [e for e in ordered if not e.rated_apart(finest)])


def _preferred_first(equations: Iterable[Equation]) -> list[Equation]:
    """Several equations of one sum, that which stands for it first."""
    return sorted(
        equations, key=lambda e: (not e.exact, bool(e.foreign), e.derived, e.error, e.value, e.addresses)
    )


def in_other_currencies(equations: Iterable[Equation]) -> list[Equation]:
    """The equations of a sum that uncertain rates move otherwise than that which stands for it.

    They say what the rates are, and stay beside it.
    """
    first: dict[tuple[Any, ...], Equation] = {}
    ordered = _preferred_first(e for e in amounts(equations) if e.value > 0)
    apart = [e for e in ordered if first.setdefault(e.of, e).rated_apart(e)]
    return sorted(apart, key=lambda e: e.of)


def _mean(like: Equation, equations: Sequence[Equation]) -> Equation:
    """The mean of equations of one sum, each weighted by its precision."""
    precision = np.array([1 / max(e.error, LEAST_ERROR * abs(e.value), SMALLEST) ** 2 for e in equations])
    value = float(precision @ [e.value for e in equations] / precision.sum())
    error = float(precision.sum() ** -0.5)
    shares = (precision / precision.sum()).tolist()
    foreign = weighted((share, e.foreign) for share, e in zip(shares, equations, strict=True))
    mean = replace(like, value=value, error=error, foreign=foreign, bounds=_common_bounds(equations))
    return replace(mean, derived=all(e.derived for e in equations))


def _common_bounds(equations: Iterable[Equation]) -> tuple[float, float] | None:
    """The bounds within which a sum is by all of some equations that have any."""
    bounds = [e.bounds for e in equations if e.bounds]
    return (max(low for low, _ in bounds), min(high for _, high in bounds)) if bounds else None


# Months and quarters


def gathered(equations: Sequence[Equation]) -> list[Equation]:
    """Months and quarters as the sums that tell most of years to come.

    These are years, the year under way, and the same months a year before. Single months are rough, and their
    logs skewed: a law fitted to all of them forecasts years worse than one fitted to their sums. What no such
    sum holds is added up where it is without a gap.
    """
    coarse = ratios(equations) + _summed(balances(equations))
    for sums in by_streams(equations).values():
        coarse += _summed(sums)
    return without_settled(coarse)


def _summed(equations: list[Equation]) -> list[Equation]:
    """The same for the sums of one measure."""
    short = [e for e in equations if e.period.months < 12]
    if len(short) < 2:
        return equations
    span = Span(equations)
    for equation in sorted(equations, key=lambda e: (not e.exact, e.period.months, e.period)):
        confirmed(equation, span.add(equation), span)
    years = _years(span, short)
    return [*years, *_beside(equations, years)]


def _years(span: Span, short: Sequence[Equation]) -> list[Equation]:
    """The years that short sums add up to, and what is known of the year under way."""
    like = short[0]
    first, last = min(e.period.first for e in short), max(e.period.last for e in short)
    periods = [year(number) for number in range(first // 12, last // 12 + 1)]
    totals = [span.implied(replace(like, period=period)) for period in periods]
    years = [total for total in totals if total is not None]
    if totals[-1] is None:
        years += _under_way(span, like, Period(periods[-1].first, last))
    return years


def _under_way(span: Span, like: Equation, period: Period) -> list[Equation]:
    """The sum from January to the last figure, and that of the same months a year before."""
    now, before = (span.implied(replace(like, period=period.shift(months))) for months in (0, -12))
    if now is None:
        return []
    return [now] if before is None else [now, before]


def _beside(equations: Sequence[Equation], years: Sequence[Equation]) -> list[Equation]:
    """What stands beside years: longer sums as published, and short ones in none of the years."""
    longer, rest = [], []
    for equation in equations:
        if not any(total.period.covers(equation.period) for total in years):
            rest.append(equation)
        elif equation.period.months >= 12:
            longer.append(equation)
    return [*longer, *_runs(rest)]


def _runs(equations: Sequence[Equation]) -> list[Equation]:
    """The short sums of one calendar year added up, where they are without a gap."""
    sums = [e for e in equations if e.period.months >= 12]
    short = sorted((e for e in equations if e.period.months < 12), key=lambda e: e.period)
    for _, group in itertools.groupby(short, key=lambda e: (e.period.first // 12, e.period.last // 12)):
        run = list(group)
        unbroken = all(a.period.last + 1 == b.period.first for a, b in itertools.pairwise(run))
        sums += [functools.reduce(_sum, run)] if unbroken else run
    return sums


def _sum(one: Equation, other: Equation) -> Equation:
    """Two sums of adjoining periods as one."""
    printed = one.printed + other.printed if one.printed is not None and other.printed is not None else None
    return replace(
        other,
        addresses=one.addresses + other.addresses,
        period=Period(one.period.first, other.period.last),
        value=float(printed) if printed is not None else one.value + other.value,
        error=math.hypot(one.error, other.error),
        printed=printed,
        derived=True,
        added_errors=one.largest_error + other.largest_error,
        bounds=None,
        foreign=weighted([(1.0, one.foreign), (1.0, other.foreign)]),
    )


# Sums without a logarithm


def without_zeros(equations: Sequence[Equation]) -> list[Equation]:
    """Join a period without trade to its neighbour of the same measure, until every sum has a logarithm.

    Raises:
        BaselineError: a zero has no neighbour.
    """
    left = ratios(equations) + balances(equations)
    for sums in by_streams(equations).values():
        while (zero := next((e for e in sums if e.value <= 0), None)) is not None:
            sums = _without_zero(sums, zero)
        left += sums
    return sorted(left, key=lambda e: e.of)


def _without_zero(sums: Sequence[Equation], zero: Equation) -> list[Equation]:
    """The sums of some streams with a zero joined to its nearest neighbour, or left out.

    It is left out where a longer sum says as much.

    Raises:
        BaselineError: it has neither.
    """
    others = [e for e in sums if e is not zero]
    near = _neighbour(zero, others)
    if near is not None:
        return [*(e for e in others if e is not near), _joined(near, zero)]
    if any(e.period.covers(zero.period) for e in others):
        return others
    text = (
        f"found 0 for {zero.measure} {zero.period} with no neighbouring figure to join it to; "
        "leave it out, or add the months beside it"
    )
    raise BaselineError([(zero.addresses[0], text)])


def _neighbour(zero: Equation, peers: Sequence[Equation]) -> Equation | None:
    """The sum beside a zero whose length is nearest to its own, the later of two alike; None if none is."""
    beside = [e for e in peers if _adjoin(e.period, zero.period)]
    return min(
        beside,
        key=lambda e: (abs(e.period.months - zero.period.months), -e.period.first),
        default=None,
    )


def _joined(near: Equation, zero: Equation) -> Equation:
    """A zero and its neighbour as one sum."""
    first, last = sorted((near, zero), key=lambda e: e.period)
    return replace(_sum(first, last), addresses=near.addresses + zero.addresses)


def _adjoin(one: Period, other: Period) -> bool:
    return one.first == other.last + 1 or one.last == other.first - 1


def leaving_something(equations: Sequence[Equation]) -> list[Equation]:
    """The equations less those that leave nothing of a longer sum of their streams.

    Less than nothing may be left within an error. What is left would have no logarithm; the longer sum says
    all that they say of the level.
    """
    alike = {streams: Alike(sums) for streams, sums in by_streams(equations).items()}
    values = {streams: np.array([e.value for e in of.sums]) for streams, of in alike.items()}

    def leaves_nothing(part: Equation) -> bool:
        if part.ratio or part.minus:
            return False
        longer = alike[part.streams].around(part.period)
        return bool(np.any(values[part.streams][longer] <= part.value))

    return [equation for equation in equations if not leaves_nothing(equation)]


# Sums that others imply


def independent(equations: Sequence[Equation]) -> list[Equation]:
    """The equations less the printed sums, and the growth rates, that other printed sums imply.

    What is implied says nothing of how the pair moves. Of sums that follow from one another those are kept
    that are printed finely, of the fewest streams, over the longest periods.

    Raises:
        BaselineError: a figure differs from what the others imply by more than their errors.
    """
    span = Span([*equations, *(rate.shifted(-12) for rate in ratios(equations))])
    implied = {id(e) for e in _printed(equations) if _says_nothing(e, span.add(e), span)}
    implied |= {id(e) for e in equations if _says_nothing(e, _implied(e, span), span)}
    return [e for e in equations if id(e) not in implied]


def _says_nothing(equation: Equation, implied: Equation | None, span: Span) -> bool:
    """Whether an equation adds nothing to what others imply, not even on a rate of exchange.

    Raises:
        BaselineError: they differ by more than their errors.
    """
    return confirmed(equation, implied, span) and not equation.rated_apart(implied or equation)


def _printed(equations: Sequence[Equation]) -> list[Equation]:
    """The printed sums; of some that follow from one another those that come first are kept."""
    largest = max(e.monthly for e in amounts(equations))

    def preference(equation: Equation) -> tuple[float, int, int, Period, tuple[int, ...]]:
        rounding = equation.error / (equation.period.months * largest)
        coarseness = rounding if rounding > FINE else 0.0
        coarseness += equation.rate_error / (equation.period.months * largest)
        return coarseness, len(equation.streams), -equation.period.months, equation.period, equation.streams

    return sorted((e for e in equations if e.exact), key=preference)


def _implied(equation: Equation, span: Span) -> Equation | None:
    """What printed sums imply of a growth rate, or of a sum with an error several times theirs."""
    if equation.ratio:
        return _implied_rate(equation, span)
    implied = None if equation.exact else span.implied(equation)
    return implied if implied is not None and implied.error < equation.error / FINER else None


def _implied_rate(rate: Equation, span: Span) -> Equation | None:
    """The growth rate between two sums that printed ones imply; None where they do not."""
    now, before = span.implied(rate), span.implied(rate.shifted(-12))
    if now is None or before is None or before.value <= 0:
        return None
    factor = now.value / before.value
    error = (
        factor * math.hypot(now.error / now.value, before.error / before.value) if now.value else before.error
    )
    shares = [(1 / before.value, now.foreign), (-factor / before.value, before.foreign)]
    addresses = now.addresses + before.addresses
    return replace(rate, value=factor, error=error, addresses=addresses, foreign=weighted(shares))
