"""Change values in the text of a scenario file, and leave every other byte of it alone.

What is meant is worked out on plain data, and ``splices`` writes it. Only YAML is known here: whether the
outcome is a scenario is for ``loading`` to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulator.errors import Fault, ScenarioError
from simulator.files.loading import layered
from simulator.files.shapes import is_list, shape_at
from simulator.files.splices import plain, spliced
from simulator.files.strict_yaml import TOP, Node, item_meant, parse, read_decimals
from simulator.scenario.remarks import COMMENTS, LOG, SIGNED
from simulator.values.address import MISSING, Address
from simulator.values.forms import KEYS
from simulator.values.notation import decimals, flow
from simulator.values.wording import show

Changes = Mapping[str, object] | Mapping[Address, object] | Mapping[str | Address, object]


def edited(text: str, changes: Changes, name: str) -> str:
    """The text of a scenario with some values changed in place.

    Args:
        text: the scenario as it stands.
        changes: path of ``--set``, or address -> new value. A value is text, a number, true or false, a list
            or a mapping, and stands in for all of the old one; missing parents are added. None removes; in a
            file that extends another it is written as ``null``, which removes what is below as well.
        name: the scenario's name in messages.

    What changes a file takes its approval out, and with what is removed go the comments on it.

    Raises:
        ScenarioError: the text is no strict YAML, a path leads nowhere, a value has no written form, or the
            layout is one in which the change cannot be made.
    """
    tree = _mapping(text, name)
    written = _written(text, tree, changes)
    if written is not None:
        return written
    culprits = [path for path, value in changes.items() if _written(text, tree, {path: value}) is None]
    raise ScenarioError(_unspliced(tree, path) for path in culprits or changes)


def lengthened(text: str, items: Mapping[str, Sequence[Mapping[str, object]]], name: str) -> str:
    """The text of a scenario with items added at the end of some of its lists.

    Args:
        text: the scenario as it stands.
        items: path of a list -> what is added to it; a list that is missing is begun, and a mapping that
            stands for a list of one becomes the first item.
        name: the scenario's name in messages.

    Raises:
        ScenarioError: as ``edited`` does.
    """
    tree = _mapping(text, name)
    old = new = tree.plain()
    begun: dict[str, list[Any]] = {}
    for path, more in items.items():
        before, added = Address.split(path).get(old, MISSING), [_as_read(item, None) for item in more]
        if isinstance(before, list):
            new = Address.split(path).put(new, [*before, *added])
        else:
            begun[path] = [before, *added] if isinstance(before, dict) else added
    written = spliced(text, old, _lapsed(old, new), set(), tree.file)
    if written is None:
        raise ScenarioError(_unspliced(tree, path) for path in items)
    return edited(written, begun, name) if begun else written


def standalone(text: str | bytes, name: str, file: Path | None = None) -> str:
    """The text of a scenario merged with what it extends: the lowest file's, with what lies over it in place.

    Args:
        text: the scenario; without ``extends`` it comes back unchanged.
        name: its name in messages.
        file: where it stands, for ``extends`` with a path relative to it; left out, it can extend
            ``shipped:NAME`` only.

    Raises:
        ScenarioError: with all faults of the files, or because the lowest one has a layout that cannot be
            edited.
    """
    tree, lowest = layered(text, name, file)
    below = lowest if isinstance(lowest, str) else lowest.decode()
    if lowest is text:
        return below
    base, _ = parse(below, tree.file)
    replaced = set(_stated_elsewhere(tree.placed(), tree.file))
    written = spliced(below, base.plain(), tree.plain(), replaced, tree.file)
    if written is None:
        expected = "expected lines such as 'key: value', the last one ended"
        message = f"found a layout into which {name} cannot be merged, {expected}"
        raise ScenarioError([Fault(tree.file, None, "", message)])
    return written


def relaid(text: str, wanted: str, name: str, file: Path) -> str:
    """The text of a file that extends another, so that both together say what a wanted text says.

    It stays laid over the other: only what differs is changed in it. A list of the other in which anything
    differs is stated here as one.

    Args:
        text: the file as it stands.
        wanted: a text that extends none.
        name: the file's name in messages.
        file: where it stands.

    Raises:
        ScenarioError: with all faults of the files, or because it cannot be said over the other.
    """
    stated, merged = _mapping(text, name).plain(), _merged(text, name, file)
    extends = flow({"extends": stated.get("extends")}) if stated.get("extends") is not None else "{}"
    base, target = _merged(extends, name, file), _mapping(wanted, name).plain()
    new, replaced = stated, set[Address]()
    for address, value in _differences(merged, target, TOP):
        if value is MISSING:
            new = address.put(new, None if address.get(base, None) is not None else MISSING)
            continue
        if not isinstance(address.get(stated, None), list):
            replaced.add(address)
        new = address.put(new, value)
    written = spliced(text, stated, new, replaced, name)
    if written is None or _merged(written, name, file) != target:
        message = (
            "found changes that cannot be laid over the file that it extends; save it under another name"
        )
        raise ScenarioError([Fault(name, None, "", message)])
    return written


def _merged(text: str, name: str, file: Path) -> dict[str, Any]:
    """What a file says together with all that it extends."""
    tree, _ = layered(text, name, file)
    plainly: dict[str, Any] = tree.plain()
    return plainly


def _differences(before: Any, after: Any, address: Address) -> Iterator[tuple[Address, Any]]:
    """Where a tree says otherwise than another, and what: mappings key by key, all else as one."""
    if repr(before) == repr(after):
        return
    if not (_parted(before, address) and _parted(after, address) and _alike(before, after)):
        yield address, after
        return
    yield from ((address / key, MISSING) for key in before if key not in after)
    for key, value in after.items():
        yield from _differences(before.get(key, MISSING), value, address / key)


def _parted(value: Any, address: Address) -> bool:
    """Whether a value is a mapping that is laid over another key by key: no uncertain number."""
    return isinstance(value, dict) and (len(address) < 2 or "kind" in value or not set(value) <= set(KEYS))


def _alike(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two mappings are of one kind, where they are levers or risks."""
    return bool(before.get("kind") == after.get("kind"))


def _mapping(text: str, name: str) -> Node:
    """The tree of a text without faults."""
    tree, faults = parse(text, name)
    if not faults and not tree.mapping:
        message = "found no mapping, expected keys with values, such as 'title: ...'"
        faults = [Fault(name, tree.line, "", message)]
    if faults:
        raise ScenarioError(faults)
    return tree


def _stated_elsewhere(node: Node, file: str) -> Iterator[Address]:
    """Where a merged tree holds what another file than the one at its bottom states."""
    if node.file != file:
        yield node.address
    elif node.mapping:
        for _, child in node.children():
            yield from _stated_elsewhere(child, file)


def _written(text: str, tree: Node, changes: Changes) -> str | None:
    """The text with the changes in it; None where its layout does not allow them.

    Raises:
        ScenarioError: a path leads nowhere, or a value has no written form.
    """
    old, faults = tree.plain(), []
    revision = _Revision(old)
    for path, value in changes.items():
        words = _words(path)
        try:
            revision.change(words, value)
        except ValueError as error:
            faults.append(_fault(tree, path, str(error)))
    if faults:
        raise ScenarioError(faults)
    return spliced(text, old, _lapsed(old, revision.tree), revision.replaced, tree.file)


def _lapsed(old: Mapping[str, Any], new: Any) -> Any:
    """A changed tree without those who stood for what it was; what they sign, and the log, change nothing."""
    beside = (*SIGNED, LOG)
    before, after = ({key: tree[key] for key in tree if key not in beside} for tree in (old, new))
    if repr(before) == repr(after):
        return new
    for name in SIGNED:
        if name in old and new.get(name) == old[name]:
            new = Address.of(name).put(new, MISSING)
    return new


def _words(path: str | Address) -> Address:
    """The parts of a path as texts, for a number may be that of an item, or a key."""
    return Address.split(path) if isinstance(path, str) else Address(map(str, path))


def _fault(tree: Node, path: str | Address, message: str) -> Fault:
    """A fault with the line of the last node on the way along a path."""
    nearest, _ = tree.nearest(_words(path))
    return Fault(tree.file, nearest.line, str(path), message)


def _unspliced(tree: Node, path: str | Address) -> Fault:
    expected = "expected lines such as 'key: value', the last one ended; change it by hand"
    return _fault(tree, path, f"found a layout in which this cannot be changed, {expected}")


class _Revision:
    """A tree as it is to be.

    ``tree`` is plain data, with ``MISSING`` in place of an item that is taken out of a list, so that the
    others keep their numbers; ``replaced`` holds the addresses at which a value stands in for all that was
    there.
    """

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree: Any = tree
        self.overlay = tree.get("extends") is not None
        self.replaced: set[Address] = set()

    def change(self, words: Address, value: object) -> None:
        """Put a value where the parts of a path lead; None takes away what stands there.

        Raises:
            ValueError: they lead nowhere, or the value has no written form.
        """
        if not all(words):
            raise ValueError(f"found {show(str(words))}, expected a path such as levers.assembly.count")
        address, old, listed = self._place(words)
        if value is None:
            self._forget_comments(address)
        self.replaced -= {place for place in self.replaced if place.within(address)}
        if value is not None:
            self.tree = address.put(self.tree, _as_read(value, plain(old)))
            self.replaced.add(address)
        elif self.overlay and not listed:  # a null there removes what is below
            self.tree = address.put(self.tree, None)
        elif old is not MISSING:
            self.tree = address.put(self.tree, MISSING)
        self._settle(address)

    def _forget_comments(self, address: Address) -> None:
        """Take away the comments on what is removed; those in the files below are not inherited."""
        comments = self.tree.get(COMMENTS)
        if not isinstance(comments, list) or address.section == COMMENTS:
            return
        words = tuple(map(str, address))
        for number, comment in enumerate(comments):
            at = comment.get("at") if isinstance(comment, dict) else None
            if isinstance(at, str) and Address.split(at).within(words):
                self.tree = Address.of(COMMENTS, number).put(self.tree, MISSING)

    def _place(self, words: Address) -> tuple[Address, Any, bool]:
        """The address that the parts of a path mean, what stands there, and whether it is inside a list."""
        address, node, listed = TOP, self.tree, False
        rest = [str(word) for word in words]
        while rest:
            if isinstance(node, list):
                number = item_meant(rest[0], len(node))
                address, node, listed = address / number, node[number], True
                rest = rest[1:] if rest[0].isdecimal() else rest
                continue
            word, *rest = rest
            entries = self._entries(node, word, listed)
            if word == "0" and word not in entries and is_list(shape_at(None, address)):
                continue  # a list of one item, written as a mapping
            address, node = address / word, entries.get(word, MISSING)
        return address, node, listed

    def _entries(self, node: Any, word: str, listed: bool) -> dict[str, Any]:
        """What a mapping holds, or will hold once a part of a path is added to it."""
        if node is None and self.overlay and not listed:
            raise ValueError(f"found {show(word)} below a null, which removes it; set it whole")
        if node is None or node is MISSING:
            return {}
        if not isinstance(node, dict):
            raise ValueError(f"found {show(word)} below {show(node)}, which has no parts; set it whole")
        return node

    def _settle(self, address: Address) -> None:
        """Close gaps in lists around an address that are replaced as one: no item has a number to keep."""
        for depth in range(1, len(address)):
            if (place := Address(address[:depth])) in self.replaced:
                self.tree = place.put(self.tree, plain(place.get(self.tree)))


# Values as the strict reader gives them back


def _as_read(value: object, old: Any) -> Any:
    """A value as it will be read; a float that is equal to the old number keeps its digits.

    Raises:
        ValueError: it has no written form.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return _entries_as_read(value, old if isinstance(old, dict) else {})
    if isinstance(value, list | tuple):
        return [_as_read(item, None) for item in value]
    number = read_decimals(decimals(value))
    return old if isinstance(value, float) and _is_number(old, number) else number


def _is_number(value: Any, number: int | Decimal) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value == number


def _entries_as_read(value: Mapping[Any, object], old: Mapping[str, Any]) -> dict[str, Any]:
    keys = [key if isinstance(key, str) else decimals(key) for key in value]
    return {key: _as_read(item, old.get(key)) for key, item in zip(keys, value.values(), strict=True)}
