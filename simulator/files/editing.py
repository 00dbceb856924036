"""Change values in the text of a scenario file, and leave every other byte of it alone: comments, quotes, indents, line ends.

New values are spliced in at the marks of YAML's events, because libraries that write YAML back keep neither quotes nor indents. What
is written is read again and compared with what was meant, so the answer is right or there is none. Only YAML is known
here: whether the outcome is a scenario is for ``loading`` to say.
"""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any, get_origin

import yaml

from simulator.errors import Fault, ScenarioError
from simulator.files.loading import layered
from simulator.files.strict_yaml import MOST_DIGITS, Loader, Node, parse
from simulator.files.validating import shape_at
from simulator.values.address import Path as Place
from simulator.values.units import PERCENT_PATTERN, digits
from simulator.values.wording import show

WIDTH = 150
_GONE = object()  # stands in a new tree where something is taken out

_BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_GAP = re.compile(f"(?:[ \t\ufeff{_BREAKS}]+|#[^{_BREAKS}]*)*")
_COMMENT = re.compile(f"(?:\r\n|[{_BREAKS}])(?P<indent> *)[ \t]*#[^{_BREAKS}]*")
_REST = re.compile(f"[ \t]*,?[ \t]*(?:#[^{_BREAKS}]*)?(?=[{_BREAKS}])")
_BLANK_END = re.compile(f"(?:[ \t]*(?:\r\n|[{_BREAKS}]))+\\Z")
_STRANGE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WORDS = re.compile(r"[^\W\d_](?:[^:#]*[^:#\s])?")
_FIGURES = re.compile(rf"{PERCENT_PATTERN}|\d{{4}}(?:-|\.\.)[\dQ.-]*[\d]", re.ASCII)
_NUMBERED = re.compile(r"[\d.]+%?", re.ASCII)
_READ_ELSEWHERE = {
    "true",
    "false",
    "null",
    "yes",
    "no",
    "on",
    "off",
}  # by other readers of YAML, if not by ours


def edited(text: str, changes: Mapping[str, object | None], name: str) -> str:
    """The text of a scenario with some values changed in place.

    Args:
        text: the scenario as it stands.
        changes: dotted path -> new value, with the paths of ``--set``. A value is text, a number, true or false, a list or a mapping, and
            stands in whole for the old one; missing parents are added. None removes; in a file that extends another it is
            written as ``null``, which removes what is below as well.
        name: the scenario's name in messages.

    Raises:
        ScenarioError: the text is no strict YAML, a path leads nowhere, a value has no written form, or the layout is one in which
            the change cannot be made.
    """
    tree, faults = parse(text, name)
    if faults or not tree.mapping:
        raise ScenarioError(
            faults
            or [
                Fault(
                    name, tree.line, "", "found no mapping, expected keys with values, such as 'title: ...'"
                )
            ]
        )
    old = tree.plain()
    new = _applied(old, changes, tree)
    written = _respelled(text, old, new, name)
    if written is None:
        culprits = [
            path
            for path, value in changes.items()
            if _respelled(text, old, _applied(old, {path: value}, tree), name) is None
        ]
        raise ScenarioError([_unspliced(tree, path) for path in culprits or list(changes)])
    return written


def standalone(text: str | bytes, name: str, file: Path | None = None) -> str:
    """The text of a scenario merged with all that it extends: the lowest file's text, with what lies over it edited in.

    Args:
        text: the scenario; without ``extends`` it comes back unchanged.
        name: its name in messages.
        file: where it stands, for ``extends`` with a path relative to it; left out, it can extend ``shipped:NAME`` only.

    Raises:
        ScenarioError: with all faults of the files, or because the lowest one has a layout that cannot be edited.
    """
    tree, lowest = layered(text, name, file)
    below = lowest if isinstance(lowest, str) else lowest.decode()
    if lowest is text:
        return below
    base, _ = parse(below, tree.file)
    written = _respelled(below, base.plain(), _overlaid(tree, tree.file), tree.file)
    if written is None:
        message = f"found a layout into which {name} cannot be merged, expected lines such as 'key: value', the last one ended"
        raise ScenarioError([Fault(tree.file, None, "", message)])
    return written


# What is meant: the new tree


@dataclass(frozen=True, slots=True)
class _Whole:
    """A value that stands in whole for what was at its place."""

    value: Any


def _applied(old: Any, changes: Mapping[str, object | None], tree: Node) -> Any:
    """The plain tree with the changes in it.

    Raises:
        ScenarioError: a path leads nowhere, or a value has no written form.
    """
    new, faults = old, []
    for path, value in changes.items():
        parts = path.split(".")
        try:
            if not all(parts):
                raise ValueError(f"found {show(path)}, expected a path such as levers.assembly.count")
            new = _put(new, parts, value, (), old.get("extends") is not None)
        except ValueError as error:
            faults.append(Fault(tree.file, _nearest(tree, path).line, path, str(error)))
    if faults:
        raise ScenarioError(faults)
    return new


def _put(tree: Any, parts: list[str], value: object, done: Place, overlay: bool) -> Any:
    """What stands at a place, with a value below it changed; ``overlay``: a null there removes what is below.

    Raises:
        ValueError: the path leads nowhere, or the value has no written form.
    """
    if not parts:
        return (None if overlay else _GONE) if value is None else _Whole(_normal(value, _plain(tree)))
    if isinstance(tree, _Whole):
        return _Whole(_plain(_put(tree.value, parts, value, done, overlay)))
    part = parts[0]
    if isinstance(tree, list):
        index = _index(tree, part)
        item = _put(tree[index], parts[1:] if part.isdecimal() else parts, value, (*done, index), False)
        return [*tree[:index], item, *tree[index + 1 :]]
    if tree is None and overlay:
        raise ValueError(f"found {show(part)} below a null, which removes it; set it whole")
    if tree is not None and tree is not _GONE and not isinstance(tree, dict):
        raise ValueError(f"found {show(part)} below {show(tree)}, which has no parts; set it whole")
    entries = tree if isinstance(tree, dict) else {}
    if part == "0" and part not in entries and get_origin(shape_at(Node(None, "", None), done)) is tuple:
        return _put(tree, parts[1:], value, done, overlay)  # a list of one item, written as a mapping
    below = _put(entries.get(part, _GONE), parts[1:], value, (*done, part), overlay)
    if below is not _GONE:
        return {**entries, part: below}
    return {key: child for key, child in entries.items() if key != part} if part in entries else tree


def _index(items: list[Any], part: str) -> int:
    """The number of a list's item; the one item of a list needs none."""
    if part.isdecimal() and part.isascii() and len(part) < 7 and int(part) < len(items):
        return int(part)
    if len(items) == 1 and not part.isdecimal():
        return 0
    raise ValueError(
        f"found {show(part)} on a list of {len(items)}, expected {f'its number, 0 to {len(items) - 1}' if items else 'an item'}"
    )


def _normal(value: object, old: Any = None) -> Any:
    """A value as the strict reader gives it back; a number that is equal to the old one keeps its digits.

    Raises:
        ValueError: it has no written form.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        before = old if isinstance(old, dict) else {}
        return {
            key: _normal(item, before.get(key))
            for key, item in ((_key_of(key), item) for key, item in value.items())
        }
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    text = _number(value)
    new = Decimal(text) if "." in text else int(text)
    same = (
        isinstance(value, float)
        and isinstance(old, int | Decimal)
        and not isinstance(old, bool)
        and old == new
    )
    return old if same else new


def _number(value: object) -> str:
    """A number in plain decimals."""
    if isinstance(value, Decimal) and value.is_finite():
        text = format(value, "f")
    elif isinstance(value, Integral):
        text = str(int(value))
    elif isinstance(value, Real) and math.isfinite(value):
        text = digits(float(value))
    else:
        raise ValueError(
            f"found {show(value)}, expected text, a finite number, true, false, a list or a mapping"
        )
    if len(text) > MOST_DIGITS:
        raise ValueError(f"found a number of {len(text)} digits, expected at most {MOST_DIGITS}")
    return text


def _key_of(key: object) -> str:
    return key if isinstance(key, str) else _number(key)


def _overlaid(node: Node, file: str) -> Any:
    """A merged tree as a change of the file at its bottom: what another file holds stands there whole."""
    if node.file != file:
        return _Whole(node.plain())
    return {key: _overlaid(child, file) for key, child in node.children()} if node.mapping else node.plain()


def _plain(tree: Any) -> Any:
    """A new tree without its marks."""
    if isinstance(tree, _Whole):
        return _plain(tree.value)
    if isinstance(tree, dict):
        return {key: _plain(child) for key, child in tree.items()}
    return [_plain(child) for child in tree if child is not _GONE] if isinstance(tree, list) else tree


def _nearest(tree: Node, path: str) -> Node:
    """The last node on the way along a path."""
    node = tree
    for part in path.split("."):
        child = dict(node.children()).get(int(part) if node.sequence and part.isdecimal() else part)
        if child is None:
            break
        node = child
    return node


def _unspliced(tree: Node, path: str) -> Fault:
    message = "found a layout in which this cannot be changed, expected lines such as 'key: value', the last one ended; change it by hand"
    return Fault(tree.file, _nearest(tree, path).line, path, message)


# Where things stand: spans


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a value stands in a text, from its first character to behind its last (comments and blank lines do not count)."""

    start: int
    end: int
    column: int
    flow: bool = False
    brackets: bool = False  # [a: 1] holds a mapping in flow style without any
    quotes: str | None = None
    entries: Mapping[str | int, _Entry] | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key or an item's dash, and its value; ``after`` is where the colon or dash ends, or None where there is no colon."""

    start: int
    after: int | None
    value: _Span


def _span(event: Any, events: Iterator[Any], text: str) -> _Span:
    """Where a value stands, read off its events; the strict reader has seen them before, so the nesting is not deep."""
    start, column = event.start_mark.index, event.start_mark.column
    if isinstance(event, yaml.ScalarEvent):
        return _Span(
            start, _scalar_end(event, text), column, quotes=event.style if event.style in ("'", '"') else None
        )
    entries: dict[str | int, _Entry] = {}
    end = start
    item: Any = next(events)
    while not isinstance(item, yaml.CollectionEndEvent):
        if isinstance(event, yaml.MappingStartEvent):
            colon = _GAP.match(text, item.end_mark.index).end()  # type: ignore[union-attr]
            after = colon + 1 if text[colon : colon + 1] == ":" else None
            value = _span(next(events), events, text)
            entries[item.value] = _Entry(item.start_mark.index, after, value)
        else:
            first = item.start_mark.index if event.flow_style else _GAP.match(text, end).end()  # type: ignore[union-attr]
            value = _span(item, events, text)
            entries[len(entries)] = _Entry(first, first if event.flow_style else first + 1, value)
        end = value.end
        item = next(events)
    brackets = event.flow_style and text[start] in "{["
    end = item.end_mark.index if brackets else end  # type: ignore[union-attr]
    return _Span(start, end, column, event.flow_style, brackets, None, entries)


def _scalar_end(event: Any, text: str) -> int:
    start, end = event.start_mark.index, event.end_mark.index
    if event.style not in ("|", ">"):
        return int(end)
    blank = _BLANK_END.search(text, start, end)
    if blank is None:
        return int(end)
    kept = "+" in text[start : start + 3]  # then blank lines belong to it, and only the last break goes
    return list(_BREAK.finditer(text, blank.start(), end))[-1].start() if kept else blank.start()


# What is written: splices


def _respelled(text: str, old: Any, new: Any, name: str) -> str | None:
    """The text of one tree changed into that of another, or None where its layout does not allow it."""
    body = text.removeprefix("\ufeff")
    events = yaml.parse(body, Loader=Loader)
    first = next(event for event in events if isinstance(event, yaml.CollectionStartEvent))
    splices = _Splices(body)
    splices.change(_span(first, events, body), old, new, None)
    written = splices.made()
    try:
        tree, faults = parse(written or "", name)
    except ScenarioError:
        return None
    # a text of a tree tells apart what == does not: the order of keys, 610.5 and 610.50, 1 and true
    return (
        None
        if faults or repr(tree.plain()) != repr(_plain(new))
        else text[: len(text) - len(body)] + (written or "")
    )


@dataclass(frozen=True, slots=True)
class _Hold:
    """How a value hangs: its entry, the collection around it, and whether what it holds is in flow style, and whether it is a list."""

    entry: _Entry
    column: int
    flow: bool
    item: bool


class _Splices:
    """Collects the pieces of a text that are to be replaced."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = _BREAK.search(text)
        self.newline = found.group() if found else "\n"
        self.pieces: list[tuple[int, int, str]] = []

    def made(self) -> str | None:
        """The text with all pieces replaced; None where they overlap."""
        parts, done = [], 0
        for start, end, new in sorted(self.pieces, key=lambda piece: piece[:2]):
            if start < done:
                return None
            parts += [self.text[done:start], new]
            done = end
        return "".join([*parts, self.text[done:]])

    def change(self, span: _Span, old: Any, new: Any, hold: _Hold | None) -> None:
        """Turn the value at a span into another."""
        if old is new or repr(old) == repr(plain := _plain(new)):
            return
        whole = isinstance(new, _Whole)
        inner = new.value if isinstance(new, _Whole) else new
        alike = type(old) is type(inner) and isinstance(old, dict if whole else dict | list)
        if (
            span.entries is not None
            and alike
            and (not whole or list(old) == list(inner))
            and self.collection(span, old, inner, whole)
        ):
            return
        if hold is not None:
            self.replace(span, plain, hold)
        else:
            self.put(span.start, span.end, _flow(plain))

    def collection(self, span: _Span, old: Any, new: Any, whole: bool) -> bool:
        """Turn a mapping or list into another entry by entry; False where nothing of it would be left to hold on to."""
        before, after = _by_key(old), _by_key(new)
        kept = _kept(list(before), list(after))
        entries = span.entries or {}
        if (not kept and before) or (span.flow > span.brackets and list(before) != list(after)):
            return False
        for key in kept:
            entry = entries[key]
            below = after[key] if not whole or isinstance(after[key], _Whole) else _Whole(after[key])
            self.change(
                entry.value, before[key], below, _Hold(entry, span.column, span.flow, isinstance(old, list))
            )
        self.remove(span, [key in kept for key in before])
        self.add(
            span,
            [entries[key] for key in kept],
            {key: _plain(value) for key, value in after.items() if key not in kept},
        )
        return True

    def replace(self, span: _Span, new: Any, hold: _Hold) -> None:
        """Write another value at a span."""
        after = hold.entry.after
        if after is None:
            self.put(span.start, span.end, f": {_flow(new)}")
            return
        line = f" {_flow(new, quotes=span.quotes, block=not hold.flow)}"
        head, lines = (
            (line, [])
            if hold.flow or hold.item
            else _laid_out(new, hold.column, after - self.line_start(after), span.quotes)
        )
        below = _BREAK.search(self.text, after, span.start) is not None
        if below and span.entries and not span.flow:
            self.put(after, after, head)
            self.put(self.line_end(after), self.tail(span.end, hold.column + 1), self.joined(lines))
        elif lines:
            self.put(after, span.end, head)
            self.put(self.line_end(span.end), self.line_end(span.end), self.joined(lines))
        else:
            self.put(*((after, after, head) if span.start == span.end else (span.start, span.end, head[1:])))

    def remove(self, span: _Span, kept: list[bool]) -> None:
        """Take entries out."""
        entries = list((span.entries or {}).values())
        index = 0
        while index < len(entries):
            stop = index
            while stop < len(entries) and not kept[stop]:
                stop += 1
            if stop > index:
                self.remove_run(span, entries[index:stop], entries[:index], entries[stop:])
            index = stop + 1

    def remove_run(self, span: _Span, run: list[_Entry], before: list[_Entry], behind: list[_Entry]) -> None:
        """Take out neighbours: their lines where they stand alone on them."""
        alone = all(self.alone(entry, span.brackets) for entry in run)
        if alone:
            for entry in run:
                self.remove_lines(
                    entry,
                    self.line_end(entry.value.end)
                    if span.brackets
                    else self.tail(entry.value.end, span.column + 1),
                )
        elif span.brackets and before:
            self.put(before[-1].value.end, run[-1].value.end, "")
        else:
            self.put(run[0].start, behind[0].start if behind else run[-1].value.end, "")

    def alone(self, entry: _Entry, brackets: bool) -> bool:
        lead = self.text[self.line_start(entry.start) : entry.start]
        return not lead.strip(" ") and (not brackets or _REST.match(self.text, entry.value.end) is not None)

    def remove_lines(self, entry: _Entry, end: int) -> None:
        start = self.line_start(entry.start)
        if start == 0:
            found = _BREAK.match(self.text, end)
            self.put(start, found.end() if found else end, "")
            return
        # the break before goes rather than the one behind, so that what is added behind finds its place
        self.put(start - (2 if self.text[start - 2 : start] == "\r\n" else 1), end, "")

    def add(self, span: _Span, kept: list[_Entry], added: Mapping[str | int, Any]) -> None:
        """Write keys that are not there yet at the end of a mapping."""
        if not added:
            return
        if span.brackets:
            inside = ", ".join(f"{_key(key)}: {_flow(value)}" for key, value in added.items())
            place = kept[-1].value.end if kept else span.start + 1
            self.put(place, place, f", {inside}" if kept else inside)
        else:
            place = self.tail(kept[-1].value.end, max(span.column, 1))
            self.put(place, place, self.joined(_below(dict(added), span.column)))

    def put(self, start: int, end: int, new: str) -> None:
        self.pieces.append((start, end, new))

    def joined(self, lines: list[str]) -> str:
        return "".join(self.newline + line for line in lines)

    def line_start(self, place: int) -> int:
        return max(self.text.rfind(sign, 0, place) for sign in _BREAKS) + 1

    def line_end(self, place: int) -> int:
        found = _BREAK.search(self.text, place)
        return found.start() if found else len(self.text)

    def tail(self, end: int, column: int) -> int:
        """The end of a value's last line, and of the comments on the next ones that are indented at least so far."""
        end = self.line_end(end)
        while (found := _COMMENT.match(self.text, end)) and len(found["indent"]) >= column:
            end = found.end()
        return end


def _by_key(value: Any) -> dict[str | int, Any]:
    return (
        value
        if isinstance(value, dict)
        else {index: item for index, item in enumerate(value) if item is not _GONE}
    )


def _kept(old: list[str | int], new: list[str | int]) -> list[str | int]:
    """The keys that can stay where they are, so that the others, written behind them, end up in the new order."""
    kept: list[str | int] = []
    places = {key: index for index, key in enumerate(old)}
    for key in new:
        if key not in places or (kept and places[key] < places[kept[-1]]):
            break
        kept.append(key)
    return kept


# How a value is written


def _laid_out(value: Any, column: int, used: int, quotes: str | None = None) -> tuple[str, list[str]]:
    """What stands behind the colon of a key at a column, and the lines below it; one line where its width, less what is used, holds it."""
    line = _flow(value, quotes=quotes, block=True)
    if used + 1 + len(line) <= WIDTH and not _holds_mappings(value):
        return f" {line}", []
    if isinstance(value, str) and " ".join(value.split()) == value and not _STRANGE.search(value):
        pad = " " * (column + 2)
        return " >-", textwrap.wrap(
            value,
            WIDTH,
            initial_indent=pad,
            subsequent_indent=pad,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return ("", _below(value, column + 2)) if value and isinstance(value, dict | list) else (f" {line}", [])


def _below(value: Any, column: int) -> list[str]:
    """The lines of a mapping or list at a column."""
    pad = " " * column
    if isinstance(value, list):
        return [f"{pad}- {_flow(item)}" for item in value]
    lines: list[str] = []
    for key, item in value.items():
        start = f"{pad}{_key(key)}:"
        head, below = _laid_out(item, column, len(start))
        lines += [start + head, *below]
    return lines


def _holds_mappings(value: Any) -> bool:
    """Whether it is, or holds, a list of mappings, which is better read one a line."""
    if isinstance(value, dict):
        return any(map(_holds_mappings, value.values()))
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _flow(value: Any, *, quotes: str | None = None, block: bool = False) -> str:
    """A value on one line; ``quotes`` are those that a text had before, ``block``: it does not stand inside brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return _text(value, quotes, block)
    return (
        {None: "null", True: "true", False: "false"}[value]
        if value is None or isinstance(value, bool)
        else _number(value)
    )


def _text(value: str, quotes: str | None, block: bool) -> str:
    strange = _STRANGE.search(value)
    if quotes == "'" and not strange:
        return "'" + value.replace("'", "''") + "'"
    words = (
        _WORDS.fullmatch(value)
        and (block or not re.search(r"[,\[\]{}]", value))
        and value.lower() not in _READ_ELSEWHERE
    )
    if not quotes and not strange and (words or _FIGURES.fullmatch(value)):
        return value
    escaped = json.dumps(value, ensure_ascii=False)
    return _STRANGE.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)


def _key(key: str | int) -> str:
    return str(key) if _NUMBERED.fullmatch(str(key)) else _text(str(key), None, False)
