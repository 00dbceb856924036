"""A dotted path: where a value stands in a scenario.

As ``--set`` and messages write it (``levers.assembly.count``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

Key = str | int
_RANGE = re.compile(r"(?<=\d)\.\.(?=\d|FY)")  # two points that belong to a key, 2018-01..2018-09
MISSING: Any = object()  # what stands where there is nothing; put there, it takes away what is
_REQUIRED: Any = object()  # no default is given


class Address(tuple[Key, ...]):
    """The keys from the top of a scenario down to one value: names, and numbers of list items.

    A list with one item may be written as that item, so the item's number may be left out:
    ``target.at_least`` is ``target.0.at_least``.
    """

    __slots__ = ()

    @classmethod
    def of(cls, *keys: Key) -> Address:
        """An address of some keys."""
        return cls(keys)

    @classmethod
    def split(cls, text: str) -> Address:
        """The parts of a text between its points as written: digits stay text, and a part may be empty.

        For a tree that itself tells a key of digits from the number of an item.
        """
        return cls(part.replace("\0", "..") for part in _RANGE.sub("\0", text).split("."))

    @classmethod
    def parse(cls, text: str | Iterable[Key]) -> Address:
        """Read ``levers.assembly.count``; digits alone number a list's item.

        Raises:
            ValueError: a part between two points is empty.
        """
        if not isinstance(text, str):
            return cls(text)
        parts = cls.split(text)
        if not all(parts):
            raise ValueError(f"found {text!r}, expected a path such as levers.assembly.count")
        return cls(int(part) if str(part).isdecimal() and str(part).isascii() else part for part in parts)

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def __truediv__(self, key: Key) -> Address:
        """The address of what stands below, one key down."""
        return Address((*self, key))

    def join(self, keys: Iterable[Key]) -> Address:
        """The address of what stands below, several keys down."""
        return Address((*self, *keys))

    @property
    def parent(self) -> Address:
        """The address of what holds it."""
        return Address(self[:-1])

    @property
    def section(self) -> str:
        """The top-level key: ``levers``."""
        return str(self[0])

    @property
    def owner(self) -> Address:
        """The first two keys: which lever, risk or stream."""
        return Address(self[:2])

    @property
    def id(self) -> str:
        """The second key: the id of the lever, risk or stream; empty where there is none."""
        return str(self[1]) if len(self) > 1 else ""

    @property
    def field(self) -> Address:
        """The keys below the owner: which of its fields."""
        return Address(self[2:])

    @property
    def name(self) -> str:
        """The last key, as text."""
        return str(self[-1])

    def within(self, other: Iterable[Key]) -> bool:
        """Whether it is another address, or stands below it."""
        keys = tuple(other)
        return self[: len(keys)] == keys

    def get(self, holder: Any, default: Any = _REQUIRED) -> Any:
        """What stands at the address in a model, mapping or list, or any nesting of them.

        Raises:
            KeyError: nothing does, and no default is given.
        """
        node = holder
        for key in self:
            node = _below(node, key)
            if node is MISSING:
                if default is _REQUIRED:
                    raise KeyError(str(self))
                return default
        return node

    def put(self, holder: Any, value: Any, *, stated: bool = False) -> Any:
        """A copy of the holder with a value at the address.

        Mappings on the way are made where there are none.

        Args:
            holder: a model, a mapping or a list.
            value: what is to stand there; ``MISSING`` takes away what does.
            stated: turn the models on the way into mappings of the fields that they state, so that they are
                validated again.
        """
        if not self:
            return value
        key, rest = self[0], Address(self[1:])
        if isinstance(holder, tuple | list):
            index, rest = (key, rest) if isinstance(key, int) else (0, self)
            below = rest.put(holder[index], value, stated=stated)
            return type(holder)([*holder[:index], below, *holder[index + 1 :]])
        if isinstance(holder, BaseModel) and not stated:
            return holder.model_copy(update={str(key): rest.put(getattr(holder, str(key)), value)})
        known = _entries(holder)
        key = _key_in(known, key)
        changed = known | {key: rest.put(known.get(key, MISSING), value, stated=stated)}
        return {name: part for name, part in changed.items() if part is not MISSING}


def _key_in(entries: dict[Key, Any], key: Key) -> Key:
    """A key as entries have it: a number may be the name of one, as that of a year."""
    return str(key) if isinstance(key, int) and str(key) in entries else key


def _entries(holder: Any) -> dict[Key, Any]:
    """What a mapping holds, or a model states; nothing where there is none."""
    if isinstance(holder, BaseModel):
        return {
            name: getattr(holder, name)
            for name in type(holder).model_fields
            if name in holder.model_fields_set
        }
    return {} if holder is MISSING or holder is None else dict(holder)


def _below(node: Any, key: Key) -> Any:
    """What stands one key below; of the only item of a list, without its number."""
    if isinstance(node, tuple | list) and isinstance(key, str):
        node = node[0] if node else MISSING
    if isinstance(node, Mapping):
        return node.get(key, node.get(str(key), MISSING))
    if isinstance(node, tuple | list):
        return node[key] if isinstance(key, int) and -1 < key < len(node) else MISSING
    return getattr(node, str(key), MISSING)
