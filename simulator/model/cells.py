"""The cells of a law: streams by blocks of months, single months where these are few.

Where streams times months are many, the months of a year far back, of which only the sum is known, are one
cell, and so are months far ahead. A cell is the mean of the log flows of its months. How these lie around it
is drawn beside the law, as the prior has it: independent of other blocks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.caches import keep
from simulator.model.equations import Equation
from simulator.numerics.draws import Draws
from simulator.values.periods import Period

FINE = 600  # cells up to which each is a month; beyond, blocks no longer than needed
MEMORY = 2**25  # bytes of normals that are kept
BLOCKS = (1, 3, 6, 12)  # months of a block ahead, tried in turn; behind, only figures and years end a block


@dataclass(frozen=True)
class Cells:
    """The cells of a law: some streams, each over all months of a period in blocks.

    ``edges`` are the first months of the blocks, in order; none where each is a single month.
    """

    streams: int
    months: Period
    edges: tuple[int, ...] = ()

    @classmethod
    def fitting(
        cls,
        streams: int,
        months: Period,
        ahead: int,
        equations: Sequence[Equation],
        struck: Iterable[Period] = (),
    ) -> Cells:
        """The finest of the blocks of which there are few enough.

        Args:
            streams: their number.
            months: of the law.
            ahead: the first month after the last figure, which begins a block.
            equations: no block lies across the ends of one.
            struck: periods of known shocks, which have an effect on each of their months: these are blocks of
                their own.
        """
        ends = _ends(months, ahead, equations, struck)
        cells = cls(streams, months)
        for length in BLOCKS:
            if cells.size <= FINE:
                break
            cells = cls(streams, months, _edges(months, ahead, ends, length))
        return cells

    @property
    def coarse(self) -> bool:
        """Whether some cell is longer than a month."""
        return bool(self.edges)

    @property
    def blocks(self) -> int:
        """How many blocks a stream has."""
        return len(self.edges) or self.months.months

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.streams * self.blocks

    @property
    def lengths(self) -> np.ndarray:
        """The months of each cell, shape (cells,)."""
        return np.tile(np.bincount(self._block_of(self.months)).astype(float), self.streams)

    def of(self, streams: Sequence[int], period: Period) -> np.ndarray:
        """The places of some streams in the blocks of a period, shape (streams x blocks,)."""
        between = np.arange(*self._ends_of(period))
        return (np.asarray(streams)[:, None] * self.blocks + between).ravel()

    def around(self, period: Period) -> Period:
        """The months of all blocks of which a period has any."""
        if not self.coarse:
            return period
        first, end = self._ends_of(period)
        return Period(self.edges[first], (*self.edges, self.months.last + 1)[end] - 1)

    def masks(self, equations: Sequence[Equation]) -> np.ndarray:
        """How many months of each cell each sum adds up, shape (equations, cells)."""
        shape = len(equations), self.streams, self.blocks
        masks = np.zeros(shape, dtype=float if self.coarse else bool)
        months = {period: self._months_by_block(period) for period in {e.period for e in equations}}
        for row, equation in enumerate(equations):
            first, end = self._ends_of(equation.period)
            masks[row, equation.streams, first:end] = months[equation.period]
        return masks.reshape(len(equations), self.size)

    def by_month(self, values: np.ndarray, period: Period) -> np.ndarray:
        """Values of the cells of a period of all streams, for each stream and month.

        Args:
            values: shape (..., streams x blocks of the period).
            period: begins and ends with a block.

        Returns:
            shape (..., streams x months).
        """
        if not self.coarse:
            return values
        blocks = self._block_of(period)
        count = blocks[-1] - blocks[0] + 1
        places = np.arange(self.streams)[:, None] * count + blocks - blocks[0]
        return np.take(values, places.ravel(), axis=-1)

    def sums(self, values: np.ndarray, period: Period) -> np.ndarray:
        """Values of the months of a period added up by block, shape (..., months) to (..., blocks)."""
        if not self.coarse:
            return values
        blocks = self._block_of(period)
        return np.add.reduceat(values, np.flatnonzero(np.diff(blocks, prepend=-1)), axis=-1)

    def means(self, values: np.ndarray) -> np.ndarray:
        """The means of values of all months by block, shape (..., months) to (..., blocks)."""
        return values if not self.coarse else values @ self._averages.T

    def months_of(self, mean: np.ndarray, prior: np.ndarray) -> np.ndarray:
        """The mean of each month: that of its cell, and the slope of the prior within it.

        Args:
            mean: of the cells, shape (cells,).
            prior: of the months, shape (streams, months).
        """
        if not self.coarse:
            return mean.reshape(self.streams, -1)
        moved = mean.reshape(self.streams, -1) - self.means(prior)
        return prior + moved[:, self._block_of(self.months)]

    def between(self, temporal: np.ndarray) -> np.ndarray:
        """The covariance of the blocks' means, given that of the months, shape (months, months)."""
        if not self.coarse:
            return temporal
        between = self._averages @ temporal @ self._averages.T
        return (between + between.T) / 2

    def within(self, temporal: np.ndarray) -> np.ndarray:
        """The covariance of the months around the mean of their block, shape (months, months).

        That of months in different blocks is left out.
        """
        if not self.coarse:
            return np.zeros((0, 0))
        within = np.zeros_like(temporal)
        for places in self.alike(self.months):
            block = places[:, :, None], places[:, None, :]
            apart = np.eye(places.shape[1]) - 1 / places.shape[1]
            within[block] = apart @ temporal[block] @ apart
        return within

    def spread(self, within: np.ndarray) -> np.ndarray | float:
        """The mean variance of the months of a cell around it, shape (cells,), at the usual volatility."""
        return np.tile(self._averages @ np.diag(within), self.streams) if self.coarse else 0.0

    def lifted(self, within: np.ndarray, volatility: np.ndarray, square_scale: float) -> np.ndarray:
        """What the months of a cell add up to for each exponential of their mean, shape (cells,)."""
        return np.exp(square_scale * np.repeat(volatility, self.blocks) * self.spread(within) / 2)

    def alike(self, period: Period) -> Iterator[np.ndarray]:
        """The places in a period of its blocks' months, shape (blocks, length), one length at a time."""
        first, lengths = np.unique(self._block_of(period), return_index=True, return_counts=True)[1:]
        for length in np.unique(lengths):
            yield first[lengths == length, None] + np.arange(length)

    @property
    def _averages(self) -> np.ndarray:
        """The weight of each month in the mean of each block, shape (blocks, months)."""
        rows = np.arange(self.blocks)[:, None] == self._block_of(self.months)
        return rows / rows.sum(axis=1, keepdims=True)

    def _ends_of(self, period: Period) -> tuple[int, int]:
        """The number of a period's first block, and of the first one after it."""
        if not self.coarse:
            return period.first - self.months.first, period.last - self.months.first + 1
        return bisect_right(self.edges, period.first) - 1, bisect_right(self.edges, period.last)

    def _months_by_block(self, period: Period) -> np.ndarray:
        """How many months of a period each of its blocks holds, shape (blocks of the period,)."""
        blocks = self._block_of(period)
        return np.bincount(blocks - blocks[0])

    def _block_of(self, period: Period) -> np.ndarray:
        """The number of the block of each month of a period, shape (months,)."""
        months = np.arange(period.first, period.last + 1)
        if not self.coarse:
            return months - self.months.first
        return np.searchsorted(np.array(self.edges), months, side="right") - 1


def _ends(months: Period, ahead: int, equations: Sequence[Equation], struck: Iterable[Period]) -> set[int]:
    """The months of a law at which some block begins, whatever the length of blocks ahead.

    The arguments are those of ``Cells.fitting``.
    """
    ends = {months.first, ahead}
    for equation in equations:
        sides = (equation, equation.other_side) if equation.compares else (equation,)
        for period in (side.period for side in sides):
            ends |= {period.first, period.last + 1}
    for period in struck:
        ends |= {*period, period.last + 1}
    ends |= {month for month in range(months.first, ahead) if month % 12 == 0}
    return ends & set(months)


def _edges(months: Period, ahead: int, ends: set[int], length: int) -> tuple[int, ...]:
    """The first month of each block.

    Args:
        months: of the law.
        ahead: the first month after the last figure.
        ends: months at which a block begins.
        length: of blocks ahead, counted from January.
    """
    return tuple(sorted(ends | {month for month in range(ahead, months.last + 1) if month % length == 0}))


@dataclass(frozen=True)
class Within:
    """How the months of coarse cells lie around their means: nothing where every cell is a month.

    ``temporal`` has shape (months, months), ``correlation`` (streams, streams), ``volatility`` (streams,).
    """

    cells: Cells
    temporal: np.ndarray
    correlation: np.ndarray
    volatility: np.ndarray

    def __bool__(self) -> bool:
        return self.cells.coarse

    def drawn(self, draws: Draws, period: Period) -> np.ndarray:
        """Deviations of the months of a period, which begins and ends with a block, in every draw.

        Returns:
            shape (points, streams x months).
        """
        first = period.first - self.cells.months.first
        at = slice(first, first + period.months)
        temporal = self.temporal[at, at]
        streams = np.sqrt(self.volatility)[:, None] * np.linalg.cholesky(self.correlation)
        normals = _normals(draws, self.cells.streams, period)
        around = np.empty_like(normals)
        for places in self.cells.alike(period):
            values, vectors = np.linalg.eigh(temporal[places[:, :, None], places[:, None, :]])
            months = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
            around[:, places] = months @ normals[:, places]
        return (streams @ around.reshape(self.cells.streams, -1)).reshape(-1, normals.shape[-1]).T


@keep(MEMORY, size=lambda normals: normals.nbytes)
def _normals(draws: Draws, streams: int, period: Period) -> np.ndarray:
    """The normals behind the months within their blocks, shape (streams, months, points)."""
    names = [f"within.{k}.{m}" for k in range(streams) for m in range(period.first, period.last + 1)]
    normals = draws.normal(names).T.reshape(streams, period.months, -1)
    normals.flags.writeable = False
    return normals
