"""Items worked on several at a time, so that sending them costs little beside the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from simulator.errors import WorkersLost

SECONDS = 0.25  # that a batch is meant to take
MOST_ITEMS = 64


class Batch(NamedTuple):
    """Some items, and how many came before them."""

    before: int
    items: Sequence[Any]

    def __str__(self) -> str:
        first, last = self.before + 1, self.before + len(self.items)
        return f"item {first}" if first == last else f"items {first} to {last}"


class Worked(NamedTuple):
    """The answers to a batch in the order of its items, and the seconds that they took."""

    answers: Sequence[Any]
    seconds: float


def work(function: Callable[[Any], Any], items: Sequence[Any]) -> Worked:
    """The answers to some items, worked out in the process that calls it."""
    begun = time.perf_counter()
    return Worked([function(item) for item in items], time.perf_counter() - begun)


def lost(batch: Batch, deaths: int) -> WorkersLost:
    """Why a batch has no answer."""
    return WorkersLost(
        f"found {deaths} workers that ended over {batch}, one after the other, expected an answer; that may "
        "be too little memory: try fewer workers"
    )


class Batches:
    """Items as batches, taken when asked for, of a size by the seconds that those before took.

    Neither answers nor their order depend on the size.
    """

    def __init__(self, items: Iterator[Any], before: int = 0) -> None:
        self._items, self._before, self._size = items, before, 1

    def next(self) -> Batch | None:
        """The next batch; None where there are no more items."""
        batch = Batch(self._before, tuple(islice(self._items, self._size)))
        self._before += len(batch.items)
        return batch if batch.items else None

    def learn(self, worked: Worked) -> None:
        """Size what comes next by what came: at most twice as much as before, for items may differ."""
        seconds = worked.seconds / len(worked.answers)
        fitting = MOST_ITEMS if seconds * MOST_ITEMS <= SECONDS else int(SECONDS / seconds)
        self._size = max(1, min(fitting, 2 * self._size))
