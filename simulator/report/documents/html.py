"""A report as one HTML file that needs nothing else: no script, no outside address; pictures stand in it as SVG."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import singledispatchmethod
from html import escape

from simulator.report.documents.blocks import Listing, Picture, Report, Section, Table

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #57606a; --paper: #fff; --line: #d5dae0; --shade: #f1f5f9; --blue: #1f5f9e;
  --rule: #e6e6e6; --orange: #c45100 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #a4adb7; --paper: #14181c; --line: #39424b; --shade: #1e242a; --blue: #7db6ec; --rule: #343c44; --orange: #ff9340 }
}
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 58rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .3rem; text-wrap: balance }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; padding-top: .7rem; border-top: 1px solid var(--line) }
h3 { font-size: 1.08rem; margin: 1.8rem 0 .5rem }
h1, h2, h3, p, li, caption, figcaption { overflow-wrap: anywhere }
p, ul { margin: .55rem 0; max-width: 46rem }
.soft { color: var(--soft); margin: 0 }
.verdict { font-size: 1.2rem; font-weight: 600; line-height: 1.4; border-left: 4px solid var(--blue); padding-left: .8rem; margin: 1.2rem 0 .8rem }
nav ul { list-style: none; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; max-width: none }
a { color: var(--blue) }
.scroll { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: .3rem .5rem; border-bottom: 1px solid var(--line) }
thead th { border-bottom: 2px solid var(--soft); font-weight: 600; vertical-align: bottom }
.group { background: var(--shade); font-weight: 600 }
.number { text-align: right; white-space: nowrap }
thead .number { white-space: normal }
.long { min-width: 13rem; overflow-wrap: anywhere }
figure { margin: 1.2rem 0 }
.chart { overflow-x: auto }
.chart svg { display: block; width: 100%; min-width: 34rem; height: auto }
.chart svg > rect { fill: none }
.chart svg text:not([fill="#D55E00"]) { fill: var(--ink) }
.chart svg [fill="#D55E00"] { fill: var(--orange) }
.chart svg [stroke="#D55E00"] { stroke: var(--orange) }
.chart svg .role-axis-grid line { stroke: var(--rule) }
figcaption { color: var(--soft); font-size: .875rem; max-width: 46rem }
footer { margin-top: 3rem; padding-top: .7rem; border-top: 1px solid var(--line) }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --shade: #f1f5f9; --blue: #1f5f9e; --rule: #ddd;
    --orange: #c45100 }
  @page { size: A4; margin: 18mm 16mm }
  body { padding: 0; max-width: none; font-size: 10pt }
  nav { display: none }
  h2, h3, caption, .group { break-after: avoid }
  thead { break-after: avoid }
  tbody:first-of-type tr:first-child { break-before: avoid }
  figure, tr { break-inside: avoid }
  .scroll, .chart { overflow: visible }
  .chart svg { min-width: 0; width: 88% }
  table { font-size: 8pt; width: 100% }
  th, td { padding: .2rem .3rem }
  .long { min-width: 0 }
}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LONG = 24  # characters of a column that needs room on a small screen
ADDRESSES = re.compile(r' (?:xmlns|xmlns:xlink|version)="[^"]*"')  # inside HTML an SVG needs no name spaces
SIZE = re.compile(r' width="\d+" height="\d+"')  # the style sets them


def render(report: Report) -> bytes:
    """The report as HTML, UTF-8; the same report gives the same bytes."""
    ids = [f"part-{number}" for number in range(1, 1 + len(report.sections))]
    page = _Page()
    links = [
        f'<li><a href="#{key}">{escape(s.title)}</a></li>'
        for key, s in zip(ids, report.sections, strict=True)
        if s.level == 1
    ]
    body = [
        "<header>",
        f"<h1>{escape(report.title)}</h1>",
        f'<p class="soft">{escape(report.subtitle)}</p>',
        *(f'<p class="verdict">{escape(verdict)}</p>' for verdict in report.verdicts),
        *(f"<p>{escape(line)}</p>" for line in report.lines),
        "</header>",
        f'<nav aria-label="Contents"><ul>{"".join(links)}</ul></nav>',
        "<main>",
        *(page.section(section, key) for section, key in zip(report.sections, ids, strict=True)),
        "</main>",
        f'<footer><p class="soft">{escape(report.stamp)}</p></footer>',
    ]
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(report.title)}</title>",
        *([f'<meta name="author" content="{escape(report.author)}">'] if report.author else []),
        f"<style>{STYLE}</style>",
    ]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        *head,
        "</head>",
        "<body>",
        *body,
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()


class _Page:
    """Writes blocks, and counts the figures and tables."""

    def __init__(self) -> None:
        self.figures = self.tables = 0

    def section(self, section: Section, key: str) -> str:
        head = f"h{section.level + 1}"
        inner = "\n".join(self.block(block) for block in section.blocks)
        return f'<section aria-labelledby="{key}">\n<{head} id="{key}">{escape(section.title)}</{head}>\n{inner}\n</section>'

    @singledispatchmethod
    def block(self, block: object) -> str:
        return f"<p>{escape(str(block))}</p>"

    @block.register
    def _(self, block: Listing) -> str:
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"

    @block.register
    def _(self, block: Picture) -> str:
        self.figures += 1
        opening, inner = block.drawing.picture("svg", block.stamp).decode().split(">", 1)
        svg = f'{SIZE.sub("", ADDRESSES.sub("", opening))} aria-hidden="true">{inner}'
        chart = f'<div class="chart" role="img" aria-label="{escape(block.drawing.alt)}">{svg}</div>'
        return f"<figure>\n{chart}\n<figcaption>Figure {self.figures}. {escape(block.reading)}</figcaption>\n</figure>"

    @block.register
    def _(self, block: Table) -> str:
        self.tables += 1
        kinds = [
            "number" if column.form != "text" else "long" if column.width > LONG else ""
            for column in block.narrow
        ]
        marks = [f' class="{kind}"' if kind else "" for kind in kinds]
        heads = "".join(
            f'<th scope="col"{mark}>{escape(column.head)}</th>'
            for column, mark in zip(block.narrow, marks, strict=True)
        )
        bodies = "\n".join(_body(head, rows, marks) for head, rows in block.groups())
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="Table {self.tables}">\n<table>\n'
            f"<caption>Table {self.tables}. {escape(block.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n{bodies}\n</table>\n</div>"
        )


def _body(head: str, rows: Sequence[Sequence[str]], marks: Sequence[str]) -> str:
    """Rows that belong together, under what they belong to."""
    lines = (
        [f'<tr><th scope="rowgroup" colspan="{len(marks)}" class="group">{escape(head)}</th></tr>']
        if head
        else []
    )
    for first, *rest in rows:
        cells = "".join(f"<td{mark}>{escape(cell)}</td>" for cell, mark in zip(rest, marks[1:], strict=True))
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>')
    inner = "\n".join(lines)
    return f"<tbody>\n{inner}\n</tbody>"
