"""Reports as PDF, read back as a reader's program reads them. Default tier."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from simulator import compare, report, simulate
from simulator.analysis.effort import effort
from simulator.analysis.tornado import tornado
from simulator.cli import main
from simulator.report.documents import brief, document
from simulator.report.documents.contents import content
from tests.cases import LEVERS, NAMED, SPLIT, scenario
from tests.tiers import sampled

FEW = 256  # points
DAY = dt.date(2026, 11, 24)
FLAGSHIP = "shipped:belarus-kazakhstan-2020"
CASE = scenario([{**SPLIT[0], "source": "https://example.org/" + "x" * 150}, *SPLIT[1:]], levers=NAMED)


@cache
def made() -> bytes:
    result = simulate(CASE, points=FEW)
    taken = effort(CASE, simulate=simulate, points=FEW)
    bars = tornado(result, simulate=simulate)
    return document(result, "pdf", today=DAY, effort=taken, bars=bars)


def read(made_of: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made_of))


def text_of(made_of: bytes) -> str:
    """All letters, without the places where lines end."""
    return bare("".join(page.extract_text() for page in read(made_of).pages))


def bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def fonts(resources: Any) -> Iterator[Any]:
    """Every font of a page, also of the pictures on it."""
    resources = resources.get_object()
    yield from (font.get_object() for font in resources.get("/Font", {}).values())
    for inner in resources.get("/XObject", {}).values():
        if "/Resources" in inner.get_object():
            yield from fonts(inner.get_object()["/Resources"])


def verb(*words: object) -> Any:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_verdict_is_that_of_run(tmp_path: Path) -> None:
    settings = ("--set", "levers.rules.enabled=false", "--points", FEW)
    answer = json.loads(verb("run", FLAGSHIP, *settings, "--json").stdout)
    for options in ((), ("--brief",)):
        file = tmp_path / f"{len(options)}.pdf"
        assert verb("report", FLAGSHIP, *settings, *options, "--out", file).exit_code == 0
        letters = text_of(file.read_bytes())
        assert f"{100 * answer['probability']:.0f}%tobereached" in letters
        low, high = (100 * answer["probability_range"][end] for end in ("low", "high"))
        assert f"({low:.0f}-{high:.0f}%underothermodelsettings)" in letters


def test_every_sentence_and_every_cell_is_there() -> None:
    result = simulate(CASE, points=FEW)
    letters = text_of(made())
    for line in (report.verdict(result), *report.headline(result), *report.notes(result)):
        assert bare(line) in letters
    for row in ("3 % (-0.29 % to 6.3 %, nine times in ten)", "New ventures", "example.org/" + "x" * 150):
        assert bare(row) in letters
    for section in content(result, today=DAY).sections:
        assert bare(section.title) in letters


def test_all_fonts_stand_in_the_file() -> None:
    for made_of in (
        made(),
        brief(simulate(CASE, points=64), effort(CASE, simulate=simulate, points=64), "pdf"),
    ):
        used = [font for page in read(made_of).pages for font in fonts(page["/Resources"])]
        assert used
        for font in used:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            assert "/ToUnicode" in font  # so that its text can be copied and searched


def test_it_is_tagged_and_says_what_it_is() -> None:
    reader = read(made())
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == CASE.title
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == DAY
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_headings_are_bookmarks() -> None:
    result = simulate(CASE, points=FEW)
    titles = [section.title for section in content(result, today=DAY).sections]
    marks = list(flat(read(made()).outline))
    assert set(titles) < set(marks)
    assert "What it would take for 80 %" in marks
    assert "What moves the answer" in marks


def flat(outline: Any) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield str(entry["/Title"])


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    alts = [
        str(node["/Alt"])
        for node in nodes(read(made()).trailer["/Root"]["/StructTreeRoot"])
        if "/Alt" in node
    ]
    assert any(alt.startswith("Turnover by year, ") for alt in alts)


def nodes(node: Any) -> Iterator[Any]:
    """The tags of a file."""
    node = node.get_object()
    if isinstance(node, dict):
        yield node
        below = node.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        for child in below if isinstance(below, list) else [below]:
            yield from nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child)


def test_the_same_report_gives_the_same_bytes() -> None:
    result = simulate(CASE, points=FEW)
    assert document(result, "pdf", today=DAY) == document(result, "pdf", today=DAY)
    assert document(result, "pdf") != document(result, "pdf", today=DAY)


@pytest.mark.parametrize(
    "name",
    sampled(
        [
            "Қазақстан: әғқңөұүһі ӘҒҚҢӨҰҮҺІ, ў Ў ё ъ ы, Việt Nam: ế ộ ữ ẵ ặ ơ ư đ, Łódź, Übung, ça va",
            "Қазақстан: әғқңөұүһі ӘҒҚҢӨҰҮҺІ",
            "Беларусь: ў Ў ё ъ ы",
            "Việt Nam: ế ộ ữ ẵ ặ ơ ư đ",
            "Łódź, Übung, ça va",
        ],
        every=5,
    ),
)
def test_letters_of_trading_partners_are_drawn_and_can_be_searched(name: str) -> None:
    case = scenario(title=name, levers={"a": {**LEVERS["rules"], "name": name}})
    made_of = document(simulate(case, points=64), "pdf")
    assert text_of(made_of).count(bare(name)) >= 3
    assert "pdfuaid" in read(made_of).trailer["/Root"]["/Metadata"].get_data().decode()


def test_a_letter_that_no_font_of_it_has_stops_no_report() -> None:
    case = scenario(title="中国和白俄罗斯 😀")
    made_of = document(simulate(case, points=64), "pdf")
    reader = read(made_of)
    assert len(reader.pages) > 1
    assert reader.metadata is not None
    assert reader.metadata.title == case.title
    assert (
        "pdfuaid" not in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    )  # it claims no more than it is


def test_what_a_file_says_is_never_a_command() -> None:
    hostile = '#read("/etc/passwd") *bold* $x$ `raw` <label> @ref // \\ "'
    case = scenario(title=hostile, notes=hostile, levers={"a": {**LEVERS["rules"], "name": hostile}})
    assert bare(hostile) in text_of(document(simulate(case, points=64), "pdf"))


def test_sets_that_are_compared_have_a_pdf_too() -> None:
    sets = compare({"A": CASE, "B": CASE.changed(outlook={"trend": 0.01})}, points=FEW)
    letters = text_of(document(sets, "pdf"))
    for difference in sets.differences:
        assert bare(report.difference_sentence(sets, difference)) in letters
