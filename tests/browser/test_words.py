"""Words of a file stay words on every page, whichever text of the vocabulary they stand in. Browser tier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.report.words.glossary import TITLE as METHOD
from simulator.report.words.record import TITLE as RECORD
from simulator.ui.router import BOARD, PAGES
from tests.browser.conftest import served, visitor
from tests.browser.hands import still
from tests.browser.hostile import ALIVE, hostile, texts

CASE, SHORT = "Make a case", "**qbold** :red[qred] www.x.example"  # whose words are typed
REFERENCES = {
    "measure",
    "of",
    "requires",
    "at",
    "extends",
}  # texts that name something of the file, or another file
LIVE = r"""(alive) => {
  const found = [];
  const visit = (root) => {
    for (const part of root.querySelectorAll("*")) {
      if (part.shadowRoot) visit(part.shadowRoot);
      const words = part.textContent.trim();
      const acts = part.matches(
        'a[href*="x.example"], a[href^="mailto"], img[src*="x.example"], img[src="x"], .katex'
      );
      if (acts || alive.includes(words) || words === "\u{1F604}" || words === "49" || words === "home") found.push(part.outerHTML.slice(0, 300));
    }
  };
  visit(document);
  if (window.ran) found.push("a script was run");
  return found;
}"""
SAID = """() => {
  const said = (root) => [...root.querySelectorAll("*")].some((part) =>
    (part.shadowRoot && said(part.shadowRoot)) ||
    [...part.childNodes].some((node) => node.nodeType === 3 && node.data.includes("qbold")));
  return said(document);
}"""


@pytest.fixture(scope="module")
def file() -> tuple[str, set[tuple[str, str]]]:
    return hostile()


@pytest.fixture(scope="module")
def address(
    file: tuple[str, set[tuple[str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("office")
    (folder / "hostile.yaml").write_text(file[0], "utf-8")
    with served("simulator", "app", "--folder", str(folder), "--port") as found:
        yield found


def test_every_text_of_the_vocabulary_holds_the_words(file: tuple[str, set[tuple[str, str]]]) -> None:
    assert {name for _, name in texts() - file[1]} == REFERENCES


def alive(page: Any, where: str) -> list[str]:
    """What of the words acts on the page as it stands, or in what it shows in frames."""
    still(page)
    page.wait_for_timeout(150)
    return [f"{where}: {found}" for frame in page.frames for found in frame.evaluate(LIVE, list(ALIVE))]


def looked_through(page: Any, where: str) -> Iterator[str]:
    """The page with everything on it that opens, and what is said where a pointer rests."""
    yield from alive(page, where)
    for tab in page.get_by_role("tab").all():
        tab.click()
        yield from alive(page, f"{where}, tab {tab.inner_text()[:20]}")
    for opens in page.locator('[data-testid="stExpander"] summary').all():
        opens.click()
    yield from alive(page, f"{where}, opened")
    for told in page.locator('[data-testid="stTooltipHoverTarget"]').all():
        if told.is_visible():
            told.hover(force=True)
            page.wait_for_timeout(300)
            yield from (f"{where}, hovered: {found}" for found in page.evaluate(LIVE, list(ALIVE)))


def dialogs(page: Any) -> Iterator[str]:
    """What the buttons and the menu of Explore open."""
    for name in ("Scenarios", "New", "Open", "Share"):
        page.get_by_role("button", name=name, exact=True).first.click()
        page.get_by_role("dialog").wait_for()
        yield from alive(page, name)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
    menu = page.locator(".st-key-more button").first
    menu.click()
    names = page.get_by_role("menuitem").all_inner_texts()
    page.keyboard.press("Escape")
    assert names
    for name in names:
        menu.click()
        page.get_by_role("menuitem", name=name, exact=True).click()
        page.wait_for_timeout(700)
        yield from alive(page, name)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")


def test_words_of_a_file_stay_words_on_every_page(browser: Any, address: str) -> None:
    for page in visitor(browser, address, viewport={"width": 1900, "height": 1000}):
        page.add_init_script("window.qrun = () => { window.ran = true; }")
        page.goto(address)
        page.locator(".number").wait_for()
        page.get_by_role("button", name="Scenarios", exact=True).click()
        page.locator(".st-key-own-hostile button").click()
        page.get_by_role("dialog").wait_for(state="detached")
        page.locator(".number").wait_for()
        found, silent = list(dialogs(page)), []
        for title in (*PAGES, BOARD):
            page.get_by_role("link", name=title, exact=True).first.click()
            page.wait_for_timeout(500)
            still(page)
            for field in (
                page.locator('[data-testid="stMain"] input[type="text"]').all() if title == CASE else ()
            ):
                if not field.input_value():
                    field.fill(SHORT)
                    field.press("Tab")
                    still(page)
            found += looked_through(page, title)
            if not page.evaluate(SAID):
                silent.append(title)
        assert not found, "\n".join(dict.fromkeys(found))
        # the others show words of the file, or they would hold nothing here; a case shows them in its fields
        assert set(silent) <= {METHOD, RECORD, CASE}
