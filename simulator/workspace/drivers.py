"""Levers and risks in the text of a file: added, copied, renamed, removed; every other byte is left alone.

An id stays for good: draws, links and ``--set`` know a lever by it. What people read is its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import InputError
from simulator.files.editing import edited
from simulator.files.strict_yaml import parse
from simulator.scenario import Scenario
from simulator.scenario.dependence import required
from simulator.values.address import MISSING, Address
from simulator.values.numerals import enumeration
from simulator.values.wording import show
from simulator.workspace.kinds import CARDS, values

LONGEST = 60  # letters of a name
FILE = "the scenario"


@dataclass(frozen=True)
class Rewritten:
    """Another text of a file, and what was done, in sentences."""

    text: str
    words: tuple[str, ...]


def added(text: str, scenario: Scenario, kind: str) -> Rewritten:
    """A new lever or risk of a kind, with the values that its card shows."""
    card = CARDS[kind]
    fields = values(kind, scenario)
    fields["name"] = free_name(fields["name"], _names(scenario))
    id = free_id(card.id, (address.id for address, _ in scenario.drivers()))
    return Rewritten(edited(text, {f"{card.section}.{id}": fields}, FILE), (f"{fields['name']} is added.",))


def copied(text: str, scenario: Scenario, address: Address, standing: str | None = None) -> Rewritten:
    """A copy of a lever or risk under a name of its own.

    Args:
        text: of the file.
        scenario: that the text holds.
        address: of the lever or risk.
        standing: the text with what was turned beside it, from which the copy's values are taken; left out,
            those of ``text``.
    """
    fields = stated(standing or text, address)
    name = free_name(f"{name_of(scenario, address)}, copy", _names(scenario))
    id = free_id(address.id, (other.id for other, _ in scenario.drivers()))
    words = [f"{name} is added."]
    if _in_a_pair(scenario, address):
        del fields["together"]
        words.append("It is drawn on its own, for the other two go against each other.")
    fields = {"kind": fields.pop("kind"), **fields, "name": name}
    return Rewritten(edited(text, {f"{address.section}.{id}": fields}, FILE), tuple(words))


def renamed(text: str, scenario: Scenario, address: Address, name: str) -> Rewritten:
    """The same lever or risk under another name; what refers to it goes by its id, which stays.

    Raises:
        InputError: the name is empty, too long, or that of another one.
    """
    name, before = " ".join(name.split()), name_of(scenario, address)
    if not name or len(name) > LONGEST:
        raise InputError(f"found {show(name)}, expected a name of 1 to {LONGEST} letters")
    others = _names(scenario, address)
    if name.casefold() in {other.casefold() for other in others}:
        raise InputError(f"found {show(name)}, which another one is called; expected a name of its own")
    return Rewritten(edited(text, {f"{address}.name": name}, FILE), (f"{before} is now called {name}.",))


def removed(text: str, scenario: Scenario, address: Address) -> Rewritten:
    """The text without a lever or risk, and without what others say of it."""
    drivers = dict(scenario.drivers())
    name = name_of(scenario, address)
    waiting = [
        place for place, driver in drivers.items() if driver.requires and required(place, drivers) == address
    ]
    alone = sum(place.section == address.section for place in drivers) == 1
    changes: dict[str, object] = {address.section if alone else str(address): None}
    changes |= {f"{place}.requires": None for place in waiting}
    words = [f"{name} is removed."]
    if waiting:
        names = enumeration(name_of(scenario, place) for place in waiting)
        words.append(f"{names} required it; what is stated of them now holds without that.")
    return Rewritten(edited(text, changes, FILE), tuple(words))


def stated(text: str, address: Address) -> dict[str, Any]:
    """What a text states of a lever or risk, in plain data."""
    tree, _ = parse(text, FILE)
    fields = address.get(tree.plain(), MISSING)
    if not isinstance(fields, Mapping):
        raise InputError(f"found no {address}, expected a lever or risk of this file")
    return dict(fields)


def name_of(scenario: Scenario, address: Address) -> str:
    """What people call a lever or risk."""
    driver = address.get(scenario)
    return str(driver.name or address.id)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that nothing has yet: the one that is wanted, or with a number."""
    names = {name.casefold() for name in taken}
    candidates = (wanted, *(f"{wanted} ({number})" for number in range(2, len(names) + 3)))
    return next(name for name in candidates if name.casefold() not in names)


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """An id that nothing has yet."""
    ids = set(taken)
    return next(
        id for id in (wanted, *(f"{wanted}-{number}" for number in range(2, len(ids) + 3))) if id not in ids
    )


def _names(scenario: Scenario, apart: Address | None = None) -> list[str]:
    return [name_of(scenario, address) for address, _ in scenario.drivers() if address != apart]


def _in_a_pair(scenario: Scenario, address: Address) -> bool:
    """Whether it is one of two that are drawn against each other, where there is no place for a third."""
    together = address.get(scenario).together
    return together is not None and together.correlation < 0
