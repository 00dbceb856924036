"""Batches worked on by processes of this machine: those of joblib's loky.

A process that ends by itself, whoever killed it, takes its batch with it, and loky then gives up the pool and
everything that was not answered: here another pool is started for what is missing.

Batches and answers travel as files of a temporary folder, and only their names through loky's pipes: one that
is killed in the middle of a long message would leave the others, and this process, waiting for its rest.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from multiprocessing.resource_tracker import ensure_running as ensure_tracker_of_python
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cloudpickle
from joblib.externals.loky import BrokenProcessPool, ProcessPoolExecutor
from joblib.externals.loky.backend.resource_tracker import ensure_running as ensure_tracker_of_loky

from simulator import interrupts
from simulator.batch.batches import Batch, Worked, lost, work

MOST_DEATHS = 3  # of processes over the same batch; after one more it is the batch
WATCH = 1.0  # seconds between looks at whether the parent is still there
LOOK = 0.1  # seconds between looks at whether an interrupt is kept


class Processes:
    """Processes of this machine, started with the first batch.

    Args:
        count: how many.
        function: of one item.
    """

    def __init__(self, count: int, function: Callable[[Any], Any]) -> None:
        self.width = count
        self._function = cloudpickle.dumps(function)  # once: it may hold hundreds of scenarios
        self._open: deque[_Sent] = deque()
        self._folder = TemporaryDirectory(prefix="simulator-", ignore_cleanup_errors=True)
        interrupts.hold()
        try:
            self._pool = self._started()
        except BaseException:
            interrupts.release()
            raise

    def submit(self, batch: Batch) -> None:
        """Have a batch worked on after those before it."""
        sent = _Sent(batch, Path(self._folder.name) / str(batch.before))
        sent.file.write_bytes(cloudpickle.dumps((self._function, batch.items)))
        self._open.append(sent)
        self._send(sent)

    def next(self) -> Worked:
        """The answers to the oldest batch that was submitted.

        Raises:
            WorkersLost: processes ended over it again and again.
        """
        while True:
            while not wait([self._open[0].future], LOOK).done:
                interrupts.look()
            interrupts.look()
            try:
                self._open[0].future.result()
            except BrokenProcessPool as error:
                self._begin_again(error)
            else:
                return self._open.popleft().taken()

    def close(self) -> None:
        """End the processes; what is not answered yet never will be."""
        until = time.monotonic() + WATCH
        try:
            # loky stumbles over batches that it was given and has not looked at: the next moment it has
            while not all(sent.at_hand for sent in self._open) and time.monotonic() < until:
                time.sleep(0.001)
            self._pool.shutdown(wait=True, kill_workers=True)
            self._folder.cleanup()
        finally:
            interrupts.release()

    def _started(self) -> Any:
        ensure_tracker_of_loky()  # each lets interrupts in again when it is started ...
        ensure_tracker_of_python()  # ... which would be just before the first process
        return ProcessPoolExecutor(self.width, initializer=_begin, initargs=(os.getpid(),))

    def _send(self, sent: _Sent) -> None:
        try:
            with _uninterrupted():
                sent.future = self._pool.submit(_work, str(sent.file))
        except BrokenProcessPool as error:  # since the last answer; whoever waits for this one begins again
            sent.future = Future()
            sent.future.set_exception(error)

    def _begin_again(self, error: BrokenProcessPool) -> None:
        """Another pool for everything that is not answered; the batches at hand are counted.

        Raises:
            WorkersLost: one of them was at hand too often.
        """
        self._pool.shutdown(wait=True, kill_workers=True)
        unanswered = [sent for sent in self._open if not sent.answered]
        for sent in unanswered[: self.width]:
            sent.deaths += 1
            if sent.deaths > MOST_DEATHS:
                raise lost(sent.batch, sent.deaths) from error
        self._pool = self._started()
        for sent in unanswered:
            self._send(sent)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started here get no interrupt: who waits for them is ended, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Sent:
    """A batch that was submitted, and how many processes ended while it was at hand."""

    def __init__(self, batch: Batch, file: Path) -> None:
        self.batch, self.file = batch, file
        self.deaths = 0
        self.future: Future[None]

    @property
    def answered(self) -> bool:
        """Whether it has come to something: answers, or an error of the function."""
        return self.future.done() and not isinstance(self.future.exception(), BrokenProcessPool)

    @property
    def at_hand(self) -> bool:
        """Whether loky has taken it up, or is done with it."""
        return self.future.running() or self.future.done()

    def taken(self) -> Worked:
        """The answers, which leave the folder."""
        answers = _answers(self.file)
        worked: Worked = pickle.loads(answers.read_bytes())
        answers.unlink()
        self.file.unlink()
        return worked


def _work(name: str) -> None:
    """Put the answers to a batch beside it."""
    file = Path(name)
    function, items = pickle.loads(file.read_bytes())
    _answers(file).write_bytes(cloudpickle.dumps(work(pickle.loads(function), items)))


def _answers(file: Path) -> Path:
    return file.with_suffix(".answers")


def _begin(parent: int) -> None:
    """What a process does first: it leaves Ctrl-C to its parent, and never outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH)
    os._exit(1)
