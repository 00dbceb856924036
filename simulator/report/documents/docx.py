"""A report as DOCX: real headings, tables whose header rows repeat, pictures with words for the blind."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from simulator.report.documents.blocks import Column, Listing, Picture, Report, Section, Table

WIDTH, HEIGHT, MARGIN, NARROW = Mm(210), Mm(297), Mm(20), Mm(16)
ROOM, PICTURE = WIDTH - 2 * MARGIN, Mm(145)
INK, SOFT, BLUE = RGBColor(0x1D, 0x23, 0x29), RGBColor(0x57, 0x60, 0x6A), RGBColor(0x1F, 0x4E, 0x79)
FONT = "Calibri"
TABLE_TEXT, TABLE_HEAD = "TableText", "TableHead"  # styles, by name and id
SMALL = 8.5  # points, in tables
WORD = 14  # characters of a word that is not broken
AROUND = 2  # characters that a cell's margins take
LINE = 100  # characters of a table that is as wide as the page
RULE, HEAD, SHADE, PALE = "D0D6DC", "1F4E79", "E3EBF3", "F3F6F9"
CONDENSED = {  # of a brief: points of the letters, before a paragraph and after it
    "Normal": (10, 0, 3),
    "Caption": (8.5, 0, 3),
    "Title": (17, 0, 2),
    "Subtitle": (9, 0, 3),
    "Verdict": (12, 2, 3),
    "Heading 1": (11.5, 6, 2),
    "List Bullet": (10, 0, 2),
    "Footer": (7.5, 0, 0),
}
AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")  # the format wants its parts in order
HEAD_MARKS = ("w:tblHeader",)  # repeats on every page


def render(report: Report) -> bytes:
    """The report as DOCX."""
    document = Document()
    _page(document, report)
    _styles(document)
    if report.brief:
        _condensed(document)
    _properties(document, report)
    document.add_paragraph(report.title, "Title")
    document.add_paragraph(report.subtitle, "Subtitle")
    for verdict in report.verdicts:
        document.add_paragraph(verdict, "Verdict")
    for line in report.lines:
        document.add_paragraph(line)
    writer = _Writer(document, report.room)
    for section in report.sections:
        writer.section(section)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Adds blocks, and counts the figures and tables."""

    def __init__(self, document: Any, room: float | None) -> None:
        self.document, self.room = document, room
        self.figures = self.tables = 0

    def section(self, section: Section) -> None:
        if section.title:
            self.document.add_heading(section.title, section.level)
        for block in section.blocks:
            self.add(block)

    @singledispatchmethod
    def add(self, block: object) -> None:
        self.document.add_paragraph(str(block))

    @add.register
    def _(self, block: Listing) -> None:
        for item in block.items:
            self.document.add_paragraph(item, "List Bullet")

    @add.register
    def _(self, block: Picture) -> None:
        self.figures += 1
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        drawn = io.BytesIO(block.drawing.picture("png", block.stamp))
        picture = paragraph.add_run().add_picture(drawn, width=PICTURE)
        if self.room is not None:
            _fit(picture, self.room)
        about = picture._inline.docPr
        about.set("name", f"Figure {self.figures}")
        about.set("descr", block.drawing.alt)
        if block.reading:
            self.document.add_paragraph(f"Figure {self.figures}. {block.reading}", "Caption")

    @add.register
    def _(self, block: Table) -> None:
        self.tables += 1
        caption = self.document.add_paragraph(style="Caption")
        caption.add_run(f"Table {self.tables}. {block.caption}").bold = True
        caption.paragraph_format.keep_with_next = True
        _table(self.document, block)
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)


def _fit(picture: Any, room: float) -> None:
    """Make a picture as large as there is room for, with a height in millimetres."""
    part = min(ROOM / picture.width, Mm(room) / picture.height)
    picture.width, picture.height = Emu(int(part * picture.width)), Emu(int(part * picture.height))


# Tables


def _table(document: Any, block: Table) -> None:
    groups = block.groups()
    heads, widths = (
        [column.head for column in block.narrow],
        _widths(block, [row for _, rows in groups for row in rows]),
    )
    numbers = [column.form != "text" for column in block.narrow]
    table = document.add_table(0, len(heads))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _borders(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width)
    _row(table, heads, widths, numbers, TABLE_HEAD, HEAD_MARKS)
    for head, rows in groups:
        if head:
            _row(table, [head], [sum(widths)], [False], TABLE_HEAD, ())
        for texts in rows:
            _row(table, texts, widths, numbers, TABLE_TEXT, ())


def _row(
    table: Any,
    texts: Sequence[str],
    widths: Sequence[int],
    numbers: Sequence[bool],
    style: str,
    marks: Sequence[str],
) -> None:
    """One more row; a single text in a table of several columns spans them all, and keeps to the next row."""
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    for mark in ("w:cantSplit", *marks):
        properties.append(OxmlElement(mark))
    spans = len(texts) < len(table.columns)
    cells = [row.cells[0].merge(row.cells[-1])] if spans else row.cells
    for cell, text, width, number in zip(cells, texts, widths, numbers, strict=True):
        cell.width = Emu(width)
        paragraph = cell.paragraphs[0]
        paragraph._p.style = (
            style  # by its id: a look-up by name in every cell takes longer than all the rest
        )
        paragraph.add_run(text)
        paragraph.paragraph_format.keep_with_next = spans or None
        if number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if marks or spans:
            cell._tc.get_or_add_tcPr().append(
                _element("w:shd", val="clear", color="auto", fill=SHADE if marks else PALE)
            )


def _widths(block: Table, cells: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column, in the program's unit.

    To each what its longest word needs, and of what is left a part in proportion to what it asks for.
    """
    needs = [_needs(column, [row[place] for row in cells]) for place, column in enumerate(block.narrow)]
    least, asked = (sum(characters) for characters in zip(*needs, strict=True))
    part = min(1.0, max(0.0, LINE - least) / max(asked - least, 1))
    wide = [low + part * (high - low) for low, high in needs]
    return [int(ROOM * characters / max(sum(wide), LINE)) for characters in wide]


def _needs(column: Column, texts: Sequence[str]) -> tuple[int, int]:
    """The characters that a column takes at least, and that it asks for; a word of many is broken."""
    longest = max(map(len, texts))
    body = longest
    if column.form == "text":
        body = min(WORD, max(len(word) for text in texts for word in text.split(" ")))
    least = AROUND + max(body, *map(len, column.head.split(" ")))
    return least, max(least, AROUND + min(column.width, max(longest, len(column.head))))


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _borders(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", 8, HEAD), ("bottom", 8, HEAD), ("insideH", 4, RULE)):
        borders.append(_element(f"w:{side}", val="single", sz=str(size), space="0", color=colour))
    table._tbl.tblPr.insert_element_before(borders, *AFTER_BORDERS)


# The page


def _page(document: Any, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = NARROW if report.brief else MARGIN
    footer = section.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(ROOM, WD_TAB_ALIGNMENT.RIGHT)
    if report.brief:
        section.header_distance = section.footer_distance = NARROW // 2
        footer.add_run(report.stamp)
        return
    footer.add_run(f"{report.stamp}\tPage ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    """A field that the reader's program fills in."""
    code = OxmlElement("w:instrText")
    code.text = f" {name} "
    for part in (
        _element("w:fldChar", fldCharType="begin"),
        code,
        _element("w:fldChar", fldCharType="separate"),
    ):
        paragraph.add_run()._r.append(part)
    paragraph.add_run("1")
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="end"))


def _styles(document: Any) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _font(normal, 10.5, INK)
    normal.paragraph_format.space_after = Pt(6)
    normal.element.get_or_add_rPr().append(_element("w:lang", val="en-GB"))
    for name, points, before in (
        ("Title", 22, 0),
        ("Subtitle", 11, 0),
        ("Heading 1", 15, 18),
        ("Heading 2", 12, 12),
        ("Caption", 9, 6),
    ):
        style = styles[name]
        _font(style, points, SOFT if name in ("Subtitle", "Caption") else BLUE)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        for spacing in style.element.rPr.findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)
    styles["Subtitle"].font.italic = styles["Caption"].font.bold = False
    styles["List Bullet"].paragraph_format.space_after = Pt(3)
    _font(styles["Footer"], 8, SOFT)
    styles["Footer"].paragraph_format.tab_stops.clear_all()
    for name, size, bold, space in (
        ("Verdict", 13, True, 8),
        (TABLE_TEXT, SMALL, False, 1),
        (TABLE_HEAD, SMALL, True, 1),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, size, BLUE if name == "Verdict" else INK)
        style.font.bold = bold
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(space)


def _condensed(document: Any) -> None:
    """Styles smaller and closer, for a page that holds all."""
    for name, (points, before, after) in CONDENSED.items():
        style = document.styles[name]
        style.font.size = Pt(points)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.0


def _font(style: Any, size: float, colour: RGBColor) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    fonts = style.element.rPr.rFonts
    for part in [
        name for name in fonts.attrib if "Theme" in name
    ]:  # a theme's font would win over the named one
        del fonts.attrib[part]
    fonts.set(qn("w:eastAsia"), FONT)


def _properties(document: Any, report: Report) -> None:
    about = document.core_properties
    about.title, about.author, about.comments = report.title[:255], report.author[:255], report.stamp[:255]
    about.language = "en-GB"
    if report.date:
        about.created = about.modified = dt.datetime.combine(report.date, dt.time())
