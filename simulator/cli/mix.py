"""``mix``: which measures for how much money."""

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
    print_head,
    print_json,
    refusals_as_usage,
    working,
)
from simulator.cli.options import Finite, Whole
from simulator.cli.outputs import READ
from simulator.values.periods import LATEST

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.mix import Alone, Bought, Mix, Present
    from simulator.files.loading import Loaded
    from simulator.model.result import Result

SPENT = 0.99  # of a budget, from which all of it counts as spent


@click.command(
    help="The package of measures with the highest probability at each budget; levers state a cost for one "
    "unit of their main value."
)
@click.argument("file", type=READ)
@answers
@click.option(
    "--budget",
    "budgets",
    multiple=True,
    type=Finite(0),
    metavar="B",
    help="In the scenario's unit; repeatable. Left out: from 0 to everything.",
)
@click.option(
    "--slip",
    default=6,
    show_default=True,
    metavar="MONTHS",
    type=Whole(0, LATEST),
    help="How late every start may be.",
)
def mix(
    file: Path,
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
    budgets: Sequence[float],
    slip: int,
) -> None:
    """The verb: its options to a frontier of packages, printed."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator.analysis.mix import mix as best
        from simulator.model.engine import simulate

        with refusals_as_usage(), working():
            answer = best(
                loaded.scenario, budgets or None, simulate=simulate, slip=slip, points=points, seed=seed
            )
    if as_json:
        data = answer.to_dict(str(file))
        for row in (*data["frontier"], data["present"]):
            row["set"] = [*settings, *row["set"]]
        print_json(data)
    else:
        _print(answer, loaded)


def _print(answer: Mix, loaded: Loaded) -> None:
    from rich.text import Text

    from simulator.report.words import mix as words

    console = new_console()
    print_head(console, answer.present.result, loaded)
    console.print(Text(words.summary(answer), style="bold"))
    console.print()
    _print_frontier(console, answer)
    if words.shown(answer).parts:
        _print_parts(console, answer, words.shown(answer))
    for line in (words.without(answer), *words.unpriced(answer, "Levers"), "", *words.MEANING):
        console.print(line)
    _print_details(console, answer)


def _print_details(console: Console, answer: Mix) -> None:
    from simulator.report.amounts import error_points, money
    from simulator.report.words.mix import shown

    result = answer.present.result
    error = max(bought.standard_error for bought in answer.frontier)
    console.print(
        f"Details: {answer.method}; numerical standard error up to {error_points(error)}; "
        f"{result.points} points, seed {result.seed}; costs in {result.scenario.unit} "
        f"{result.scenario.currency}."
    )
    if not shown(answer).parts and all(bought.cost == 0 for bought in answer.frontier):
        cheapest = min(alone.priced.price * alone.priced.step for alone in answer.alone)
        console.print(f"The cheapest step costs {money(result, cheapest)}.")


def _print_frontier(console: Console, answer: Mix) -> None:
    from simulator.report.words.mix import late_words

    late = ["if late"] if answer.slip else []
    table = new_table("Budget", *(alone.priced.key for alone in answer.alone), "probability", *late)
    for bought in answer.frontier:
        table.add_row(_budget(answer.present.result, bought), *_cells(answer, bought))
    table.add_section()
    table.add_row(_now(answer.present), *_cells(answer, answer.present))
    when = f"; if late: {late_words(answer)}" if answer.slip else ""
    console.print(f"The best package at each budget{when}")
    console.print(table)


def _cells(answer: Mix, bought: Bought) -> list[str]:
    """How much of each lever a package holds, its probability, and that if it is late."""
    from simulator.report.amounts import amount, probability
    from simulator.values.numerals import percent

    result = answer.present.result
    parts = [bought.part(alone.priced.key) for alone in answer.alone]
    amounts = [amount(result, part.amount, part.priced.knob.unit) if part else "-" for part in parts]
    late = [percent(bought.probability_if_late, 1, decided=result.decided)] if answer.slip else []
    return [*amounts, probability(bought, 1), *late]


def _now(present: Present) -> str:
    from simulator.report.amounts import money

    return f"now, {money(present.result, present.cost)}"


def _budget(result: Result, bought: Bought) -> str:
    from simulator.report.amounts import money

    budget, spent = money(result, bought.budget), money(result, bought.cost)
    return budget if bought.cost >= SPENT * bought.budget else f"{budget}, {spent} spent"


def _print_parts(console: Console, answer: Mix, bought: Bought) -> None:
    from rich.text import Text

    from simulator.report.amounts import money
    from simulator.report.words.mix import point_cost

    result = answer.present.result
    table = new_table("Lever", "to its bound", "adds", "per point", "in package", "loses", "per point")
    for alone in answer.alone:
        part = bought.part(alone.priced.key)
        inside = ["-", "", ""]
        if part:
            inside = [
                money(result, part.cost),
                f"{part.lost_points:.1f}",
                point_cost(result, part.cost_per_point),
            ]
        table.add_row(
            Text.assemble(alone.priced.name, "\n  ", (_unit_cost(result, alone), "dim")),
            money(result, alone.cost),
            f"{alone.gained_points:.1f}",
            point_cost(result, alone.cost_per_point),
            *inside,
        )
    console.print(
        "What a percentage point costs: each lever alone, bought to its bound, adds so many points to none; "
        f"the package for {money(result, bought.budget)} loses so many without it"
    )
    console.print(table)


def _unit_cost(result: Result, alone: Alone) -> str:
    from simulator.report.amounts import exact
    from simulator.report.words.mix import cost_unit

    return f"{alone.priced.key}: {exact(result, alone.priced.cost)} {cost_unit(alone.priced.knob)}"
