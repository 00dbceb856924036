"""``record``: scenarios whose outcome is known, answered as of their day and scored."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    BAD_INPUT,
    drawn,
    exit_on_faults,
    json_text,
    new_console,
    new_table,
)
from simulator.cli.outputs import FILE, READ, check_output
from simulator.cli.several import TABLE, form_of, hand_over, progress

if TYPE_CHECKING:
    from simulator.batch.record import Entry, Record
    from simulator.files.outcomes import Outcome

INCOMPLETE = 1
FORMS = {".json": "json", ".html": "html", ".htm": "html", ".md": "markdown"}


@click.command()
@click.argument("table", metavar="[TABLE]", required=False, type=READ)
@drawn
@click.option(
    "--json", "as_json", is_flag=True, help="The machine answer, on stdout unless --out names a file."
)
@click.option("--html", "as_html", is_flag=True, help="One HTML page without a script.")
@click.option("--markdown", is_flag=True, help="The same as Markdown: docs/track-record.md is made by this.")
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Where to; left out, an HTML page goes to record.html here, all else to stdout.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def record(
    table: Path | None,
    points: int,
    seed: int,
    as_json: bool,
    as_html: bool,
    markdown: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Answer scenarios whose outcome is known as of their day, and score the answers.

    TABLE is a CSV or Excel table of outcomes with the columns file (beside the table, or shipped:NAME),
    reached (yes or no), source and, as they are known, outcome_over_target and known_on; left out, that of
    the scenarios that ship.

    Exit codes: 0 every row was answered; 1 some were, others have faults; 2 none was, or the call is wrong.
    """
    from simulator.files.outcomes import TABLE as OF_SHIPPED
    from simulator.files.outcomes import outcomes

    form = form_of({"json": as_json, "html": as_html, "markdown": markdown}, out, FORMS)
    target = out or (Path("record.html") if form == "html" else None)
    output = None if target is None else check_output(target, force)
    with exit_on_faults():
        rows = outcomes(table or OF_SHIPPED)
    answered = _answered(str(table or OF_SHIPPED), rows, points, seed)
    _tell_faults(answered)
    if form == TABLE:
        _print(answered)
    else:
        hand_over(_content(answered, form, points, seed), output)
    if answered.faults:
        sys.exit(INCOMPLETE if answered.cases else BAD_INPUT)


def _answered(table: str, rows: Sequence[Outcome], points: int, seed: int) -> Record:
    from simulator.batch import record as batch
    from simulator.model.engine import simulate

    with progress("Answering", len(rows)) as done:

        def answer(row: Outcome) -> Entry:
            entry = batch.answered(row, simulate=simulate, points=points, seed=seed)
            done.one(entry.file)
            return entry

        return batch.record(table, rows, answer)


def _tell_faults(answered: Record) -> None:
    from simulator.report.words.record import faults

    for line in faults(answered):
        click.echo(line, err=True)


def _content(answered: Record, form: str, points: int, seed: int) -> str | bytes:
    from simulator._version import __version__
    from simulator.report.documents import html, markdown
    from simulator.report.documents.record import content
    from simulator.report.words import record as words

    if form == "json":
        inputs = {"points": points, "seed": seed, "version": __version__}
        return json_text({**answered.to_dict(words.target), **inputs}) + "\n"
    return {"html": html, "markdown": markdown}[form].render(content(answered, points, seed))


def _print(answered: Record) -> None:
    from rich.text import Text

    from simulator.report.words import record as words

    console = new_console()
    console.print(words.summary(answered))
    for line in (words.verdict(answered), *words.better(answered)):
        console.print(line)
    heads = {key: head for key, head in words.HEADS.items() if key != "source"}
    table = new_table(*heads.values())
    for case in answered.cases:
        cells, small = words.cells(case), words.details(case)
        texts = ("\n".join(filter(None, (cells[key], small.get(key, "")))) for key in heads)
        table.add_row(*map(Text, texts))
    console.print(table)
    scores = new_table(*words.SCORE_HEADS)
    for one in answered.scores():
        scores.add_row(*map(Text, words.score_row(one)))
    console.print(scores)
    console.print("\n".join(words.wrong(answered)))
    for line in words.LIMITS:
        console.print(f"Note: {line}")
