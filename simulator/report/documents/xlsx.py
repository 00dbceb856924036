"""A report as XLSX: one sheet a topic, tables as Excel tables, numbers as numbers, charts drawn by Excel.

A text is written as text whatever it begins with: nothing from a scenario becomes a formula or a link.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from simulator.report.charts.drawing import Drawing
from simulator.report.documents.blocks import (
    Block,
    Cell,
    Form,
    Listing,
    Picture,
    Report,
    Section,
    Table,
    shown,
)
from simulator.report.documents.xlsx_charts import ABOVE, native, number_format, with_decimals
from simulator.values.figures import Figure
from simulator.values.wording import would_be_formula

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
A4 = 9
LONGEST = 32_767  # characters of a cell
WIDE = 110  # characters of a sheet of sentences
LINE = 15  # points of a line of text
MOST_LINES = 27  # that a row can be high
GAP = 24  # pixels between charts
FRONT, DATA = "Read me", "Chart data"
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\s]+")  # in the name of a sheet
TEXT = {"text_wrap": True, "valign": "top"}
TEXT_BODY = {"text_wrap": True, "align": "left", "indent": 1}
BODY = {"valign": "top", "bottom": 1, "bottom_color": "#D0D6DC"}
HEAD = TEXT | {
    "bold": True,
    "bg_color": "#E3EBF3",
    "top": 1,
    "bottom": 1,
    "top_color": "#1F4E79",
    "bottom_color": "#1F4E79",
}
HEAD_ALIGN: Mapping[bool, Mapping[str, Any]] = {  # over texts, and over numbers
    True: {"align": "left", "indent": 1},
    False: {"align": "right"},
}


def render(report: Report) -> bytes:
    """The report as XLSX."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as workbook:
        about = {"title": report.title[:255], "author": report.author[:255], "comments": report.stamp[:255]}
        workbook.set_properties(
            about | ({"created": dt.datetime.combine(report.date, dt.time())} if report.date else {})
        )
        _Book(workbook, report).write()
    return out.getvalue()


class _Book:
    """A workbook that is being written; what charts are drawn from is collected for its last sheet."""

    def __init__(self, workbook: Any, report: Report) -> None:
        self.workbook = workbook
        self.report = report
        self.names: set[str] = {FRONT.lower(), DATA.lower(), "history"}
        self.tables = 0
        self.drawn: list[tuple[str, Sequence[str], Sequence[Sequence[Any]]]] = []
        self.next_row = 0
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """A cell format, made once."""
        key = tuple(properties.items())
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]

    def write(self) -> None:
        """Every sheet."""
        sections = [(self.named(section.sheet), section) for section in self.report.sections if section.sheet]
        self.front([(name, section.title) for name, section in sections])
        for name, section in sections:
            _Sheet(self, name).section(section)
        self.data()

    def named(self, wanted: str) -> str:
        """A name that a sheet can have, and that no other has."""
        return _unused(FORBIDDEN.sub(" ", wanted).strip()[:28] or "Sheet", self.names)

    def front(self, sheets: Sequence[tuple[str, str]]) -> None:
        """The first sheet: the answer, what the sheets hold, the inputs."""
        sheet = _Sheet(self, FRONT)
        sheet.widths([26, WIDE - 26])
        sheet.text(self.report.title, bold=True, font_size=16, font_color="#1F4E79")
        sheet.text(self.report.subtitle, font_color="#57606A")
        for verdict in self.report.verdicts:
            sheet.text(verdict, bold=True, font_size=13)
        for line in self.report.lines:
            sheet.text(line)
        sheet.row += 1
        sheet.text("The sheets", bold=True)
        for name, title in sheets:
            sheet.page.write_url(sheet.row, 0, f"internal:'{name}'!A1", string=name)
            sheet.page.write_string(sheet.row, 1, title, self.format(**TEXT))
            sheet.row += 1
        sheet.row += 1
        sheet.text(self.report.stamp, font_color="#57606A")

    def refer(self, drawing: Drawing, columns: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        """Columns that a chart is drawn from, as references to where they will stand on the last sheet."""
        rows = list(zip(*columns.values(), strict=True))
        first = self.next_row + ABOVE
        self.drawn.append((drawing.title, list(columns), rows))
        self.next_row = first + len(rows) + 1
        return {
            name: [DATA, first, place, first + len(rows) - 1, place] for place, name in enumerate(columns)
        }

    def data(self) -> None:
        """The last sheet: what the charts are drawn from."""
        if not self.drawn:
            return
        sheet = _Sheet(self, DATA)
        sheet.page.set_column(0, 0, 44)
        sheet.page.set_column(1, 12, 19)
        for title, heads, rows in self.drawn:
            for place, texts in enumerate([(title,), heads]):
                for column, text in enumerate(texts):
                    sheet.page.write_string(sheet.row + place, column, text, self.format(bold=True))
            for place, row in enumerate(rows, sheet.row + ABOVE):
                for column, cell in enumerate(row):
                    sheet.cell(place, column, cell, "text", 0)
            sheet.row += ABOVE + len(rows) + 1


class _Sheet:
    """A sheet that is being written from the top down."""

    def __init__(self, book: _Book, name: str) -> None:
        self.book = book
        self.page = book.workbook.add_worksheet(name)
        self.row = 0
        self.columns = [WIDE]
        self.page.hide_gridlines(2)
        self.page.set_landscape()
        self.page.set_paper(A4)
        self.page.fit_to_pages(1, 0)
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        stamp = book.report.stamp.replace("&", "&&")[:180]
        self.page.set_footer(f"&L&8 {stamp}&R&8 &A, page &P of &N")

    def section(self, section: Section) -> None:
        """Tables from the top, charts at their right, sentences below."""
        tables = [block for block in section.blocks if isinstance(block, Table)]
        self.widths(_widths(tables) or [WIDE])
        self.page.write_string(
            0, 0, section.title, self.book.format(bold=True, font_size=14, font_color="#1F4E79")
        )
        self.row = 1
        for table in tables:
            self.table(table)
        self.page.ignore_errors(
            {"number_stored_as_text": xl_range(0, 0, self.row, len(self.columns))}
        )  # a year is a name here
        self.row += not tables
        self.charts([block for block in section.blocks if isinstance(block, Picture)])
        for block in section.blocks:
            self.sentences(block)

    def widths(self, widths: Sequence[int]) -> None:
        """Set how wide the columns are, in characters."""
        self.columns = list(widths)
        for place, width in enumerate(widths):
            self.page.set_column(place, place, width)

    def sentences(self, block: Block) -> None:
        """A sentence or a list of them."""
        if isinstance(block, str):
            self.text(block)
        elif isinstance(block, Listing):
            for item in block.items:
                self.text(f"•  {item}")

    def text(self, text: str, **properties: Any) -> None:
        """A sentence across the sheet's columns, as high as it needs."""
        size = properties.get("font_size", 11)
        style = self.book.format(**TEXT, **properties)
        self.page.set_row(self.row, size / 11 * LINE * _lines(text, sum(self.columns) * 11 / size))
        if len(self.columns) > 1:
            self.page.merge_range(self.row, 0, self.row, len(self.columns) - 1, "", style)
        self.page.write_string(self.row, 0, text[:LONGEST], style)
        self.row += 1

    def table(self, table: Table) -> None:
        """An Excel table under its caption; the first one's header stays in sight and on every page."""
        self.page.write_string(self.row, 0, table.caption, self.book.format(bold=True))
        head, last, right = self.row + 1, self.row + 1 + len(table.rows), len(table.columns) - 1
        if self.row == 1:
            self.page.freeze_panes(head + 1, 0)
            self.page.repeat_rows(head)
        self.book.tables += 1
        names = _heads(table)
        columns = [
            {"header": name, "header_format": self.book.format(**HEAD, **HEAD_ALIGN[column.form == "text"])}
            for name, column in zip(names, table.columns, strict=True)
        ]
        options = {
            "name": f"{table.name}_{self.book.tables}",
            "columns": columns,
            "style": None,
            "autofilter": False,
        }
        self.page.add_table(head, 0, last, right, options)
        self.heighten(head, names)
        digits = [table.digits(place) for place in range(len(table.columns))]
        for place, row in enumerate(table.rows, head + 1):
            self.heighten(place, row)
            for number, cell in enumerate(row):
                self.cell(place, number, cell, table.columns[number].form, digits[number])
        self.row = last + 2

    def heighten(self, row: int, cells: Sequence[Cell]) -> None:
        """Make a row as high as its longest text needs: not every program does so by itself."""
        lines = [
            _lines(cell, width)
            for cell, width in zip(cells, self.columns, strict=False)
            if isinstance(cell, str)
        ]
        self.page.set_row(row, LINE * min(max(lines, default=1), MOST_LINES))

    def cell(self, row: int, column: int, cell: Cell, form: Form, digits: int) -> None:
        """One cell: a number as a number, everything else as text."""
        if cell is None:
            self.page.write_blank(row, column, None, self.book.format(**BODY))
        elif isinstance(cell, str):
            active = {"quote_prefix": True} if would_be_formula(cell) else {}
            self.page.write_string(
                row, column, cell[:LONGEST], self.book.format(**BODY, **TEXT_BODY, **active)
            )
        elif isinstance(cell, Figure):
            self.page.write_number(
                row, column, cell.amount, self.book.format(**BODY, num_format=_printed(cell))
            )
        else:
            self.page.write_number(
                row, column, cell, self.book.format(**BODY, num_format=_pattern(cell, form, digits))
            )

    def charts(self, pictures: Sequence[Picture]) -> None:
        """The charts, one below the other, at the right of the tables."""
        below = 0
        for picture in pictures:
            chart = native(self.book.workbook, picture.drawing, self.book.refer)
            if chart is not None:
                about = {"description": picture.drawing.alt, "object_position": 3, "y_offset": below}
                self.page.insert_chart(1, len(self.columns) + 1, chart, about)
                below += chart.height + GAP


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that many characters."""
    return sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))


def _widths(tables: Sequence[Table]) -> list[int]:
    """The width of each column of a sheet: what the widest of its tables asks for."""
    most = max((len(table.columns) for table in tables), default=0)
    return [
        max(table.columns[place].width for table in tables if place < len(table.columns)) + 1
        for place in range(most)
    ]


def _heads(table: Table) -> list[str]:
    """The names of a table's columns, of which Excel wants no two alike."""
    used: set[str] = set()
    return [_unused(" ".join(column.head.split())[:250] or "-", used) for column in table.columns]


def _unused(base: str, used: set[str]) -> str:
    """A name that none of those used has, whatever its capitals: with a number, where it is used already."""
    name, number = base, 1
    while name.lower() in used:
        number += 1
        name = f"{base} {number}"
    used.add(name.lower())
    return name


def _pattern(cell: float, form: Form, digits: int) -> str:
    """The number format that shows a cell as other documents write it.

    A workbook would else round to certainty, or to a minus zero.
    """
    if form == "text":
        return "#,##0.0###"
    text = shown(cell, form, digits)
    if form in ("probability", "decided", "part"):
        decimals = text.removesuffix(" %").partition(".")[2]
        return f"{with_decimals('0', len(decimals))}%" if text[0].isdigit() or form == "part" else f'"{text}"'
    plain = number_format(digits if form in ("money", "change") else 1)
    if not text.strip("0.,"):
        return f"{plain};{plain}"  # what rounds to zero has no sign
    return f"+{plain};-{plain};{plain}" if form in ("change", "points") else plain


def _printed(figure: Figure) -> str:
    """The number format that shows a figure as it was printed."""
    exponent = figure.digits.as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{with_decimals('0', digits)}%" if figure.percent else number_format(digits)
