"""The live panel in a real browser: dragged, by key, by number. Browser tier: in CI always, elsewhere where Chromium is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.workspace import panel
from simulator.workspace.desk import Desk
from tests.browser.conftest import ROOT, served, visitor
from tests.browser.hands import (
    FLAGSHIP,
    RULES,
    SHOWS,
    TARGET,
    TREND,
    WATCH,
    answer,
    drag,
    fingered,
    number,
    place,
    standing,
    still,
    thumb,
    violations,
)

# a line of Streamlit's that drops, while it is cut, what the browser says
CUT = """
  window.rests = [];
  const cut = { set: (wires, wire, send) => {
    wires[wire] = wire !== "rest" ? send : (message) => {
      if (window.cut) return;
      window.rests.push(message.value);
      send(message);
    };
    return true;
  } };
  globalThis.liveWires = { explore: new Proxy({}, cut) };
"""


@pytest.fixture(scope="module")
def live() -> Iterator[str]:
    """The panel beside four charts, served once for all tests."""
    app = str(Path(__file__).parent / "live_server.py")
    with served("streamlit", "run", app, "--server.headless", "true", "--server.port") as found:
        yield found


@pytest.fixture
def page(browser: Any, live: str) -> Iterator[Any]:
    for found in visitor(browser, live):
        found.add_init_script(WATCH)
        yield found


def opened(page: Any, address: str, words: str = "") -> str:
    page.goto(f"{address}/{words}")
    page.locator(".number").wait_for()
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=\"stVegaLiteChart\"] svg.marks').length >= 4"
    )
    page.wait_for_timeout(500)
    return number(page)


def settled(page: Any) -> str:
    """The number once nothing is on its way any more."""
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')")
    before: list[Any] = []
    while (now := page.evaluate("window.sent")) != before or (now and now[-1][0] != "answer"):
        before = now
        page.wait_for_timeout(600)
    return number(page)


def test_the_number_follows_the_thumb_before_it_is_let_go(page: Any, live: str) -> None:
    before = opened(page, live)
    handle = thumb(page, TARGET).element_handle()
    chart = page.locator('[data-testid="stVegaLiteChart"]').nth(3)
    drawn = chart.inner_html()
    page.mouse.move(*place(page, TARGET))
    page.mouse.down()
    page.mouse.move(*place(page, TARGET, 700), steps=10)
    page.locator(".number", has_text=re.compile(f"^(?!{before})")).wait_for()
    assert {phase for phase, *_ in page.evaluate("window.sent")} >= {"move", "answer"}
    page.wait_for_function("window.sent.some(([phase]) => phase === 'rest')")  # the thumb rests: charts
    page.mouse.up()
    assert settled(page) == answer((TARGET, 700.0))
    assert standing(page, TARGET) == 700
    assert handle.evaluate("(node) => node.isConnected")  # the thumb was never replaced
    page.wait_for_timeout(500)
    assert chart.inner_html() != drawn
    assert "points" in page.locator(".change").inner_text()


@pytest.mark.parametrize("path", [TARGET, TREND])
def test_a_burst_of_moves_leaves_no_queue(page: Any, live: str, path: str) -> None:
    opened(page, live)
    x, y = place(page, path)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 61):
        page.mouse.move(x + step, y)
    page.mouse.up()
    shown = settled(page)
    told = page.evaluate("window.sent")
    moves = [entry for entry in told if entry[0] == "move"]
    assert len(moves) < 60
    waiting: list[int] = []
    for phase, seq, *_ in told:  # never more than the one that is worked on and the next
        if phase == "move":
            waiting.append(seq)
            assert len(waiting) <= 2
        elif phase == "answer":
            waiting = [known for known in waiting if known > seq]
    assert not waiting
    assert moves[-1][2] == pytest.approx(standing(page, path))
    assert shown == answer((path, moves[-1][2]))
    assert told[-1][0] == "answer"


def test_a_thumb_that_still_moves_asks_for_no_charts(page: Any, live: str) -> None:
    """Less than a step is a move all the same: charts would hold up the next numbers."""
    opened(page, live)
    told = thumb(page, TARGET).evaluate(
        """async (input) => {
          for (let turn = 0; turn < 20; turn++) {
            input.value = turn % 2 ? 901 : 899;
            input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
            await new Promise((then) => setTimeout(then, 40));
          }
          return [...window.sent];
        }"""
    )
    assert [phase for phase, *_ in told if phase != "answer"] == ["move"]
    assert ["answer", told[0][1]] in told
    page.wait_for_function("window.sent.some(([phase]) => phase === 'rest')")
    assert settled(page) == answer((TARGET, 900.0))


SHOWN_AGAIN = """({ sections, anew }) => {
  const host = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .find((x) => x.shadowRoot?.querySelector(".panel"));
  const { panel } = host.shadowRoot.querySelector(".panel").parentNode;
  panel.show({ stamp: "late", session: anew ? "another" : panel.session, seq: 0, sections });
}"""


@pytest.mark.parametrize(("anew", "value"), [(False, 990), (True, 1000)])
def test_a_page_drawn_before_a_move_takes_no_thumb_back(
    page: Any, live: str, anew: bool, value: float
) -> None:
    """Unless it is another session's, which knows nothing of what was moved in the one that is gone."""
    opened(page, live)
    thumb(page, TARGET).press("ArrowLeft")
    settled(page)
    before = panel.sections(Desk.of_shipped(FLAGSHIP), {})
    page.evaluate(SHOWN_AGAIN, {"sections": panel.plain(before), "anew": anew})
    assert standing(page, TARGET) == value


ANSWERED_LATE = """({ seq, values }) => document.dispatchEvent(
  new CustomEvent("live-answer", { detail: { channel: "explore", seq, answer: { values } } }))"""


def test_an_answer_to_an_earlier_move_takes_no_thumb_back(page: Any, live: str) -> None:
    """It comes late where the page was run for it while a later move was answered beside."""
    opened(page, live)
    for key in ("ArrowLeft", "ArrowLeft"):
        thumb(page, TARGET).press(key)
        settled(page)
    page.evaluate(ANSWERED_LATE, {"seq": 1, "values": {TARGET: 990}})
    assert standing(page, TARGET) == 980
    page.evaluate(ANSWERED_LATE, {"seq": 2, "values": {TARGET: 970}})
    assert standing(page, TARGET) == 970


def test_two_controls_turned_at_once_are_both_turned(page: Any, live: str) -> None:
    opened(page, live)
    switch, world = page.get_by_role("switch", name="Harmonised rules"), page.get_by_label("World trade")
    thumb(page, TARGET).evaluate(
        "(input) => { for (const value of [990, 960, 900]) {"
        "input.value = value; input.dispatchEvent(new Event('input', { bubbles: true, composed: true })); } }"
    )
    switch.evaluate("(button) => button.click()")
    world.evaluate(
        "(list) => { list.selectedIndex = 0; list.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    assert settled(page) == answer(
        (TARGET, 900.0), ("levers.rules.enabled", False), ("outlook.world", "slump")
    )


def test_what_is_turned_while_the_line_is_cut_counts_once_it_is_back(browser: Any, live: str) -> None:
    for page in visitor(browser, live):
        page.add_init_script(CUT)
        opened(page, live)
        page.route("**/live/*", lambda route: route.abort())
        page.evaluate("window.cut = true")
        before = number(page)
        drag(page, TARGET, 800)
        page.wait_for_timeout(1500)
        assert (number(page), standing(page, TARGET)) == (before, 800)
        page.unroute("**/live/*")  # the server hears again, Streamlit's own line is still cut
        shown = answer((TARGET, 800))
        page.wait_for_function(SHOWS, arg=shown)
        page.wait_for_timeout(500)
        page.evaluate("window.cut = false")
        page.wait_for_function("window.rests.length > 0")  # said again: the charts follow
        page.wait_for_timeout(2000)
        still(page)
        assert (number(page), standing(page, TARGET)) == (shown, 800)
        assert page.evaluate("window.rests") == [800]


def test_by_key(page: Any, live: str) -> None:
    opened(page, live)
    slider = thumb(page, TARGET)
    slider.focus()
    for key, value in (
        ("ArrowLeft", 990), ("ArrowDown", 980), ("ArrowRight", 990), ("ArrowUp", 1000), ("PageDown", 900), ("PageUp", 1000),
        ("Home", 10), ("End", 2000), ("PageDown", 1900),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert standing(page, TARGET) == value
        assert slider.get_attribute("aria-valuetext") == f"${value:,}m"
    assert slider.get_attribute("aria-label") == "At least"
    assert settled(page) == answer((TARGET, 1900.0))
    page.wait_for_timeout(800)
    assert number(page) in page.locator('.spoken[role="status"]').inner_text()


def test_by_number(page: Any, live: str) -> None:
    before = opened(page, live)
    box = page.get_by_role("textbox", name="At least, number")
    for text in ("abc", "5000", "1,00", "20 apples"):
        box.fill(text)
        box.press("Enter")
        assert box.get_attribute("aria-invalid") == "true"
        assert "expected $10m to $2,000m" in page.get_by_role("alert").first.inner_text()
    assert page.evaluate("window.sent.length") == 0
    assert number(page) == before
    for text, value in (("$1,234m", 1234.0), ("842.5", 842.5)):
        box.fill(text)
        box.press("Enter")
        assert settled(page) == answer((TARGET, value))
    assert standing(page, TARGET) == 842.5


def test_a_range_has_ends_that_do_not_cross_and_a_middle_that_takes_them_along(page: Any, live: str) -> None:
    opened(page, live)
    page.get_by_role("button", name="Harmonised rules").click()
    low, likely, high = f"{RULES}.low", RULES, f"{RULES}.high"
    page.mouse.move(*place(page, high))
    page.mouse.down()
    page.mouse.move(*place(page, high, 0), steps=12)  # beyond the middle
    page.mouse.up()
    settled(page)
    assert standing(page, high) == standing(page, likely) == 3
    page.get_by_role("button", name="Original").click()
    page.wait_for_function(f"(v) => {js(high)} === v", arg=8.3)
    page.mouse.move(*place(page, likely))
    page.mouse.down()
    page.mouse.move(*place(page, likely, 6), steps=12)
    page.mouse.up()
    shown = settled(page)
    middle = standing(page, likely)
    assert middle == pytest.approx(6, abs=0.5)
    assert standing(page, high) == pytest.approx(8.3 * middle / 3, rel=1e-3)
    assert standing(page, low) == 0
    assert shown == answer((likely, middle))


def js(path: str) -> str:
    """What a slider stands at, for a condition in the page."""
    hosts = "[...document.querySelectorAll('[data-testid=\"stBidiComponentIsolated\"]')]"
    roots = f"{hosts}.map((host) => host.shadowRoot)"
    found = f"{roots}.map((x) => x.querySelector('input[type=range][data-path=\"{path}\"]')).find(Boolean)"
    return f"Number({found}.value)"


def test_undo_and_reset_move_the_thumbs_back(page: Any, live: str) -> None:
    before = opened(page, live)
    thumb(page, TARGET).focus()
    page.keyboard.press("PageDown")
    moved = settled(page)
    assert moved != before
    for button in ("Undo", "Original"):
        if button == "Original":
            thumb(page, TARGET).focus()
            page.keyboard.press("PageDown")
            assert settled(page) == moved
        page.get_by_role("button", name=button).click()
        page.wait_for_function(f"{js(TARGET)} === 1000")
        page.locator(".number", has_text=before).wait_for()
        assert page.locator(".was").first.inner_text() == ""


def test_a_measure_off_and_the_world_set(page: Any, live: str) -> None:
    opened(page, live)
    switch = page.get_by_role("switch", name="Harmonised rules")
    switch.click()
    assert settled(page) == answer(("levers.rules.enabled", False))
    assert switch.get_attribute("aria-checked") == "false"
    page.get_by_role("button", name="Harmonised rules").click()
    assert thumb(page, RULES).is_disabled()
    page.mouse.click(*place(page, f"{RULES}.high", 20))
    assert standing(page, f"{RULES}.high") == 8.3
    page.get_by_label("World trade").select_option("slump")
    assert settled(page) == answer(("levers.rules.enabled", False), ("outlook.world", "slump"))
    page.get_by_label("World trade").select_option("uncertain")
    switch.click()
    assert settled(page) == answer()
    assert thumb(page, RULES).is_enabled()


def test_on_a_telephone(browser: Any, live: str) -> None:
    for page in visitor(browser, live, viewport={"width": 390, "height": 844}, has_touch=True):
        page.add_init_script(WATCH)
        opened(page, live)
        page.get_by_role("button", name="Harmonised rules").tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        small = page.locator(".panel :is(button, input, select):visible").evaluate_all(
            "(all) => all.map((x) => [x.outerHTML.slice(0, 90), x.getBoundingClientRect()])"
            ".filter(([, { height, width }]) => height < 44 || width < 44).map(([text]) => text)"
        )
        assert not small
        page.touchscreen.tap(*place(page, TARGET, 700))
        shown = settled(page)
        assert standing(page, TARGET) == pytest.approx(700, abs=20)
        assert shown == answer((TARGET, standing(page, TARGET)))
        box = page.locator(".number").bounding_box()
        assert 0 <= box["y"] < 844  # the number stays in view beside the slider


def test_a_finger_drags_and_a_finger_that_scrolls_changes_nothing(browser: Any, live: str) -> None:
    for page in visitor(
        browser, live, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ):
        page.add_init_script(WATCH)
        opened(page, live)
        page.get_by_role("button", name="Harmonised rules").tap()
        touch = page.context.new_cdp_session(page)
        for path, value in ((TARGET, 600), (f"{RULES}.high", 20)):
            (x, y), (there, _) = place(page, path), place(page, path, value)
            fingered(touch, [(x + (there - x) * step / 20, y) for step in range(21)])
            settled(page)
            assert standing(page, path) == value
        scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
        before, (x, y) = page.evaluate(scrolled), place(page, f"{RULES}.high", 15)
        fingered(touch, [(x, y - 10 * step) for step in range(21)])
        settled(page)
        assert page.evaluate(scrolled) > before
        assert standing(page, f"{RULES}.high") == 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_contrast_and_names_pass_axe(browser: Any, live: str, scheme: str, width: int) -> None:
    for page in visitor(browser, live, color_scheme=scheme, viewport={"width": width, "height": 900}):
        page.add_init_script(WATCH)
        opened(page, live)
        page.get_by_role("button", name="Start-up preferences").click()
        page.get_by_role("button", name="Expert").locator("visible=true").first.click()
        page.get_by_role("textbox", name="At least, number").fill("abc")
        page.keyboard.press("Enter")
        told = violations(page)
        assert not told, "\n".join(told)


def test_text_of_a_file_is_shown_as_text(page: Any, live: str, tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / f"{FLAGSHIP}.yaml").read_text("utf-8")
    hostile = "<img src=x onerror=window.hurt=1> **bold** $x^2$ [a](javascript:alert(1))"
    assert "name: Harmonised rules" in text
    file = tmp_path / "own.yaml"
    file.write_text(text.replace("name: Harmonised rules", f"name: '{hostile}'"), "utf-8")
    opened(page, live, f"?file={file}")
    assert page.locator(".name", has_text=hostile).inner_text() == hostile
    assert page.get_by_role("switch", name=hostile).count() == 1
    assert page.locator(".panel :is(img, strong, a, .katex)").count() == 0
    assert page.evaluate("window.hurt") is None


def test_no_part_writes_markup_or_names_an_address() -> None:
    never = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|https?:(?!//www\.w3\.org/2000/svg)|url\("
    )
    for file in (ROOT / "simulator" / "ui" / "live").glob("*.*s*"):
        assert not never.search(file.read_text("utf-8")), file
