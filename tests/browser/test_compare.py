"""Compare in a real browser: sets that are picked, the link to them, contrast, a telephone. Browser tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.browser.conftest import visitor

SETS = (
    "?scenario=belarus-kazakhstan-2020&target.at_least=900"
    "&with=belarus-kazakhstan-cautious,belarus-kazakhstan-slump&name.current=mine"
)


def opened(page: Any, address: str, words: str = "") -> str:
    page.goto(f"{address}/compare{words}")
    return settled(page)


def settled(page: Any) -> str:
    """The page's first table, once the page has come to rest."""
    page.get_by_text("All sets on the same").wait_for()
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=\"stVegaLiteChart\"] svg.marks').length >= 3"
    )
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')")
    page.wait_for_timeout(300)
    return str(page.locator(".trade-table").first.inner_text())


def test_a_link_shows_the_same_sets_to_somebody_else(page: Any, address: str, browser: Any) -> None:
    before = opened(page, address, SETS)
    assert all(name in before for name in ("mine", "cautious", "slump"))
    page.locator('[data-testid="stButtonGroup"]').get_by_text("slump", exact=True).click()
    page.get_by_text("From mine to slump").wait_for()
    for other in visitor(browser, address):
        other.goto(page.url)
        assert settled(other) == before
        other.get_by_text("From mine to slump").wait_for()
        assert other.get_by_text("From mine to cautious").count() == 0


def test_what_was_picked_outlives_another_page(page: Any, address: str) -> None:
    before = opened(page, address, SETS)
    page.get_by_role("link", name="Explore").click()
    page.locator(".headline .number").wait_for()
    page.get_by_role("link", name="Compare").click()
    assert settled(page) == before


def test_a_set_is_named_and_a_file_added_and_the_link_holds_both(
    page: Any, address: str, browser: Any, tmp_path: Path
) -> None:
    opened(page, address)
    page.get_by_role("button", name="Name the sets").click()
    box = page.get_by_role("textbox").first
    box.fill("<img src=x onerror=hurt=1>")
    box.press("Enter")
    page.locator(".trade-table").filter(has_text="onerror").first.wait_for()
    page.keyboard.press("Escape")
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: shipped:belarus-kazakhstan-2020\ntitle: '<img src=x onerror=window.hurt=1> **b**'\n"
        "outlook: {trend: 0.01}\n",
        "utf-8",
    )
    page.get_by_role("button", name="Add a file").click()
    page.locator('input[type="file"]').set_input_files(str(file))
    page.locator(".trade-table").filter(has_text="**b**").first.wait_for()
    assert "mine" in settled(page)
    assert page.evaluate("window.hurt") is None
    query, _, fragment = page.url.partition("#")
    assert fragment.startswith("p1.")
    assert "window.hurt" not in unquote(query)
    for other in visitor(browser, address):
        other.goto(page.url)
        other.locator(".trade-table").filter(has_text="**b**").first.wait_for()
        other.locator(".trade-table").filter(has_text="onerror").first.wait_for()


BOM = "\ufeff".encode()  # by which a spreadsheet knows UTF-8


def test_tables_and_charts_can_be_taken_away(page: Any, address: str, tmp_path: Path) -> None:
    opened(page, address, SETS)
    file = tmp_path / "taken"
    for number, head in enumerate(
        (b"name,probability,low", b"from,to,change", b"of,assumption,mine,cautious,slump")
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name="Table as CSV").nth(number).click()
        download.value.save_as(file)
        assert file.read_bytes().startswith(BOM + head)
    page.locator(".st-key-take-gap button").first.click()
    for label, head in (
        ("Data as CSV", BOM + b"place,step"),
        ("Picture as PNG", b"\x89PNG"),
        ("Picture as SVG", b"<svg"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        download.value.save_as(file)
        assert file.read_bytes().startswith(head)


def test_on_a_telephone(browser: Any, address: str) -> None:
    for page in visitor(browser, address, viewport={"width": 390, "height": 844}, has_touch=True):
        opened(page, address, SETS)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names_pass_axe(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for page in visitor(browser, address, color_scheme=scheme):
        opened(page, address, SETS)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        told = [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found.response["violations"]
        ]
        assert not told, "\n".join(told)
