"""The page of what moved it, in a real Chromium, wide and narrow. Browser tier."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [(1400, 900), (390, 844)])
def test_the_page_tells_the_course_and_leads_to_the_figures(browser: Any, address: str, size: Any) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{address}/what-moved-it")
    expect(page.get_by_text("There is one step so far")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="The next figure")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Add a figure").click()
    expect(page.get_by_role("dialog")).to_contain_text("Figures", timeout=30_000)
    page.close()
