"""What a measure adds up to over a period, in every draw, under the effects of levers and risks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.model.combined import Combined
from simulator.model.paths import Measured, Paths, Sum
from simulator.numerics.preintegration import Total
from simulator.values.periods import Period

TOTALS = 32  # that flows keep; most answers ask for fewer


class Flows:
    """The paths under the combined effects of levers and risks."""

    def __init__(self, paths: Paths, effects: Combined) -> None:
        self.paths, self.effects = paths, effects
        self._kept: dict[tuple[str, object], np.ndarray] = {}
        self._totals: dict[tuple[str, Period], Total] = {}

    @property
    def nbytes(self) -> int:
        """About what they take in memory, with the paths and all that will be kept."""
        return self.paths.nbytes + 8 * self.paths.scale.size * self.paths.ahead.months * 8

    def total(self, measure: str, period: Period) -> Total:
        """What a measure adds up to over a period, in every draw; kept.

        Raises:
            NotKnown: the figures do not tell.
            ValueError: the period is not within the months that the law covers, or the measure does not exist.
        """
        found = self._totals.get((measure, period))
        if found is None:
            if len(self._totals) >= TOTALS:
                self._totals.clear()
            found = self._totals[measure, period] = self._total(measure, period)
        return found

    def _total(self, measure: str, period: Period) -> Total:
        paths, grid = self.paths, self.paths.law.grid
        if not grid.covers(period):
            raise ValueError(
                f"found period {period}, expected months within {grid}, which the figures and the target span"
            )
        measured = paths.measured(measure)
        money = np.zeros(paths.scale.shape)
        exponent, loading, sign = [], [], []
        plain = None
        given = Sum()
        if period.first < paths.ahead.first:
            given, free, plain = self._behind(
                measured, Period(period.first, min(period.last, paths.ahead.first - 1))
            )
            money = money + paths.behind.amount(given)
            if free.any():
                chosen = np.flatnonzero(free)
                exponent.append(paths.behind.exponent[:, chosen])
                loading.append(paths.behind.loading[chosen])
                sign.append(free[chosen])
        if period.last >= paths.ahead.first:
            months = slice(
                max(period.first, paths.ahead.first) - paths.ahead.first, period.last - paths.ahead.first + 1
            )
            money = money + self._money(measured, months)
            for k in self._groups(measured):
                shift = self._shift(measured, k)[:, months]
                exponent.append(paths.exponent[:, k, months] + shift)
                loading.append(paths.loading[k, months])
                sign.append(np.full(shift.shape[1], self._sign(measured, k)))
        empty = np.zeros((paths.scale.size, 0))
        parts = [np.concatenate(part, axis=-1) if part else empty[0] for part in (loading, sign)]
        if not exponent and plain is None and given.drawn:
            return paths.behind.drawn_total(given)
        total = Total(
            money,
            np.concatenate(exponent, axis=1) if exponent else empty,
            parts[0],
            parts[1],
            paths.scale,
            paths.normal,
        )
        if plain is None:
            return total
        return Total(
            money, total.exponent, total.loading, total.sign, paths.scale, paths.normal, plain + total.values
        )

    def follows(self, measure: str, period: Period) -> bool:
        """Whether a total follows from published figures alone, within their errors."""
        if period.last >= self.paths.ahead.first:
            return False
        given, free, plain = self._behind(self.paths.measured(measure), period)
        drawn = self.paths.law.drawn
        return (
            plain is None
            and not free.any()
            and all(drawn[k].published for k, _ in given.drawn if k < len(drawn))
        )

    def ahead(self, measure: str) -> np.ndarray:
        """A measure in each draw, added up over the months ahead, from 0 before the first; shape (points, months ahead + 1).

        A period's total is the difference of two columns.
        """
        return self._keep("ahead", measure, lambda: self._added_up(self.paths.measured(measure)))

    @property
    def split_guessed(self) -> bool:
        """Whether a percent on one direction meets a stream of the law in which the figures tell no direction."""
        paths = self.paths
        mixed = [
            group
            for group in paths.groups
            if len({paths.scenario.streams[paths.order[i]].direction for i in group}) > 1
        ]
        if not mixed or self.effects.even:
            return False
        return any(
            not np.array_equal(self.effects.log_shift(group[0]), self.effects.log_shift(i))
            for group in mixed
            for i in group[1:]
        )

    def _added_up(self, measured: Measured) -> np.ndarray:
        paths = self.paths
        found = np.zeros((paths.scale.size, paths.ahead.months + 1))
        moved = (paths.scale * paths.normal)[:, None]
        for k in self._groups(measured):
            found[:, 1:] += self._sign(measured, k) * np.exp(
                paths.exponent[:, k] + self._shift(measured, k) + moved * paths.loading[k]
            )
        np.cumsum(found, axis=1, out=found)
        return found + self._money_added_up(measured)

    def _groups(self, measured: Measured) -> list[int]:
        return [k for k, group in enumerate(self.paths.groups) if measured.sign[list(group)].any()]

    def _sign(self, measured: Measured, group: int) -> float:
        return float(next(s for s in measured.sign[list(self.paths.groups[group])] if s))

    def _behind(self, measured: Measured, period: Period) -> tuple[Sum, np.ndarray, np.ndarray | None]:
        """(published sums, weights on free cells, or else simulated values) of a measure over months up to the last figure."""
        paths, behind = self.paths, self.paths.behind
        months = slice(period.first - paths.law.grid.first, period.last - paths.law.grid.first + 1)
        wanted = np.zeros((len(paths.groups), behind.months))
        for k in self._groups(measured):
            wanted[k, months] = (
                measured.sign[paths.groups[k][0]] if measured.whole(paths.groups[k]) else np.nan
            )
        if not np.isnan(wanted).any():
            found = behind.published(wanted.ravel())
            if found is not None:
                return found[0], found[1], None
        plain = np.zeros(paths.scale.size)
        flows = behind.flows.reshape(-1, len(paths.groups), behind.months)
        for k in self._groups(measured):
            group = list(paths.groups[k])
            share = 1.0 if measured.whole(group) else paths.weights[:, group] @ np.abs(measured.sign[group])
            plain = plain + np.sign(measured.sign[group].sum()) * share * flows[:, k, months].sum(axis=1)
        return Sum(), np.zeros(behind.size), plain

    def _money(self, measured: Measured, months: slice) -> np.ndarray:
        added = self._money_added_up(measured)
        return added[:, months.stop] - added[:, months.start]

    def _money_added_up(self, measured: Measured) -> np.ndarray:
        """Money that levers add, added up over the months ahead, from 0; shape (points or 1, months ahead + 1)."""

        def work_out() -> np.ndarray:
            monthly = self.effects.money(measured.sign)
            found = np.zeros((len(monthly), self.paths.ahead.months + 1))
            np.cumsum(
                np.broadcast_to(monthly, (len(monthly), self.paths.ahead.months)), axis=1, out=found[:, 1:]
            )
            return found

        return self._keep("money", measured.name, work_out)

    def _shift(self, measured: Measured, group: int) -> np.ndarray:
        """The log factor on a group's flow: what levers do, and the part of it that is measured; shape (points or 1, months ahead)."""
        return self._keep(
            "shift",
            (measured.name, group),
            lambda: self._work_out_shift(measured, list(self.paths.groups[group])),
        )

    def _work_out_shift(self, measured: Measured, members: list[int]) -> np.ndarray:
        months = self.paths.ahead.months
        if len(members) == 1 or (self.effects.even and measured.whole(members)):
            found = self.effects.log_shift(members[0])
        else:
            weights = self.paths.weights[:, members] * np.abs(measured.sign[members])
            found = np.log((weights[:, :, None] * self.effects.factor(members)).sum(axis=1))
        return np.broadcast_to(found, (len(found), months))

    def _keep(self, what: str, key: object, work_out: Callable[[], np.ndarray]) -> np.ndarray:
        if (what, key) not in self._kept:
            self._kept[what, key] = work_out()
        return self._kept[what, key]
