"""What figures imply: the linear algebra of the months and streams that they add up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from simulator.model.equations import Equation
from simulator.model.foreign import weighted
from simulator.values.address import Address
from simulator.values.periods import Period

IN_SPAN = 1e-7  # of a row's length: what is left of it outside the span of the others
NO_WEIGHT = 1e-6  # of a member in a combination


class RowSpan:
    """What follows from some rows: combinations of them, by Gram-Schmidt with the coefficients kept.

    Each row is made orthogonal twice, which is enough (Kahan, in Parlett 1980, The Symmetric Eigenvalue
    Problem, 6.9).
    """

    def __init__(self, size: int, most: int) -> None:
        self.count = 0
        self._met = np.zeros(size, dtype=bool)  # by some row
        self._basis = np.zeros((most, size))
        self._coefficients = np.zeros((most, most))

    def add(self, row: np.ndarray) -> np.ndarray | None:
        """Take a row in, unless it follows from those before it.

        Returns:
            None or, of one that follows, the weights of those before it, shape (rows taken in,).
        """
        weights, left = self._split(row)
        length = float(np.linalg.norm(left))
        if length <= IN_SPAN * float(np.linalg.norm(row)):
            return weights
        self._met |= row != 0
        self._basis[self.count] = left / length
        self._coefficients[self.count, : self.count] = -weights / length
        self._coefficients[self.count, self.count] = 1 / length
        self.count += 1
        return None

    def combination(self, row: np.ndarray) -> np.ndarray | None:
        """The weights of the rows that add up to a row, shape (rows taken in,); None where none do."""
        weights, left = self._split(row)
        return weights if float(np.linalg.norm(left)) <= IN_SPAN * float(np.linalg.norm(row)) else None

    def _split(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The combination nearest to a row, and what it leaves of the row."""
        if not self._met[row != 0].any():
            return np.zeros(self.count), row
        basis = self._basis[: self.count]
        along = basis @ row
        left = row - along @ basis
        again = basis @ left
        return (along + again) @ self._coefficients[: self.count, : self.count], left - again @ basis


class Span:
    """The sums that follow from some equations.

    Args:
        equations: all that will be taken in or asked for; only their periods and streams count.
    """

    def __init__(self, equations: Sequence[Equation]) -> None:
        edges = sorted({edge for e in equations for edge in (e.period.first, e.period.last + 1)})
        self.column = {edge: number for number, edge in enumerate(edges)}
        self.shape = 1 + max(stream for e in equations for stream in e.touched), len(edges) - 1
        self.members: list[Equation] = []
        self._rows = RowSpan(self.shape[0] * self.shape[1], len(equations))

    def add(self, equation: Equation) -> Equation | None:
        """Take an equation in; or, where the members imply its sum already, what they say of it."""
        weights = self._rows.add(self._row_of(equation))
        if weights is not None:
            return self._combined(equation, weights)
        self.members.append(equation)
        return None

    def implied(self, like: Equation) -> Equation | None:
        """What the members say of the sum that an equation is of; None where it does not follow from them."""
        if any(edge not in self.column for edge in (like.period.first, like.period.last + 1)):
            return None
        weights = self._rows.combination(self._row_of(like))
        return None if weights is None else self._combined(like, weights)

    def _combined(self, like: Equation, weights: np.ndarray) -> Equation:
        """The members by their weights, as an equation of the sum that another one is of."""
        pairs = zip(weights, self.members, strict=True)
        parts = [(round(float(w), 6), member) for w, member in pairs if abs(w) > NO_WEIGHT]
        printed = _printed(parts)
        return Equation(
            _addresses(member for _, member in parts),
            like.measure,
            like.streams,
            like.period,
            sum(w * member.value for w, member in parts) if printed is None else float(printed),
            math.hypot(*(w * member.error for w, member in parts)),
            printed=printed,
            derived=len(parts) > 1,
            added_errors=sum(abs(w) * member.largest_error for w, member in parts),
            minus=like.minus,
            foreign=weighted((w, member.foreign) for w, member in parts),
        )

    def _row_of(self, equation: Equation) -> np.ndarray:
        """The months and streams of an equation, shape (cells,): of a balance imports with a minus."""
        row = self.row(equation.streams, equation.period)
        return row - self.row(equation.minus, equation.period) if equation.minus else row

    def row(self, streams: Iterable[int], period: Period) -> np.ndarray:
        """The months and streams of a sum between the edges of all, shape (cells,)."""
        row = np.zeros(self.shape)
        row[list(streams), self.column[period.first] : self.column[period.last + 1]] = 1
        return row.ravel()


def _addresses(members: Iterable[Equation]) -> tuple[Address, ...]:
    """Where some equations stand in the scenario, each place once."""
    return tuple(dict.fromkeys(address for member in members for address in member.addresses))


def _printed(parts: Sequence[tuple[float, Equation]]) -> Decimal | None:
    """What printed sums add up to by whole weights; None where a sum or a weight is neither."""
    total = Decimal(0)
    for weight, equation in parts:
        if equation.printed is None or weight != round(weight):
            return None
        total += int(weight) * equation.printed
    return total
