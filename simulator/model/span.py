"""What figures imply: the linear algebra of the months and streams that they add up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from simulator.model.equations import Equation
from simulator.model.foreign import weighted
from simulator.values.address import Address
from simulator.values.periods import Period

IN_SPAN = 1e-7  # of a row's length: what is left of it outside the span of the others
NO_WEIGHT = 1e-6  # of a member in a combination
ROOM = 4  # rows for which a part has room at first


class RowSpan:
    """What follows from some rows: combinations of them, by Gram-Schmidt with the coefficients kept.

    Each row is made orthogonal twice, which is enough (Kahan, in Parlett 1980, The Symmetric Eigenvalue
    Problem, 6.9). Rows that share no column, nor are linked by others, are held apart: thousands of months
    cost no more than each with its own year.
    """

    def __init__(self, size: int) -> None:
        self.count = 0
        self._part = np.full(size, -1)  # of the columns, the number of the part that each is in, -1 in none
        self._parts: dict[int, _Part] = {}

    def add(self, row: np.ndarray) -> np.ndarray | None:
        """Take a row in, unless it follows from those before it.

        Returns:
            None or, of one that follows, the weights of those before it, shape (rows taken in,).
        """
        part = self._joined(np.flatnonzero(row))
        weights = part.add(row[part.columns], self.count)
        if weights is not None:
            return self._of_all([(part, weights)])
        self.count += 1
        return None

    def combination(self, row: np.ndarray) -> np.ndarray | None:
        """The weights of the rows that add up to a row, shape (rows taken in,); None where none do."""
        touched = self._part[row != 0]
        if (touched < 0).any():
            return None
        weighed = list[tuple[_Part, np.ndarray]]()
        for part in (self._parts[number] for number in sorted(set(touched.tolist()))):
            weights = part.combination(row[part.columns])
            if weights is None:
                return None
            weighed.append((part, weights))
        return self._of_all(weighed)

    def _of_all(self, weighed: Iterable[tuple[_Part, np.ndarray]]) -> np.ndarray:
        """Weights of the rows of some parts as those of all rows, shape (rows taken in,)."""
        weights = np.zeros(self.count)
        for part, of_part in weighed:
            weights[part.rows] = of_part
        return weights

    def _joined(self, columns: np.ndarray) -> _Part:
        """The part that some columns are in, those that they were in before made one."""
        numbers = sorted(set(self._part[columns].tolist()) - {-1})
        parts = [self._parts[number] for number in numbers]
        fresh = columns[self._part[columns] < 0]
        if len(parts) == 1 and not fresh.size:
            return parts[0]
        for number in numbers:
            del self._parts[number]
        joined = _Part.of(parts, fresh)
        number = int(joined.columns[0])
        self._parts[number] = joined
        self._part[joined.columns] = number
        return joined


@dataclass
class _Part:
    """Some columns, and the rows in them.

    Attributes:
        columns: their places in a row, shape (columns,).
        rows: the numbers of the rows, in the order in which they were taken in.
        basis: orthonormal rows, one for each, shape (at least rows, columns).
        coefficients: of the rows in each of the basis, shape (at least rows, at least rows).
    """

    columns: np.ndarray
    rows: list[int]
    basis: np.ndarray
    coefficients: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[_Part], fresh: np.ndarray) -> _Part:
        """Several as one, with further columns; none of them shares a column with another."""
        columns = np.concatenate([*(part.columns for part in parts), fresh])
        rows = [row for part in parts for row in part.rows]
        room = min(len(rows) + ROOM, columns.size)
        basis, coefficients = np.zeros((room, columns.size)), np.zeros((room, room))
        row = column = 0
        for part in parts:
            high, wide = len(part.rows), part.columns.size
            basis[row : row + high, column : column + wide] = part.basis[:high]
            coefficients[row : row + high, row : row + high] = part.coefficients[:high, :high]
            row, column = row + high, column + wide
        return cls(columns, rows, basis, coefficients)

    def add(self, row: np.ndarray, number: int) -> np.ndarray | None:
        """Take a row of its columns in under a number, or return the weights of those it follows from."""
        weights, left = self._split(row)
        length, count = float(np.linalg.norm(left)), len(self.rows)
        if length <= IN_SPAN * float(np.linalg.norm(row)):
            return weights
        if count == len(self.basis):
            more = min(2 * count + ROOM, self.columns.size) - count
            self.basis = np.pad(self.basis, ((0, more), (0, 0)))
            self.coefficients = np.pad(self.coefficients, ((0, more), (0, more)))
        self.basis[count] = left / length
        self.coefficients[count, :count] = -weights / length
        self.coefficients[count, count] = 1 / length
        self.rows.append(number)
        return None

    def combination(self, row: np.ndarray) -> np.ndarray | None:
        """The weights of its rows that add up to a row of its columns; None where none do."""
        weights, left = self._split(row)
        return weights if float(np.linalg.norm(left)) <= IN_SPAN * float(np.linalg.norm(row)) else None

    def _split(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The combination nearest to a row, and what it leaves of the row."""
        count = len(self.rows)
        if not count:
            return np.zeros(0), row
        basis = self.basis[:count]
        along = basis @ row
        left = row - along @ basis
        again = basis @ left
        return (along + again) @ self.coefficients[:count, :count], left - again @ basis


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
        self._rows = RowSpan(self.shape[0] * self.shape[1])

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
        heavy = np.flatnonzero(np.abs(weights) > NO_WEIGHT)
        parts = [(round(float(weights[k]), 6), self.members[k]) for k in heavy]
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
