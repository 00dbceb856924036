"""Explore in a real browser, as an analyst uses it. Browser tier: in CI always, elsewhere where Chromium is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, visitor
from tests.browser.hands import (
    FLAGSHIP,
    TARGET,
    WATCH,
    answer,
    drag,
    fingered,
    number,
    place,
    pressed,
    standing,
    still,
    thumb,
    turned,
    violations,
)

RULES = "Harmonised rules"
PAGES = ("Compare", "What would it take", "What matters", "Report")
TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOCUS = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const panel = Boolean(node.getRootNode().host && node.getRootNode().querySelector(".panel"));
  const box = node.getBoundingClientRect();
  return { panel, role: node.getAttribute("role"), text: node.innerText || "", type: node.type,
    box: [box.top, box.bottom, box.height], chart: Boolean(node.closest(".st-key-charts")),
    within: Boolean(node.closest(".st-key-toolbar, .st-key-headline, .st-key-pins, header")) };
}"""
WORDS = """() => {
  const words = [];
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (["STYLE", "SCRIPT"].includes(node.tagName)) continue;
      for (const child of node.childNodes) if (child.nodeType === 3) words.push(child.textContent);
      for (const name of ["aria-label", "aria-valuetext", "title"]) words.push(node.getAttribute(name) ?? "");
      if (node.value !== undefined) words.push(String(node.value));
      if (node.shadowRoot) look(node.shadowRoot);
    }
  };
  look(document.body);
  return words.filter(Boolean).join("\\n");
}"""
CUT = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"] svg.marks')].flatMap((chart) => {
  const edge = chart.getBoundingClientRect();
  return [...chart.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < edge.left - 1 || box.right > edge.right + 1
      || box.top < edge.top - 4 || box.bottom > edge.bottom + 4);
  }).map((text) => text.textContent);
})"""


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    yield from watched(browser, address)


def watched(browser: Any, address: str, **context: Any) -> Iterator[Any]:
    for found in visitor(browser, address, **context):
        found.context.add_init_script(WATCH)
        yield found


def opened(page: Any, address: str, words: str = "") -> str:
    page.goto(f"{address}/{words}")
    return settled(page)


def settled(page: Any) -> str:
    """The number, once the page is drawn to its end and does nothing more."""
    page.locator(".headline .number").wait_for(timeout=60_000)
    page.locator(".st-key-pins").wait_for()
    page.locator('[role="tabpanel"]').wait_for()
    page.locator('[role="tabpanel"] [data-testid="stVegaLiteChart"] svg.marks').first.wait_for()
    still(page)
    return number(page)


def tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    page.locator(f'[role="tab"][aria-selected="true"]:has-text("{name}")').wait_for()
    still(page)


def enabled(page: Any) -> list[bool]:
    """Whether there is something to undo, to redo, to bring back."""
    return [
        page.get_by_role("button", name=name).is_enabled() for name in ("Undo", "Redo", "Back to original")
    ]


def at(page: Any, path: str, value: float) -> None:
    """Wait until a slider stands somewhere."""
    page.locator(f'input[type="range"][data-path="{path}"]').wait_for()
    page.wait_for_function(
        "([path, value]) => [...document.querySelectorAll('[data-testid=\"stBidiComponentIsolated\"]')].some((x) => {"
        'const slider = x.shadowRoot?.querySelector(`input[data-path="${path}"]`);'
        "return slider && Number(slider.value) === value; })",
        arg=[path, value],
    )


# The answer, live


def test_the_number_follows_the_thumb_and_ends_as_the_answer_to_its_last_value(
    page: Any, address: str
) -> None:
    before = opened(page, address)
    assert re.fullmatch(r"\d+ %", before.replace("\u00a0", " "))
    assert before == answer()
    assert enabled(page) == [False, False, False]
    page.mouse.move(*place(page, TARGET))
    page.mouse.down()
    page.mouse.move(*place(page, TARGET, 700), steps=10)
    page.locator(".number", has_text=re.compile(f"^(?!{before})")).wait_for()  # while it is held
    moved = turned(page, lambda: [page.mouse.move(*place(page, TARGET, 690)), page.mouse.up()])
    assert standing(page, TARGET) == 690
    assert moved == answer((TARGET, 690.0))
    page.locator("h1", has_text="at least $690m").wait_for()
    page.wait_for_url(re.compile("target.at_least=690"))
    assert re.match(r"\+\d+\.\d points against the original", page.locator(".change").inner_text())
    assert enabled(page) == [True, False, True]
    assert pressed(page, "Back to original", moved) == before
    at(page, TARGET, 1000)
    assert page.locator(".change").inner_text() == ""
    page.locator("h1", has_text="at least $1,000m").wait_for()
    page.wait_for_function(
        "(number) => document.querySelector('.st-key-headline [data-testid=\"stBidiComponentIsolated\"]')"
        ".shadowRoot.querySelector('.spoken').textContent.includes(number)",
        arg=before,
    )  # what is read out


def test_the_handle_of_the_curve_moves_the_target_and_its_control(page: Any, address: str) -> None:
    before = opened(page, address)
    tab(page, "Chance by amount")
    handle = page.locator(".handle")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    moved = turned(page, lambda: [page.mouse.move(x - 60, y, steps=6), page.mouse.up()])
    target = standing(page, TARGET)
    assert target < 1000
    assert moved == answer((TARGET, target)) != before
    assert page.locator("svg.curve .label").text_content() == f"{moved} for ${target:,.0f}m"
    assert float(handle.get_attribute("aria-valuenow")) == target
    assert page.get_by_role("tab", name="Chance by amount").get_attribute("aria-selected") == "true"
    handle.focus()
    again = turned(page, lambda: [page.keyboard.press("PageDown"), page.keyboard.press("ArrowRight")])
    assert standing(page, TARGET) == target - 90
    assert again == answer((TARGET, target - 90))


def test_a_number_typed_a_measure_off_and_on_again(page: Any, address: str) -> None:
    before = opened(page, address)
    box = page.get_by_role("textbox", name="At least, number")
    box.fill("$900m")
    moved = turned(page, lambda: box.press("Enter"))
    assert moved == answer((TARGET, 900.0))
    page.locator("h1", has_text="at least $900m").wait_for()
    assert enabled(page) == [True, False, True]
    assert pressed(page, "Undo", moved) == before
    at(page, TARGET, 1000)
    assert enabled(page) == [False, True, False]
    assert pressed(page, "Redo", before) == moved
    at(page, TARGET, 900)
    switch = page.get_by_role("switch", name=RULES)
    off = turned(page, switch.click)
    assert off == answer((TARGET, 900.0), ("levers.rules.enabled", False))
    assert turned(page, switch.click) == answer((TARGET, 900.0))
    pressed(page, "Back to original", number(page))
    assert number(page) == before


# What is kept, and what is handed on


def test_the_link_shows_the_same_number_to_somebody_else(page: Any, address: str, browser: Any) -> None:
    opened(page, address)
    turned(page, lambda: drag(page, TARGET, 900))
    moved = turned(page, page.get_by_role("switch", name=RULES).click)
    page.wait_for_url(re.compile("levers.rules.enabled=false"))
    for other in watched(browser, address):
        other.goto(page.url)
        assert settled(other) == moved
        assert "against the original" in other.locator(".change").inner_text()


def test_nonsense_of_a_link_is_told_and_the_rest_opened(page: Any, address: str) -> None:
    words = f"?scenario={FLAGSHIP}&levers.none.percent=4&target.at_least=many&levers.rules.enabled=false"
    assert opened(page, address, words) == answer(("levers.rules.enabled", False))
    assert "makes no sense" in page.get_by_test_id("stAlert").inner_text()
    assert opened(page, address, "?scenario=nonsense") == answer()
    assert "makes no sense" in page.get_by_test_id("stAlert").inner_text()
    page.goto("about:blank")
    assert opened(page, address, f"?scenario={FLAGSHIP}#p1.damaged") == answer()
    page.get_by_text("The link cannot be opened").wait_for()
    assert "damaged or cut off" in page.get_by_test_id("stCode").inner_text()


def test_an_uploaded_file_is_shared_by_its_fragment(
    page: Any, address: str, browser: Any, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, address)
    given(page, written(tmp_path, "ours.yaml", "at_least: 1000", "at_least: 880"))
    page.locator("h1", has_text="at least $880m").wait_for()
    moved = turned(page, page.get_by_role("switch", name=RULES).click)
    page.get_by_role("button", name="Keep as variant B").click()
    page.locator(".st-key-swap-B").wait_for()
    page.wait_for_function("location.hash.length > 100")
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("no server or proxy logs it").wait_for()
    link = dialog.get_by_test_id("stCode").inner_text().strip()
    assert "ours" not in link
    assert link.partition("#")[2] == page.url.partition("#")[2]
    for other in watched(browser, address):
        other.on("request", lambda request: asked.append(request.url))
        other.goto(link)
        other.locator("h1", has_text="at least $880m").wait_for(timeout=60_000)
        other.locator(".number", has_text=moved).wait_for()
        other.locator(".st-key-swap-B").wait_for()
    assert not any(link.partition("#")[2][:40] in url for url in asked)


def written(folder: Path, name: str, *changes: str) -> Path:
    """The flagship as a file of one's own, some words of it changed: before, after, before, after."""
    text = (ROOT / "scenarios" / f"{FLAGSHIP}.yaml").read_text("utf-8")
    for before, after in zip(changes[::2], changes[1::2], strict=True):
        assert before in text
        text = text.replace(before, after)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def given(page: Any, file: Path) -> None:
    """Hand a file over in the dialog Open."""
    if not page.get_by_role("dialog").count():
        settled(page)
        page.get_by_role("button", name="Open", exact=True).click()
    settled(page)
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(str(file))


def test_a_bad_file_is_refused_in_its_dialog_until_the_next_one(
    page: Any, address: str, tmp_path: Path
) -> None:
    before = opened(page, address)
    given(page, written(tmp_path, "typo.yaml", "count: 6", "cuont: 6"))
    told = page.get_by_role("dialog").get_by_test_id("stCode")
    told.filter(has_text=re.compile(r"typo\.yaml:\d+.*cuont")).wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Open", exact=True).click()
    told.filter(has_text="cuont").wait_for()  # not gone with the dialog
    for name, text, fault in (
        ("bomb.yaml", "a: &a [x, x]\nb: &b [*a, *a]\ntitle: x\n", "anchor"),
        ("deep.yaml", "title: " + "[" * 50_000, "deep|nesting"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        given(page, tmp_path / name)
        told.filter(has_text=re.compile(fault)).wait_for()
    big = tmp_path / "big.yaml"
    big.write_text("title: x\n" + "# " + "x" * 3_000_000, "utf-8")
    given(page, big)
    page.get_by_text(re.compile("must be 2.*MB or smaller|exceeds|too large", re.IGNORECASE)).first.wait_for()
    assert number(page) == before
    given(page, written(tmp_path, "good.yaml", "at_least: 1000", "at_least: 880"))
    page.get_by_role("dialog").wait_for(state="detached")
    page.locator("h1", has_text="at least $880m").wait_for()
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("dialog").locator('input[type="file"]').wait_for(state="attached")
    assert told.count() == 0


def test_what_is_saved_answers_as_the_page_does(page: Any, address: str, tmp_path: Path) -> None:
    """The number on the page is that of ``run --json`` on the file, and of the page that opens it again."""
    opened(page, address)
    moved = turned(page, lambda: drag(page, TARGET, 930))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    file = tmp_path / "mine.yaml"
    download.value.save_as(file)
    assert "# No shares of product groups are published" in file.read_text("utf-8")
    words = [sys.executable, "-m", "simulator", "run", str(file), "--json"]
    told = json.loads(subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout)
    assert f"{100 * told['probability']:.0f} %" == moved.replace("\u00a0", " ")
    assert f"${told['totals']['turnover']['2020']['p50']:,.0f}m" in page.locator(".lines").inner_text()
    wide = told["probability_range"]
    span = f"{100 * wide['low']:.0f}-{100 * wide['high']:.0f} %"
    assert span in page.locator(".range").inner_text().replace("\u00a0", " ")
    opened(page, address)
    given(page, file)
    page.locator("h1", has_text="at least $930m").wait_for()
    assert settled(page) == moved


def test_a_draft_outlives_its_tab(page: Any, address: str) -> None:
    opened(page, address)
    moved = turned(page, lambda: drag(page, TARGET, 800))
    page.wait_for_function("(localStorage.getItem('trade-target drafts') ?? '').includes('belarus')")
    page.goto("about:blank")
    second = page.context.new_page()
    opened(second, address)
    second.get_by_text("and did not save it").wait_for()
    assert pressed(second, "Go on with the draft", number(second)) == moved
    second.locator("h1", has_text="at least $800m").wait_for()
    second.goto("about:blank")
    third = page.context.new_page()
    opened(third, address)
    third.get_by_role("button", name="Let it go").click()
    third.locator(".st-key-draft").wait_for(state="detached")
    third.wait_for_function("!(localStorage.getItem('trade-target drafts') ?? '').includes('belarus')")
    third.reload()
    assert settled(third) == answer()
    assert third.locator(".st-key-draft").count() == 0


def test_another_scenario_is_picked_and_the_draft_kept(page: Any, address: str) -> None:
    opened(page, address)
    moved = turned(page, lambda: drag(page, TARGET, 800))
    page.get_by_role("button", name="Scenarios").click()
    page.locator(".st-key-pick-china-india-2008 button").click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.locator("h1", has_text="China and India").wait_for()
    page.locator(".number", has_text=answer(name="china-india-2008")).wait_for()
    page.get_by_role("button", name="Scenarios").click()
    card = page.locator(f".st-key-card-{FLAGSHIP}")
    likely = re.escape(answer()).replace(r"\ ", r"\s")
    card.get_by_text(re.compile(rf"{likely} likely · as of 31 October 2018 · Draft")).wait_for()
    page.locator(f".st-key-pick-{FLAGSHIP} button").click()
    page.locator("h1", has_text="Belarus and Kazakhstan").wait_for()
    page.locator(".number", has_text=answer()).wait_for()
    assert pressed(page, "Go on with the draft", answer()) == moved


def test_variants_are_pinned_swapped_named_compared_and_removed(page: Any, address: str) -> None:
    before = opened(page, address)
    page.get_by_role("button", name="Keep as variant B").click()
    pin = page.locator(".st-key-swap-B button:visible")
    pin.filter(has_text=f"{before} · as the original").wait_for()
    moved = turned(page, lambda: drag(page, TARGET, 800))
    pin.click()
    page.locator(".st-key-swap-B button:visible", has_text="At least $800m").wait_for()
    page.locator(".number", has_text=before).wait_for()
    at(page, TARGET, 1000)
    page.locator(".st-key-edit-B button:visible").first.click()
    name = page.get_by_label("Name", exact=True)
    name.fill("bolder")
    name.press("Enter")
    page.locator(".st-key-swap-B button:visible", has_text=re.compile(rf"B:\W+bolder · {moved}")).wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Compare").click()
    page.get_by_test_id("stMain").get_by_text(re.compile(r"B:\W+bolder")).first.wait_for()
    page.get_by_role("link", name="Explore").click()
    settled(page)
    page.locator(".st-key-edit-B button:visible").first.click()
    page.get_by_role("button", name="Remove").click()
    page.locator(".st-key-swap-B").wait_for(state="detached")


# By key, by finger, by ear


def test_by_keyboard_alone(page: Any, address: str) -> None:
    before = opened(page, address)
    reached(page, "Tab", lambda focus: focus["type"] == "range")
    moved = turned(page, lambda: [page.keyboard.press("ArrowLeft") for _ in range(8)])
    assert moved == answer((TARGET, 920.0))
    reached(page, "Shift+Tab", lambda focus: focus["text"].strip().endswith("Undo"))
    page.keyboard.press("Enter")
    page.locator(".number", has_text=before).wait_for()


def reached(page: Any, key: str, wanted: Callable[[dict[str, Any]], bool]) -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if wanted(page.evaluate(FOCUS)):
            return
    pytest.fail("not within 60 tabs")


@pytest.mark.parametrize("context", [{}, TELEPHONE], ids=["wide", "narrow"])
def test_controls_come_before_charts_and_focus_is_never_hidden(
    browser: Any, address: str, context: dict[str, Any]
) -> None:
    for page in watched(browser, address, **context):
        opened(page, address)
        page.get_by_role("button", name=RULES).click()
        tall = page.viewport_size["height"]
        seen, hidden = [], []
        for _ in range(90):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            if "Keep as" in focus["text"]:
                break
            seen.append("chart" if focus["chart"] else "panel" if focus["panel"] else "")
            bar = page.locator(".st-key-headline").bounding_box()
            strip = page.locator(".st-key-pins").bounding_box()
            top, bottom, height = focus["box"]
            inside = top >= bar["y"] + bar["height"] - 2 and bottom <= strip["y"] + 2
            if seen[-1] and not inside and height < tall / 2:
                hidden.append((focus["text"][:40], top, bottom))
        assert not hidden
        assert seen.index("panel") < seen.index("chart")
        assert "panel" not in seen[seen.index("chart") :]


def at_rest(page: Any, path: str) -> None:
    """Wait until nothing moves a control any more: a chart that is drawn above it does."""
    still(page)
    before = None
    while (now := thumb(page, path).bounding_box()) != before:
        before = now
        page.wait_for_timeout(400)


def test_on_a_telephone(browser: Any, address: str) -> None:
    for page in watched(browser, address, **TELEPHONE):
        before = opened(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        charts, controls = (page.locator(f".st-key-{name}").bounding_box() for name in ("charts", "controls"))
        assert controls["y"] + controls["height"] <= charts["y"]
        row = page.get_by_role("button", name="Harmonised rules").bounding_box()
        assert (
            row["y"] + row["height"] / 2 <= 860
        )  # the answer, its evidence and the measures, hardly scrolling
        touch = page.context.new_cdp_session(page)
        for name in ("Chance by amount", "What each adds", "100 futures"):
            page.locator('[role="tabpanel"] h2').scroll_into_view_if_needed()
            box = page.locator('[role="tabpanel"] h2').bounding_box()
            y = box["y"] + box["height"] / 2
            fingered(touch, [(300 - 20 * step, y) for step in range(11)])
            page.locator(f'[role="tab"][aria-selected="true"]:has-text("{name}")').wait_for()
            picture = page.locator('[role="tabpanel"]').locator("svg.marks, svg.curve").first
            picture.wait_for()
            assert picture.bounding_box()["width"] > 300
        page.locator('[role="tabpanel"] h2').scroll_into_view_if_needed()
        box = page.locator('[role="tabpanel"] h2').bounding_box()
        fingered(touch, [(100 + 20 * step, box["y"] + 10) for step in range(11)])
        page.locator('[role="tab"][aria-selected="true"]:has-text("What each adds")').wait_for()
        page.locator('[role="tabpanel"]').locator("svg.marks").first.wait_for()
        at_rest(page, TARGET)
        (x, y), (there, _) = place(page, TARGET), place(page, TARGET, 700)
        way = [(x + (there - x) * step / 10, y) for step in range(11)]
        moved = turned(page, partial(fingered, touch, way))
        assert moved == answer((TARGET, standing(page, TARGET))) != before
        bar, shown = page.locator(".st-key-headline").bounding_box(), page.locator(".change").bounding_box()
        header = page.get_by_test_id("stHeader").bounding_box()
        assert bar["height"] <= 68
        assert bar["y"] >= header["y"] + header["height"] - 2
        assert bar["y"] <= shown["y"] <= shown["y"] + shown["height"] <= bar["y"] + bar["height"]
        page.get_by_role("button", name="Scenarios").tap()
        page.locator(".st-key-cards").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for card in page.locator('[class*="st-key-card-"]').all()[:4]:
            edge = card.bounding_box()
            assert edge["x"] >= 0
            assert edge["x"] + edge["width"] <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_any_page_and_each_has_its_title(
    browser: Any, address: str, scheme: str, width: int
) -> None:
    for page in watched(browser, address, color_scheme=scheme, viewport={"width": width, "height": 900}):
        opened(page, address)
        assert page.title() == "Explore - Trade-target simulator"
        page.get_by_role("button", name="Keep as variant B").click()
        page.locator(".st-key-swap-B").wait_for()
        page.get_by_role("button", name=RULES).click()
        page.get_by_text("Details: the answer").click()
        page.locator(".st-key-details h2").first.wait_for()
        told = violations(page)
        tab(page, "Chance by amount")
        told += violations(page)
        for name in PAGES:
            page.goto(f"{address}/{name.lower().replace(' ', '-')}")
            page.locator("h1").wait_for(timeout=60_000)
            page.wait_for_function(
                "(title) => document.title === title", arg=f"{name} - Trade-target simulator"
            )
            page.get_by_test_id("stMain").locator("iframe, svg.marks").first.wait_for(
                state="attached", timeout=60_000
            )
            still(page)
            told += violations(page)
        assert not told, "\n".join(told)


# What the charts show, and what is text


def test_every_chart_can_be_taken_away(page: Any, address: str, tmp_path: Path) -> None:
    opened(page, address)
    page.get_by_text("Details: the answer").click()
    for name, chart, head in (
        ("Over time", "fan", b"measure,period"),
        ("Chance by amount", "chances", b"amount,"),
        ("What each adds", "measures", b"step,"),
        ("100 futures", "futures", b"total,"),
        ("", "alternatives", b"name,probability"),
    ):
        if name:
            tab(page, name)
        page.locator(f".st-key-take-{chart} button:visible").first.click()
        for label, start in (
            ("Data as CSV", "\ufeff".encode() + head),
            ("Picture as PNG", b"\x89PNG"),
            ("Picture as SVG", b"<svg"),
        ):
            with page.expect_download() as download:
                page.get_by_role("button", name=label).click()
            file = tmp_path / "taken"
            download.value.save_as(file)
            assert file.read_bytes().startswith(start), chart
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
        page.get_by_role("dialog").wait_for(state="detached")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_label_of_a_chart_is_cut(browser: Any, address: str, width: int) -> None:
    for page in watched(browser, address, viewport={"width": width, "height": 900}):
        for name in ("china-india-2008", "belarus-kazakhstan-no-measures"):
            opened(page, address, f"?scenario={name}")
            assert not page.evaluate(CUT)
            tab(page, "100 futures")
            page.locator('[role="tabpanel"] svg.marks').first.wait_for()
            assert not page.evaluate(CUT)
        tab(page, "What each adds")
        page.get_by_text("No measure or risk is switched on.").wait_for()


def test_a_percent_sign_stands_apart_from_its_number(page: Any, address: str) -> None:
    opened(page, address)
    for row in page.locator(".open:visible").all():
        row.click()
    page.get_by_text("Details: the answer").click()
    page.locator(".st-key-details h2").first.wait_for()
    still(page)
    words = page.evaluate(WORDS)
    for name in ("Chance by amount", "What each adds", "100 futures"):
        tab(page, name)
        words += page.evaluate(WORDS)
    page.get_by_role("button", name="Scenarios").click()
    page.locator(".st-key-cards").get_by_text("% likely").nth(5).wait_for()
    words += page.evaluate(WORDS)
    assert len(re.findall(r"\d[ \u00a0]%", words)) > 50
    assert not re.findall(r".{0,40}\d%.{0,20}", words)


def test_text_of_a_file_is_shown_as_text(page: Any, address: str, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=window.hurt=1> **bold** $x^2$ [a](javascript:alert(1)) :smile:"
    opened(page, address)
    text = (ROOT / "scenarios" / f"{FLAGSHIP}.yaml").read_text("utf-8")
    file = written(
        tmp_path, "hostile.yaml",
        text.splitlines()[0], f"title: '{hostile}'",
        "name: Harmonised rules", f"name: '{hostile}'",
        'source: "Kazinform citing BelTA, 31 October 2018"', f"source: '{hostile}'",
        "home: Belarus", f"home: '{hostile}'",
    )  # fmt: skip
    given(page, file)
    page.get_by_role("dialog").wait_for(state="detached")
    heading = page.locator("h1", has_text="onerror=window.hurt=1>")
    heading.wait_for()
    assert hostile in heading.inner_text().replace("\u2060", "")
    assert page.locator(".name", has_text=hostile).inner_text() == hostile
    assert page.get_by_role("switch", name=hostile).count() == 1
    page.get_by_role("button", name="Keep as variant B").click()
    page.locator(".st-key-edit-B button:visible").first.click()
    name = page.get_by_label("Name", exact=True)
    name.fill("**B** <b>$x$ $y$")
    name.press("Enter")
    page.locator(".st-key-swap-B button:visible", has_text="**B** <b>$x$ $y$").wait_for()
    page.keyboard.press("Escape")
    for each in ("Chance by amount", "What each adds", "100 futures", "Over time"):
        tab(page, each)
        assert page.locator('[role="tabpanel"]').locator("strong, em, img, a, .katex").count() == 0
    page.get_by_role("button", name="Share").click()
    page.get_by_role("dialog").get_by_test_id("stCode").wait_for()
    active = ":is(h1, .st-key-toolbar, .st-key-charts, .st-key-pins, [role=dialog]) :is(strong, em, img, a, b, .katex)"
    assert page.locator(active).count() == 0
    assert page.evaluate("window.hurt") is None
