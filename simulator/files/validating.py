"""A tree of nodes -> a ``Scenario``, or every fault in it, each with file, line and a message in one voice.

Pydantic tells what is wrong field by field, and only when all fields are right what does not hang together. So that both
come at once, faulty pieces are taken off a copy and what is left is validated again; a fault that is there only because
something was taken off is not reported.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import types
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from simulator.errors import Fault
from simulator.files.strict_yaml import BROKEN, Node
from simulator.scenario import Scenario
from simulator.values.address import Path, dotted
from simulator.values.forms import KEYS
from simulator.values.uncertain import Uncertain
from simulator.values.wording import show, unknown

ROUNDS = 8
MOST_FAULTS = 1000
TOP_KEYS = (*Scenario.model_fields, "extends")
_ID = "1 to 40 letters, digits, - or _, starting with a letter"
_NAMES = ("measure", "streams", "sources", "bounds")  # what is said of these depends on no sibling
_PLACEHOLDERS: dict[str, Any] = {
    "title": "untitled",
    "as_of": dt.date.max,  # nothing is too late for it
    "target": {"measure": "turnover", "period": 2200, "at_least": 1},
    "observations": {"measure": "turnover", "period": 2018, "value": 1},
}


@dataclass(frozen=True)
class _Found:
    """A fault at a node, the piece without which it is gone, and the key that the node lacks (a misspelled one says enough)."""

    node: Node
    path: Path
    message: str
    remove: Path
    lacks: str = ""

    def fault(self) -> Fault:
        return Fault(self.node.file, self.node.line, dotted(self.path), self.message)


def validated(tree: Node) -> tuple[Scenario | None, list[Fault]]:
    """The scenario of a tree whose nodes know their paths; or None and all its faults, but for those of ``BROKEN`` nodes."""
    taken = {node.path for node in tree.walk() if node.value is BROKEN}
    faults: dict[Fault, None] = {}
    for _ in range(ROUNDS):
        rest = _without(tree, taken)
        data = rest.plain() | {
            key: _PLACEHOLDERS[key] for (key, *tail) in taken if key in _PLACEHOLDERS and not tail
        }
        try:
            scenario = Scenario.model_validate(data)
        except ValidationError as error:
            errors = error.errors(include_url=False)[:MOST_FAULTS]
        else:
            return (None if taken else scenario), list(faults)
        found = [piece for each in errors for piece in _told(each, rest, tree)]
        last = errors[0]["type"] == "scenario"
        guessed = {(piece.path[:-1], piece.message.rpartition("did you mean ")[2]) for piece in found}
        news = (
            piece
            for piece in found
            if (piece.path, f"{piece.lacks!r}?") not in guessed
            and not _follows(piece.path or piece.remove, tree, taken, last)
        )
        faults |= dict.fromkeys(piece.fault() for piece in news)
        removable = {piece.remove for piece in found}
        if last or removable <= taken or len(faults) >= MOST_FAULTS:
            break
        taken |= removable
    return None, list(faults)


def _without(node: Node, taken: Set[Path]) -> Node:
    if node.mapping:
        value: Any = {
            key: _without(child, taken) for key, child in node.children() if child.path not in taken
        }
    elif node.sequence:
        value = [_without(child, taken) for _, child in node.children() if child.path not in taken]
    else:
        return node
    return Node(value, node.file, node.line, node.path)


def _follows(path: Path, tree: Node, taken: Set[Path], last: bool) -> bool:
    """Whether a fault may be there only because something was taken off (``last``: it is about what does not hang together)."""
    if any(path[: len(other)] == other or other[: len(path)] == path for other in taken):
        return True
    if not last:
        return False
    streams = {other[1:2] for other in taken if other[0] == "streams" and len(other) <= 2}
    node, _ = locate(tree, path)
    if set(path) & {"measure", "streams"} and (
        () in streams or (isinstance(node.value, str) and (node.value,) in streams)
    ):
        return True
    if path[0] == "target" and path[-1] == "period" and any(other[0] == "observations" for other in taken):
        return True
    holder = path[:-1]
    siblings = any(other[: len(holder)] == holder for other in taken)
    return bool(holder) and siblings and not set(path) & set(_NAMES) and _is_model(shape_at(tree, holder))


def _removable(path: Path, tree: Node) -> Path:
    """The smallest piece that can go: an optional or unknown key, a list item, an entry, a top-level key."""
    while len(path) > 1:
        shape = shape_at(tree, path[:-1])
        field = shape.model_fields.get(path[-1]) if _is_model(shape) else None
        if field is None or not field.is_required():
            return path
        path = path[:-1]
    return path


# Where: from pydantic's places to nodes, and from nodes to what the models say of them


def locate(tree: Node, place: Path, *, tagged: bool = False) -> tuple[Node, Path]:
    """The node at a place, or the last one on the way, and the parts that are not there.

    A place may number the one item of a list that is written as a mapping, leave out the number where the list has one
    item and, if ``tagged``, hold the kind of a lever or risk after its id.
    """
    node = tree
    for index, part in enumerate(place):
        if tagged and index == 2 and place[0] in ("levers", "risks") and node.mapping and part != "[key]":
            continue
        if node.sequence and len(node.value) == 1 and isinstance(part, str):
            node = node.value[0]
        child = child_of(node, part)
        if child is None and not (node.mapping and isinstance(part, int)):
            return node, place[index:]
        node = child or node
    return node, ()


def child_of(node: Node, part: str | int) -> Node | None:
    """What stands at a key or number below a node."""
    if node.mapping:
        child: Node | None = node.value.get(part)
        return child
    if node.sequence and isinstance(part, int) and part < len(node.value):
        item: Node = node.value[part]
        return item
    return None


def shape_at(tree: Node, path: Path) -> Any:
    """What the models expect at a path of the tree: a model, ``dict[...]``, ``tuple[...]``, a type, or None if it is unknown."""
    shape: Any = Scenario
    node: Node | None = tree
    for part in path:
        shape = shape_below(shape, part)
        node = child_of(node, part) if node else None
        shape = core(shape, node)
    return shape


def shape_below(shape: Any, part: str | int) -> Any:
    """The annotation of what stands at a key or number below a shape."""
    if _is_model(shape):
        field = shape.model_fields.get(part)
        return field.annotation if field else None
    arguments = get_args(shape)
    if get_origin(shape) is dict:
        return arguments[1]
    return arguments[0] if arguments else None


def core(annotation: Any, node: Node | None) -> Any:
    """An annotation without its wrapping; of several models the one of the node's kind; of a list written as a mapping its item."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return core(get_args(annotation)[0], node)
    if origin in (Union, types.UnionType):
        members = [core(member, node) for member in get_args(annotation) if member is not type(None)]
        return (
            members[0]
            if len(members) == 1
            else next((member for member in members if _kind(member) == _kind_of(node)), None)
        )
    if origin is tuple and node is not None and node.mapping:
        return core(get_args(annotation)[0], node)
    return annotation


def known_keys(shape: Any) -> tuple[str, ...] | None:
    """The keys that a shape has; None where any may stand, or no key at all."""
    if shape is Scenario:
        return TOP_KEYS
    if _is_model(shape):
        return tuple(shape.model_fields)
    return KEYS if shape is Uncertain else None


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _kind(shape: Any) -> str | None:
    field = shape.model_fields.get("kind") if _is_model(shape) else None
    return get_args(field.annotation)[0] if field else None


def _kind_of(node: Node | None) -> object:
    kind = child_of(node, "kind") if node else None
    return kind.value if kind else None


# What: messages


def unknown_key(key: object, known: Iterable[str], what: str = "key") -> str:
    """The message for a key that does not exist, with the nearest that does."""
    known = tuple(known)
    near = difflib.get_close_matches(str(key)[:60], known, n=1, cutoff=0.6)
    listed = "one of " + ", ".join(known) if known else "none"
    if near and len(known) > 12:
        listed = f"a known {what}"
    colon = "; a colon needs a space after it" if ":" in str(key) else ""
    return f"found the {what} {show(key)}, expected {listed}" + (
        f"; did you mean {near[0]!r}?" if near else colon
    )


def _told(error: Any, rest: Node, tree: Node) -> Iterator[_Found]:
    """One of pydantic's errors as faults; that of the whole scenario holds several."""
    if error["type"] == "scenario":
        for place, message in error["ctx"]["faults"]:
            node, tail = locate(rest, place)
            yield _Found(node, node.path + tail, message, _removable(node.path + tail, tree))
        return
    node, tail = locate(rest, error["loc"], tagged=True)
    path = node.path + (() if tail == ("[key]",) else tail)
    if error["type"] == "missing":
        yield _Found(
            node, node.path, _missing(node, tail, tree), _removable(node.path, tree) or path, str(tail[0])
        )
    elif error["type"] == "union_tag_invalid":
        yield _Found(child_of(node, "kind") or node, (*path, "kind"), _message(error, node, tail, tree), path)
    else:
        yield _Found(node, path, _message(error, node, tail, tree), _removable(path, tree))


def _missing(node: Node, tail: Path, tree: Node) -> str:
    shape = shape_at(tree, node.path)
    if node.sequence:
        return f"found a list of {len(node.value)}, expected {len(get_args(shape))} items"
    field = shape.model_fields.get(tail[0]) if _is_model(shape) else None
    return f"found no {tail[0]}, expected {field.description if field and field.description else 'one'}"


def _message(error: Any, node: Node, tail: Path, tree: Node) -> str:
    told = _MESSAGES.get(error["type"])
    if told is not None:
        return told(error, node, tail, tree)
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"found {show(error['input'])}, expected {expected[:1].lower()}{expected[1:]}"


def _value_error(error: Any, _node: Node, _tail: Path, _tree: Node) -> str:
    # some messages show a decimal number by its repr
    text = re.sub(r"Decimal\('([^']*)'\)", r"\1", str(error["ctx"]["error"]))
    plain = not isinstance(error["input"], str | list | dict | None)
    return text + "; put it in quotes" if plain and text.endswith("expected some text") else text


def _extra(error: Any, node: Node, _tail: Path, tree: Node) -> str:
    return unknown_key(error["loc"][-1], known_keys(shape_at(tree, node.path[:-1])) or ())


def _kinds(error: Any, node: Node, _tail: Path, tree: Node) -> str:
    if error["type"] == "union_tag_invalid":
        tags = tuple(re.findall(r"'([^']*)'", error["ctx"]["expected_tags"]))
        return unknown(error["ctx"]["tag"], tags, "a kind")
    annotation = shape_below(shape_at(tree, node.path[:-1]), node.path[-1])
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    kinds = [kind for kind in map(_kind, get_args(annotation) or (annotation,)) if kind]
    return f"found no kind, expected kind: with one of {', '.join(kinds)}"


def _one_of(error: Any, _node: Node, _tail: Path, _tree: Node) -> str:
    return unknown(error["input"], tuple(re.findall(r"'([^']*)'", error["ctx"]["expected"])), "one of")


def _identifier(error: Any, _node: Node, tail: Path, _tree: Node) -> str:
    return f"found {'the id ' if tail else ''}{show(error['input'])}, expected {_ID}"


def _mapping(error: Any, node: Node, _tail: Path, tree: Node) -> str:
    shape = shape_at(tree, node.path)
    required = (
        [key for key, field in shape.model_fields.items() if field.is_required()] if _is_model(shape) else []
    )
    return f"found {show(error['input'])}, expected a mapping" + (
        f" with {', '.join(required)}" if required else ""
    )


def _list(error: Any, _node: Node, _tail: Path, _tree: Node) -> str:
    return f"found {show(error['input'])}, expected a list"


def _length(error: Any, _node: Node, _tail: Path, _tree: Node) -> str:
    limit = error["ctx"].get("max_length", error["ctx"].get("min_length"))
    return f"found a list of {error['ctx']['actual_length']}, expected {limit} items"


_MESSAGES: dict[str, Callable[[Any, Node, Path, Node], str]] = {
    "value_error": _value_error,
    "extra_forbidden": _extra,
    "union_tag_invalid": _kinds,
    "union_tag_not_found": _kinds,
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
