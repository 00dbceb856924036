"""``run``: answer a scenario file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator._version import __version__
from simulator.cli.common import (
    Finite,
    answers,
    check_replaceable,
    faults_told,
    json_text,
    load_checked,
    new_console,
    new_table,
    refusals_told,
    write_told,
)

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.files.loading import Loaded
    from simulator.model.result import Result

BELOW_REQUIRED = 3


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@answers
@click.option(
    "--require", type=Finite(0, 1), metavar="P", help="Exit with 3 when the probability is below P."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the tables as CSV, and the JSON, into a folder.",
)
@click.option("--force", is_flag=True, help="Let --out replace files of an earlier run.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Also print what replaced what, and every reasonable alternative."
)
def run(
    file: Path,
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
    require: float | None,
    out: Path | None,
    force: bool,
    verbose: bool,
) -> None:
    """Answer a scenario file: how likely is its target?"""
    with faults_told():
        loaded = load_checked(file, settings)
        targets = _outputs(out, force) if out else {}
        from simulator.model.engine import simulate

        with refusals_told():
            result = simulate(loaded.scenario, points=points, seed=seed)
        answer = json_text(result.to_dict(str(file)))
        if as_json:
            click.echo(answer)
            for note in result.notes:
                click.echo(note, err=True)
        else:
            _print_answer(result, loaded, verbose)
        if out:
            _write(targets, result, answer)
            click.echo(f"Written to {out}: {', '.join(path.name for path in targets.values())}", err=as_json)
    if require is not None and result.probability < require:
        told = f"{result.probability:.4f}"
        told = (
            told if float(told) < require else repr(result.probability)
        )  # never rounded up to what it misses
        click.echo(f"The probability {told} is below the required {require!r}.", err=True)
        sys.exit(BELOW_REQUIRED)


def _outputs(out: Path, force: bool) -> Mapping[str, Path]:
    """The files that --out writes, by name of their table.

    Raises:
        click.UsageError: one exists and may not be replaced, or the folder cannot be one.
    """
    if out.exists() and not out.is_dir():
        raise click.UsageError(f"found a file at {out}, expected a folder for --out")
    from simulator.report import TABLES

    paths = {"answer": out / "answer.json"} | {name: out / f"{name}.csv" for name in TABLES}
    there = [path.name for path in paths.values() if path.exists()]
    if there and not force:
        raise click.UsageError(
            f"found {', '.join(there)} in {out}, which --out does not overwrite; choose another folder, or add --force"
        )
    for path in paths.values():
        check_replaceable(path)
    return paths


def _write(paths: Mapping[str, Path], result: Result, answer: str) -> None:
    from simulator import report

    contents = {"answer": answer + "\n"} | {
        name: report.to_csv(table(result), report.COLUMNS.get(name, ()))
        for name, table in report.TABLES.items()
    }
    for name, path in paths.items():
        write_told(path, contents[name])


def _print_answer(result: Result, loaded: Loaded, verbose: bool) -> None:
    from rich.text import Text

    from simulator import report

    scenario = result.scenario
    console = new_console()
    console.print(Text(scenario.title, style="bold"))
    console.print(f"as of {scenario.as_of}, {loaded.file}\n")
    console.print(Text(report.verdict(result), style="bold"))
    for line in report.headline(result):
        console.print(line)
    console.print()
    _print_years(console, result)
    _print_quarter(console, result)
    _print_measures(console, result)
    if verbose:
        _print_verbose(console, result, loaded)
    notes = [*result.notes, *([scenario.notes] if scenario.notes else [])]
    for note in notes:
        console.print(f"Note: {note}")
    console.print(
        f"Details: probability {report.probability(result, 2)} with a numerical standard error of "
        f"{100 * result.standard_error:.3f} percentage points; {result.points} points, seed {result.seed}, version {__version__}, "
        f"{result.elapsed_seconds * 1000:.0f} ms."
    )


def _print_years(console: Console, result: Result) -> None:
    from simulator import report
    from simulator.values.numerals import decimals
    from simulator.values.periods import Period

    table = new_table("Year", *(f"{name} median" for name in result.measures), "80 % band", "90 % band")
    leading = result.measures[0]
    digits = {
        name: decimals(bands["p50"] for bands in result.totals[name].values()) for name in result.measures
    }
    wide = decimals(
        bands[end] for bands in result.totals[leading].values() for end in ("p5", "p10", "p90", "p95")
    )
    for period, bands in result.totals[leading].items():
        medians = [
            report.money(result, result.totals[name][period]["p50"], digits=digits[name])
            for name in result.measures
        ]
        ends = [
            [report.money(result, bands[end], digits=wide) for end in pair]
            for pair in (("p10", "p90"), ("p5", "p95"))
        ]
        known = result.published(leading, Period.parse(period)) and len({*ends[0], *ends[1]}) == 1
        table.add_row(
            period,
            *medians,
            *(
                [result.provenance(leading, Period.parse(period)), ""]
                if known
                else [" - ".join(pair) for pair in ends]
            ),
        )
    console.print(f"{leading.capitalize()} by year, with its bands")
    console.print(table)


def _print_quarter(console: Console, result: Result) -> None:
    from simulator import report

    sentence = report.quarter_sentence(result)
    if sentence:
        console.print(f"The next quarter: {sentence}\n")


def _print_measures(console: Console, result: Result) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.values.numerals import points

    rows = [c for found in result.contributions.values() for c in found]
    if not rows:
        return
    table = new_table("Lever or risk", *(head.lower() for head in report.ADDS), "percentage points")
    for row in rows:
        name = Text(row.driver.name or row.id)
        if row.driver.enabled:
            amounts = (
                report.money(result, amount, sign=True) for amount in (row.median_effect, row.mean_effect)
            )
            table.add_row(name, *amounts, points(row.probability_points))
        else:
            table.add_row(name, "off", "", "")
    console.print(report.losses(result))
    console.print(table)


def _print_verbose(console: Console, result: Result, loaded: Loaded) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.model import law
    from simulator.values.notation import spelled
    from simulator.values.numerals import percent

    if loaded.changes:
        console.print("Replaced, in order of precedence")
        for change in loaded.changes:
            console.print(
                Text(f"  {change.path}: {spelled(change.old)} -> {spelled(change.new)}  ({change.origin})")
            )
    table = new_table("Reasonable alternative", "probability")
    for name, probability in result.probability_range.sources:
        table.add_row(Text(name), percent(probability, 1, decided=result.decided))
    console.print(table)
    if result.milestones:
        table = new_table("Milestones", "median of all paths", "of those that reach the target")
        for period, usual, reaching in result.milestones:
            table.add_row(period, report.money(result, usual), report.money(result, reaching))
        console.print(table)
    console.print(f"The law: {law.describe(result.flows.paths.law)}")
