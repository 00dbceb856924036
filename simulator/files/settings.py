"""Words of ``--set``, such as ``levers.assembly.count=6``, over a tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from simulator.errors import Fault, ScenarioError
from simulator.files.merging import Change, merged_at
from simulator.files.shapes import annotation_below, core, is_list, known_keys, unknown_key
from simulator.files.strict_yaml import TOP, Node, item_meant, parse
from simulator.scenario import Scenario
from simulator.values.address import Address, Key
from simulator.values.uncertain import Uncertain
from simulator.values.wording import show

COMMAND_LINE = "--set"


def with_setting(tree: Node, setting: str, faults: list[Fault], changes: list[Change]) -> Node:
    """The tree with one ``path=value`` over it.

    Args:
        tree: what it is laid over.
        setting: the word.
        faults: takes what is wrong with the value but does not keep it from being read.
        changes: takes what is replaced.

    Raises:
        ScenarioError: no such path, or no value that can be read.
    """
    name, equals, text = setting.partition("=")
    words = Address.split(name.strip())
    if not equals or not all(words):
        raise _refused(TOP, f"found {show(setting)}, expected path=value such as levers.assembly.count=6")
    value, noted = parse(text, COMMAND_LINE, words, numbered=False)
    faults += noted
    try:
        address = _addressed(tree, words, value)
    except ValueError as error:
        raise _refused(words, str(error)) from None
    return merged_at(tree, address, value, changes) or tree


def _refused(words: Address, message: str) -> ScenarioError:
    return ScenarioError([Fault(COMMAND_LINE, None, str(words), message)])


@dataclass(frozen=True)
class _Place:
    """How far a path has led: the address in the tree, the node there, and what the vocabulary says of it."""

    address: Address
    node: Node | None
    annotation: Any

    @property
    def shape(self) -> Any:
        """What the vocabulary expects there."""
        return core(self.annotation, self.node)

    @property
    def is_only_item(self) -> bool:
        """Whether it is a list of one item, written as that item."""
        return self.node is not None and self.node.mapping and is_list(self.annotation)

    def below(self, key: Key) -> _Place:
        """One key down."""
        child = self.node.child(key) if self.node else None
        return _Place(self.address / key, child, annotation_below(self.shape, key))


def _addressed(tree: Node, words: Address, value: Node) -> Address:
    """The address in the tree that the parts of a path mean; the last may be fields that are not written yet.

    Raises:
        ValueError: they lead nowhere.
    """
    place = _Place(TOP, tree, Scenario)
    for depth, word in enumerate(map(str, words), 1):
        if word == "0" and place.is_only_item:
            continue
        if place.node is not None and place.node.sequence:
            place = place.below(item_meant(word, len(place.node.value)))
            if word.isdecimal():
                continue
        _check(place, word, value if depth == len(words) else None)
        place = place.below(word)
    return place.address


def _check(place: _Place, word: str, value: Node | None) -> None:
    """Refuse a part that neither stands in the tree nor can be added; ``value`` is what the last is to be."""
    node = place.node
    if node is not None and not node.mapping:
        raise ValueError(f"found {show(word)} below {show(node.value)}, which has no parts; set it whole")
    stated = node.value if node else {}
    if word in stated:
        return
    shape = place.shape
    if get_origin(shape) is not dict:
        _check_key(place, word, stated)
    elif not _may_be_added(shape, value):
        raise ValueError(unknown_key(word, stated, "id"))


def _check_key(place: _Place, word: str, stated: Mapping[str, Node]) -> None:
    """Refuse a key that is none of the model's."""
    known = None if place.shape is Uncertain else known_keys(place.shape)
    if known is None and place.node is None:
        raise ValueError(f"found {show(word)} below what the file leaves out; set it whole")
    if known is None:
        raise ValueError(unknown_key(word, stated))
    addable = [key for key in known if key != "extends"]
    if word not in addable:
        raise ValueError(unknown_key(word, addable))


def _may_be_added(shape: Any, value: Node | None) -> bool:
    """Whether a value may stand under an id that is not there yet."""
    if value is None or value.value is None:
        return False
    items = core(get_args(shape)[1], None)
    return items in (str, float, Uncertain) or value.mapping or value.sequence
