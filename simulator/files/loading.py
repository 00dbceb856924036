"""Scenario files: strict YAML, ``extends`` and ``--set`` -> a ``Scenario``, with the origin of every value.

Precedence: command line > overlay > scenario > default. ``merging`` lays one value over another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import Fault, ScenarioError, refusing
from simulator.files.merging import Change, Origin, merged
from simulator.files.reading import Source, content, extended, refused, source_of
from simulator.files.settings import COMMAND_LINE, with_setting
from simulator.files.strict_yaml import BROKEN, TOP, Node, parse
from simulator.files.validating import validated
from simulator.scenario import Scenario
from simulator.scenario.remarks import COMMENTS, REMARKS, SIGNED
from simulator.values.address import Address
from simulator.values.wording import show

BESIDE = ("resolved_by", "history", "reason")  # of a target, what changes nothing of what is asked


@dataclass(frozen=True)
class Loaded:
    """A scenario, where its values were written (others are defaults), and what was replaced on the way."""

    scenario: Scenario
    origins: Mapping[str, Origin]
    file: str
    changes: tuple[Change, ...]

    def origin(self, address: Address) -> Origin:
        """Where the value at an address was written, or what holds it."""
        while address:
            if (origin := self.origins.get(str(address))) is not None:
                return origin
            address = address.parent
        return Origin(self.file, None)

    @property
    def retargeted(self) -> bool:
        """Whether what is asked was changed, but not the title, which may then be false.

        By ``--set``, or by a file that is laid over the one with the title.
        """
        titled, asked = -1, -1  # the last file that changes the one, and the other
        files = list(dict.fromkeys(change.origin.file for change in self.changes))
        for change in self.changes:
            place, section = files.index(change.origin.file), change.address.section
            titled = place if section == "title" else titled
            asked = place if section == "target" and change.address.name not in BESIDE else asked
        return asked > titled


@refusing
def load_scenario(path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a file; see ``load``."""
    return load(path, settings).scenario


def load(path: str | Path, settings: Sequence[str] = ()) -> Loaded:
    """Read a scenario file, what it extends, and words such as ``levers.assembly.count=6``.

    Args:
        path: a file, or ``shipped:NAME``.
        settings: the words of ``--set``, the later ones winning.

    Raises:
        ScenarioError: with all faults, each with its file and line.
    """
    source = source_of(path)
    return _loaded(content(source), source, settings)


def load_text(text: str | bytes, name: str, settings: Sequence[str] = (), file: Path | None = None) -> Loaded:
    """Read the text of a scenario, such as an upload.

    Args:
        text: the scenario.
        name: its name in messages.
        settings: the words of ``--set``, the later ones winning.
        file: where it stands or is to stand, for ``extends`` with a path relative to it; left out, it can
            extend ``shipped:NAME`` only.

    Raises:
        ScenarioError: with all faults, each with its file and line.
    """
    return _loaded(text, Source(name, file), settings)


def layered(text: str | bytes, name: str, file: Path | None = None) -> tuple[Node, str | bytes]:
    """The tree of a scenario's text over all that it extends, and the text of the lowest file of these.

    Args:
        text: the scenario.
        name: its name in messages.
        file: where it stands, for ``extends`` with a path relative to it; left out, it can extend
            ``shipped:NAME`` only.

    Raises:
        ScenarioError: with all faults of the files as YAML, each with its file and line.
    """
    layers = _Layers(text, Source(name, file))
    if layers.faults:
        raise ScenarioError(_in_order(layers.faults, name))
    return layers.tree, layers.lowest


def _loaded(text: str | bytes, source: Source, settings: Sequence[str]) -> Loaded:
    layers = _Layers(text, source)
    faults, changes, tree = layers.faults, layers.changes, layers.tree
    for setting in settings:
        try:
            tree = with_setting(tree, setting, faults, changes)
        except ScenarioError as error:
            faults += error.faults
    tree = _without_lapsed(tree, changes).placed()
    scenario, more = validated(tree)
    if scenario is None or faults:
        raise ScenarioError(_in_order([*faults, *more], source.name))
    origins = {str(node.address): Origin(node.file, node.line) for node in tree.walk() if node.address}
    return Loaded(scenario, origins, source.name, tuple(changes))


def _without(tree: Node, names: Iterable[str]) -> Node:
    """A tree without some of its top-level keys."""
    return Node({key: child for key, child in tree.value.items() if key not in names}, tree.file, tree.line)


def _without_lapsed(tree: Node, changes: Iterable[Change]) -> Node:
    """A tree that nobody stands for, without comments on what is gone, where the command line changed it."""
    turned = {change.address: change.new for change in changes if change.origin.file == COMMAND_LINE}
    if not turned:
        return tree
    tree = _without(tree, set(SIGNED) - {address.section for address in turned})
    return _without_comments(tree, [address for address, new in turned.items() if new is None])


def _without_comments(tree: Node, places: Sequence[Address]) -> Node:
    """A tree without the comments on some places."""
    comments = tree.child(COMMENTS)
    if comments is None or not comments.sequence:
        return tree
    left = [node for node in comments.value if not _speaks_of(node, places)]
    return Node({**tree.value, COMMENTS: Node(left, comments.file, comments.line)}, tree.file, tree.line)


def _speaks_of(comment: Node, places: Iterable[Address]) -> bool:
    at = comment.child("at")
    words = Address.split(str(at.value)) if at is not None else TOP
    return any(words.within(map(str, place)) for place in places)


def _in_order(faults: Iterable[Fault], first: str) -> list[Fault]:
    """By file (the scenario's own first, the command line last) and line."""
    unique = dict.fromkeys(faults)
    return sorted(unique, key=lambda f: (f.file == COMMAND_LINE, f.file != first, f.file or "", f.line or 0))


class _Layers:
    """A scenario merged over what it extends.

    ``tree`` is the outcome, ``lowest`` the text of the file that extends no other, ``faults`` what was wrong
    but did not keep a file from being read, ``changes`` what was replaced, from the lowest file up.
    """

    def __init__(self, text: str | bytes, source: Source) -> None:
        """Read all files.

        Raises:
            ScenarioError: one of them cannot be read at all; with the faults of all that were.
        """
        self.faults: list[Fault] = []
        self.changes: list[Change] = []
        try:
            self.tree, self.lowest = self._merged(text, [source])
        except ScenarioError as error:
            raise ScenarioError(_in_order([*self.faults, *error.faults], source.name)) from None

    def _merged(self, text: str | bytes, chain: list[Source]) -> tuple[Node, str | bytes]:
        """The tree of the last of a chain of files over what it extends, and the text of the lowest one."""
        name = chain[-1].name
        stated, noted = parse(text, name)
        self.faults += noted
        if not stated.mapping:
            expected = "expected keys with values, such as 'title: ...'"
            kind = _kind_of_text(stated, quote=len(chain) == 1)  # of another file nothing is quoted
            raise refused(Fault(name, stated.line, "", ""), f"found {kind}, {expected}")
        entries = dict(stated.value)
        extends = entries.pop("extends", None)
        over = Node(entries, stated.file, stated.line)
        if extends is None or extends.value is None:
            return over, text
        if extends.value is BROKEN:
            raise ScenarioError(())  # it has been noted
        base, below = extended(extends.value, chain, Fault(name, extends.line, "extends", ""))
        tree, lowest = self._merged(below, [*chain, base])
        return merged(_without(tree, REMARKS), over, TOP, self.changes) or over, lowest


def _kind_of_text(node: Node, *, quote: bool) -> str:
    """What a document without keys is."""
    if not quote:
        return "a text without keys"
    return f"only the text {show(node.value)}" if isinstance(node.value, str) else show(node.value)
