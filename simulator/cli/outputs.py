"""What verbs write: where to, refused before any work is done; whole, and over nobody's changes.

What a disk refuses ends a verb with one sentence and exit code 1 (``cli.Verbs``), what is wrong with a
command line with exit code 2.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from simulator.files.places import State

SCENARIOS = (".yaml", ".yml")  # endings of their names
OTHERS = (".xlsx", ".docx", ".pdf", ".html", ".csv", ".json")  # endings of what is no scenario

Way = Literal["file", "folder", "in place", "beside"]


class NamedPath(click.Path):
    """The name of a file or folder: none that is empty, and none that other programs take for a stream."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path of a name."""
        text = str(value)
        if not text.strip():
            self.fail("found an empty name, expected that of a file or folder", param, ctx)
        if text == "-":
            self.fail("found '-', expected a name; write ./- for what is called so", param, ctx)
        return super().convert(value, param, ctx)


class ReadPath(NamedPath):
    """The name of what a verb only reads."""


class WrittenPath(NamedPath):
    """The name of what a verb writes: a file, a folder as a whole, a file in place, or something beside one.

    tests/faults walks all of these, and lets no verb have a path of another kind.
    """

    def __init__(self, way: Way) -> None:
        super().__init__()
        self.way = way


READ = ReadPath()
FILE, FOLDER = WrittenPath("file"), WrittenPath("folder")
IN_PLACE, BESIDE = WrittenPath("in place"), WrittenPath("beside")


@dataclass(frozen=True)
class Output:
    """A place that may be written, as it was when that was found out."""

    path: Path
    before: State

    @classmethod
    def at(cls, path: Path) -> Output:
        """A place for a file.

        Raises:
            NotWritten: the disk takes none there.
        """
        from simulator.files.places import state

        check_replaceable(path)
        return cls(path, state(path))

    def write(self, content: str | bytes) -> None:
        """Write the file, whole.

        Raises:
            NotWritten: it cannot be, or somebody else has written it since.
        """
        from simulator.files.writing import untouched, write_file, write_new

        if self.before is None:
            write_new(self.path, content)
        else:
            write_file(self.path, content, untouched(self.path, self.before))


@dataclass(frozen=True)
class OutputFolder:
    """A folder that may be written, as it was when that was found out."""

    path: Path
    before: State
    replaced: Collection[str]

    def write(self, contents: Mapping[str, str | bytes]) -> None:
        """Write all of its files, or none.

        Raises:
            NotWritten: they cannot be, or somebody else has written the folder since.
        """
        from simulator.files.writing import untouched, write_set

        write_set(self.path, contents, self.replaced, untouched(self.path, self.before))


def check_output(
    path: Path, force: bool, read: Iterable[Path] = (), *, scenario: bool = False, option: str = "--out"
) -> Output:
    """Refuse a file of an option that may not be written, before anything is worked out for it.

    That is a place at which the disk takes none, a file that is there without ``--force``, one that is read
    here, and one that is called a scenario and is to be none.

    Args:
        path: what is to be written.
        force: whether a file that is there may be replaced.
        read: the files that the answer is made from.
        scenario: whether a scenario is to be written.
        option: the one that names it.

    Raises:
        click.UsageError: in a sentence.
        NotWritten: in a sentence, where it is the disk's refusal.
    """
    output = Output.at(path)
    if output.before is not None and not force:
        raise not_overwritten(str(path), f"another {option}")
    if os.path.realpath(path) in map(os.path.realpath, read):
        raise click.UsageError(f"found {path} to be written, which is read here; choose another name")
    if scenario != (path.suffix.lower() in SCENARIOS) and (not scenario or path.suffix.lower() in OTHERS):
        kind = "a scenario, expected a name that ends in .yaml" if scenario else "no scenario"
        raise click.UsageError(f"found {path} for what is {kind}; choose another name")
    return output


def check_output_folder(path: Path, force: bool, replaced: Collection[str]) -> OutputFolder:
    """Refuse a folder that may not be written, before anything is worked out for it.

    Args:
        path: the folder.
        force: whether one of an earlier run may be replaced.
        replaced: the names that one may hold.

    Raises:
        click.UsageError: it holds something, and may not be replaced, or holds something else.
        NotWritten: the disk takes no folder there.
    """
    from simulator.files.places import check_folder, state
    from simulator.files.writing import in_words

    with in_words(path):
        check_folder(path)
        inside = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    strange = sorted(inside.difference(replaced))
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise click.UsageError(
            f"found {strange[0]}{more} in {path}, expected a new or empty folder; choose another folder"
        )
    if inside and not force:
        raise not_overwritten(f"{', '.join(sorted(inside))} in {path}", "another folder")
    return OutputFolder(path, state(path), replaced)


def not_overwritten(there: str, instead: str) -> click.UsageError:
    """The refusal to replace, unasked, what is there already; ``instead`` is what may be chosen."""
    verb = click.get_current_context().info_name
    return click.UsageError(
        f"found {there}, which {verb} does not overwrite; choose {instead}, or add --force"
    )


def check_replaceable(path: Path) -> None:
    """Refuse a place at which no file may be written, before anything is worked out for it.

    Raises:
        NotWritten: the disk does not take it.
    """
    from simulator.files.places import check_place
    from simulator.files.writing import in_words

    with in_words(path):
        check_place(path)


def write_over(path: Path, was: bytes, content: bytes) -> None:
    """Write a file in place of what was read of it.

    Raises:
        NotWritten: it cannot be, or somebody else has changed it meanwhile.
    """
    from simulator.files.writing import unchanged, write_file

    write_file(path, content, unchanged(path, was))
