"""Sobol's points in binary digits (Sobol 1967), with the direction numbers of Joe and Kuo 2008.

They are read off the file that comes with SciPy: importing ``scipy.stats``, whose table is the same, takes
longer than most answers. Knows no scenario.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulator.caches import keep

DIRECTIONS = "stats/_sobol_direction_numbers.npz"  # in SciPy


def sobol_table(columns: int, points: int, bits: int) -> np.ndarray:
    """The first points as integers below 2**bits, in the order of Gray's code.

    Args:
        columns: of the table; one with more begins with the same.
        points: a power of two.
        bits: at least as many as the points have.

    Returns:
        shape (columns, points).
    """
    import scipy

    file = Path(scipy.__file__).parent / DIRECTIONS
    if not file.is_file():
        return _by_scipy(columns, points, bits)
    digits = points.bit_length() - 1
    polynomials, initial = _published(file)
    directions = _directions(polynomials[:columns], initial[:columns], digits)
    table = np.zeros((columns, points), dtype=np.int64)
    for digit in range(digits):
        half = 1 << digit
        direction = directions[:, digit, None] << (bits - 1 - digit)
        table[:, half : 2 * half] = table[:, half - 1 :: -1] ^ direction
    return table


@keep(1)
def _published(file: Path) -> tuple[np.ndarray, np.ndarray]:
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
