"""``discover``: under which conditions the target is missed, or reached."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    print_json,
    refusals_as_usage,
)

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.discover import Discovery, Rule


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--of",
    type=click.Choice(["missed", "reached"]),
    default="missed",
    show_default=True,
    help="The outcome whose conditions are sought.",
)
@answers
def discover(file: Path, of: str, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """Conditions in plain words under which the target is missed, or reached."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.discover import HELP
        from simulator.analysis.discover import discover as sought
        from simulator.model.engine import simulate
        from simulator.values.numerals import percent

        with refusals_as_usage():
            found = sought(loaded.scenario, simulate=simulate, of=of, points=points, seed=seed)
    if as_json:
        print_json(found.to_dict(str(file)))
        return
    console = new_console()
    base = percent(found.base, decided=found.result.decided)
    console.print(f"The target, {report.wish(found.result)}, is {of} in {base} of all paths. When?\n")
    _print_rule(console, found, "By what is assumed", found.assumed)
    _print_rule(console, found, "By figures to come", found.figures)
    console.print(" ".join(HELP))
    console.print(f"Details: seed {found.result.seed}, {found.elapsed_seconds * 1000:.0f} ms.")


def _print_rule(console: Console, found: Discovery, head: str, rule: Rule | None) -> None:
    from rich.text import Text

    from simulator import report
    from simulator.values.numerals import share

    console.print(Text(head, style="bold"))
    if rule is None:
        console.print(f"No simple rule tells apart the paths on which it is {found.of}.\n")
        return
    for condition in rule.conditions:
        console.print(Text(f"  - {condition.words(partial(report.money, found.result))}"))
    noun = {"missed": "misses", "reached": "hits"}[found.of]
    console.print(
        f"This is so on {share(rule.mass)} of the paths; on {share(rule.density)} of these the target is {found.of} (density, "
        f"+- {100 * rule.standard_error:.1f} points; {share(rule.base)} of all). It covers {share(rule.coverage)} of all "
        f"{noun} (coverage).\n"
    )
