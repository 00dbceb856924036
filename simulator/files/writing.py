"""Writing files: whole or not at all, permissions kept; a new one takes nobody's place."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, a text as UTF-8: to a temporary neighbour, then renamed.

    A file that is there keeps its permissions, and a link leads where it led; a new one has the permissions
    that the umask leaves.

    Raises:
        OSError: it cannot be written, or is read-only.
    """
    data = content if isinstance(content, bytes) else content.encode()
    target = Path(os.path.realpath(path))
    if read_only(target):
        raise PermissionError(13, "it is read-only", str(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not target.is_file():  # a device or pipe takes bytes, and is not to be replaced
        target.write_bytes(data)
        return
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
        if target.exists():
            _copy_permissions(temporary, target.stat())
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_only(path: Path) -> bool:
    """Whether a file is there that nobody, or not this user, may write; a superuser should not unasked."""
    return path.is_file() and not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK))


def _copy_permissions(path: Path, was: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # only a superuser can give a file away
            os.chown(path, was.st_uid, was.st_gid)
    os.chmod(path, stat.S_IMODE(was.st_mode))


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file where none is, whole or not at all.

    Raises:
        FileExistsError: one is there; it stays.
        OSError: it cannot be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode())
        move(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def move(path: Path, place: Path) -> None:
    """Move a file to where none is, on the same disk.

    Raises:
        FileExistsError: one is there; both stay.
        OSError: it cannot be moved.
    """
    try:
        os.link(path, place, follow_symlinks=True)  # unlike a rename, it never takes another file's place
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a disk without links
        if place.exists():
            raise FileExistsError(17, "a file is there", str(place)) from None
        path.rename(place)
    else:
        path.unlink()
