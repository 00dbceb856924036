"""A board as one HTML page that needs nothing else: no script, courses as SVG; cards on a small screen."""

from __future__ import annotations

from importlib import resources

from simulator._version import __version__
from simulator.batch.board import Board, Row
from simulator.report.charts.sparkline import sparkline
from simulator.report.documents.html import page
from simulator.report.words import board as words
from simulator.values.wording import escaped

STYLE = resources.files("simulator.report.documents").joinpath("board.css").read_text("utf-8")
NUMBERS = ("probability",)


def render(board: Board, title: str) -> bytes:
    """The board as HTML, UTF-8; the same board gives the same bytes."""
    heads = "".join(f'<th scope="col"{_mark(key)}>{escaped(head)}</th>' for key, head in words.HEADS.items())
    rows = "\n".join(map(_row, board.rows))
    table = (
        f'<table class="board">\n<caption>{escaped(words.summary(board))}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )
    body = [
        "<header>",
        f"<h1>{escaped(title)}</h1>",
        "</header>",
        "<main>",
        *_faults(board),
        table if board.rows else f"<p>{escaped(words.summary(board))}</p>",
        '<section aria-labelledby="reading">',
        '<h2 id="reading">How to read it</h2>',
        f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in words.LEGEND)}</ul>",
        "</section>",
        "</main>",
        f'<footer><p class="soft">{escaped(f"Folder {board.folder}; version {__version__}")}</p></footer>',
    ]
    return page(title, body, style=STYLE)


def _faults(board: Board) -> list[str]:
    """What is wrong with files that have no row, where nobody overlooks it."""
    if not board.faults:
        return []
    items = (f"<li>{escaped(line)}</li>" for line in words.faults(board))
    head = f'<h2 id="faults">{escaped(words.faulty(board))}</h2>'
    return [f'<section aria-labelledby="faults" class="faults">{head}<ul>{"".join(items)}</ul></section>']


def _row(row: Row) -> str:
    texts, small = words.cells(row), words.details(row)
    first, *rest = texts
    cells = [f'<th scope="row">{_cell(texts[first], small.get(first, ""))}</th>']
    cells += [
        f'<td{_mark(key)}><span class="head">{escaped(words.HEADS[key])}</span>'
        f"{_cell(texts[key], small.get(key, ''))}</td>"
        for key in rest
    ]
    drawn = sparkline(row, words.course(row))
    cells.append(f'<td class="course"><span class="head">{escaped(words.HEADS["course"])}</span>{drawn}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _cell(text: str, small: str) -> str:
    below = f"<small>{escaped(small)}</small>" if small else ""
    return f"<span>{escaped(text)}</span>{below}"


def _mark(key: str) -> str:
    return f' class="{key}{" number" if key in NUMBERS else ""}"'
