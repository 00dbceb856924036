"""The months up to the last figure, in every draw.

A published sum without an error is returned as printed, others as drawn; simulated months inside a sum are
rescaled to it, finest periods first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from simulator.caches import lazy
from simulator.model.drawn_sums import DrawnSums
from simulator.model.law import Law
from simulator.model.normals import Normals
from simulator.model.published import DrawnSum, UncertainFigure, Window
from simulator.model.span import RowSpan
from simulator.numerics.draws import Draws
from simulator.numerics.exponential_sums import Total
from simulator.values.periods import Period

TINIEST = 1e-300  # a positive number
RAKED = 30  # sweeps over sums that lie across one another (iterative fitting, Deming, Stephan 1940)
LEAST_REST = 1e-9  # of a sum, left to its free cells where the others come to more
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Sum:
    """Published sums added up: printed ones as decimals, and draws of others, as (number, weight)."""

    printed: Decimal = Decimal(0)
    drawn: tuple[tuple[int, float], ...] = ()

    def plus(self, other: Sum, weight: float) -> Sum:
        """With another one added, times a whole number."""
        return Sum(
            self.printed + int(weight) * other.printed,
            self.drawn + tuple((k, weight * part) for k, part in other.drawn),
        )


Block = tuple[np.ndarray, np.ndarray, Sum]  # a pinned sum: its cells, and those of them that were free before


class Behind:
    """The months up to the last figure, with the published sums pinned.

    A cell is a stream of the law in a month. ``blocks`` are the pinned sums, each (its cells, those of them
    that were free before, the sum); ``across`` lie across those pinned before them, such as quarters of a
    part across months.
    """

    def __init__(self, law: Law, draws: Draws, normals: Normals, sums: DrawnSums) -> None:
        self.law, self.draws, self.normals, self.sums = law, draws, normals, sums
        self.months = law.ahead - law.grid.first
        self.before = Period(law.grid.first, law.ahead - 1)
        self.cells = law.cells(self.before) if self.months else np.zeros(0, dtype=int)
        self.size = len(law.groups) * self.months
        figures: list[tuple[UncertainFigure | Window, np.ndarray]] = [*sums.figures(), *sums.rated_windows()]
        self.drawn = [*sums.amounts, *(amount for _, amount in figures)]
        self._kept: dict[Period, tuple[np.ndarray, np.ndarray]] = {}
        self._flows: dict[Period, np.ndarray] = {}
        self.blocks: list[Block] = []
        self.across: list[tuple[np.ndarray, Sum]] = []
        self.figures: dict[bytes, Sum] = {}
        self._owner = np.full(self.size, -1)  # the number of the block in which each cell was free, or -1
        within: list[DrawnSum | UncertainFigure | Window] = [*law.drawn, *(figure for figure, _ in figures)]
        pinned: list[tuple[Window | DrawnSum | UncertainFigure, Sum]] = [
            *((window, Sum(window.printed)) for window in law.printed_windows),
            *((figure, Sum(drawn=((k, 1.0),))) for k, figure in enumerate(within)),
        ]
        for figure, value in sorted(pinned, key=lambda pair: _finest_first(pair[0])):
            self._pin(self._cells_of(figure), value)

    def _cells_of(self, figure: Window | DrawnSum | UncertainFigure) -> np.ndarray:
        """The places of the cells that a sum adds up, in their order."""
        months = np.arange(self.months)[self.months_of(figure.period)]
        return (np.array(figure.streams)[:, None] * self.months + months).ravel()

    def months_of(self, period: Period) -> slice:
        """The columns of a period up to the last figure."""
        return slice(period.first - self.law.grid.first, period.last - self.law.grid.first + 1)

    def _pin(self, cells: np.ndarray, value: Sum) -> None:
        """Pin a sum of some cells, given by their places."""
        self.figures[cells.tobytes()] = value
        free = cells[self._owner[cells] < 0]
        if free.size:
            self._owner[free] = len(self.blocks)
            self.blocks.append((cells, free, value))
        elif self._by_blocks(self._weighing(cells)) is None:  # blocks alone do not settle it
            self.across.append((cells, value))

    def _weighing(self, cells: np.ndarray) -> np.ndarray:
        """A weight of 1 for some cells, given by their places; shape (cells,)."""
        weights = np.zeros(self.size)
        weights[cells] = 1
        return weights

    def published(self, wanted: np.ndarray) -> tuple[Sum, np.ndarray] | None:
        """A weighted sum of cells as published sums and cells that no published sum touches.

        Returns:
            (published part, weights left on free cells), or None where only a part of some published sum is
            wanted.
        """
        figure = self.figures.get(np.flatnonzero(wanted > 0).tobytes())
        if figure is not None and wanted.min() >= 0:
            # a total may be rounded apart from its parts: each returns its own figure
            return figure, np.zeros(self.size)
        by_blocks = self._by_blocks(wanted)
        if by_blocks is None or by_blocks[1].any():
            implied = self._implied(wanted)
            return by_blocks if implied is None else (implied, np.zeros(self.size))
        return by_blocks

    def _implied(self, wanted: np.ndarray) -> Sum | None:
        """The published sums, in whole numbers, that a weighted sum of cells is; None if there are none."""
        span, values = self._span
        implied = Sum()
        for sign, cells in ((1.0, (wanted > 0).astype(float)), (-1.0, (wanted < 0).astype(float))):
            weights = span.combination(cells) if cells.any() else np.zeros(0)
            if weights is None or np.any(np.abs(weights - np.round(weights)) > 1e-6):
                return None
            for k in np.flatnonzero(np.round(weights)):
                implied = implied.plus(values[k], sign * float(np.round(weights[k])))
        return implied

    @lazy
    def _span(self) -> tuple[RowSpan, list[Sum]]:
        """The published sums that do not follow from others, the finest first, and their values."""
        span = RowSpan(self.size)
        values = [
            value
            for cells, value in self.figures.items()
            if span.add(self._weighing(np.frombuffer(cells, dtype=int))) is None
        ]
        return span, values

    def _by_blocks(self, wanted: np.ndarray) -> tuple[Sum, np.ndarray] | None:
        """As ``published``, by the blocks alone."""
        left, amount = wanted.astype(float), Sum()
        seen = set(self._owner[left != 0].tolist()) - {-1}
        waiting = [-number for number in seen]
        heapq.heapify(waiting)
        while waiting:
            number = -heapq.heappop(waiting)
            cells, free, value = self.blocks[number]
            weight = left[free]
            if np.any(weight != weight[0]):
                return None
            if weight[0]:
                amount = amount.plus(value, float(weight[0]))
                left[cells] -= weight[0]
                inner = set(self._owner[cells].tolist()) - seen if cells.size > free.size else ()
                for other in inner:  # blocks that it holds as well
                    heapq.heappush(waiting, -other)
                seen.update(inner)
        return amount, left

    def amount(self, value: Sum) -> np.ndarray | float:
        """A sum in every draw, shape (points,), or one number where it is certain."""
        return float(value.printed) + sum((weight * self.drawn[k] for k, weight in value.drawn), 0.0)

    def drawn_total(self, value: Sum) -> Total:
        """A total of published sums, by the one error that moves it most; counted where sums are cut."""
        law, errors, scale = self.law, self.sums.errors, self.normals.scale
        places, weights = [k for k, _ in value.drawn], np.array([weight for _, weight in value.drawn])
        if self.sums.truncated or any(k >= len(law.drawn) for k in places):
            money, nothing = np.zeros(scale.shape) + self.amount(value), np.zeros(0)
            return Total(money, np.zeros((scale.size, 0)), nothing, nothing, scale, self.normals.integrated)
        logs = np.array([law.drawn[k].log for k in places])
        main = int(np.argmax(np.abs((weights * np.exp(logs)) @ law.root[places])))
        loading = law.root[places, main]
        exponent = logs + errors @ law.root[places].T - errors[:, main, None] * loading
        if law.rated:
            exponent = exponent + self.sums.rated @ law.rated_sums[places].T
        money = np.full(scale.shape, float(value.printed))
        exponent = exponent + np.log(np.abs(weights))
        return Total(money, exponent, loading, np.sign(weights), np.ones(scale.shape), errors[:, main])

    @property
    def exponent(self) -> np.ndarray:
        """Log flows less the integrated part, shape (points, cells)."""
        return self._parts(self.before)[0]

    @property
    def loading(self) -> np.ndarray:
        """The integrated normal's loading on each cell, shape (cells,)."""
        return self._parts(self.before)[1]

    def flows(self, period: Period) -> np.ndarray:
        """Simulated flows of some months, rescaled to the published sums, shape (points, groups, months)."""
        around = self._around(period) if self.law.within else self.before
        if around not in self._flows:
            self._flows[around] = self._rescaled(around)
        flow = self._flows[around].reshape(-1, len(self.law.groups), around.months)
        return flow[:, :, period.first - around.first : period.last - around.first + 1]

    def _around(self, period: Period) -> Period:
        """The fewest months around some in which no published sum and no block of months is cut."""
        around, left = self.law.blocks.around(period), self._pinned_periods
        while cut := {other for other in left if other.first <= around.last and around.first <= other.last}:
            first, last = min(p.first for p in cut), max(p.last for p in cut)
            around = self.law.blocks.around(Period(min(first, around.first), max(last, around.last)))
            left = left - cut
        return around

    @lazy
    def _pinned_periods(self) -> frozenset[Period]:
        """The months of every published sum."""
        sums = [*(cells for cells, _, _ in self.blocks), *(cells for cells, _ in self.across)]
        first = self.law.grid.first
        return frozenset(
            Period(first + int(cells[0]) % self.months, first + int(cells[-1]) % self.months)
            for cells in sums
        )

    @lazy
    def _axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """How cells load on the first normal ahead, the rest, and others of their own, and these drawn."""
        law, normals, cells = self.law, self.normals, self.cells
        remaining, front = normals.remaining, law.cells(law.months_ahead)
        first, rest = normals.basis.onto(remaining[np.ix_(cells, front)])
        left = remaining[np.ix_(cells, cells)] - np.outer(first, first) - rest @ rest.T
        values, vectors = np.linalg.eigh((left + left.T) / 2)
        kept = values > RANK_TOLERANCE * max(float(values[-1]), TINIEST)
        root = vectors[:, kept] * np.sqrt(values[kept])
        return first, rest, root, self.draws.normal([f"behind.{i}" for i in range(root.shape[1])])

    def _parts(self, period: Period) -> tuple[np.ndarray, np.ndarray]:
        """Log flows of a period less the integrated part, and its loading; no block of months is cut."""
        if period not in self._kept:
            self._kept[period] = self._work_out(period)
        return self._kept[period]

    def _work_out(self, period: Period) -> tuple[np.ndarray, np.ndarray]:
        law, normals = self.law, self.normals
        at = slice(None) if period == self.before else np.searchsorted(self.cells, law.cells(period))
        cells, (first, rest, root, drawn) = self.cells[at], self._axes
        loading, deviation = normals.loads(cells, first[at], rest[at])
        median = law.mean[:, self.months_of(period)].ravel()
        deviation = law.by_month(deviation + drawn @ root[at].T, period)
        if law.within:
            deviation = deviation + law.within.drawn(self.draws, period)
        exponent = median + normals.scale[:, None] * deviation
        exponent = exponent + law.by_month(self.sums.errors @ law.lift[cells].T, period)
        if law.rated:
            exponent = exponent + law.by_month(self.sums.rated @ law.gain[cells].T, period)
        return exponent, law.by_month(loading, period)

    def _rescaled(self, period: Period) -> np.ndarray:
        """The flows of a period that cuts no published sum, shape (points, its cells)."""
        exponent, loading = self._parts(period)
        flow = np.exp(exponent + (self.normals.scale * self.normals.integrated)[:, None] * loading)
        for cells, free, value in self._inside(period, self.blocks):
            amount = self.amount(value)
            rest = amount - flow[:, np.setdiff1d(cells, free, assume_unique=True)].sum(axis=1)
            flow[:, free] *= (np.maximum(rest, LEAST_REST * amount) / flow[:, free].sum(axis=1))[:, None]
        across = [(cells, cells, value) for cells, value in self.across]
        across = list(self._inside(period, across))
        for _ in range(RAKED if across else 0):
            for cells, _, value in [*across, *self._inside(period, self.blocks)]:
                amount = self.amount(value)
                flow[:, cells] *= (amount / np.maximum(flow[:, cells].sum(axis=1), TINIEST))[:, None]
        return flow

    def _inside(self, period: Period, blocks: Iterable[Block]) -> Iterator[Block]:
        """Those of some pinned sums that lie in a period, on its cells alone."""
        months = self.months_of(period)

        def inside(cells: np.ndarray) -> np.ndarray:
            stream, month = np.divmod(cells, self.months)
            within = (month >= months.start) & (month < months.stop)
            return np.asarray(stream * period.months + month - months.start)[within]

        for cells, free, value in blocks:
            chosen = inside(cells)
            if chosen.size:
                yield chosen, inside(free), value


def _finest_first(figure: Window | DrawnSum | UncertainFigure) -> tuple[int, int, Period, tuple[int, ...]]:
    """By length and width, then by place."""
    return figure.period.months, len(figure.streams), figure.period, figure.streams
