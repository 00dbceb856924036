"""``compare``: sets of assumptions side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator._version import __version__
from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    new_table,
    print_json,
    refusals_as_usage,
    set_names,
    working,
)
from simulator.cli.outputs import READ
from simulator.values.limits import SETS

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.compare import Comparison, Difference

NOW = "now"  # what a file is called beside a snapshot of it


@click.command(
    help=f"Compare scenario FILES, {SETS.most} at most, each with the first: how far apart are they, and "
    "which assumptions make the difference? One FILE is compared with a snapshot of it: --since."
)
@click.argument("files", nargs=-1, required=True, type=READ)
@answers
@click.option("--names", metavar="A,B,...", help="What to call the sets; left out, A, B, C.")
@click.option(
    "--since",
    metavar="NAME|DAY",
    help="Compare one FILE as it is with how it stood: a snapshot by its name, or the last one until a day.",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Also print the path of each assumption that differs, and its sources.",
)
def compare(
    files: Sequence[Path],
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
    names: str | None,
    since: str | None,
    verbose: bool,
) -> None:
    """Sets of assumptions side by side, and why they differ."""
    with exit_on_faults():
        files, called = _sets(files, names, since)
        scenarios = [load_checked(file, settings).scenario for file in files]
        from simulator.analysis.compare import compare as compared
        from simulator.model.engine import simulate

        sets = dict(zip(called, scenarios, strict=True)) if called else scenarios
        with refusals_as_usage(), working():
            comparison = compared(
                sets, simulate=simulate, points=points, seed=seed, files=[str(file) for file in files]
            )
    if as_json:
        print_json(comparison.to_dict())
    else:
        _print(comparison, verbose)


def _sets(
    files: Sequence[Path], names: str | None, since: str | None
) -> tuple[Sequence[Path], Sequence[str]]:
    """The files that are compared, and what they are called: nothing where that is not asked.

    Raises:
        click.UsageError: there is only one or too many, or more than one beside ``--since``; there is no such
            snapshot.
    """
    if since is None:
        if len(files) < 2:
            raise click.UsageError(
                f"found one file, {files[0]}, expected two or more to compare, or a snapshot of it: --since"
            )
        with refusals_as_usage():
            SETS.require(len(files))
        return files, set_names(names, len(files))
    from simulator.workspace import snapshots

    if len(files) != 1:
        raise click.UsageError(f"found {len(files)} files beside --since, expected one")
    with refusals_as_usage(), working():
        then = snapshots.since(files[0], since)
    return (then.file, files[0]), set_names(names, 2) or (then.title, NOW)


def _print(comparison: Comparison, verbose: bool) -> None:
    from simulator import report
    from simulator.report.words.compare import SPLIT, error_sentence

    console = new_console()
    _print_sets(console, comparison)
    for difference in comparison.differences:
        console.print(report.difference_sentence(comparison, difference))
    console.print()
    for difference in comparison.differences:
        _print_parts(console, comparison, difference)
    if any(len(difference.attribution) > 1 for difference in comparison.differences):
        console.print(f"{SPLIT}\n")
    _print_assumptions(console, comparison, verbose)
    _print_notes(console, comparison)
    console.print(
        f"Details: {error_sentence(comparison)}; all sets on the same {comparison.points} points, "
        f"seed {comparison.seed}, "
        f"version {__version__}, {comparison.elapsed_seconds * 1000:.0f} ms."
    )


def _print_sets(console: Console, comparison: Comparison) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.report.words.compare import restated_sentence

    table = new_table("Set", "Probability", "Range", "Median", "80 % band", "Typical shortfall when missed")
    for member, row in zip(comparison.sets, report.sets_table(comparison), strict=True):
        result = member.result
        value = partial(report.value, result, report.compared_target(comparison, result).quantity)
        file = f" ({member.file})" if member.file else ""
        console.print(Text.assemble((member.name, "bold"), f"  {result.scenario.title}{file}"))
        table.add_row(
            Text(member.name),
            report.probability(result),
            report.alternatives_span(result),
            value(row["p50"]),
            f"{value(row['p10'])} - {value(row['p90'])}",
            report.missed_by(result, row["shortfall_if_missed"]),
        )
    console.print()
    for line in report.question_sentences(comparison):
        console.print(Text(line))
    console.print(table)
    if restated := restated_sentence(comparison):
        console.print(f"{restated}\n")


def _print_parts(console: Console, comparison: Comparison, difference: Difference) -> None:
    from rich.text import Text

    from simulator import report

    if not difference.attribution:
        return
    table = new_table("Change", "points", "made first", "made last")
    *rows, together = report.parts_table(comparison, difference)
    for row in rows:
        table.add_row(Text(row["change"]), *_points(row))
    if len(rows) > 1:
        table.add_section()
        table.add_row(together["change"], *_points(together))
    console.print(Text(f"From {difference.origin} to {difference.to}, in percentage points", style="bold"))
    console.print(table)
    sentence = report.interaction_sentence(difference)
    for line in [*([sentence] if sentence else []), *difference.notes]:
        console.print(Text(line))
    console.print()


def _points(row: Mapping[str, float]) -> tuple[str, ...]:
    from simulator.values.numerals import points

    return (
        points(row["probability_points"]),
        points(row["first_points"]),
        points(row["last_points"]),
    )


def _print_assumptions(console: Console, comparison: Comparison, verbose: bool) -> None:
    from rich.text import Text

    from simulator import report

    rows = report.assumptions_table(comparison)
    if not rows:
        return
    table = new_table("Assumption", *comparison.names, "Basis")
    for column in table.columns:
        column.justify = "left"
    for owner, members in groupby(rows, key=itemgetter("of")):
        first, *others = members
        if first["assumption"]:  # else its own line heads the group
            table.add_row(Text(owner))
        for row in (first, *others):
            table.add_row(*map(Text, _assumption_cells(row, comparison.names)))
    head = f"Assumptions that differ (blank: as in {comparison.names[0]})"
    console.print(Text(head, style="bold"))
    console.print(table)
    if verbose:
        for path, sources in report.sources_table(comparison):
            console.print(Text(f"  {path}  {sources}"))
        console.print()


def _assumption_cells(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """What an assumption is, indented under what it belongs to; what each set assumes; what that rests on."""
    name = row["assumption"]
    label = f"  {name}" if name else row["of"]
    return label, *(row[column] for column in names), row["basis"]


def _print_notes(console: Console, comparison: Comparison) -> None:
    from rich.text import Text

    from simulator import report

    for line in report.note_sentences(comparison):
        console.print(Text(line))
