"""Whose flow a heading or a row says it is: ``Kazakhstan's exports`` are none to Kazakhstan."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.errors import Unsettled
from simulator.files.tables.choices import unsettled, word
from simulator.files.tables.countries import is_whose, listed
from simulator.files.tables.facts import Fact, Names, read_names
from simulator.files.tables.grids import Grid
from simulator.values.wording import show


def owners_of(names: Iterable[Names], home: str, partner: str) -> dict[int, str | None]:
    """Which of two countries names call a flow's owner, by their identity."""
    codes = listed((home, partner), codes=True)
    return read_names(
        names, lambda text: next((side for side, code in codes.items() if is_whose(text, code)), None)
    )


def whose_flow(grid: Grid, fact: Fact, home: str, partner: str) -> Unsettled:
    """The question whose statistics a flow is of that is called the partner's."""
    message = f"found {show(fact.head or fact.side)}, expected to know whether {partner} reports it"
    words = [f"--reporter {word(name)}" for name in (partner, home)]
    return unsettled(grid, fact.place, message, words)
