"""Cells off a workbook's XML: the same as openpyxl reads, however they are written. Default tier."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.files.tables import workbooks
from simulator.files.tables.grids import Cell
from simulator.files.tables.plain_cells import lightened
from tests.tiers import examples

FORMATS = ("General", "0.0", "#,##0,", "0%", "yyyy-mm-dd", "[h]:mm", "@")
PLAIN = b'<sheetData><row r="1"><c r="A1"><v>1.5</v></c><c r="B1" t="b"><v>1</v></c></row></sheetData>'
OTHERWISE = (
    PLAIN.replace(b"<sheetData>", b"<sheetData><!-- a remark -->"),
    PLAIN.replace(b"1.5", b"<![CDATA[1.5]]>"),
    PLAIN.replace(b' r="1"', b""),
    PLAIN.replace(b' r="B1"', b""),
    PLAIN.replace(b'<c r="A1">', b"<c r='A1'>"),
    PLAIN.replace(b'<c r="A1">', b'<c t="n" r="A1">'),
    PLAIN.replace(b"</row>", b"text</row>"),
    PLAIN.replace(b"<sheetData>", b"<sheetData >"),
)
BESIDE = (
    PLAIN.replace(b"1.5", b" 1.5 "),
    PLAIN.replace(b"1.5", b"1_5"),
    PLAIN.replace(b"1.5", b"1.50e2"),
    PLAIN.replace(b"<v>1.5</v>", b"<f>A2</f>"),
    PLAIN.replace(b"<v>1.5</v>", b'<f t="shared" ref="A1:A2" si="0">B1</f><v>7</v>'),
    PLAIN.replace(b'A1"><v>1.5</v>', b'A1" t="inlineStr"><is><r><t>a &amp; </t></r><r><t>b</t></r></is>'),
    PLAIN.replace(b"</row>", b'</row><row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3"/>'),
    PLAIN + b'<hyperlinks><hyperlink ref="C1:D2" location="elsewhere"/></hyperlinks>',
    PLAIN + b'<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
)
BROKEN = (
    PLAIN.replace(b"1.5", b"no number"),
    PLAIN.replace(b'"A1"', b'"A1" s="999"'),
    PLAIN.replace(b'"b"', b'"s"'),
    PLAIN.replace(b'<row r="1"', b'<row r="1" x:dyDescent="0.25"'),
)

values = st.one_of(
    st.integers(-(10**17), 10**17),
    st.floats(-1e12, 1e12).map(lambda number: round(number, 3)),
    st.sampled_from(["Exports", "a & <b>", " two  blanks ", "51.2", True, None]),
)
cells = st.tuples(values, st.sampled_from(range(len(FORMATS))), st.booleans())


def packed(rows: list[list[tuple[Any, int, bool]]], merged: bool = False) -> bytes:
    """A workbook of some values, each with its format, some as formulas."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as writer:
        formats = [writer.add_format({"num_format": code}) for code in FORMATS]
        sheet = writer.add_worksheet()
        for row, line in enumerate(rows):
            for column, (value, form, formula) in enumerate(line):
                if formula:
                    sheet.write_formula(row, column, "=1+1", formats[form], "" if value is None else value)
                else:
                    sheet.write(row, column, value, formats[form])
        if merged:
            sheet.merge_range(0, 0, 1, 1, "over all")
    return book.getvalue()


def with_data(data: bytes) -> bytes:
    """A workbook whose sheet holds some XML."""
    full, changed = zipfile.ZipFile(io.BytesIO(packed([[("x", 0, False)]]))), io.BytesIO()
    with zipfile.ZipFile(changed, "w") as parts:
        for name in full.namelist():
            text = full.read(name)
            sheet = name.startswith("xl/worksheets/")
            text = re.sub(rb"<sheetData>.*</sheetData>", lambda _: data, text) if sheet else text
            parts.writestr(name, text)
    return changed.getvalue()


def outcome(data: bytes) -> object:
    """The cells of all sheets, or what is wrong with them."""
    try:
        return {**workbooks.cells_of(data, "t.xlsx", 10**7, ""), "grid": grid(data)}
    except Exception as error:
        return str(error)


def grid(data: bytes) -> tuple[list[list[Cell]], tuple[str, ...]] | str:
    try:
        read = workbooks.grid_of(data, "t.xlsx")
    except Exception as error:
        return str(error)
    return [list(row) for row in read.rows], read.remarks


def by_openpyxl(data: bytes) -> object:
    """The same where openpyxl reads every cell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbooks, "lightened", lambda _: None)
        return outcome(data)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
@settings(max_examples=examples(200, 25), deadline=None)
def test_cells_are_what_openpyxl_reads(rows: list[list[tuple[Any, int, bool]]], merged: bool) -> None:
    data = packed(rows, merged)
    assert lightened(data) is not None
    assert outcome(data) == by_openpyxl(data)


@pytest.mark.parametrize("data", BESIDE)
def test_what_is_no_plain_number_is_read_by_openpyxl_once_for_all(data: bytes) -> None:
    book = with_data(data)
    assert lightened(book) is not None
    assert outcome(book) == by_openpyxl(book)


@pytest.mark.parametrize("data", OTHERWISE)
def test_a_sheet_that_is_written_otherwise_is_left_to_openpyxl(data: bytes) -> None:
    book = with_data(data)
    assert lightened(book) is None
    assert "1.5" in str(outcome(book))


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_sheet_is_refused_in_the_same_words(data: bytes) -> None:
    book = with_data(data)
    assert "cannot be read" in str(outcome(book))
    assert outcome(book) == by_openpyxl(book)


def test_a_part_that_is_no_sheet_and_broken_changes_nothing() -> None:
    book = with_data(PLAIN)
    with zipfile.ZipFile(changed := io.BytesIO(book), "a") as parts:
        parts.writestr("xl/media/picture.png", b"a picture")
    broken = changed.getvalue().replace(b"a picture", b"b picture", 1)  # its sum is wrong now
    assert outcome(broken) == outcome(book)


def test_openpyxl_makes_no_cell_of_a_plain_number(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [[(row + 0.25 * column, 1, False) for column in range(20)] for row in range(300)]
    rows = [[("Kazakhstan", 0, False), *line] for line in numbers]
    data, made = packed(rows), []
    loaded = workbooks._loaded

    def counted(data: bytes, *, values: bool) -> Any:
        book = loaded(data, values=values)
        made.extend(cell for sheet in book.worksheets for cell in sheet._cells)
        return book

    monkeypatch.setattr(workbooks, "_loaded", counted)
    assert len(workbooks.grid_of(data, "t.xlsx").rows) == 300
    assert len(made) < 10
