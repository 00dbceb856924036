"""Where the values of a YAML text stand, read off the marks of its events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from simulator.files.strict_yaml import Loader
from simulator.values.address import Key

BREAKS = "\r\n\x85\u2028\u2029"
BREAK = re.compile(f"\r\n|[{BREAKS}]")
_GAP = re.compile(f"(?:[ \t\ufeff{BREAKS}]+|#[^{BREAKS}]*)*")
_BLANK_END = re.compile(f"(?:[ \t]*(?:\r\n|[{BREAKS}]))+\\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands in a text, from its first character to behind its last.

    Comments and blank lines behind it do not count.
    """

    start: int
    end: int
    column: int
    flow: bool = False
    brackets: bool = False
    quotes: str | None = None
    entries: Mapping[Key, Entry] = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        """Whether it is in flow style without brackets, as is the mapping in ``[a: 1]``."""
        return self.flow and not self.brackets


@dataclass(frozen=True, slots=True)
class Entry:
    """A key or an item's dash, and its value; ``after`` is where the colon or dash ends, if there is one."""

    start: int
    after: int | None
    value: Span


def span_of(text: str) -> Span:
    """Where the mapping or list stands that a text holds.

    The strict reader has read it before, so the nesting is not deep.
    """
    events = yaml.parse(text, Loader=Loader)
    first: Any = next(event for event in events if isinstance(event, yaml.CollectionStartEvent))
    return _span(first, events, text)


def _span(event: Any, events: Iterator[Any], text: str) -> Span:
    start, column = event.start_mark.index, event.start_mark.column
    if isinstance(event, yaml.ScalarEvent):
        quotes = event.style if event.style in ("'", '"') else None
        return Span(start, _scalar_end(event, text), column, quotes=quotes)
    entries: dict[Key, Entry] = {}
    end = start
    while not isinstance(item := next(events), yaml.CollectionEndEvent):
        if isinstance(event, yaml.MappingStartEvent):
            key: Key = item.value
            entries[key] = _pair(item, events, text)
        else:
            key = len(entries)
            entries[key] = _item(item, events, text, None if event.flow_style else end)
        end = entries[key].value.end
    brackets = event.flow_style and text[start] in "{["
    end = _end(item) if brackets else end
    return Span(start, end, column, event.flow_style, brackets, None, entries)


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def _pair(key: Any, events: Iterator[Any], text: str) -> Entry:
    """A key and its value."""
    colon = _behind_gap(text, _end(key))
    after = colon + 1 if text[colon : colon + 1] == ":" else None
    return Entry(key.start_mark.index, after, _span(next(events), events, text))


def _item(event: Any, events: Iterator[Any], text: str, behind: int | None) -> Entry:
    """An item of a list; ``behind`` is where the one before it ends, if dashes lead the items."""
    value = _span(event, events, text)
    if behind is None:
        return Entry(event.start_mark.index, event.start_mark.index, value)
    dash = _behind_gap(text, behind)
    return Entry(dash, dash + 1, value)


def _behind_gap(text: str, place: int) -> int:
    """Where blanks, line breaks and comments end."""
    gap = _GAP.match(text, place)
    return gap.end() if gap else place


def _scalar_end(event: Any, text: str) -> int:
    start, end = event.start_mark.index, _end(event)
    if event.style not in ("|", ">"):
        return end
    blank = _BLANK_END.search(text, start, end)
    if blank is None:
        return end
    if "+" in text[start : start + 3]:  # blank lines belong to it, and only the last break goes
        return list(BREAK.finditer(text, blank.start(), end))[-1].start()
    return blank.start()
