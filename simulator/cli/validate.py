"""``validate``: every fault of scenario files, without simulating."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.common import BAD_INPUT, load_checked, print_json
from simulator.cli.outputs import READ

if TYPE_CHECKING:
    from simulator.files.loading import Loaded


@click.command()
@click.argument("files", nargs=-1, required=True, type=READ)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
def validate(files: Sequence[Path], settings: Sequence[str], as_json: bool) -> None:
    """Check scenario files without simulating: every fault, with file and line."""
    from simulator.errors import ScenarioError

    reports, failed = [], False
    for file in files:
        faults: list[str] = []
        notes: list[str] = []
        try:
            loaded = load_checked(file, settings)
            notes = list(_notes(loaded))
        except ScenarioError as error:
            faults = str(error).splitlines()
            failed = True
        if as_json:
            noted = {"notes": notes} if notes else {}
            reports.append({"file": str(file), "valid": not faults, "faults": faults, **noted})
        elif faults:
            click.echo("\n".join(faults), err=True)
        else:
            click.echo("\n".join([*notes, f"{file}: valid; {_counted(loaded)}"]))
    if as_json:
        print_json(reports)
    if failed:
        sys.exit(BAD_INPUT)


def _notes(loaded: Loaded) -> Iterator[str]:
    """Likely slips, each with its file and line."""
    from simulator.scenario.slips import slips

    for address, message in slips(loaded.scenario):
        origin = loaded.origin(address)
        line = f":{origin.line}" if origin.line else ""
        yield f"{origin.file}{line}: {address}: note: {message}"


def _counted(loaded: Loaded) -> str:
    scenario = loaded.scenario
    on = sum(lever.enabled for lever in scenario.levers.values())
    risks = sum(risk.enabled for risk in scenario.risks.values())
    return (
        f"{_number(len(scenario.counted), 'figure')}, {_number(len(scenario.levers), 'lever')} ({on} on), "
        f"{_number(len(scenario.risks), 'risk')} ({risks} on), "
        f"target {' and '.join(f'{t.measure} {t.period}' for t in scenario.target)}"
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
