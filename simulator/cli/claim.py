"""``claim``: the probability of an official statement."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from simulator.cli.common import answers, exit_on_faults, load_checked, print_json, refusals_as_usage
from simulator.cli.outputs import READ


@click.command()
@click.argument("file", type=READ)
@click.argument("statement")
@answers
def claim(file: Path, statement: str, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """How likely an official STATEMENT is, such as "turnover 2018 >= 1000"."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.claim import claim as judge
        from simulator.model.engine import simulate
        from simulator.report.words.answer import hundred
        from simulator.report.words.claim import outcome

        with refusals_as_usage():
            judged = judge(loaded.scenario, statement, simulate=simulate, points=points, seed=seed)
    if as_json:
        print_json(judged.to_dict(str(file)))
        return
    click.echo(f"That {report.wish(judged.result)}:")
    click.echo(report.verdict(judged.result))
    click.echo(hundred(judged.result))
    if (came := outcome(judged)) is not None:
        click.echo(came)
    click.echo(f"Details: numerical standard error {report.error_points(judged.result.standard_error)}.")
