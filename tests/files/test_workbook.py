"""A scenario as an Excel workbook and back: the same scenario, faults by cell. Default tier."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import Fault, ScenarioError
from simulator.files.loading import load, load_text
from simulator.files.reading import SHIPPED, shipped_names
from simulator.files.template import starter
from simulator.files.workbook.assumptions import VALUE
from simulator.files.workbook.bringing import alone, brought
from simulator.files.workbook.contents import book_of
from simulator.files.workbook.form import FIGURES, MEASURES, OUTLOOK, PATH, RISKS, TARGETS, TEXT_SHEET
from simulator.files.workbook.reading import read
from simulator.files.workbook.writing import workbook
from simulator.scenario import Scenario
from simulator.scenario.parameters import knobs
from simulator.values.units import Unit
from tests.tiers import examples, sampled

FLAGSHIP = SHIPPED / "belarus-kazakhstan-2020.yaml"
TEXT = """\
title: A pair  # mine
as_of: 2018-10-31
rates: {EUR: 1.1}
target: {measure: exports, period: 2020, at_least: 100}
streams:
  cars: {direction: exports, share: 30%}
  rest: {direction: exports}
  imports: {direction: imports}
observations:  # from the office
  # the first
  - {measure: exports, period: 2016, value: 364.90, growth: 44%, source: press}  # as printed
  - measure: exports
    period: 2017
    value: 594.4
  - {measure: imports, from: 2015, every: year, values: [12.5, null, 13.0]}
alternatives:
  other: [{measure: exports, period: 2016, value: 300}]
levers:
  fairs:  # each spring
    kind: custom
    percent: {low: 0%, likely: 1%, high: 2.5%}
    start: 2019-01
    sources: {percent: a guess}
  plant:
    kind: joint_ventures
    count: 6
    planned_exports_each: {p5: 1, p95: 12}
  deals: {kind: interregional_deals, signed: 5, value_each: {choices: {4: 0.5, 6: 0.5}}, cost: 12.3 EUR}
notes: |
  Two  lines,
  of _x000D_ words.
"""

SMALL = "title: A pair\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2019, at_least: 5}\n"


class Excel:
    """A workbook as a person changes it: cells by the path of their row and the head of their column."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))

    def heads(self, sheet: str) -> tuple[dict[str, int], int]:
        for row in self.book[sheet].iter_rows():
            names = {cell.value: cell.column for cell in row if cell.value}
            if PATH in names:
                return names, row[0].row
        raise AssertionError(sheet)

    def row(self, sheet: str, path: str) -> int:
        column, _ = self.heads(sheet)[0][PATH], None
        rows = [
            n
            for n in range(1, self.book[sheet].max_row + 1)
            if self.book[sheet].cell(n, column).value == path
        ]
        assert len(rows) == 1, path
        return rows[0]

    def cell(self, sheet: str, path: str, head: str = VALUE) -> Any:
        return self.book[sheet].cell(self.row(sheet, path), self.heads(sheet)[0][head])

    def put(self, sheet: str, path: str, value: Any, head: str = VALUE) -> str:
        cell = self.cell(sheet, path, head)
        cell.value = value
        return f"{sheet}!{cell.coordinate}"

    def figure(self, **values: Any) -> int:
        """Fill in the first blank row of the figures."""
        heads, head = self.heads(FIGURES)
        sheet = self.book[FIGURES]
        row = next(
            n
            for n in range(head + 1, head + 999)
            if all(sheet.cell(n, c).value is None for c in heads.values())
        )
        for name, value in values.items():
            sheet.cell(row, heads[name]).value = value
        return row

    def clear(self, path: str) -> None:
        for cell in self.book[FIGURES][self.row(FIGURES, path)]:
            cell.value = None

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


@cache
def written(text: str = TEXT) -> bytes:
    return workbook(text, "s.yaml")


def excel(text: str = TEXT) -> Excel:
    return Excel(written(text))


def back(book: Excel, text: str = TEXT) -> str:
    return brought(read(book.saved(), "b.xlsx"), text, "s.yaml").text


def faults(book: Excel | bytes, text: str = TEXT) -> dict[str, str]:
    data = book if isinstance(book, bytes) else book.saved()
    with pytest.raises(ScenarioError) as refused:
        brought(read(data, "b.xlsx"), text, "s.yaml")
    assert {fault.file for fault in refused.value.faults} == {"b.xlsx"}, refused.value
    return {fault.path: fault.message for fault in refused.value.faults}


def scenario(text: str) -> Scenario:
    return load_text(text, "s.yaml").scenario


# The round trip


@pytest.mark.parametrize("name", [*sampled(shipped_names(), 7, 2), "the starter", "the text above"])
def test_what_is_not_changed_comes_back_as_the_same_scenario_and_the_same_bytes(name: str) -> None:
    file = SHIPPED / f"{name}.yaml" if name in shipped_names() else None
    content = file.read_bytes() if file else (starter() if name == "the starter" else TEXT).encode()
    data = workbook(content, name, file)
    for again in (data, Excel(data).saved()):
        edits = read(again, "b.xlsx")
        assert (edits.faults, edits.changes, edits.added) == ([], {}, {})
        assert brought(edits, content, name, file).text.encode() == content
        assert scenario(alone(edits).text) == load_text(content, name, file=file).scenario


TEXTS = st.text(st.characters(codec=None), max_size=20) | st.text(
    st.sampled_from("_x000D_\\\"' \t\n=\u00a0\u2028\ufffe\uffff\ufeff\u200b\U0001fffe\x1bé<;#:"), max_size=9
)


@settings(max_examples=examples(200, 15), deadline=None)
@given(TEXTS, TEXTS)
def test_every_text_that_a_scenario_may_have_comes_back(one: str, other: str) -> None:
    written = ['"' + "".join(f"\\U{ord(letter):08x}" for letter in text) + '"' for text in (one, other)]
    figure = f"{{measure: turnover, period: 2017, value: 5, source: {written[1]}}}"
    text = f"{SMALL}notes: {written[0]}\nobservations: [{figure}]\n"
    try:
        load_text(text, "s.yaml")
    except ScenarioError as refused:
        assert "found" in str(refused)  # noqa: PT017
        return
    back = alone(read(workbook(text, "s.yaml"), "b.xlsx"))
    assert (back.text, back.changed) == (text, False)


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\ufff9"])
def test_a_character_that_no_workbook_holds_is_refused(character: str) -> None:
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:1: title: found the character .* no letter; take it out"
    ):
        load_text(f'title: "a\\u{ord(character):04x}"\n', "s.yaml")


def test_every_knob_switch_and_figure_has_a_cell() -> None:
    for text in (TEXT, starter(), FLAGSHIP.read_text("utf-8")):
        book = book_of(text, "s.yaml")
        stated = {
            str(entry.address)
            for sheet in book.sheets
            for row in sheet.rows
            for entry in row.entries.values()
        }
        numbers = {row.path for sheet in book.sheets for row in sheet.rows if row.number}
        assert {knob.path for knob in knobs(book.scenario)} <= stated | numbers
        assert sum(row.path.startswith("observations") for sheet in book.sheets for row in sheet.rows) >= len(
            book.scenario.figures
        )


def test_the_same_text_gives_the_same_workbook() -> None:
    assert workbook(TEXT, "s.yaml") == workbook(TEXT, "s.yaml")


CHANGEABLE = tuple(
    (knob.path, knob.part, knob.unit, knob.low, knob.high, knob.main)
    for knob in knobs(load(FLAGSHIP).scenario)
    if knob.unit is not Unit.MONTH
    and knob.address.section in ("levers", "risks", "outlook")
    and not knob.part
)


def sheet_of(path: str) -> str:
    return {"levers": MEASURES, "risks": RISKS, "outlook": OUTLOOK}[path.partition(".")[0]]


@settings(max_examples=examples(10, 4), deadline=None)
@given(st.data())
def test_numbers_that_are_changed_in_excel_arrive_exactly(data: st.DataObject) -> None:
    text = FLAGSHIP.read_text("utf-8")
    book, base = excel(text), load(FLAGSHIP).scenario
    picked = data.draw(st.lists(st.sampled_from(CHANGEABLE), min_size=1, max_size=5, unique=True))
    wanted: dict[str, float] = {}
    for path, _, unit, low, high, _ in picked:
        share = data.draw(st.integers(1, 99))
        number = (
            round(low + (high - low) * share / 100)
            if unit.integer
            else round(low + (high - low) * share / 100, 5)
        )
        sheet, row = sheet_of(path), book_row(book, path)
        if overlapping(path, base):  # what a group shares stands at each of its levers
            continue
        for head in ("Low", "High", "5 %", "95 %", "SD"):
            if head in row:
                book.put(sheet, path, None, head)
        book.put(sheet, path, number)
        wanted[path] = number
    edits = read(book.saved(), "b.xlsx")
    made = scenario(brought(edits, text, "s.yaml").text)
    present = {knob.path: knob.value for knob in knobs(made)}
    assert {path: present[path] for path in wanted} == pytest.approx(wanted, rel=1e-14, abs=0)
    untouched = {knob.path: knob.value for knob in knobs(base)}.keys() & present.keys() - wanted.keys()
    before = {knob.path: knob.value for knob in knobs(base)}
    assert all(present[path] == before[path] for path in untouched)


def book_row(book: Excel, path: str) -> set[str]:
    heads, _ = book.heads(sheet_of(path))
    row = book.row(sheet_of(path), path)
    return {
        head
        for head, column in heads.items()
        if not book.book[sheet_of(path)].cell(row, column).protection.locked
    }


def overlapping(path: str, _base: Scenario) -> bool:
    return path.endswith("overlap.cap")


def test_only_what_was_changed_in_excel_changes_in_the_file() -> None:
    book = excel()
    book.put(MEASURES, "levers.plant.count", 8)
    book.put(MEASURES, "levers.fairs.percent", 0.0125)
    book.put(MEASURES, "levers.fairs.percent", "the ministry", "Source")
    book.put(TARGETS, "target.at_least", 110)
    book.put(FIGURES, "observations.1", 600, "Value")
    book.put("About", "title", "Another pair", "Value")
    expected = TEXT
    for old, new in {
        "count: 6": "count: 8",
        "likely: 1%": "likely: 1.25%",
        "a guess": "the ministry",
        "at_least: 100": "at_least: 110",
        "594.4": "600.0",
        "title: A pair": "title: Another pair",
    }.items():
        expected = expected.replace(old, new)
    assert back(book) == expected


def test_a_value_that_held_by_default_is_stated_once_it_is_changed() -> None:
    book = excel()
    book.put(MEASURES, "levers.plant.delay", 9)  # the likely one of a range
    book.put(MEASURES, "levers.fairs.enabled", "off")
    book.put(OUTLOOK, "outlook.world", "boom")
    book.put(MEASURES, "levers.fairs.cost", 2.5)
    made = scenario(back(book))
    plant, fairs = made.levers["plant"], made.levers["fairs"]
    assert plant.delay.parts == {"low": 0, "likely": 9, "high": 24}  # type: ignore[union-attr]
    assert (fairs.enabled, fairs.cost, made.outlook.world) == (False, 2.5, "boom")


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        ({VALUE: 0.03}, "3%"),
        ({"Low": None, VALUE: None, "High": None, "5 %": 0.01, "95 %": 0.05}, {"p5": "1%", "p95": "5%"}),
        ({"Low": None, "High": None, "SD": 0.005}, {"mean": "1%", "sd": "0.5%"}),
        ({"High": 0.03}, {"low": "0%", "likely": "1%", "high": "3%"}),
    ],
)
def test_the_cells_that_are_filled_say_the_form_of_an_uncertain_number(
    cells: dict[str, Any], form: Any
) -> None:
    book = excel()
    if form == "3%":
        cells = {"Low": None, "High": None, **cells}
    for head, value in cells.items():
        book.put(MEASURES, "levers.fairs.percent", value, head)
    field = scenario(back(book)).levers["fairs"].percent  # type: ignore[union-attr]
    assert field.written() == form


def test_a_form_without_columns_and_money_of_another_currency_are_texts() -> None:
    book = excel()
    assert book.cell(MEASURES, "levers.deals.value_each").value == "{choices: {4: 0.5, 6: 0.5}}"
    book.put(MEASURES, "levers.deals.value_each", "{choices: {4: 0.2, 7: 0.8}}")
    assert book.cell(MEASURES, "levers.deals.cost").value == "12.3 EUR"
    book.put(MEASURES, "levers.deals.cost", "14 EUR")
    text = back(book)
    assert 'value_each: {choices: {4: 0.2, 7: 0.8}}, cost: "14 EUR"' in text


def test_lists_and_months_can_be_changed() -> None:
    book = excel()
    book.put(MEASURES, "levers.fairs.streams", "[cars, rest]")
    book.put(MEASURES, "levers.fairs.start", dt.datetime(2019, 7, 1))  # what Excel makes of a month typed in
    book.put(MEASURES, "levers.plant.start", "2019-05-15")
    text = back(book)
    assert "start: 2019-07\n" in text
    made = scenario(text)
    assert made.levers["fairs"].streams == ("cars", "rest")
    assert made.levers["plant"].start is not None
    assert made.levers["plant"].start.written() == "2019-05-15"


@pytest.mark.parametrize(
    ("typed", "stated"),
    [
        ("8 %", "8%"),
        ("8,5%", "8.5%"),
        ("8.50 %", "8.50%"),
        ("\u00a08%", "8%"),
        (0.085, "8.5%"),
        (0.1 + 0.2, "30%"),
    ],
)
def test_percents_are_understood_as_excel_hands_them_over(typed: Any, stated: str) -> None:
    book = excel()
    for head in ("Low", "High"):
        book.put(MEASURES, "levers.fairs.percent", None, head)
    book.put(MEASURES, "levers.fairs.percent", typed)
    assert f"percent: {stated}\n" in back(book)


@pytest.mark.parametrize(
    ("typed", "stated"),
    [
        ("110,5", "110.5"),
        ("1 100,5", "1100.5"),
        ("1\u00a0100", "1100"),
        ("1,234.5", "1234.5"),
        ("120", "120"),
        (150, "150"),
    ],
)
def test_numbers_that_stand_as_texts_are_numbers(typed: Any, stated: str) -> None:
    book = excel()
    book.put(TARGETS, "target.at_least", typed)
    assert f"at_least: {stated}}}" in back(book)


# Figures


def test_figures_keep_the_digits_in_which_they_were_published() -> None:
    book = excel()
    book.put(FIGURES, "observations.0", 365.1, "Value")  # under the format of 364.90
    book.put(FIGURES, "observations.0", 0.45, "Growth")
    book.put(FIGURES, "observations.1", 610.54321, "Value")
    text = back(book)
    assert "value: 365.10, growth: 45%, source: press}  # as printed" in text
    assert "value: 610.54321" in text
    assert scenario(text).figures[0].value is not None
    assert scenario(text).figures[0].value.digits == Decimal("365.10")


def test_figures_are_added_behind_the_others() -> None:
    book = excel()
    book.figure(
        Measure="exports",
        Period=2014,
        Value=310.5,
        Growth="3 %",
        Source="press",
        Published=dt.datetime(2016, 3, 1),
    )
    book.figure(Set="other", Measure="imports", Period="2016-Q1", Least=2, Most=2.5)
    book.figure(Set="third", Measure="exports", Period="2017", Value=500)
    text = back(book)
    added = "  - {measure: exports, period: 2014, value: 310.5, growth: 3%, published: 2016-03-01, source: press}\n"
    assert TEXT.split("alternatives:")[0] + added in text
    made = scenario(text)
    assert [len(items) for items in made.alternatives.values()] == [2, 1]
    low, high = made.alternatives["other"][1].between or (None, None)  # type: ignore[union-attr]
    assert (str(low), str(high)) == ("2", "2.5")


def test_figures_that_are_cleared_or_whose_row_is_deleted_are_taken_out() -> None:
    book = excel()
    book.clear("observations.1")
    assert len(scenario(back(book)).observations) == 2
    book = excel()
    book.book[FIGURES].delete_rows(book.row(FIGURES, "observations.0"))
    text = back(book)
    assert [str(item.measure) for item in scenario(text).observations] == ["exports", "imports"]
    assert "# as printed" not in text
    book = excel()
    book.clear("alternatives.other.0")
    assert not scenario(back(book)).alternatives


def test_fields_of_a_figure_are_added_and_taken_out() -> None:
    book = excel()
    book.put(FIGURES, "observations.0", None, "Growth")
    book.put(FIGURES, "observations.0", "5%", "Error")
    book.put(FIGURES, "observations.1", None, "Value")
    book.put(FIGURES, "observations.1", 590, "Least")
    book.put(FIGURES, "observations.1", 600, "Most")
    first, second, *_ = scenario(back(book)).observations
    assert (str(first.error), getattr(first, "growth", None)) == ("5%", None)
    assert [str(end) for end in getattr(second, "between", None) or ()] == ["590", "600"]


def test_sums_of_a_series_are_changed_filled_in_and_taken_out() -> None:
    book = excel()
    book.put(FIGURES, "observations.2.values.0", 12.7, "Value")
    assert "values: [12.7, null, 13.0]" in back(book)
    book.put(FIGURES, "observations.2.values.1", 14, "Value")
    book.put(FIGURES, "observations.2.values.2", None, "Value")
    assert "values: [12.7, 14, null]" in back(book)
    for number in range(3):
        book.put(FIGURES, f"observations.2.values.{number}", None, "Value")
    assert len(scenario(back(book)).observations) == 2


def test_all_figures_can_be_replaced_by_new_ones_but_not_by_none() -> None:
    book = excel()
    for path in ("observations.0", "observations.1"):
        book.clear(path)
    for number in range(3):
        book.put(FIGURES, f"observations.2.values.{number}", None, "Value")
    assert "found an empty list" in faults(book)[FIGURES]
    book.figure(Measure="exports", Period=2017, Value=594.4)
    assert len(scenario(back(book)).observations) == 1


def test_rows_may_stand_in_any_order() -> None:
    book = excel()
    sheet = book.book[FIGURES]
    first, second = (book.row(FIGURES, f"observations.{number}") for number in (0, 1))
    for one, other in zip(sheet[first], sheet[second], strict=True):
        one.value, other.value = other.value, one.value
        one.number_format, other.number_format = other.number_format, one.number_format
    assert back(book) == TEXT


# Faults, each with its cell


def test_every_fault_is_named_by_its_cell_all_at_once() -> None:
    book = excel()
    book.cell(FIGURES, "observations.1", "Growth").number_format = "General"
    wrong = {
        book.put(MEASURES, "levers.plant.count", "eight"): "found 'eight', expected a number from 0 to 1000",
        book.put(MEASURES, "levers.plant.probability", 1.5): "found 1.5, expected from 0 to 1",
        book.put(MEASURES, "levers.fairs.percent", dt.datetime(2019, 1, 1)): "found the date 2019-01-01",
        book.put(MEASURES, "levers.fairs.start", "spring"): "found 'spring', expected",
        book.put(MEASURES, "levers.fairs.enabled", "perhaps"): "found 'perhaps', expected one of off, on",
        book.put(OUTLOOK, "outlook.trend", 0.08, "5 %"): "found Value or likely and 5 %, expected",
        book.put(OUTLOOK, "outlook.memory", None): "found nothing, expected a value",
        book.put(TARGETS, "target.at_least", "1,234"): "which may be 1234 or 1.234",
        book.put(TARGETS, "target.period", "next year"): "found 'next year', expected a year (2018)",
        book.put(FIGURES, "observations.0", "a lot", "Value"): "found 'a lot', expected an amount of money",
        book.put(FIGURES, "alternatives.other.0", "", "Set"): "a figure that changes its set",
        book.put(FIGURES, "observations.0", "yesterday", "Published"): "found 'yesterday', expected a date",
        book.put(FIGURES, "observations.1", 1e300, "Value"): "found a number of 301 digits",
        book.put(FIGURES, "observations.1", 4, "Growth"): "in a cell that shows no percent",
        book.put("About", "currency", "EUR", "Value"): "found 'EUR' in a cell that is not changed here",
        book.put("About", "title", None, "Value"): "found no title, expected",
    }
    assert missed(wrong, faults(book)) == []


def missed(wrong: dict[str, str], found: dict[str, str]) -> list[str]:
    """The cells whose message is missing or another."""
    return [f"{cell}: {found.get(cell)}" for cell, part in wrong.items() if part not in found.get(cell, "")]


def test_what_does_not_fit_together_is_told_at_a_cell_that_says_it() -> None:
    book = excel()
    low = book.put(MEASURES, "levers.fairs.percent", 0.2, "Low")
    stream = book.put(MEASURES, "levers.fairs.streams", "[ships]")
    value = book.put(FIGURES, "observations.0", -4, "Value")
    told = faults(book)
    assert "found low '20%' above likely '1%'" in told[low]
    assert "found 'ships', expected a stream" in told[stream]
    assert told[value].startswith("found -4, expected at least 0") or "at least 0" in told[value]


def test_figures_that_contradict_each_other_are_told_at_their_cells() -> None:
    book = excel()
    book.clear("observations.0")
    row = book.figure(Measure="exports", Period=2017, Value=10, Published=dt.datetime(2018, 1, 1))
    book.put(FIGURES, "observations.1", dt.datetime(2018, 1, 1), "Published")
    other = book.figure(Measure="nonsense", Period=2017, Value=10)
    told = faults(book)
    assert any(cell.endswith(str(other)) and "nonsense" in message for cell, message in told.items())
    assert row != other


def test_a_new_figure_belongs_to_a_set_that_can_have_the_name() -> None:
    book = excel()
    row = book.figure(Set="levers.plant", Measure="exports", Period=2017, Value=10)
    assert faults(book) == {
        f"{FIGURES}!A{row}": "found 'levers.plant', expected a name of letters, digits, - and _"
    }


def test_paths_that_were_changed_lead_nowhere() -> None:
    book = excel()
    changed = book.put(MEASURES, "levers.plant.count", "levers.plant.cuont", PATH)
    doubled = book.put(FIGURES, "observations.1", "observations.0", PATH)
    sheet = book.book[RISKS]
    heads, head = book.heads(RISKS)
    sheet.cell(head + 1, heads[VALUE]).value = 5
    told = faults(book)
    assert "which leads nowhere" in told[changed]
    assert "found 'observations.0' again" in told[doubled]
    assert "found '5' in a row without a path" in told[f"{RISKS}!D{head + 1}"]
    assert "found no row of this path" in told[f"{MEASURES}!levers.plant.count"]


def test_a_sheet_or_its_heads_that_are_gone_are_told() -> None:
    book = excel()
    del book.book[OUTLOOK]
    heads, head = book.heads(MEASURES)
    book.book[MEASURES].cell(head, heads[PATH]).value = "Way"
    told = faults(book)
    assert "found no sheet of this name" in told[OUTLOOK]
    assert "found no row of heads" in told[f"{MEASURES}!A1"]


def test_a_formula_counts_once_excel_has_saved_its_result() -> None:
    book = excel()
    cell = book.put(TARGETS, "target.at_least", "=50*2.5")
    assert "formula without a stored result" in faults(book)[cell]  # openpyxl works nothing out
    assert "at_least: 125}" in back_of_bytes(with_result(book.saved(), "50*2.5", "125"))


def with_result(data: bytes, formula: str, result: str) -> bytes:
    """A workbook in which a formula's result is stored, as Excel does."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for empty in (b"<v></v>", b"<v />", b"<v/>"):
                part = part.replace(
                    f"<f>{formula}</f>".encode() + empty, f"<f>{formula}</f><v>{result}</v>".encode()
                )
            new.writestr(name, part)
    return out.getvalue()


def back_of_bytes(data: bytes, text: str = TEXT) -> str:
    return brought(read(data, "b.xlsx"), text, "s.yaml").text


ODD = (
    *(
        "",
        "#REF!",
        "eight",
        "8 %",
        "1,234",
        "{a: 1}",
        "[x",
        "{",
        "*x",
        "!!t x",
        "1e5",
        "nan",
        "12 XXX",
        "-",
        "on",
    ),
    *(
        "2019-13",
        "2018-01..2017-01",
        "FY",
        "levers.plant.count",
        "a" * 32_000,
        "a: b",
        "12%%",
        "%",
        "1.000.000,5",
    ),
    *(None, True, dt.datetime(1900, 1, 1), dt.time(3, 4), dt.timedelta(3), 1e300, -5, 0, 2.0**60, "=1/0"),
)


@settings(max_examples=examples(12, 4), deadline=None)
@given(st.data())
def test_whatever_stands_in_cells_is_taken_or_told(data: st.DataObject) -> None:
    book = excel()
    cells = [
        cell for sheet in book.book.worksheets[:6] for row in sheet.iter_rows(max_row=60) for cell in row
    ]
    for cell in data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=12)):
        cell.value = data.draw(st.sampled_from(ODD))
    told: tuple[Fault, ...] = ()
    text = TEXT
    try:
        text = back(book)
    except ScenarioError as error:
        told = error.faults
    assert {fault.file for fault in told} <= {"b.xlsx"}
    assert scenario(text).title


def test_a_workbook_that_is_none_of_a_scenario_is_refused() -> None:
    other = openpyxl.Workbook()
    out = io.BytesIO()
    other.save(out)
    book = excel()
    book.book[TEXT_SHEET]["A2"].value = '"title: Mine\\n"'
    for data, words in (
        (out.getvalue(), "found no workbook of a scenario"),
        (b"PK\x03\x04 and no more", "cannot be unpacked"),
        (book.saved(), "text of the scenario that was changed"),
        (b"PK\x03\x04" + bytes(3_000_000), "found more than 2 MB"),
    ):
        with pytest.raises(ScenarioError, match=words):
            read(data, "b.xlsx")


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO(written())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet99.xml", b"0" * 50_000_000)
    assert len(out.getvalue()) < 200_000
    with pytest.raises(ScenarioError, match="MB unpacked, expected at most 6 MB"):
        read(out.getvalue(), "b.xlsx")


# A file that was changed as well


def test_changes_of_the_file_and_of_the_workbook_are_put_together() -> None:
    book = excel()
    book.put(MEASURES, "levers.plant.count", 8)
    book.put(FIGURES, "observations.1", 600, "Value")
    book.figure(Measure="exports", Period=2014, Value=310.5)
    edited = TEXT.replace("at_least: 100", "at_least: 120").replace(
        "  # the first\n", "  - {measure: exports, period: 2013, value: 290}\n  # the first\n"
    )
    once = back(book, edited)
    made = scenario(once)
    assert (made.target[0].at_least, made.levers["plant"].count) == (120, 8)  # type: ignore[union-attr]
    assert [str(figure.value) for figure in made.figures[:3]] == ["290", "364.90", "600.0"]
    assert back(book, once) == once  # a second time there is nothing left to do


def test_an_approval_does_not_hold_for_what_is_changed_in_excel() -> None:
    text = TEXT + "approved: {by: Her, on: 2018-11-01}\n"
    book = excel(text)
    assert back(book, text) == text
    book.put(MEASURES, "levers.plant.count", 8)
    assert back(book, text) == TEXT.replace("count: 6", "count: 8")


def test_what_was_changed_in_both_is_a_fault_at_its_cell() -> None:
    book = excel()
    cell = book.put(MEASURES, "levers.plant.count", 8)
    figure = book.put(FIGURES, "observations.1", 600, "Value")
    edited = TEXT.replace("count: 6", "count: 7").replace("594.4", "595.5")
    told = faults(book, edited)
    assert told[cell].startswith("found 8 in place of 6, but s.yaml has 7 by now")
    assert "600.0" in told[figure]


def test_a_file_that_extends_another_takes_what_was_changed_on_top(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT, "utf-8")
    over = tmp_path / "over.yaml"
    over.write_text("extends: base.yaml\ntitle: Over it  # mine\nlevers: {plant: {count: 7}}\n", "utf-8")
    content = over.read_text("utf-8")
    book = Excel(workbook(content, str(over), over))
    book.put(MEASURES, "levers.plant.count", 9)
    book.put(MEASURES, "levers.fairs.percent", 0.015)  # a range of the base, of which the overlay needs all
    book.put(FIGURES, "observations.1", 600, "Value")
    edits = read(book.saved(), "b.xlsx")
    text = brought(edits, content, str(over), over).text
    made = load_text(text, str(over), file=over).scenario
    assert made == scenario(alone(edits).text)
    assert "title: Over it  # mine" in text
    assert made.levers["fairs"].percent.parts["likely"] == 0.015  # type: ignore[union-attr]
    assert str(made.figures[1].value) == "600.0"
    assert (tmp_path / "base.yaml").read_text("utf-8") == TEXT


# What Excel shows


def test_cells_that_may_be_changed_are_coloured_and_unlocked_and_no_others() -> None:
    book = excel(starter()).book
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert not sheet.protection.password
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    unlocked = [cell for cell in cells if not cell.protection.locked]
    coloured = [cell for cell in cells if cell.fill.fgColor.rgb == "FFFFF8DC"]
    ids = set(map(id, coloured))
    paths = [cell for cell in unlocked if cell.parent.title == FIGURES and id(cell) not in ids]
    assert len(coloured) > 500
    assert set(map(id, unlocked)) - set(map(id, paths)) == ids
    words = {str(cell.value).split(".")[0] for cell in paths}  # of rows that can be deleted
    assert words <= {"observations", "alternatives", "None", "other-office"}
    assert book[TEXT_SHEET].sheet_state == "veryHidden"


def test_choices_are_lists_and_numbers_have_bounds() -> None:
    book = excel()
    rules = {
        str(area): rule
        for rule in book.book[MEASURES].data_validations.dataValidation
        for area in rule.sqref.ranges
    }
    enabled = rules[book.cell(MEASURES, "levers.fairs.enabled").coordinate]
    assert (enabled.type, enabled.formula1) == ("list", '"off,on"')
    chance = rules[book.cell(MEASURES, "levers.fairs.probability").coordinate]
    assert (chance.type, chance.formula1, chance.formula2, chance.errorStyle or "stop") == (
        "decimal",
        "0",
        "1",
        "stop",
    )
    cost = rules[book.cell(MEASURES, "levers.plant.planned_exports_each", "5 %").coordinate]
    assert cost.errorStyle == "warning"
    assert math.isfinite(float(cost.formula2))


def test_numbers_are_numbers_and_look_as_they_are_written() -> None:
    book = excel()
    value = book.cell(FIGURES, "observations.0", "Value")
    assert (value.value, value.number_format) == (364.9, "#,##0.00")
    growth = book.cell(FIGURES, "observations.0", "Growth")
    assert (growth.value, growth.number_format) == (0.44, "0%")
    percent = book.cell(MEASURES, "levers.fairs.percent", "High")
    assert (percent.value, percent.number_format) == (0.025, "0.0##%")
    sheet = book.book[MEASURES]
    widths = {
        sheet.cell(book.heads(MEASURES)[1], n).value: sheet.column_dimensions[letter].width
        for n, letter in enumerate("ABCDEFGHIJKLMN", 1)
    }
    assert all(width > len(head) for head, width in widths.items() if head != PATH)
    assert sheet.freeze_panes == f"C{book.heads(MEASURES)[1] + 1}"


def test_nothing_of_a_scenario_becomes_a_formula_or_a_link() -> None:
    text = TEXT.replace("title: A pair", "title: '=HYPERLINK(\"http://a.b\")'").replace(
        "source: press", "source: https://a.b"
    )
    with zipfile.ZipFile(io.BytesIO(workbook(text, "s.yaml"))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert b"=HYPERLINK" in parts["xl/sharedStrings.xml"]
    assert not [name for name, part in parts.items() if b"<f>" in part or b"<hyperlink" in part]
    edits = read(Excel(workbook(text, "s.yaml")).saved(), "b.xlsx")
    assert not edits.changes
    assert not edits.faults
