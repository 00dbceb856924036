"""Where in a box many sets of numbers lie: points of Sobol's sequence, or a Latin hypercube.

The place of every set follows from its number alone, so that any part of a design can be worked out by
itself and nothing is held of the others. A coordinate belongs to a name: it stays as it is when others are
added after it. Knows no scenario.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from simulator.numerics.sobol_table import sobol_at

BITS = 30  # binary digits of a coordinate of Sobol's sequence: as many sets as 2**BITS
ROUNDS = 4  # of a Feistel network: three give what cannot be told from a permutation drawn at random
_MIX = (
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)  # of SplitMix64 (Steele and others 2014)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def sobol(indices: np.ndarray, names: Sequence[str], seed: int) -> np.ndarray:
    """Points of Sobol's sequence under a random digital shift of each coordinate (Cranley, Patterson 1976).

    Args:
        indices: the numbers of the points, below 2**BITS, shape (sets,).
        names: of the coordinates.
        seed: of the shifts.

    Returns:
        strictly between 0 and 1, shape (sets, names).
    """
    shifts = np.array([_key(name, seed) >> np.uint64(64 - BITS) for name in names], dtype=np.int64)
    digits = sobol_at(len(names), indices, BITS) ^ shifts[:, None]
    return np.asarray((digits.T + 0.5) / 2**BITS)


def latin(indices: np.ndarray, names: Sequence[str], seed: int, count: int) -> np.ndarray:
    """Rows of a Latin hypercube: as many equal parts of each coordinate as sets, and one set in each.

    McKay, Beckman, Conover 1979; the order of the parts is a permutation that a Feistel network gives, walked
    along its cycle where it leaves the numbers (Black, Rogaway 2002).

    Args:
        indices: the numbers of the sets, below ``count``, shape (sets,).
        names: of the coordinates.
        seed: of the permutations and of the places inside the parts.
        count: how many sets there are in all.

    Returns:
        strictly between 0 and 1, shape (sets, names).
    """
    columns = []
    for name in names:
        key = _key(name, seed)
        part = _permuted(indices.astype(np.uint64), key, count)
        inside = (_mixed(part ^ _mixed(key ^ _STEP)) >> np.uint64(12)).astype(float) + 0.5
        columns.append((part + inside / 2**52) / count)
    return np.clip(np.stack(columns, axis=1), 2.0**-54, 1 - 2.0**-53)


def _permuted(numbers: np.ndarray, key: np.uint64, count: int) -> np.ndarray:
    """Each number below ``count`` to another, no two to the same."""
    half = np.uint64(max(1, ((count - 1).bit_length() + 1) // 2))
    moved = _network(numbers, key, half)
    while (outside := moved >= count).any():
        moved[outside] = _network(moved[outside], key, half)
    return moved


def _network(numbers: np.ndarray, key: np.uint64, half: np.uint64) -> np.ndarray:
    """A Feistel network on numbers of twice ``half`` bits: one to one, whatever its rounds do."""
    mask = np.uint64((1 << int(half)) - 1)
    left, right = numbers >> half, numbers & mask
    for turn in range(ROUNDS):
        with np.errstate(over="ignore"):
            salt = key + np.uint64(turn) * _STEP
        left, right = right, left ^ (_mixed(right ^ salt) & mask)
    return np.asarray((left << half) | right)


def _key(name: str, seed: int) -> np.uint64:
    """64 bits of a name and a seed."""
    return np.uint64(
        np.random.SeedSequence([seed, zlib.crc32(name.encode())]).generate_state(1, np.uint64)[0]
    )


def _mixed(numbers: np.ndarray | np.uint64) -> np.ndarray:
    """64 bits stirred: each digit of the answer depends on all of the number."""
    with np.errstate(over="ignore"):
        mixed = (np.asarray(numbers) ^ (numbers >> np.uint64(30))) * _MIX[0]
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[1]
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
