"""``schema`` and ``new``: what helps to write a scenario file."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.common import print_json
from simulator.cli.outputs import FILE, check_output


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simulator.scenario.schema import schema as built

    print_json(built())


@click.command(
    help="Write a commented scenario FILE to start from, which runs and documents every field; "
    "without FILE print it."
)
@click.argument("file", type=FILE, required=False)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def new(file: Path | None, force: bool) -> None:
    """Write or print a commented scenario file to start from."""
    from simulator.files.template import starter

    if file is None:
        click.echo(starter(), nl=False)
        return
    check_output(file, force, scenario=True, option="name").write(starter())
    click.echo(f"Written to {file}; answer it with: python -m simulator run {file}")
