"""Scenario files on disk, those that ship, and those that ``extends`` names; a guess where one is missing."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from simulator.errors import Fault, ScenarioError
from simulator.files.places import content_of
from simulator.files.shapes import unknown_key
from simulator.values.limits import FILE_BASES, FILE_BYTES
from simulator.values.wording import show

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE / "scenarios", _PACKAGE.parent / "scenarios")  # as installed; in a clone
SHIPPED = next((place for place in _PLACES if place.is_dir()), _PACKAGE)
PREFIX = "shipped:"
_INSTEAD: ContextVar[Mapping[Path, bytes]] = ContextVar("what files are read as, in place of what they hold")
MOST_GUESSES = 200  # files of a folder among which the one that was meant is looked for


@dataclass(frozen=True)
class Source:
    """A scenario's name in messages, and its file; an upload has none."""

    name: str
    file: Path | None = None


def shipped_names() -> tuple[str, ...]:
    """The scenarios that people are offered, as ``extends: shipped:NAME`` takes them."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.yaml")))


@contextmanager
def instead(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Read some files (by their resolved paths) as if they held other bytes: to see what would follow."""
    token = _INSTEAD.set(files)
    try:
        yield
    finally:
        _INSTEAD.reset(token)


def all_shipped() -> tuple[str, ...]:
    """Every scenario that comes with the simulator; one of a folder is called ``announced/NAME``."""
    files = (file.relative_to(SHIPPED).with_suffix("") for file in SHIPPED.rglob("*.yaml"))
    return tuple(sorted(map(Path.as_posix, files)))


def shipped_file(name: str) -> Path:
    """The file of a scenario that comes with the simulator."""
    return SHIPPED / f"{name}.yaml"


def source_of(path: str | Path) -> Source:
    """What a path, or ``shipped:NAME``, names.

    Raises:
        ScenarioError: no scenario of that name ships.
    """
    name = str(path)
    return Source(name, _shipped(name, Fault(name, None, "", "")) if name.startswith(PREFIX) else Path(path))


def content(source: Source) -> bytes:
    """The bytes of a file, at most one more than is allowed.

    Raises:
        ScenarioError: there is none, or it cannot be read.
    """
    return _bytes(source, Fault(source.name, None, "", ""))


def extended(name: object, chain: Sequence[Source], place: Fault) -> tuple[Source, bytes]:
    """The file that ``extends`` names, and its bytes.

    Args:
        name: as it stands there.
        chain: the files that extend one another down to the one in which it stands.
        place: where it stands.

    Raises:
        ScenarioError: there is no such file, it cannot be read, or it extends itself in the end.
    """
    base = _base(name, chain[-1], place)
    below = _bytes(base, place, str(name), [source.file for source in chain if source.file])
    passed = [source.file.resolve() for source in chain if source.file]
    if base.file and base.file.resolve() in passed:
        loop = " extends ".join(source.name for source in (*chain, base))
        raise refused(place, f"found a loop: {loop}; remove one of them")
    if len(chain) > FILE_BASES.most:
        raise refused(
            place, f"found more than {FILE_BASES.most} files that extend one another, expected fewer"
        )
    return base, below


def refused(place: Fault, message: str) -> ScenarioError:
    """One fault at a place."""
    return ScenarioError([replace(place, message=message)])


def _base(name: object, over: Source, place: Fault) -> Source:
    if not isinstance(name, str) or not name.strip():
        raise refused(place, f"found {show(name)}, expected a file or {PREFIX}NAME")
    if name.startswith(PREFIX):
        return Source(name, _shipped(name, place))
    if over.file is None:
        expected = f"{PREFIX}NAME, for an upload has no folder; NAME is one of {', '.join(shipped_names())}"
        raise refused(place, f"found {show(name)}, expected {expected}")
    as_it_stands = over.name.startswith(PREFIX) or Path(name).is_absolute()
    return Source(name if as_it_stands else str(Path(over.name).parent / name), over.file.parent / name)


def _shipped(name: str, place: Fault) -> Path:
    key = name.removeprefix(PREFIX).strip()
    if key not in all_shipped():
        raise refused(place, unknown_key(key, all_shipped(), "shipped scenario"))
    return shipped_file(key)


def _bytes(source: Source, place: Fault, written: str | None = None, chain: Sequence[Path] = ()) -> bytes:
    """The bytes of a file.

    Args:
        source: the file.
        place: where it is named.
        written: as it stands there; None where it is the name itself.
        chain: the files on the way to it, which are no guess at what was meant.
    """
    name, file = source.name, source.file or Path()
    if changed := _INSTEAD.get({}):
        there = changed.get(file.resolve())
        if there is not None:
            return there
    quoted = f"'{name}'" if written in (None, name) else f"'{written}' (that is '{name}')"
    try:
        return content_of(file, FILE_BYTES.most)
    except (FileNotFoundError, NotADirectoryError):
        message = f"found no file {quoted}, expected one{_guess(file, written, chain)}"
    except IsADirectoryError:
        message = f"found the folder {quoted}, expected a file{_guess(file, written, chain)}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        message = f"found {quoted}, which cannot be read ({reason}); name a file"
    raise refused(place, message)


# What may have been meant


def _guess(file: Path, written: str | None, chain: Sequence[Path]) -> str:
    """A guess at the file that was meant by a missing one or a folder, as ``extends`` would state it."""
    if written and "\\" in written and os.sep == "/":  # on Windows both part folders
        return _with_slashes(written.replace("\\", "/"), chain)
    likely = _likely(file, file if written is None else Path(written), chain)
    if likely:
        return f"; did you mean '{likely}'?"
    if written is None or file.is_dir() or file.parent.is_dir():
        return ""
    return f"; there is no folder '{file.parent}'"


def _likely(file: Path, stated: Path, chain: Sequence[Path]) -> str | None:
    """The file that is most like another: one beside it, named as that one is, or one that ships."""
    if file.is_dir():
        near, folder = _nearest(None, file, chain), stated
    else:
        near, folder = _nearest(file.name, file.parent, chain), stated.parent
    if near:
        return str(folder / near)
    shipped = _closest(file.stem, all_shipped(), 0.4)
    return PREFIX + shipped if shipped else None


def _with_slashes(mended: str, chain: Sequence[Path]) -> str:
    """The same for a path that was written with backslashes."""
    file = chain[-1].parent / mended
    nearest = "" if file.is_file() else _guess(file, mended, chain)
    return f"; folders are parted by / here{nearest or f': write {mended}'}"


def _nearest(name: str | None, folder: Path, chain: Sequence[Path]) -> str | None:
    """The scenario in a folder whose name is nearest to another; without a name the first."""
    passed = {link.resolve() for link in chain}
    try:
        beside = sorted(
            other.name for other in folder.glob("*.y*ml") if not passed or other.resolve() not in passed
        )[:MOST_GUESSES]
    except OSError:
        return None
    if name is None:
        return beside[0] if beside else None
    return _closest(name, beside, 0.5)


def _closest(name: str, names: Sequence[str], cutoff: float) -> str | None:
    near = difflib.get_close_matches(name, names, n=1, cutoff=cutoff)
    return near[0] if near else None
