"""The page Report in a real browser. Browser tier: in CI always, elsewhere where Chromium is found."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from simulator import report
from simulator.report.words import brief as words
from simulator.ui import session
from simulator.workspace.desk import Desk
from tests.browser.conftest import visitor

HEADS = {"Word (docx)": b"PK", "PDF": b"%PDF", "Excel": b"PK", "One web page": b"<!doctype html>"}
CONTROLS = ["Undo", "Scenarios", "Save", "Download", "Underlying growth", "Period", "95 % band"]


def opened(page: Any, address: str, words: str = "") -> Any:
    page.goto(f"{address}/report{words}")
    page.get_by_role("button", name=re.compile("^Download|Download ")).first.wait_for()
    return page.frame_locator("iframe").locator("h1").first


def test_the_report_shown_is_the_one_taken(page: Any, address: str, tmp_path: Path) -> None:
    title = opened(page, address, "?scenario=belarus-kazakhstan-2020&target.at_least=850")
    title.wait_for()
    assert "at least $850m" in page.frame_locator("iframe").locator("body").inner_text()
    for label, head in HEADS.items():
        page.locator(".st-key-report-kind").get_by_text(label).click()
        page.wait_for_timeout(1500)
        with page.expect_download() as download:
            page.locator(".st-key-report button").click()
        file = tmp_path / "taken"
        download.value.save_as(file)
        assert file.read_bytes()[:20].lower().startswith(head.lower())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names_pass_axe(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for page in visitor(browser, address, color_scheme=scheme):
        opened(page, address).wait_for()
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        told = [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found.response["violations"]
        ]
        assert not told, "\n".join(told)


def printed(page: Any) -> tuple[int, str]:
    """How many pages a page prints on, and their text."""
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    return len(reader.pages), " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())


@pytest.mark.parametrize("name", ["belarus-kazakhstan-2020", "india-emirates-2027", "vietnam-exports-2025"])
def test_the_report_page_prints_the_brief_alone_on_one_page(page: Any, address: str, name: str) -> None:
    opened(page, address, f"?scenario={name}").wait_for()
    page.locator(".paper img").evaluate("(image) => image.decode()")
    pages, text = printed(page)
    result = session.answer(Desk.of_shipped(name).scenario)
    assert pages == 1
    assert " ".join(words.verdict(result).split()) in text
    assert "What it rests on" in text
    assert "2048 points" in text
    for control in (
        *CONTROLS,
        "As it stands on Explore",
        "Excel",
        "A paragraph for an e-mail",
        "The long report",
    ):
        assert control not in text


def test_explore_prints_its_answer_and_measures_on_one_page(page: Any, address: str) -> None:
    page.goto(f"{address}/?scenario=belarus-kazakhstan-2020")
    page.locator(".headline .number").wait_for()
    page.locator(".st-key-charts canvas, .st-key-charts svg").first.wait_for()
    assert not page.locator(".st-key-on-paper").is_visible()
    page.wait_for_timeout(1500)
    pages, text = printed(page)
    result = session.answer(Desk.of_shipped("belarus-kazakhstan-2020").scenario)
    assert pages == 1
    assert report.probability(result) in text
    for line in words.measure_sentences(result):
        assert " ".join(line.split()) in text
    for control in CONTROLS:
        assert control not in text
