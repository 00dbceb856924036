"""A report as PDF: text that can be selected and read aloud, headings as bookmarks, fonts that stand in it.

Typst sets it: it needs no browser and no font of the machine (Libertinus Serif, which it brings, has Latin,
Greek and Cyrillic letters with those of Kazakh and Vietnamese), tags every part as PDF/UA asks, and gives the
same bytes for the same report. fpdf2 tags nothing and brings no font; reportlab tags nothing either. Letters
that Libertinus lacks, such as Chinese ones, come from a font of the machine; such a file claims no PDF/UA.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import singledispatchmethod
from importlib import resources
from typing import Any

import typst

from simulator.report.documents.blocks import Column, Listing, Picture, Report, Section, Table

FORM = resources.files("simulator.report.documents").joinpath("report.typ").read_bytes()
FONT = "Libertinus Serif"
FAMILY = re.compile(r'font-family="[^"]*"')
UNBROKEN = re.compile(r"\S{24}(?=\S)")  # letters after which a longer word may be broken
BREAK = "\u200b"  # where a line may end, though nothing is seen
WIDEST = 46  # characters that a column of text asks for at most
Data = dict[str, Any]


def render(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes."""
    writer = _Writer()
    data = {
        "room": report.room,
        "title": _broken(report.title),
        "subtitle": _broken(report.subtitle),
        "verdicts": [*map(_broken, report.verdicts)],
        "lines": [*map(_broken, report.lines)],
        "sections": [*map(writer.section, report.sections)],
        "stamp": report.stamp,
        "author": report.author,
        "day": [report.date.year, report.date.month, report.date.day] if report.date else None,
    }
    files = {"main.typ": FORM, "report.json": json.dumps(data).encode(), **writer.pictures}
    try:
        return _set(files, machine=False)
    except RuntimeError:  # a letter that its fonts lack
        return _set(files, machine=True)


def _set(files: Any, *, machine: bool) -> bytes:
    """The file that Typst makes; with the fonts of the ``machine``, if need be."""
    standards: list[Any] = [] if machine else ["ua-1"]
    made: bytes = typst.compile(
        files,
        format="pdf",
        font_paths=[],
        ignore_system_fonts=not machine,
        pdf_standards=standards,
        timestamp=0,
    )
    return made


class _Writer:
    """Turns blocks into what the form takes, and keeps the pictures as files of their own."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}

    def section(self, section: Section) -> Data:
        """A section with its blocks."""
        blocks = [self.block(block) for block in section.blocks]
        return {"title": _broken(section.title), "level": section.level, "blocks": blocks}

    @singledispatchmethod
    def block(self, block: object) -> Data:
        """One block: a sentence, where it is none of the others."""
        return {"kind": "text", "text": _broken(str(block))}

    @block.register
    def _(self, block: Listing) -> Data:
        return {"kind": "list", "items": [*map(_broken, block.items)]}

    @block.register
    def _(self, block: Picture) -> Data:
        name = f"figure-{len(self.pictures) + 1}.svg"
        drawn = block.drawing.picture("svg", block.stamp).decode()
        self.pictures[name] = FAMILY.sub(f'font-family="{FONT}"', drawn).encode()
        return {
            "kind": "picture",
            "file": name,
            "alt": block.drawing.alt,
            "reading": _broken(block.reading),
        }

    @block.register
    def _(self, block: Table) -> Data:
        columns = block.narrow
        return {
            "kind": "table",
            "caption": _broken(block.caption),
            "heads": [_broken(column.head) for column in columns],
            "widths": [*_widths(columns)],
            "numbers": [column.form != "text" for column in columns],
            "groups": [
                {"head": _broken(head), "rows": [[*map(_broken, row)] for row in rows]}
                for head, rows in block.groups()
            ],
        }


def _widths(columns: tuple[Column, ...]) -> Iterator[int]:
    """What each column of text takes of the room beside numbers, which take what they need: 0."""
    for column in columns:
        yield min(column.width, WIDEST) if column.form == "text" else 0


def _broken(text: str) -> str:
    """A text whose long words, such as addresses, may be broken."""
    return UNBROKEN.sub(lambda word: word.group() + BREAK, text)
