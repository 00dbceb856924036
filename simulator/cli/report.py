"""``report``: an answer, or sets of assumptions compared, as a document to circulate."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
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
    from simulator.analysis.compare import Comparison
    from simulator.model.result import Result
    from simulator.report.documents import Kind
    from simulator.scenario import Scenario

FORMATS: tuple[Kind, ...] = ("docx", "xlsx", "html")
SHIPPED = "shipped:"


@click.command(
    help="Write the answer to a scenario FILE, or several FILES compared with the first, as DOCX, XLSX or "
    "HTML."
)
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
    """An answer, or sets of assumptions compared, as a document to circulate."""
    called = set_names(names, len(files))
    chosen = _format(kind, out)
    target = _target(out, files, chosen, force)
    with exit_on_faults():
        loaded = [load_checked(file, settings) for file in files]
        scenarios, moved = [one.scenario for one in loaded], loaded[0].retargeted
        from simulator.report.documents import command_line, document

        given = [str(file) for file in files]
        again = command_line(given, chosen, names=names, settings=settings, points=points, seed=seed)
        with refusals_as_usage():
            answered = _answered(scenarios, called, given, points=points, seed=seed)
            today = dt.date.today()
            content = document(answered, chosen, today=today, file=given[0], command=again, moved=moved)
    write_output(target, content)
    if as_json:
        print_json(
            {
                "file": str(target),
                "format": chosen,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "command": again,
            }
        )
    else:
        click.echo(f"Written to {target}")


def _answered(
    scenarios: Sequence[Scenario], names: Sequence[str], files: Sequence[str], *, points: int, seed: int
) -> Result | Comparison:
    """The answer to one scenario, or several of them compared with the first."""
    from simulator.analysis.compare import compare
    from simulator.model.engine import simulate

    if len(scenarios) == 1:
        return simulate(scenarios[0], points=points, seed=seed)
    sets = dict(zip(names, scenarios, strict=True)) if names else scenarios
    return compare(sets, simulate=simulate, points=points, seed=seed, files=files)


def _format(kind: Kind | None, out: Path | None) -> Kind:
    """The format asked for, or that of the file.

    Raises:
        click.UsageError: neither tells one, or they tell two.
    """
    ending = out.suffix.removeprefix(".").lower() if out else ""
    of_file = next((form for form in FORMATS if form == ending), None)
    chosen = kind or of_file
    if chosen is None:
        raise click.UsageError(
            f"found no --format, expected one of {', '.join(FORMATS)}, or an --out that ends in one"
        )
    if of_file and chosen != of_file:
        raise click.UsageError(
            f"found --format {chosen} with --out {out}, expected one format; drop one of them, or let them "
            "agree"
        )
    return chosen


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
