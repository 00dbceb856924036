"""What acts on the flows: the effect of one lever or risk, of an overlap group, of several together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import numpy as np

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.levers.kit import LEAST_LEFT, UNMOVED, Effect, Grid, Paid
from simulator.values.address import Address

SMALLEST_FLOW = 1e-300
Span = tuple[int, int] | None  # of months ahead: the first, and the first after them
ALL: Span = None
_NOWHERE = Address.of("levers", "")


class Acting:
    """Something that acts on the flows: one lever, an overlap group, or several of these together.

    What is worked out is kept. ``places`` are the addresses of the levers and risks in it.
    """

    places: frozenset[Address] = frozenset()
    reach: float = 0.0  # no log flow is shifted by more
    even: bool = True  # whether all streams are shifted alike
    moved: frozenset[int] = frozenset()  # the streams that are shifted
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

    def log_shift(self, stream: int, months: Span = ALL) -> np.ndarray:
        """The shift of one stream's log flows in some months ahead, shape (points or 1, months or 1).

        Of all months where those are kept; else of some of them alone, which is less to work out.
        """
        one = 0 if self.even else stream
        if months != ALL and ("shift", (one, ALL)) in self._kept:
            return _of(self._kept["shift", (one, ALL)], months)
        return self._keep("shift", (one, months), lambda: self._log_shift(one, months))

    def gone(self, off: frozenset[Address]) -> frozenset[int]:
        """The streams that are shifted otherwise without some levers or risks."""
        return frozenset() if off.isdisjoint(self.places) else self.moved

    def _money(self, sign: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def _log_shift(self, stream: int, months: Span) -> np.ndarray:
        raise NotImplementedError

    def _keep(self, what: str, key: object, work_out: Callable[[], np.ndarray]) -> np.ndarray:
        if (what, key) not in self._kept:
            self._kept[what, key] = work_out()
        return self._kept[what, key]


class Part(Acting):
    """The effect of one lever or risk.

    ``place`` says which, ``unseen`` how likely is what no draw holds of it.
    """

    def __init__(
        self, lever: Driver, effect: Effect, grid: Grid, place: Address = _NOWHERE, unseen: float = 0.0
    ) -> None:
        super().__init__()
        self.lever, self.effect, self.grid, self.unseen = lever, effect, grid, unseen
        self.places = frozenset({place})
        self.shift, self.added, self._all = effect.log_shift, list(effect.paid), False
        self.row = _row(effect, len(grid.streams))
        for number, paid in enumerate(effect.paid):
            if paid.amount.size and paid.amount.min() < 0:
                taken = _taken(paid, grid)
                self._take(_part_taken(taken)[:, 0], paid.touched)
                self.added[number] = Paid(np.maximum(paid.amount, 0), paid.touched)
                self._all = self._all or bool(np.any(taken >= 1))
        self.reach = float(np.abs(self.shift).max())
        self.even = len(set(self.row)) == 1
        self.moved = frozenset(stream for stream, row in enumerate(self.row) if row >= 0)
        self.paying = bool(self.added)

    def _take(self, shift: np.ndarray, touched: np.ndarray) -> None:
        """Shift the streams of a mask as well, shape (points or 1, months ahead)."""
        mask = np.broadcast_to(touched > 0, (len(self.row), 1))[:, 0].tolist()
        pairs = list(zip(self.row, mask, strict=True))
        rows = {
            pair: number for number, pair in enumerate(dict.fromkeys(p for p in pairs if p != (-1, False)))
        }
        before = [self.shift[:, row] if row >= 0 else UNMOVED[0] for row, _ in rows]
        self.shift = stacked(
            one + shift if taken else one for one, (_, taken) in zip(before, rows, strict=True)
        )
        self.row = tuple(rows.get(pair, -1) for pair in pairs)

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
        rows = np.append(np.any(self.effect.log_shift, axis=(0, 2)), False)
        touched = rows[list(_row(self.effect, len(self.grid.streams)))][:, None]
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
        row = _row(self.effect, len(self.grid.streams))[stream]
        if row >= 0:
            net = net + np.expm1(self.effect.log_shift[:, row]) * self.grid.median[stream]
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

    def _log_shift(self, stream: int, months: Span) -> np.ndarray:
        row = self.row[stream]
        return _of(self.shift[:, row], months) if row >= 0 else UNMOVED[0]


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
        self.even, self.moved = not self.taken, frozenset(self.taken)
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

    def gone(self, off: frozenset[Address]) -> frozenset[int]:
        """Any that it touches: what is left of the group may take where together they added."""
        return frozenset() if off.isdisjoint(self.places) else frozenset(self.net)

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

    def _log_shift(self, stream: int, months: Span) -> np.ndarray:
        return _part_taken(_of(self.taken[stream], months)) if stream in self.taken else UNMOVED[0]


class Together(Acting):
    """Several of them, added up; without one of them only the sums that hold it are worked out again.

    ``before`` is what they were part of, which shifts all streams but those of ``gone`` alike.
    """

    def __init__(
        self, members: Sequence[Acting], before: Acting | None = None, gone: frozenset[int] = frozenset()
    ) -> None:
        super().__init__()
        self.members, self._before, self._gone = tuple(members), before, gone
        self.places = frozenset().union(*(member.places for member in members))
        self.reach = sum(member.reach for member in members)
        self.even = all(member.even for member in members)
        self.moved = frozenset().union(*(member.moved for member in members if member.reach))
        self.paying = any(member.paying for member in members)

    def without(self, off: frozenset[Address]) -> Acting | None:
        """The rest of them."""
        if off.isdisjoint(self.places):
            return self
        left = [rest for member in self.members if (rest := member.without(off)) is not None]
        return Together(left, self, self.gone(off)) if left else None

    def gone(self, off: frozenset[Address]) -> frozenset[int]:
        """Those of its members."""
        if off.isdisjoint(self.places):
            return frozenset()
        return frozenset().union(*(member.gone(off) for member in self.members))

    def exhausting(self) -> Iterable[Address]:
        """Those of its members."""
        return [place for member in self.members for place in member.exhausting()]

    def _money(self, sign: np.ndarray) -> np.ndarray:
        return _added_up([member.money(sign) for member in self.members if member.paying])

    def _log_shift(self, stream: int, months: Span) -> np.ndarray:
        if self._before is not None and stream not in self._gone:
            return self._before.log_shift(stream, months)
        return _added_up(
            [member.log_shift(stream, months) for member in self.members if stream in member.moved]
        )


def _limit(amount: float, grid: Grid) -> np.ndarray:
    """An amount that levers are held to, by the rate of each month ahead where that is not one number.

    Returns:
        shape (points or 1, months ahead), or (1, 1).
    """
    return np.atleast_3d(amount * grid.worth(amount))[:, 0]


def stacked(shifts: Iterable[np.ndarray]) -> np.ndarray:
    """Shifts of several streams, of shape (points or 1, months), as (points or 1, streams, months)."""
    return np.stack(np.broadcast_arrays(*shifts), axis=1)


def _of(by_month: np.ndarray, months: Span) -> np.ndarray:
    """Some of the months, which stand last; as it is where all months are alike."""
    return by_month if months is None or by_month.shape[-1] == 1 else by_month[:, months[0] : months[1]]


def _row(effect: Effect, streams: int) -> tuple[int, ...]:
    """Which row of an effect's shift moves each stream; -1 that none does."""
    if not effect.shifts:
        return (-1,) * streams
    return effect.row or (0,) * streams


def _added_up(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The sum of parts of shape (points or 1, months or 1), in place once its shape is that of all; or 0."""
    if len(parts) < 2:
        return parts[0] if parts else np.zeros((1, 1))
    shape = np.broadcast_shapes(*(part.shape for part in parts))
    added = np.add(parts[0], parts[1], out=np.empty(shape))
    for part in parts[2:]:
        added += part
    return added


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
