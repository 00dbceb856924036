"""Reports as DOCX, XLSX and HTML, read back as a reader's program reads them. Default tier."""

from __future__ import annotations

import datetime as dt
import html
import io
import itertools
import json
import re
import shlex
import subprocess
import sys
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader

from simulator import Scenario, compare, report, simulate
from simulator.cli import main
from simulator.cli.report import FORMATS
from simulator.files.writing import write_file
from simulator.model.result import fingerprint
from simulator.report.charts import answer, over_time
from simulator.report.charts import compare as compare_charts
from simulator.report.charts.drawing import distinct
from simulator.report.documents import KINDS, Kind, command_line, document
from simulator.report.documents.blocks import Column, Picture, Table, shown
from simulator.report.documents.contents import content
from simulator.scenario.calibration import CALIBRATED
from simulator.values.periods import Period
from tests.cases import LEVERS, SLUMP, SPLIT, TOTALS_ONLY, scenario
from tests.tiers import sampled

FEW = 256  # points
CLOSE = 1e-14  # a workbook's numbers have sixteen digits
DAY = dt.date(2026, 11, 24)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OTHER = [{"measure": "turnover", "period": 2017, "value": 604.1, "source": "the other office"}]
SOURCED = LEVERS | {
    "rules": {
        **LEVERS["rules"],
        "name": "Rules",
        "sources": {"percent": "a study of 2016", "probability": "judgement: a guess"},
    }
}
CASE = scenario(
    [{**SPLIT[0], "source": "first office"}, *SPLIT[1:]],
    title="A case of two",
    author="A. Clerk",
    levers=SOURCED,
    risks={"slump": {**SLUMP["slump"], "enabled": False}},
    alternatives={"other-office": OTHER},
    outlook={"memory": 5},
    notes="A note to the reader.",
)
LOWER = CASE.changed(
    title="A lower one",
    outlook={"trend": 0.01, "memory": 5},
    levers={key: CASE.levers[key] for key in ("ventures", "rules")},
)
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script>\" onload=\"alert(2)"
CONTROLS = "\x01\x0b"  # which no scenario holds, but a name that is handed in may
LEGIBLE = HOSTILE


@cache
def made(kind: Kind, *names: str) -> bytes:
    sets = dict(zip(names or ("only",), (CASE, LOWER, CASE.changed(title="The same")), strict=False))
    several = len(sets) > 1
    answered = compare(sets, points=FEW, files=["case.yaml"]) if several else simulate(CASE, points=FEW)
    command = "python -m simulator report case.yaml"
    return document(answered, kind, today=DAY, file="case.yaml", command=command)


@cache
def hostile(kind: Kind) -> bytes:
    words = {
        "title": HOSTILE,
        "author": HOSTILE,
        "notes": "=1+1",
        "currency": "<b>&",
        "unit": '"units"',
        "home": "-2+3",
        "partner": "@SUM(A1)",
    }
    levers = {
        "rules": {**LEVERS["rules"], "name": HOSTILE, "sources": {"percent": "=HYPERLINK(0)"}},
        "twin": {**LEVERS["support"], "name": HOSTILE},
    }
    one = scenario([{**SPLIT[0], "source": "\t=2+2"}, *SPLIT[1:]], levers=levers, **words)
    sets = {HOSTILE: one, "B": one.changed(outlook={"trend": 0.01}), "b": one.changed(levers={})}
    return document(compare(sets, points=64), kind, today=DAY)


def verb(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


# How each kind is read back


def parts_of(content: bytes) -> dict[str, str]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {
        name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))
    }


class Book:
    """A workbook as its parts say it is."""

    def __init__(self, content: bytes) -> None:
        self.parts = parts_of(content)
        strings = ElementTree.fromstring(self.parts["xl/sharedStrings.xml"])
        self.strings = ["".join(text.text or "" for text in item.iter(f"{SHEET}t")) for item in strings]
        names = [
            str(sheet.get("name"))
            for sheet in ElementTree.fromstring(self.parts["xl/workbook.xml"]).iter(f"{SHEET}sheet")
        ]
        self.trees = {
            name: ElementTree.fromstring(self.parts[f"xl/worksheets/sheet{n}.xml"])
            for n, name in enumerate(names, 1)
        }
        self.names = names

    def rows(self, sheet: str) -> list[list[Any]]:
        return [[self.value(cell) for cell in row] for row in self.trees[sheet].iter(f"{SHEET}row")]

    def value(self, cell: ElementTree.Element) -> str | float | None:
        value = cell.find(f"{SHEET}v")
        if value is None:
            return None
        return self.strings[int(value.text or "")] if cell.get("t") == "s" else float(value.text or "")

    def under(self, sheet: str, head: str) -> list[list[Any]]:
        """The rows of the table whose first head is given, as wide as that."""
        rows = self.rows(sheet)
        place = next(number for number, row in enumerate(rows) if row and row[0] == head)
        wide = len(rows[place])
        return list(
            itertools.takewhile(
                lambda row: len(row) == wide and any(cell is not None for cell in row[1:]), rows[place + 1 :]
            )
        )


class Page(HTMLParser):
    """An HTML file as a list of (tag, attributes) with the text below each."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.open: list[int] = []
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag not in ("meta", "br", "link"):
            self.open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.found[self.open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for number in self.open:
            self.found[number][2].append(data)

    def texts(self, tag: str) -> list[str]:
        return ["".join(text) for found, _, text in self.found if found == tag]


def word_rows(content: bytes, head: str) -> list[list[str]]:
    for table in Document(io.BytesIO(content)).tables:
        if table.rows[0].cells[0].text == head:
            return [[cell.text for cell in row.cells] for row in table.rows]
    raise AssertionError(f"no table that begins with {head}")


class Words(str):
    """A text of lines that end anywhere, even in a word of many letters."""

    def __contains__(self, part: object) -> bool:
        return bare(str(part)) in bare(self)


def bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def texts(kind: Kind, content: bytes) -> str:
    if kind == "html":
        return "\n".join(Page(content).texts("body"))
    if kind == "xlsx":
        return "\n".join(Book(content).strings)
    if kind == "pdf":
        pages = PdfReader(io.BytesIO(content)).pages
        return Words(" ".join(page.extract_text() for page in pages))
    found = Document(io.BytesIO(content))
    return "\n".join(
        [
            *(p.text for p in found.paragraphs),
            *(cell.text for table in found.tables for row in table.rows for cell in row.cells),
        ]
    )


# The answer


@pytest.mark.parametrize("kind", KINDS)
def test_the_verdict_its_lines_and_its_inputs_are_there(kind: Kind) -> None:
    result = simulate(CASE, points=FEW)
    found = texts(kind, made(kind))
    for line in (
        report.verdict(result),
        *report.headline(result),
        *(CASE.title, "A. Clerk", "A note to the reader.", "24 November 2026"),
    ):
        assert line in found
    for stamp in (
        fingerprint(CASE),
        "python -m simulator report case.yaml",
        "case.yaml",
        str(FEW),
        CALIBRATED["provenance"],
    ):
        assert stamp in found
    assert "What it cannot know" in found


def test_numbers_are_those_of_run(tmp_path: Path) -> None:
    file = tmp_path / "flagship.yaml"
    file.write_text("extends: shipped:belarus-kazakhstan-2020\n")
    setting = ("--set", "levers.rules.enabled=false", "--points", FEW, "--seed", 3)
    told = json.loads(verb("run", file, *setting, "--json").stdout)
    for kind in ("docx", "xlsx", "html"):  # a PDF: test_pdf
        assert verb("report", file, *setting, "--out", tmp_path / f"r.{kind}").exit_code == 0
    book, word = Book((tmp_path / "r.xlsx").read_bytes()), (tmp_path / "r.docx").read_bytes()
    years = {(row[0], row[1]): row[2:9] for row in book.under("Years", "Measure")}
    bands = {
        (m, y): [*bands.values()] for m, by_year in told["totals"].items() for y, bands in by_year.items()
    }
    assert years == {key: pytest.approx(numbers, rel=CLOSE) for key, numbers in bands.items()}
    alternatives = {row[0]: row[2] for row in book.under("Range", "Setting or reading")}
    assert alternatives == {
        each["name"]: pytest.approx(each["probability"], rel=CLOSE)
        for each in told["probability_range"]["from"]
    }
    levers = {row[0]: row[2:5] for row in book.under("Measures", "Lever or risk")}
    assert levers["Harmonised rules"] == [None, None, None]
    assert {name: numbers for name, numbers in levers.items() if numbers[0] is not None} == {
        each["name"]: pytest.approx(
            [each["median_effect"], each["mean_effect"], each["probability_points"]], rel=CLOSE
        )
        for each in told["levers"]
        if each["enabled"]
    }
    turnover = [row for row in word_rows(word, "Period") if row[0].isdigit()][
        : len(told["totals"]["turnover"])
    ]
    assert [row[4] for row in turnover] == [
        f"{bands['p50']:,.0f}" for bands in told["totals"]["turnover"].values()
    ]
    page = Page((tmp_path / "r.html").read_bytes())
    assert f"{100 * told['probability']:.1f} %" in page.texts("td")
    assert f"{told['levers'][3]['probability_points']:+.1f}" in page.texts("td")
    for found in (
        texts("docx", word),
        texts("xlsx", (tmp_path / "r.xlsx").read_bytes()),
        "\n".join(page.texts("body")),
    ):
        assert told["scenario"]["sha256"] in found


@pytest.mark.parametrize("kind", KINDS)
def test_assumptions_stand_with_value_source_and_judgement(kind: Kind) -> None:
    if kind == "pdf":
        pytest.skip("its text has no columns: test_pdf reads it")
    if kind == "xlsx":
        rows = [row[:5] for row in Book(made(kind)).under("Assumptions", "Of")]
        rows = [["" if cell is None else cell for cell in row] for row in rows]
    else:
        rows, head = [], ""
        listed = word_rows(made(kind), "Assumption")[1:] if kind == "docx" else html_rows("Assumption")
        for row in listed:
            head = row[0] if len(set(row)) == 1 else head
            rows += [[head, *row]] if len(set(row)) > 1 else []
    percent = "3 % (-0.29 % to 6.3 %, nine times in ten)"
    assert ["Rules (custom)", "percent", percent, "study", "a study of 2016"] in rows
    assert ["Rules (custom)", "probability", "60 %", "our assumption", "a guess"] in rows
    money = "$20.0m a year ($5.00m-$60.0m a year)"
    assert ["ventures (custom)", "money", money, "our assumption", ""] in rows
    memory = "how long swings last that pass"
    assert ["Model settings", memory, "5 months", "our assumption", ""] in rows
    (defaults,) = (row for row in rows if row[0] == "Model settings" and row[1].startswith("others"))
    assert f"fat tails {CALIBRATED['defaults']['tails']:g}" in defaults[2]
    assert memory not in defaults[2]
    (risk,) = {row[0] for row in rows if "disruption" in row[0]}
    assert risk == "slump (disruption, off)"
    assert [row[2] for row in rows if row[1] == "yearly probability"] == ["8 %"]


def test_a_workbook_has_each_value_as_a_file_writes_it_too() -> None:
    rows = {(row[0], row[1]): row[5:7] for row in Book(made("xlsx")).under("Assumptions", "Of")}
    assert rows["Rules (custom)", "percent"] == ["levers.rules.percent", "{mean: 3%, sd: 2%}"]
    assert rows["slump (disruption, off)", "yearly probability"][1] == "0.08"
    assert rows["Target", "turnover in 2020"] == ["target.at_least", "1000"]


def html_rows(head: str) -> list[list[str]]:
    """The rows of a table of the HTML; one that spans it is repeated over its width, as python-docx does."""
    body = made("html").decode()
    table = next(
        part for part in body.split("<table>") if f'<thead><tr><th scope="col">{head}' in part
    ).split("</table>")[0]
    rows = [
        ["".join(text) for tag, _, text in Page(line.encode()).found if tag in ("th", "td")]
        for line in table.split("<tr>")[2:]
    ]
    wide = max(map(len, rows))
    return [row * wide if len(row) == 1 else row for row in rows]


def test_figures_keep_the_digits_that_were_published_and_their_sources() -> None:
    book = Book(made("xlsx"))
    assert [row[:4] for row in book.under("Figures", "Measure")] == [
        ["turnover", "2017", 690.8, pytest.approx(0.648)],
        ["turnover", "2018-01..2018-09", 610.5, 0.44],
        ["exports", "2018-01..2018-09", 539.2, pytest.approx(0.458)],
        ["imports", "2018-01..2018-09", 71.3, pytest.approx(0.313)],
    ]
    rows = word_rows(made("docx"), "Measure")
    assert rows[1] == ["turnover", "2017", "690.8", "64.8%", "", "", "first office"]
    assert rows[2][3] == "44%"
    assert book.under("Other readings", "Reading")[0][:4] == ["other-office", "turnover", "2017", 604.1]


def test_an_alternative_tells_what_it_assumes() -> None:
    rows = {row[0]: row for row in Book(made("xlsx")).under("Range", "Setting or reading")}
    lower = rows["lower underlying growth"]
    assert lower[1] == "underlying growth 2 % a year in place of 4.1 % a year"
    assert rows["other-office"][1].startswith("1 other figure, ")
    assert not any("swings pass" in name for name in rows), "the scenario states its memory itself"
    assert lower[3] == pytest.approx(100 * (lower[2] - rows["as stated"][2]))


# Several sets


@pytest.mark.parametrize("kind", sampled(KINDS, every=4))
def test_several_sets_are_compared_with_the_first(kind: Kind) -> None:
    found = compare({"Main": CASE, "Low": LOWER, "Same": CASE.changed(title="The same")}, points=FEW)
    said = texts(kind, made(kind, "Main", "Low", "Same"))
    for each in found.sets:
        assert f"{each.name}: {report.verdict(each.result)}" in said
    for difference in found.differences:
        assert report.difference_sentence(found, difference) in said
    assert "Same has the assumptions of Main, and its answer." in said
    assert report.interaction_sentence(found.differences[0]) or len(found.differences[0].attribution) > 1
    assert "underlying growth" in said
    assert "a study of 2016" in said


def test_parts_and_answers_of_several_sets_are_those_of_compare() -> None:
    found = compare({"Main": CASE, "Low": LOWER}, points=FEW)
    book = Book(made("xlsx", "Main", "Low"))
    assert [row[2] for row in book.under("Compared", "Set")] == pytest.approx(
        [each.result.probability for each in found.sets], rel=CLOSE
    )
    parts = {row[0]: row[1:] for row in book.under("Main to Low", "Change")}
    told = report.parts_table(found, found.differences[0])
    assert list(parts) == [row["change"] for row in told]
    assert [row[0] for row in parts.values()] == pytest.approx(
        [row["probability_points"] for row in told], rel=CLOSE
    )
    assert sum(row[0] for name, row in parts.items() if name != "Together") == pytest.approx(
        parts["Together"][0]
    )
    differing = {(row[0], row[1]): row[2:4] for row in book.under("Differing", "Of")}
    assert differing["model settings", "underlying growth"] == ["4.1 % a year", "1 % a year"]
    assert differing["support", "as a whole"] == ["custom", "not there"]


def test_the_gap_is_drawn_from_one_probability_to_the_other() -> None:
    found = compare({"Main": CASE, "Low": LOWER}, points=FEW)
    drawing = compare_charts.gap(found, found.differences[0])
    first, *steps, last = drawing.rows
    assert (first["end"], last["end"]) == (
        100 * found.sets[0].result.probability,
        100 * found.sets[1].result.probability,
    )
    assert steps[-1]["end"] == pytest.approx(last["end"])
    assert all(after["start"] == before["end"] for before, after in zip(drawing.rows, steps, strict=False))
    assert all(row["kind"] == ("adds" if row["points"] >= 0 else "takes away") for row in steps)
    assert all(f"{row['step']} {row['label']}" in drawing.alt for row in drawing.rows)
    assert any(
        fingerprint(LOWER)[:12] in line for line in compare_charts.gap_stamp(found, found.differences[0])
    )


def test_sets_in_other_money_are_refused() -> None:
    with pytest.raises(ValueError, match="currency"):
        compare({"A": CASE, "B": CASE.changed(currency="EUR")}, points=64)
    with pytest.raises(ValueError, match="expected one of docx, pdf, xlsx, html"):
        document(simulate(CASE, points=64), "odt")  # type: ignore[arg-type]


# What the scenario holds does no harm


def test_no_text_becomes_a_formula_or_a_link() -> None:
    book = Book(hostile("xlsx"))
    for name, part in book.parts.items():
        if name.startswith("xl/worksheets/"):
            assert "<f>" not in part
            assert "<f " not in part
        if name.endswith(".rels"):
            assert "External" not in part
        if name.startswith("xl/charts/"):
            references = re.findall(r"<c:f>(.*?)</c:f>", part)
            assert references
            assert all(reference.startswith("'Chart data'!$") for reference in references)
    for text in (LEGIBLE, "=1+1", "=HYPERLINK(0)", "-2+3 and @SUM(A1)"):
        assert any(text in string for string in book.strings)
    quoted = [
        n
        for n, xf in enumerate(re.findall(r"<xf [^>]*>", book.parts["xl/styles.xml"].split("<cellXfs")[1]))
        if "quotePrefix" in xf
    ]
    cells = [
        cell
        for tree in book.trees.values()
        for cell in tree.iter(f"{SHEET}c")
        if str(book.value(cell)) == LEGIBLE
    ]
    assert cells
    assert all(cell.get("t") == "s" for cell in cells)
    assert any(int(cell.get("s", "0")) in quoted for cell in cells), "typed in again it stays a text"


def test_no_text_becomes_markup_and_nothing_outside_is_referenced() -> None:
    page = Page(hostile("html"))
    assert not {tag for tag, _, _ in page.found} & {
        "script",
        "b",
        "iframe",
        "img",
        "object",
        "link",
        "base",
        "form",
        "use",
        "image",
    }
    for tag, attributes, _ in page.found:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "src", "xlink:href", "action", "srcset"):
                assert str(value).startswith("#part-")
            assert name == "aria-label" or "url(" not in (value or "")
    assert page.texts("title") == [f"{LEGIBLE}: 3 sets of assumptions compared"]
    assert page.texts("h1") == page.texts("title")
    style = page.texts("style")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in hostile("html").decode().replace("http-equiv", "")
    policy = [
        attributes["content"]
        for tag, attributes, _ in page.found
        if tag == "meta" and "http-equiv" in attributes
    ]
    assert len(policy) == 1
    assert "default-src 'none'" in str(policy[0])
    assert "script-src" not in str(policy[0])
    assert any(LEGIBLE[:40] in text for text in page.texts("text")), "a lever's name is in a picture"


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_control_characters_are_left_out_where_xml_forbids_them(kind: Kind) -> None:
    for name, part in parts_of(hostile(kind)).items():
        ElementTree.fromstring(part)
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_x0001_", part), name
        assert 'TargetMode="External"' not in part
    assert LEGIBLE in texts(kind, hostile(kind))


def test_a_picture_holds_only_what_can_be_drawn() -> None:
    levers = {"a": {**LEVERS["rules"], "name": "y" * 9_000}}
    drawing, title = (
        answer.waterfall(simulate(scenario(levers=levers), points=64)),
        f"{HOSTILE}{CONTROLS}\x00\x1f\ufffe\ud83d" + "x" * 100_000,
    )
    svg = drawing.picture("svg", [title]).decode()
    ElementTree.fromstring(svg)
    assert "\x01" not in svg
    assert len(svg) < 50_000
    assert drawing.picture("png", [title]).startswith(b"\x89PNG")


def test_equal_names_have_places_of_their_own() -> None:
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
    twins = {key: {**LEVERS["rules"], "name": "as it stands"} for key in ("one", "two")}
    steps = [row["step"] for row in answer.waterfall(simulate(scenario(levers=twins), points=64)).rows]
    assert len(set(steps)) == len(steps) >= 4


# What each kind is made of


def test_html_is_the_same_for_the_same_inputs() -> None:
    first = made("html")
    made.cache_clear()
    assert made("html") == first
    undated = document(simulate(CASE, points=FEW), "html").decode()
    assert "November 2026" not in undated
    assert not re.search(
        r"\b20(2[4-9]|3\d)-\d\d-\d\d\b", undated.replace(html.escape(CALIBRATED["provenance"]), "")
    )


def test_html_is_read_by_those_who_do_not_see_it() -> None:
    page = Page(made("html", "Main", "Low"))
    by_tag = lambda wanted: [attributes for tag, attributes, _ in page.found if tag == wanted]  # noqa: E731
    assert by_tag("html")[0]["lang"] == "en"
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in by_tag("th"))
    assert len(page.texts("caption")) == len(by_tag("table")) > 5
    charts = [attributes for attributes in by_tag("div") if attributes.get("role") == "img"]
    assert len(charts) == len(by_tag("figure")) == len(page.texts("figcaption")) > 5
    assert all(len(attributes["aria-label"] or "") > 40 for attributes in charts)
    levels = [int(tag[1]) for tag, _, _ in page.found if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes, _ in page.found if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert {f"#{each}" for each in ids} >= {attributes["href"] for attributes in by_tag("a")}


def test_docx_has_headings_repeated_heads_words_for_pictures_and_page_numbers() -> None:
    document = Document(io.BytesIO(made("docx", "Main", "Low")))
    headings = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings.count("Heading 1") >= 6
    assert headings.count("Heading 2") >= 6
    assert document.paragraphs[0].style.name == "Title"
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(f"{WORD}tblHeader") is not None
        assert all(row._tr.trPr.find(f"{WORD}tblHeader") is None for row in table.rows[1:])
        order = [child.tag.removeprefix(WORD) for child in table._tbl.tblPr]
        assert order.index("tblBorders") < order.index("tblLayout") < order.index("tblLook")
        widths = [int(column.get(f"{WORD}w")) for column in table._tbl.tblGrid]
        assert sum(widths) <= 170 / 25.4 * 1440 + len(widths)
    pictures = [shape._inline.docPr for shape in document.inline_shapes]
    assert len(pictures) > 5
    assert all(len(picture.get("descr")) > 40 for picture in pictures)
    (section,) = document.sections
    assert (section.page_width, section.page_height) == (
        pytest.approx(Mm(210), abs=635),
        pytest.approx(Mm(297), abs=635),
    )  # a twentieth of a point
    footer = section.footer._element.xml
    assert " PAGE " in footer
    assert " NUMPAGES " in footer
    about = document.core_properties
    assert (about.title, about.author) == ("A case of two: 2 sets of assumptions compared", "A. Clerk")
    assert about.created == dt.datetime.combine(DAY, dt.time(), tzinfo=about.created.tzinfo)


def test_xlsx_has_a_sheet_a_topic_tables_native_charts_and_frozen_heads() -> None:
    whole = content(simulate(CASE, points=FEW))
    blocks = [block for section in whole.sections for block in section.blocks]
    book = Book(made("xlsx"))
    assert book.names[0] == "Read me"
    assert book.names[1:-1] == [
        "Years",
        "Measures",
        "Range",
        "Assumptions",
        "Figures",
        "Other readings",
        "Method",
        "Notes",
        "Inputs",
    ]
    tables = [part for name, part in book.parts.items() if name.startswith("xl/tables/")]
    assert len(tables) == sum(isinstance(block, Table) for block in blocks)
    assert len([name for name in book.parts if re.match(r"xl/charts/chart\d", name)]) == sum(
        isinstance(block, Picture) for block in blocks
    )
    drawn = [part for name, part in book.parts.items() if name.startswith("xl/drawings/drawing")]
    assert all(len(text) > 40 for part in drawn for text in re.findall(r'descr="([^"]*)"', part))
    for name in ("Years", "Measures", "Range", "Assumptions", "Figures"):
        tree = book.trees[name]
        assert next(tree.iter(f"{SHEET}pane")).get("ySplit") == "3"
        assert next(tree.iter(f"{SHEET}pageSetup")).get("orientation") == "landscape"
    assert "Print_Titles" in book.parts["xl/workbook.xml"]
    links = [link.get("location") for link in book.trees["Read me"].iter(f"{SHEET}hyperlink")]
    assert links == [f"'{name}'!A1" for name in book.names[1:-1]]


def test_xlsx_areas_of_the_fan_stack_up_to_the_bands() -> None:
    rows = Book(made("xlsx")).under("Chart data", "period")
    fan = over_time.fan(simulate(CASE, points=FEW)).rows
    assert [row[0] for row in rows] == [row["period"] for row in fan]
    for row, drawn in zip(rows, fan, strict=True):
        assert row[1] == pytest.approx(drawn["low95"])
        assert sum(row[1:5]) - row[4] == pytest.approx(drawn["low50"])
        assert sum(row[1:7]) == pytest.approx(drawn["high95"])
        assert row[7] == pytest.approx(drawn["median"])


def test_names_of_sheets_and_heads_are_told_apart() -> None:
    book = Book(hostile("xlsx"))
    assert len({name.lower() for name in book.names}) == len(book.names)
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in book.names)
    for part in (part for name, part in book.parts.items() if name.startswith("xl/tables/")):
        heads = [head.lower() for head in re.findall(r'<tableColumn id="\d+" name="([^"]*)"', part)]
        assert len(set(heads)) == len(heads)


@pytest.mark.parametrize(
    ("cell", "form", "told"),
    [
        (0.2822, "probability", "28.2 %"),
        (0.0, "probability", "less than 0.01 %"),
        (1.0, "probability", "more than 99.99 %"),
        (1.0, "decided", "100 %"),
        (1e-7, "probability", "less than 0.01 %"),
        (0.9996, "probability", "99.96 %"),
        (-0.0001, "points", "0.0"),
        (-0.126, "points", "-0.1"),
        (2.07, "points", "+2.1"),
        (1234.5, "money", "1,234"),
        (12.0, "change", "+12"),
        (None, "money", ""),
        ("off", "money", "off"),
    ],
)
def test_a_cell_is_told_as_people_write_it(cell: Any, form: Any, told: str) -> None:
    assert shown(cell, form) == told


def test_money_is_told_to_three_figures_of_the_largest() -> None:
    table = Table("t", "", (Column("a"), Column("b", "money")), (("x", 13.6), ("y", None), ("z", 0.5)))
    assert [row for _, rows in table.groups() for row in rows] == [["x", "13.6"], ["y", ""], ["z", "0.5"]]


# Every sort of answer


TARGET = {"measure": "turnover", "period": 2020, "at_least": 1000}
ANSWERS: dict[str, Scenario] = {
    "totals only": scenario(TOTALS_ONLY, levers=LEVERS),
    "no measures": scenario(),
    "all off": scenario(levers={"rules": {**LEVERS["rules"], "enabled": False}}),
    "reached": scenario(target={"measure": "turnover", "period": 2017, "at_least": 600}, levers=LEVERS),
    "missed": scenario(
        target={"measure": "turnover", "period": 2017, "at_least": 700}, alternatives={"other": OTHER}
    ),
    "a deficit": scenario(
        target={"measure": "balance", "period": 2020, "at_most": 900},
        observations=[{**o, "measure": o["measure"].translate({})} for o in SPLIT],
    ),
    "a quarter at most": scenario(
        target={"measure": "imports", "period": "2019-Q2", "at_most": 20}, risks=SLUMP
    ),
    "two targets": scenario(
        target=[
            {"measure": "turnover", "period": 2019, "at_least": 800},
            {"measure": "exports", "period": 2020, "at_least": 700},
        ]
    ),
    "a month, no whole year": scenario(
        [{**SPLIT[1], "period": "2018-03..2018-09", "growth": None}],
        {**TARGET, "period": "2018-10", "at_least": 90},
    ),
    "every parameter stated": scenario(outlook=dict(CALIBRATED["defaults"])),
}


def test_a_quarter_is_shown_among_quarters() -> None:
    sections = content(simulate(ANSWERS["a quarter at most"], points=64)).sections
    fan = next(block for block in sections[0].blocks if isinstance(block, Picture))
    assert [row["period"] for row in fan.drawing.rows if row["label"]] == ["2019-Q2"]
    years = next(block for block in sections[0].blocks if isinstance(block, Table))
    told = [row[2:9] for row in years.rows if row[:2] == ("imports", "2019-Q2")]
    assert told == [
        tuple(
            simulate(ANSWERS["a quarter at most"], points=64)
            .bands("imports", Period.parse("2019-Q2"))
            .values()
        )
    ]


@pytest.mark.parametrize(("kind", "name"), sampled(itertools.product(KINDS, ANSWERS), every=11))
def test_every_sort_of_answer_makes_a_report(kind: Kind, name: str) -> None:
    result = simulate(ANSWERS[name], points=64)
    found = texts(kind, document(result, kind))
    assert report.verdict(result) in found
    assert ("equally likely futures" in found) != result.decided
    assert ("What each adds" in found) == bool(ANSWERS[name].levers or ANSWERS[name].risks)
    for note in result.notes:
        assert note in found


# The verb


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my case.yaml"
    path.write_text(
        "title: Small\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
        "observations:\n  - {measure: turnover, period: 2017, value: 690.8, growth: 64.8%}\n"
    )
    return path


def test_the_file_is_named_after_the_scenario_and_never_replaced_unasked(case: Path) -> None:
    done = verb("report", case, "--format", "html", "--points", 64)
    assert (done.exit_code, done.stdout) == (0, "Written to my case.html\n")
    before = Path("my case.html").read_bytes()
    refused = verb("report", case, "--format", "html", "--points", 64, "--seed", 2)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "--force" in refused.stderr
    assert Path("my case.html").read_bytes() == before
    assert verb("report", case, "--format", "html", "--points", 64, "--seed", 2, "--force").exit_code == 0
    assert Path("my case.html").read_bytes() != before
    assert (
        verb("report", case, case, "--format", "html", "--points", 16).stdout
        == "Written to my case-compared.html\n"
    )
    assert (
        verb("report", "shipped:template", "--format", "xlsx", "--points", 16).stdout
        == "Written to template.xlsx\n"
    )
    assert sorted(path.name for path in Path().iterdir()) == [
        "my case-compared.html",
        "my case.html",
        "my case.yaml",
        "template.xlsx",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "found no --format"),
        (("--out", "r.odt"), "found no --format"),
        (("--format", "odt"), "odt"),
        (("--format", "txt"), "found --format txt without --brief"),
        (("--brief",), "expected one of docx, pdf, html, txt"),
        (("--brief", "--format", "xlsx"), "found a brief as xlsx"),
        (("--brief", "--out", "r.xlsx"), "found a brief as xlsx"),
        (("--email", "--format", "pdf"), "found --email with --format pdf"),
        (("--email", "--out", "r.pdf"), "ends in .txt"),
        (("--brief", "--format", "pdf", "--probability", "1"), "strictly between 0 and 1"),
        (("--brief", "--format", "pdf", "--probability", "often"), "expected a probability such as"),
        (("--format", "docx", "--out", "r.html"), "expected one format"),
        (("--out", "r.html", "--names", "A,B"), "expected one name"),
        (("--out", "r.html", "--set", "target.at_least=x"), "target.at_least"),
        (("--out", "r.html", "--points", "7"), "power of two"),
    ],
)
def test_bad_usage_writes_nothing(case: Path, words: tuple[str, ...], message: str) -> None:
    done = verb("report", case, *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert [path.name for path in Path().iterdir()] == ["my case.yaml"]


def test_faults_of_a_second_file_and_other_money_are_told(case: Path) -> None:
    Path("bad.yaml").write_text("title: Bad\n")
    Path("euro.yaml").write_text(case.read_text() + "currency: EUR\n")
    for other, message in (("bad.yaml", "bad.yaml"), ("euro.yaml", "expected 'USD'")):
        done = verb("report", case, other, "--out", "r.docx", "--points", 64)
        assert (done.exit_code, done.stdout) == (2, "")
        assert message in done.stderr
    assert not Path("r.docx").exists()


def test_the_machine_is_told_what_was_written_and_the_command_makes_it_again(case: Path) -> None:
    done = verb(
        "report",
        case,
        "--out",
        "r.html",
        "--points",
        64,
        "--seed",
        5,
        "--set",
        "target.at_least=900",
        "--json",
    )
    told = json.loads(done.stdout)
    made = Path("r.html").read_bytes()
    assert (told["file"], told["format"], told["bytes"]) == ("r.html", "html", len(made))
    python, dash, module, *words = shlex.split(told["command"])
    assert (python, dash, module) == ("python", "-m", "simulator")
    assert verb(*words).exit_code == 0
    assert Path("my case.html").read_bytes() == made


def test_a_folder_that_cannot_be_written_is_told(case: Path) -> None:
    done = verb("report", case, "--format", "html", "--points", 64, "--out", case / "r.html")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_line_quotes_what_a_shell_would_take_apart() -> None:
    line = command_line(
        ["a b.yaml", "c.yaml"], "docx", names="A,B", settings=["levers.x.name={a: 1}"], points=64, seed=0
    )
    assert shlex.split(line)[4:6] == ["a b.yaml", "c.yaml"]
    assert shlex.split(line)[-4:] == ["--set", "levers.x.name={a: 1}", "--names", "A,B"]


def test_bytes_are_written_whole_too(tmp_path: Path) -> None:
    write_file(tmp_path / "new" / "a.bin", b"\x00\r\n\xff")
    assert (tmp_path / "new" / "a.bin").read_bytes() == b"\x00\r\n\xff"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.bin"]


def test_other_verbs_do_not_wait_for_what_reports_need() -> None:
    assert FORMATS == KINDS
    heavy = "{'docx', 'xlsxwriter', 'altair', 'vl_convert', 'numpy', 'simulator.report.documents'}"
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, simulator.cli; print({heavy} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "set()\n"
