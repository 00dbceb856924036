"""Work spread over processes: the same answers, in the same order, on any number of them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
FEW = 8  # items that are done before another process has started


def usual_workers() -> int:
    """How many processes this machine has cores for."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def spread(
    function: Callable[[Item], Answer], items: Iterable[Item], workers: int | None = None
) -> Iterator[Answer]:
    """The answers to items, in their order, as they come.

    A process of its own imports the package anew, which holds BLAS to one thread: so that an answer has the
    same digits wherever it is worked out, and processes do not fight over cores.

    Args:
        function: of one item; where there are several processes, one that can be sent to another.
        items: each by itself; no answer may depend on another's.
        workers: processes; left out, as many as there are cores.
    """
    listed = list(items)
    count = min(workers or usual_workers(), len(listed))
    if count < 2 or len(listed) <= FEW:
        yield from map(function, listed)
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            yield from pool.map(function, listed, chunksize=max(1, min(8, len(listed) // (4 * count))))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
