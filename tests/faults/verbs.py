"""Every verb as a command line, read off the verbs themselves: what it prints, and each place that it writes."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

import click
import cloudpickle

from simulator.cli import main
from simulator.cli.outputs import ReadPath, WrittenPath

SCENARIO = """\
title: A pair  # mine
as_of: 2018-10-31
home: Belarus
partner: Kazakhstan
target: {measure: turnover, period: 2020, at_least: 800}
observations:
  - {measure: turnover, period: 2016, value: 364.9, source: press}  # as printed
  - {measure: turnover, period: 2017, value: 390.1, published: 2018-02-15}
levers:
  a: {kind: custom, percent: 3%, cost: 2}
"""
TABLE = "month,turnover\n2018-01,30.5\n2018-02,31.5\n"
PANEL = "partner,flow,period,value\n" + "".join(
    f"Chile,{flow},{year},{50 + (3 * year) % 7}\n"
    for flow in ("exports", "imports")
    for year in range(1993, 2010)
)
OUTCOMES = "file,reached,source\ncase.yaml,no,an office\n"
INPUTS = {"case.yaml": SCENARIO, "table.csv": TABLE, "panel.csv": PANEL, "outcomes.csv": OUTCOMES}
AGAINST = ["--unit", "million USD", "--home", "Belarus", "--partner", "Kazakhstan"]  # whose table it is
FIGURE = ["--measure", "turnover", "--period", "2018-03", "--value", "33"]

# What an argument is by its name, and where a verb means another thing by it; words without which it says nothing.
ARGUMENTS = {
    "file": "case.yaml",
    "scenario": "case.yaml",
    "files": "case.yaml",
    "folder": "folder",
    "data": "panel.csv",
    "table": "outcomes.csv",
    "statement": "turnover 2019 >= 400",
}
MEANT = {
    ("import", "file"): "table.csv",
    ("new", "file"): None,
    ("sheet", "file"): "book.xlsx",
    ("compare", "files"): ["case.yaml", "case.yaml"],
}
WORDS = {
    "observe": FIGURE,
    "import": AGAINST,
    "backtest": ["--workers", "1", "--horizons", "1", "--points", "16"],
    "report": ["--brief", "--email"],
    "sweep": ["--range", "target.at_least=700:900:2", "--jobs", "1"],
    "app": ["--port", "8899"],
}
# Words beside an option or argument that is written, in place of those above; the ending of what is written.
BESIDE = {
    ("solve", "target"): ["--lever", "target.at_least"],
    ("board", "out"): ["--json"],
    ("record", "out"): ["--json"],
    ("report", "out"): ["--brief"],
    ("observe", "out"): ["--from", "table.csv", "--yes", *AGAINST],
    ("snapshot", "file"): ["--name", "a"],
}
ENDINGS = {
    ("solve", "target"): ".yaml",
    ("new", "file"): ".yaml",
    ("sheet", "out"): ".xlsx",
    ("sweep", "out"): ".parquet",
} | {(verb, "out"): ".json" for verb in ("board", "record")}
SOURCES = {("sheet", "out"): "case.yaml", ("observe", "out"): "folder"}  # another thing than without it


@dataclass(frozen=True)
class Written:
    """A place that a verb writes, with the words of a command line that writes it; PLACE stands for the place."""

    verb: str
    name: str
    way: str
    words: tuple[str, ...]
    forced: bool
    ending: str

    def __str__(self) -> str:
        return f"{self.verb} {self.name}"

    def at(self, place: Path, force: bool = False) -> list[str]:
        return [str(place) if word == "PLACE" else word for word in self.words] + ["--force"] * (
            force and self.forced
        )


def paths() -> Iterator[tuple[str, click.Parameter]]:
    """Every path that a verb takes."""
    for verb, command in main.commands.items():
        yield from ((verb, each) for each in command.params if isinstance(each.type, click.Path))


def printing() -> dict[str, list[str]]:
    """A command line of each verb that prints an answer."""
    return {verb: [verb, *_arguments(verb), *_points(verb), *WORDS.get(verb, ())] for verb in main.commands}


def written() -> list[Written]:
    """Every place that any verb writes."""
    return [_written(verb, each) for verb, each in paths() if isinstance(each.type, WrittenPath)]


def reading(verb: str, parameter: click.Parameter, place: str) -> list[str]:
    """A command line that names a place where a verb reads or writes."""
    key = (verb, parameter.name or "")
    words = [verb, *_arguments(verb, key), *_points(verb), *BESIDE.get(key, WORDS.get(verb, []))]
    if isinstance(parameter, click.Option):
        words += [parameter.opts[0], "PLACE"]
    return [place if word == "PLACE" else word for word in words]


def _written(verb: str, parameter: click.Parameter) -> Written:
    key = (verb, parameter.name or "")
    words = [verb, *_arguments(verb, key), *_points(verb), *BESIDE.get(key, WORDS.get(verb, []))]
    if isinstance(parameter, click.Option):
        words += [parameter.opts[0], "PLACE"]
    way = parameter.type.way  # type: ignore[attr-defined]
    forced = way in ("file", "folder") and any(each.name == "force" for each in main.commands[verb].params)
    ending = (
        ".yaml" if way in ("in place", "beside") else "" if way == "folder" else ENDINGS.get(key, ".html")
    )
    return Written(verb, key[1], way, tuple(words), forced, ending)


def _arguments(verb: str, key: tuple[str, str] | None = None) -> Iterator[str]:
    for each in main.commands[verb].params:
        if isinstance(each, click.Argument):
            name = each.name or ""
            if key == (verb, name):
                yield "PLACE"
                continue
            value = SOURCES.get(key) if key else None  # type: ignore[arg-type]
            value = value or MEANT.get((verb, name), ARGUMENTS.get(name, name))
            yield from [value] if isinstance(value, str) else value or ()


def _points(verb: str) -> list[str]:
    return ["--points", "64"] * any(each.name == "points" for each in main.commands[verb].params)


# A process for each

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.imported"])


@dataclass(frozen=True)
class Done:
    """How a process ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What it said last on stderr: one line, if all is well."""
        return self.err.strip().rpartition("\n")[2]


def forked(
    words: list[str], folder: Path, before: Callable[[], Any] | None = None, stdout: int | None = None
) -> Done:
    """Answer a command line in a process of its own.

    It is forked from one that has imported all and done nothing: pytest's own may have drawn charts, whose threads
    do not live on in a fork. ``before`` is called in it; ``stdout`` is what it prints to.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        printed = out.fileno() if stdout is None else stdout
        process = FORKS.Process(target=_served, args=(_Asked(words, folder, before, printed, err.fileno()),))
        process.start()
        process.join()
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
        assert process.exitcode is not None
        return Done(process.exitcode, *texts)


class _Asked:
    """A command line on its way into a process, with what it prints to."""

    def __init__(self, *asked: Any) -> None:
        self.asked = asked

    def __reduce__(self) -> tuple[Any, ...]:
        words, folder, before, out, err = self.asked
        return _Asked._of, (cloudpickle.dumps((words, folder, before)), DupFd(out), DupFd(err))

    @classmethod
    def _of(cls, asked: bytes, out: Any, err: Any) -> _Asked:
        return cls(*cloudpickle.loads(asked), out.detach(), err.detach())


def _served(asked: _Asked) -> None:
    _run(*asked.asked)


def _run(words: list[str], folder: Path, before: Callable[[], Any] | None, out: int, err: int) -> None:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout, sys.stderr = (TextIOWrapper(os.fdopen(os.dup(n), "wb"), encoding="utf-8") for n in (1, 2))
        sys.stdout = TextIOWrapper(os.fdopen(1, "wb"), encoding="utf-8")
        os.chdir(folder)
        if before is not None:
            before()
        main(words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:
        traceback.print_exc()
    try:  # as Python does when it ends
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = 120
    os._exit(code)


def small_files() -> None:
    """No file may be longer than 100 bytes: what is written is cut off as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def become_nobody() -> None:
    """Go on as a user who owns nothing, if this one may do all."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


__all__ = ["INPUTS", "Done", "ReadPath", "Written", "forked", "paths", "printing", "reading", "written"]
