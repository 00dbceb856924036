"""The track record in a real browser, wide and on a telephone. Browser tier, as in ``conftest.py``."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.report.words.record import TITLE
from tests.browser.conftest import visitor
from tests.browser.hands import number, still, violations


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_a_target_of_the_past_opens_as_of_its_day(
    browser: Any, address: str, width: int, height: int
) -> None:
    for page in visitor(browser, address, viewport={"width": width, "height": height}):
        page.goto(f"{address}/{TITLE.lower().replace(' ', '-')}")
        page.get_by_role("heading", name=TITLE).wait_for()
        row = page.get_by_role("button", name="China and India").first
        row.wait_for(timeout=60_000)
        still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not violations(page)
        row.click()
        page.locator("h1", has_text="China and India").wait_for()
        assert "%" in number(page)
