"""What the verbs share: options, loading with all faults told, writing files whole, plain tables."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.loading import Loaded

BAD_INPUT = 2


def _points(_context: click.Context, _parameter: click.Parameter, value: int) -> int:
    from simulator.draws import check_points

    try:
        return check_points(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def answers(verb: Callable[..., None]) -> Callable[..., None]:
    """The options of every verb that answers."""
    for option in (
        click.option("--points", default=2048, show_default=True, metavar="N", callback=_points, help="Draws in all, a power of two."),
        click.option("--seed", default=1, show_default=True, metavar="N", type=click.IntRange(0), help="Seed of every draw."),
        click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario; repeatable."),
        click.option("--json", "as_json", is_flag=True, help="The machine answer alone on stdout."),
    ):
        verb = option(verb)
    return verb


def load_checked(file: Path, settings: Sequence[str]) -> Loaded:
    """A scenario that can be answered.

    Raises:
        ScenarioError: with every fault of the file, and of the figures in it.
    """
    from simulator.baseline import checked
    from simulator.loading import load

    return checked(load(file, settings))


def set_names(text: str | None, count: int) -> Sequence[str]:
    """The names of --names, one for each file; none where it is left out.

    Raises:
        click.UsageError: too few, too many, empty or repeated ones.
    """
    if text is None:
        return ()
    from simulator.report import FIXED

    names = [name.strip() for name in text.split(",")]
    if len(names) != count or len(set(names)) != count or not all(names) or set(names) & set(FIXED):
        raise click.UsageError(f"found --names {text!r}, expected {count} different names with commas between them, none of {', '.join(FIXED)}")
    return names


def told() -> tuple[type[Exception], ...]:
    """The errors that are the user's to mend: told in a sentence, never with a traceback."""
    from simulator.loading import ScenarioError

    return (ScenarioError,)


@contextlib.contextmanager
def faults_told() -> Iterator[None]:
    """Bad input ends with its message and exit code 2, with nothing on stdout."""
    try:
        yield
    except told() as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, a text as UTF-8: to a temporary neighbour, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def new_console() -> Console:
    """Where a verb prints for people: as wide as the terminal, or 100 characters; text from files is never markup."""
    from rich.console import Console

    return Console(markup=False, highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 100)


def new_table(*heads: str) -> Any:
    """A plain table, numbers to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number == 0 else "right")
    return table
