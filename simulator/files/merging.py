"""A value laid over another: mappings merge, lists and scalars replace, ``null`` removes.

An uncertain number, and a lever of another kind, replace as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.files.strict_yaml import TOP, Node
from simulator.values.address import Address
from simulator.values.forms import KEYS


@dataclass(frozen=True)
class Origin:
    """Where a value was written; a word of the command line has no line."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}, line {self.line}"


@dataclass(frozen=True)
class Change:
    """What an overlay or the command line replaced, added (``old`` is None) or removed (``new`` is None)."""

    address: Address
    old: Any
    new: Any
    origin: Origin

    @property
    def path(self) -> str:
        """The address as people write it."""
        return str(self.address)


def merged(base: Node | None, over: Node, address: Address, changes: list[Change]) -> Node | None:
    """A value with another over it; None where it is removed.

    Args:
        base: what stands there, if anything does.
        over: what is laid over it.
        address: where both stand.
        changes: takes what is replaced.
    """
    if base is not None and over.value is not None and _merges(base, over, address):
        return _merged_entries(base, over, address, changes)
    old, new = base.plain() if base else None, over.plain()
    if repr(old) != repr(new):  # 610.5 and 610.50 are equal, but not published with the same digits
        changes.append(Change(address, old, new, Origin(over.file, over.line)))
    # a null that has nothing to remove is kept: it may be a value; of an unknown key validation says so
    return None if base is not None and over.value is None else over


def merged_at(
    node: Node | None, address: Address, value: Node, changes: list[Change], above: Address = TOP
) -> Node | None:
    """A tree with a value merged over what stands at an address of it; None where nothing is left.

    Args:
        node: the tree.
        address: where in it.
        value: what is laid over what stands there.
        changes: takes what is replaced.
        above: the address of the tree itself.
    """
    if not address:
        return merged(node, value, above, changes)
    key, rest = address[0], Address(address[1:])
    below = merged_at(node.child(key) if node else None, rest, value, changes, above / key)
    entries = dict(node.children()) if node else {}
    _enter(entries, key, below)
    if node is None:
        return Node(entries, value.file, value.line)
    return Node(list(entries.values()) if node.sequence else entries, node.file, node.line)


def _merged_entries(base: Node, over: Node, address: Address, changes: list[Change]) -> Node:
    entries = dict(base.value)
    for key, child in over.children():
        _enter(entries, key, merged(entries.get(key), child, address / key, changes))
    return Node(entries, base.file, base.line)


def _enter(entries: dict[Any, Node], key: Any, node: Node | None) -> None:
    """Put a node at a key, or take away what stands there."""
    if node is None:
        del entries[key]
    else:
        entries[key] = node


def _merges(base: Node, over: Node, address: Address) -> bool:
    """Whether two values are mappings that merge: not those of two kinds, and not two uncertain numbers."""
    if not (base.mapping and over.mapping):
        return False
    kinds = [kind.plain() for node in (base, over) if (kind := node.child("kind"))]
    if len(kinds) == 2 and kinds[0] != kinds[1]:
        return False
    # a section may hold a stream or lever called "low"; only what stands inside one of them is a number
    return bool(kinds) or len(address) < 2 or not any(map(_is_uncertain, (base, over)))


def _is_uncertain(node: Node) -> bool:
    return bool(node.value) and set(node.value) <= set(KEYS)
