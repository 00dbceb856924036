"""A case made in the browser, from an empty page to a probability; measures and figures changed on Explore."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from simulator import load_scenario, simulate
from simulator.values.numerals import percent
from tests.browser.hands import number, pressed, still, violations

MINUTES = 3  # in which a new user has a probability
TABLE = "Month\tExports (million USD)\tImports (million USD)\n" + "".join(
    f"{2023 + m // 12}-{m % 12 + 1:02d}\t{20 + 0.3 * m:.1f}\t{9 + 0.1 * m:.1f}\n" for m in range(24)
)
FIELDS = {
    "Home: whose exports are meant": "Northland",
    "Partner: the other country": "Southland",
    "Day of the question": "2025-02-15",
    "How much, million USD": "500",
    "In": "2026",
}


def settled(page: Any) -> None:
    """Wait until what was typed or pressed has reached the server and come back."""
    page.wait_for_timeout(300)
    still(page)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def fill(page: Any, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")
    settled(page)


def chance(page: Any) -> str:
    return str(page.get_by_test_id("stMetricValue").inner_text())


def with_figures(page: Any, address: str) -> None:
    """A case with target and figures, typed and pasted as a user does."""
    page.goto(f"{address}/make-a-case")
    page.get_by_role("heading", name="Make a case").wait_for()
    still(page)
    for label, text in FIELDS.items():
        fill(page, label, text)
    press(page, "Next: figures")
    fill(page, "Paste a table from a spreadsheet, with its headings", TABLE)
    press(page, "Take the figures")
    page.get_by_test_id("stMetricValue").wait_for()


def test_from_an_empty_page_to_a_probability_saved_and_reopened(
    page: Any, address: str, tmp_path: Path
) -> None:
    start = time.monotonic()
    with_figures(page, address)
    assert time.monotonic() - start < 60 * MINUTES
    page.locator(".st-key-case-preview [data-testid='stVegaLiteChart']").wait_for()
    press(page, "Next: measures")
    press(page, "Add: trade missions and visits")
    press(page, "Next: check and save")
    shown = chance(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the file").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "northland-southland-2026.yaml"
    assert percent(simulate(load_scenario(file)).probability) == shown

    page.goto(address)
    page.locator(".number").wait_for()
    settled(page)
    press(page, "Open")
    settled(page)
    page.get_by_role("dialog").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    page.get_by_role("heading", name="Northland and Southland").wait_for()
    settled(page)
    press(page, "Figures")
    fill(page, "Value, million USD", "35.0")
    fill(page, "Came out on", "2025-02-20")
    page.get_by_role("dialog").get_by_label("Period", exact=True).fill("2025-01")
    page.keyboard.press("Tab")
    settled(page)
    press(page, "Add, and see the case on 20 February 2025")
    done = page.get_by_test_id("stToast").inner_text()
    assert "2025-01 is out" in done
    assert "\u2192" in done


def test_nothing_is_lost_when_the_page_is_loaded_again(page: Any, address: str) -> None:
    with_figures(page, address)
    before = chance(page)
    page.wait_for_timeout(2500)  # a draft is kept once the page has come to rest, later on a loaded machine
    page.reload()
    page.get_by_test_id("stMetricValue").wait_for()
    settled(page)
    assert chance(page) == before
    assert page.get_by_label("Home: whose exports are meant").input_value() == "Northland"


def test_starting_afresh_shows_the_first_step_with_empty_fields(page: Any, address: str) -> None:
    with_figures(page, address)
    press(page, "Next: measures")
    press(page, "Start afresh")
    home = page.get_by_label("Home: whose exports are meant")
    home.wait_for()
    assert home.input_value() == ""
    assert page.get_by_label("How much, million USD").input_value() == ""
    chosen = page.locator('.st-key-case-steps [aria-checked="true"]')
    assert "Who and what" in chosen.inner_text()
    press(page, "Next: figures")
    assert "Figures" in chosen.inner_text()


def test_a_cell_is_typed_over_and_a_slip_is_named_in_its_row(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 1600})
    with_figures(page, address)
    before = chance(page)
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 180, box["y"] + 36 * 4 + 18)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.press("Control+A")
    page.keyboard.type("20900", delay=40)
    page.keyboard.press("Enter")
    page.get_by_text("Row 4, 2023-04").wait_for()
    settled(page)
    assert chance(page) != before
    press(page, "Next: measures")
    press(page, "Back")
    assert "other figures of it let expect" in page.get_by_text("Row 4, 2023-04").inner_text()


def test_a_measure_is_added_by_the_keyboard_and_taken_back(page: Any, address: str) -> None:
    page.goto(address)
    page.locator(".number").wait_for()
    still(page)
    before = number(page)
    add = page.get_by_role("button", name="Add measure")
    add.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("button", name="Add: another effect")
    card.wait_for()
    card.focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("stToast").wait_for()
    page.locator(".number").filter(has_not_text=before).wait_for()
    after = number(page)
    assert "\u2192" in page.get_by_test_id("stToast").inner_text()
    assert pressed(page, "Undo", after) == before


@pytest.mark.parametrize("width", [1280, 390])
def test_no_step_is_wider_than_the_screen_and_each_can_be_read_out(
    page: Any, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    with_figures(page, address)
    for step in ("1. Who and what", "2. Figures", "3. Measures", "4. Check and save"):
        page.get_by_role("radio", name=step).or_(page.get_by_role("button", name=step)).first.click()
        page.mouse.move(1, 1)  # what is under the mouse has another colour
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
