"""A scenario as XLSX: what may be changed is coloured and unlocked, choices are lists, bounds are checked.

A text is written as text whatever it begins with: nothing from a scenario becomes a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.files.workbook.contents import book_of
from simulator.files.workbook.form import PATH, TEXT_SHEET, Book, Entry, Kind, Row, Sheet
from simulator.files.workbook.stored import packed
from simulator.files.workbook.values import LONGEST, cell_value, number_format, word
from simulator.values.units import Unit

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NEW_ROWS = 200  # blank ones, in which more figures can be written
A4 = 9
TALLEST = 8  # lines of a row
LINE = 15  # points of a line
LONGEST_LIST = 255  # letters of the choices of a cell
LONGEST_MESSAGE = 255  # letters of what Excel says of a cell
EDGE = {"border": 1, "border_color": "#D0D6DC", "valign": "top"}
EDITABLE = EDGE | {"bg_color": "#FFF8DC", "locked": False}
LOCKED = EDGE | {"font_color": "#57606A"}
NAMED = EDGE | {"bold": True, "bg_color": "#F1F5F9"}
HEAD = EDGE | {"bold": True, "bg_color": "#E3EBF3", "text_wrap": True}
PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "format_cells": True,
    "insert_rows": True,
    "delete_rows": True,
    "autofilter": True,
    "sort": True,
}


def workbook(text: str | bytes, name: str, file: Path | None = None) -> bytes:
    """The bytes of ``book_of`` as XLSX; it says what is taken, and what is raised."""
    import xlsxwriter  # not before a workbook is wanted

    book, out = book_of(text, name, file), io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as written:
        day = dt.datetime.combine(book.scenario.as_of, dt.time())  # the same text gives the same bytes
        written.set_properties({"title": book.scenario.title[:255], "created": day})
        _Writer(written).book(book)
    return out.getvalue()


class _Writer:
    """Writes the sheets of a workbook."""

    def __init__(self, written: Any) -> None:
        self.written = written
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, properties: Mapping[str, Any]) -> Any:
        """A cell format, made once."""
        key = tuple(properties.items())
        if key not in self.formats:
            self.formats[key] = self.written.add_format(dict(properties))
        return self.formats[key]

    def book(self, book: Book) -> None:
        """Every sheet, and the text of the file on one that is not shown."""
        for sheet in book.sheets:
            self.sheet(sheet)
        page = self.written.add_worksheet(TEXT_SHEET)
        for row, piece in enumerate(packed(book.text)):
            page.write_string(row, 0, piece)
        page.protect()
        page.very_hidden()

    def sheet(self, sheet: Sheet) -> None:
        """One sheet: what may be done with it, heads, rows, blank rows for more."""
        page = self.written.add_worksheet(sheet.name)
        for place, line in enumerate((sheet.name, *sheet.guide)):
            style = {"bold": True, "font_size": 14} if place == 0 else {"font_color": "#57606A"}
            page.write_string(place, 0, line, self.format(style))
        head = len(sheet.guide) + 2
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
            page.write_string(head, place, column.head, self.format(HEAD))
            if column.note:
                page.write_comment(head, place, column.note)
        page.freeze_panes(head + 1, 2)
        for place, row in enumerate(sheet.rows, head + 1):
            self.row(page, sheet, place, row)
        last = head + len(sheet.rows)
        if sheet.blank is not None:
            for place in range(last + 1, last + 1 + NEW_ROWS):
                self.row(page, sheet, place, sheet.blank)
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(head)
        page.hide_gridlines(2)
        page.ignore_errors({"number_stored_as_text": f"A1:Z{last + NEW_ROWS + 1}"})  # a year is a name here
        page.protect("", PROTECTION)

    def row(self, page: Any, sheet: Sheet, place: int, row: Row) -> None:
        """The cells of a row, as high as its longest text needs."""
        lines = 1
        for number, column in enumerate(sheet.columns):
            entry = row.entries.get(column.head)
            if entry is None:
                text = row.path if column.head == PATH else row.words.get(column.head, "")
                style = _style(sheet, row, column.head) | {"text_wrap": True}
                self.text(page, place, number, text, style)
            else:
                text = self.entry(page, place, number, entry)
            lines = max(lines, math.ceil(len(text) * 1.1 / column.width))
        page.set_row(place, LINE * min(lines, TALLEST))

    def text(self, page: Any, row: int, column: int, text: str, style: Mapping[str, Any]) -> None:
        """A cell with a text; without one it is blank, for an empty text would count as something."""
        if text:
            page.write_string(row, column, text, self.format(style))
        else:
            page.write_blank(row, column, None, self.format(style))

    def entry(self, page: Any, row: int, column: int, entry: Entry) -> str:
        """A cell that states a value of the file; its text, where it is one."""
        value = cell_value(entry)
        long = isinstance(value, str) and len(value) > LONGEST
        style = (LOCKED if entry.fixed or long else EDITABLE) | {"num_format": number_format(entry)}
        if isinstance(value, float):
            page.write_number(row, column, value, self.format(style))
        elif value is None:
            page.write_blank(row, column, None, self.format(style))
        else:
            page.write_string(row, column, value[:LONGEST], self.format(style | {"text_wrap": True}))
        if not entry.fixed and (rule := _rule(entry)):
            page.data_validation(row, column, row, column, rule)
        return value if isinstance(value, str) else ""


def _style(sheet: Sheet, row: Row, head: str) -> dict[str, Any]:
    """How a cell looks that states no value of the file.

    Those of figures are unlocked: a row with a locked cell cannot be deleted. A series keeps its rows.
    """
    if sheet.blank is row and head != PATH:
        return EDITABLE
    if sheet.blank is not None and len(row.entries) > 1:
        return LOCKED | {"locked": False}
    return NAMED if row.title else LOCKED


def _rule(entry: Entry) -> dict[str, Any] | None:
    """What Excel checks where a cell is changed: one of the choices, or a number within bounds."""
    if entry.kind is Kind.CHOICE:
        options = [word(option) for option in entry.options]
        fits = sum(map(len, options)) + len(options) <= LONGEST_LIST
        return {"validate": "list", "source": options} if fits else None
    if entry.kind is not Kind.NUMBER or entry.unit is Unit.MONTH or isinstance(cell_value(entry), str):
        return None
    return _bounds_rule(entry)


def _bounds_rule(entry: Entry) -> dict[str, Any] | None:
    """The check of a number: hard bounds stop, how far a slider goes is a warning.

    Money is never stopped: its cell may hold an amount of another currency, which is a text.
    """
    hard = not entry.unit.money and math.isfinite(entry.low) and math.isfinite(entry.high)
    bounds = (entry.low, entry.high) if hard else entry.usual
    if bounds is None:
        return None
    return {
        "validate": "integer" if entry.unit.integer else "decimal",
        "criteria": "between",
        "minimum": bounds[0],
        "maximum": bounds[1],
        "error_type": "stop" if hard else "warning",
        "error_title": "Out of bounds" if hard else "Out of the usual range",
        "error_message": f"Expected {entry.unit.between(*bounds)}."[:LONGEST_MESSAGE],
    }
