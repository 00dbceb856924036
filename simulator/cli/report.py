"""``report``: an answer, or sets of assumptions compared, as a document to circulate."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    answers,
    check_replaceable,
    exit_on_faults,
    load_checked,
    print_json,
    refusals_as_usage,
    set_names,
    write_output,
)

if TYPE_CHECKING:
    from simulator.report.documents import Kind

FORMATS: tuple[Kind, ...] = ("docx", "xlsx", "html")
SHIPPED = "shipped:"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@answers
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), help="What to write; left out, what --out ends in."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; left out, here, under the name of the first scenario.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--names", metavar="A,B,...", help="What to call the sets; left out, A, B, C.")
def report(
    files: Sequence[Path],
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
    kind: Kind | None,
    out: Path | None,
    force: bool,
    names: str | None,
) -> None:
    """Write the answer to a scenario FILE, or several FILES compared with the first, as DOCX, XLSX or HTML."""
    called = set_names(names, len(files)) or _letters(len(files))
    chosen = _format(kind, out)
    target = _target(out, files, chosen, force)
    with exit_on_faults():
        scenarios = {
            name: load_checked(file, settings).scenario for name, file in zip(called, files, strict=True)
        }
        from simulator.model.engine import simulate
        from simulator.report.documents import command_line, document

        given = [str(file) for file in files]
        again = command_line(given, chosen, names=names, settings=settings, points=points, seed=seed)
        with refusals_as_usage():
            made = document(
                scenarios,
                chosen,
                simulate=simulate,
                points=points,
                seed=seed,
                today=dt.date.today(),
                files=given,
                command=again,
            )
    write_output(target, made)
    if as_json:
        told = {
            "file": str(target),
            "format": chosen,
            "bytes": len(made),
            "sha256": hashlib.sha256(made).hexdigest(),
            "command": again,
        }
        print_json(told)
    else:
        click.echo(f"Written to {target}")


def _letters(count: int) -> Sequence[str]:
    return (
        ascii_uppercase[:count]
        if count <= len(ascii_uppercase)
        else [f"S{number}" for number in range(1, 1 + count)]
    )


def _format(kind: Kind | None, out: Path | None) -> Kind:
    """The format asked for, or that of the file.

    Raises:
        click.UsageError: neither tells one, or they tell two.
    """
    ending = out.suffix.removeprefix(".").lower() if out else ""
    told = next((each for each in FORMATS if each == ending), None)
    if kind is None and told is None:
        raise click.UsageError(
            f"found no --format, expected one of {', '.join(FORMATS)}, or an --out that ends in one"
        )
    if kind and told and kind != told:
        raise click.UsageError(
            f"found --format {kind} with --out {out}, expected one format; drop one of them, or let them agree"
        )
    return kind or told or FORMATS[0]


def _target(out: Path | None, files: Sequence[Path], kind: Kind, force: bool) -> Path:
    """The file to write.

    Raises:
        click.UsageError: it is there and may not be replaced, or it is a folder.
    """
    stem = Path(str(files[0]).removeprefix(SHIPPED)).stem
    path = out or Path(f"{stem}{'-compared' if len(files) > 1 else ''}.{kind}")
    if path.is_dir():
        raise click.UsageError(f"found the folder {path}, expected a file for --out")
    if path.exists() and not force:
        raise click.UsageError(
            f"found {path}, which report does not overwrite; choose another --out, or add --force"
        )
    check_replaceable(path)
    return path
