"""The part of YAML that scenario files may use: text -> a tree of nodes that know their file and line.

Mappings, lists and scalars, and nothing that surprises: quoted is text; unquoted ``true``, ``false``,
``null`` and plain decimal numbers are what they look like; the rest is text (``NO``, ``0690``, ``1e3``,
``.nan``, ``2018-09``). Aliases, anchors, tags, merge keys, second documents and duplicate keys are refused.
YAML 1.2 takes ``1e3`` for a number; here it is refused where one is wanted, with its plain decimals, for an
exponent does not say which digits were printed, on which the error of a figure rests. The tree is built
from the parser's flat stream of events, never by PyYAML's composer, which crashes the process on deep
nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from simulator.errors import Fault, ScenarioError
from simulator.files.syntax import explained
from simulator.values.address import Address, Key
from simulator.values.limits import DIGITS, FILE_BYTES, FILE_LEVELS, FILE_VALUES
from simulator.values.wording import marked, show

TOP = Address()  # of a tree
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN_BREAKS = "\x85\u2028\u2029"  # lines end there to YAML, and not to editors that number them
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Broken:
    """The value of a node that has been reported already."""

    def __str__(self) -> str:
        return "what cannot be read"


BROKEN = _Broken()


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: nodes in a mapping or list, or a text, a bool, an int, a Decimal or None."""

    value: Any
    file: str
    line: int | None
    address: Address = TOP

    @property
    def mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.value, dict)

    @property
    def sequence(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.value, list)

    def children(self) -> Iterator[tuple[Key, Node]]:
        """Its keys or numbers, each with the node below."""
        if self.mapping:
            yield from self.value.items()
        elif self.sequence:
            yield from enumerate(self.value)

    def child(self, key: Key) -> Node | None:
        """What stands at a key, or at the number of an item, which may be a text of digits."""
        if self.mapping:
            child: Node | None = self.value.get(key)
            return child
        number = item_number(key) if isinstance(key, str) else key
        if self.sequence and number is not None and number < len(self.value):
            item: Node = self.value[number]
            return item
        return None

    def nearest(self, keys: Iterable[Key]) -> tuple[Node, Address]:
        """The node that some keys lead to, or the last one on the way, and the keys that are not there."""
        node, rest = self, Address(keys)
        while rest and (child := node.child(rest[0])) is not None:
            node, rest = child, Address(rest[1:])
        return node, rest

    def plain(self) -> Any:
        """The value without places."""
        if self.mapping:
            return {key: child.plain() for key, child in self.value.items()}
        return [child.plain() for child in self.value] if self.sequence else self.value

    def placed(self, address: Address = TOP) -> Node:
        """The same tree, in which every node knows its address."""
        value = self.value
        if self.mapping:
            value = {key: child.placed(address / key) for key, child in value.items()}
        elif self.sequence:
            value = [child.placed(address / index) for index, child in enumerate(value)]
        return Node(value, self.file, self.line, address)

    def walk(self) -> Iterator[Node]:
        """It and all nodes below."""
        yield self
        for _, child in self.children():
            yield from child.walk()


def item_number(word: str) -> int | None:
    """The number of an item that a part of a path is, if it is one."""
    return int(word) if word.isdecimal() and word.isascii() and len(word) < 7 else None


def item_meant(word: str, count: int) -> int:
    """Which item of a list a part of a path means; the only item of a list needs no number.

    Raises:
        ValueError: there is none.
    """
    number = item_number(word)
    if number is not None and number < count:
        return number
    if count == 1 and not word.isdecimal():
        return 0
    expected = f"its number, 0 to {count - 1}" if count else "an item"
    raise ValueError(f"found {show(word)} on a list of {count}, expected {expected}")


def read_decimals(text: str) -> int | Decimal:
    """A plain decimal number, with the digits that it is written with."""
    return Decimal(text) if "." in text else int(text)


def parse(
    source: str | bytes, file: str, address: Address = TOP, *, numbered: bool = True
) -> tuple[Node, list[Fault]]:
    """Read one document.

    Args:
        source: the text, or its bytes in UTF-8.
        file: its name in messages.
        address: where the value will stand, when it is a part of a scenario.
        numbered: whether lines mean anything (not in a word of the command line).

    Returns:
        the tree, and what was wrong but did not keep it from being read; such nodes hold ``BROKEN`` or what
        could be read.

    Raises:
        ScenarioError: it cannot be read at all: too big, no text, no YAML, empty, several documents, too
            deep, too many values.
    """
    composer = _Composer(file, address, numbered)
    text = _decoded(source, composer)
    try:
        return composer.document(yaml.parse(text, Loader=Loader)), composer.faults
    except yaml.MarkedYAMLError as error:
        composer.stop(*explained(error, text.splitlines()))
    except yaml.YAMLError:
        composer.stop(1, "found text that is no YAML, expected keys with values, such as 'title: ...'")


class _Composer:
    """Builds the tree from events, and notes what it refuses."""

    def __init__(self, file: str, address: Address, numbered: bool) -> None:
        self.file, self.address, self.numbered = file, address, numbered
        self.faults: list[Fault] = []
        self.nodes = 0

    def note(self, line: int, message: str, address: Address | None = None) -> None:
        place = self.address if address is None else address
        self.faults.append(Fault(self.file, line if self.numbered else None, str(place), message))

    def stop(self, line: int, message: str) -> NoReturn:
        self.note(line, message)
        raise ScenarioError(self.faults)

    def document(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.stop(_line(event), "found a second document, expected one; remove the line '---'")
                root = self.node(next(events), events, self.address, _line(event))
        part = bool(self.address)
        if root is None and part:
            self.stop(1, "found no value; write null to remove it")
        if root is None or (root.value is None and not part):
            self.stop(1, "found an empty file, expected a scenario")
        return root

    def node(self, event: Any, events: Iterator[Any], address: Address, line: int) -> Node:
        self.nodes += 1
        if self.nodes > FILE_VALUES.most:
            self.stop(line, f"found more than {FILE_VALUES.most:,} values, expected fewer")
        if len(address) - len(self.address) > FILE_LEVELS.most:
            self.stop(_line(event), f"found more than {FILE_LEVELS.most} levels of nesting, expected fewer")
        self.refuse(event, address)
        value: Any
        if isinstance(event, yaml.MappingStartEvent):
            value = self.mapping(events, address, bool(event.flow_style))
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                value.append(self.node(item, events, address / len(value), _line(item)))
        else:
            value = BROKEN if isinstance(event, yaml.AliasEvent) else self.scalar(event, address)
        return Node(value, self.file, line if self.numbered else None)

    def refuse(self, event: Any, address: Address) -> None:
        if isinstance(event, yaml.AliasEvent):
            what = f"the alias {show(f'*{event.anchor}')}"
        elif event.anchor is not None:
            what = f"the anchor {show(f'&{event.anchor}')}"
        elif event.tag is not None:
            what = f"the tag {show(event.tag.replace('tag:yaml.org,2002:', '!!'))}"
        else:
            return
        message = f"found {what}, expected a plain value; write it out, or quote it if it is text"
        self.note(_line(event), message, address)

    def mapping(self, events: Iterator[Any], address: Address, flow: bool) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            key = self.key(event, events, address)
            value = next(events)
            child = self.node(value, events, address / key, line)
            if key == "<<" and _is_unquoted(event):
                hint = "expected a key with a value; write the keys out, or use extends"
                self.note(line, f"found a merge key <<, {hint}", address)
            elif key in entries:
                hint = f"expected it once; it is on line {lines[key]} already"
                self.note(line, f"found the key {show(key)} again, {hint}", address / key)
            elif flow and _is_bare(value) and (message := _cut_number(entries, key)):
                last = next(reversed(entries))
                self.note(lines[last], message, address / last)
                entries[last] = Node(BROKEN, self.file, entries[last].line)
            elif isinstance(event, yaml.ScalarEvent):
                entries[key], lines[key] = child, line
        return entries

    def key(self, event: Any, events: Iterator[Any], address: Address) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self.refuse(event, address)
            return str(event.value)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, address)
        else:
            node = self.node(event, events, address / "?", _line(event))
            self.note(_line(event), f"found {show(node.value)} as a key, expected a text", address)
        return "?"

    def scalar(self, event: Any, address: Address) -> Any:
        text = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not _NUMBER.fullmatch(text):
            return text
        if len(text) > DIGITS.most:
            message = f"found a number of {len(text)} digits, expected at most {DIGITS.most}"
            self.note(_line(event), message, address)
            return BROKEN
        return read_decimals(text)


def _is_unquoted(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and bool(event.implicit[0])


def _is_bare(value: Any) -> bool:
    """Whether nothing is written as a value, not even a word."""
    return _is_unquoted(value) and not value.value


def _cut_number(entries: dict[str, Node], key: str) -> str:
    """What is wrong with ``{value: 690,8}``: YAML ends the number at the comma, and the rest is a key."""
    before = entries[next(reversed(entries))].value if entries else None
    text = f"{before},{key}"
    if type(before) is not int or not (hint := marked(text)):
        return ""
    return f"found {text}, expected a number{hint}"


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _decoded(source: str | bytes, composer: _Composer) -> str:
    """The text, if it is text.

    Raises:
        ScenarioError: too many bytes, no UTF-8, or characters that no text has.
    """
    if len(source) > FILE_BYTES.most:
        limit = f"{FILE_BYTES.most // 1_000_000} MB"
        composer.stop(1, f"found more than {limit}, expected a scenario file of a few kB")
    try:
        text = source.encode().decode() if isinstance(source, str) else source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = f"0x{error.object[error.start]:02x}"
        composer.stop(line, f"found the byte {byte}, expected text in UTF-8; save it as a UTF-8 text file")
    except UnicodeEncodeError as error:
        line = error.object[: error.start].count("\n") + 1
        composer.stop(line, "found half a character, expected text in UTF-8")
    text = text.removeprefix("\ufeff")
    if strange := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        character = strange.group()
        hidden = (
            "a line break that editors do not show; delete it, or write it as it stands here in double quotes"
        )
        other = "expected a text file; is it of another kind?"
        reason = hidden if character in _HIDDEN_BREAKS else other
        composer.stop(line, f"found the character {character!r}, {reason}")
    return text
