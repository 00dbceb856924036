"""Common random numbers: every column of draws belongs to a name, and to nothing else.

The unscrambled Sobol table is prefix-stable, so a name keeps its column when others are added after it; each
column is scrambled by a linear matrix and a digital shift (Matousek 1998) from a generator of its own, keyed
by seed and name. Beyond the table's ``COLUMNS`` columns numbers are plain ones of that generator. The points
come in independent scrambles, eight or four, whose spread gives the standard error.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.caches import MEGABYTE, keep, lazy
from simulator.numerics.points import FEW_POINTS as FEW_POINTS
from simulator.numerics.points import POINTS as POINTS
from simulator.numerics.points import SEED as SEED
from simulator.numerics.points import check_points as check_points
from simulator.numerics.points import scramble_count as scramble_count
from simulator.numerics.sobol_table import sobol_at

BITS = 30
COLUMNS = 2**12  # of the table; a name beyond them gets plain draws, so that any number of names can be drawn
MEMORY = 2**25  # bytes of columns that are kept, and twice as many of normals


@dataclass(frozen=True)
class Layout:
    """Which name owns which column: an explicit argument, so that two scenarios can share one."""

    names: tuple[str, ...]

    def extended(self, names: Iterable[str]) -> Layout:
        """The same columns, followed by those of the names that are new."""
        return Layout(tuple(dict.fromkeys((*self.names, *names))))

    @lazy
    def _hash(self) -> int:
        return hash(self.names)

    def __hash__(self) -> int:
        """Of thousands of names, and asked for with every column: worked out once."""
        return self._hash


@dataclass(frozen=True)
class Draws:
    """Uniform draws by name, the same for the same (layout, points, seed).

    ``twins`` are names whose numbers are drawn again, from columns of their own: two sets of draws that share
    all other numbers, as variance-based sensitivity needs them. A name stands for every draw under it:
    ``levers.rules`` for ``levers.rules.percent``.
    """

    layout: Layout
    points: int
    seed: int
    twins: frozenset[str] = frozenset()

    def uniform(self, names: Sequence[str]) -> np.ndarray:
        """Numbers strictly between 0 and 1.

        Args:
            names: any names; one that the layout does not know, or has beyond ``COLUMNS``, gets plain
                independent draws, keyed by the name.

        Returns:
            shape (points, names), rows grouped by scramble.
        """
        return self._matrix(_column, names)

    def normal(self, names: Sequence[str]) -> np.ndarray:
        """Standard normal draws, shape (points, names)."""
        return self._matrix(_normal, names)

    def _matrix(self, column: Callable[..., np.ndarray], names: Sequence[str]) -> np.ndarray:
        places, points = _places(self.layout), check_points(self.points)
        drawn = [f"{name}'" if self.twins and self._twinned(name) else name for name in names]

        def drawn_of(name: str) -> np.ndarray:
            # plain draws begin alike however many there are: those of fewer points need none of their own
            place = places.get(name)
            length = points if place is not None else max(points, POINTS)
            return column(place, name, length, self.seed)[:points]

        if len(drawn) == 1:
            return drawn_of(drawn[0])[:, None]
        matrix = np.empty((points, len(drawn)), order="F")
        for index, name in enumerate(drawn):
            matrix[:, index] = drawn_of(name)
        return matrix

    def _twinned(self, name: str) -> bool:
        while name and name not in self.twins:
            name = name.rpartition(".")[0]
        return bool(name)


@keep(MEMORY, size=lambda column: column.nbytes)
def _column(place: int | None, name: str, points: int, seed: int) -> np.ndarray:
    """The uniforms of one name, kept, shape (points,)."""
    drawn = _uniform(place, name, points, seed)
    drawn.flags.writeable = False
    return drawn


def _uniform(place: int | None, name: str, points: int, seed: int) -> np.ndarray:
    """The uniforms of one name, off the table's column at a place or, without one, plain; shape (points,)."""
    generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
    if place is None:
        return np.maximum(generator.random(points), 2.0**-54)  # the generator may give 0
    count = scramble_count(points)
    digits = (points // count).bit_length() - 1
    return _scrambled(_sobol(_width(place + 1), digits)[place], count, generator)


@keep(2 * MEMORY, size=lambda column: column.nbytes)
def _normal(place: int | None, name: str, points: int, seed: int) -> np.ndarray:
    """The same as a standard normal, shape (points,)."""
    from scipy.special import ndtri

    drawn = np.asarray(ndtri(_uniform(place, name, points, seed)))
    drawn.flags.writeable = False
    return drawn


def uniform_of(normal: np.ndarray) -> np.ndarray:
    """The uniforms of standard normals, of any shape: strictly between 0 and 1."""
    from scipy.special import ndtr

    return np.clip(ndtr(normal), 2.0**-54, 1 - 2.0**-53)


@keep(4 * MEGABYTE)
def _places(layout: Layout) -> dict[str, int]:
    """The column of each name, and of its twin behind all names, where no choice of twins moves it."""
    count = len(layout.names)
    places = {name: place for place, name in enumerate(layout.names[:COLUMNS])}
    twins = layout.names[: max(COLUMNS - count, 0)]
    return places | {f"{name}'": count + place for place, name in enumerate(twins)}


def _width(columns: int) -> int:
    """A table width that many layouts share."""
    return max(256, 1 << (columns - 1).bit_length())


@keep(4 * MEGABYTE)
def _sobol(columns: int, digits: int) -> np.ndarray:
    """The unscrambled points whose numbers are powers of 2, as integers below 2**BITS.

    Shape (columns, digits). A wider table begins with a narrower one.
    """
    integers = sobol_at(columns, 1 << np.arange(digits), BITS)
    integers.flags.writeable = False
    return integers


def _scrambled(directions: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """One column under all scrambles, shape (scrambles * 2**digits,).

    Args:
        directions: of the column, shape (digits,): a point is the sum, digit by digit, of those whose numbers
            are the powers of 2 in its own.
        count: of the scrambles.
        generator: of their digits.
    """
    keys = generator.integers(0, 2**BITS, size=(count, BITS + 1))
    digits = directions.size  # only the leading bits of the first points are set
    powers = 1 << (BITS - 1 - np.arange(digits))
    # unit lower-triangular: a digit moves only itself and finer ones
    images = (keys[:, :digits] & (powers - 1)) | powers
    parts = np.bitwise_xor.reduce(np.where(directions[:, None] & powers, images[:, None], 0), axis=-1)
    mixed = np.empty((count, 1 << digits), dtype=keys.dtype)
    mixed[:, 0] = keys[:, -1]
    for digit in range(digits):
        size = 1 << digit
        mixed[:, size : 2 * size] = mixed[:, :size] ^ parts[:, digit, None]
    return ((mixed + 0.5) / 2**BITS).ravel()
