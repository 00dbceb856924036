"""What verbs on many files share: the form of their answer, where it goes, how many files are done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from simulator.cli.common import write_output

TABLE = "table"  # the form in which a terminal shows an answer


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


def hand_over(content: str | bytes, target: Path | None) -> None:
    """Write an answer into a file, and say so; without one print it."""
    if target is None:
        click.echo(content, nl=False)
    else:
        write_output(target, content)
        click.echo(f"Written to {target}", err=True)


@contextmanager
def progress(count: int) -> Iterator[Callable[[str], None]]:
    """How many files are done, on stderr; nothing of it where that is no terminal.

    What is handed over is called with the name of each file that is done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("Answering"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[file]}", markup=False),
    )
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("", total=count, file="")

        def advance(file: str) -> None:
            bar.update(task, advance=1, file=file if file.isprintable() else "")

        yield advance
