"""Common random numbers: every column of draws belongs to a name, and to nothing else.

The unscrambled Sobol table is prefix-stable, so a name keeps its column when others are added after it; each column is
scrambled by a linear matrix and a digital shift (Matousek 1998) from a generator of its own, keyed by seed and name. The points come in
``SCRAMBLES`` independent scrambles, whose spread gives the standard error.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

BITS = 30
SCRAMBLES = 8
LEAST_POINTS, MOST_POINTS = 16, 2**20


def check_points(points: int) -> int:
    """The number of points, if it can be drawn.

    Raises:
        ValueError: it is no power of two from ``LEAST_POINTS`` to ``MOST_POINTS``.
    """
    if not isinstance(points, int) or isinstance(points, bool) or not LEAST_POINTS <= points <= MOST_POINTS or points & (points - 1):
        raise ValueError(f"found {points} points, expected a power of two from {LEAST_POINTS} to {MOST_POINTS:,} such as 2048")
    return points


@dataclass(frozen=True)
class Layout:
    """Which name owns which column: an explicit argument, so that two scenarios can share one."""

    names: tuple[str, ...]

    def extended(self, names: Iterable[str]) -> Layout:
        """The same columns, followed by those of the names that are new."""
        return Layout(tuple(dict.fromkeys((*self.names, *names))))


@dataclass(frozen=True)
class Draws:
    """Uniform draws by name, the same for the same (layout, points, seed).

    ``twins`` are names whose numbers are drawn again, from columns of their own: two sets of draws that share all other numbers,
    as variance-based sensitivity needs them. A name stands for every draw under it: ``levers.rules`` for ``levers.rules.percent``.
    """

    layout: Layout
    points: int
    seed: int
    twins: frozenset[str] = frozenset()

    def uniform(self, names: Sequence[str]) -> np.ndarray:
        """Numbers strictly between 0 and 1.

        Args:
            names: any names; one that the layout does not know gets plain independent draws, keyed by the name.

        Returns:
            shape (points, names), rows grouped by scramble.
        """
        return _columns(*self._drawn(names), check_points(self.points), self.seed)

    def normal(self, names: Sequence[str]) -> np.ndarray:
        """Standard normal draws, shape (points, names)."""
        return _normals(*self._drawn(names), check_points(self.points), self.seed)

    def _drawn(self, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The layout, with the twins' columns if there are any, and the names of the columns that stand for some names."""
        if not self.twins:
            return self.layout.names, tuple(names)
        known = tuple(f"{name}'" for name in self.layout.names)  # all of them, so that a name's twin does not move with the choice
        return (*self.layout.names, *known), tuple(f"{name}'" if self._twinned(name) else name for name in names)

    def _twinned(self, name: str) -> bool:
        while name and name not in self.twins:
            name = name.rpartition(".")[0]
        return bool(name)


@lru_cache(maxsize=16)
def _columns(layout: tuple[str, ...], names: tuple[str, ...], points: int, seed: int) -> np.ndarray:
    place = {name: index for index, name in enumerate(layout)}
    table = _sobol(_width(len(layout)), points // SCRAMBLES)
    drawn = np.empty((points, len(names)))
    for column, name in enumerate(names):
        generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
        drawn[:, column] = _scrambled(table[place[name]], generator) if name in place else generator.random(points)
    drawn.flags.writeable = False
    return drawn


@lru_cache(maxsize=16)
def _normals(layout: tuple[str, ...], names: tuple[str, ...], points: int, seed: int) -> np.ndarray:
    from scipy.special import ndtri

    drawn = ndtri(_columns(layout, names, points, seed))
    drawn.flags.writeable = False
    return drawn


def _width(columns: int) -> int:
    """A table width that many layouts share."""
    return max(64, 1 << (columns - 1).bit_length())


@lru_cache(maxsize=4)
def _sobol(columns: int, points: int) -> np.ndarray:
    """The unscrambled table as whole numbers below 2**BITS, shape (columns, points)."""
    from scipy.stats import qmc

    table = qmc.Sobol(columns, scramble=False, bits=BITS).random_base2(points.bit_length() - 1)
    whole = np.ascontiguousarray((table * 2**BITS).T.astype(np.int64))
    whole.flags.writeable = False
    return whole


def _scrambled(column: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """One column under all scrambles, shape (scrambles * points of one,)."""
    keys = generator.integers(0, 2**BITS, size=(SCRAMBLES, BITS + 1))
    mixed = np.broadcast_to(keys[:, -1:], (SCRAMBLES, column.size)).copy()
    for bit in range(column.size.bit_length() - 1):  # only the leading bits of the first points are set
        power = 1 << (BITS - 1 - bit)
        image = (keys[:, bit] & (power - 1)) | power  # unit lower-triangular: a digit moves only itself and finer ones
        mixed ^= np.where(column & power, image[:, None], 0)
    return ((mixed + 0.5) / 2**BITS).ravel()
