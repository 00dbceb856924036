"""What moved it in a real browser, wide and on a telephone. Browser tier, as in ``conftest.py``."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import visitor


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_the_page_tells_the_course_and_leads_to_the_figures(
    browser: Any, address: str, width: int, height: int
) -> None:
    for page in visitor(browser, address, viewport={"width": width, "height": height}):
        page.goto(f"{address}/what-moved-it")
        page.get_by_text("There is one step so far").wait_for()
        page.get_by_text("The next figure is turnover of").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Add a figure").click()
        page.get_by_role("dialog").get_by_text("Add a figure").first.wait_for()
