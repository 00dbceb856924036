"""Tables: digits read without all patterns are read alike, equal cells once, too many not at all. Default tier."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import StatisticsError
from simulator.files.importing import read_table
from simulator.files.tables import facts, numbers, reporters, sheets, signs
from simulator.files.tables.blocks import blocks_of
from simulator.files.tables.choices import Choices
from simulator.files.tables.dates import Moment
from simulator.files.tables.grids import Cell
from simulator.files.tables.kinds import Kind, amount_of, kind_of
from simulator.files.tables.labels import Label
from simulator.files.tables.lines import Line, Opened
from simulator.files.tables.numbers import COMMA, POINT, is_plain, printed, read, shape
from simulator.files.tables.opening import opened
from simulator.files.tables.sheets import Sheet
from simulator.files.tables.units import Scale
from simulator.values.letters import tidy
from simulator.values.limits import TABLE_CELLS, TABLE_TEXTS, WORKBOOK_CELLS
from tests.tiers import examples

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DIGITS = st.text("0123456789., -", min_size=1, max_size=12).map(tidy).filter(bool)


@given(DIGITS)
@settings(max_examples=300, deadline=None)
def test_plain_digits_are_what_all_patterns_say_they_are(text: str) -> None:
    if not is_plain(text):
        return
    quick = kind_of(Cell(text)), amount_of(Cell(text)), printed(Cell(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "is_plain", lambda _: False)
        assert (kind_of(Cell(text)), amount_of(Cell(text)), printed(Cell(text))) == quick
    assert quick[0] is Kind.NUMBER


@given(DIGITS)
@settings(max_examples=300, deadline=None)
def test_numbers_of_one_shape_can_be_read_with_the_same_signs(text: str) -> None:
    for sign in (POINT, COMMA):
        assert (read(text, sign) is None) == (read(shape(text), sign) is None)
    values = [[read(body, sign) for sign in (POINT, COMMA)] for body in (text, shape(text))]
    if None not in values[0]:
        assert (values[0][0] == values[0][1]) == (values[1][0] == values[1][1])


def test_a_long_table_reads_each_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(cell: Cell) -> Kind:
        seen.append(cell.text)
        return kind_of(cell)

    monkeypatch.setattr(sheets, "kind_of", counted)
    rows = "".join(f"2018-{1 + n % 12:02d},{n % 5}.5,{n % 7}.5\n" for n in range(900))
    sheet = Sheet(opened(f"period,exports,imports\n{rows}".encode(), "long.csv"))
    assert len(seen) == len(set(seen)) == 3 + 12 + 7
    assert [len(block.body) for block in blocks_of(sheet)] == [900]


def test_the_decimal_sign_is_looked_for_once_a_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    inner = signs._sure
    monkeypatch.setattr(signs, "_sure", lambda grid, texts: asked.append(len(texts)) or inner(grid, texts))
    rows = "".join(f"2018-{m:02d},{1 + m % 2}{m % 9 + 1}.5\n" for m in range(1, 13))
    assert "neither thousand nor million" in _refusal(f"period,exports\n{rows}")
    assert asked == [1]


def test_too_many_cells_names_or_cells_of_a_workbook_are_refused_with_the_limit() -> None:
    row = ",".join(["1.5"] * 1000)
    told = _refusal(f"{row}\n" * (TABLE_CELLS.most // 1000 + 1))
    assert re.search(rf"found [\d,]+ cells \(in [\d,]+ rows\), expected at most {TABLE_CELLS.most:,}", told)
    names = "".join(f"name {n},{n}.5\n" for n in range(TABLE_TEXTS.most + 1))
    told = _refusal(f"period,exports\n{names}")
    assert TABLE_TEXTS.exceeded(TABLE_TEXTS.most + 3) in told


def test_cells_of_a_workbook_are_counted_before_it_is_opened() -> None:
    cells = b'<c r="A1"><v>1</v></c>' * (WORKBOOK_CELLS.most + 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")  # no workbook that could be opened
        parts.writestr("xl/worksheets/sheet1.xml", b"<worksheet><row>" + cells + b"</row></worksheet>")
    with pytest.raises(StatisticsError) as refused:
        read_table(packed.getvalue(), "big.xlsx", Choices(), Scale())
    assert WORKBOOK_CELLS.exceeded(WORKBOOK_CELLS.most + 1) in str(refused.value)


def _of_countries(*names: str) -> bytes:
    """A year of months of some countries, as the Census Bureau lays it out."""
    heads = [
        "year",
        "CTY_CODE",
        "CTYNAME",
        *(f"I{month}" for month in MONTHS),
        *(f"E{month}" for month in MONTHS),
    ]
    rows = [[2018, 1000 + n, name, *(f"{n}{m}.5" for m in range(10, 34))] for n, name in enumerate(names, 1)]
    return "\n".join(",".join(map(str, row)) for row in (heads, *rows)).encode()


def test_rows_of_other_pairs_are_named_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    names, read_of, searched = [f"Land {n}" for n in range(200)], Counter[str](), Counter[str]()
    say, amount, mention = facts._Table.say, facts.amount_of, reporters.mentioned

    def counted_say(table: facts._Table, line: Line, column: int) -> object:
        read_of[line.side.names["partner"][0]] += 1
        return say(table, line, column)

    monkeypatch.setattr(facts._Table, "say", counted_say)
    monkeypatch.setattr(facts, "amount_of", lambda cell: read_of.update(numbers=1) or amount(cell))
    monkeypatch.setattr(
        reporters, "mentioned", lambda text, code: searched.update([text]) or mention(text, code)
    )
    choices = Choices.of(home="United States", partner="Kazakhstan", unit="million USD")
    table = read_table(_of_countries(*names, "Kazakhstan"), "t.csv", choices, Scale())
    assert len(table.observations) == 24
    assert "other names" in str(table.left_out[0])
    assert table.left_out[0].cells == 200 * 24
    assert read_of.pop("numbers") <= 24 + 20  # the pair's, and the first of each shape, for the decimal sign
    assert read_of == {"Kazakhstan": 24}
    assert set(names) <= set(searched)
    assert sum(searched.values()) <= 2 * len(searched)


@given(
    st.lists(st.tuples(st.none() | st.integers(2000, 2009), st.sampled_from([None, "exports", "imports"])))
)
@settings(max_examples=examples(200, 40), deadline=None)
def test_a_row_has_the_year_and_flow_that_were_stated_last(rows: list[tuple[int | None, str | None]]) -> None:
    opened, lines, expected = Opened(year=1999), list[Line](), [(1999, None)]
    for year, flow in rows:
        side = SimpleNamespace(label=Label(flow=flow, moment=Moment(year)))
        lines.append(Line(side, lines[-1] if lines else None, opened))  # type: ignore[arg-type]
        expected.append((year or expected[-1][0], flow or expected[-1][1]))
    for line, (year, flow) in reversed(list(zip(lines, expected[1:], strict=True))[::2]):
        assert (line.year, line.flow) == (year, flow)
    assert [(line.year, line.flow) for line in lines] == expected[1:]


@given(st.text("1234567890.,- '*()p%", min_size=1, max_size=10), st.randoms())
@settings(max_examples=examples(500, 100), deadline=None)
def test_cells_of_one_shape_hold_numbers_of_one_shape(text: str, random: Random) -> None:
    other = "".join(random.choice("123456789") if letter in "123456789" else letter for letter in text)
    bodies = [amount and shape(amount.printed.body) for amount in map(amount_of, (Cell(text), Cell(other)))]
    assert bodies[0] == bodies[1]


def _refusal(text: str) -> str:
    with pytest.raises(StatisticsError) as refused:
        read_table(text.encode(), "long.csv", Choices(), Scale())
    return str(refused.value)
