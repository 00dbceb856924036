"""The command line: reads arguments, calls, prints. Heavy imports wait inside the verbs that need them."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.loading import Loaded
    from simulator.result import Result

BAD_INPUT = 2
BELOW_REQUIRED = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """How likely is a trade-turnover target to be reached, and what would it take?"""


def _points(_context: click.Context, _parameter: click.Parameter, value: int) -> int:
    from simulator.draws import check_points

    try:
        return check_points(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def answers(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb that answers."""
    for option in (
        click.option("--points", default=2048, show_default=True, metavar="N", callback=_points, help="Draws in all, a power of two."),
        click.option("--seed", default=1, show_default=True, metavar="N", type=click.IntRange(0), help="Seed of every draw."),
        click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario; repeatable."),
        click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout."),
    ):
        verb = option(verb)
    return verb


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@answers
@click.option("--require", type=click.FloatRange(0, 1), metavar="P", help="Exit with 3 when the probability is below P.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write the tables as CSV, and the JSON, into a folder.")
@click.option("--force", is_flag=True, help="Let --out replace files of an earlier run.")
@click.option("-v", "--verbose", is_flag=True, help="Also print what replaced what, and every reasonable alternative.")
def run(
    file: Path, as_json: bool, settings: Sequence[str], seed: int, points: int, require: float | None, out: Path | None, force: bool, verbose: bool
) -> None:
    """Answer a scenario file: how likely is its target?"""
    with _faults_told():
        loaded = _load(file, settings)
        targets = _outputs(out, force) if out else {}
        from simulator.engine import simulate

        result = simulate(loaded.scenario, points=points, seed=seed)
        answer = json.dumps(result.to_dict(str(file)), indent=2, ensure_ascii=False)
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
        click.echo(f"The probability {result.probability:.4f} is below the required {require:g}.", err=True)
        sys.exit(BELOW_REQUIRED)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
def validate(files: Sequence[Path], settings: Sequence[str], as_json: bool) -> None:
    """Check scenario files without simulating: every fault, with file and line."""
    reports, failed = [], False
    for file in files:
        faults: list[str] = []
        try:
            loaded = _load(file, settings)
        except _told() as error:
            faults = str(error).splitlines()
            failed = True
        if as_json:
            reports.append({"file": str(file), "valid": not faults, "faults": faults})
        elif faults:
            click.echo("\n".join(faults), err=True)
        else:
            click.echo(f"{file}: valid; {_counted(loaded)}")
    if as_json:
        click.echo(json.dumps(reports, indent=2, ensure_ascii=False))
    if failed:
        sys.exit(BAD_INPUT)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("statement")
@answers
def claim(file: Path, statement: str, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """How likely an official STATEMENT is, such as "turnover 2018 >= 1000"."""
    with _faults_told():
        loaded = _load(file, settings)
        from simulator import report
        from simulator.analysis.claim import claim as judge
        from simulator.engine import simulate

        try:
            found = judge(loaded.scenario, statement, simulate=simulate, points=points, seed=seed)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(found.to_dict(str(file)), indent=2, ensure_ascii=False))
        return
    click.echo(report.verdict(found.result))
    if found.outcome is not None and found.log_score is not None:
        happened = "It came true" if found.held else "It did not come true"
        click.echo(f"{happened}: {report.money(found.result, found.outcome)} was published later; log score {found.log_score:.2f}.")
    click.echo(f"Numerical standard error {100 * found.result.standard_error:.3f} percentage points.")


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simulator.schema import schema as built

    click.echo(json.dumps(built(), indent=2, ensure_ascii=False))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def new(file: Path | None, force: bool) -> None:
    """Write a commented scenario FILE to start from, which runs and documents every field; without FILE print it."""
    from simulator.starter import starter

    if file is None:
        click.echo(starter(), nl=False)
        return
    if file.exists() and not force:
        raise click.UsageError(f"found {file}, which new does not overwrite; choose another name, or add --force")
    write_file(file, starter())
    click.echo(f"Written to {file}; answer it with: python -m simulator run {file}")


def _load(file: Path, settings: Sequence[str]) -> Loaded:
    """A scenario that can be answered.

    Raises:
        ScenarioError: with every fault of the file, and of the figures in it.
    """
    from simulator.baseline import check
    from simulator.loading import Fault, ScenarioError, load
    from simulator.readings import BaselineError

    loaded = load(file, settings)
    try:
        check(loaded.scenario)
    except BaselineError as error:
        raise ScenarioError([Fault(*_located(loaded, place), message) for place, message in error.faults]) from error
    return loaded


def _located(loaded: Loaded, place: Sequence[str | int]) -> tuple[str, int | None, str]:
    """File, line and path of a place in the scenario, or of what holds it."""
    path = ".".join(map(str, place))
    for length in range(len(place), 0, -1):
        origin = loaded.origins.get(".".join(map(str, place[:length])))
        if origin is not None:
            return origin.file, origin.line, path
    return loaded.file, None, path


def _told() -> tuple[type[Exception], ...]:
    from simulator.loading import ScenarioError

    return (ScenarioError,)


@contextlib.contextmanager
def _faults_told() -> Iterator[None]:
    """Bad input ends with its message and exit code 2, with nothing on stdout."""
    try:
        yield
    except _told() as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)


def _counted(loaded: Loaded) -> str:
    scenario = loaded.scenario
    on = sum(lever.enabled for lever in scenario.levers.values())
    risks = sum(risk.enabled for risk in scenario.risks.values())
    return (
        f"{_number(len(scenario.counted), 'figure')}, {_number(len(scenario.levers), 'lever')} ({on} on), "
        f"{_number(len(scenario.risks), 'risk')} ({risks} on), "
        f"target {' and '.join(f'{t.measure} {t.period}' for t in scenario.target)}"
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


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
        raise click.UsageError(f"found {', '.join(there)} in {out}, which --out does not overwrite; choose another folder, or add --force")
    return paths


def _write(paths: Mapping[str, Path], result: Result, answer: str) -> None:
    from simulator import report

    contents = {"answer": answer + "\n"} | {name: report.to_csv(table(result)) for name, table in report.TABLES.items()}
    for name, path in paths.items():
        write_file(path, contents[name])


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all: to a temporary neighbour, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _print_answer(result: Result, loaded: Loaded, verbose: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from simulator import report

    scenario = result.scenario
    console = Console(markup=False, highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 100)
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
        f"Details: probability {100 * result.probability:.2f} % with a numerical standard error of "
        f"{100 * result.standard_error:.3f} percentage points; {result.points} points, seed {result.seed}, version {__version__}, "
        f"{result.elapsed_seconds * 1000:.0f} ms."
    )


def _table(*heads: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number == 0 else "right")
    return table


def _print_years(console: Console, result: Result) -> None:
    from simulator import report

    table = _table("Year", *(f"{name} median" for name in result.measures), "80 % band", "90 % band")
    leading = result.measures[0]
    for period in result.totals[leading]:
        bands = result.totals[leading][period]
        fixed = bands["p5"] == bands["p95"]
        wide = (
            ["published", ""]
            if fixed
            else [f"{report.money(result, bands[a])} - {report.money(result, bands[b])}" for a, b in (("p10", "p90"), ("p5", "p95"))]
        )
        table.add_row(period, *(report.money(result, result.totals[name][period]["p50"]) for name in result.measures), *wide)
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

    rows = [c for found in result.contributions.values() for c in found]
    if not rows:
        return
    table = _table("Lever or risk", "adds at the median", "percentage points")
    for row in rows:
        name = Text(row.measure.name or row.id)
        if row.measure.enabled:
            table.add_row(name, report.money(result, row.median_effect, sign=True), f"{row.probability_points:+.2f}")
        else:
            table.add_row(name, "off", "")
    console.print("What the answer loses when one alone is switched off (they need not sum)")
    console.print(table)


def _print_verbose(console: Console, result: Result, loaded: Loaded) -> None:
    from rich.text import Text

    from simulator import baseline, report

    if loaded.changes:
        console.print("Replaced, in order of precedence")
        for change in loaded.changes:
            console.print(Text(f"  {change.path}: {change.old} -> {change.new}  ({change.origin})"))
    table = _table("Reasonable alternative", "probability, %")
    for name, probability in result.probability_range.sources:
        table.add_row(Text(name), f"{100 * probability:.1f}")
    console.print(table)
    if result.milestones:
        table = _table("Milestones", "median of all paths", "of those that reach the target")
        for period, usual, reaching in result.milestones:
            table.add_row(period, report.money(result, usual), report.money(result, reaching))
        console.print(table)
    console.print(f"The law: {baseline.describe(result.flows.paths.law)}")
