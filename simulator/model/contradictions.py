"""Figures that cannot all be true, or that no law explains: refused where they stand, with what to do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from simulator.errors import BaselineError
from simulator.model.equations import LEAST_ERROR, SMALLEST, Equation, amounts, by_streams
from simulator.model.nesting import Nesting
from simulator.model.span import Span
from simulator.values.limits import Limit

CONTRADICTION = 3.0  # standard errors between a figure and what the other figures leave for it
LARGE = 0.2  # of the largest flow: a part of trade whose leaps count
LARGEST_LEAP = 8.0  # log points from one sum of it to the next (3,000-fold): beyond, nothing can be said
MOST_NAMED = 4  # figures that a refused one is said to contradict
SEARCHED = (
    3_000_000  # figures times flows, up to which flows that explain them are looked for: a second or two
)


def refuse(first: Equation, others: Sequence[Equation]) -> None:
    """Refuse figures that contradict each other, at the place of each.

    Raises:
        BaselineError: always.
    """
    mend = "give error: to those that are uncertain, or move one reading to alternatives"
    listed = ", ".join(map(str, others)) or "the other figures"
    faults = [
        (address, f"found {first}, which contradicts {listed} beyond their errors; {mend}")
        for address in first.addresses
    ]
    faults += [
        (address, f"found {other}, which contradicts {first} beyond their errors; {mend}")
        for other in others
        for address in other.addresses
    ]
    raise BaselineError(list(dict.fromkeys(faults)))


def require_few(limit: Limit, count: int, equations: Sequence[Equation]) -> None:
    """Refuse figures that would take too long, at the first of the measure that has most of them.

    Raises:
        BaselineError: there are more than are accepted.
    """
    if message := limit.exceeded(count):
        sums = by_streams(equations) or {(): list(equations)}
        blamed = max(sums.values(), key=len)[0]
        raise BaselineError([(blamed.addresses[0], message)])


def require_agreement(one: Equation, other: Equation) -> None:
    """Check two equations of one sum against each other.

    Two printed ones may differ by the coarser's rounding, others by three standard errors of each.

    Raises:
        BaselineError: they differ by more.
    """
    allowed = CONTRADICTION * (one.largest_error + other.largest_error + one.rate_gap(other))
    printed = one.exact and other.exact and not one.rated_apart(other)
    if printed and not one.derived and not other.derived:
        allowed = max(one.error, other.error) * (1 + 1e-9)
    if abs(one.value - other.value) > allowed:
        refuse(one, [other])


def require_common_bounds(one: Equation, other: Equation) -> None:
    """Check that the bounds of two equations of one sum have something in common, and hold a printed one.

    Raises:
        BaselineError: they have not.
    """
    (low, high), (least, most) = _limits(one), _limits(other)
    if max(low, least) > min(high, most):
        refuse(one, [other])


def _limits(equation: Equation) -> tuple[float, float]:
    """What a sum is at least and at most: within its bounds, or within the rounding of what is printed."""
    if equation.foreign:
        return -math.inf, math.inf
    if equation.bounds:
        return equation.bounds
    if equation.exact and not equation.derived:
        return equation.value - equation.error, equation.value + equation.error
    return -math.inf, math.inf


def confirmed(equation: Equation, implied: Equation | None, span: Span) -> bool:
    """Whether the members of a span imply what an equation is of; they must then imply its value.

    Raises:
        BaselineError: they differ by more than three standard errors; it names the figure and those that
            imply the other value.
    """
    if implied is None:
        return False
    errors = equation.largest_error + implied.largest_error + equation.rate_gap(implied)
    allowed = CONTRADICTION * errors
    if abs(equation.value - implied.value) > allowed:
        sources = set(implied.addresses)
        blamed = [member for member in span.members if not sources.isdisjoint(member.addresses)]
        refuse(equation, blamed[:MOST_NAMED])
    return True


def require_possible(equations: Sequence[Equation]) -> None:
    """Refuse sums that no positive flows have.

    A part is larger than what it is a part of, or sums that lie across one another cannot all hold.

    Raises:
        BaselineError: with the places of those that contradict each other beyond their errors.
    """
    sums = amounts(equations)
    nesting = Nesting(sums)
    value, error = np.array([e.value for e in sums]), np.array([e.error for e in sums])
    large = value - CONTRADICTION * error > nesting.least_around(value + CONTRADICTION * error)
    for part in np.flatnonzero(large):
        for total in nesting.around(int(part)):
            allowed = CONTRADICTION * (error[total] + error[part] + sums[part].rate_gap(sums[total]))
            if value[part] - value[total] > allowed:
                refuse(sums[part], [sums[total]])
    if nesting.across:
        _require_explained_in_parts(sums)


def _require_explained_in_parts(sums: Sequence[Equation]) -> None:
    """The same by flows between the edges of all periods, of streams that some sum adds up at a time.

    Raises:
        BaselineError: as ``require_explained``.
    """
    for part in _linked(sums):
        span = Span(part)
        if len(part) * math.prod(span.shape) > SEARCHED:
            continue  # the law of their sums by year still has to meet them
        rows = np.array([span.row(e.streams, e.period) for e in part])
        value = np.array([e.value for e in part])
        least = np.array([max(e.largest_error, LEAST_ERROR * e.value, SMALLEST, e.rate_error) for e in part])
        require_explained(rows, part, value, least)


def _linked(sums: Sequence[Equation]) -> Iterator[list[Equation]]:
    """Sums in groups that share no stream, each as if its streams were numbered from 0."""
    parts: list[set[int]] = []
    for streams in by_streams(sums):
        met = [part for part in parts if not part.isdisjoint(streams)]
        parts = [part for part in parts if part.isdisjoint(streams)] + [set(streams).union(*met)]
    for part in parts:
        yield _renumbered([equation for equation in sums if equation.streams[0] in part], sorted(part))


def _renumbered(sums: Sequence[Equation], streams: Sequence[int]) -> list[Equation]:
    """Sums as if some streams were numbered from 0."""
    number = {stream: place for place, stream in enumerate(streams)}
    return [replace(e, streams=tuple(map(number.__getitem__, e.streams))) for e in sums]


def require_explained(
    rows: np.ndarray, equations: Sequence[Equation], values: np.ndarray, errors: np.ndarray
) -> None:
    """Check that some flows, none of them negative, explain figures to within three standard errors each.

    The nearest such flows are those of non-negative least squares (Lawson, Hanson 1974, Solving Least Squares
    Problems, 23).

    Args:
        rows: the weight of every flow in every figure, shape (equations, flows).
        equations: the figures.
        values: what the rows add up to, shape (equations,).
        errors: of these, above 0, shape (equations,).

    Raises:
        BaselineError: no flows do; it names the figure that is missed by most, and those that it meets. Not
            of more than ``SEARCHED``.
    """
    if rows.size > SEARCHED:
        return
    from scipy.optimize import nnls

    unknowns = np.unique(rows / errors[:, None], axis=1)  # what no figure tells apart is one unknown
    flows, _ = nnls(unknowns, values / errors, maxiter=50 * unknowns.shape[1])
    pulls = np.abs(unknowns @ flows - values / errors)
    worst = int(np.argmax(pulls))
    if pulls[worst] > CONTRADICTION:
        met = [i for i in np.argsort(-pulls) if i != worst and np.any(rows[i] * rows[worst] != 0)]
        refuse(equations[worst], [equations[i] for i in met[: MOST_NAMED - 1]])


def require_no_leap(equations: Sequence[Equation]) -> None:
    """Refuse figures of a large part of trade that leap too far for any law.

    Whether the flow stays there or comes back would be a guess.

    Raises:
        BaselineError: it names both figures, and what to do.
    """
    large = LARGE * max(equation.monthly for equation in amounts(equations))
    for size, before, after in _leaps(equations):
        if size > LARGEST_LEAP and max(before.monthly, after.monthly) >= large:
            raise _leap(before, after)


def unexplained(equations: Sequence[Equation]) -> BaselineError:
    """The error of figures without a contradiction and yet without a law: the largest leap is to blame."""
    leaps = list(_leaps(equations))
    if leaps:
        _, before, after = max(leaps, key=lambda leap: leap[0])
        return _leap(before, after)
    first = max(equations, key=lambda equation: equation.sd)
    text = (
        f"found figures that no path of monthly flows explains, {first} among them; "
        "check amount and period, or give it an error:"
    )
    return BaselineError([(first.addresses[0], text)])


def _leaps(equations: Sequence[Equation]) -> Iterator[tuple[float, Equation, Equation]]:
    """The log ratio of the monthly rates of every sum and the next of its streams, and the two."""
    last: dict[tuple[int, ...], Equation] = {}
    for equation in sorted(amounts(equations), key=lambda e: e.period):
        before = last.get(equation.streams)
        if before is not None and before.period.last < equation.period.first:
            yield abs(math.log(equation.monthly / before.monthly)), before, equation
        last[equation.streams] = equation


def _leap(before: Equation, after: Equation) -> BaselineError:
    text = (
        f"found {after} after {before}: no path of monthly flows explains so large a leap, so it has no law; "
        "check amount, unit and period, give the odd figure an error:, or leave out what lies before the leap"
    )
    return BaselineError([(after.addresses[0], text), (before.addresses[-1], text)])
