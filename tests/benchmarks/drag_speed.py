"""How fast the number follows a dragged thumb in Chromium, beside Streamlit's own one-slider-one-number app with its default settings.

By hand, about two minutes, in the top folder: ``python tests/benchmarks/drag_speed.py [--moves 60] [--paths target.at_least,outlook.trend]``.

Both apps run on this machine at the same time and are measured in turn, so only the ratios mean something. Ours is the live panel with the
four charts of Explore beside it. Measured are, per slider:

- one move: the thumb, held, is moved by one pixel or more, until the number is another (each move to a value not seen before, once the
  page is at rest); the one-slider app from the release of its thumb to its number, between any two of these;
- a drag: as many moves, 16 ms apart, each until the number that answers it or a later one; how many of them were sent;
- charts: from the release at the end of the drag until the last change of any chart.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.benchmarks.page_speed import ONE_SLIDER, served  # noqa: E402

GAP = 0.016  # seconds between two moves of a drag
WATCH = """() => {
  const roots = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].map((x) => x.shadowRoot);
  const panel = roots.find((root) => root.panel).panel, headline = roots.find((root) => root.headline);
  Object.assign(window, { at: 0, charts: 0, moves: [], shown: [], sentMoves: 0, seen: panel.sender.seq });
  document.addEventListener('pointermove', () => { window.at = performance.now(); }, true);
  document.addEventListener('input', () => {
    if (panel.sender.seq > window.seen) window.moves.push([window.seen = panel.sender.seq, window.at]);
  });
  document.addEventListener('live-answer', ({ detail }) => {
    if (detail.answer) queueMicrotask(() => window.shown.push([detail.seq, performance.now(), headline.textContent]));
  });
  const chart = (node) => (node.closest ? node : node.parentElement)?.closest('[data-testid="stVegaLiteChart"]');
  new MutationObserver((changes) => { if (changes.some(({ target }) => chart(target))) window.charts = performance.now(); })
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
WATCH_ONE = """() => {
  const text = () => document.querySelector('[data-testid="stMetric"]')?.innerText;
  window.told = 0;
  document.addEventListener('pointerup', () => { window.at = performance.now(); window.before = text(); window.told = 0; }, true);
  new MutationObserver(() => { if (!window.told && text() !== window.before) window.told = performance.now(); })
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


class OneSlider:
    """Streamlit's own app: from the release of its thumb to its number."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.turn, self.times = page, 0, list[float]()
        page.goto(address)
        page.wait_for_selector('[data-testid="stMetricValue"]', timeout=60_000)
        page.wait_for_timeout(1500)
        page.evaluate(WATCH_ONE)
        box = page.get_by_role("slider").bounding_box()
        assert box
        self.x, self.y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def release(self) -> None:
        """Drag the thumb somewhere else and let it go."""
        self.page.mouse.move(self.x, self.y)
        self.page.mouse.down()
        self.x += (-1) ** self.turn * (15 + 12 * (self.turn % 7))
        self.turn += 1
        self.page.mouse.move(self.x, self.y, steps=3)
        self.page.mouse.up()
        self.page.wait_for_function("window.told > 0", timeout=20_000)
        self.times.append(self.page.evaluate("window.told - window.at"))


class Panel:
    """The live panel: its thumb held and moved."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        page.locator(".number").wait_for(timeout=60_000)
        page.wait_for_timeout(4000)
        page.evaluate(WATCH)

    def take(self, path: str) -> None:
        """Hold the thumb of a slider."""
        slider = self.page.locator(f'input[type="range"][data-path="{path}"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box
        low, high = (float(slider.get_attribute(end) or 0) for end in ("min", "max"))
        share = (slider.evaluate("(input) => Number(input.value)") - low) / (high - low)
        self.x, self.y = box["x"] + 22 + (box["width"] - 44) * share, box["y"] + box["height"] / 2
        self.page.mouse.move(self.x, self.y)
        self.page.mouse.down()
        self.page.evaluate("() => { moves.length = 0; shown.length = 0; charts = 0; }")

    def move(self, wide: float) -> None:
        """Move the thumb by some pixels."""
        self.x += wide
        self.page.mouse.move(self.x, self.y)

    def step(self) -> float | None:
        """Milliseconds from one move to its number; None where the value stayed as it was."""
        self.page.evaluate("() => { moves.length = 0; shown.length = 0; }")
        self.move(-1.5)
        self.page.wait_for_timeout(20)
        if not self.page.evaluate("moves.length"):
            return None
        self.page.wait_for_function("shown.some(([seq]) => seq >= moves[0][0])", timeout=20_000)
        return float(self.page.evaluate("shown.find(([seq]) => seq >= moves[0][0])[1] - moves[0][1]"))

    def drag(self, moves: int) -> tuple[list[float], int, float]:
        """Milliseconds from each move to its number, how many answers came, and from release to charts."""
        start = time.perf_counter()
        for turn in range(1, moves + 1):
            self.move(1.5)
            time.sleep(max(0.0, start + turn * GAP - time.perf_counter()))
        answers = self.page.evaluate("shown.length")
        released = self.page.evaluate("(charts = 0, performance.now())")
        self.page.mouse.up()
        self.page.wait_for_function("charts > 0", timeout=20_000)
        self.page.wait_for_timeout(1500)
        told: list[Any] = self.page.evaluate("[moves, shown, charts]")
        made, shown, charts = told
        times = [next(at for answered, at, _ in shown if answered >= seq) - begun for seq, begun in made]
        return times, answers, charts - released


def line(times: Sequence[float], base: float) -> str:
    """Median and 95th percentile, and their ratios to a base."""
    ranked = sorted(times)
    values = statistics.median(ranked), ranked[min(int(0.95 * len(ranked)), len(ranked) - 1)]
    told = [f"{value:.0f} ms ({value / base:.2f} x)" for value in values]
    return f"median {told[0]}, 95th percentile {told[1]}, {len(times)} times"


def main() -> None:
    """Measure and print ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--paths", default="target.at_least,outlook.trend")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        contextlib.ExitStack() as apps,
    ):
        script = Path(folder, "one.py")
        script.write_text(ONE_SLIDER, "utf-8")
        browser = playwright.chromium.launch(
            executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        one = OneSlider(browser.new_page(), apps.enter_context(served(script, Path(folder))))
        ours = apps.enter_context(served(ROOT / "tests" / "browser" / "live_app.py", ROOT))
        panel = Panel(browser.new_page(viewport={"width": 1280, "height": 900}), ours)
        for path in arguments.paths.split(","):
            steps: list[float] = []
            one.times.clear()
            panel.take(path)
            while len(steps) < arguments.moves / 2:
                took = panel.step()
                steps += [] if took is None else [took]
                panel.page.wait_for_timeout(600)
                one.release()
            panel.page.mouse.up()
            panel.page.wait_for_timeout(1500)
            panel.take(path)
            times, answers, charts = panel.drag(arguments.moves)
            base = statistics.median(one.times)
            print(f"{path}; ratios to the one-slider app: {line(one.times, base)}")
            print(f"  one move to number: {line(steps, base)}")
            print(f"  each move of a drag to number: {line(times, base)}; {answers} numbers meanwhile")
            print(f"  release to charts: {charts:.0f} ms ({charts / base:.2f} x)")
        browser.close()


if __name__ == "__main__":
    main()
