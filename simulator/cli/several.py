"""What verbs on many files share: the form of their answer, where it goes, how far they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from simulator.cli.common import new_console
from simulator.cli.options import Whole
from simulator.cli.outputs import Output
from simulator.values.limits import WORKERS

if TYPE_CHECKING:
    from rich.progress import Progress

TABLE = "table"  # the form in which a terminal shows an answer


class Workers(NamedTuple):
    """Who works: so many processes of this machine, or the Dask cluster at an address; else one a core."""

    jobs: int | None = None
    dask: str | None = None


def on_workers(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb whose work can be spread, which it receives as ``workers``."""

    @click.option(
        "--jobs",
        "--workers",
        "jobs",
        type=Whole(1, WORKERS.most),
        metavar="N",
        help="Processes of this machine; left out, one a core. The answer is the same on any number.",
    )
    @click.option(
        "--dask",
        metavar="ADDRESS",
        help="Scheduler of a Dask cluster whose workers are asked instead, such as tcp://10.0.0.5:8786.",
    )
    @wraps(verb)
    def with_workers(*arguments: Any, jobs: int | None, dask: str | None, **options: Any) -> None:
        if jobs is not None and dask is not None:
            raise click.UsageError(f"found --jobs {jobs} and --dask {dask}, expected one of them")
        verb(*arguments, workers=Workers(jobs, dask), **options)

    return with_workers


def form_of(stated: Mapping[str, bool], out: Path | None, forms: Mapping[str, str]) -> str:
    """The form that is asked for, or that the name of the file ends in; else a table in the terminal.

    Args:
        stated: whether each form is asked for by its option.
        out: the file that is to be written.
        forms: by the ending of a file.

    Raises:
        click.UsageError: nothing tells, or two things are told.
    """
    asked = [name for name, wanted in stated.items() if wanted]
    if len(asked) > 1:
        raise click.UsageError(f"found {' and '.join(f'--{name}' for name in asked)}, expected one of them")
    form = asked[0] if asked else TABLE
    if out is None:
        return form
    return _of_file(form, out, forms.get(out.suffix.lower(), TABLE), stated)


def _of_file(form: str, out: Path, ending: str, stated: Iterable[str]) -> str:
    """The form in which a file is written, given the one that is asked for and that of its ending."""
    form = ending if form == TABLE else form
    if form == TABLE:
        options = " or ".join(f"--{name}" for name in stated)
        raise click.UsageError(f"found --out {out}, expected {options}, or a name that ends in one")
    if ending not in (TABLE, form):
        raise click.UsageError(f"found --{form} with --out {out}, expected a name that ends in .{form}")
    return form


def hand_over(content: str | bytes, target: Output | None) -> None:
    """Write an answer into a file, and say so; without one print it."""
    if target is None:
        click.echo(content, nl=False)
    else:
        target.write(content)
        click.echo(f"Written to {target.path}", err=True)


class Done:
    """How far a verb is; it is called with how many are done and how many there are.

    What was there when it was first called says nothing of how fast it goes.
    """

    def __init__(self, bar: Progress, count: int | None) -> None:
        self._bar, self._done, self._count, self._begun = bar, 0, count, False
        self._task = bar.add_task("", total=count, name="")

    def __call__(self, done: int, count: int | None, name: str = "") -> None:
        """So many are done, the latest of them of a name."""
        if not self._begun and done < (count or 0):
            self._bar.reset(self._task, completed=done, total=count)
        self._done, self._count, self._begun = done, count, True
        shown = name if name.isprintable() else ""
        self._bar.update(self._task, completed=done, total=count, name=shown)

    def one(self, name: str) -> None:
        """One more is done."""
        self(self._done + 1, self._count, name)


@contextmanager
def progress(doing: str, count: int | None = None, unit: str = "") -> Iterator[Done]:
    """How much is done, and for how long it goes on, on stderr; nothing of it where that is no terminal.

    Args:
        doing: what is done, as the bar says it.
        count: of how many, where that is known.
        unit: what is counted, in the plural, where how fast it goes is of interest.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """So many a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None or not unit else f"{speed:,.0f} {unit} a second")

    with Progress(
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
        console=new_console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        yield Done(bar, count)
