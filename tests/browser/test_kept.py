"""What the browser keeps: the link in its address, drafts of several tabs. Browser tier: where Chromium is found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.sets import Sets
from tests.browser.conftest import ROOT
from tests.browser.hands import FLAGSHIP, SHOWS, TARGET, answer, drag, number, standing, still

DRAFTS = "trade-target drafts"
LOOK = f"() => Object.values(JSON.parse(localStorage.getItem('{DRAFTS}') ?? '{{}}')).map((one) => one?.word ?? '')"

# until nothing more fits
FILL = """() => {
  let words = "";
  for (let more = 1 << 23; more >= 1; more >>= 1) {
    try {
      localStorage.setItem("other", words + "x".repeat(more));
      words += "x".repeat(more);
    } catch {}
  }
}"""


def opened(page: Any, address: str) -> Any:
    page.goto(address)
    settled(page)
    return page


def settled(page: Any) -> None:
    page.locator(".headline .number").wait_for(timeout=60_000)
    page.locator(".st-key-pins").wait_for()
    page.wait_for_timeout(500)
    still(page)


def dragged(page: Any, amount: float) -> str:
    """The draft that the browser keeps once the target was dragged to an amount."""
    page.bring_to_front()
    drag(page, TARGET, amount)
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn(TARGET, standing(page, TARGET))
    word = link.draft_of(desk)
    page.wait_for_function(f"(word) => ({LOOK})().includes(word)", arg=word)
    still(page)
    return word


def looked_elsewhere(page: Any) -> None:
    page.bring_to_front()
    page.get_by_role("link", name="Method and glossary").first.click()
    page.get_by_role("heading", name="Method and glossary").wait_for()
    page.wait_for_timeout(1000)
    still(page)


def own(amount: float) -> str:
    """The fragment of a link to a file of one's own."""
    desk = Desk.of_upload((ROOT / "scenarios" / f"{FLAGSHIP}.yaml").read_bytes(), "ours.yaml")
    desk.turn(TARGET, amount)
    return link.parcel_of(desk, Sets())


def test_another_link_in_the_address_of_an_open_page_is_opened(page: Any, address: str) -> None:
    opened(page, f"{address}/#{own(900.0)}")
    page.wait_for_function(SHOWS, arg=answer((TARGET, 900)))
    page.evaluate("(word) => { location.hash = word; }", own(700.0))  # as one is pasted over it
    page.wait_for_function(SHOWS, arg=answer((TARGET, 700)))
    settled(page)
    assert (standing(page, TARGET), page.url) == (700, f"{address}/#{own(700.0)}")


def test_the_way_back_to_a_page_takes_no_change_back(page: Any, address: str) -> None:
    opened(page, f"{address}/#{own(900.0)}")
    page.wait_for_function(SHOWS, arg=answer((TARGET, 900)))
    page.get_by_role("link", name="What would it take").first.click()
    page.get_by_role("button", name="Set the sliders to this").first.click(timeout=60_000)
    page.get_by_text("The sliders are set").wait_for(timeout=60_000)
    still(page)
    shown = page.get_by_test_id("stMetricValue").first.inner_text()
    page.go_back()
    settled(page)
    assert number(page) == shown != answer((TARGET, 900))


def test_a_tab_takes_no_later_draft_of_another_one_away(page: Any, address: str) -> None:
    opened(page, address)
    other = opened(page.context.new_page(), address)
    dragged(page, 900)
    word = dragged(other, 700)
    looked_elsewhere(page)
    assert page.evaluate(LOOK) == [word]


def test_a_draft_that_was_taken_back_in_one_tab_is_kept_of_another_one(page: Any, address: str) -> None:
    opened(page, address)
    dragged(page, 900)
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_function(f"() => !({LOOK})().length")
    word = dragged(opened(page.context.new_page(), address), 700)
    looked_elsewhere(page)
    assert page.evaluate(LOOK) == [word]


@pytest.mark.parametrize("spoilt", ['"abc"', "5", "[1, null]", '{"x": null, "y": 3, "z": {}}', "{"])
def test_drafts_are_kept_where_something_else_stands(page: Any, address: str, spoilt: str) -> None:
    page.add_init_script(
        f"localStorage.getItem('began') ?? localStorage.setItem('{DRAFTS}', {json.dumps(spoilt)})"
    )
    page.add_init_script("localStorage.setItem('began', 'yes')")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    opened(page, address)
    word = dragged(page, 800)
    assert page.evaluate(LOOK) == [word]
    assert not faults


def test_where_there_is_no_room_the_oldest_draft_goes(page: Any, address: str) -> None:
    opened(page, address)
    old = {"name": "old", "title": "x", "word": "x" * 2_600_000, "when": "2020-01-01T00:00+00:00"}
    page.evaluate("([key, word]) => localStorage.setItem(key, word)", [DRAFTS, json.dumps({"old": old})])
    page.evaluate(FILL)
    word = dragged(page, 800)
    assert page.evaluate(LOOK) == [word]
