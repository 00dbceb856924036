"""``board``: all targets of a folder in one table."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click

from simulator._version import __version__
from simulator.cli.common import (
    BAD_INPUT,
    drawn,
    json_text,
    new_console,
    new_table,
    refusals_as_usage,
)
from simulator.cli.outputs import FILE, READ, check_output
from simulator.cli.several import TABLE, form_of, hand_over, progress
from simulator.values.wording import show

if TYPE_CHECKING:
    from simulator.batch.board import Board, Entry

INCOMPLETE = 1
LONGEST = 40  # letters of a statistic in a terminal
FORMS = {".json": "json", ".html": "html", ".htm": "html"}


@click.command()
@click.argument("folder", metavar="DIR", type=READ)
@drawn
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="The machine answer, on stdout unless --out names a file.",
)
@click.option(
    "--html", "as_html", is_flag=True, help="One HTML page without a script, for a screen or paper."
)
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Where to, for --json and --html; left out, an HTML page goes to board.html here.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def board(
    folder: Path,
    points: int,
    seed: int,
    as_json: bool,
    as_html: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Show all targets of a folder of scenario files in one table.

    The files directly in DIR that end in .yaml or .yml count, hidden and temporary ones do not. A file that
    cannot be answered does not stop the others: what is wrong with it is told on stderr.

    Exit codes: 0 every file was answered; 1 some were, others have faults; 2 none was, or the call is wrong.
    """
    form = form_of({"json": as_json, "html": as_html}, out, FORMS)
    target = out or (Path("board.html") if form == "html" else None)
    output = None if target is None else check_output(target, force)
    answered = _answered(folder, _files(folder), points, seed)
    _tell_faults(answered)
    if form == TABLE:
        _print(answered)
    else:
        record = {"points": points, "seed": seed, "version": __version__}
        hand_over(_content(answered, form, record), output)
    if answered.faults:
        sys.exit(INCOMPLETE if answered.rows else BAD_INPUT)


def _files(folder: Path) -> Sequence[Path]:
    """The scenario files of a folder.

    Raises:
        click.UsageError: there is none, or it is no folder.
    """
    from simulator.workspace.folder import SUFFIXES, Folder

    if not os.path.isdir(folder):
        there = "the file" if os.path.exists(folder) else "no folder"
        raise click.UsageError(f"found {there} {show(str(folder))}, expected a folder of scenario files")
    office = Folder(folder)
    files = [office.file(name) for name in office.names()]
    if not files:
        raise click.UsageError(
            f"found no scenario in {show(str(folder))}, expected files that end in {' or '.join(SUFFIXES)}"
        )
    return files


def _answered(folder: Path, files: Sequence[Path], points: int, seed: int) -> Board:
    from simulator.batch import board as batch
    from simulator.model.engine import simulate

    with refusals_as_usage(), progress("Answering", len(files)) as done:

        def answer(file: Path) -> Entry:
            entry = batch.answered(file, simulate=simulate, points=points, seed=seed)
            done.one(entry.file)
            return entry

        return batch.board(folder, files, answer)


def _tell_faults(answered: Board) -> None:
    from simulator.report.words.board import faults

    for line in faults(answered):
        click.echo(line, err=True)


def _content(answered: Board, form: str, record: Mapping[str, Any]) -> str | bytes:
    from simulator.report.words import board as words

    if form == "json":
        return json_text({**answered.to_dict(words.target), **record}) + "\n"
    from simulator.report.documents.board import render

    return render(answered, f"Targets in {Path(answered.folder).resolve().name}")


def _print(answered: Board) -> None:
    from rich.text import Text

    from simulator.report.words import board as words

    console = new_console()
    heads = {key: head for key, head in words.HEADS.items() if key != "course"}
    table = new_table(*heads.values())
    for column, key in zip(table.columns, heads, strict=True):
        column.justify = "right" if key in ("probability", "change") else "left"
    for row in answered.rows:
        cells = words.cells(row)
        cells["partner"] += f"\n{row.file}"
        cells["settled"] = shorten(cells["settled"], LONGEST, placeholder=" ...")
        table.add_row(*map(Text, cells.values()))
    console.print(words.summary(answered))
    console.print(table)
    console.print(words.faulty(answered) + " What is wrong stands on stderr." if answered.faults else "")
    for line in words.LEGEND[:-1]:
        console.print(f"Note: {line}")
