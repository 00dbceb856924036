"""Work spread over processes: the same answers, in the same order, on any number of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Protocol, TypeVar

from simulator.batch.batches import Batch, Batches, Worked
from simulator.values.limits import WORKERS
from simulator.values.numerals import counted

Item = TypeVar("Item")
Answer = TypeVar("Answer")
END = object()  # of items
HEAD_START = 0.5  # seconds of work that are done here before processes are started, which takes two
AHEAD = 2  # batches for each worker that are sent before the first is answered: as many as loky queues
MOST_A_CORE = 4  # processes that are started for each core: more only wait for it, whatever is asked


class Pool(Protocol):
    """Where batches are worked on: ``processes.Processes`` of this machine, or a ``cluster.Cluster``."""

    @property
    def width(self) -> int:
        """How many batches can be worked on at once."""

    def submit(self, batch: Batch) -> None:
        """Have a batch worked on after those before it."""

    def next(self) -> Worked:
        """The answers to the oldest batch that was submitted, or what the function raised."""

    def close(self) -> None:
        """Cancel what is not answered, and end what was started for it."""


def spread(
    function: Callable[[Item], Answer],
    items: Iterable[Item],
    workers: int | None = None,
    cluster: str | None = None,
) -> Iterator[Answer]:
    """The answers to items, in their order, as they come.

    Every process imports the package anew, which holds BLAS to one thread: so that an answer has the same
    digits wherever it is worked out, and processes do not fight over cores. Items are taken as workers get to
    them, a few batches ahead, so that memory does not grow with their number. What a worker that dies had at
    hand is worked out again. Whoever stops asking for answers ends the work.

    Args:
        function: of one item; where there are several processes, one that can be sent to another.
        items: each by itself; no answer may depend on another's.
        workers: processes of this machine; left out, as many as there are cores.
        cluster: the address of the scheduler of a Dask cluster, such as ``tcp://10.0.0.5:8786``: all of its
            workers, and none of this machine's.

    Raises:
        NoWorkers: of the cluster: Dask is not installed, nothing answers at the address, or its workers have
            another version of the simulator or of what its numbers rest on.
        WorkersLost: workers died over the same item again and again, or the cluster was lost.
        ValueError: both workers and a cluster are asked for, or more workers than are started.
    """
    _require_workers(workers, cluster)
    remaining = iter(items)
    if cluster is not None:
        from simulator.batch.cluster import Cluster

        yield from _in_order(Cluster(cluster, function), Batches(remaining))
        return
    count = 1 if workers == 1 else min(workers or usual_workers(), MOST_A_CORE * usual_workers())
    done = 0
    for answer in _head(function, remaining, HEAD_START if count > 1 else None):
        done += 1
        yield answer
    following = next(remaining, END)
    if following is END:
        return
    from simulator.batch.processes import Processes

    rest = chain([following], remaining)
    yield from _in_order(Processes(count, function), Batches(rest, done))


def _require_workers(workers: int | None, cluster: str | None) -> None:
    if workers is not None and workers < 1:
        raise ValueError(f"found {workers} workers, expected at least 1; leave the number out for one a core")
    WORKERS.require(workers or 1)
    if cluster is not None and workers is not None:
        raise ValueError(f"found {counted(workers, 'worker')} and a cluster, expected one of them")


def usual_workers() -> int:
    """How many processes this machine has cores for, those that a container may use counted."""
    from joblib import cpu_count

    return max(1, cpu_count())


def _head(
    function: Callable[[Item], Answer], items: Iterator[Item], seconds: float | None
) -> Iterator[Answer]:
    """The answers worked out here, until they took some seconds; without those, all."""
    left = seconds
    for item in items:
        begun = time.perf_counter()
        answer = function(item)
        if left is not None:
            left -= time.perf_counter() - begun
        yield answer
        if left is not None and left <= 0:
            return


def _in_order(pool: Pool, batches: Batches) -> Iterator[Any]:
    """The answers to batches in their order, some of them sent ahead; the pool is closed in any case."""
    under_way = 0
    try:
        while True:
            while under_way < AHEAD * pool.width and (batch := batches.next()) is not None:
                pool.submit(batch)
                under_way += 1
            if not under_way:
                return
            worked = pool.next()
            under_way -= 1
            batches.learn(worked)
            yield from worked.answers
    finally:
        pool.close()
