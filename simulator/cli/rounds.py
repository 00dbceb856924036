"""``observe`` for a month's table and many scenarios: a preview, a yes, and a page of what changed."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import (
    BAD_INPUT,
    check_output,
    check_replaceable,
    new_console,
    new_table,
    print_json,
    write_output,
)
from simulator.values.wording import show

if TYPE_CHECKING:
    from simulator.batch.observe import Noted, Round

FORMS = {".html": "html", ".docx": "docx"}


def files_of(places: Sequence[Path]) -> Sequence[Path]:
    """The scenario files that are named, and those of the folders among them, each once.

    Raises:
        click.UsageError: a folder holds none.
    """
    from simulator.workspace.folder import SUFFIXES, Folder

    files: list[Path] = []
    for place in places:
        if not place.is_dir():
            files.append(place)
            continue
        folder = Folder(place)
        inside = [folder.file(name) for name in folder.names()]
        if not inside:
            expected = f"files that end in {' or '.join(SUFFIXES)}"
            raise click.UsageError(f"found no scenario in {show(str(place))}, expected {expected}")
        files += inside
    return list(dict.fromkeys(files))


def observe_many(
    files: Sequence[Path],
    table: Path,
    options: Mapping[str, Any],
    *,
    as_of: dt.date | None,
    yes: bool,
    out: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Put a table into all scenario files that it concerns, once somebody has said yes.

    Raises:
        FileError: the table cannot be read.
        click.UsageError: the page cannot be written under its name.
    """
    from simulator.batch.observe import Table, observe
    from simulator.files.importing import content
    from simulator.model.engine import simulate

    form = _form(out, force)
    data = content(table)
    with _progress(len(files)) as advance:
        done = observe(
            files, Table(data, table.name, options), simulate=simulate, as_of=as_of, progress=advance
        )
    if not as_json:
        _print(done)
    written = bool(done.writes) and (yes or _agreed(len(done.writes), as_json))
    lost = [why for note in done.writes if written and (why := _replace(note))]
    if out is not None and form is not None:
        _write_page(done, out, form)
    if as_json:
        print_json(_to_dict(done, written))
    elif done.writes:
        click.echo(f"{len(done.writes) - len(lost)} files written." if written else "Nothing is written.")
    for why in lost:
        click.echo(why, err=True)
    if lost or (any(note.fault for note in done.left) and not done.updates):
        sys.exit(BAD_INPUT)


def _form(out: Path | None, force: bool) -> str | None:
    """The format of the page, by its name.

    Raises:
        click.UsageError: its name ends in no known format, or it cannot be written.
    """
    if out is None:
        return None
    if out.suffix.lower() not in FORMS:
        raise click.UsageError(f"found --out {out}, expected a name that ends in {' or '.join(FORMS)}")
    check_output(out, force)
    return FORMS[out.suffix.lower()]


def _progress(count: int) -> Any:
    from simulator.cli.common import progress

    return progress(count, "Answering")


def _print(done: Round) -> None:
    from rich.text import Text

    from simulator.report.documents.observe import FIGURES, TARGETS, content
    from simulator.report.documents.blocks import Listing
    from simulator.report.documents.blocks import Table as Block

    console, page = new_console(), content(done)
    console.print(Text(page.title, style="bold"))
    for line in (*page.verdicts, *page.lines):
        console.print(Text(line))
    for section in page.sections:
        console.print(Text(f"\n{section.title}", style="bold"))
        for block in section.blocks:
            if isinstance(block, Block):
                shown = new_table(*(column.head for column in block.narrow))
                for _, rows in block.groups():
                    for row in rows:
                        shown.add_row(*map(Text, row))
                console.print(shown)
            elif isinstance(block, Listing):
                for item in block.items:
                    console.print(Text(f"  {item}"))
            else:
                console.print(Text(str(block)))


def _agreed(count: int, as_json: bool) -> bool:
    """Whether somebody says yes; nobody can where the answer is for a machine, or there is no terminal."""
    if as_json or not sys.stdin.isatty():
        return False
    return click.confirm(f"Write {count} files in place?", default=False, err=True)


def _replace(note: Noted) -> str:
    """Write a file in place if it still stands as it was read; else why not."""
    check_replaceable(note.file)
    if note.file.read_bytes() != note.was:
        return f"{note.file}: it was changed by somebody meanwhile; it is left as it is"
    write_output(note.file, (note.text or "").encode())
    return ""


def _write_page(done: Round, out: Path, form: str) -> None:
    from simulator.report.documents.contents import rendered
    from simulator.report.documents.observe import content

    write_output(out, rendered(content(done, dt.date.today()), form))  # type: ignore[arg-type]


def _to_dict(done: Round, written: bool) -> dict[str, Any]:
    """For a machine: probabilities as fractions, changes in points."""
    return {"table": done.table, "written": written, **done.to_dict()}
