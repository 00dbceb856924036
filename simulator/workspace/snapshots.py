"""Named snapshots of a scenario: how it stood on a day, kept beside the files of its folder.

A snapshot stands alone, whatever its file extends, and nothing ever changes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import InputError
from simulator.files.editing import standalone
from simulator.files.loading import load
from simulator.files.opening import checked
from simulator.files.writing import in_words, write_new
from simulator.values.fields import read_date
from simulator.values.numerals import enumeration
from simulator.values.wording import show
from simulator.workspace.folder import SUFFIXES, checked_name

PLACE = ".snapshots"  # in the folder of the files; a folder inside for each of them


@dataclass(frozen=True)
class Snapshot:
    """A scenario as it stood on a day, under a name."""

    file: Path
    name: str
    on: dt.date

    @property
    def title(self) -> str:
        """Its name and its day, for people."""
        return f"{self.name} ({self.on.day} {self.on:%B %Y})"


def taken(file: Path) -> tuple[Snapshot, ...]:
    """The snapshots of a scenario file, the oldest first."""
    try:
        inside = sorted(_place(file).iterdir())
    except OSError:
        return ()
    return tuple(_known(inside))


def take(file: Path, name: str, on: dt.date, text: str | None = None) -> Snapshot:
    """Keep a scenario as it stands.

    Args:
        file: the scenario's.
        name: of the snapshot, which no other of this scenario has.
        on: the day that it bears.
        text: how it stands, if not as the file says; it extends no file.

    Raises:
        ScenarioError: the file holds no scenario that can be answered.
        InputError: the name cannot be used, or it cannot be written.
    """
    called = checked_name(name)
    if _called(taken(file), called):
        raise InputError(f"found a snapshot called {show(called)} already, expected a name of its own")
    if text is None:
        checked(load(file))
        text = standalone(file.read_bytes(), file.name, file)
    place = _place(file) / f"{on:%Y-%m-%d} {called}{SUFFIXES[0]}"
    write_new(place, text)
    return Snapshot(place, called, on)


def since(file: Path, wanted: str) -> Snapshot:
    """The snapshot that is called so; of a day, the last one that was taken until then.

    Raises:
        InputError: there is none.
    """
    known = taken(file)
    if not known:
        mend = f"take one: python -m simulator snapshot {file} --name NAME"
        raise InputError(f"found no snapshot of {file.name}; {mend}")
    fitting = _called(known, wanted) or _until(known, wanted)
    if not fitting:
        names = enumeration(one.title for one in known)
        raise InputError(
            f"found no snapshot {show(wanted)} of {file.name}, expected one of {names}, or a day"
        )
    return fitting[-1]


def _called(known: Sequence[Snapshot], name: str) -> list[Snapshot]:
    return [one for one in known if one.name.casefold() == name.strip().casefold()]


def _until(known: Sequence[Snapshot], words: str) -> list[Snapshot]:
    """Those that were taken until a day; none where the words are no day."""
    day = _day(words)
    return [] if day is None else [one for one in known if one.on <= day]


def renamed(file: Path, place: Path) -> None:
    """Have the snapshots of a file follow it to another name; those that are there already stay.

    Raises:
        InputError: they cannot be moved.
    """
    if _place(file).is_dir() and not _place(place).exists():
        with in_words(_place(place)):
            _place(file).rename(_place(place))


def _place(file: Path) -> Path:
    return file.parent / PLACE / file.stem


def _day(words: str) -> dt.date | None:
    try:
        return read_date(words.strip())
    except ValueError:
        return None


def _known(files: list[Path]) -> Iterator[Snapshot]:
    for file in files:
        day, _, name = file.stem.partition(" ")
        on = _day(day)
        if on is not None and name and file.suffix in SUFFIXES:
            yield Snapshot(file, name, on)
