"""How fast the page answers a moved slider in Chromium, beside Streamlit's own one-slider-one-number app with its default settings.

By hand, two minutes, in the top folder: ``python tests/benchmarks/page_speed.py [--sessions 20] [--moves 30]``.

Both apps run on this machine at the same time and are measured in turn, so only the ratios mean something: from the key press on a slider
to the changed number, and to the last change of any chart (an observer in the page takes the times). With ``--sessions`` as many
pages are open and move a slider once a second while one of them is measured.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent
ONE_SLIDER = 'import streamlit as st\n\nst.metric("Number", st.slider("Slider", 0, 100, 50))\n'
WATCH = """() => {
  const text = () => document.querySelector('[data-testid="stMetric"]')?.innerText;
  const inside = (node) => (node.closest ? node : node.parentElement)?.closest('[data-testid="stVegaLiteChart"]');
  new MutationObserver((changes) => {
    if (!window.told.number && text() !== window.before) window.told.number = performance.now();
    if (changes.some((change) => inside(change.target) || [...change.addedNodes].some((node) => node.querySelector?.('svg.marks'))))
      window.told.charts = performance.now();
  }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
  document.addEventListener('keydown', () => {
    window.pressed = performance.now(); window.before = text(); window.told = {number: 0, charts: 0};
  }, true);
  window.told = {number: 0, charts: 0};
}"""


@contextlib.contextmanager
def served(script: Path, folder: Path) -> Iterator[str]:
    """The address of a Streamlit app while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=1)
                break
            time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def opened(browser: Any, address: str) -> Page:
    """A page on which a slider has the focus."""
    page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector('[data-testid="stMetricValue"]', timeout=60_000)
    page.wait_for_timeout(2500)
    page.get_by_role("slider").first.focus()
    return page


def moved(page: Page, number: int) -> dict[str, float]:
    """Milliseconds from one key press, to a value not seen before, to the changed number and the last changed chart."""
    page.keyboard.press("ArrowRight")
    page.wait_for_function("window.told.number > 0", timeout=3_000)
    page.wait_for_timeout(500)
    told: dict[str, float] = page.evaluate("({number: window.told.number - window.pressed, charts: window.told.charts - window.pressed})")
    return told


def measured(pages: dict[str, Page], moves: int, others: list[Page]) -> dict[str, list[dict[str, float]]]:
    """Times of each page, taken in turn; meanwhile each of the others moves its slider now and then."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
    for page in pages.values():
        page.evaluate(WATCH)
    for number in range(moves):
        for name, page in pages.items():
            for other in others:
                other.keyboard.press("ArrowLeft" if number % 2 else "ArrowRight")
            found[name].append(moved(page, number))
    return found


def main() -> None:
    """Measure and print ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder, "one_slider.py")
        script.write_text(ONE_SLIDER, "utf-8")
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"])
        with served(script, Path(folder)) as plain, served(ROOT / "app.py", ROOT) as ours:
            pages = {"one slider": opened(browser, plain), "page": opened(browser, ours)}
            alone = measured(pages, arguments.moves, [])
            report(alone, "one session")
            if arguments.sessions > 1:
                others = [opened(browser, ours) for _ in range(arguments.sessions - 1)]
                report(measured(pages, arguments.moves, others), f"{arguments.sessions} sessions", alone)
        browser.close()


def report(found: dict[str, list[dict[str, float]]], title: str, alone: dict[str, list[dict[str, float]]] | None = None) -> None:
    """Medians and 95th percentiles, and their ratios to the one-slider app's median alone."""
    base = statistics.median(times["number"] for times in (alone or found)["one slider"])
    print(f"{title}: one-slider app {base:.0f} ms{' alone' if alone else ''}")
    for part in ("number", "charts"):
        times = sorted(each[part] for each in found["page"])
        high = times[min(int(0.95 * len(times)), len(times) - 1)]
        middle = statistics.median(times)
        print(f"  slider to {part}: median {middle / base:.2f} x, 95th percentile {high / base:.2f} x ({middle:.0f} ms)")


if __name__ == "__main__":
    main()
