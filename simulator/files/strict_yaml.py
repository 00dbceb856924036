"""The part of YAML that scenario files may use: text -> a tree of nodes that know their file and line.

Mappings, lists and scalars, and nothing that surprises: quoted is text; unquoted ``true``, ``false``, ``null`` and plain
decimal numbers are what they look like; the rest is text (``NO``, ``0690``, ``1e3``, ``.nan``, ``2018-09``). Aliases, anchors,
tags, merge keys, second documents and duplicate keys are refused. The tree is built from the parser's flat stream of events,
never by PyYAML's composer, which crashes the process on deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from simulator.errors import Fault, ScenarioError
from simulator.values.address import Path, dotted
from simulator.values.wording import marked, show

MOST_BYTES = 2_000_000
MOST_NODES = 100_000
DEEPEST = 20
MOST_DIGITS = 30
BROKEN = object()  # the value of a node that has been reported already
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TIGHT = re.compile(r"\s*(?:- )?(\w[\w-]*:[^\s/][^:]*)$")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: a mapping and a list hold nodes, a scalar is text, a bool, an int, a Decimal or None."""

    value: Any
    file: str
    line: int | None
    path: Path = ()

    @property
    def mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.value, dict)

    @property
    def sequence(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.value, list)

    def children(self) -> Iterator[tuple[str | int, Node]]:
        """Its keys or numbers, each with the node below."""
        if self.mapping:
            yield from self.value.items()
        elif self.sequence:
            yield from enumerate(self.value)

    def plain(self) -> Any:
        """The value without places."""
        if self.mapping:
            return {key: child.plain() for key, child in self.value.items()}
        return [child.plain() for child in self.value] if self.sequence else self.value

    def placed(self, path: Path = ()) -> Node:
        """The same tree, in which every node knows its path."""
        value = self.value
        if self.mapping:
            value = {key: child.placed((*path, key)) for key, child in value.items()}
        elif self.sequence:
            value = [child.placed((*path, index)) for index, child in enumerate(value)]
        return Node(value, self.file, self.line, path)

    def walk(self) -> Iterator[Node]:
        """It and all nodes below."""
        yield self
        for _, child in self.children():
            yield from child.walk()


def parse(
    source: str | bytes, file: str, path: Path = (), *, numbered: bool = True
) -> tuple[Node, list[Fault]]:
    """Read one document.

    Args:
        source: the text, or its bytes in UTF-8.
        file: its name in messages.
        path: where the value will stand, when it is a part of a scenario.
        numbered: whether lines mean anything (not in a word of the command line).

    Returns:
        the tree, and what was wrong but did not keep it from being read; such nodes hold ``BROKEN`` or what could be read.

    Raises:
        ScenarioError: it cannot be read at all: too big, no text, no YAML, empty, several documents, too deep, too many values.
    """
    composer = _Composer(file, path, numbered)
    text = _decoded(source, composer)
    try:
        return composer.document(yaml.parse(text, Loader=Loader)), composer.faults
    except yaml.MarkedYAMLError as error:
        composer.stop(*_syntax(error, text.splitlines()))
    except yaml.YAMLError:
        composer.stop(1, "found text that is no YAML, expected keys with values, such as 'title: ...'")


class _Composer:
    """Builds the tree from events, and notes what it refuses."""

    def __init__(self, file: str, path: Path, numbered: bool) -> None:
        self.file, self.path, self.numbered = file, path, numbered
        self.faults: list[Fault] = []
        self.nodes = 0

    def note(self, line: int, message: str, path: Path | None = None) -> None:
        place = self.path if path is None else path
        self.faults.append(Fault(self.file, line if self.numbered else None, dotted(place), message))

    def stop(self, line: int, message: str) -> NoReturn:
        self.note(line, message)
        raise ScenarioError(self.faults)

    def document(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.stop(_line(event), "found a second document, expected one; remove the line '---'")
                root = self.node(next(events), events, self.path, _line(event))
        if root is None or (root.value is None and not self.path):
            self.stop(
                1,
                "found an empty file, expected a scenario"
                if not self.path
                else "found no value; write null to remove it",
            )
        return root

    def node(self, event: Any, events: Iterator[Any], path: Path, line: int) -> Node:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.stop(line, f"found more than {MOST_NODES:,} values, expected fewer")
        if len(path) - len(self.path) > DEEPEST:
            self.stop(_line(event), f"found more than {DEEPEST} levels of nesting, expected fewer")
        self.refuse(event, path)
        value: Any
        if isinstance(event, yaml.MappingStartEvent):
            value = self.mapping(events, path, bool(event.flow_style))
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                value.append(self.node(item, events, (*path, len(value)), _line(item)))
        else:
            value = BROKEN if isinstance(event, yaml.AliasEvent) else self.scalar(event, path)
        return Node(value, self.file, line if self.numbered else None)

    def refuse(self, event: Any, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent):
            found = f"the alias {show(f'*{event.anchor}')}"
        elif event.anchor is not None:
            found = f"the anchor {show(f'&{event.anchor}')}"
        elif event.tag is not None:
            found = f"the tag {show(event.tag.replace('tag:yaml.org,2002:', '!!'))}"
        else:
            return
        self.note(
            _line(event),
            f"found {found}, expected a plain value; write it out, or quote it if it is text",
            path,
        )

    def mapping(self, events: Iterator[Any], path: Path, flow: bool) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        last: str | None = None
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            key = self.key(event, events, path)
            value = next(events)
            bare = (
                isinstance(value, yaml.ScalarEvent) and value.value == "" and value.implicit[0]
            )  # not even a word
            child = self.node(value, events, (*path, key), line)
            if event.__class__ is yaml.ScalarEvent and key == "<<" and event.implicit[0]:
                self.note(
                    line,
                    "found a merge key <<, expected a key with a value; write the keys out, or use extends",
                    path,
                )
            elif key in entries:
                self.note(
                    line,
                    f"found the key {show(key)} again, expected it once; it is on line {lines[key]} already",
                    (*path, key),
                )
            elif flow and bare and last is not None and (hint := _cut(entries[last], key)):
                self.note(lines[last], hint, (*path, last))
                entries[last] = Node(BROKEN, self.file, entries[last].line)
            elif isinstance(event, yaml.ScalarEvent):
                entries[key], lines[key] = child, line
                last = key
        return entries

    def key(self, event: Any, events: Iterator[Any], path: Path) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self.refuse(event, path)
            return str(event.value)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, path)
        else:
            found = self.node(event, events, (*path, "?"), _line(event))
            self.note(_line(event), f"found {show(found.value)} as a key, expected a text", path)
        return "?"

    def scalar(self, event: Any, path: Path) -> Any:
        text = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not _NUMBER.fullmatch(text):
            return text
        if len(text) > MOST_DIGITS:
            self.note(
                _line(event), f"found a number of {len(text)} digits, expected at most {MOST_DIGITS}", path
            )
            return BROKEN
        return Decimal(text) if "." in text else int(text)


def _cut(before: Node, key: str) -> str:
    """What is wrong with ``{value: 690,8}``, where YAML ends the number at the comma and takes the rest for a key without a value."""
    whole = f"{before.value},{key}"
    if type(before.value) is not int or not (hint := marked(whole)):
        return ""
    return f"found {whole}, expected a number{hint}"


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _decoded(source: str | bytes, composer: _Composer) -> str:
    """The text, if it is text.

    Raises:
        ScenarioError: too many bytes, no UTF-8, or characters that no text has.
    """
    if len(source) > MOST_BYTES:
        composer.stop(
            1, f"found more than {MOST_BYTES // 1_000_000} MB, expected a scenario file of a few kB"
        )
    try:
        text = source.encode().decode() if isinstance(source, str) else source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        composer.stop(
            line,
            f"found the byte 0x{error.object[error.start]:02x}, expected text in UTF-8; save it as a UTF-8 text file",
        )
    except UnicodeEncodeError as error:
        composer.stop(
            error.object[: error.start].count("\n") + 1, "found half a character, expected text in UTF-8"
        )
    text = text.removeprefix("\ufeff")
    if strange := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        composer.stop(
            line, f"found the character {strange.group()!r}, expected a text file; is it of another kind?"
        )
    return text


# PyYAML's C and Python parsers word the same problem differently; the first that matches speaks
_PROBLEMS: tuple[tuple[str, str], ...] = (
    ("nesting depth", f"found more than {DEEPEST} levels of nesting, expected fewer"),
    ("tab character", "found a tab, expected spaces in front of a line"),
    (
        "mapping values",
        "found a second ': ' or a line indented too far; put texts that hold ': ' in quotes, and line up the keys",
    ),
    ("expected ',' or ']'", "found no closing ] for the [ of line {context}"),
    ("expected ',' or '}'", "found no closing }} for the {{ of line {context}"),
    ("unexpected end of stream", "found no closing quote for the one of line {context}"),
    (
        "could not find expected ':'",
        "found no ': ' after {first}, expected a key with a value; a colon needs a space after it",
    ),
    ("document start", "found more after the end of the document ('...'), expected one document"),
    ("escape", "found a backslash that means nothing in double quotes; use single quotes, or write it twice"),
    ("alphabetic or numeric", "found {char} at the start of a value; put it in quotes if it is text"),
    ("cannot start any token", "found {char} at the start of a value; put it in quotes if it is text"),
    ("undefined tag handle", "found a tag, expected a value; remove it, or quote it if it is text"),
    ("incompatible", "found a %YAML line, expected none; remove it"),
    ("node content", "found {char} where a value should stand, or a bracket that is never closed"),
    (
        "block end",
        "found {char} out of place; line up the keys, and put the whole text in quotes if only a part of it is",
    ),
    (
        "expected key",
        "found {char} out of place; line up the keys, and put the whole text in quotes if only a part of it is",
    ),
    ("'-' indicator", "found {char} among the items of a list, expected '- '"),
    ("comment or line break", "found text behind | or >, expected it on the next lines"),
    ("chomping", "found text behind | or >, expected it on the next lines"),
)


def _syntax(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[int, str]:
    """The line and a gentle message for a syntax error."""
    mark = error.problem_mark or error.context_mark
    number, column = (mark.line, mark.column) if mark else (0, 0)
    context = error.context_mark.line if error.context_mark else number
    problem = error.problem or ""
    if "unexpected end" in problem or "could not find" in problem:
        number = context
    text = lines[number] if number < len(lines) else ""
    if "\t" in text[: len(text) - len(text.lstrip())]:
        problem = "tab character"
    for near in (number, number - 1) if "mapping values" in problem else ():
        if 0 <= near < len(lines) and (match := _TIGHT.match(lines[near])):
            return near + 1, f"found {show(match[1])}, expected a space after the colon"
    char = show(text[column]) if column < len(text) else "the end of the line"
    message = next(
        (message for needle, message in _PROBLEMS if needle in problem), "found text that is no YAML"
    )
    return number + 1, message.format(context=context + 1, char=char, first=show(text.strip()))
