"""What would it take in a real browser. Browser tier: in CI always, elsewhere where Chromium is found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

VALUE = '[data-testid="stMetricValue"]'
SET = "The sliders are set"


def opened(page: Any, address: str) -> str:
    page.goto(f"{address}/what-would-it-take?scenario=template")
    return settled(page)


def settled(page: Any) -> str:
    """The headline, once the page has come to rest."""
    page.get_by_text("What it does not mean").wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')")
    page.wait_for_timeout(300)
    return str(page.inner_text(VALUE))


def test_explore_shows_the_promised_probability(page: Any, address: str) -> None:
    before = opened(page, address)
    page.get_by_role("button", name="Set the sliders to this").first.click()
    assert "The probability is now 80.0 %" in page.get_by_text(SET).first.inner_text()
    assert settled(page) == "80 %"
    assert "levers.custom.percent=" in page.url
    page.get_by_role("link", name="Explore").first.click()
    page.locator(".number", has_text="80 %").wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')")
    page.get_by_role("link", name="What would it take").first.click()
    assert settled(page) == "80 %"
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"document.querySelector('{VALUE}').innerText === '{before}'")


def test_what_was_set_is_said_in_sight_and_a_telephone_scrolls_down_only(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, address)
    button = page.get_by_role("button", name=re.compile("Set the sliders to (this|their best)")).last
    button.scroll_into_view_if_needed()
    button.click()
    said = page.get_by_text(SET).first
    said.wait_for()
    settled(page)
    assert 0 <= said.bounding_box()["y"] < 400
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_picture_carries_the_scenario_of_its_page(page: Any, address: str, tmp_path: Path) -> None:
    opened(page, address)
    page.get_by_text("Two numbers at once").click()
    page.locator(".st-key-take-map button:visible").click()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Picture as SVG").click()
    fetched.value.save_as(tmp_path / "map.svg")
    assert "A pair and its target" in (tmp_path / "map.svg").read_text("utf-8")
