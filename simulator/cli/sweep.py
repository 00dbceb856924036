"""``sweep``: thousands of sets of assumptions, a row each."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.common import (
    BAD_INPUT,
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    new_table,
    print_json,
    refusals_as_usage,
)
from simulator.cli.outputs import FILE, READ, Output, check_output
from simulator.cli.several import Workers, on_workers, progress
from simulator.cli.varying import MANY, ManyFiles, on_varying
from simulator.interrupts import saying
from simulator.values.wording import inert

if TYPE_CHECKING:
    import pyarrow as pa

    from simulator.batch.design import Varying
    from simulator.batch.parts import Place
    from simulator.batch.sets import Case, Sweep
    from simulator.batch.sweep import Summary

SHOWN = 20  # rows in a terminal


@click.command(cls=ManyFiles)
@click.argument("scenario", required=False, type=READ)
@on_varying
@click.option(
    "--out",
    type=FILE,
    metavar="PLACE",
    help="A file that ends in .parquet or .csv, or a folder of Parquet parts; a run that was stopped goes on "
    "there.",
)
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet"]), help="Of a file; left out, by its ending."
)
@click.option(
    MANY,
    multiple=True,
    type=READ,
    metavar="FILE...",
    help="Many files in place of one.",
)
@on_workers
@click.option(
    "--chart",
    type=FILE,
    metavar="FILE.html",
    help="Draw the probability over one number as a line, over two of a grid as a map.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@answers
def sweep(
    scenario: Path | None,
    varying: Varying,
    out: Path | None,
    form: str | None,
    scenarios: Sequence[Path],
    workers: Workers,
    chart: Path | None,
    force: bool,
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
) -> None:
    """Answer thousands of sets of assumptions on common draws, a row each.

    A PATH is that of any number that can be turned, or of a choice such as levers.corridor.enabled. The main
    value of a range takes its ends along, as on a slider. A set that has no answer is a row with its reason.

    Stopped at any moment, the same command goes on where it was; the file is the same as if it never stopped,
    and on any number of processes.

    Exit codes: 0 sets were answered; 1 it failed, or another run writes there; 2 none of the sets has an
    answer, or the call is wrong; 130 it was interrupted.
    """
    from simulator.batch.sets import sweep_of

    files = _files(scenario, scenarios)
    with exit_on_faults(), refusals_as_usage():
        place = _place(out, form, files)
        cases = _cases(files, settings, several=scenario is None)
        asked = sweep_of(cases, varying, points=points, seed=seed, named=scenario is None)
        drawing = None if chart is None else _checked_chart(asked, chart, force, files)
        wanted = len(asked) if chart or (as_json and place is None) else 0 if place else SHOWN
        summary, rows = _run(asked, place, workers, force, wanted)
        outcome = _Outcome(asked, summary, rows, files, place, chart)
        if drawing is not None:
            _draw(outcome, drawing)
    if as_json:
        print_json(outcome.to_dict())
    else:
        _print(outcome)
    if summary.lowest is None:
        sys.exit(BAD_INPUT)


class _Outcome:
    """An answered sweep and what it was made of."""

    def __init__(
        self,
        asked: Sweep,
        summary: Summary,
        rows: list[dict[str, Any]],
        files: Sequence[Path],
        place: Place | None,
        chart: Path | None,
    ) -> None:
        self.asked, self.summary, self.rows = asked, summary, rows
        self.files, self.place, self.chart = files, place, chart

    def to_dict(self) -> dict[str, Any]:
        """For a machine; the rows only where they are written nowhere."""
        manifest = self.asked.manifest()
        names = zip(manifest.pop("scenarios"), self.asked.cases, strict=True)
        cases = [
            {"title": case.scenario.title if case.scenario else None, **data, "file": case.name}
            for data, case in names
        ]
        head = {"scenarios": cases} if self.asked.named else {"scenario": cases[0]}
        return {
            **head,
            **self.summary.to_dict(),
            "off_in_every_set": list(self.asked.idle),
            "columns": list(self.asked.columns),
            "design": manifest["design"],
            "axes": manifest["axes"],
            "out": str(self.place.path) if self.place else None,
            "chart": str(self.chart) if self.chart else None,
            **({} if self.place else {"rows": self.rows}),
            **{name: manifest[name] for name in ("points", "seed", "version", "hash")},
        }


def _files(scenario: Path | None, scenarios: Sequence[Path]) -> list[Path]:
    """The files that are answered.

    Raises:
        click.UsageError: there is none, or both forms.
    """
    if (scenario is None) == (not scenarios):
        what = f"{scenario} beside {MANY}" if scenario else "no scenario"
        raise click.UsageError(f"found {what}, expected SCENARIO or {MANY} FILE...")
    return [scenario] if scenario else list(scenarios)


def _place(out: Path | None, form: str | None, files: Sequence[Path]) -> Place | None:
    from simulator.batch.parts import Place

    if out is None:
        if form is not None:
            raise click.UsageError(f"found --format {form} without --out, expected a file to write")
        return None
    place = Place.of(out, form)
    if place.form != "folder":
        check_output(out, True, files)  # what is there may be the same sweep
    return place


def _cases(files: Sequence[Path], settings: Sequence[str], *, several: bool) -> list[Case]:
    """The scenarios that are swept; faults of one alone end it, those of one of several are rows."""
    from simulator.batch.sets import Case, case_of

    if several:
        return [case_of(file, settings) for file in files]
    return [Case(str(file), load_checked(file, settings).scenario) for file in files]


def _run(
    asked: Sweep, place: Place | None, workers: Workers, force: bool, wanted: int
) -> tuple[Summary, list[dict[str, Any]]]:
    """All sets answered; of the rows the first, as many as are wanted in memory."""
    from simulator.batch import sweep as batch
    from simulator.model.engine import simulate
    from simulator.report.words.sweep import stopped

    done = 0
    summary, rows = batch.Summary(), list[dict[str, Any]]()
    kept = None if place is None else str(place.folder)
    with (
        saying(lambda: inert(stopped(done, len(asked), kept))),
        progress("Answering", len(asked), "sets") as show_progress,
    ):

        def advance(answered: int, count: int) -> None:
            nonlocal done
            done = answered
            show_progress(answered, count)

        options: dict[str, Any] = {
            "simulate": simulate,
            "jobs": workers.jobs,
            "cluster": workers.dask,
            "advance": advance,
        }
        tables: Iterable[pa.Table]
        if place is None:
            tables = batch.answered(asked, **options)
        else:
            batch.run(asked, place, force=force, **options)
            tables = batch.tables(asked, place)
        for table in tables:
            summary.add(table)
            rows += table.slice(0, wanted - len(rows)).to_pylist()
    return summary, rows


# The chart


def _checked_chart(asked: Sweep, chart: Path, force: bool, files: Sequence[Path]) -> Output:
    from simulator.report.charts.sweep import check

    if chart.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"found --chart {chart}, expected a name that ends in .html")
    check(asked)
    return check_output(chart, force, files, option="--chart")


def _draw(outcome: _Outcome, chart: Output) -> None:
    from simulator.model.engine import simulate
    from simulator.report.documents.sweep import render

    scenario = outcome.asked.cases[0].scenario
    if scenario is None or outcome.summary.lowest is None:
        raise ValueError("found no set with an answer, so that there is nothing to draw")
    present = simulate(scenario, points=outcome.asked.points, seed=outcome.asked.seed)
    chart.write(render(outcome.asked, outcome.rows, outcome.summary, present))


# For people


def _print(outcome: _Outcome) -> None:
    from rich.text import Text

    from simulator.report.words import sweep as words

    console, asked, summary = new_console(), outcome.asked, outcome.summary
    case: Case = asked.cases[0]
    if not asked.named and case.scenario is not None:
        console.print(Text(case.scenario.title, style="bold"))
        console.print(f"as of {case.scenario.as_of}, {case.name}\n")
    console.print(Text(words.headline(summary), style="bold"))
    for line in (
        words.setting(asked),
        *words.extremes(summary),
        *words.idle(asked),
        *words.refusals(summary),
    ):
        console.print(Text(line))
    if outcome.place is None:
        _print_rows(outcome)
    else:
        console.print(Text(f"\nWritten to {outcome.place.path}. {words.COLUMNS}"))
    if outcome.chart is not None:
        console.print(Text(f"Drawn in {outcome.chart}."))
    if asked.design.axes:
        console.print(Text(f"{words.KNOBS} {words.COMMON}"))
    console.print(Text(words.details(asked, summary)))


def _print_rows(outcome: _Outcome) -> None:
    """The first rows, and of those the columns that are ever filled."""
    from rich.text import Text

    from simulator.report.words import sweep as words

    console, rows, count = new_console(), outcome.rows[:SHOWN], len(outcome.asked)
    names = [name for name in outcome.asked.columns if any(row[name] is not None for row in rows)]
    table = new_table(*map(words.heading, names))
    for row in rows:
        table.add_row(*(Text(words.cell(name, row[name])) for name in names))
    console.print(table)
    if count > len(rows):
        console.print(f"The first {len(rows)} of {count:,} sets; --out names a file for all of them.")
