"""How sums lie in one another: which lie inside which, and whether any two lie across.

Of thousands of figures no pairs are looked at: the sums of some streams are laid out by first and last month,
where all that hold one of them are a corner, and every corner is worked out at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np

from simulator.caches import lazy
from simulator.values.periods import Period


class Summed(Protocol):
    """What adds up some streams over some months."""

    @property
    def streams(self) -> tuple[int, ...]:
        """The numbers of the streams."""

    @property
    def period(self) -> Period:
        """The months."""


Sum = TypeVar("Sum", bound=Summed)


class Alike(Generic[Sum]):
    """Some sums of the same streams, in their order.

    Attributes:
        sums: all of them.
        first: the first month of each, shape (sums,).
        last: the last month of each, shape (sums,).
    """

    def __init__(self, sums: Sequence[Sum]) -> None:
        self.sums = sums
        self.first = np.array([e.period.first for e in sums], dtype=int)
        self.last = np.array([e.period.last for e in sums], dtype=int)

    @lazy
    def periods(self) -> frozenset[Period]:
        """The months of each."""
        return frozenset(e.period for e in self.sums)

    def fill(self, period: Period) -> bool:
        """Whether those inside a period and shorter have as many months as it has, together."""
        inside = self._inside(period)
        return int((self.last - self.first + 1)[inside].sum()) == period.months

    def inside(self, period: Period, *, itself: bool = False) -> list[Sum]:
        """Those inside a period; with those of all of it where ``itself``."""
        return [self.sums[k] for k in np.flatnonzero(self._inside(period, itself=itself)).tolist()]

    def around(self, period: Period) -> np.ndarray:
        """Whether a period is a part of each, and not all of it; shape (sums,)."""
        wider = (self.first < period.first) | (period.last < self.last)
        return (self.first <= period.first) & (period.last <= self.last) & wider

    def _inside(self, period: Period, *, itself: bool = False) -> np.ndarray:
        inside = (period.first <= self.first) & (self.last <= period.last)
        return inside if itself else inside & ((self.first > period.first) | (self.last < period.last))


class Nesting:
    """Some sums, and how they lie in one another.

    Attributes:
        first: the first month of each, shape (sums,).
        last: the last month of each, shape (sums,).
        of: which set of streams each adds up, shape (sums,).
        members: the streams in each set, shape (sets, streams).
    """

    def __init__(self, sums: Sequence[Summed]) -> None:
        self.first = np.array([e.period.first for e in sums], dtype=int)
        self.last = np.array([e.period.last for e in sums], dtype=int)
        number: dict[tuple[int, ...], int] = {}
        self.of = np.array([number.setdefault(e.streams, len(number)) for e in sums], dtype=int)
        self.members = np.zeros((len(number), 1 + max(map(max, number), default=0)))
        for streams, row in number.items():
            self.members[row, list(streams)] = 1

    def around(self, part: int) -> np.ndarray:
        """The sums that one lies inside of and is not all of, in their order."""
        return self._others(part, self._holding(int(self.of[part])), 1)

    def inside(self, total: int) -> np.ndarray:
        """The sums that lie inside one and are not all of it, in their order."""
        chosen = int(self.of[total])
        narrower = self._shared[chosen] == self._shared.diagonal()
        return self._others(total, np.flatnonzero(narrower[self.of]), -1)

    def _others(self, one: int, near: np.ndarray, way: int) -> np.ndarray:
        """Those of some sums whose months cover one's, with a way of -1 are covered by them; no equal."""
        first, last = way * (self.first[one] - self.first[near]), way * (self.last[near] - self.last[one])
        alike = (first == 0) & (last == 0) & (self.of[near] == self.of[one])
        return near[(first >= 0) & (last >= 0) & ~alike]

    def least_around(self, values: np.ndarray) -> np.ndarray:
        """The least of the values of those that each sum lies inside of and its own, both shape (sums,)."""
        least = np.empty(self.of.size)
        for parts, wider in self._by_set():
            corner = _Corner(self.first[wider], self.last[wider], np.inf)
            np.minimum.at(corner.plane, corner.at(self.first[wider], self.last[wider]), values[wider])
            corner.accumulate(np.minimum)
            least[parts] = corner.plane[corner.at(self.first[parts], self.last[parts])]
        return least

    @lazy
    def across(self) -> bool:
        """Whether two sums share streams and months, and neither lies inside the other; no two are alike."""
        touching = inside = 0
        for parts, wider in self._by_set():
            corner = _Corner(self.first[wider], self.last[wider], 0.0)
            np.add.at(corner.plane, corner.at(self.first[wider], self.last[wider]), 1.0)
            corner.accumulate(np.add)
            inside += int(corner.plane[corner.at(self.first[parts], self.last[parts])].sum()) - parts.size
            near = np.flatnonzero((self._shared[self.of[parts[0]]] > 0)[self.of])
            before = np.searchsorted(np.sort(self.last[near]), self.first[parts], side="left")
            begun = np.searchsorted(np.sort(self.first[near]), self.last[parts], side="right")
            touching += int((begun - before).sum()) - parts.size
        return touching > 2 * inside  # every two that touch were counted from both sides

    @lazy
    def _shared(self) -> np.ndarray:
        """How many streams two sets share, shape (sets, sets)."""
        return np.asarray(self.members @ self.members.T)

    def _holding(self, chosen: int) -> np.ndarray:
        """The sums whose streams hold all of a set's, in their order."""
        return np.flatnonzero((self._shared[chosen] == self._shared[chosen, chosen])[self.of])

    def _by_set(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The sums of each set of streams, and those whose streams hold all of these."""
        for chosen in range(len(self.members)):
            yield np.flatnonzero(self.of == chosen), self._holding(chosen)


class _Corner:
    """A plane of periods, in which all that cover one of them lie towards the first row and column."""

    def __init__(self, first: np.ndarray, last: np.ndarray, empty: float) -> None:
        self.first, self.last = np.unique(first), np.unique(last)
        self.plane = np.full((self.first.size, self.last.size), empty)

    def at(self, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The places of some periods."""
        return np.searchsorted(self.first, first), self.last.size - 1 - np.searchsorted(self.last, last)

    def accumulate(self, ufunc: np.ufunc) -> None:
        """Work out for every place what lies in its corner."""
        for axis in (0, 1):
            ufunc.accumulate(self.plane, axis=axis, out=self.plane)
