"""Try many inputs of every kind: ``python -m tests.fuzz --inputs 100000``. By hand."""

from __future__ import annotations

import time
from math import ceil

import click

from tests.fuzz.kinds import KINDS
from tests.fuzz.trial import Outcome, tried

MOST = 6_000  # letters of a fault and its input


@click.command()
@click.option("--inputs", default=10_000, help="Inputs in all, shared out among the kinds.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([*KINDS]), help="Of this kind alone (repeatable)."
)
@click.option("--seed", default=0, help="Of the first batch; another gives other inputs.")
def fuzz(inputs: int, kinds: tuple[str, ...], seed: int) -> None:
    """Try many inputs of every kind: a table of what became of them, and each fault; exits with 1 where there are any."""
    chosen = [KINDS[name] for name in kinds or KINDS]
    whole = sum(kind.share for kind in chosen)
    click.echo(
        "| kind | inputs | accepted | refused | slowest, processor s | faults | took, s |\n|---|---|---|---|---|---|---|"
    )
    outcomes = []
    for kind in chosen:
        begun = time.monotonic()
        outcome = tried(kind, ceil(inputs * kind.share / whole), seed)
        click.echo(_row(outcome, f"{time.monotonic() - begun:.0f}"))
        outcomes.append(outcome)
        for fault, sent in outcome.faults.items():
            click.echo(f"\n{outcome.kind}: {fault}\n{sent!r}"[:MOST], err=True)
    click.echo(f"\n{sum(outcome.inputs for outcome in outcomes)} inputs")
    raise SystemExit(1 if any(outcome.faults for outcome in outcomes) else 0)


def _row(outcome: Outcome, took: str) -> str:
    cells = (
        outcome.kind,
        outcome.inputs,
        outcome.accepted,
        outcome.refused,
        f"{outcome.slowest:.2f}",
        len(outcome.faults),
        took,
    )
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    fuzz()
