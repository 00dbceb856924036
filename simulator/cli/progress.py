"""How far a verb is that answers many things: a bar on stderr, and nothing where that is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(count: int, doing: str) -> Iterator[Callable[[str], None]]:
    """A bar of ``count`` steps; what it gives is called with the name of each thing once it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("", total=count, name="")

        def advance(name: str) -> None:
            bar.update(task, advance=1, name=name if name.isprintable() else "")

        yield advance
