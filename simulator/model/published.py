"""Published sums as an answer returns them: as printed, or drawn within the errors of their figures."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from simulator.model.equations import Equation, amounts, by_streams, ratios
from simulator.model.foreign import Foreign, weighted
from simulator.model.nesting import Alike
from simulator.model.span import Span
from simulator.values.periods import Period


@dataclass(frozen=True)
class Window:
    """A published sum without a stated error.

    It is returned as printed, and simulated months inside are rescaled to it. ``foreign`` are its parts in
    currencies whose rate is uncertain: ``printed`` is at their medians.
    """

    streams: tuple[int, ...]
    period: Period
    printed: Decimal
    foreign: Foreign = ()

    @property
    def value(self) -> float:
        """The sum in the scenario's unit."""
        return float(self.printed)


@dataclass(frozen=True)
class UncertainFigure:
    """A figure with an error: the name of its draw (measure and period), what it adds up, and how well."""

    name: str
    streams: tuple[int, ...]
    period: Period
    value: float
    error: float
    foreign: Foreign = ()

    @classmethod
    def of(cls, figure: Equation) -> UncertainFigure:
        """That of one equation."""
        name = f"figures.{figure.measure}.{figure.period}"
        return cls(name, figure.streams, figure.period, figure.value, figure.error, figure.foreign)


@dataclass(frozen=True)
class DrawnSum:
    """A sum that figures give within an error: drawn from the law of its log.

    Simulated months inside are rescaled to it. ``log`` is the posterior median of the log sum. Its normal is
    made of those of the figures in it, weighted by their errors. ``exact`` is what is printed of it;
    ``published`` says whether its figures tell it, or only how it grew. ``bounds`` are those of its figure,
    if that states any, and ``log_error`` the error with which the law took its figure in; 0 where it did not.
    ``foreign`` are the parts of what is exact, or of the figure that has bounds, in currencies whose rate is
    uncertain.
    """

    streams: tuple[int, ...]
    period: Period
    log: float
    figures: tuple[UncertainFigure, ...]
    exact: float
    published: bool
    bounds: tuple[float, float] | None = None
    log_error: float = 0.0
    foreign: Foreign = ()

    @property
    def shared(self) -> bool:
        """Whether it is shared out among figures of its parts."""
        return len(self.figures) > 1 or self.figures[0].period != self.period


@dataclass(frozen=True)
class WithinError:
    """A sum that is known within an error, and the figures behind it: itself, or those of its parts."""

    equation: Equation
    figures: tuple[Equation, ...]

    def drawn(self, log: float, same: Alike[Equation], fitted: Set[Equation]) -> DrawnSum:
        """The sum that is drawn.

        Args:
            log: the posterior median of its log.
            same: all published sums of its streams.
            fitted: those that the law was fitted to.
        """
        figures = tuple(map(UncertainFigure.of, self.figures))
        streams, period = self.equation.streams, self.equation.period
        stated = {period, *(figure.period for figure in figures)}
        total = DrawnSum(
            streams,
            period,
            log,
            figures,
            exact=0.0,
            published=not stated.isdisjoint(same.periods),
            bounds=self.equation.bounds,
            log_error=self.equation.sd if self.equation in fitted else 0.0,
            foreign=self.equation.foreign if self.equation.bounds else (),
        )
        return _less_exact(total, same) if total.shared else total


def _less_exact(total: DrawnSum, same: Alike[Equation]) -> DrawnSum:
    """A sum that is shared out among figures, with what is printed of it.

    Args:
        total: the sum.
        same: all published sums of its streams.
    """
    exact = [e for e in same.inside(total.period, itself=True) if e.exact]
    foreign = weighted((1.0, e.foreign) for e in exact)
    return replace(total, exact=sum(e.value for e in exact), foreign=foreign)


def windows(published: Sequence[Equation]) -> tuple[Window, ...]:
    """The printed ones of the published sums."""
    return tuple(
        Window(e.streams, e.period, e.printed, e.foreign)
        for e in published
        if e.printed is not None and e.exact
    )


def within_errors(published: Sequence[Equation], coarse: Sequence[Equation]) -> list[WithinError]:
    """The sums that are drawn within an error: sums of figures, figures, and both sums of a growth rate.

    What others settle is left out: of sums that follow from one another the shortest are drawn. The widest
    and longest come first, so that a part can be kept below what it is a part of.

    Args:
        published: one equation of each published sum and growth rate.
        coarse: the same with short periods added up.
    """
    sums = amounts(published) + _sides(published)
    if all(e.exact for e in sums):
        return []
    parts = _parts(published, coarse)
    shared_out = {part for figures in parts.values() for part in figures}
    single = [e for e in sums if e not in shared_out]
    return sorted(
        (WithinError(e, parts.get(e, (e,))) for e in _unsettled([*parts, *single], Span(sums))),
        key=lambda w: (-w.equation.period.months, -len(w.equation.streams), w.equation.period),
    )


def _sides(equations: Sequence[Equation]) -> list[Equation]:
    """The sums that growth rates are ratios of: of the period, and of the same a year before."""
    rates = [replace(rate, ratio=False) for rate in ratios(equations)]
    return [rate.shifted(months) for rate in rates for months in (0, -12)]


def _parts(published: Sequence[Equation], coarse: Sequence[Equation]) -> dict[Equation, tuple[Equation, ...]]:
    """Sums that figures add up to, the longest first, with those of the figures that have errors.

    No figure stands behind two sums.
    """
    parts: dict[Equation, tuple[Equation, ...]] = {}
    taken: set[Equation] = set()
    same = {streams: Alike(sums) for streams, sums in by_streams(published).items()}
    for total in sorted(_uncertain(amounts(coarse)), key=lambda e: (-e.period.months, e.period)):
        alike = same.get(total.streams)
        if alike is None or not alike.fill(total.period):
            continue
        inside = alike.inside(total.period)
        bounded = any(e.bounds for e in inside)  # drawn alone, so that it stays inside
        if not bounded and taken.isdisjoint(inside) and _fill(inside, total.period):
            parts[total] = tuple(_uncertain(inside))
            taken.update(parts[total])
    return parts


def _uncertain(equations: Iterable[Equation]) -> list[Equation]:
    """Those that are not printed without an error."""
    return [e for e in equations if not e.exact]


def _fill(parts: Sequence[Equation], period: Period) -> bool:
    """Whether sums inside a period fill it without a gap or an overlap."""
    periods = sorted(part.period for part in parts)
    overlap = any(one.last >= other.first for one, other in itertools.pairwise(periods))
    return not overlap and sum(part.months for part in periods) == period.months


def _unsettled(equations: Sequence[Equation], span: Span) -> list[Equation]:
    """Those within errors that do not follow from printed ones, nor from shorter ones."""
    ordered = sorted(
        equations,
        key=lambda e: (not e.exact, e.period.months, len(e.streams), e.period, e.streams),
    )
    return _uncertain(e for e in ordered if span.add(e) is None)
