"""Python's collections of garbage put off while a table is read: all its cells are in use until the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_LOCK = Lock()
_reading: list[bool] = []  # for each that reads, whether collections ran before the first of them began


@contextmanager
def put_off() -> Iterator[None]:
    """Let no collection run meanwhile, in whatever thread: it would walk all the cells that are there so far.

    Several threads may read at once; after the last of them collections run again, if they ran before.
    """
    with _LOCK:
        _reading.append(_reading[0] if _reading else gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _LOCK:
            if _reading.pop() and not _reading:
                gc.enable()
