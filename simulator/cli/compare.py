"""``compare``: sets of assumptions side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
)

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.compare import Comparison, Difference

FEW = 3  # sets beside which names of assumptions fit on one line
EXPLAINED = (
    "A change's points are its effect averaged over all orders in which the changes can be made (Shapley value), so they sum to the "
    "difference; beside them its numerical error, and its effect when it is made before all others and after them."
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@answers
@click.option("--names", metavar="A,B,...", help="What to call the sets; left out, A, B, C.")
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
    verbose: bool,
) -> None:
    """Compare scenario FILES, each with the first: how far apart are they, and which assumptions make the difference?"""
    called = set_names(names, len(files))
    if len(files) < 2:
        raise click.UsageError(f"found one file, {files[0]}, expected two or more to compare")
    with exit_on_faults():
        scenarios = [load_checked(file, settings).scenario for file in files]
        from simulator.analysis.compare import compare as compared
        from simulator.model.engine import simulate

        sets = dict(zip(called, scenarios, strict=True)) if called else scenarios
        with refusals_as_usage():
            found = compared(
                sets, simulate=simulate, points=points, seed=seed, files=[str(file) for file in files]
            )
    if as_json:
        print_json(found.to_dict())
    else:
        _print(found, verbose)


def _print(found: Comparison, verbose: bool) -> None:
    from simulator import report

    console = new_console()
    _print_sets(console, found)
    for difference in found.differences:
        console.print(report.difference_sentence(found, difference))
    console.print()
    for difference in found.differences:
        _print_parts(console, found, difference)
    if any(len(difference.attribution) > 1 for difference in found.differences):
        console.print(f"{EXPLAINED}\n")
    _print_assumptions(console, found, verbose)
    _print_notes(console, found)
    console.print(
        f"Details: all sets on the same {found.points} points, seed {found.seed}, version {__version__}, {found.elapsed_seconds * 1000:.0f} ms."
    )


def _print_sets(console: Console, found: Comparison) -> None:
    from rich.text import Text

    from simulator import report

    table = new_table("Set", "Probability", "Range", "Median", "80 % band", "Where missed, by")
    for each, row in zip(found.sets, report.sets_table(found), strict=True):
        result = each.result
        console.print(
            Text.assemble(
                (each.name, "bold"), f"  {result.scenario.title}" + (f" ({each.file})" if each.file else "")
            )
        )
        missed = report.missed_by(result, row["shortfall_if_missed"])
        band = f"{report.money(result, row['p10'])} - {report.money(result, row['p90'])}"
        cells = (
            report.probability(result),
            report.alternatives_span(result),
            report.money(result, row["p50"]),
            band,
            missed,
        )
        table.add_row(Text(each.name), *cells)
    console.print()
    for line in report.question_sentences(found):
        console.print(Text(line))
    console.print(table)


def _print_parts(console: Console, found: Comparison, difference: Difference) -> None:
    from rich.text import Text

    from simulator import report

    if not difference.attribution:
        return
    table = new_table("Change", "points", "±", "made first", "made last")
    *rows, whole = report.parts_table(found, difference)
    for row in rows:
        table.add_row(Text(row["change"]), *_points(row))
    if len(rows) > 1:
        table.add_section()
        table.add_row(whole["change"], *_points(whole))
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
        f"{row['standard_error']:.2f}",
        points(row["first_points"]),
        points(row["last_points"]),
    )


def _print_assumptions(console: Console, found: Comparison, verbose: bool) -> None:
    from rich.text import Text

    from simulator import report

    rows = report.assumptions_table(found)
    if not rows:
        return
    table = new_table("Assumption", *found.names, "Basis")
    for column in table.columns:
        column.justify, column.overflow = "left", "fold"
    table.columns[0].no_wrap = len(found.names) <= FEW
    for place, row in enumerate(rows):
        alone = not row["assumption"]
        if not alone and (not place or rows[place - 1]["of"] != row["of"]):
            table.add_row(Text(row["of"]))
        unit = (
            f", {row['unit']}"
            if row["unit"] not in ("", "percent") and not row["assumption"].endswith(row["unit"])
            else ""
        )
        cells = (
            row["of"] if alone else f"  {row['assumption']}{unit}",
            *(row[name] for name in found.names),
            row["basis"],
        )
        table.add_row(*map(Text, cells))
    console.print(Text(f"Assumptions that differ (blank: as in {found.names[0]})", style="bold"))
    console.print(table)
    if verbose:
        for path, told in report.sources_table(found):
            console.print(Text(f"  {path}  {told}"))
        console.print()


def _print_notes(console: Console, found: Comparison) -> None:
    from rich.text import Text

    from simulator import report

    for line in report.note_sentences(found):
        console.print(Text(line))
