"""How fast the page answers a moved slider in Chromium, beside Streamlit's own one-slider-one-number app with its default settings.

By hand, two to four minutes, in the top folder: ``python tests/benchmarks/page_speed.py [--sessions 20] [--moves 30] [--slider 0]``.

The apps run on this machine at the same time and are measured in turn, so only the ratios mean something: from the key press on a slider
to the changed number, and to the last change of any chart (an observer in the page takes the times). Every press goes to a value not seen
before. The one-slider app is measured twice: as it is, and with the libraries loaded that an app like this one needs, because Streamlit
collects garbage after every run and so takes longer the more is loaded.

With ``--sessions`` as many sessions are open, each of which moves the same slider to a value of its own once a second; one of them is a
page in Chromium and is measured, the others send over a websocket what that page sends, for as many pages would keep the browser busy, not
the server.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import websockets
from playwright.sync_api import Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parent.parent.parent
ONE_SLIDER = 'import streamlit as st\n\nst.metric("Number", st.slider("Slider", 0, 100, 50))\n'
LIBRARIES = "import altair\nimport pandas\nimport scipy.stats\n"
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
    words = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    server = subprocess.Popen(
        words,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
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


def opened(browser: Any, address: str, page: Page | None = None, slider: int = 0) -> Page:
    """A page on which a slider has the focus."""
    page = page or browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector('[data-testid="stMetricValue"]', timeout=60_000)
    page.wait_for_timeout(2500)
    page.get_by_role("slider").nth(slider).focus()
    return page


def moved(page: Page, key: str = "ArrowRight") -> dict[str, float]:
    """Milliseconds from one key press, to a value not seen before, to the changed number and the last changed chart."""
    page.keyboard.press(key)
    page.wait_for_function("window.told.number > 0", timeout=20_000)
    page.wait_for_timeout(500)
    told: dict[str, float] = page.evaluate(
        "({number: window.told.number - window.pressed, charts: window.told.charts - window.pressed})"
    )
    return told


def measured(
    pages: dict[str, Page], moves: int, key: str = "ArrowRight"
) -> dict[str, list[dict[str, float]]]:
    """Times of each page, taken in turn."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
    for page in pages.values():
        page.evaluate(WATCH)
    for _ in range(moves):
        for name, page in pages.items():
            found[name].append(moved(page, key))
    return found


class Sessions:
    """Sessions without a browser that do what a page did: open it, and move its slider once a second, each to values of its own."""

    def __init__(self, url: str, sent: Sequence[bytes], number: int) -> None:
        self.url, self.number, self.open, self.going = url, number, 0, True
        self.first, self.last = _message(sent[0]), _message(sent[-1])
        before = {each.id: each for each in _message(sent[-2]).rerun_script.widget_states.widgets}
        self.slider = next(
            each.id for each in self.last.rerun_script.widget_states.widgets if each != before.get(each.id)
        )
        low, high = (before[self.slider].double_array_value.data[0], _value(self.last, self.slider).data[0])
        self.start, self.step = high, high - low
        self.thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def __enter__(self) -> Self:
        self.thread.start()
        while self.open < self.number:
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self.going = False
        self.thread.join()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(self.number)))

    async def _one(self, number: int) -> None:
        async with websockets.connect(
            self.url, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
        ) as socket:
            await socket.send(self.first.SerializeToString())
            await self._answered(socket)
            self.open += 1
            message = BackMsg()
            message.CopyFrom(self.last)
            for turn in itertools.count():
                if not self.going:
                    return
                await asyncio.sleep(1 + number / self.number if turn == 0 else 1)
                _value(message, self.slider).data[0] = (
                    self.start - (number + turn * self.number) % 100 * self.step / 7
                )
                await socket.send(message.SerializeToString())
                await self._answered(socket)

    async def _answered(self, socket: websockets.ClientConnection) -> None:
        finished = False
        while not finished:
            message = ForwardMsg()
            message.ParseFromString(await socket.recv())
            finished = message.WhichOneof("type") == "script_finished"


def _message(sent: bytes) -> BackMsg:
    message = BackMsg()
    message.ParseFromString(sent)
    return message


def _value(message: BackMsg, widget: str) -> Any:
    return next(
        each for each in message.rerun_script.widget_states.widgets if each.id == widget
    ).double_array_value


def main() -> None:
    """Measure and print ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument(
        "--slider",
        type=int,
        default=0,
        help="which slider of the page moves, counted from 0: the target's amount",
    )
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        contextlib.ExitStack() as apps,
    ):
        scripts = {}
        for name, head in (("one slider", ""), ("one slider, libraries loaded", LIBRARIES)):
            scripts[name] = Path(folder, f"{len(scripts)}.py")
            scripts[name].write_text(head + ONE_SLIDER, "utf-8")
        browser = playwright.chromium.launch(
            executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        pages = {
            name: opened(browser, apps.enter_context(served(script, Path(folder))))
            for name, script in scripts.items()
        }
        sent: list[bytes] = []
        url: list[str] = []
        ours = browser.new_page(viewport={"width": 1280, "height": 900})
        ours.on(
            "websocket",
            lambda socket: (url.append(socket.url), socket.on("framesent", lambda frame: sent.append(frame))),
        )
        pages["page"] = opened(
            browser, apps.enter_context(served(ROOT / "app.py", ROOT)), ours, arguments.slider
        )
        alone = measured(pages, arguments.moves)
        report(alone, alone, "one session")
        if arguments.sessions > 1:
            frames = [
                frame
                for frame in sent
                if isinstance(frame, bytes) and _message(frame).WhichOneof("type") == "rerun_script"
            ]
            for _ in range(arguments.moves):  # back to where it stood, and on to the other side
                moved(ours, "ArrowLeft")
            with Sessions(url[0], frames, arguments.sessions - 1):
                report(
                    measured({"page": ours}, arguments.moves, "ArrowLeft"),
                    alone,
                    f"{arguments.sessions} sessions",
                )
        browser.close()


def report(
    found: dict[str, list[dict[str, float]]], alone: dict[str, list[dict[str, float]]], title: str
) -> None:
    """Medians and 95th percentiles, and their ratios to the one-slider apps' medians alone."""
    bases = {
        name: statistics.median(times["number"] for times in alone[name]) for name in alone if name != "page"
    }
    print(f"{title}; ratios to {', to '.join(f'{name} ({base:.0f} ms)' for name, base in bases.items())}")
    for part in ("number", "charts"):
        times = sorted(each[part] for each in found["page"])
        for name, value in (
            ("median", statistics.median(times)),
            ("95th percentile", times[min(int(0.95 * len(times)), len(times) - 1)]),
        ):
            print(
                f"  slider to {part}, {name}: {value:.0f} ms, {', '.join(f'{value / base:.2f} x' for base in bases.values())}"
            )


if __name__ == "__main__":
    main()
