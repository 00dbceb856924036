"""The text of one tree turned into that of another: values replaced where they stand, the rest left alone.

New values are spliced in at the marks of YAML's events, because libraries that write YAML back keep neither
quotes nor indents. What is written is read again and compared with what was meant, so the answer is right or
there is none.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from simulator.errors import ScenarioError
from simulator.files.spans import BREAK, BREAKS, Entry, Span, span_of
from simulator.files.strict_yaml import TOP, parse
from simulator.values.address import MISSING, Address, Key
from simulator.values.notation import flow, is_printable, key_text, quoted

WIDTH = 150

_COMMENT = re.compile(f"(?:\r\n|[{BREAKS}])(?P<indent> *)[ \t]*#[^{BREAKS}]*")
_REST = re.compile(f"[ \t]*,?[ \t]*(?:#[^{BREAKS}]*)?(?=[{BREAKS}])")


def spliced(text: str, old: Any, new: Any, replaced: Set[Address], name: str) -> str | None:
    """The text of one tree changed into that of another, or None where its layout does not allow it.

    Args:
        text: the text.
        old: what it holds, plainly.
        new: what it is to hold; ``MISSING`` stands in place of an item that is taken out of a list.
        replaced: the addresses of values that stand in for what was there as one: such a list is written
            anew, and such a mapping as well unless its keys are the same.
        name: of the text in messages.
    """
    body = text.removeprefix("\ufeff")
    splices = _Splices(body, replaced)
    splices.change(span_of(body), old, new, _Slot(TOP))
    written = splices.made() or ""
    try:
        tree, faults = parse(written, name)
    except ScenarioError:
        return None
    # a text of a tree tells apart what == does not: the order of keys, 610.5 and 610.50, 1 and true
    if faults or repr(tree.plain()) != repr(plain(new)):
        return None
    return text[: len(text) - len(body)] + written


def plain(tree: Any) -> Any:
    """A tree without the items that are taken out of its lists."""
    if isinstance(tree, dict):
        return {key: plain(child) for key, child in tree.items()}
    return [plain(child) for child in tree if child is not MISSING] if isinstance(tree, list) else tree


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a value hangs: its address, its key or dash, and column and style of the collection around it.

    ``anew``: it is a part of what stands in for something else as one. At the top there is neither key nor
    dash.
    """

    address: Address
    anew: bool = False
    entry: Entry | None = None
    column: int = 0
    flow: bool = False
    item: bool = False


class _Splices:
    """Collects the pieces of a text that are to be replaced."""

    def __init__(self, text: str, replaced: Set[Address]) -> None:
        self.text = text
        self.replaced = replaced
        first = BREAK.search(text)
        self.newline = first.group() if first else "\n"
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

    def change(self, span: Span, old: Any, new: Any, slot: _Slot) -> None:
        """Turn the value at a span into another."""
        if old is new or repr(old) == repr(wanted := plain(new)):
            return
        anew = slot.anew or slot.address in self.replaced
        if _goes_entry_by_entry(old, new, anew) and self.collection(span, old, new, slot.address, anew):
            return
        if slot.entry is None:
            self.put(span.start, span.end, flow(wanted))
        else:
            self.replace(span, wanted, slot, slot.entry.after)

    def collection(self, span: Span, old: Any, new: Any, address: Address, anew: bool) -> bool:
        """Turn a mapping or list into another by entries; False where nothing would be left to hold on to."""
        before, after = _by_key(old), _by_key(new)
        kept = _kept(list(before), list(after))
        if (before and not kept) or (span.bare and list(before) != list(after)):
            return False
        staying: list[Entry] = []
        for key in kept:
            staying.append(entry := span.entries[key])
            slot = _Slot(address / key, anew, entry, span.column, span.flow, isinstance(old, list))
            self.change(entry.value, before[key], after[key], slot)
        self.remove(span, [key in kept for key in before])
        self.add(span, staying, _added(new, kept))
        return True

    def replace(self, span: Span, new: Any, slot: _Slot, after: int | None) -> None:
        """Write another value at a span, behind the colon or dash that ends at a place."""
        if after is None:
            self.put(span.start, span.end, f": {flow(new)}")
            return
        head, lines = f" {_line(new, span.quotes, block=not slot.flow)}", list[str]()
        if not (slot.flow or slot.item):
            head, lines = _laid_out(new, slot.column, after - self.line_start(after), span.quotes)
        stands_below = BREAK.search(self.text, after, span.start) is not None
        if stands_below and span.entries and not span.flow:
            self.put(after, after, head)
            self.put(self.line_end(after), self.tail(span.end, slot.column + 1), self.joined(lines))
        elif lines:
            self.put(after, span.end, head)
            self.put(self.line_end(span.end), self.line_end(span.end), self.joined(lines))
        elif span.start == span.end:
            self.put(after, after, head)
        else:
            self.put(span.start, span.end, head[1:])

    def remove(self, span: Span, kept: list[bool]) -> None:
        """Take entries out."""
        entries = list(span.entries.values())
        index = 0
        while index < len(entries):
            stop = index
            while stop < len(entries) and not kept[stop]:
                stop += 1
            if stop > index:
                self.remove_run(span, entries[index:stop], entries[:index], entries[stop:])
            index = stop + 1

    def remove_run(self, span: Span, run: list[Entry], before: list[Entry], behind: list[Entry]) -> None:
        """Take out neighbours: their lines where they stand alone on them."""
        if all(self.alone(entry, span.brackets) for entry in run):
            for entry in run:
                end = entry.value.end
                self.remove_lines(
                    entry, self.line_end(end) if span.brackets else self.tail(end, span.column + 1)
                )
        elif span.brackets and before:
            self.put(before[-1].value.end, run[-1].value.end, "")
        else:
            self.put(run[0].start, behind[0].start if behind else run[-1].value.end, "")

    def alone(self, entry: Entry, brackets: bool) -> bool:
        """Whether nothing else stands on the lines of an entry."""
        lead = self.text[self.line_start(entry.start) : entry.start]
        return not lead.strip(" ") and (not brackets or _REST.match(self.text, entry.value.end) is not None)

    def remove_lines(self, entry: Entry, end: int) -> None:
        """Take out the lines from an entry's first up to a place, with one break."""
        start = self.line_start(entry.start)
        if start == 0:
            following = BREAK.match(self.text, end)
            self.put(start, following.end() if following else end, "")
            return
        # the break before goes rather than the one behind, so that what is added behind finds its place
        self.put(start - (2 if self.text[start - 2 : start] == "\r\n" else 1), end, "")

    def add(self, span: Span, kept: list[Entry], added: dict[Key, Any] | list[Any]) -> None:
        """Write keys that are not there yet at the end of a mapping, or items at the end of a list."""
        if not added:
            return
        if span.brackets:
            inside = flow(added)[1:-1]
            place = kept[-1].value.end if kept else span.start + 1
            self.put(place, place, f", {inside}" if kept else inside)
        else:
            place = self.tail(kept[-1].value.end, max(span.column, 1))
            self.put(place, place, self.joined(_below(added, span.column)))

    def put(self, start: int, end: int, new: str) -> None:
        """Replace a piece."""
        self.pieces.append((start, end, new))

    def joined(self, lines: Iterable[str]) -> str:
        """Lines, each behind a break."""
        return "".join(self.newline + line for line in lines)

    def line_start(self, place: int) -> int:
        """Where the line begins on which a place is."""
        return max(self.text.rfind(sign, 0, place) for sign in BREAKS) + 1

    def line_end(self, place: int) -> int:
        """Where the line ends on which a place is."""
        following = BREAK.search(self.text, place)
        return following.start() if following else len(self.text)

    def tail(self, end: int, column: int) -> int:
        """The end of a value's last line, and of comments on the next ones that are indented so far."""
        end = self.line_end(end)
        while (comment := _COMMENT.match(self.text, end)) and len(comment["indent"]) >= column:
            end = comment.end()
        return end


def _goes_entry_by_entry(old: Any, new: Any, anew: bool) -> bool:
    """Whether a collection may be turned into another key by key, or item by item."""
    if type(old) is not type(new):
        return False
    if anew:
        return isinstance(old, dict) and list(old) == list(new)
    return isinstance(old, dict | list)


def _by_key(value: Any) -> dict[Key, Any]:
    if isinstance(value, dict):
        return value
    return {index: item for index, item in enumerate(value) if item is not MISSING}


def _added(new: Any, kept: list[Key]) -> dict[Key, Any] | list[Any]:
    """The keys of a mapping, or items of a list, that are not kept from before."""
    added = {key: plain(value) for key, value in _by_key(new).items() if key not in kept}
    return list(added.values()) if isinstance(new, list) else added


def _kept(old: list[Key], new: list[Key]) -> list[Key]:
    """The keys that can stay where they are: the others, written behind them, end up in the new order."""
    kept: list[Key] = []
    places = {key: index for index, key in enumerate(old)}
    for key in new:
        if key not in places or (kept and places[key] < places[kept[-1]]):
            break
        kept.append(key)
    return kept


# How a value is laid out


def _laid_out(value: Any, column: int, used: int, quotes: str | None = None) -> tuple[str, list[str]]:
    """What stands behind the colon of a key at a column, and the lines below it.

    All on one line where its width, less what is used, holds it.
    """
    line = _line(value, quotes, block=True)
    if used + 1 + len(line) <= WIDTH and not _holds_mappings(value):
        return f" {line}", []
    if isinstance(value, str) and " ".join(value.split()) == value and is_printable(value):
        return " >-", _folded(value, column + 2)
    if value and isinstance(value, dict | list):
        return "", _below(value, column + 2)
    return f" {line}", []


def _folded(text: str, column: int) -> list[str]:
    """The lines of a text at a column, broken at its blanks."""
    pad = " " * column
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=pad,
        subsequent_indent=pad,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _below(value: Any, column: int) -> list[str]:
    """The lines of a mapping or list at a column."""
    pad = " " * column
    if isinstance(value, list):
        return [f"{pad}- {flow(item)}" for item in value]
    lines: list[str] = []
    for key, item in value.items():
        start = f"{pad}{key_text(key)}:"
        head, below = _laid_out(item, column, len(start))
        lines += [start + head, *below]
    return lines


def _holds_mappings(value: Any) -> bool:
    """Whether it is, or holds, a list of mappings, which is better read one a line."""
    if isinstance(value, dict):
        return any(map(_holds_mappings, value.values()))
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _line(value: Any, quotes: str | None, *, block: bool) -> str:
    """A value on one line; a text keeps the quotes that it had, and outside of brackets it needs fewer."""
    return quoted(value, quotes, block=block) if isinstance(value, str) else flow(value)
