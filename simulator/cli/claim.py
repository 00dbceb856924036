"""``claim``: the probability of an official statement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import click

from simulator.cli.common import answers, exit_on_faults, load_checked, print_json, refusals_as_usage


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("statement")
@answers
def claim(file: Path, statement: str, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """How likely an official STATEMENT is, such as "turnover 2018 >= 1000"."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.claim import claim as judge
        from simulator.model.engine import simulate

        with refusals_as_usage():
            found = judge(loaded.scenario, statement, simulate=simulate, points=points, seed=seed)
    if as_json:
        print_json(found.to_dict(str(file)))
        return
    click.echo(report.verdict(found.result))
    if found.outcome is not None and found.log_score is not None:
        happened = "It came true" if found.held else "It did not come true"
        score = (
            f"{found.log_score:.2f}"
            if math.isfinite(found.log_score)
            else "minus infinity, for it was given no chance at all"
        )
        click.echo(
            f"{happened}: {report.exact(found.result, found.outcome)} was published later; log score {score}."
        )
    click.echo(f"Numerical standard error {100 * found.result.standard_error:.3f} percentage points.")
