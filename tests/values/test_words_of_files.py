"""Words of files and of their names, made safe for what they are written into. Default tier."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator
from simulator.report import to_csv
from simulator.report.charts.drawing import printable
from simulator.values.wording import acting, escaped, of_spreadsheet_cell, spreadsheet_cell, would_be_formula

HOSTILE = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "\tx",
    "\rx",
    "\uff1d1+1",
    "a;=1+1",
    "a\t@x",
    "'=1+1",
    "\x1b]0;t\x07",
    "\u202ex",
    "\ufffe",
    "\uffff",
    "\u2028",
    "\udcff",
    "<script>alert(1)</script>",
    "a\"b'c&d",
]
texts = st.text(st.characters(codec=None)) | st.text(st.sampled_from("=+-@\t\r;'<&\"\x1b\u202e\ufffe\udcffx"))


def read(table: str, delimiter: str = ",") -> list[str]:
    return [cell for row in csv.reader(io.StringIO(table), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_harmless_in_heads_and_cells_of_a_table(text: str) -> None:
    written = to_csv([{text: text}])
    written.encode()
    assert not acting(written)
    for delimiter in ",;":  # a spreadsheet of another country parts cells at the other sign
        assert not [cell for cell in read(written, delimiter) if cell[:1] in tuple("=+-@\uff1d\t\r")]


@given(texts)
def test_every_text_can_be_written_everywhere(text: str) -> None:
    cell = spreadsheet_cell(text)
    assert not would_be_formula(cell)
    assert not acting(cell)
    page = minidom.parseString(f'<p title="{escaped(text)}">{escaped(text)}</p>'.encode())
    assert len(page.documentElement.childNodes) <= 1
    minidom.parseString(f"<p>{escaped(printable(text))}</p>".encode())


@given(st.text(st.sampled_from("=+-@\t;'xé ")))
def test_a_cell_gives_back_its_text(text: str) -> None:
    assert of_spreadsheet_cell(spreadsheet_cell(text)) == text


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    for value in (-1.5, 3, None, True, "Kazakhstan", "a - b", "5 = 5; 6 + 1", "Привет"):
        assert spreadsheet_cell(value) is value or spreadsheet_cell(value) == value


def test_nothing_else_writes_csv_or_escapes() -> None:
    root = Path(simulator.__file__).parent
    homes = {"csv.writer": ["report/tables.py"], "to_csv": ["report/tables.py", "batch/parts.py"]}
    for file in root.rglob("*.py"):
        name, tree = file.relative_to(root).as_posix(), ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                short = node.func.attr if called != "report.to_csv" else ""
                assert all(name in homes.get(each, [name]) for each in (short, called)), (name, called)
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                assert module not in ("html", "xml.sax.saxutils") or name == "values/wording.py", name
