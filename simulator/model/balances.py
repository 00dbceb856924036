"""Balances among the figures: exports less imports, which may be below 0.

Beside printed exports, imports or turnover of the same months a balance is the other figure; else it stays an
equation between the two directions, with its error in money.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from simulator.model.contradictions import CONTRADICTION, confirmed, refuse
from simulator.model.equations import Equation, amounts, balances
from simulator.model.span import Span
from simulator.values.address import Address


def settled(equations: Sequence[Equation]) -> list[Equation]:
    """The equations, with what balances say beside printed sums as the sums that follow.

    Raises:
        BaselineError: a balance differs from that of printed sums by more than their errors, or leaves less
            than nothing of one direction.
    """
    signed = balances(equations)
    if not signed:
        return list(equations)
    span = Span(equations)
    for equation in _finest_first(e for e in amounts(equations) if e.exact):
        span.add(equation)
    unknown = [like for like in _sides(equations, signed[0]) if span.implied(like) is None]
    for balance in _finest_first(signed):
        confirmed(balance, span.add(balance), span)
    return without_settled([*equations, *_derived(unknown, span)])


def without_settled(equations: Sequence[Equation]) -> list[Equation]:
    """The equations less the balances that printed sums, and those that followed from balances, imply."""
    signed = balances(equations)
    if not signed:
        return list(equations)
    span = _settling(equations, {address for balance in signed for address in balance.addresses})
    implied = {balance for balance in signed if span.implied(balance)}
    return [equation for equation in equations if equation not in implied]


def _settling(equations: Sequence[Equation], sources: set[Address]) -> Span:
    """The printed sums, and those that follow from what stands at some addresses."""
    span = Span(equations)
    for equation in amounts(equations):
        if equation.exact or sources.intersection(equation.addresses):
            span.add(equation)
    return span


def _finest_first(equations: Iterable[Equation]) -> list[Equation]:
    """Equations in an order that does not depend on the file's."""
    return sorted(equations, key=lambda e: (e.period.months, e.period, e.streams, e.value, e.error))


def _sides(equations: Sequence[Equation], balance: Equation) -> Iterator[Equation]:
    """The sums of both directions over every period of a figure, without amounts yet."""
    periods = sorted({equation.period for equation in equations if not equation.ratio})
    for period, (measure, streams) in product(
        periods, (("exports", balance.streams), ("imports", balance.minus))
    ):
        yield Equation((), measure, streams, period, 0.0, 0.0)


def _derived(unknown: Iterable[Equation], span: Span) -> Iterator[Equation]:
    """The sums of one direction that follow from balances.

    Raises:
        BaselineError: one would be less than nothing.
    """
    for like in unknown:
        implied = span.implied(like)
        if implied is None:
            continue
        if implied.value < -CONTRADICTION * (implied.largest_error + implied.rate_error):
            _refuse(implied, span)
        if implied.value < 0:
            implied = replace(implied, value=0.0, printed=None, foreign=())
        yield replace(implied, measure=like.measure, derived=True)


def _refuse(implied: Equation, span: Span) -> None:
    """Refuse a balance that leaves less than nothing of one direction.

    Raises:
        BaselineError: always.
    """
    sources = [member for member in span.members if not set(implied.addresses).isdisjoint(member.addresses)]
    balance = next(member for member in sources if member.minus)
    refuse(balance, [member for member in sources if member is not balance])
