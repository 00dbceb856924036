"""``run``: answer a scenario file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator._version import __version__
from simulator.cli.common import (
    answers,
    exit_on_faults,
    json_text,
    load_checked,
    new_console,
    new_table,
    print_head,
    refusals_as_usage,
    working,
)
from simulator.cli.options import Finite
from simulator.cli.outputs import FOLDER, READ, check_output_folder

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.files.loading import Loaded
    from simulator.model.result import Result

BELOW_REQUIRED = 3
ANSWER = "answer.json"
BANDS = {"80 % band": ("p10", "p90"), "90 % band": ("p5", "p95")}  # the names of their ends


@click.command()
@click.argument("file", type=READ)
@answers
@click.option(
    "--require", type=Finite(0, 1), metavar="P", help="Exit with 3 when the probability is below P."
)
@click.option(
    "--out",
    type=FOLDER,
    metavar="DIR",
    help="Write the tables as CSV, and the JSON, as a folder of their own.",
)
@click.option("--force", is_flag=True, help="Let --out replace the folder of an earlier run.")
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Also print what replaced what, and the answer under every other model setting.",
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
    with exit_on_faults():
        loaded = load_checked(file, settings)
        folder = check_output_folder(out, force, _names()) if out else None
        from simulator.model.engine import simulate

        with refusals_as_usage(), working():
            result = simulate(loaded.scenario, points=points, seed=seed)
        answer = json_text(result.to_dict(str(file)))
        if as_json:
            click.echo(answer)
            for note in result.notes:
                click.echo(note, err=True)
        else:
            _print_answer(result, loaded, verbose)
        if folder:
            files = _files(result, answer)
            folder.write(files)
            click.echo(f"Written to {out}: {', '.join(files)}", err=as_json)
    if require is not None and result.probability < require:
        rounded = f"{result.probability:.4f}"
        shown = rounded if float(rounded) < require else repr(result.probability)  # not up to what it misses
        click.echo(f"The probability {shown} is below the required {require!r}.", err=True)
        sys.exit(BELOW_REQUIRED)


def _names() -> Collection[str]:
    """What the folder of --out may hold: the files of any answer."""
    from simulator.report import TABLES

    return {ANSWER, *(f"{name}.csv" for name in TABLES)}


def _files(result: Result, answer: str) -> Mapping[str, str]:
    """What the folder of --out is to hold."""
    from simulator import report

    return {ANSWER: answer + "\n"} | {
        f"{name}.csv": report.to_csv(table(result), report.COLUMNS.get(name, ()))
        for name, table in report.tables_of(result.scenario).items()
    }


def _print_answer(result: Result, loaded: Loaded, verbose: bool) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.analysis.evidence import evidence

    console = new_console()
    print_head(console, result, loaded)
    console.print(Text(report.verdict(result), style="bold"))
    for line in report.headline(result, evidence(result)):
        console.print(line)
    console.print()
    _print_years(console, result)
    _print_quarter(console, result)
    _print_measures(console, result)
    if verbose:
        _print_verbose(console, result, loaded)
    for note in report.notes(result):
        console.print(f"Note: {note}")
    console.print(
        f"Details: probability {report.probability(result, 2)} with a numerical standard error of "
        f"{report.error_points(result.standard_error)}; {result.points} points, seed {result.seed}, "
        f"version {__version__}, {result.elapsed_seconds * 1000:.0f} ms."
    )


def _print_years(console: Console, result: Result) -> None:
    from simulator import report
    from simulator.values.numerals import decimals

    if result.target_apart:
        _print_target(console, result)
    leading = result.measures[0]
    medians = {name: _medians(result, name) for name in result.measures}
    by_year = result.yearly[leading]
    digits = decimals(bands[end] for bands in by_year.values() for end in chain(*BANDS.values()))
    table = new_table("Year", *(f"{name} median" for name in medians), *BANDS)
    for period, bands in by_year.items():
        table.add_row(
            period,
            *(by_period[period] for by_period in medians.values()),
            *_ends(result, leading, period, bands, digits),
        )
    console.print(f"{leading.capitalize()} by year, with its bands")
    console.print(table)
    lower = report.dip(result)
    if lower:
        console.print(f"{lower}\n")
    _print_partners(console, result)


def _print_partners(console: Console, result: Result) -> None:
    """What trade with each partner comes to in the leading target's period, and what it adds."""
    from rich.text import Text

    from simulator.report.partners import MOST, by_partner
    from simulator.report.words import partners as words

    trade = by_partner(result, most=MOST)
    if trade is None:
        return
    columns = slice(0, None) if trade.base else slice(1, 3)
    heads = (str(trade.base), "median", "80 % band", "adds (mean)", words.of_growth(trade))
    table = new_table("Partner", *heads[columns])
    for row in trade.rows:
        table.add_row(Text(row.name), *words.cells(result, trade, row)[columns])
    console.print(f"{words.title(result, trade)} in {trade.quantity.period}")
    console.print(table)
    if summary := words.summary(result, trade):
        console.print(f"{summary}\n")


def _print_target(console: Console, result: Result) -> None:
    """What the target is about, by its own periods."""
    from simulator import report
    from simulator.values.numerals import decimals

    quantity = result.leading.quantity
    factor = quantity.factor
    digits = decimals(
        factor * bands[end] for bands in result.quantity.values() for end in chain(*BANDS.values())
    )
    table = new_table("Period", "median", *BANDS)
    for period, bands in result.quantity.items():
        value = partial(report.value, result, quantity, digits=digits)
        table.add_row(period, value(bands["p50"]), *(_band(value, bands, pair) for pair in BANDS.values()))
    console.print(f"{quantity.title}, with its bands")
    console.print(table)


def _band(value: Callable[[float], str], bands: Mapping[str, float], pair: Sequence[str]) -> str:
    """The ends of a band: ``$5bn - $7bn``, ``-$5bn to $7bn``."""
    low, high = (value(bands[end]) for end in pair)
    return f"{low} to {high}" if "-" in low + high else f"{low} - {high}"


def _medians(result: Result, measure: str) -> Mapping[str, str]:
    """The median of a measure by year, all with the same decimals."""
    from simulator import report
    from simulator.values.numerals import decimals

    medians = {period: bands["p50"] for period, bands in result.yearly[measure].items()}
    digits = decimals(medians.values())
    return {period: report.money(result, median, digits=digits) for period, median in medians.items()}


def _ends(
    result: Result, measure: str, period: str, bands: Mapping[str, float], digits: int
) -> tuple[str, ...]:
    """The ends of each band; of a total that figures tell to the last digit shown, its basis instead."""
    from simulator import report

    ends = [[report.money(result, bands[end], digits=digits) for end in pair] for pair in BANDS.values()]
    year = result.scenario.period(period)
    if result.published(measure, year) and len(set(chain(*ends))) == 1:
        return result.provenance(measure, year), ""
    return tuple(" - ".join(pair) for pair in ends)


def _print_quarter(console: Console, result: Result) -> None:
    from simulator import report

    sentence = report.quarter_sentence(result)
    if sentence:
        console.print(f"The next quarter: {sentence}\n")


def _print_measures(console: Console, result: Result) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.values.numerals import points

    rows, quantity = report.levers_table(result), result.scenario.goals[0].quantity
    if not rows:
        return
    table = new_table("Lever or risk", *(head.lower() for head in report.ADDS), "percentage points")
    for row in rows:
        name = Text(row["name"])
        if row["enabled"]:
            effects = row["median_effect"], row["mean_effect"]
            amounts = (report.distance(result, quantity, effect, sign=True) for effect in effects)
            table.add_row(name, *amounts, points(row["probability_points"]))
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
    table = new_table("Model setting, or reading of the data", "probability")
    for name, probability in result.probability_range.sources:
        table.add_row(Text(name), percent(probability, 1, decided=result.decided))
    console.print(table)
    if result.milestones:
        table = new_table("Milestones", "median of all futures", "of those that reach the target")
        for period, usual, reaching in result.milestones:
            table.add_row(period, report.money(result, usual), report.money(result, reaching))
        console.print(table)
    console.print(f"The law: {law.describe(result.flows.paths.law)}")
