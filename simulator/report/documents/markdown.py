"""A report as Markdown: headings, lists and tables; of a picture its reading and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.report.documents.blocks import Listing, Picture, Report, Section, Table

_ACTIVE = re.compile(r"([\\`*_\[\]<|])")


def render(report: Report) -> bytes:
    """The report as Markdown, UTF-8; the same report gives the same bytes."""
    parts = [f"# {_plain(report.title)}", _plain(report.subtitle)]
    parts += [f"**{_plain(verdict)}**" for verdict in report.verdicts]
    parts += [_plain(line) for line in report.lines]
    for section in report.sections:
        parts += _section(section)
    parts.append(f"*{_plain(report.stamp)}*")
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * (section.level + 1)} {_plain(section.title)}" if section.title else ""
    for block in section.blocks:
        if isinstance(block, Table):
            yield _plain(block.caption)
            yield from _table(block)
        elif isinstance(block, Listing):
            yield "\n".join(f"- {_plain(item)}" for item in block.items)
        elif isinstance(block, Picture):
            yield _plain(block.reading)
            yield _plain(block.drawing.alt)
        else:
            yield _plain(block)


def _table(block: Table) -> Iterator[str]:
    """Its rows, without spare columns; rows that belong together in a table of their own."""
    heads = [_plain(column.head) for column in block.narrow]
    rules = ["---" if column.form == "text" else "---:" for column in block.narrow]
    for head, rows in block.groups():
        yield f"**{_plain(head)}**" if head else ""
        lines = (heads, rules, *([_plain(cell) for cell in row] for row in rows))
        yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(text: str) -> str:
    """Text in which nothing is a mark of Markdown, on one line."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))
