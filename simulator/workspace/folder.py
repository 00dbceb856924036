"""The office's folder: scenario files that stand side by side, where several people work on them.

A file is replaced only as it was read: what somebody else changed meanwhile is said, never overwritten. What
is deleted goes to a bin inside the folder; nothing is lost.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from simulator.caches import MEGABYTE, keep
from simulator.errors import Changed, FileError, InputError
from simulator.files.reading import PREFIX, Source, content
from simulator.files.strict_yaml import parse
from simulator.files.writing import in_words, move, write_file, write_new
from simulator.values.limits import FILE_BASES
from simulator.values.numerals import enumeration
from simulator.values.wording import show

VARIABLE = "SIMULATOR_FOLDER"  # of the environment: the folder that the page is started with
SUFFIXES = (".yaml", ".yml")
BIN = ".bin"
LONGEST_NAME = 60
MOST_BYTES = 200  # of a name, so that the bin has room for when it was deleted
FILES = MEGABYTE  # bytes of what files extend, as far as it is known

Stamp = tuple[str, int, int, int]  # a file, when and how large it was written, and as which

_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}


@dataclass(frozen=True)
class Reading:
    """A file as it was read.

    ``mark`` tells its bytes, and those of all that it extends, from any others; ``stamps`` when they were
    written.
    """

    file: Path
    mark: str
    stamps: tuple[Stamp | None, ...] = ()

    @classmethod
    def of(cls, file: Path) -> tuple[Reading, bytes]:
        """A file as it is now, and its bytes.

        Raises:
            ScenarioError: it cannot be read.
        """
        stamps = stamps_of(file)
        read = content(Source(file.name, file))
        return cls(file, _marks(file, read), stamps), read

    @property
    def key(self) -> str:
        """What no other file, in this folder or another, is called by."""
        return f"{_mark(str(self.file.parent).encode())}/{self.file.name}"

    @property
    def change(self) -> str:
        """What became of the file since, in words; empty where it says the same."""
        if self.stamps and self.stamps == stamps_of(self.file):
            return ""
        try:
            now = _marks(self.file, self.file.read_bytes())
            when = datetime.fromtimestamp(self.file.stat().st_mtime, UTC)
        except OSError:
            return "it was renamed or deleted by somebody"
        if now == self.mark:
            return ""
        if now.partition("-")[0] == self.mark.partition("-")[0]:
            return "what it extends was changed by somebody"
        return f"it was changed by somebody at {_clock(when)}"


@dataclass(frozen=True)
class Binned:
    """A file in the bin: what it was called, and when it was deleted."""

    file: Path
    name: str
    when: datetime

    @property
    def day(self) -> str:
        """When it was deleted, for people."""
        return moment(self.when)


@dataclass(frozen=True)
class Folder:
    """A folder of scenario files: those directly in it, each called by its stem.

    Of two with one stem that which does not end with ``.yaml`` is called by its whole name.
    """

    path: Path

    @classmethod
    def of_environment(cls) -> Folder | None:
        """The folder that the page was started with; None without one."""
        place = os.environ.get(VARIABLE, "").strip()
        return cls(Path(place).resolve()) if place else None

    @property
    def title(self) -> str:
        """What the folder is called."""
        return self.path.name or str(self.path)

    def names(self) -> tuple[str, ...]:
        """The scenarios of the folder, sorted; none where it cannot be looked into."""
        return tuple(sorted(self._files()))

    def file(self, name: str) -> Path:
        """The file of a scenario, by what it is called or by its whole name, or where it would stand."""
        files = self._files()
        by_name = {file.name: file for file in files.values()}
        return files.get(name) or by_name.get(name) or self.path / f"{name}{SUFFIXES[0]}"

    def fault(self) -> str:
        """Why the folder cannot be looked into; empty where it can be."""
        try:
            next(self.path.iterdir(), None)
        except OSError as error:
            return f"found the folder {show(str(self.path))}, which cannot be read ({error.strerror})"
        return ""

    def save(self, reading: Reading, text: str) -> Reading:
        """Replace a file that stands as it was read.

        Raises:
            Changed: it does not; it is left as it is.
            InputError: it cannot be written.
        """
        by_bytes = replace(reading, stamps=())  # a clock may be coarse, or set back

        def check() -> None:
            if change := by_bytes.change:
                raise Changed(f"{reading.file.name}: {change}; it is left as it is")

        check()  # before the writer looks at what is there now
        write_file(reading.file, text, check)
        return Reading.of(reading.file)[0]

    def save_as(self, name: str, text: str) -> Reading:
        """A new file under a name that no other has.

        Raises:
            InputError: the name cannot be used, or the file cannot be written.
        """
        file = self._free(name)
        write_new(file, text)
        return Reading.of(file)[0]

    def rename(self, file: Path, other: str) -> Path:
        """Give a file of the folder another name, and return where it stands then.

        Raises:
            InputError: the name cannot be used, there is no such file, or other files extend this one.
        """
        place = self._free(other, beside=file)
        self._refuse_extended(file)
        move(file, place)
        return place

    def delete(self, file: Path, now: datetime | None = None) -> None:
        """Put a file of the folder into the bin.

        Raises:
            InputError: it cannot be moved, or other files extend it.
        """
        self._refuse_extended(file)
        stamp = f"{now or datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        with in_words(file):
            (self.path / BIN).mkdir(exist_ok=True)
        move(file, self.path / BIN / f"{stamp} {file.name}")

    def binned(self) -> tuple[Binned, ...]:
        """What is in the bin, the last deleted first."""
        try:
            inside = sorted((self.path / BIN).iterdir(), reverse=True)
        except OSError:
            return ()
        return tuple(_binned(inside))

    def bring_back(self, binned: Binned) -> Path:
        """Put a file from the bin back under its name, and return where it stands.

        Raises:
            InputError: another file has its name, or it cannot be moved.
        """
        place = self.path / binned.name
        move(binned.file, place)
        return place

    def _files(self) -> dict[str, Path]:
        """Every scenario file by what it is called."""
        try:
            inside = sorted(self.path.iterdir(), key=lambda file: (file.suffix != SUFFIXES[0], file.name))
        except OSError:
            return {}
        files: dict[str, Path] = {}
        for file in inside:
            if file.suffix.lower() in SUFFIXES and _visible(file):
                files[file.name if file.stem in files else file.stem] = file
        return files

    def _free(self, name: str, beside: Path | None = None) -> Path:
        """Where a file of a new name is to stand; ``beside``, the file that is to have it.

        Raises:
            InputError: the name cannot be used, or is another file's.
        """
        stem = checked_name(name)
        others = (file.stem for file in self._files().values() if file != beside)
        taken = next((other for other in others if other.casefold() == stem.casefold()), None)
        if taken is not None:
            raise InputError(f"found a file called {show(taken)} in the folder, expected a name of its own")
        return self.path / f"{stem}{SUFFIXES[0]}"

    def _refuse_extended(self, file: Path) -> None:
        """Refuse to take away what other files are laid over.

        Raises:
            InputError: in words.
        """
        if not file.is_file():
            raise InputError(f"found no file {show(file.name)}: it was renamed or deleted by somebody")
        real = os.path.realpath(file)
        over = [
            name
            for name, other in self._files().items()
            if real in map(os.path.realpath, _chain(other)[1:]) and os.path.realpath(other) != real
        ]
        if over:
            extend = "extends it" if len(over) == 1 else "extend it"
            raise InputError(f"{file.name} stays as it is: {enumeration(sorted(over))} {extend}")


def checked_name(name: str) -> str:
    """The stem of a new file.

    Raises:
        InputError: no disk or no reader would take it.
    """
    stem = unicodedata.normalize("NFC", name).strip()
    for suffix in SUFFIXES:
        stem = stem.removesuffix(suffix)
    if strange := next(filter(_strange, stem), ""):
        raise InputError(f"found {show(strange)} in the name, expected letters, digits, blanks or -")
    if not stem or stem[0] in ".-" or stem[-1] in ". " or _is_device(stem):
        raise InputError(f"found the name {show(name)}, expected one such as plan-2027")
    if len(stem) > LONGEST_NAME or len(stem.encode()) > MOST_BYTES:
        raise InputError(f"found a name of {len(stem)} letters, expected at most {LONGEST_NAME}")
    return stem


def _is_device(stem: str) -> bool:
    """Whether Windows takes a name for that of a device, whatever stands behind its first point."""
    return stem.partition(".")[0].strip().casefold() in _DEVICES


def _strange(letter: str) -> bool:
    """Whether a letter is none that a name may have: no disk takes it, or nobody sees it."""
    return letter in '/\\:*?"<>|' or unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def moment(when: datetime) -> str:
    """A moment, for people."""
    return f"{when:%d %B %Y, %H:%M} UTC"


def _clock(when: datetime) -> str:
    """The time of day; of another day the day as well."""
    return f"{when:%H:%M} UTC" if when.date() == datetime.now(UTC).date() else moment(when)


def _mark(read: bytes) -> str:
    return hashlib.sha256(read).hexdigest()[:16]


def _marks(file: Path, read: bytes) -> str:
    """A mark of a file's bytes, and behind a hyphen one of what it extends."""
    below = [base.read_bytes() for base in _chain(file)[1:] if base.is_file()]
    return f"{_mark(read)}-{_mark(b''.join(below))}" if below else _mark(read)


def _visible(file: Path) -> bool:
    """Whether it is a file that is meant to be seen."""
    return not file.name.startswith(".") and file.is_file()


def _binned(files: list[Path]) -> Iterator[Binned]:
    for file in files:
        stamp, _, name = file.name.partition(" ")
        try:
            when = datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        except ValueError:
            continue
        yield Binned(file, name, when)


# What a file extends


def _stamp(file: Path) -> Stamp | None:
    """What tells one state of a file from another; None where there is no such file."""
    try:
        state = file.stat()
    except (OSError, ValueError):
        return None
    return str(file), state.st_mtime_ns, state.st_size, state.st_ino


def stamps_of(file: Path) -> tuple[Stamp | None, ...]:
    """What tells one state of a file, and of all that it extends, from another."""
    return tuple(map(_stamp, _chain(file)))


def _chain(file: Path) -> tuple[Path, ...]:
    """A file, and those that it extends, as far as they can be read."""
    files = [file]
    while len(files) <= FILE_BASES.most and (base := _base(files[-1], _stamp(files[-1]))) is not None:
        if base in files:
            break
        files.append(base)
    return tuple(files)


@keep(FILES)
def _base(file: Path, stamp: Stamp | None) -> Path | None:
    """The file that another one extends, if it is none that ships."""
    if stamp is None:
        return None
    try:
        tree, _ = parse(content(Source(file.name, file)), file.name)
        name = tree.child("extends") if tree.mapping else None
    except FileError:
        return None
    if name is None or not isinstance(name.value, str) or name.value.startswith(PREFIX):
        return None
    return Path(os.path.normpath(file.parent / name.value))
