"""What a measure adds up to over a period, in every draw, under the effects of levers and risks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from simulator.model.acting import ALL, Span
from simulator.model.behind import Sum
from simulator.model.combined import Combined
from simulator.model.paths import Paths
from simulator.model.streams import Measured
from simulator.numerics.exponential_sums import Total
from simulator.numerics.ratio import Ratio
from simulator.scenario.targets import Quantity
from simulator.values.periods import Period

Kept = TypeVar("Kept")

TINIEST = 1e-300  # a positive number
FEW_SPANS = 2  # of months of whose flows the effects are worked out apart
TOTALS = 32  # that flows keep; most answers ask for fewer


class Cells(NamedTuple):
    """Flows that a total adds up: exponents (points, cells), loadings (cells,) and signs (cells,)."""

    exponent: np.ndarray
    loading: np.ndarray
    sign: np.ndarray


class Past(NamedTuple):
    """A measure up to the last figure: published sums and weights on free cells, or else simulated values."""

    published: Sum
    free: np.ndarray
    simulated: np.ndarray | None = None


class Flows:
    """The paths under the combined effects of levers and risks.

    ``before`` are those with some more levers or risks: what these do not shift is worked out once.
    """

    def __init__(self, paths: Paths, effects: Combined, before: Flows | None = None) -> None:
        self.paths, self.effects, self._before = paths, effects, before
        self._kept: dict[tuple[str, object], Any] = {}
        self._totals: dict[tuple[str, Period], Total] = {}

    @property
    def nbytes(self) -> int:
        """About what they take in memory, with the paths and all that will be kept."""
        merged = self.paths.exponent.nbytes if self.paths.law.within else 0
        return self.paths.nbytes + merged + 8 * self.paths.points * self.paths.ahead.months * 8

    def total(self, measure: str, period: Period) -> Total:
        """What a measure adds up to over a period, in every draw; kept.

        Raises:
            NotKnown: the figures do not tell.
            ValueError: the period is not within the months that the law covers, or the measure does not
                exist.
        """
        total = self._totals.get((measure, period))
        if total is None:
            if len(self._totals) >= TOTALS:
                self._totals.clear()
            total = self._totals[measure, period] = self._total(measure, period)
        return total

    def quantity(self, quantity: Quantity) -> Total | Ratio:
        """What a target is about, in every draw: a total, or one total over another.

        Raises:
            NotKnown: the figures do not tell.
            ValueError: a period is not within the months that the law covers, or a measure does not exist.
        """
        total = self.total(quantity.measure, quantity.period)
        return Ratio(total, self.total(*quantity.base)) if quantity.base else total

    def _total(self, measure: str, period: Period) -> Total:
        paths, grid, ahead = self.paths, self.paths.law.grid, self.paths.ahead
        if not grid.covers(period):
            raise ValueError(
                f"found period {period}, expected months within {grid}, which the figures and the target span"
            )
        measured = paths.streams.measured(measure)
        money, cells = np.zeros(paths.points), list[Cells]()
        past = Past(Sum(), np.zeros(0))
        if period.first < ahead.first:
            past = self._past(measured, Period(period.first, min(period.last, ahead.first - 1)))
            money = money + paths.behind.amount(past.published)
            cells += self._free(past.free)
        if period.last >= ahead.first:
            months = slice(max(period.first, ahead.first) - ahead.first, period.last - ahead.first + 1)
            money = money + self._money(measured, months)
            cells += [self._ahead(measured, k, months) for k in self._groups(measured)]
        if not cells and past.simulated is None and past.published.drawn:
            return paths.behind.drawn_total(past.published)
        return self._added(money, cells, past.simulated)

    def _added(self, money: np.ndarray, cells: Sequence[Cells], simulated: np.ndarray | None) -> Total:
        """Money, flows, and simulated values where some are no function of the integrated normal."""
        normals = self.paths.normals
        none = Cells(np.zeros((self.paths.points, 0)), np.zeros(0), np.zeros(0))
        flows = Cells(*(np.concatenate(part, axis=-1) for part in zip(*(cells or [none]), strict=True)))
        controls = self.paths.controls
        total = Total(money, *flows, normals.scale, normals.integrated, controls=controls)
        if simulated is None:
            return total
        plain = simulated + total.values
        return Total(money, *flows, normals.scale, normals.integrated, plain, controls)

    def at_median(self, measure: str, period: Period) -> np.ndarray:
        """A measure over the months ahead of a period, at the law's median path under each draw's effects.

        Returns:
            shape (points,), or (1,) where no effect varies.

        Raises:
            NotKnown: the figures do not tell.
        """
        streams, first = self.paths.streams, self.paths.ahead.first
        months = slice(max(period.first - first, 0), max(period.last - first + 1, 0))
        sign = streams.measured(measure).sign
        members = np.flatnonzero(sign)
        factor = self.effects.factor(members.tolist())
        flow = (sign[members, None] * streams.grid.median[members] * factor).sum(axis=1)
        return (flow + self.effects.money(sign))[:, months].sum(axis=1)

    def quantity_at_median(self, quantity: Quantity) -> np.ndarray:
        """What a target is about at the law's median path under each draw's effects.

        Of an amount only the months ahead count; of growth and shares all months do.

        Returns:
            shape (points,), or (1,) where no effect varies; a ratio as a value of the quantity.
        """
        if quantity.base is None:
            return self.at_median(quantity.measure, quantity.period)
        top, base = (self._median(*part) for part in ((quantity.measure, quantity.period), quantity.base))
        return quantity.from_ratio(top / np.maximum(base, TINIEST))

    def _median(self, measure: str, period: Period) -> np.ndarray:
        ahead = self.at_median(measure, period)
        last = min(period.last, self.paths.ahead.first - 1)
        if last < period.first:
            return ahead
        return ahead + np.median(self.total(measure, Period(period.first, last)).values)

    def follows(self, measure: str, period: Period) -> bool:
        """Whether a total follows from published figures alone, within their errors."""
        if period.last >= self.paths.ahead.first:
            return False
        past = self._past(self.paths.streams.measured(measure), period)
        if past.simulated is not None or past.free.any():
            return False
        drawn = self.paths.law.drawn
        return all(drawn[k].published for k, _ in past.published.drawn if k < len(drawn))

    def ahead(self, measure: str) -> np.ndarray:
        """A measure in each draw, added up over the months ahead, from 0 before the first.

        A period's total is the difference of two columns, of shape (points, months ahead + 1).
        """
        return self._keep("ahead", measure, lambda: self._added_up(self.paths.streams.measured(measure)))

    @property
    def split_guessed(self) -> bool:
        """Whether a percent on one direction meets a stream of the law that goes both ways."""
        streams = self.paths.streams
        mixed = [group for group in streams.groups if len(set(streams.directions(group))) > 1]
        if not mixed or self.effects.even:
            return False
        return any(
            not np.array_equal(self.effects.log_shift(group[0]), self.effects.log_shift(i))
            for group in mixed
            for i in group[1:]
        )

    def _added_up(self, measured: Measured) -> np.ndarray:
        paths = self.paths
        added = np.zeros((paths.points, paths.ahead.months + 1))
        moved = (paths.normals.scale * paths.normals.integrated)[:, None]
        for k in self._groups(measured):
            log_flow = paths.exponent[:, k] + self._shift(measured, k) + moved * paths.loading[k]
            added[:, 1:] += self._sign(measured, k) * np.exp(log_flow)
        np.cumsum(added, axis=1, out=added)
        return added + self._money_added_up(measured)

    def _groups(self, measured: Measured) -> list[int]:
        return [k for k, group in enumerate(self.paths.streams.groups) if measured.sign[list(group)].any()]

    def _sign(self, measured: Measured, group: int) -> float:
        return float(next(s for s in measured.sign[list(self.paths.streams.groups[group])] if s))

    def _ahead(self, measured: Measured, group: int, months: slice) -> Cells:
        """The flows of a group in some months ahead."""
        if self._before is not None and self.effects.gone.isdisjoint(self.paths.streams.groups[group]):
            return self._before._ahead(measured, group, months)

        def flows() -> tuple[np.ndarray, np.ndarray]:
            shift = self._shift(measured, group, months)
            return self.paths.exponent[:, group, months] + shift, self.paths.loading[group, months]

        if self.paths.law.within:
            alone = len(self.paths.streams.groups[group]) == 1
            key = "" if alone else measured.name, group, months.start, months.stop
            exponent, loading = self._keep("merged", key, lambda: _merged(*flows()))
        else:
            exponent, loading = flows()
        return Cells(exponent, loading, np.full(loading.size, self._sign(measured, group)))

    def _free(self, weights: np.ndarray) -> list[Cells]:
        """The cells up to the last figure that no published sum touches, by their weights, shape (cells,)."""
        if not weights.any():
            return []
        behind, chosen = self.paths.behind, np.flatnonzero(weights)
        return [Cells(behind.exponent[:, chosen], behind.loading[chosen], weights[chosen])]

    def _past(self, measured: Measured, period: Period) -> Past:
        """A measure over months up to the last figure."""
        paths, behind, groups = self.paths, self.paths.behind, self.paths.streams.groups
        months = behind.months_of(period)
        wanted = np.zeros((len(groups), behind.months))
        for k in self._groups(measured):
            wanted[k, months] = measured.sign[groups[k][0]] if measured.covers(groups[k]) else np.nan
        published = None if np.isnan(wanted).any() else behind.published(wanted.ravel())
        if published is not None:
            return Past(*published)
        simulated = np.zeros(paths.points)
        flows = behind.flows(period)
        for k in self._groups(measured):
            members = list(groups[k])
            sign = measured.sign[members]
            share = 1.0 if measured.covers(members) else paths.streams.weights[:, members] @ np.abs(sign)
            simulated = simulated + np.sign(sign.sum()) * share * flows[:, k].sum(axis=1)
        return Past(Sum(), np.zeros(behind.size), simulated)

    def _money(self, measured: Measured, months: slice) -> np.ndarray:
        added = self._money_added_up(measured)
        return added[:, months.stop] - added[:, months.start]

    def _money_added_up(self, measured: Measured) -> np.ndarray:
        """Money that levers add, added up over the months ahead, from 0; (points or 1, months ahead + 1)."""
        months = self.paths.ahead.months

        def work_out() -> np.ndarray:
            monthly = self.effects.money(measured.sign)
            added = np.zeros((len(monthly), months + 1))
            np.cumsum(np.broadcast_to(monthly, (len(monthly), months)), axis=1, out=added[:, 1:])
            return added

        return self._keep("money", measured.name, work_out)

    def _shift(self, measured: Measured, group: int, months: slice | None = None) -> np.ndarray:
        """The log factor on a group's flow: what levers do, and the part of it that is measured.

        The first spans that are asked for are worked out alone: of most answers no more is wanted.

        Returns:
            shape (points or 1, months).
        """
        members, every = list(self.paths.streams.groups[group]), slice(0, self.paths.ahead.months)
        months = months or every
        span = self._span(measured.name, group, months) if months != every else ALL
        shift = self._keep(
            "shift", (measured.name, group, span), lambda: self._work_out_shift(measured, members, span)
        )
        wide = shift if span or shift.shape[1] == 1 else shift[:, months]
        return np.broadcast_to(wide, (len(shift), months.stop - months.start))

    def _span(self, measure: str, group: int, months: slice) -> Span:
        """Which months to work out where some are asked for: those alone, or from the third time on all."""
        asked = self._keep("spans", (measure, group), set[Span])
        if len(asked) < FEW_SPANS:
            asked.add((months.start, months.stop))
        return (months.start, months.stop) if (months.start, months.stop) in asked else ALL

    def _work_out_shift(self, measured: Measured, members: list[int], span: Span) -> np.ndarray:
        if len(members) == 1 or (self.effects.even and measured.covers(members)):
            return self.effects.log_shift(members[0], span)
        weights = self.paths.streams.weights[:, members] * np.abs(measured.sign[members])
        return np.log((weights[:, :, None] * self.effects.factor(members, span)).sum(axis=1))

    def _keep(self, what: str, key: object, work_out: Callable[[], Kept]) -> Kept:
        if (what, key) not in self._kept:
            self._kept[what, key] = work_out()
        kept: Kept = self._kept[what, key]
        return kept


def _merged(exponent: np.ndarray, loading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbouring flows of one loading added up.

    Args:
        exponent: shape (points, flows).
        loading: shape (flows,).

    Returns:
        shapes (points, fewer) and (fewer,).
    """
    starts = np.flatnonzero(np.diff(loading, prepend=np.inf))
    added = np.add.reduceat(np.exp(exponent), starts, axis=1)
    return np.log(np.maximum(added, TINIEST)), loading[starts]
