"""A report as one HTML file that needs nothing else: no script, no outside address, pictures as SVG."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import singledispatchmethod
from importlib import resources

from simulator.report.documents.blocks import Column, Listing, Picture, Report, Section, Table
from simulator.values.wording import escaped

STYLE = resources.files("simulator.report.documents").joinpath("report.css").read_text("utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
ROOM = 80.0  # millimetres of a picture on a printed page, where the report does not say
LONG = 24  # characters of a column that needs room on a small screen
ADDRESSES = re.compile(r' (?:xmlns|xmlns:xlink|version)="[^"]*"')  # inside HTML an SVG needs no name spaces
SIZE = re.compile(r' width="\d+" height="\d+"')  # the style sets them


def render(report: Report) -> bytes:
    """The report as HTML, UTF-8; the same report gives the same bytes."""
    ids = [f"part-{number}" for number in range(1, 1 + len(report.sections))]
    writer = _Page()
    links = [
        f'<li><a href="#{key}">{escaped(s.title)}</a></li>'
        for key, s in zip(ids, report.sections, strict=True)
        if s.level == 1
    ]
    body = [
        *_head(report),
        *([] if report.brief else [f'<nav aria-label="Contents"><ul>{"".join(links)}</ul></nav>']),
        "<main>",
        *(writer.section(section, key) for section, key in zip(report.sections, ids, strict=True)),
        "</main>",
        f'<footer><p class="soft">{escaped(report.stamp)}</p></footer>',
    ]
    return page(report.title, body, author=report.author, room=report.room)


def page(
    title: str, body: Sequence[str], *, author: str = "", style: str = "", room: float | None = None
) -> bytes:
    """A page that needs nothing else; ``style`` is what the style sheet of reports does not have.

    ``room`` is how high, in millimetres, the picture of a brief may be.
    """
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escaped(title)}</title>",
        *([f'<meta name="author" content="{escaped(author)}">'] if author else []),
        f"<style>\n{STYLE}{style}</style>",
    ]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        *head,
        "</head>",
        "<body>" if room is None else f'<body class="brief" style="--room: {room:.0f}mm">',
        *body,
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()


def fragment(report: Report) -> str:
    """The same as a part of another page: its text escaped, its look left to that page's style."""
    writer = _Page(inside=True)
    sections = (writer.section(section, f"brief-{place}") for place, section in enumerate(report.sections))
    foot = f'<footer><p class="soft">{escaped(report.stamp)}</p></footer>'
    opening = f'<article class="paper" style="--room: {report.room or ROOM:.0f}mm">'
    return "\n".join([opening, *_head(report), *sections, foot, "</article>"])


def _head(report: Report) -> list[str]:
    """The title, the verdict and the lines under it."""
    return [
        "<header>",
        f"<h1>{escaped(report.title)}</h1>",
        f'<p class="soft">{escaped(report.subtitle)}</p>',
        *(f'<p class="verdict">{escaped(verdict)}</p>' for verdict in report.verdicts),
        *(f"<p>{escaped(line)}</p>" for line in report.lines),
        "</header>",
    ]


class _Page:
    """Writes blocks, and counts the figures and tables."""

    def __init__(self, *, inside: bool = False) -> None:
        self.figures = self.tables = 0
        self.inside = inside

    def section(self, section: Section, key: str) -> str:
        head = f"h{section.level + 1}"
        inner = "\n".join(self.block(block) for block in section.blocks)
        if not section.title:
            return f"<section>\n{inner}\n</section>"
        title = f'<{head} id="{key}">{escaped(section.title)}</{head}>'
        return f'<section aria-labelledby="{key}">\n{title}\n{inner}\n</section>'

    @singledispatchmethod
    def block(self, block: object) -> str:
        return f"<p>{escaped(str(block))}</p>"

    @block.register
    def _(self, block: Listing) -> str:
        return f"<ul>{''.join(f'<li>{escaped(item)}</li>' for item in block.items)}</ul>"

    @block.register
    def _(self, block: Picture) -> str:
        self.figures += 1
        chart = self.chart(block)
        if not block.reading:
            return f"<figure>\n{chart}\n</figure>"
        caption = f"<figcaption>Figure {self.figures}. {escaped(block.reading)}</figcaption>"
        return f"<figure>\n{chart}\n{caption}\n</figure>"

    def chart(self, block: Picture) -> str:
        """The drawing; inside of another page, which may take no SVG, as an image."""
        drawn, alt = block.drawing.picture("svg", block.stamp), escaped(block.drawing.alt)
        if self.inside:
            return f'<img src="data:image/svg+xml;base64,{b64encode(drawn).decode()}" alt="{alt}">'
        opening, inner = drawn.decode().split(">", 1)
        svg = f'{SIZE.sub("", ADDRESSES.sub("", opening))} aria-hidden="true">{inner}'
        return f'<div class="chart" role="img" aria-label="{alt}">{svg}</div>'

    @block.register
    def _(self, block: Table) -> str:
        self.tables += 1
        marks = [_mark(column) for column in block.narrow]
        heads = "".join(
            f'<th scope="col"{mark}>{escaped(column.head)}</th>'
            for column, mark in zip(block.narrow, marks, strict=True)
        )
        bodies = "\n".join(_body(head, rows, marks) for head, rows in block.groups())
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="Table {self.tables}">\n<table>\n'
            f"<caption>Table {self.tables}. {escaped(block.caption)}</caption>\n"
            f"<thead><tr>{heads}</tr></thead>\n"
            f"{bodies}\n</table>\n</div>"
        )


def _mark(column: Column) -> str:
    """The class of a column's cells, as an attribute."""
    if column.form != "text":
        return ' class="number"'
    return ' class="long"' if column.width > LONG else ""


def _body(head: str, rows: Sequence[Sequence[str]], marks: Sequence[str]) -> str:
    """Rows that belong together, under what they belong to."""
    lines = (
        [f'<tr><th scope="rowgroup" colspan="{len(marks)}" class="group">{escaped(head)}</th></tr>']
        if head
        else []
    )
    for first, *rest in rows:
        cells = "".join(f"<td{mark}>{escaped(cell)}</td>" for cell, mark in zip(rest, marks[1:], strict=True))
        lines.append(f'<tr><th scope="row">{escaped(first)}</th>{cells}</tr>')
    inner = "\n".join(lines)
    return f"<tbody>\n{inner}\n</tbody>"
