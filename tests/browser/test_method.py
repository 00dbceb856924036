"""Method and glossary in a real browser: every page leads there, a term is found. Browser tier, as in ``conftest.py``."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.ui import router
from tests.browser.conftest import visitor

PLACES = {"": "Explore", "compare": "Compare", "what-would-it-take": "What would it take", "report": "Report"}


@pytest.mark.parametrize("place", PLACES)
def test_every_page_leads_to_it_and_keeps_the_scenario(page: Any, address: str, place: str) -> None:
    page.goto(f"{address}/{place}?scenario=vietnam-korea-2020")
    page.get_by_role("link", name=router.FOOT).click()
    page.locator("dt#median").wait_for()
    page.wait_for_function("location.search.includes('vietnam-korea-2020')")
    assert page.get_by_role("heading", name="Glossary", exact=True).is_visible()
    assert page.get_by_role("link", name=router.FOOT).count() == 0


def test_on_a_telephone_a_term_is_one_touch_away(browser: Any, address: str) -> None:
    for page in visitor(browser, address, viewport={"width": 390, "height": 844}, has_touch=True):
        page.goto(f"{address}/method-and-glossary")
        page.locator(".index a", has_text="Value of information").click()
        page.wait_for_function(
            "document.querySelector('dt#value-of-information').getBoundingClientRect().top < 844"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
