"""Locks between processes: for the moment of a rename, and for as long as a work takes.

A lock is the kernel's own, on a file that is open (``flock``; ``msvcrt.locking`` on Windows): it is gone
with its holder, however that ends. Where a disk has none (some networks), nothing is locked for a moment, and
a work goes by whether the process that its file names still lives.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

from simulator.errors import NotWritten

fcntl: Any = None
msvcrt: Any = None
with contextlib.suppress(ImportError):  # Windows, where a file that is open cannot be removed
    import fcntl
with contextlib.suppress(ImportError):  # all others
    import msvcrt

PATIENCE = 10.0  # seconds to wait for another writer, who needs milliseconds
LOCK = "_lock"  # in a folder that is worked in; readers of Parquet pass over a name that begins so
MADE = "made "  # begins a line of it: how many folders, from its own up, were made for the work
_BYTE = 4096  # which Windows locks, behind all that is written


def hold(descriptor: int) -> None:
    """Hold what is open until it is closed, where the disk has locks."""
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def in_use(path: Path) -> bool:
    """Whether another process holds a file or folder, as far as the disk can tell."""
    if fcntl is None:
        return True
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # of a pipe nobody waits for the other end
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """No other writer replaces a file of the folder meanwhile, in this process or another.

    Raises:
        OSError: another one does so for longer than anybody should.
    """
    try:
        descriptor = None if fcntl is None else os.open(folder, os.O_RDONLY)
    except OSError:  # a folder that may be written and not read
        descriptor = None
    try:
        if descriptor is not None:
            _wait(descriptor)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _wait(descriptor: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise OSError(errno.EBUSY, "another program is writing here") from None
            time.sleep(0.005)
        except OSError:  # a disk without locks
            return
        else:
            return


@contextmanager
def reserved(folder: Path, what: str, *, lasting: bool) -> Iterator[None]:
    """Only one works in a folder, which is made for it if it is not there.

    Args:
        folder: where the work stands.
        what: is written by it, as people call it.
        lasting: whether the folder stays when it is empty at the end; one that is made here never does.

    Raises:
        NotWritten: another process does so now.
        OSError: nothing can be written there.
    """
    made = sum(not above.exists() for above in (folder, *folder.parents))
    file = None
    try:
        file = _taken(folder / LOCK, what, made)
        file.write(_me().encode() + b"\n")
        yield
    finally:
        if file is not None:
            made = max(made, _give_up(file, folder / LOCK))
        for above in (folder, *folder.parents)[: made or not lasting]:
            with contextlib.suppress(OSError):  # something stands in it
                above.rmdir()


def _taken(path: Path, what: str, made: int) -> FileIO:
    """The file at a place, held by this process and by no other.

    It is only added to: whoever holds it learns what others made that came at the same moment.

    Raises:
        NotWritten: another one holds it.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)  # its last holder may have taken it away just now
        with contextlib.suppress(FileNotFoundError):
            file = path.open("a+b", buffering=0)
            with contextlib.suppress(OSError):  # a full disk, which is told of what the holder writes
                file.write(f"{MADE}{made}\n".encode())
            if not _locked(file):
                *_, who = ["", *_lines(file, made=False)]
                file.close()
                raise NotWritten(
                    f"found another run that writes {what} at this moment (process {who or 'unknown'}); "
                    "wait for its end, or choose another place"
                )
            if _same(file, path):
                return file
            file.close()


def _lines(file: FileIO, *, made: bool) -> list[str]:
    """The lines on what was made, or on who holds the file, the latest last."""
    file.seek(0)
    lines = file.read().decode(errors="replace").splitlines()
    return [line for line in lines if line.startswith(MADE) == made]


def _same(file: FileIO, path: Path) -> bool:
    """Whether a file still has its name."""
    return os.path.samestat(os.fstat(file.fileno()), path.stat())


def _locked(file: FileIO) -> bool:
    """Whether this process has the lock now; without locks, whether nobody alive says to have it."""
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:
            file.seek(_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            return _left(file)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES) and _left(file)
    return True


def _left(file: FileIO) -> bool:
    """Whether the process that a file names has ended, as far as this machine can tell."""
    *_, who = ["", *_lines(file, made=False)]
    number, _, machine = who.partition(" on ")
    here = _me().partition(" on ")[2]
    if not number.isdecimal() or int(number) == os.getpid() or machine != here or os.name == "nt":
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # another user's
        return False
    return False


def _me() -> str:
    return f"{os.getpid()} on {os.uname().nodename if hasattr(os, 'uname') else 'this machine'}"


def _give_up(file: FileIO, path: Path) -> int:
    """The lock and its file are gone: the file first, for the next of its name is another's.

    Returns:
        how many folders were made for it, by whomever.
    """
    with contextlib.suppress(OSError):
        path.unlink()
    made = [line.removeprefix(MADE) for line in _lines(file, made=True)]
    file.close()
    if msvcrt is not None:  # nothing that is open is removed there
        with contextlib.suppress(OSError):
            path.unlink()
    return max((int(count) for count in made if count.isdecimal()), default=0)
