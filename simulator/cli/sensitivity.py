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
)

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.sensitivity import Sensitivity
    from simulator.analysis.tornado import Bar
    from simulator.numerics.sobol_indices import Index

MOST_BARS = 14
MOST_UNKNOWNS = 6


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@answers
def sensitivity(file: Path, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """What matters: each unknown's reach, whose uncertainty it is, what to settle first."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.sensitivity import sensitivity as analysed
        from simulator.model.engine import simulate

        with refusals_as_usage():
            found = analysed(loaded.scenario, simulate=simulate, points=points, seed=seed)
    if as_json:
        print_json(found.to_dict(str(file)))
        return
    console = new_console()
    console.print(
        f"What matters to the {report.probability(found.result)} that {report.wish(found.result)}\n"
    )
    _print_tornado(console, found)
    _print_shares(console, found)
    _print_information(console, found)
    console.print(
        f"Details: {found.result.points} points, seed {found.result.seed}, {found.elapsed_seconds * 1000:.0f} ms."
    )


def _print_tornado(console: Console, found: Sensitivity) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.analysis.sensitivity import TORNADO_HELP
    from simulator.values.numerals import percent

    shown = [bar for bar in found.tornado if bar.moves][:MOST_BARS]
    console.print(Text("One unknown at a time", style="bold"))
    if not shown:
        console.print("No single unknown moves the probability by 0.05 points.\n")
        return
    table = new_table("Unknown", "low / high", "probability, %", "swing", "rests on")
    for bar in shown:
        sides = " / ".join(percent(end.probability, 1).removesuffix(" %") for end in (bar.low, bar.high))
        table.add_row(
            Text(_named(bar)),
            Text(" / ".join(report.end_words(bar))),
            sides,
            f"{100 * bar.swing:.1f}",
            report.rests_on(bar),
        )
    console.print(table)
    rest = len(found.tornado) - len(shown)
    if rest:
        most = 100 * max(bar.swing for bar in found.tornado[len(shown) :])
        console.print(
            f"{rest} more move{'s' if rest == 1 else ''} it by {'less than 0.05' if most < 0.05 else f'at most {most:.1f}'} points each."
        )
    console.print(
        f"Standard errors up to {100 * max((bar.standard_error for bar in found.tornado), default=0.0):.2f} points."
    )
    console.print(" ".join(TORNADO_HELP) + "\n")


def _named(bar: Bar) -> str:
    return f"{bar.name} ({bar.meaning})" if bar.meaning else bar.name


def _print_shares(console: Console, found: Sensitivity) -> None:
    from rich.text import Text

    from simulator.analysis.sensitivity import SHARES_HELP

    if not any(each.amount or each.hit for each in found.shares):
        return  # the target is decided, as the sentence below says
    console.print(Text("Whose uncertainty it is, % of the spread", style="bold"))
    table = new_table(
        "Unknowns together", "total, alone", "with interplay", "hit or miss, alone", "with interplay"
    )
    indices = []
    for each in found.shares:
        own = [
            index
            for share in (each.amount, each.hit)
            for index in ((share.first_order, share.total) if share else (None, None))
        ]
        table.add_row(Text(each.group.name), *(_share(index) for index in own))
        indices += [index for index in own if index]
    console.print(table)
    console.print(f"Standard errors up to {100 * max(index.standard_error for index in indices):.1f} points.")
    console.print(" ".join(SHARES_HELP) + "\n")


def _share(index: Index | None) -> str:
    if index is None:
        return "-"
    return "under 1" if index.value < 0.01 else f"{100 * index.value:.0f}"


def _print_information(console: Console, found: Sensitivity) -> None:
    from rich.text import Text

    from simulator.analysis.sensitivity import INFORMATION_HELP

    console.print(Text("What to settle first", style="bold"))
    for sentence in found.sentences:
        console.print(Text(sentence))
    shown = [each for each in found.information if each.clear][:MOST_UNKNOWNS]
    if shown:
        table = new_table("A wrong verdict would be less likely by, points", "", "standard error")
        for each in shown:
            table.add_row(
                Text(each.unknown.name), f"{100 * each.reduction:.1f}", f"{100 * each.standard_error:.2f}"
            )
        console.print(table)
    console.print(" ".join(INFORMATION_HELP) + "\n")
