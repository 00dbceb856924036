"""``schema`` and ``new``: what helps to write a scenario file."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli.common import check_replaceable, not_overwritten, print_json, write_output


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simulator.scenario.schema import schema as built

    print_json(built())


@click.command(
    help="Write a commented scenario FILE to start from, which runs and documents every field; "
    "without FILE print it."
)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def new(file: Path | None, force: bool) -> None:
    """Write or print a commented scenario file to start from."""
    from simulator.files.template import starter

    if file is None:
        click.echo(starter(), nl=False)
        return
    if file.exists() and not force:
        raise not_overwritten(str(file), "another name")
    check_replaceable(file)
    write_output(file, starter())
    click.echo(f"Written to {file}; answer it with: python -m simulator run {file}")
