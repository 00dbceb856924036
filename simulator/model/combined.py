"""The effects of all levers and risks together, those that overlap held to their cap.

Money that is taken away is taken as a part of what is there: the part that it is of the median flow touched,
at most all of it. Totals stay sums of positive flows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce

import numpy as np

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.levers.kit import LARGEST_SHIFT, LEAST_LEFT, UNMOVED, Effect, Grid, Paid
from simulator.values.address import Address

SMALLEST_FLOW = 1e-300
BRANCHES = 16  # effects that are added up at once
_NOWHERE = Address.of("levers", "")


class Acting:
    """Something that acts on the flows: one lever, an overlap group, or several of these together.

    What is worked out is kept. ``places`` are the addresses of the levers and risks in it.
    """

    places: frozenset[Address] = frozenset()
    reach: float = 0.0  # no log flow is shifted by more
    even: bool = True  # whether all streams are shifted alike
    paying: bool = False  # whether it adds money

    def __init__(self) -> None:
        self._kept: dict[tuple[str, object], np.ndarray] = {}

    def without(self, off: frozenset[Address]) -> Acting | None:
        """The same without some levers or risks; None where nothing is left."""
        raise NotImplementedError

    def exhausting(self) -> Iterable[Address]:
        """The levers and risks that would take more than all of the median flow in some draw and month."""
        raise NotImplementedError

    def money(self, sign: np.ndarray) -> np.ndarray:
        """Money added a month to streams by their sign, shape (streams,), as (points or 1, months ahead)."""
        return self._keep("money", sign.tobytes(), lambda: self._money(sign))

    def log_shift(self, stream: int) -> np.ndarray:
        """The shift of one stream's log flows, shape (points or 1, months ahead or 1)."""
        return self._keep("shift", stream, lambda: self._log_shift(stream))

    def factor(self, streams: tuple[int, ...]) -> np.ndarray:
        """What flows of streams are multiplied by, shape (points or 1, streams or 1, months ahead or 1)."""
        return self._keep("factor", streams, lambda: self._factor(streams))

    def _money(self, sign: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def _log_shift(self, stream: int) -> np.ndarray:
        raise NotImplementedError

    def _factor(self, streams: tuple[int, ...]) -> np.ndarray:
        raise NotImplementedError

    def _keep(self, what: str, key: object, work_out: Callable[[], np.ndarray]) -> np.ndarray:
        if (what, key) not in self._kept:
            self._kept[what, key] = work_out()
        return self._kept[what, key]


class Part(Acting):
    """The effect of one lever or risk; ``place`` says which."""

    def __init__(self, lever: Driver, effect: Effect, grid: Grid, place: Address = _NOWHERE) -> None:
        super().__init__()
        self.lever, self.effect, self.grid = lever, effect, grid
        self.places = frozenset({place})
        self.shift, self.added, self._all = effect.log_shift, list(effect.paid), False
        for number, paid in enumerate(effect.paid):
            if paid.amount.size and paid.amount.min() < 0:
                taken = _taken(paid, grid)
                self.shift = self.shift + _part_taken(taken) * paid.touched
                self.added[number] = Paid(np.maximum(paid.amount, 0), paid.touched)
                self._all = self._all or bool(np.any(taken >= 1))
        self.reach = float(np.abs(self.shift).max())
        self.even = self.shift.shape[1] == 1
        self.paying = bool(self.added)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory, with what will be kept."""
        return 3 * self.effect.nbytes

    @lazy
    def takes(self) -> bool:
        """Whether it takes anything away, in some draw and month."""
        sizes = [self.effect.log_shift, *(paid.amount for paid in self.effect.paid)]
        return any(size.size > 0 and bool(size.min() < 0) for size in sizes)

    def without(self, off: frozenset[Address]) -> Acting | None:
        """Itself, or nothing."""
        return None if self.places & off else self

    def exhausting(self) -> Iterable[Address]:
        """Itself, where it would take away more than all."""
        return self.places if self._all else ()

    @lazy
    def streams(self) -> frozenset[int]:
        """The streams that it touches."""
        touched = np.any(self.effect.log_shift, axis=(0, 2))[:, None]
        for paid in self.effect.paid:
            touched = touched | (paid.touched > 0)
        return frozenset(np.flatnonzero(np.broadcast_to(touched, (len(self.grid.streams), 1))).tolist())

    def net(self, stream: int) -> np.ndarray:
        """Money added a month to a stream, a shift taken at the median path; below 0 it is taken away.

        It is held to the lever's quota.

        Returns:
            shape (points or 1, months ahead).
        """
        quota = self.lever.quota

        def work_out() -> np.ndarray:
            net = self._net(stream)
            return net if quota is None else net * self._inside(quota)

        return self._keep("net", stream, work_out)

    def _net(self, stream: int) -> np.ndarray:
        net = np.zeros((1, self.grid.ahead.months))
        if self.effect.shifts:
            shift = self.effect.log_shift[:, stream if self.effect.log_shift.shape[1] > 1 else 0]
            net = net + np.expm1(shift) * self.grid.median[stream]
        for paid in self.effect.paid:
            if (share := self.grid.shares_of(paid.touched)[stream]).any():
                net = net + paid.amount[:, 0] * share
        return net

    def _inside(self, quota: float) -> np.ndarray:
        """The part of what it adds that a quota a calendar year leaves, shape (points or 1, months ahead)."""

        def work_out() -> np.ndarray:
            added = sum((np.maximum(self._net(stream), 0) for stream in self.streams), np.zeros((1, 1)))
            added = np.broadcast_to(added, (len(added), self.grid.ahead.months))
            years = np.arange(self.grid.ahead.first, self.grid.ahead.last + 1) // 12
            first = np.flatnonzero(np.diff(years, prepend=-1))
            total = np.add.reduceat(added, first, axis=1)
            most = _limit(quota, self.grid)
            most = most[:, first] if most.shape[1] > 1 else most
            left = np.where(total > most, most / np.where(total > 0, total, 1), 1.0)
            return left[:, years - years[0]]

        return self._keep("quota", None, work_out)

    def _money(self, sign: np.ndarray) -> np.ndarray:
        money = np.zeros((1, self.grid.ahead.months))
        for paid in self.added:
            money = money + paid.amount[:, 0] * (sign @ self.grid.shares_of(paid.touched))
        return money

    def _log_shift(self, stream: int) -> np.ndarray:
        return self.shift[:, 0 if self.even else stream]

    def _factor(self, streams: tuple[int, ...]) -> np.ndarray:
        return np.exp(self.shift[:, [0] if self.even else list(streams)])


class Group(Acting):
    """The levers of an overlap group: money at the median path, together held to their cap in each month.

    A lever with a quota and no group is one by itself, without a cap.

    ``net`` is the money added to each stream touched, before the cap, shape (points or 1, months ahead);
    ``kept`` the part of it below the cap, of the same shape.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.grid = parts[0].grid
        self.places = frozenset().union(*(part.places for part in parts))
        self.net = self._net()
        total = reduce(np.add, self.net.values()) if self.net else np.zeros((1, 1))
        overlap = parts[0].lever.overlap
        cap = _limit(overlap.cap, self.grid) / 12 if overlap else np.inf
        self.kept = np.where(total > cap, cap / np.where(total > 0, total, 1), 1.0)
        self.taken = self._taken() if any(part.takes for part in parts) else {}
        self.reach = max((float(-_part_taken(taken).min()) for taken in self.taken.values()), default=0.0)
        self.even = not self.taken
        self.paying = True

    def _net(self) -> dict[int, np.ndarray]:
        """Money added to each stream touched."""
        net = {}
        for stream in range(len(self.grid.streams)):
            added = [part.net(stream) for part in self.parts if stream in part.streams]
            if added:
                net[stream] = reduce(np.add, added)
        return net

    def _taken(self) -> dict[int, np.ndarray]:
        """What part of the median flow of each stream is taken away."""
        streams = [stream for stream, net in self.net.items() if net.min() < 0]
        return {
            stream: -self.net[stream] * self.kept / np.maximum(self.grid.median[stream], SMALLEST_FLOW)
            for stream in streams
        }

    def without(self, off: frozenset[Address]) -> Acting | None:
        """The rest of the group, with a cap of the same size."""
        left = [part for part in self.parts if not part.places & off]
        return (Group(left) if len(left) < len(self.parts) else self) if left else None

    def exhausting(self) -> Iterable[Address]:
        """Those that take from a stream from which together they would take more than all."""
        streams = [stream for stream, taken in self.taken.items() if np.any(taken >= 1)]
        for part in self.parts:
            if any(part.net(stream).min() < 0 for stream in part.streams.intersection(streams)):
                yield from part.places

    def _money(self, sign: np.ndarray) -> np.ndarray:
        added = np.zeros((1, 1))
        for stream, net in self.net.items():
            if sign[stream]:
                positive = np.maximum(net, 0) if stream in self.taken else net
                added = added + (positive if sign[stream] == 1 else sign[stream] * positive)
        return self.kept * added

    def _log_shift(self, stream: int) -> np.ndarray:
        return _part_taken(self.taken[stream]) if stream in self.taken else UNMOVED[0]

    def _factor(self, streams: tuple[int, ...]) -> np.ndarray:
        if self.even:
            return np.exp(UNMOVED)
        return np.exp(_stacked(self.log_shift(stream) for stream in streams))


class Together(Acting):
    """Several of them, added up; without one of them only the sums that hold it are worked out again."""

    def __init__(self, members: Sequence[Acting]) -> None:
        super().__init__()
        self.members = tuple(members)
        self.places = frozenset().union(*(member.places for member in members))
        self.reach = sum(member.reach for member in members)
        self.even = all(member.even for member in members)
        self.shifting = [member for member in members if member.reach]
        self.paying = any(member.paying for member in members)

    def without(self, off: frozenset[Address]) -> Acting | None:
        """The rest of them."""
        if off.isdisjoint(self.places):
            return self
        left = [rest for member in self.members if (rest := member.without(off)) is not None]
        return Together(left) if left else None

    def exhausting(self) -> Iterable[Address]:
        """Those of its members."""
        return [place for member in self.members for place in member.exhausting()]

    def _money(self, sign: np.ndarray) -> np.ndarray:
        return sum((member.money(sign) for member in self.members if member.paying), np.zeros((1, 1)))

    def _log_shift(self, stream: int) -> np.ndarray:
        return sum((member.log_shift(stream) for member in self.shifting), np.zeros((1, 1)))

    def _factor(self, streams: tuple[int, ...]) -> np.ndarray:
        product = np.ones((1, len(streams), 1))
        for member in self.shifting:
            product = product * member.factor(streams)
        return product


class Combined:
    """All effects of a scenario together.

    The levers of an overlap group turn into money at the median path and are held to their cap. Nothing is
    added up before it is asked for, and what some of them add up to is kept, so that the answer without one
    of them costs little however many there are.
    """

    def __init__(self, parts: Sequence[Part], add_up: Callable[[], Acting] | None = None) -> None:
        self.parts = tuple(parts)
        self._add_up = add_up or partial(_tree, self.parts)

    @lazy
    def together(self) -> Acting:
        """What they add up to."""
        return self._add_up()

    def without(self, off: frozenset[Address]) -> Combined:
        """All of them but some levers or risks."""
        if not off:
            return self
        return Combined(
            [part for part in self.parts if not part.places & off],
            lambda: self.together.without(off) or Together([]),
        )

    @lazy
    def exhausting(self) -> tuple[Address, ...]:
        """The levers and risks that would take more than all of the median flow in some draw and month."""
        places = frozenset(self.together.exhausting())
        return tuple(place for part in self.parts for place in part.places if place in places)

    def money(self, sign: np.ndarray) -> np.ndarray:
        """Money added a month to the streams by their sign, shape (streams,); never below 0 for a sign of 1.

        Returns:
            shape (points or 1, months ahead).
        """
        return self.together.money(sign)

    def factor(self, streams: Sequence[int]) -> np.ndarray:
        """What flows are multiplied by, shape (points or 1, streams, months ahead)."""
        if self.together.reach <= LARGEST_SHIFT:
            return self.together.factor(tuple(streams))
        return np.exp(_stacked(self.log_shift(stream) for stream in streams))

    @property
    def even(self) -> bool:
        """Whether all streams are shifted alike."""
        return self.together.even

    def log_shift(self, stream: int) -> np.ndarray:
        """The shift of one stream's log flows, shape (points or 1, months ahead)."""
        shift = self.together.log_shift(stream)
        if self.together.reach <= LARGEST_SHIFT:
            return shift
        return np.clip(shift, -LARGEST_SHIFT, LARGEST_SHIFT)


def _tree(parts: Sequence[Part]) -> Acting:
    """Levers, and the groups of those that overlap, added up a few at a time."""
    groups: dict[str | int, list[Part]] = {}
    for number, part in enumerate(parts):
        groups.setdefault(part.lever.overlap.group if part.lever.overlap else number, []).append(part)
    level: list[Acting] = [Group(some) if _in_money(some[0].lever) else some[0] for some in groups.values()]
    while len(level) > BRANCHES:
        level = [Together(level[first : first + BRANCHES]) for first in range(0, len(level), BRANCHES)]
    return Together(level)


def _in_money(lever: Driver) -> bool:
    """Whether what a lever adds is held in money."""
    return lever.overlap is not None or lever.quota is not None


def _limit(amount: float, grid: Grid) -> np.ndarray:
    """An amount that levers are held to, by the rate of each month ahead where that is not one number.

    Returns:
        shape (points or 1, months ahead), or (1, 1).
    """
    return np.atleast_3d(amount * grid.worth(amount))[:, 0]


def _stacked(shifts: Iterable[np.ndarray]) -> np.ndarray:
    """Shifts of several streams, of shape (points or 1, months), as (points or 1, streams, months)."""
    return np.stack(np.broadcast_arrays(*shifts), axis=1)


def _taken(paid: Paid, grid: Grid) -> np.ndarray:
    """What part of the median flow touched is taken away in each month; 0 where money is added.

    Returns:
        shape (points or 1, 1, months ahead); above 1 where it is more than all.
    """
    flow = (grid.median * paid.touched).sum(axis=0)
    return np.maximum(-paid.amount, 0) / np.maximum(flow, SMALLEST_FLOW)


def _part_taken(taken: np.ndarray) -> np.ndarray:
    """The log shift of flows of which a part is taken away, at most all but ``LEAST_LEFT``."""
    return np.log1p(-np.clip(taken, 0, 1 - LEAST_LEFT))
