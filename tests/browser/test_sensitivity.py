"""What matters in a real browser: other pages' state, contrast, a telephone, charts taken away. Browser tier, as in ``conftest.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import visitor
from tests.browser.hands import TARGET, thumb

LIGHTER = "?scenario=belarus-kazakhstan-2020&target.at_least=900"


def opened(page: Any, address: str, words: str = "") -> str:
    page.goto(f"{address}/what-matters{words}")
    return settled(page)


def settled(page: Any) -> str:
    """What the page says, once it has come to rest, with what statisticians ask."""
    details = page.get_by_text("standard errors of the bars")
    page.get_by_text("For statisticians").wait_for()
    if not details.is_visible():
        page.get_by_text("For statisticians").click()
    details.wait_for()
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=\"stVegaLiteChart\"] svg.marks').length === 3"
    )
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')")
    page.wait_for_timeout(300)
    return str(page.inner_text('[data-testid="stMain"]'))


def test_it_follows_the_sliders_and_leaves_them_alone(page: Any, address: str) -> None:
    assert "is at least $900m" in opened(page, address, LIGHTER)
    page.get_by_role("link", name="Explore").click()
    slider = thumb(page, TARGET)
    slider.wait_for()
    assert slider.get_attribute("aria-valuetext") == "$900m"
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.search.includes('at_least=890')")
    page.get_by_role("link", name="What matters").click()
    assert "is at least $890m" in settled(page)
    assert "target.at_least=890" in page.url


def test_what_was_chosen_outlives_another_page(page: Any, address: str) -> None:
    opened(page, address)
    page.get_by_text("reached", exact=True).click()
    page.get_by_text("of all hits are among them").first.wait_for()
    page.get_by_text("Show the other").click()
    page.wait_for_function(
        "document.querySelector('[data-testid=\"stVegaLiteChart\"] svg.marks').getBoundingClientRect().height > 1500"
    )
    page.get_by_role("link", name="Explore").click()
    page.locator(".headline .number").wait_for()
    page.get_by_role("link", name="What matters").click()
    assert "of all hits are among them" in settled(page)
    assert page.locator('[data-testid="stVegaLiteChart"] svg.marks').first.bounding_box()["height"] > 1500


@pytest.mark.parametrize(
    ("chart", "head"),
    [("tornado", b"place,unknown"), ("shares", b"place,unknowns"), ("information", b"place,unknown")],
)
def test_every_chart_can_be_taken_away(
    page: Any, address: str, tmp_path: Path, chart: str, head: bytes
) -> None:
    opened(page, address)
    page.locator(f".st-key-take-{chart} button").first.press(
        "Enter"
    )  # under a mouse the chart may lay its own over it
    for label, start in (
        ("Data as CSV", "\ufeff".encode() + head),
        ("Picture as PNG", b"\x89PNG"),
        ("Picture as SVG", b"<svg"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename.startswith(chart)
        download.value.save_as(tmp_path / "taken")
        assert (tmp_path / "taken").read_bytes().startswith(start)


@pytest.mark.parametrize("words", ["", "?scenario=template"])
def test_on_a_telephone_no_name_or_value_is_cut_off(browser: Any, address: str, words: str) -> None:
    for page in visitor(browser, address, viewport={"width": 390, "height": 844}, has_touch=True):
        opened(page, address, words)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        beyond = page.evaluate(
            """[...document.querySelectorAll('[data-testid="stVegaLiteChart"] svg.marks')].flatMap(chart => {
                const whole = chart.getBoundingClientRect();
                return [...chart.querySelectorAll('text')].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.width && (box.left < whole.left - 1 || box.right > whole.right + 1);
                }).map(text => text.textContent)})"""
        )
        assert beyond == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names_pass_axe(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for page in visitor(browser, address, color_scheme=scheme):
        opened(page, address)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        told = [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found.response["violations"]
        ]
        assert not told, "\n".join(told)
