"""What the vocabulary expects at an address of a tree: a model, ``dict[...]``, ``tuple[...]`` or a type.

None stands for what it does not know.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from simulator.files.strict_yaml import Node
from simulator.scenario import Scenario
from simulator.values.address import Address, Key
from simulator.values.forms import KEYS
from simulator.values.uncertain import Uncertain
from simulator.values.wording import show

TOP_KEYS = (*Scenario.model_fields, "extends")


def shape_at(tree: Node | None, address: Address) -> Any:
    """The shape at an address of a tree; without a tree no kind is known, and nothing that depends on it."""
    shape: Any = Scenario
    node = tree
    for key in address:
        node = node.child(key) if node else None
        shape = core(annotation_below(shape, key), node)
    return shape


def annotation_below(shape: Any, key: Key) -> Any:
    """The annotation of what stands at a key or number below a shape."""
    if is_model(shape):
        field = shape.model_fields.get(key)
        return field.annotation if field else None
    arguments = get_args(shape)
    if get_origin(shape) is dict:
        return arguments[1]
    return arguments[0] if arguments else None


def core(annotation: Any, node: Node | None) -> Any:
    """An annotation without its wrapping.

    Of several models it is the one of the node's kind; of a list that is written as a mapping it is the item.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        return core(get_args(annotation)[0], node)
    if origin in (Union, types.UnionType):
        return _member(annotation, node)
    if origin is tuple and node is not None and node.mapping:
        return core(get_args(annotation)[0], node)
    return annotation


def _member(union: Any, node: Node | None) -> Any:
    members = [core(member, node) for member in get_args(union) if member is not type(None)]
    if len(members) == 1:
        return members[0]
    return (
        _written_as(members, node)
        if dict in [get_origin(member) for member in members]
        else _of_kind(members, node)
    )


def _of_kind(members: list[Any], node: Node | None) -> Any:
    """Of several models that of a node's kind; None where it has none of these."""
    kind = node.child("kind") if node else None
    fitting = (member for member in members if kind_of(member) == (kind.value if kind else None))
    return next(_marked(members, node), None) or next(fitting, None)


def _marked(members: Iterable[Any], node: Node | None) -> Iterator[Any]:
    """Those of several models that the keys of a node mark."""
    stated = set(node.value) if node is not None and node.mapping else set()
    return (member for member in members if stated & getattr(member, "marks", frozenset()))


def _written_as(members: list[Any], node: Node | None) -> Any:
    """Of alternatives with a mapping among them the one that a node is written as."""
    mapping = node is not None and node.mapping and not set(node.value) & set(KEYS)
    return next(member for member in members if (get_origin(member) is dict) == mapping)


def is_model(shape: Any) -> bool:
    """Whether it has fields."""
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def is_list(annotation: Any) -> bool:
    """Whether a list may stand there."""
    return get_origin(core(annotation, None)) is tuple


def kind_of(shape: Any) -> str | None:
    """The kind of a lever's or risk's model."""
    field = shape.model_fields.get("kind") if is_model(shape) else None
    return get_args(field.annotation)[0] if field else None


def known_keys(shape: Any) -> tuple[str, ...] | None:
    """The keys that a shape has; None where any may stand, or no key at all."""
    if shape is Scenario:
        return TOP_KEYS
    if is_model(shape):
        return tuple(shape.model_fields)
    return KEYS if shape is Uncertain else None


def unknown_key(key: object, known: Iterable[str], what: str = "key") -> str:
    """The message for a key that does not exist, with the nearest that does."""
    known = tuple(known)
    near = difflib.get_close_matches(str(key)[:60], known, n=1, cutoff=0.6)
    listed = "one of " + ", ".join(known) if known else "none"
    if near and len(known) > 12:
        listed = f"a known {what}"
    hint = "; a colon needs a space after it" if ":" in str(key) else ""
    if near:
        hint = f"; did you mean {near[0]!r}?"
    return f"found the {what} {show(key)}, expected {listed}{hint}"
