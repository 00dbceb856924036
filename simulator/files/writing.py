"""Writing files: whole or not at all, permissions kept; a new one takes nobody's place.

What is written stands first beside its place (a file that is filled in parts: in the folder that waits for
it), under a name that begins with ``.simulator-`` and ends with
``.part``, and its writer holds a lock on it. Nobody holds one on what a killed writer left behind: it is
cleared when the next file is written into the same folder. What is replaced is compared and replaced under a
lock on its folder, so that of two writers one wins whole and the other is refused; where a disk has no locks
(Windows, some networks), comparing and replacing follow each other directly.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from simulator.errors import Changed, NotWritten
from simulator.files.locks import fcntl, hold, in_use, locked
from simulator.files.places import State, check_folder, check_place, exchange, state
from simulator.values.wording import show

BEGINS, ENDS = ".simulator-", ".part"  # of the name of what is not yet in its place
YOUNG = 60.0  # seconds in which a file that is empty may be one that was made this moment
OLD = 86400.0  # seconds after which nobody writes any more, where no lock can tell

Check = Callable[[], None]


def write_file(path: Path, content: str | bytes, check: Check | None = None) -> None:
    """Write a file whole or not at all, a text as UTF-8; one that is there is replaced.

    A file that is there keeps its permissions, and a link leads where it led; a new one has the permissions
    that the umask leaves.

    Args:
        path: where to.
        content: what it is to hold.
        check: called when all is ready, while no other writer can come between; what it raises stops it.

    Raises:
        NotWritten: it cannot be written, or ``check`` refuses it; nothing changed.
    """
    with in_words(path):
        check_place(path)
        target = Path(os.path.realpath(path))
        with _above(target), _staged(target, content) as temporary:
            _replace(temporary, target, check)
        _settle(target.parent)


def _replace(temporary: Path, target: Path, check: Check | None) -> None:
    """Put a file that is ready into its place, with the permissions of the one that is there."""
    if target.exists():
        _copy_permissions(temporary, target.stat())
    with locked(target.parent):
        if check is not None:
            check()
        os.replace(temporary, target)


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file where none is, whole or not at all.

    Raises:
        NotWritten: one is there, which stays, or it cannot be written.
    """
    with in_words(path):
        check_place(path)
        with _above(path), _staged(path, content) as temporary:
            _link(temporary, path)
        _settle(path.parent)


def write_set(
    folder: Path,
    contents: Mapping[str, str | bytes],
    replaced: Collection[str] = (),
    check: Check | None = None,
) -> None:
    """Write a set of files as a folder of their own, whole or not at all; see ``new_folder``."""
    with new_folder(folder, replaced, check) as staged:
        for name, content in contents.items():
            _fill(staged / name, content)


@contextmanager
def new_folder(folder: Path, replaced: Collection[str] = (), check: Check | None = None) -> Iterator[Path]:
    """A folder that is filled beside its place, and put there as one when all went well.

    Args:
        folder: its place, where nothing is, or an empty folder.
        replaced: the names of what an earlier one may hold; if it holds nothing else, all of it is replaced.
        check: called when all is ready, while no other writer can come between; what it raises stops it.

    Yields:
        the folder to fill, which is gone if anything is raised.

    Raises:
        NotWritten: something else is there, which stays, or it cannot be written.
    """
    with in_words(folder):
        check_folder(folder)
        place = Path(os.path.realpath(folder))
        with _above(place), _staged_folder(place) as staged:
            yield staged
            _settle(staged)
            with locked(place.parent):
                if check is not None:
                    check()
                _put(staged, place, replaced)
        _settle(place.parent)


@contextmanager
def file_beside(path: Path, folder: Path, check: Check) -> Iterator[Path]:
    """The name of a file to fill, which takes the place of ``path`` when all went well, else is gone.

    Meanwhile it stands in a ``folder`` of the same disk; ``check`` is as that of ``write_file``.

    Raises:
        NotWritten: it cannot be written, or ``check`` refuses it.
    """
    with in_words(path):
        check_place(path)
        target = Path(os.path.realpath(path))
        with _above(target):
            clear(target.parent)
            temporary = _unused(folder / target.name)
            try:
                yield temporary
                with temporary.open("rb+") as file:
                    os.fsync(file.fileno())
                _replace(temporary, target, check)
            finally:
                temporary.unlink(missing_ok=True)
        _settle(target.parent)


def move(path: Path, place: Path) -> None:
    """Move a file to where none is, on the same disk.

    Raises:
        NotWritten: one is there, and both stay; or it cannot be moved.
    """
    with in_words(place), locked(path.parent):
        _link(path, place)
        path.unlink(missing_ok=True)
        _settle(place.parent)


def unchanged(path: Path, was: bytes) -> Check:
    """The check that a file still holds what was read of it.

    What it raises is ``Changed``.
    """

    def check() -> None:
        with contextlib.suppress(OSError):
            if path.read_bytes() == was:
                return
        raise Changed(f"{path.name}: it was changed by somebody meanwhile; it is left as it is")

    return check


def untouched(path: Path, was: State) -> Check:
    """The check that nobody has written a file or folder since it was looked at.

    What it raises is ``Changed``.
    """

    def check() -> None:
        if state(path) != was:
            raise Changed(f"{path.name}: it was written by somebody meanwhile; it is left as it is")

    return check


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """What a disk refuses, in a sentence.

    Raises:
        NotWritten: in place of the disk's error.
    """
    try:
        yield
    except FileExistsError as error:
        raise NotWritten(f"found another file called {show(path.name)}, which stays as it is") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotWritten(
            f"found {show(path.name)}, which cannot be written ({reason}); nothing changed, "
            "choose another place"
        ) from error


# Beside the place


def clear(folder: Path) -> None:
    """Remove what writers that were killed have left in a folder: ours, this user's, in use by nobody."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if unfinished(entry.name):
                _clear(Path(entry.path))


def _clear(path: Path) -> None:
    with contextlib.suppress(OSError):
        at = path.lstat()
        if stat.S_ISLNK(at.st_mode) or (hasattr(os, "getuid") and at.st_uid != os.getuid()):
            return
        age = time.time() - at.st_mtime
        if (age < YOUNG and _empty(path)) or (age < OLD and in_use(path)):
            return
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _empty(path: Path) -> bool:
    """Whether there is nothing in it, as there is before its writer holds it."""
    return not any(path.iterdir()) if path.is_dir() else path.stat().st_size == 0


def unfinished(name: str) -> bool:
    """Whether a file or folder is called like what is not yet in its place."""
    return name.startswith(BEGINS) and name.endswith(ENDS)


def _unused(place: Path) -> Path:
    return place.with_name(f"{BEGINS}{secrets.token_hex(8)}{ENDS}")


@contextmanager
def _staged(place: Path, content: str | bytes) -> Iterator[Path]:
    """A file beside its place, on the disk with all that it is to hold; it is gone afterwards."""
    clear(place.parent)
    temporary = _unused(place)
    try:
        with temporary.open("xb") as file:
            hold(file.fileno())
            file.write(_bytes(content))
            file.flush()
            os.fsync(file.fileno())
            if fcntl is None:
                file.close()  # Windows renames nothing that is open
            yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _fill(path: Path, content: str | bytes) -> None:
    """A file in a folder that is not yet in its place."""
    with path.open("xb") as file:
        file.write(_bytes(content))
        file.flush()
        os.fsync(file.fileno())


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


@contextmanager
def _staged_folder(place: Path) -> Iterator[Path]:
    """A folder beside its place, seen to be in use; what is called so is gone afterwards."""
    clear(place.parent)
    staged = _unused(place)
    staged.mkdir()
    descriptor = None if fcntl is None else os.open(staged, os.O_RDONLY)
    try:
        if descriptor is not None:
            hold(descriptor)
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def _above(place: Path) -> Iterator[None]:
    """The folder that something is to stand in; one that is made for it goes again if it cannot."""
    made = [folder for folder in place.parents if not folder.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


# Into the place


def _link(path: Path, place: Path) -> None:
    """Give a file a second name, where nothing has it; on a disk without links its only one."""
    try:
        os.link(path, place, follow_symlinks=True)  # unlike a rename, it never takes another file's place
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        if place.exists():
            raise FileExistsError(errno.EEXIST, "a file is there", str(place)) from None
        path.rename(place)


def _put(staged: Path, place: Path, replaced: Collection[str]) -> None:
    """A folder into its place; what was there has its name afterwards."""
    inside = {entry.name for entry in place.iterdir()} if place.exists() else set()
    strange = sorted(inside.difference(replaced))
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise NotWritten(
            f"found {show(strange[0])}{more} in {place.name}, which stays as it is; choose another folder"
        )
    if inside:
        _copy_permissions(staged, place.stat())
        exchange(staged, place)
        return
    if os.name == "nt" and place.exists():  # only there no folder takes an empty one's place
        place.rmdir()
    os.rename(staged, place)


def _copy_permissions(path: Path, was: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # only a superuser can give a file away
            os.chown(path, was.st_uid, was.st_gid)
    os.chmod(path, stat.S_IMODE(was.st_mode))


def _settle(folder: Path) -> None:
    """See that the names of a folder outlast a loss of power, where a disk can promise it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
