"""Whose flow a heading or a row says it is: ``Kazakhstan's exports`` are none to Kazakhstan."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.errors import Unsettled
from simulator.files.tables.choices import unsettled, word
from simulator.files.tables.countries import is_whose, listed
from simulator.files.tables.facts import Fact, Names
from simulator.files.tables.grids import Grid
from simulator.values.wording import show


def owners_of(names: Iterable[Names], home: str, partner: str) -> dict[int, str | None]:
    """Which of two countries names call a flow's owner, by their identity; each text is read once."""
    codes = listed((home, partner), codes=True)
    alike: dict[str, str | None] = {}
    owners: dict[int, str | None] = {}
    for part in names:
        texts = [text for texts in part.values() for text in texts]
        alike |= {text: _owner(text, codes) for text in texts if text not in alike}
        owners[id(part)] = next((alike[text] for text in texts if alike[text] is not None), None)
    return owners


def _owner(text: str, codes: dict[str, str]) -> str | None:
    return next((side for side, code in codes.items() if is_whose(text, code)), None)


def whose_flow(grid: Grid, fact: Fact, home: str, partner: str) -> Unsettled:
    """The question whose statistics a flow is of that is called the partner's."""
    message = f"found {show(fact.head or fact.side)}, expected to know whether {partner} reports it"
    words = [f"--reporter {word(name)}" for name in (partner, home)]
    return unsettled(grid, fact.place, message, words)
