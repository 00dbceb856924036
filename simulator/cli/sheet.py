"""``sheet``: the assumptions of a scenario as an Excel workbook, and what was changed in it back again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import check_output, check_replaceable, exit_on_faults, print_json, write_output

if TYPE_CHECKING:
    from simulator.files.workbook.bringing import Brought
    from simulator.files.workbook.reading import Edits

SHIPPED = "shipped:"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of a scenario the workbook to write (left out, its name with .xlsx, here); "
    "of a workbook the scenario file to write, whole.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
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
    check_output(target, force, [file])
    write_output(target, written)
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
    from simulator.files.workbook.bringing import alone

    target = into if out is None else out
    if out is not None:
        check_output(out, force, [source], scenario=True)
    brought = alone(edits) if into is None else _into(edits, into)
    written = target if out is not None or brought.changed else None
    if written is not None:
        write_output(written, brought.text.encode())
    if as_json:
        print_json({"file": None if written is None else str(written), "changes": list(brought.changes)})
    else:
        _print_changes(brought, target, written)


def _into(edits: Edits, into: Path) -> Brought:
    """A scenario's file with the changes in it.

    Raises:
        ScenarioError: with every fault.
        click.UsageError: the file may not be replaced.
    """
    from simulator.files.reading import Source, content
    from simulator.files.workbook.bringing import brought

    check_replaceable(into)
    return brought(edits, content(Source(str(into), into)), str(into), into)


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
