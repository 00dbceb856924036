"""``context``: the outside view of a target."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    new_console,
    print_head,
    print_json,
    refusals_as_usage,
)
from simulator.cli.outputs import READ


@click.command()
@click.argument("file", type=READ)
@answers
def context(file: Path, as_json: bool, settings: Sequence[str], seed: int, points: int) -> None:
    """How trade like this fared: pairs or nations of this size, announced targets, as known on the day."""
    with exit_on_faults():
        loaded = load_checked(file, settings)
        from simulator import report
        from simulator.analysis.evidence import evidence
        from simulator.model.engine import simulate
        from simulator.report.words import context as words
        from simulator.report.words import evidence as reasons

        with refusals_as_usage():
            behind = evidence(simulate(loaded.scenario, points=points, seed=seed))
    outside = behind.context
    if as_json:
        print_json({**outside.to_dict(str(file)), "evidence": behind.to_dict()})
        return
    console = new_console()
    print_head(console, outside.result, loaded)
    console.print(report.verdict(outside.result))
    for line in (*words.details(outside), reasons.sentence(behind), *reasons.reasons(behind)):
        console.print(line)
    if warning := reasons.warning(behind):
        console.print(warning)
