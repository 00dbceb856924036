"""``backtest``: how forecasts of a table's own past would have fared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator._version import __version__
from simulator.cli.common import drawn, new_console, new_table, print_json, refusals_as_usage
from simulator.cli.importing import options_of, with_choices
from simulator.cli.options import Whole
from simulator.cli.outputs import FILE, READ, check_output
from simulator.cli.several import Workers, on_workers, progress
from simulator.values.limits import BACKTEST_CASES
from simulator.values.wording import show

if TYPE_CHECKING:
    from simulator.batch.backtest import Backtest, Peer


def _numbers(kind: Callable[[str], Any]) -> Callable[..., Any]:
    """Reads numbers with commas between them."""

    def read(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[Any, ...]:
        try:
            return tuple(kind(part) for part in text.split(","))
        except ValueError:
            raise click.BadParameter(f"found {show(text)}, expected numbers such as 1,2,3") from None

    return read


def _origins(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Any:
    from simulator.batch.origins import Origins

    try:
        return None if text is None else Origins.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.argument("data", type=READ)
@click.option(
    "--horizons",
    default="0,1,2",
    show_default=True,
    metavar="YEARS",
    callback=_numbers(int),
    help="Years after that of the origin whose totals are asked; 0 is its own.",
)
@click.option(
    "--inputs",
    type=click.Choice(["annual", "months"]),
    default="annual",
    show_default=True,
    help="What is known at an origin: totals of years and of the year so far, or all figures.",
)
@click.option(
    "--origins",
    metavar="FIRST..LAST/STEP",
    callback=_origins,
    help="Years that forecasts are made in; left out, all that can be scored, thinned out evenly "
    f"to {BACKTEST_CASES.most} forecasts at most.",
)
@click.option(
    "--month",
    type=Whole(0, 11),
    metavar="N",
    help="Last month of that year that is known; left out, 9, or 0 for yearly figures.",
)
@click.option(
    "--history",
    type=Whole(5),
    default=10,
    show_default=True,
    metavar="N",
    help="Full years before an origin that are known, at the most.",
)
@click.option(
    "--multiples",
    default="1.15,1.30,1.50",
    show_default=True,
    metavar="LIST",
    callback=_numbers(float),
    help="Multiples of the last full year whose chances are scored.",
)
@click.option("--peers", is_flag=True, help="Also hold it against statsforecast's models; minutes more.")
@on_workers
@drawn
@with_choices()
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
@click.option("--html", type=FILE, metavar="FILE", help="Write a page of it.")
@click.option("--force", is_flag=True, help="Replace the page if it is there.")
def backtest(
    data: Path,
    horizons: tuple[int, ...],
    inputs: Any,
    origins: Any,
    month: int | None,
    history: int,
    multiples: tuple[float, ...],
    peers: bool,
    workers: Workers,
    points: int,
    seed: int,
    as_json: bool,
    html: Path | None,
    force: bool,
    **words: Any,
) -> None:
    """Forecast a table's past from what was known then, and score it.

    DATA is what `import` reads, of one pair of countries or of many, such as partner, flow, period, value.
    An origin that cannot be forecast from is counted with its reason.
    """
    from simulator.batch.origins import Plan

    page = None if html is None else check_output(html, force, [data])
    with refusals_as_usage():
        plan = Plan(horizons, inputs, month, history, origins)
        tried = _tried(data, plan, options_of(words), multiples, _peers(peers), (points, seed), workers)
    if page is not None:
        from simulator.report.documents.backtest import render

        page.write(render(tried, data.name, _sha256(data)))
        click.echo(f"Written to {html}", err=True)
    if as_json:
        print_json({**tried.to_dict(), "file": data.name, "sha256": _sha256(data), "version": __version__})
    elif html is None:
        _print(tried, data)


def _peers(wanted: bool) -> Peer | None:
    """The peers, where they are asked for and installed.

    Raises:
        click.UsageError: they are not installed.
    """
    if not wanted:
        return None
    from simulator.batch.peers import forecasts, missing

    if lacking := missing():
        raise click.UsageError(
            f"found no package {lacking}, expected it for --peers; install it with: "
            "pip install 'trade-target-simulator[benchmark]', or pip install statsforecast"
        )
    return forecasts


def _tried(
    data: Path,
    plan: Any,
    options: dict[str, Any],
    multiples: Sequence[float],
    peers: Peer | None,
    drawn: tuple[int, int],
    workers: Workers,
) -> Backtest:
    """The backtest of a table.

    Raises:
        FileError: what is wrong with the table.
        ValueError: what is asked cannot be answered.
    """
    from simulator.batch.backtest import backtest as run
    from simulator.files.series import read_series
    from simulator.model.engine import simulate

    series = read_series(data, **options)
    with progress("Forecasting", unit="origins") as advance:
        return run(
            series,
            plan,
            simulate=simulate,
            multiples=multiples,
            peers=peers,
            points=drawn[0],
            seed=drawn[1],
            workers=workers.jobs,
            cluster=workers.dask,
            advance=advance,
        )


def _sha256(data: Path) -> str:
    import hashlib

    from simulator.files.importing import content

    return hashlib.sha256(content(data)).hexdigest()


def _print(tried: Backtest, data: Path) -> None:
    from rich.text import Text

    from simulator.report.words import backtest as words

    console = new_console()
    console.print(Text(words.title(data.name), style="bold"))
    for line in (words.setting(tried), words.verdict(tried), words.beside(tried)):
        console.print(line)
    tables = (
        (words.TABLE_HEADS, words.score_rows(tried)),
        (words.RIVAL_HEADS, words.rival_rows(tried)),
        (words.BRIER_HEADS, words.brier_rows(tried)),
    )
    for heads, rows in tables:
        table = new_table(*heads)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    console.print(words.reliability(tried.reliability))
    console.print(words.ranks(tried))
    if tried.skipped:
        console.print(f"\n{words.skipped_title(tried)}:")
        for line in words.skipped(tried):
            console.print(f"  {line}")
    for line in (*words.RULES, *words.LEGEND):
        console.print(f"Note: {line}")
