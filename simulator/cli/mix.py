"""``mix``: which measures for how much money."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    Finite,
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

    from simulator.analysis.mix import Bought, Mix
    from simulator.model.result import Result


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
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
    type=click.IntRange(0, 120),
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
    """The package of measures with the highest probability at each budget; levers state a cost for one unit of their main value."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator.analysis.mix import mix as best
        from simulator.model.engine import simulate

        with refusals_as_usage():
            found = best(
                loaded.scenario, budgets or None, simulate=simulate, slip=slip, points=points, seed=seed
            )
    if as_json:
        data = found.to_dict(str(file))
        for row in (*data["frontier"], data["present"]):
            row["set"] = [*settings, *row["set"]]
        print_json(data)
    else:
        _print(found, loaded.file)


def _print(found: Mix, file: str) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.analysis.mix import MEANING
    from simulator.report import advice

    console = new_console()
    result = found.present.result
    console.print(Text(result.scenario.title, style="bold"))
    console.print(f"as of {result.scenario.as_of}, {file}\n")
    console.print(Text(advice.summary(found), style="bold"))
    console.print()
    _print_frontier(console, found)
    shown = advice.shown(found)
    if shown.parts:
        _print_parts(console, found, shown)
    console.print(f"Without any of them the probability is {report.probability(found.nothing, 1)}.")
    if found.unpriced:
        names = ", ".join(result.scenario.levers[key].name or key for key in found.unpriced)
        console.print(f"Levers without a cost stay as they are: {names}.")
    console.print()
    for line in MEANING:
        console.print(line)
    error = max(bought.result.standard_error for bought in found.frontier)
    console.print(
        f"Details: {found.method}; numerical standard error up to {100 * error:.3f} percentage points; "
        f"{result.points} points, seed {result.seed}; costs in {result.scenario.unit} {result.scenario.currency}."
    )
    if not shown.parts and all(bought.cost == 0 for bought in found.frontier):
        console.print(
            f"The cheapest step costs {report.money(result, min(a.priced.price * a.priced.step for a in found.alone))}."
        )


def _print_frontier(console: Console, found: Mix) -> None:
    from simulator import report
    from simulator.report.advice import amount
    from simulator.values.numerals import counted, percent

    result = found.present.result
    table = new_table(
        "Budget",
        *(alone.priced.key for alone in found.alone),
        "probability",
        *(["if late"] if found.slip else []),
    )
    for bought in (*found.frontier, found.present):
        if bought is found.present:
            table.add_section()
        amounts = {
            part.priced.key: amount(result, part.amount, part.priced.knob.unit) for part in bought.parts
        }
        late = [percent(bought.probability_if_late, 1, decided=result.decided)] if found.slip else []
        cells = [
            *(amounts.get(alone.priced.key, "-") for alone in found.alone),
            report.probability(bought.result, 1),
            *late,
        ]
        table.add_row(_budget(result, bought, as_it_stands=bought is found.present), *cells)
    console.print(
        "The best package at each budget"
        + (f"; if late: every start slips by {counted(found.slip, 'month')}" if found.slip else "")
    )
    console.print(table)


def _budget(result: Result, bought: Bought, *, as_it_stands: bool) -> str:
    from simulator import report

    budget, spent = report.money(result, bought.budget), report.money(result, bought.cost)
    if as_it_stands:
        return f"now, {spent}"
    return budget if bought.cost >= 0.99 * bought.budget else f"{budget}, {spent} spent"


def _print_parts(console: Console, found: Mix, shown: Bought) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.report import advice

    result = found.present.result
    inside = {part.priced.key: part for part in shown.parts}
    table = new_table("Lever", "to its bound", "adds", "per point", "in package", "loses", "per point")
    table.columns[0].min_width = 24
    for alone in found.alone:
        part = inside.get(alone.priced.key)
        cells = (
            [
                report.money(result, part.cost),
                f"{part.lost_points:.2f}",
                advice.price(result, part.cost_per_point),
            ]
            if part
            else ["-", "", ""]
        )
        unit = (
            f"{alone.priced.key}: {report.exact(result, alone.priced.cost)} {advice.unit(alone.priced.knob)}"
        )
        table.add_row(
            Text.assemble(alone.priced.name, "\n  ", (unit, "dim")),
            report.money(result, alone.cost),
            f"{alone.gained_points:.2f}",
            advice.price(result, alone.cost_per_point),
            *cells,
        )
    console.print(
        "What a percentage point costs: each lever alone, bought to its bound, adds so many points to none; the package for "
        f"{report.money(result, shown.budget)} loses so many without it"
    )
    console.print(table)
