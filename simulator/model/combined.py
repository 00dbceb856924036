"""The effects of all levers and risks together, those that overlap held to their cap.

Money that is taken away is taken as a part of what is there: the part that it is of the median flow touched,
at most all of it. Totals stay sums of positive flows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.levers.kit import LARGEST_SHIFT
from simulator.model.acting import ALL, Acting, Group, Part, Span, Together, stacked
from simulator.scenario.work import AT_ONCE
from simulator.values.address import Address


class Combined:
    """All effects of a scenario together.

    The levers of an overlap group turn into money at the median path and are held to their cap. Nothing is
    added up before it is asked for, and what some of them add up to is kept, so that the answer without one
    of them costs little however many there are.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        add_up: Callable[[], Acting] | None = None,
        gone: Callable[[], frozenset[int]] = frozenset,
    ) -> None:
        self.parts = tuple(parts)
        self._add_up, self._gone = add_up or partial(_tree, self.parts), gone

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
            lambda: self.together.gone(off),
        )

    @lazy
    def gone(self) -> frozenset[int]:
        """The streams that those shift which are off."""
        return self._gone()

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

    def factor(self, streams: Sequence[int], months: Span = ALL) -> np.ndarray:
        """What flows are multiplied by in some months ahead, shape (points or 1, streams, months)."""
        if self.even:
            return np.exp(self.log_shift(0, months))[:, None]
        return np.exp(stacked(self.log_shift(stream, months) for stream in streams))

    @property
    def even(self) -> bool:
        """Whether all streams are shifted alike."""
        return self.together.even

    def log_shift(self, stream: int, months: Span = ALL) -> np.ndarray:
        """The shift of one stream's log flows in some months ahead, shape (points or 1, months or 1)."""
        shift = self.together.log_shift(stream, months)
        if self.together.reach <= LARGEST_SHIFT:
            return shift
        return np.clip(shift, -LARGEST_SHIFT, LARGEST_SHIFT)


def _tree(parts: Sequence[Part]) -> Acting:
    """Levers, and the groups of those that overlap, added up a few at a time."""
    groups: dict[str | int, list[Part]] = {}
    for number, part in enumerate(parts):
        groups.setdefault(part.lever.overlap.group if part.lever.overlap else number, []).append(part)
    level: list[Acting] = [Group(some) if _in_money(some[0].lever) else some[0] for some in groups.values()]
    while len(level) > AT_ONCE:
        level = [Together(level[first : first + AT_ONCE]) for first in range(0, len(level), AT_ONCE)]
    return Together(level)


def _in_money(lever: Driver) -> bool:
    """Whether what a lever adds is held in money."""
    return lever.overlap is not None or lever.quota is not None
