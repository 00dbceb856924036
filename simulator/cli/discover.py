"""``discover``: under which conditions the target is missed, or reached."""

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
    print_json,
    refusals_as_usage,
    working,
)
from simulator.cli.outputs import READ

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.analysis.discover import Discovery, Rule


@click.command()
@click.argument("file", type=READ)
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
        from simulator.analysis.discover import discover as search
        from simulator.model.engine import simulate
        from simulator.report.words import discover as words

        with refusals_as_usage(), working():
            discovery = search(loaded.scenario, simulate=simulate, of=of, points=points, seed=seed)
    if as_json:
        print_json(discovery.to_dict(str(file)))
        return
    console = new_console()
    console.print(f"{words.question(discovery)}\n")
    for head, rule in words.rules(discovery).items():
        _print_rule(console, discovery, head, rule)
    console.print(" ".join(words.HELP))
    elapsed = f"{discovery.elapsed_seconds * 1000:.0f} ms"
    errors = [
        f"{words.error_words(rule)} ({head.lower()})" for head, rule in words.rules(discovery).items() if rule
    ]
    console.print(f"Details: {'; '.join([*errors, f'seed {discovery.result.seed}', elapsed])}.")


def _print_rule(console: Console, discovery: Discovery, head: str, rule: Rule | None) -> None:
    from rich.text import Text

    from simulator.report.words import discover as words

    console.print(Text(head, style="bold"))
    if rule is None:
        console.print(f"{words.no_rule(discovery)}\n")
        return
    for condition in words.conditions(discovery, rule):
        console.print(Text(f"  - {condition}"))
    console.print(f"{words.counts(discovery, rule)}\n")
