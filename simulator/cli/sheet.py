"""``sheet``: the assumptions of a scenario as an Excel workbook, and what was changed in it back again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import exit_on_faults, print_json
from simulator.cli.outputs import FILE, IN_PLACE, READ, check_output, check_replaceable, write_over

if TYPE_CHECKING:
    from simulator.files.workbook.bringing import Brought
    from simulator.files.workbook.reading import Edits

SHIPPED = "shipped:"


@click.command()
@click.argument("file", type=READ)
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Of a scenario the workbook to write (left out, its name with .xlsx, here); "
    "of a workbook the scenario file to write, whole.",
)
@click.option(
    "--into",
    type=IN_PLACE,
    metavar="FILE",
    help="Scenario file that takes what was changed in a workbook, in place.",
)
@click.option("--force", is_flag=True, help="Replace the file of --out if it is there.")
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
def sheet(file: Path, out: Path | None, into: Path | None, force: bool, as_json: bool) -> None:
    """A scenario FILE as an Excel workbook; a workbook FILE back as a scenario.

    The workbook holds every assumption: yellow cells may be changed, and figures added or taken out. A
    workbook alone prints what was changed in it. With --into the changes are written into the scenario's
    file, whose comments stay; with --out a new file is written.
    """
    from simulator.files.reading import content, source_of
    from simulator.files.workbook.reading import is_workbook, read

    if out is not None and into is not None:
        raise click.UsageError("found --out and --into, expected one of them")
    with exit_on_faults():
        source = source_of(file)
        data = content(source)
        if is_workbook(data):
            _bring(read(data, source.name), file, out, into, force=force, as_json=as_json)
            return
        if into is not None:
            raise click.UsageError(f"found {file}, which is no workbook, expected one beside --into")
        from simulator.files.workbook.writing import workbook

        written = workbook(data, source.name, source.file)
    stem = Path(str(file).removeprefix(SHIPPED)).stem
    target = out or Path(f"{stem}.xlsx")
    check_output(target, force, [file]).write(written)
    if as_json:
        sha = hashlib.sha256(written).hexdigest()
        print_json({"file": str(target), "bytes": len(written), "sha256": sha})
        return
    click.echo(f"Written to {target}; when it is changed: python -m simulator sheet {target} --into {file}")


def _bring(
    edits: Edits, source: Path, out: Path | None, into: Path | None, *, force: bool, as_json: bool
) -> None:
    """Print what was changed in a workbook, and write it where that is asked for.

    Raises:
        ScenarioError: what is wrong with the workbook, or with either file.
        click.UsageError: the file of --out is there already.
    """
    brought, written = _anew(edits, source, out, force) if into is None else _into(edits, into)
    target = into if out is None else out
    if as_json:
        print_json({"file": None if written is None else str(written), "changes": list(brought.changes)})
    else:
        _print_changes(brought, target, written)


def _anew(edits: Edits, source: Path, out: Path | None, force: bool) -> tuple[Brought, Path | None]:
    """A workbook as a scenario, and the file that it was written to, if any.

    Raises:
        ScenarioError: with every fault.
        click.UsageError: the file of --out is there already.
        NotWritten: it cannot be written.
    """
    from simulator.files.workbook.bringing import alone

    output = None if out is None else check_output(out, force, [source], scenario=True)
    brought = alone(edits)
    if output is not None:
        output.write(brought.text)
    return brought, out


def _into(edits: Edits, into: Path) -> tuple[Brought, Path | None]:
    """A scenario's file with the changes in it, and where it was written, if there were any.

    Raises:
        ScenarioError: with every fault.
        NotWritten: the file may not be replaced, or was changed meanwhile.
    """
    from simulator.files.reading import Source, content
    from simulator.files.workbook.bringing import brought

    check_replaceable(into)
    was = content(Source(str(into), into))
    done = brought(edits, was, str(into), into)
    if done.changed:
        write_over(into, was, done.text.encode())
    return done, into if done.changed else None


def _print_changes(brought: Brought, target: Path | None, written: Path | None) -> None:
    """What was changed, and where it stands now."""
    from simulator.errors import one_line

    lines = [one_line(line, 400) for line in brought.changes] or ["Nothing was changed in the workbook"]
    click.echo("\n".join(lines))
    if written is not None:
        click.echo(f"Written to {written}")
    elif target is not None:
        click.echo(f"{target} stays as it is")
    elif brought.changes:
        click.echo("Nothing is written without --into FILE or --out FILE", err=True)
