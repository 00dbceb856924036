"""Places on a disk: what is read is a file, and what is to be written can be, before work is done for it."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from pathlib import Path

State = tuple[int, int, int] | None  # which file or folder it is, when and how large it was written

_AT_HERE, _EXCHANGE = -100, 2  # of Linux's renameat2: AT_FDCWD, RENAME_EXCHANGE
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def state(path: Path) -> State:
    """What tells one state of a file or folder from another; None where nothing is."""
    try:
        at = path.stat()
    except (OSError, ValueError):
        return None
    return at.st_ino, at.st_mtime_ns, at.st_size


def check_place(path: Path) -> None:
    """Refuse a place that can take no file.

    Raises:
        OSError: a folder, device, pipe or socket is there, a file that is read-only, or a link that leads
            nowhere; its name is too long; the folder is no folder, or may not be written.
    """
    at = _at(path)
    if at is None:
        _check_above(path)
        return
    for is_kind, kind in _KINDS:
        if is_kind(at.st_mode):
            raise OSError(errno.EINVAL, f"it is {kind}, expected a file", str(path))
    if not (at.st_mode & 0o222 and os.access(path, os.W_OK)):  # a superuser should not unasked
        raise PermissionError(errno.EACCES, "it is read-only", str(path))
    _check_writable(Path(os.path.realpath(path)).parent)


def content_of(path: Path, most: int) -> bytes:
    """The bytes of a file, or of a pipe that a shell hands over, at most one more than ``most``.

    Raises:
        OSError: there is none, it cannot be read, or it is no file: a folder, a device, a socket, a pipe
            with a name, at which a reader waits for ever.
        ValueError: nothing can be called so.
    """
    mode = path.stat().st_mode
    handed_over = stat.S_ISFIFO(mode) and not os.path.lexists(os.path.realpath(path))
    kind = next((kind for is_kind, kind in _KINDS if is_kind(mode)), "")
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder, expected a file", str(path))
    if kind and not handed_over:
        raise OSError(errno.EINVAL, f"it is {kind}, expected a file", str(path))
    with path.open("rb") as stream:
        return stream.read(most + 1)


def check_folder(path: Path) -> None:
    """Refuse a place that can take no folder.

    Raises:
        OSError: a file or link that leads nowhere is there; its name is too long; the folder above is none,
            or may not be written.
    """
    at = _at(path)
    if at is None:
        _check_above(path)
    elif not stat.S_ISDIR(at.st_mode):
        kind = next((kind for is_kind, kind in _KINDS if is_kind(at.st_mode)), "a file")
        raise NotADirectoryError(errno.ENOTDIR, f"it is {kind}, expected a folder", str(path))
    else:
        _check_writable(path)
        _check_writable(Path(os.path.realpath(path)).parent)


def _at(path: Path) -> os.stat_result | None:
    """What is at a place, through links; None where nothing is.

    Raises:
        OSError: there is a link that leads nowhere, or nothing can be called so.
    """
    try:
        return path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise FileNotFoundError(errno.ENOENT, "it is a link that leads nowhere", str(path)) from None
        return None


def _check_above(path: Path) -> None:
    """Refuse what is to stand in a folder that is none, or may not be written."""
    above = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    if not above.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{above.name} is no folder", str(path))
    _check_writable(above)


def _check_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(
            errno.EACCES, f"the folder {folder.name or folder} may not be written", str(folder)
        )


def exchange(one: Path, other: Path) -> None:
    """Let two folders change their names, at once where the system can.

    Where it cannot, the other stands under ``NAME.before-...`` for a moment; whoever is killed in it loses
    nothing.

    Raises:
        OSError: they cannot; both stay.
    """
    if _exchanged(one, other):
        return
    aside = other.with_name(f"{other.name}.before-{secrets.token_hex(4)}")
    os.rename(other, aside)
    try:
        os.rename(one, other)
    except OSError:
        os.rename(aside, other)
        raise
    os.rename(aside, one)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system has exchanged two names in one step."""
    if sys.platform != "linux":
        return False
    import ctypes

    call = getattr(ctypes.CDLL(None), "renameat2", None)
    if call is None:
        return False
    return call(_AT_HERE, os.fsencode(one), _AT_HERE, os.fsencode(other), _EXCHANGE) == 0
