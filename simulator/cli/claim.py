"""``claim``: the probability of an official statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from simulator.cli.common import answers, faults_told, load_checked


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("statement")
@answers
def claim(file: Path, statement: str, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """How likely an official STATEMENT is, such as "turnover 2018 >= 1000"."""
    with faults_told():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.claim import claim as judge
        from simulator.engine import simulate

        try:
            found = judge(loaded.scenario, statement, simulate=simulate, points=points, seed=seed)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(found.to_dict(str(file)), indent=2, ensure_ascii=False))
        return
    click.echo(report.verdict(found.result))
    if found.outcome is not None and found.log_score is not None:
        happened = "It came true" if found.held else "It did not come true"
        click.echo(f"{happened}: {report.exact(found.result, found.outcome)} was published later; log score {found.log_score:.2f}.")
    click.echo(f"Numerical standard error {100 * found.result.standard_error:.3f} percentage points.")
