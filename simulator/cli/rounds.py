"""``observe`` for a month's table and many scenarios: a preview, a yes, and a page of what changed."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import (
    BAD_INPUT,
    FAILED,
    new_console,
    new_table,
    print_json,
)
from simulator.cli.outputs import Output, check_output
from simulator.cli.several import progress
from simulator.values.numerals import counted
from simulator.values.wording import show

if TYPE_CHECKING:
    from rich.console import RenderableType

    from simulator.batch.observe import Round
    from simulator.report.documents.blocks import Block

NOT_WRITTEN = "Nothing is written; --yes writes it."
FORMS = {".html": "html", ".docx": "docx"}


def files_of(places: Sequence[Path]) -> Sequence[Path]:
    """The scenario files that are named, and those of the folders among them, each once.

    Raises:
        click.UsageError: a folder holds none.
    """
    from simulator.workspace.folder import SUFFIXES, Folder

    files: list[Path] = []
    for place in places:
        if not os.path.isdir(place):
            files.append(place)
            continue
        folder = Folder(place)
        inside = [folder.file(name) for name in folder.names()]
        if not inside:
            expected = f"files that end in {' or '.join(SUFFIXES)}"
            raise click.UsageError(f"found no scenario in {show(str(place))}, expected {expected}")
        files += inside
    return list(dict.fromkeys(files))


@dataclass(frozen=True)
class Wanted:
    """What is asked for beside the figures: the day, whether to write unasked, a page of what changed."""

    as_of: dt.date | None
    yes: bool
    out: Path | None
    force: bool
    as_json: bool


def observe_many(files: Sequence[Path], table: Path, options: Mapping[str, Any], wanted: Wanted) -> None:
    """Put a table into all scenario files that it concerns, once somebody has said yes.

    Raises:
        FileError: the table cannot be read.
        click.UsageError: the page cannot be written under its name.
    """
    from simulator.workspace.rounds import write

    page = _page(wanted.out, wanted.force)
    done = _answered(files, table, options, wanted.as_of)
    if not wanted.as_json:
        _print(done)
    written = _agreed(done, wanted)
    lost = write(done) if written else []
    _tell(done, written, lost, wanted.as_json)
    if page is not None and done.updates:
        _write_page(done, page)
    if lost:
        sys.exit(FAILED)
    if not done.updates and any(note.fault for note in done.left):
        sys.exit(BAD_INPUT)


def _answered(files: Sequence[Path], table: Path, options: Mapping[str, Any], as_of: dt.date | None) -> Round:
    from simulator.batch.observe import Table, observe
    from simulator.files.importing import content
    from simulator.model.engine import simulate

    known = Table(content(table), table.name, options)
    with progress("Answering", len(files)) as done:
        return observe(
            files, known, simulate=simulate, as_of=as_of, progress=lambda file: done.one(file.name)
        )


def _tell(done: Round, written: bool, lost: Sequence[str], as_json: bool) -> None:
    """What was written, and which files were left because somebody changed them meanwhile."""
    if as_json:
        print_json({"table": done.table, "written": written, **done.to_dict()})
    elif done.writes:
        click.echo(f"{counted(len(done.writes) - len(lost), 'file')} written." if written else NOT_WRITTEN)
    for why in lost:
        click.echo(why, err=True)


def _page(out: Path | None, force: bool) -> Output | None:
    """Where the page goes, whose name tells its format.

    Raises:
        click.UsageError: its name ends in no known format, or it cannot be written.
    """
    if out is None:
        return None
    if out.suffix.lower() not in FORMS:
        raise click.UsageError(f"found --out {out}, expected a name that ends in {' or '.join(FORMS)}")
    return check_output(out, force)


def _print(done: Round) -> None:
    """The page of what changed, as a terminal shows it."""
    from rich.text import Text

    from simulator.report.documents.observe import content

    console, page = new_console(), content(done)
    console.print(Text(page.title, style="bold"))
    for line in (*page.verdicts, *page.lines):
        console.print(Text(line))
    for section in page.sections:
        console.print(Text(f"\n{section.title}", style="bold"))
        for block in section.blocks:
            console.print(_printed(block))


def _printed(block: Block) -> RenderableType:
    """A part of a document as a terminal shows it."""
    from rich.text import Text

    from simulator.report.documents.blocks import Listing, Table

    if isinstance(block, Listing):
        return Text("\n".join(f"  {item}" for item in block.items))
    if not isinstance(block, Table):
        return Text(str(block))
    shown = new_table(*(column.head for column in block.narrow))
    for made, column in zip(shown.columns, block.narrow, strict=True):
        made.justify = "left" if column.form == "text" else "right"
    for _, rows in block.groups():
        for row in rows:
            shown.add_row(*map(Text, row))
    return shown


def _agreed(done: Round, wanted: Wanted) -> bool:
    """Whether somebody says yes; nobody can where the answer is for a machine, or there is no terminal."""
    if not done.writes or wanted.yes:
        return bool(done.writes)
    if wanted.as_json or not sys.stdin.isatty():
        return False
    return click.confirm(f"Write {counted(len(done.writes), 'file')} in place?", default=False, err=True)


def _write_page(done: Round, page: Output) -> None:
    from simulator.report.documents.contents import rendered
    from simulator.report.documents.observe import content

    form = FORMS[page.path.suffix.lower()]
    page.write(rendered(content(done, dt.date.today()), form))  # type: ignore[arg-type]
