"""The changes that turn one scenario into another, and the scenarios on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from simulator.scenario.ledger import differing
from simulator.scenario.vocabulary import Scenario
from simulator.values.address import Path, dotted

MOST = 10  # changes told apart: every set of them is simulated, 2**10
DATA = ("as_of", "streams", "observations")
GONE = object()  # the value of a lever that the other scenario does not have
SECTIONS = ("levers", "risks")
WITHOUT_EFFECT = "cost"  # on the probability


@dataclass(frozen=True)
class Edit:
    """One value put at a path; ``GONE`` removes what is there."""

    path: Path
    value: Any = field(repr=False)

    @cached_property
    def key(self) -> tuple[Path, str]:
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
        return tuple(dotted(edit.path) for edit in self.edits)


def live(scenario: Scenario) -> Scenario:
    """The scenario without what moves no probability: levers and risks that are switched off, and other readings of the data.

    A draw belongs to a name, so under a layout that knows all names nothing else moves.
    """
    kept: dict[str, Any] = {
        section: {key: m for key, m in getattr(scenario, section).items() if m.enabled}
        for section in SECTIONS
    }
    return scenario.changed(alternatives={}, **kept)


def changes(first: Scenario, other: Scenario) -> tuple[Change, ...]:
    """What turns the first scenario into the other, of what moves the probability, in the order of a file.

    Figures and streams are one change, the target another; the outlook, levers and risks change field by field, and a lever that is at
    work in only one of them, or of another kind, as a whole.

    Args:
        first: as ``live`` gives it.
        other: likewise.
    """
    found: dict[str, Change] = {}
    if repr((first.counted, first.streams)) != repr((other.counted, other.streams)):
        found["data"] = Change("data", tuple(Edit((name,), getattr(other, name)) for name in DATA))
    for path in (assumption.path for assumption in differing([first, other])):
        if path[0] == "target":
            found["target"] = Change("target", (Edit(("target",), other.target),))
        elif path[0] in ("outlook", *SECTIONS) and path[2:] != (WITHOUT_EFFECT,):
            found[dotted(path)] = Change(dotted(path), (Edit(path, _at(other, path)),))
    return tuple(found[name] for name in sorted(found, key=lambda name: (name != "target", name != "data")))


def grouped(found: tuple[Change, ...]) -> tuple[Change, ...]:
    """At most ``MOST`` changes: as they are, or by lever, or with the outlook as one, or with all levers and all risks as one."""
    steps: tuple[Callable[[Path], Path], ...] = (
        lambda path: path,
        lambda path: path[: 2 if path[0] in SECTIONS else None],
        lambda path: path[: 2 if path[0] in SECTIONS else 1],
        lambda path: path[:1],
    )
    for step in steps:
        groups: dict[Path, list[Change]] = {}
        for change in found:
            groups.setdefault(
                (change.name,) if change.name == "data" else step(change.edits[0].path), []
            ).append(change)
        if len(groups) <= MOST:
            break
    return tuple(united(members, dotted(path)) for path, members in groups.items())


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
    """The first scenario with some edits; what is unchanged is not validated again, but whether all hangs together is.

    Raises:
        ValidationError: it does not.
    """
    fields: dict[str, Any] = {}
    for edit in edits:
        name = str(edit.path[0])
        fields[name] = _put(fields.get(name, getattr(first, name)), edit.path[1:], edit.value)
    return first.changed(**fields)


def _at(node: Any, path: Path) -> Any:
    for key in path:
        node = node.get(key, GONE) if isinstance(node, Mapping) else getattr(node, str(key))
    return node


def _put(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    key = str(path[0])
    if isinstance(node, BaseModel):
        return node.model_copy(update={key: _put(getattr(node, key), path[1:], value)})
    below = _put(node.get(key), path[1:], value)
    return {name: part for name, part in (node | {key: below}).items() if part is not GONE}
