"""Sobol's points in binary digits (Sobol 1967), with the direction numbers of Joe and Kuo 2008.

They are read off the file that comes with SciPy: importing ``scipy.stats``, whose table is the same, takes
longer than most answers. Knows no scenario.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulator.caches import MEGABYTE, Cache, keep


def sobol_at(columns: int, indices: np.ndarray, bits: int) -> np.ndarray:
    """Points by their numbers, in the order of Gray's code, as integers below 2**bits.

    Args:
        columns: of the table; one with more begins with the same.
        indices: of the points, from 0 and below 2**bits, shape (points,).
        bits: at least as many as the greatest index has.

    Returns:
        shape (columns, points).
    """
    digits = int(indices.max(initial=0)).bit_length()
    file = published()
    if not file.is_file():
        return _by_scipy(columns, 1 << digits, bits)[:, indices]
    polynomials, initial = _numbers(file)
    directions = _directions(polynomials[:columns], initial[:columns], digits)
    gray = indices ^ (indices >> 1)
    table = np.zeros((columns, indices.size), dtype=np.int64)
    for digit in range(digits):
        table ^= np.where(gray >> digit & 1, directions[:, digit, None] << (bits - 1 - digit), 0)
    return table


def published() -> Path:
    """Where the file that comes with SciPy is, if it is there."""
    import scipy

    return Path(scipy.__file__).parent / "stats/_sobol_direction_numbers.npz"


@keep(Cache(__name__, 4 * MEGABYTE, published=True))
def _numbers(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """The polynomials of all columns, shape (columns,), and their first numbers, shape (columns, degrees)."""
    with np.load(file) as numbers:
        return numbers["poly"], numbers["vinit"]


def _directions(polynomials: np.ndarray, initial: np.ndarray, digits: int) -> np.ndarray:
    """The direction numbers of each column, shape (columns, digits); the last one has as many digits.

    The recurrence is that of Bratley and Fox 1988: of a primitive polynomial of degree s with coefficients a,
    ``m[k] = 2 a[1] m[k - 1] ^ ... ^ 2**s a[s] m[k - s] ^ m[k - s]``.

    Args:
        polynomials: their coefficients as binary digits, shape (columns,).
        initial: the first numbers of each, as many as its degree, shape (columns, at least the degrees).
        digits: how many are wanted.
    """
    directions = np.zeros((len(polynomials), digits), dtype=np.int64)
    degrees = np.array([polynomial.bit_length() - 1 for polynomial in polynomials.tolist()])
    for degree in np.unique(degrees):
        rows = degrees == degree
        numbers = list(initial[rows, : max(degree, 1)].T)
        coefficients = [polynomials[rows] >> (degree - k) & 1 for k in range(degree + 1)]
        for digit in range(len(numbers), digits):
            number = numbers[digit - degree] if degree else np.ones_like(numbers[0])
            for k in range(1, degree + 1):
                number = number ^ (coefficients[k] * numbers[digit - k] << k)
            numbers.append(number)
        directions[rows] = np.transpose(numbers[:digits])
    return directions


def _by_scipy(columns: int, points: int, bits: int) -> np.ndarray:
    """The same table from SciPy itself."""
    from scipy.stats import qmc

    table = qmc.Sobol(columns, scramble=False, bits=bits).random_base2(points.bit_length() - 1)
    return np.ascontiguousarray((table * 2**bits).T.astype(np.int64))
