"""``track``: how the probability followed the news, what comes next, and what came of the target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    new_table,
    print_head,
    print_json,
    refusals_as_usage,
    working,
)
from simulator.cli.options import Finite
from simulator.cli.outputs import READ

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.track import Track


@click.command()
@click.argument("file", type=READ)
@click.option(
    "--outcome",
    type=Finite(),
    metavar="VALUE",
    help="What the target's sum came to, in the file's unit, where no figure of the file says it.",
)
@answers
def track(
    file: Path, outcome: float | None, as_json: bool, settings: Sequence[str], seed: int, points: int
) -> None:
    """The probability as it stood after each publication, what moved it, and what comes next.

    Figures count from the day that they bear (published), also those after the scenario's own day.
    """
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator.analysis.track import track as follow
        from simulator.model.engine import simulate

        with refusals_as_usage(), working():
            tracked = follow(loaded.scenario, simulate=simulate, points=points, seed=seed, actual=outcome)
    if as_json:
        print_json(tracked.to_dict(str(file)))
        return
    console = new_console()
    print_head(console, tracked.result, loaded)
    _print(console, tracked)


def _print(console: Console, tracked: Track) -> None:
    from simulator.report.words import track as words

    console.print(words.summary(tracked))
    console.print(_steps(tracked))
    for note in tracked.notes:
        console.print(note)
    _section(console, "Next", words.next_sentences(tracked))
    gaps = [words.gap_sentence(tracked, gap) for gap in tracked.gaps]
    if tracked.actuals:
        gaps.append(words.actuals_sentence(tracked))
    if gaps:
        _section(console, f"Behind or ahead. {words.projected(tracked)}", gaps)
    _section(console, "Outcome", words.outcome_sentences(tracked))


def _steps(tracked: Track) -> object:
    """The steps as a table, a row for each and for what moved it."""
    from simulator.report.words import track as words
    from simulator.values.numerals import points

    table = new_table("Published", "Probability", "Points", "Figure", "Came to")
    table.columns[3].justify = table.columns[4].justify = "left"
    for step in tracked.moves:
        change = points(step.change_points) if step.parts else ""
        table.add_row(words.day_of(step), words.chance_of(step), change, "", "")
        for part in step.parts:
            name, value = words.part_name(tracked.result, part), words.came(tracked.result, part)
            table.add_row("", "", points(part.probability_points), name, value)
        for note in step.notes:
            table.add_row("", "", "", note, "")
    return table


def _section(console: Console, title: str, lines: Iterable[str]) -> None:
    console.print(f"\n{title}")
    for line in lines:
        console.print(f"  {line}")
