"""``sensitivity``: what matters to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    new_table,
    print_json,
    refusals_as_usage,
    working,
)
from simulator.cli.outputs import READ

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from simulator.analysis.sensitivity import GroupShares, Sensitivity
    from simulator.analysis.tornado import Bar
    from simulator.model.result import Result
    from simulator.numerics.sobol_indices import Index

MOST_BARS = 14
MOST_UNKNOWNS = 6


@click.command()
@click.argument("file", type=READ)
@answers
@click.option("-v", "--verbose", is_flag=True, help="Also name each section as statisticians do.")
def sensitivity(
    file: Path, as_json: bool, settings: Sequence[str], seed: int, points: int, verbose: bool
) -> None:
    """What matters: each unknown's reach, whose uncertainty it is, what is worth knowing beforehand."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.sensitivity import sensitivity as analyse
        from simulator.model.engine import simulate
        from simulator.report.words.sensitivity import largest_error, sentences

        with refusals_as_usage(), working():
            analysis = analyse(loaded.scenario, simulate=simulate, points=points, seed=seed)
    if as_json:
        print_json(analysis.to_dict(str(file), sentences(analysis)))
        return
    console, result = new_console(), analysis.result
    console.print(f"What matters to the {report.probability(result)} that {report.wish(result)}\n")
    _print_tornado(console, analysis, verbose)
    _print_shares(console, analysis, verbose)
    _print_information(console, analysis, verbose)
    elapsed = f"{analysis.elapsed_seconds * 1000:.0f} ms"
    errors = f"standard errors of the bars up to {largest_error(analysis)} points"
    console.print(f"Details: {errors}; {result.points} points, seed {result.seed}, {elapsed}.")


def _head(text: str, section: str, verbose: bool) -> Text:
    """The heading of a section; to those who ask, with what statisticians call it."""
    from rich.text import Text

    from simulator.report.words.sensitivity import TERMS

    return Text(f"{text} ({TERMS[section]})" if verbose else text, style="bold")


def _print_tornado(console: Console, analysis: Sensitivity, verbose: bool) -> None:
    from simulator.report.words import sensitivity as words

    shown = [bar for bar in analysis.tornado if bar.moves][:MOST_BARS]
    console.print(_head("One unknown at a time", "tornado", verbose))
    if not shown:
        console.print(f"{words.NOTHING_MOVES}\n")
        return
    table = new_table("Unknown", "low / high", "probability, %", "swing", "rests on")
    table.columns[-1].no_wrap = True
    for bar in shown:
        table.add_row(*_bar(analysis.result, bar))
    console.print(table)
    if rest := analysis.tornado[len(shown) :]:
        console.print(words.other_bars(rest))
    console.print(" ".join(words.TORNADO_HELP) + "\n")


def _bar(result: Result, bar: Bar) -> tuple[str | Text, ...]:
    """A row of the tornado."""
    from rich.text import Text

    from simulator.report.words.sensitivity import end_words, rests_on
    from simulator.values.numerals import percent

    name = f"{bar.name} ({bar.meaning})" if bar.meaning else bar.name
    sides = " / ".join(percent(end.probability, 1).removesuffix(" %") for end in (bar.low, bar.high))
    return (
        Text(name),
        Text(" / ".join(end_words(result, bar))),
        sides,
        f"{100 * bar.swing:.1f}",
        rests_on(bar),
    )


def _print_shares(console: Console, analysis: Sensitivity, verbose: bool) -> None:
    from rich.text import Text

    from simulator.report.words.sensitivity import SHARES_HELP

    rows = [(share.group.name, _indices(share)) for share in analysis.shares]
    errors = [index.standard_error for _, row in rows for index in row if index]
    if not errors:
        return  # the target is decided, as the sentence below says
    console.print(_head("Whose uncertainty it is, % of the spread", "shares", verbose))
    table = new_table(
        "Unknowns together", "total, alone", "with interplay", "hit or miss, alone", "with interplay"
    )
    for name, row in rows:
        table.add_row(Text(name), *map(_percent, row))
    console.print(table)
    console.print(f"Standard errors up to {100 * max(errors):.1f} points.")
    console.print(" ".join(SHARES_HELP) + "\n")


def _indices(shares: GroupShares) -> list[Index | None]:
    """A group's shares in the order of the table: of the total, then of hit or miss."""
    indices: list[Index | None] = []
    for share in (shares.amount, shares.hit):
        indices += [share.first_order, share.total] if share else [None, None]
    return indices


def _percent(index: Index | None) -> str:
    if index is None:
        return "-"
    return "under 1" if index.value < 0.01 else f"{100 * index.value:.0f}"


def _print_information(console: Console, analysis: Sensitivity, verbose: bool) -> None:
    from rich.text import Text

    from simulator.report.words.sensitivity import INFORMATION_HELP, sentences

    console.print(_head("What is worth knowing beforehand", "information", verbose))
    for sentence in sentences(analysis):
        console.print(Text(sentence))
    shown = [known for known in analysis.information if known.clear][:MOST_UNKNOWNS]
    if shown:
        table = new_table("Known beforehand", "a wrong verdict less likely by, points")
        for known in shown:
            table.add_row(Text(known.unknown.name), f"{100 * known.reduction:.1f}")
        console.print(table)
    console.print(" ".join(INFORMATION_HELP) + "\n")
