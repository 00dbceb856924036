"""The page opens a scenario's Excel sheet, and hands one over. Default tier."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from streamlit.testing.v1 import AppTest

from simulator.files.reading import SHIPPED
from simulator.files.workbook.reading import read
from simulator.files.workbook.writing import workbook
from simulator.ui.server import PAGE
from simulator.ui.widgets.sheet import KIND, _made
from simulator.workspace.desk import Desk

FLAGSHIP = "belarus-kazakhstan-2020"
TEXT = (SHIPPED / f"{FLAGSHIP}.yaml").read_text("utf-8")


def sheet(value: Any) -> bytes:
    """The flagship's sheet with another target."""
    book, out = openpyxl.load_workbook(io.BytesIO(workbook(TEXT, FLAGSHIP))), io.BytesIO()
    page = book["Targets"]
    row = next(cell.row for cells in page.iter_rows() for cell in cells if cell.value == "target.at_least")
    page.cell(row, 4).value = value
    book.save(out)
    return out.getvalue()


def test_open_takes_a_sheet_and_tells_its_faults_by_cell() -> None:
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    next(button for button in page.button if button.label == "Open").click().run()
    page.get("file_uploader")[0].set_value(("bad.xlsx", sheet("a lot"), KIND)).run()
    assert "bad.xlsx: Targets!D11: found 'a lot', expected a number" in page.code[0].value
    assert page.session_state.desk.name == FLAGSHIP
    page.get("file_uploader")[0].set_value(("ours.xlsx", sheet(700), KIND)).run()
    assert not page.exception
    desk = page.session_state.desk
    assert (desk.name, desk.scenario.target[0].at_least) == ("ours.yaml", 700)
    assert desk.text == TEXT.replace("at_least: 1000", "at_least: 700")


def test_the_sheet_that_is_handed_over_holds_what_was_turned() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 700.0)
    edits = read(_made(desk), "ours.xlsx")
    assert edits.book.scenario == desk.scenario
    assert not edits.changes
