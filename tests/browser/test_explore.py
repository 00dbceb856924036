"""Explore in a real browser, as an analyst uses it. Browser tier: in CI always, elsewhere where Chromium is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, visitor

VALUE = '[data-testid="stMetricValue"]'
RULES = "Harmonised rules"


def opened(page: Any, address: str, words: str = "") -> str:
    page.goto(f"{address}/{words}")
    return settled(page)


def settled(page: Any) -> str:
    """The headline, once the page has come to rest."""
    page.wait_for_selector(VALUE)
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=\"stVegaLiteChart\"] svg.marks').length >= 4"
    )
    page.wait_for_function("!document.querySelector('[data-testid=\"stStatusWidget\"]')")
    before = ""
    while (now := f"{page.inner_text(VALUE)} {page.url}") != before:  # keys may still be on their way
        before = now
        page.wait_for_timeout(500)
    return str(page.inner_text(VALUE))


def changed(page: Any, before: str, act: Callable[[], Any]) -> str:
    """The headline after an act that changes it."""
    act()
    page.wait_for_function(
        f"document.querySelector('{VALUE}') && document.querySelector('{VALUE}').innerText !== {json.dumps(before)}"
    )
    return settled(page)


def target(page: Any) -> Any:
    return page.get_by_role("slider").first


def pressed(page: Any, key: str, times: int) -> None:
    target(page).focus()
    for _ in range(times):
        page.keyboard.press(key)


def switch(page: Any, name: str) -> Any:
    return page.locator('[data-testid="stCheckbox"]').filter(has_text=name).locator("label").first


def test_a_moved_slider_changes_the_headline_and_undo_brings_it_back(page: Any, address: str) -> None:
    before = opened(page, address)
    assert re.fullmatch(r"\d+ %", before)
    moved = changed(page, before, lambda: pressed(page, "ArrowLeft", 8))
    assert int(moved.split()[0]) > int(before.split()[0])
    assert "target.at_least=" in page.url
    assert "points" in page.inner_text('[data-testid="stMetricDelta"]')
    assert changed(page, moved, page.get_by_role("button", name="Undo").click) == before
    assert changed(page, before, page.get_by_role("button", name="Redo").click) == moved
    assert changed(page, moved, page.get_by_role("button", name="Reset", exact=True).click) == before


def test_a_measure_off_and_on_again(page: Any, address: str) -> None:
    before = opened(page, address)
    off = changed(page, before, switch(page, RULES).click)
    assert int(off.split()[0]) < int(before.split()[0])
    assert changed(page, off, switch(page, RULES).click) == before


def test_the_link_shows_the_same_number_to_somebody_else(page: Any, address: str, browser: Any) -> None:
    before = opened(page, address)
    moved = changed(page, before, lambda: pressed(page, "ArrowLeft", 9))
    moved = changed(page, moved, switch(page, RULES).click)
    for other in visitor(browser, address):
        other.goto(page.url)
        assert settled(other) == moved
        assert (
            "0.0" in other.inner_text('[data-testid="stMetricDelta"]')
            or other.locator('[data-testid="stMetricDelta"]').count()
        )


def test_a_link_with_nonsense_opens_the_rest_and_says_so(page: Any, address: str) -> None:
    before = opened(
        page, address, "?scenario=belarus-kazakhstan-2020&levers.none.percent=4&target.at_least=many"
    )
    assert before == opened(page, address, "?scenario=nonsense")
    assert "makes no sense" in page.inner_text('[data-testid="stAlert"]')


def test_a_bad_file_is_refused_with_its_lines(page: Any, address: str, tmp_path: Path) -> None:
    before = opened(page, address)
    text = (
        (ROOT / "scenarios" / "belarus-kazakhstan-2020.yaml")
        .read_text("utf-8")
        .replace("count: 6", "cuont: 6")
    )
    assert "cuont" in refused(page, tmp_path, "typo.yaml", text)
    assert "typo.yaml:" in page.inner_text('[data-testid="stCode"]')
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n" + "title: x\n"
    assert "anchor" in refused(page, tmp_path, "bomb.yaml", bomb)
    assert "deep" in refused(
        page, tmp_path, "deep.yaml", "title: " + "[" * 50_000
    ) or "nesting" in page.inner_text('[data-testid="stCode"]')
    assert settled(page) == before


def refused(page: Any, folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, "utf-8")
    uploaded(page, file)
    page.locator('[data-testid="stCode"]').filter(has_text=name).wait_for()
    return str(page.inner_text('[data-testid="stCode"]'))


def uploaded(page: Any, file: Path) -> None:
    if not page.locator('input[type="file"]').count():
        page.get_by_role("button", name="File").click()
    page.locator('input[type="file"]').set_input_files(str(file))


def test_a_file_beyond_the_limit_is_refused(page: Any, address: str, tmp_path: Path) -> None:
    opened(page, address)
    big = tmp_path / "big.yaml"
    big.write_text("title: x\n" + "# " + "x" * 3_000_000, "utf-8")
    uploaded(page, big)
    page.get_by_text(re.compile("must be 2.*MB or smaller|exceeds|too large", re.IGNORECASE)).first.wait_for()


def test_what_is_downloaded_answers_as_the_page_does(page: Any, address: str, tmp_path: Path) -> None:
    """The number on the page is that of ``run --json`` on the downloaded file, and of the page that opens it again."""
    before = opened(page, address)
    moved = changed(page, before, lambda: pressed(page, "ArrowLeft", 7))
    sentence = page.locator('[data-testid="stText"]').first.inner_text()
    page.get_by_role("button", name="File").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this scenario").click()
    file = tmp_path / "mine.yaml"
    download.value.save_as(file)
    assert "# No shares of product groups are published" in file.read_text("utf-8")
    told = json.loads(
        subprocess.run(
            [sys.executable, "-m", "simulator", "run", str(file), "--json"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
    )
    assert f"{100 * told['probability']:.0f} %" == moved
    assert f"${told['totals']['turnover']['2020']['p50']:,.0f}m" in sentence
    wide = told["probability_range"]
    assert f"{100 * wide['low']:.0f}-{100 * wide['high']:.0f} %" in sentence
    page.reload()
    settled(page)
    uploaded(page, file)
    page.get_by_text("mine.yaml").first.wait_for()
    page.wait_for_timeout(1500)
    assert settled(page) == moved


def test_by_keyboard_alone(page: Any, address: str) -> None:
    before = opened(page, address)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'range'"):
            break
    else:
        pytest.fail("no slider within 80 tabs")
    moved = changed(page, before, lambda: [page.keyboard.press("ArrowLeft") for _ in range(8)])
    for _ in range(120):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().endswith("Undo"):
            break
    else:
        pytest.fail("no way back to Undo")
    assert changed(page, moved, lambda: page.keyboard.press("Enter")) == before


def test_on_a_telephone(browser: Any, address: str) -> None:
    for page in visitor(browser, address, viewport={"width": 390, "height": 844}, has_touch=True):
        before = opened(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        target(page).scroll_into_view_if_needed()
        assert changed(page, before, partial(pressed, page, "ArrowLeft", 8)) != before
        box = page.locator(VALUE).bounding_box()
        assert 0 <= box["y"] < 844  # the answer stays in view beside the slider


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names_pass_axe(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for page in visitor(browser, address, color_scheme=scheme):
        opened(page, address)
        page.get_by_text("Uncertainty, timing and more").first.click()
        page.get_by_text("Details: the answer").click()
        page.wait_for_timeout(1000)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        told = [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found.response["violations"]
        ]
        assert not told, "\n".join(told)


@pytest.mark.parametrize(
    ("chart", "head"),
    [
        ("fan", b"measure,period"),
        ("measures", b"step,"),
        ("futures", b"total,"),
        ("alternatives", b"name,probability"),
    ],
)
def test_every_chart_can_be_taken_away(
    page: Any, address: str, tmp_path: Path, chart: str, head: bytes
) -> None:
    opened(page, address)
    if chart == "alternatives":
        page.get_by_text("Details: the answer").click()
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
        assert file.read_bytes().startswith(start)


def test_text_of_a_file_is_shown_as_text(page: Any, address: str, tmp_path: Path) -> None:
    opened(page, address)
    text = (ROOT / "scenarios" / "belarus-kazakhstan-2020.yaml").read_text("utf-8")
    title = "<script>window.hurt=1</script> **bold** $x^2$ [a](javascript:alert(1)) <img src=x onerror=window.hurt=1>"
    file = tmp_path / "hostile.yaml"
    file.write_text(
        text.replace(text.splitlines()[0], f"title: '{title}'").replace(
            "name: Harmonised rules", f"name: '{title}'"
        ),
        "utf-8",
    )
    uploaded(page, file)
    page.get_by_text("hostile.yaml").first.wait_for()
    page.wait_for_timeout(2000)
    assert page.inner_text("h1").replace("\u2060", "") == title
    assert page.locator("h1 strong, h1 a, h1 img, h1 .katex").count() == 0
    assert page.evaluate("window.hurt") is None
    assert page.locator('[data-testid="stCheckbox"]').filter(has_text="onerror=window.hurt=1>").count() == 1
