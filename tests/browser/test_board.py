"""The page Board in a real browser: sorted, filtered, opened. Browser tier: where Chromium is found, in CI always."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import served, visitor
from tests.browser.hands import number, violations
from tests.office import office

DEVICES = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "phone, dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
CHANCES = "tbody .probability .text"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page with a folder of twelve files, two of them broken."""
    folder = office(tmp_path_factory.mktemp("office") / "folder", 12)
    with served("simulator", "app", "--folder", str(folder), "--port") as address:
        yield address


@pytest.fixture(params=DEVICES)
def page(request: Any, browser: Any, place: str) -> Iterator[Any]:
    for opened in visitor(browser, place, **DEVICES[request.param]):
        opened.goto(f"{place}/board")
        opened.locator("tbody tr").first.wait_for()
        yield opened


def chances(page: Any) -> list[float]:
    return [float(text.split()[0]) for text in page.locator(CHANCES).all_inner_texts()]


def sort_by(page: Any, head: str, falling: bool = False) -> None:
    """Sort rows, falling once they are rising: by the heads or, without room for them, by a choice."""
    if page.viewport_size["width"] > 900:
        page.get_by_role("button", name=head, exact=True).click()
        cell = page.locator("th[aria-sort]")
        assert cell.inner_text().startswith(head)
        assert cell.get_attribute("aria-sort") == ("descending" if falling else "ascending")
        return
    page.get_by_label("Sort by").select_option(head)
    if falling:
        page.get_by_role("button", name="Rising").click()


def test_rows_are_sorted_filtered_and_opened(page: Any, place: str) -> None:
    every = chances(page)
    assert len(every) == 12  # of ten files, two of which have two targets
    sort_by(page, "Probability")
    assert chances(page) == sorted(every)
    sort_by(page, "Probability", falling=True)
    assert chances(page) == sorted(every, reverse=True)
    page.get_by_label("Off track").check()
    assert set(page.locator("tbody .state .text").all_inner_texts()) == {"Off track", "Missed"}
    page.get_by_label("All", exact=True).check()
    page.get_by_label("Filter").fill("uzbek kzt")
    assert page.locator(".count").inner_text() == "1 / 12"
    row = page.locator("tbody tr")
    assert "330 billion KZT" in row.inner_text()
    chance = row.locator(".probability .text").inner_text()
    row.locator(".target .text").click()
    page.wait_for_url(f"{place}/#*")
    page.locator("h1", has_text="330 billion KZT").wait_for()
    assert number(page) == chance
    page.go_back()
    page.locator("tbody tr").first.wait_for()
    assert page.locator(".count").inner_text() == "1 / 12"  # as it was left


def test_nothing_is_cut_and_names_and_contrasts_pass(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    right = page.locator("tbody tr").first.evaluate(
        "(row) => Math.max(...[...row.querySelectorAll('span, small, svg, button')]"
        ".map((part) => part.getBoundingClientRect().right))"
    )
    assert right <= page.viewport_size["width"]
    assert not violations(page)


def test_a_row_is_opened_by_the_keyboard(page: Any) -> None:
    page.get_by_label("Filter").fill("kzt")
    page.get_by_role("button", name="Uzbekistan").focus()
    page.keyboard.press("Enter")
    page.locator("h1", has_text="330 billion KZT").wait_for()
