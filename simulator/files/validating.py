"""A tree of nodes -> a ``Scenario``, or every fault in it, with file, line and a message in one voice.

Pydantic tells what is wrong field by field, and only when all fields are right what does not hang together.
So that both come at once, faulty pieces are taken off a copy and what is left is validated again; a fault
that is there only because something was taken off is not reported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError

from simulator.errors import Fault
from simulator.files.shapes import annotation_below, is_model, kind_of, known_keys, shape_at, unknown_key
from simulator.files.strict_yaml import BROKEN, Node
from simulator.scenario import Scenario
from simulator.scenario.series import FORMS
from simulator.values.address import Address, Key
from simulator.values.wording import show, unknown

ROUNDS = 8
MOST_FAULTS = 1000
_ID = "1 to 40 letters, digits, - or _, starting with a letter"
_NAMES = ("measure", "streams", "sources", "bounds")  # what is said of these depends on no sibling
_PLACEHOLDERS: dict[str, Any] = {
    "title": "untitled",
    "as_of": dt.date.max,  # nothing is too late for it
    "target": {"measure": "turnover", "period": 2200, "at_least": 1},
    "observations": {"measure": "turnover", "period": 2018, "value": 1},
}


@dataclass(frozen=True)
class _Finding:
    """What is wrong at a node.

    ``piece`` is the address without which the fault is gone; ``lacks`` the key that the node lacks: a
    misspelled one says enough.
    """

    node: Node
    address: Address
    message: str
    piece: Address
    lacks: str = ""

    def fault(self) -> Fault:
        return Fault(self.node.file, self.node.line, str(self.address), self.message)


def validated(tree: Node) -> tuple[Scenario | None, list[Fault]]:
    """The scenario of a tree whose nodes know their addresses; or None and all its faults.

    Those of ``BROKEN`` nodes are known already, and not among them.
    """
    removed = _broken(tree)
    faults: dict[Fault, None] = {}
    for _ in range(ROUNDS):
        rest = _without(tree, removed)
        scenario, errors = _read(rest, removed)
        if not errors:
            return (None if removed else scenario), list(faults)
        findings = list(_findings(errors, rest, tree))
        coherence = errors[0]["type"] == "scenario"
        faults |= dict.fromkeys(finding.fault() for finding in _news(findings, tree, removed, coherence))
        pieces = {finding.piece for finding in findings}
        if coherence or pieces <= removed or len(faults) >= MOST_FAULTS:
            break
        removed |= pieces
    return None, list(faults)


def _broken(tree: Node) -> set[Address]:
    return {node.address for node in tree.walk() if node.value is BROKEN}


def _without(node: Node, removed: Set[Address]) -> Node:
    if not removed or not (node.mapping or node.sequence):
        return node
    left = {key: _without(child, removed) for key, child in node.children() if child.address not in removed}
    return Node(left if node.mapping else list(left.values()), node.file, node.line, node.address)


def _read(rest: Node, removed: Set[Address]) -> tuple[Scenario | None, list[Any]]:
    """The scenario of what is left, or pydantic's errors; placeholders stand in for what it cannot lack."""
    missing = {address.section for address in removed if len(address) == 1} & _PLACEHOLDERS.keys()
    plain = rest.plain() | {key: _PLACEHOLDERS[key] for key in missing}
    if rates := {address.id: 1 for address in removed if address[:1] == ("rates",) and address.id}:
        plain["rates"] = plain.get("rates", {}) | rates  # amounts in that currency are no faults of their own
    try:
        return Scenario.model_validate(plain), []
    except ValidationError as error:
        return None, list(error.errors(include_url=False)[:MOST_FAULTS])


def _news(
    findings: Iterable[_Finding], tree: Node, removed: Set[Address], coherence: bool
) -> Iterator[_Finding]:
    """The findings that are there not only because of others, or because of what was removed."""
    findings = list(findings)
    guessed = {
        (finding.address.parent, finding.message.rpartition("did you mean ")[2]) for finding in findings
    }
    for finding in findings:
        misspelled = (finding.address, f"{finding.lacks!r}?") in guessed
        if not misspelled and not _follows(finding.address or finding.piece, tree, removed, coherence):
            yield finding


def _follows(address: Address, tree: Node, removed: Set[Address], coherence: bool) -> bool:
    """Whether a fault may be there only because something was removed.

    ``coherence``: it is about what does not hang together, so it may speak of something that is not there.
    """
    if any(address.within(piece) or piece.within(address) for piece in removed):
        return True
    return coherence and (
        _names_what_is_removed(address, tree, removed)
        or _is_end_without_figures(address, removed)
        or _stands_beside_what_is_removed(address, tree, removed)
    )


def _names_what_is_removed(address: Address, tree: Node, removed: Set[Address]) -> bool:
    """Whether a name in it may be that of a stream that is removed."""
    if not {"measure", "streams"} & set(address):
        return False
    streams = {piece[1:] for piece in removed if piece.section == "streams" and len(piece) <= 2}
    name = locate(tree, address)[0].value
    return () in streams or (isinstance(name, str) and (name,) in streams)


def _is_end_without_figures(address: Address, removed: Set[Address]) -> bool:
    """Whether it is the target's period, which is held against figures, and some of these are removed."""
    ends = address.section == "target" and address.name == "period"
    return ends and any(piece.section == "observations" for piece in removed)


def _stands_beside_what_is_removed(address: Address, tree: Node, removed: Set[Address]) -> bool:
    """Whether it is a field, but no name, of something that lost another field."""
    holder = address.parent
    beside = any(piece.within(holder) for piece in removed)
    return bool(holder) and beside and not set(address) & set(_NAMES) and is_model(shape_at(tree, holder))


def _removable(address: Address, tree: Node) -> Address:
    """The smallest piece that can go: an optional or unknown key, a list item, an entry, a top-level key."""
    while len(address) > 1:
        shape = shape_at(tree, address.parent)
        field = shape.model_fields.get(address[-1]) if is_model(shape) else None
        if field is None or not field.is_required():
            return address
        address = address.parent
    return address


# From pydantic's places to nodes


def locate(tree: Node, place: Iterable[Key]) -> tuple[Node, Address]:
    """The node at a place, or the last one on the way, and the keys that are not there.

    A place may number the only item of a list that is written as a mapping, and leave out the number of the
    only item of a list.
    """
    node, rest = tree.nearest(place)
    while rest:
        if node.sequence and len(node.value) == 1 and isinstance(rest[0], str):
            node = node.value[0]
        elif node.mapping and isinstance(rest[0], int):
            rest = Address(rest[1:])
        else:
            break
        node, rest = node.nearest(rest)
    return node, rest


def _untagged(tree: Node, place: Address) -> Address:
    """A place of pydantic's without the kind of a lever or risk, or the form of a figure.

    It puts the one behind the id, the other behind the number.
    """
    place = Address(key for key in place if key not in FORMS)
    if place[:1] not in (("levers",), ("risks",)) or place[2:3] in ((), ("[key]",)):
        return place
    driver, missing = tree.nearest(place.owner)
    return place.owner.join(place[3:]) if driver.mapping and not missing else place


def _findings(errors: Iterable[Any], rest: Node, tree: Node) -> Iterator[_Finding]:
    """What pydantic's errors say; that of a scenario that does not hang together says several things."""
    for error in errors:
        if error["type"] == "scenario":
            for place, message in error["ctx"]["faults"]:
                node, tail = locate(rest, place)
                address = node.address.join(tail)
                yield _Finding(node, address, message, _removable(address, tree))
        else:
            yield _finding(error, rest, tree)


def _finding(error: Any, rest: Node, tree: Node) -> _Finding:
    node, tail = locate(rest, _untagged(rest, Address(error["loc"])))
    message = _message(error, node, tail, tree)
    address = node.address if tail == ("[key]",) else node.address.join(tail)
    if error["type"] == "missing":
        piece = _removable(node.address, tree) or address
        return _Finding(node, node.address, message, piece, tail.section)
    if error["type"] == "union_tag_invalid":
        return _Finding(node.child("kind") or node, address / "kind", message, address)
    return _Finding(node, address, message, _removable(address, tree))


# Messages, each from pydantic's error, the node, the keys that are not there, and the tree


def _message(error: Any, node: Node, tail: Address, tree: Node) -> str:
    message = _MESSAGES.get(error["type"])
    if message is not None:
        return message(error, node, tail, tree)
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"found {show(error['input'])}, expected {expected[:1].lower()}{expected[1:]}"


def _missing(_error: Any, node: Node, tail: Address, tree: Node) -> str:
    shape = shape_at(tree, node.address)
    if node.sequence:
        return f"found a list of {len(node.value)}, expected {len(get_args(shape))} items"
    field = shape.model_fields.get(tail[0]) if is_model(shape) else None
    return f"found no {tail[0]}, expected {field.description if field and field.description else 'one'}"


def _value_error(error: Any, _node: Node, _tail: Address, _tree: Node) -> str:
    text = str(error["ctx"]["error"])
    plain = not isinstance(error["input"], str | list | dict | None)
    return text + "; put it in quotes" if plain and text.endswith("expected some text") else text


def _extra(error: Any, node: Node, _tail: Address, tree: Node) -> str:
    key, shape = error["loc"][-1], shape_at(tree, node.address.parent)
    refused = getattr(shape, "refused", {})
    return f"found {key}, {refused[key]}" if key in refused else unknown_key(key, known_keys(shape) or ())


def _wrong_kind(error: Any, _node: Node, _tail: Address, _tree: Node) -> str:
    kinds = tuple(re.findall(r"'([^']*)'", error["ctx"]["expected_tags"]))
    return unknown(error["ctx"]["tag"], kinds, "a kind")


def _no_kind(_error: Any, node: Node, _tail: Address, tree: Node) -> str:
    annotation = annotation_below(shape_at(tree, node.address.parent), node.address[-1])
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    kinds = filter(None, map(kind_of, get_args(annotation) or (annotation,)))
    return f"found no kind, expected kind: with one of {', '.join(kinds)}"


def _one_of(error: Any, _node: Node, _tail: Address, _tree: Node) -> str:
    return unknown(error["input"], tuple(re.findall(r"'([^']*)'", error["ctx"]["expected"])), "one of")


def _identifier(error: Any, _node: Node, tail: Address, _tree: Node) -> str:
    return f"found {'the id ' if tail else ''}{show(error['input'])}, expected {_ID}"


def _mapping(error: Any, node: Node, _tail: Address, tree: Node) -> str:
    shape = shape_at(tree, node.address)
    fields = shape.model_fields.items() if is_model(shape) else ()
    required = ", ".join(key for key, field in fields if field.is_required())
    return f"found {show(error['input'])}, expected a mapping{' with ' if required else ''}{required}"


def _list(error: Any, _node: Node, _tail: Address, _tree: Node) -> str:
    return f"found {show(error['input'])}, expected a list"


def _length(error: Any, _node: Node, _tail: Address, _tree: Node) -> str:
    limit = error["ctx"].get("max_length", error["ctx"].get("min_length"))
    return f"found a list of {error['ctx']['actual_length']}, expected {limit} items"


_MESSAGES: dict[str, Callable[[Any, Node, Address, Node], str]] = {
    "missing": _missing,
    "value_error": _value_error,
    "extra_forbidden": _extra,
    "union_tag_invalid": _wrong_kind,
    "union_tag_not_found": _no_kind,
    "literal_error": _one_of,
    "string_pattern_mismatch": _identifier,
    "string_type": _identifier,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "tuple_type": _list,
    "list_type": _list,
    "too_long": _length,
    "too_short": _length,
}
