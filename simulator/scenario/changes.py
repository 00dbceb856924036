"""The changes that turn one scenario into another, and the scenarios on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.caches import lazy
from simulator.scenario.dependence import at_work
from simulator.scenario.ledger import differing
from simulator.scenario.vocabulary import Scenario
from simulator.values.address import MISSING, Address

MOST = 10  # changes told apart: every set of them is simulated, 2**10
FIGURES = ("as_of", "streams", "observations")  # one change, whichever of them differ
SECTIONS = ("levers", "risks")
RATES = ("rates", "usd_rate")
WITHOUT_EFFECT = "cost"  # on the probability


@dataclass(frozen=True)
class Edit:
    """One value put at a path; ``MISSING`` removes what is there."""

    path: Address
    value: Any = field(repr=False)

    @lazy
    def key(self) -> tuple[Address, str]:
        """Two edits with one key do the same."""
        return self.path, repr(self.value)


@dataclass(frozen=True)
class Change:
    """Assumptions that change together."""

    name: str
    edits: tuple[Edit, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The path of each assumption in it."""
        return tuple(str(edit.path) for edit in self.edits)


def live(scenario: Scenario) -> Scenario:
    """The scenario without what moves no probability.

    That is, without levers and risks that are switched off or require one that is, and other readings of
    the data.

    A draw belongs to a name, so under a layout that knows all names nothing else moves.
    """
    working = at_work(dict(scenario.drivers()))
    kept: dict[str, Any] = {
        section: {
            key: driver
            for key, driver in getattr(scenario, section).items()
            if Address.of(section, key) in working
        }
        for section in SECTIONS
    }
    return scenario.changed(alternatives={}, **kept)


def changes(first: Scenario, other: Scenario) -> tuple[Change, ...]:
    """What turns the first scenario into the other, of what moves the probability, in the order of a file.

    Figures and streams are one change, the target another; the outlook, levers and risks change field by
    field, and a lever that is at work in only one of them, or of another kind, as a whole.

    Args:
        first: as ``live`` gives it.
        other: likewise.
    """
    by_name: dict[str, Change] = {}
    if first.grounds != other.grounds:
        by_name["data"] = Change("data", tuple(_of_data(first, other)))
    wholes = ("target",) if by_name else ("target", *RATES)
    for address in (assumption.path for assumption in differing([first, other])):
        if address.section in wholes:
            by_name[address.section] = _as_a_whole(address.section, other)
        elif address.section in ("outlook", *SECTIONS) and address.field != (WITHOUT_EFFECT,):
            edit = Edit(address, address.get(other, MISSING))
            by_name[str(address)] = Change(str(address), (edit,))
    leading = sorted(by_name, key=lambda name: (name != "target", name != "data"))
    return tuple(by_name[name] for name in leading)


def _of_data(first: Scenario, other: Scenario) -> Iterator[Edit]:
    """The sections that make up the data, shocks and rates only where they differ."""
    for name in (*FIGURES, "shocks", *RATES):
        if name in FIGURES or getattr(first, name) != getattr(other, name):
            yield Edit(Address.of(name), getattr(other, name))


def _as_a_whole(section: str, other: Scenario) -> Change:
    """The change of a whole section; rates are one where they turn no figure into the scenario's currency."""
    return Change(section, (Edit(Address.of(section), getattr(other, section)),))


def grouped(separate: tuple[Change, ...]) -> tuple[Change, ...]:
    """At most ``MOST`` changes: as they are, or by lever, or with the outlook as one.

    Where that is not enough, all levers are one, and all risks.
    """
    steps: tuple[Callable[[Address], Address], ...] = (
        lambda address: address,
        lambda address: address.owner if address.section in SECTIONS else address,
        lambda address: address.owner if address.section in SECTIONS else Address.of(address.section),
        lambda address: Address.of(address.section),
    )
    for step in steps:
        groups: dict[Address, list[Change]] = {}
        for change in separate:
            address = Address.of(change.name) if change.name == "data" else step(change.edits[0].path)
            groups.setdefault(address, []).append(change)
        if len(groups) <= MOST:
            break
    return tuple(united(members, str(address)) for address, members in groups.items())


def united(members: Iterable[Change], name: str = "") -> Change:
    """Several changes as one; one alone keeps its name, and without a name it has theirs."""
    members = tuple(members)
    if len(members) == 1:
        return members[0]
    return Change(
        name or " and ".join(member.name for member in members),
        tuple(edit for member in members for edit in member.edits),
    )


def hybrid(first: Scenario, edits: Iterable[Edit]) -> Scenario:
    """The first scenario with some edits.

    What is unchanged is not validated again, but whether all hangs together is.

    Raises:
        ValidationError: it does not.
    """
    fields: dict[str, Any] = {}
    for edit in edits:
        name = edit.path.section
        holder = fields.get(name, getattr(first, name))
        fields[name] = Address(edit.path[1:]).put(holder, edit.value)
    return first.changed(**fields)
