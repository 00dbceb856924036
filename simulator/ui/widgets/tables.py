"""Tables as a page shows them: text that wraps and stays text, numbers to the right.

A wide one scrolls in a box of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from simulator.values.wording import escaped

STYLE = """<style>
.trade-table { overflow-x: auto; }
.trade-table table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.35; }
.trade-table th, .trade-table td {
  text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; overflow-wrap: break-word;
}
.trade-table thead th { border-bottom: 1px solid rgba(125, 131, 140, .8); vertical-align: bottom; }
.trade-table tbody tr { border-bottom: 1px solid rgba(125, 131, 140, .25); }
.trade-table th { font-weight: 600; }
.trade-table tbody th {
  font-weight: 400; position: sticky; left: 0; background: light-dark(#FFFFFF, #0F1620);
}
.trade-table .group th { font-weight: 600; padding-top: .7rem; }
.trade-table .last th, .trade-table .last td {
  font-weight: 600; border-top: 1px solid rgba(125, 131, 140, .8);
}
.trade-table .apart th, .trade-table .apart td { color: light-dark(#5F6670, #A3ABB5); }
.trade-table .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.trade-table .words { min-width: 5rem; max-width: 22rem; }
.trade-table .long { min-width: 16rem; }
.trade-table .marked { padding-left: 1.4em; }
.trade-table .mark { position: absolute; left: 0; }
.stMultiSelect [data-tag] * { color: light-dark(#FFFFFF, #0F1620); fill: light-dark(#FFFFFF, #0F1620); }
</style>"""


@dataclass(frozen=True)
class Column:
    """The head of a column, and what stands in it."""

    head: str
    kind: Literal["words", "long", "number"] = "words"


@dataclass(frozen=True)
class Row:
    """The cells of a row.

    ``kind`` is empty, ``group`` for the head of the rows under it, ``last`` for a sum, or ``apart``, in grey.
    ``mark`` stands before the first cell: a character, and its colour.
    """

    cells: Sequence[str]
    kind: str = ""
    mark: tuple[str, str] | None = None


def table(columns: Sequence[Column], rows: Sequence[Row], caption: str) -> None:
    """Show a table; ``caption`` is read out to those who do not see it."""
    head = "".join(f'<th scope="col" class="{column.kind}">{escaped(column.head)}</th>' for column in columns)
    body = "".join(_row(columns, row) for row in rows)
    label = f'aria-label="{escaped(caption)}"'
    st.html(
        f'<div class="trade-table" tabindex="0" role="region" {label}><table {label}>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(columns: Sequence[Column], row: Row) -> str:
    if row.kind == "group":
        head = f'<th scope="rowgroup" colspan="{len(columns)}">{escaped(row.cells[0])}</th>'
        return f'<tr class="group">{head}</tr>'
    first, *rest = (escaped(cell) for cell in row.cells)
    cells = "".join(
        f'<td class="{column.kind}">{cell}</td>' for column, cell in zip(columns[1:], rest, strict=True)
    )
    return f'<tr class="{row.kind}">{_head(columns[0], first, row.mark)}{cells}</tr>'


def _head(column: Column, cell: str, mark: tuple[str, str] | None) -> str:
    """The first cell of a row, with its mark."""
    if mark is None:
        return f'<th scope="row" class="{column.kind}">{cell}</th>'
    character, colour = mark
    span = f'<span class="mark" aria-hidden="true" style="color:{colour}">{character}</span>'
    return f'<th scope="row" class="{column.kind} marked">{span}{cell}</th>'
