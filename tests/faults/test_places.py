"""Whatever a disk refuses, in every verb that writes: one sentence, exit code 1, nothing changed. Default tier.

The verbs, and what they write, are read off the command line: a new one is tried without being named here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.outputs import ReadPath, WrittenPath
from tests.faults.verbs import (
    Done,
    Written,
    become_nobody,
    forked,
    paths,
    printing,
    reading,
    small_files,
    written,
)
from tests.tiers import sampled

if sys.platform != "linux":
    pytest.skip("faults as Linux has them", allow_module_level=True)

WRITTEN = written()


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, hidden files too."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def refused(done: Done) -> None:
    """One sentence, exit code 1."""
    assert done.code == 1, done
    assert "Traceback" not in done.err
    assert done.sentence.startswith("Error: "), done.err
    assert done.err.count("Error") == 1
    assert "Usage" not in done.err


def place_for(case: Written, folder: Path) -> Path:
    """A place that is good: a new one, or a scenario to be changed."""
    return folder / ("case.yaml" if case.way in ("in place", "beside") else f"new{case.ending}")


def test_every_path_of_a_verb_is_said_to_be_read_or_written() -> None:
    other = [
        f"{verb} {each.name}" for verb, each in paths() if not isinstance(each.type, ReadPath | WrittenPath)
    ]
    assert not other
    assert len(WRITTEN) > 10
    assert {case.way for case in WRITTEN} == {"file", "folder", "in place", "beside"}


@pytest.mark.parametrize("case", sampled(WRITTEN, every=3), ids=str)
def test_what_is_written_is_there_and_nothing_else(case: Written, inputs: Path) -> None:
    before = contents(inputs)
    done = forked(case.at(place_for(case, inputs)), inputs)
    assert done.code == 0, done
    changed = {name for name, content in contents(inputs).items() if before.get(name, b"") != content}
    assert changed
    assert not [name for name in changed if ".part" in name]


READ = [(verb, each) for verb, each in paths() if isinstance(each.type, ReadPath)]


@pytest.mark.parametrize(
    ("verb", "parameter"), sampled(READ, every=6), ids=lambda value: getattr(value, "name", value)
)
def test_what_is_read_is_a_file_and_nothing_that_never_ends(
    verb: str, parameter: click.Parameter, inputs: Path
) -> None:
    os.mkfifo(inputs / "pipe.yaml")
    (inputs / "device.yaml").symlink_to("/dev/zero")
    for name in ("pipe.yaml", "device.yaml"):
        done = forked(reading(verb, parameter, str(inputs / name)), inputs)
        assert done.code in (1, 2), done
        assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["-", "", " "])
def test_no_verb_reads_or_writes_what_has_no_name(name: str, inputs: Path) -> None:
    before = contents(inputs)
    for verb, parameter in paths():
        done = CliRunner().invoke(main, reading(verb, parameter, name))
        assert done.exit_code == 2, (verb, parameter.name, done.output)
        assert "expected" in done.output
    assert contents(inputs) == before


FAULTS: dict[str, Callable[[Path], object]] = {
    "a folder": lambda place: place.mkdir(),
    "a link that leads nowhere": lambda place: place.symlink_to("nowhere"),
    "a link to itself": lambda place: place.symlink_to(place.name),
    "a device": lambda place: place.symlink_to("/dev/full"),
    "a pipe": lambda place: os.mkfifo(place),
    "a file that is read-only": lambda place: (place.write_text("mine"), place.chmod(0o444)),
    "a name of 300 letters": lambda place: None,
    "below a file": lambda place: None,
    "below a folder that is read-only": lambda place: (place.parent / "locked").mkdir(0o555),
}

PAIRS = [  # a folder is what a verb makes that writes one
    (case, fault)
    for case in WRITTEN
    for fault in FAULTS
    if case.way != "beside" and (case.way, fault) != ("folder", "a folder")
]


@pytest.mark.parametrize(("case", "fault"), sampled(PAIRS, every=5), ids=str)
def test_a_place_that_takes_nothing(case: Written, fault: str, inputs: Path) -> None:
    ending = case.ending
    place = inputs / f"bad{ending}"
    FAULTS[fault](place)
    if fault == "a name of 300 letters":
        place = inputs / f"{'x' * 300}{ending}"
    elif fault.startswith("below"):
        place = inputs / ("case.yaml" if fault == "below a file" else "locked") / f"new{ending}"
    if case.way == "in place" and fault.startswith("below a folder"):
        (inputs / "locked").chmod(0o755)
        place.write_bytes((inputs / "case.yaml").read_bytes())
        (inputs / "locked").chmod(0o555)
    before = contents(inputs)
    done = forked(case.at(place, force=True), inputs, become_nobody if "below a folder" in fault else None)
    refused(done)
    assert contents(inputs) == before


@pytest.mark.parametrize("case", sampled(WRITTEN, every=3, start=1), ids=str)
def test_a_disk_that_takes_no_more(case: Written, inputs: Path) -> None:
    """The kernel cuts off what is written, without a root's help; a real full disk is tried in test_full_disk."""
    before = contents(inputs)
    done = forked(case.at(place_for(case, inputs)), inputs, small_files)
    refused(done)
    assert "too large" in done.err
    assert contents(inputs) == before


@pytest.mark.parametrize("case", sampled(WRITTEN, every=3, start=2), ids=str)
def test_a_folder_that_may_not_be_written(case: Written, inputs: Path) -> None:
    inputs.chmod(0o555)
    before = contents(inputs)
    done = forked(case.at(place_for(case, inputs)), inputs, become_nobody)
    inputs.chmod(0o755)
    refused(done)
    assert contents(inputs) == before


# What is printed


@pytest.mark.parametrize("verb", sampled([*printing(), "--help", "--version"], every=6))
def test_a_reader_who_has_gone(verb: str, inputs: Path) -> None:
    for words in ([verb, "--help"], printing().get(verb, [verb])):
        reader, writer = os.pipe()
        os.close(reader)
        done = forked(words, inputs, stdout=writer)
        os.close(writer)
        refused(done)
        assert "nobody reads" in done.err


@pytest.mark.parametrize("verb", sampled([*printing(), "--help", "--version"], every=6, start=2))
def test_a_console_that_is_full(verb: str, inputs: Path) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = forked(printing().get(verb, [verb]), inputs, stdout=full)
    os.close(full)
    refused(done)
    assert "No space left on device" in done.err
