"""``snapshot``: keep a scenario as it stands today, under a name, for ``compare --since``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from simulator.cli.common import exit_on_faults, print_json, refusals_as_usage
from simulator.cli.outputs import BESIDE


@click.command(
    help="Keep the scenario FILE as it stands, under a name, in the folder .snapshots beside it; without "
    "--name list what is kept. How far it has come since: compare FILE --since NAME."
)
@click.argument("file", type=BESIDE)
@click.option("--name", metavar="NAME", help="What to call it: no other snapshot of FILE is called so.")
@click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout.")
def snapshot(file: Path, name: str | None, as_json: bool) -> None:
    """Keep a scenario as it stands, or list what is kept."""
    from simulator.files.loading import load
    from simulator.workspace import snapshots

    with exit_on_faults(), refusals_as_usage():
        if name is None:
            load(file)  # a file that is none has a clear fault
            kept = snapshots.taken(file)
        else:
            kept = (snapshots.take(file, name, dt.date.today()),)
    if as_json:
        print_json([{"name": one.name, "on": str(one.on), "file": str(one.file)} for one in kept])
    elif name is not None:
        click.echo(f"Kept as {kept[0].file}; what has changed since: compare {file} --since '{kept[0].name}'")
    elif kept:
        click.echo("\n".join(one.title for one in kept))
    else:
        click.echo(f"No snapshot of {file} yet; take one with --name NAME.")
