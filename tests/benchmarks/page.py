"""How fast Explore follows a dragged thumb in Chromium, beside Streamlit's own one-slider-one-number app with its default settings.

By hand, about three minutes, in the top folder: ``python -m tests.benchmarks.page [--sessions 20] [--moves 12] [--paths
target.at_least,outlook.trend,levers.assembly.count]``; ``CHROMIUM`` names the browser where it is not found.

The apps run on this machine at the same time and are measured in turn, so only the ratios mean something. The one-slider app is measured
twice, from the release of its thumb to its number: as it is, and with the libraries loaded that an app like this one needs, because
Streamlit collects garbage after every run and so takes longer the more is loaded. Of the page are measured, for each control:

- one move: the thumb, held, is moved by some pixels, once the page is at rest, until the answer to that value is on the screen;
- a drag: moves 16 ms apart, each until the number that answers it or a later one is on the screen;
- release: from letting the thumb go at the end of a drag until the last change of the chart that is looked at.

Beside it stands what the chart alone takes: the rows of the flagship's first chart, multiplied by a slider, in an app of Streamlit's own that
works nothing out, from the release of its thumb until the last change of the chart.

With ``--sessions`` as many sessions are open, each of which moves the same control to a value of its own once
a second, and rests there; one of them is the page in Chromium and is measured (rows *with others*), the
others send over HTTP and a websocket what that page sends, for as many pages would keep the browser busy, not
the server. Errors of any session are counted; with any the script ends with 1. Last come the megabytes that
the server holds, before the first move and after the last.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import websockets
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from simulator import simulate
from simulator.report.charts import over_time
from simulator.workspace.desk import Desk
from tests.benchmarks import kit

ROOT = Path(__file__).parent.parent.parent
ONE_SLIDER = 'import streamlit as st\n\nst.metric("Number", st.slider("Slider", 0, 100, 50))\n'
HEADLESS = ("--server.headless", "true", "--browser.gatherUsageStats", "false")
ONE_CHART = """import json, pathlib, streamlit as st, pyarrow as pa
form, rows, alt = json.loads(pathlib.Path(__file__).with_suffix(".json").read_text("utf-8"))
share = st.slider("Slider", 0, 100, 50) / 50
rows = [{name: value * share if name in ("low", "high", "median", "amount") and value else value for name, value in row.items()} for row in rows]
st.vega_lite_chart(pa.table({name: [row.get(name) for row in rows] for row in rows for name in row}), form, key="chart", alt=alt)
"""
LIBRARIES = "import altair\nimport pandas\nimport scipy.stats\n"
GOLDEN = 0.6180339887  # turns of it in a circle never meet
GAP = 0.016  # seconds between two moves of a drag
DRAG = 30  # moves of one drag
PIXELS = 1.5  # of one move
QUIET = 1200  # milliseconds without a change after which a chart is taken as drawn
PATIENCE = 120_000  # milliseconds that anything may take, with many sessions open
WATCH = """() => {
  const roots = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].map((x) => x.shadowRoot);
  const panel = roots.find((root) => root.panel).panel, headline = roots.find((root) => root.headline);
  Object.assign(window, { panel, at: 0, charts: 0, moves: [], shown: [], faults: [], rested: 0, seen: panel.sender.seq });
  document.addEventListener('pointermove', () => { window.at = performance.now(); }, true);
  document.addEventListener('pointerup', () => { window.released = performance.now(); window.charts = 0; }, true);
  document.addEventListener('input', () => {
    if (panel.sender.seq > window.seen) window.moves.push([window.seen = panel.sender.seq, window.at]);
  });
  document.addEventListener('live-answer', ({ detail: { seq, answer } }) => {
    if (answer?.fault) window.faults.push(answer.fault);
    if (answer) queueMicrotask(() => window.shown.push([seq, performance.now(), headline.textContent]));
  });
  const chart = (node) => (node.closest ? node : node.parentElement)?.closest('[data-testid="stVegaLiteChart"]');
  new MutationObserver((changes) => { if (changes.some(({ target }) => chart(target))) window.charts = performance.now(); })
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
OPEN = """(path) => {
  const row = [...panel.rows()].find((row) => JSON.stringify(row.data).includes(JSON.stringify(path)));
  const shown = () => [...row.node.querySelectorAll('input')].some((input) => input.dataset.path === path);
  if (row.data.name && !row.opened.open) row.toggle('open');
  if (!shown()) row.toggle('expert');
}"""
WATCH_ONE = """() => {
  const text = () => document.querySelector('[data-testid="stMetric"]')?.innerText;
  window.told = 0;
  document.addEventListener('pointerup', () => { window.at = performance.now(); window.before = text(); window.told = 0; }, true);
  new MutationObserver(() => { if (!window.told && text() !== window.before) window.told = performance.now(); })
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


class Server:
    """A page that is served while it is used: ``words`` are of the interpreter, and end with what names the port."""

    def __init__(self, *words: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, *words, str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def __enter__(self) -> Self:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1)
                break
            time.sleep(0.25)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)

    @property
    def megabytes(self) -> float:
        """What it holds of the machine's memory; NaN where the system does not tell."""
        status = Path(f"/proc/{self.process.pid}/statm")
        pages = int(status.read_text("utf-8").split()[1]) if status.exists() else float("nan")
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class OneSlider:
    """Streamlit's own app: from the release of its thumb to its number."""

    ready, told, watch = '[data-testid="stMetricValue"]', "window.told > 0", WATCH_ONE

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.turn, self.times = page, 0, list[float]()
        page.goto(address)
        page.wait_for_selector(self.ready, timeout=PATIENCE)
        page.wait_for_timeout(1500)
        page.evaluate(self.watch)
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
        self.page.wait_for_function(self.told, timeout=PATIENCE)
        self.times.append(self.page.evaluate("window.told - window.at"))


class OneChart(OneSlider):
    """Streamlit's own app with our chart alone in it: from the release of its thumb to the last change of the chart."""

    ready = '[data-testid="stVegaLiteChart"] svg.marks'
    told = f"window.told > 0 && performance.now() - window.told > {QUIET}"
    watch = """() => {
  window.told = 0;
  document.addEventListener('pointerup', () => { window.at = performance.now(); window.told = 0; }, true);
  const chart = (node) => (node.closest ? node : node.parentElement)?.closest('[data-testid="stVegaLiteChart"]');
  new MutationObserver((changes) => { if (changes.some(({ target }) => chart(target))) window.told = performance.now(); })
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


class Explore:
    """Our page: from moves of a thumb to the number, and from its release to the chart."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.errors, self.sent, self.url = page, list[str](), list[BackMsg](), ""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", self._listen)
        page.goto(address)
        page.locator(".number").wait_for(timeout=PATIENCE)
        page.wait_for_timeout(5000)
        page.evaluate(WATCH)

    def _listen(self, found: WebSocket) -> None:
        self.url = found.url
        found.on("framesent", self._record)

    def _record(self, frame: str | bytes) -> None:
        sent = BackMsg()
        if isinstance(frame, bytes):
            sent.ParseFromString(frame)
        if sent.WhichOneof("type") == "rerun_script":
            self.sent.append(sent)

    def open(self, path: str) -> None:
        """Bring a control into sight, opening the row where it stands."""
        self.page.evaluate(OPEN, path)

    def scale(self, path: str) -> tuple[float, float, float]:
        """The lowest and the highest value of a control, and its step, as its page sends them."""
        low, high, step = self.page.evaluate(
            """(path) => {
              const views = [...panel.rows()].flatMap((row) => [...row.controls()]);
              const { scale } = views.find((view) => view.thumbs?.some((thumb) => thumb.given.path === path)).data;
              return [scale.low, scale.high, scale.step];
            }""",
            path,
        )
        return low, high, step

    def take(self, path: str) -> None:
        """Hold the thumb of a slider."""
        slider = self.page.locator(f'input[type="range"][data-path="{path}"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box
        low, high, _ = self.scale(path)
        share = (slider.evaluate("(input) => Number(input.value)") - low) / (high - low)
        self.x, self.y = box["x"] + 22 + (box["width"] - 44) * share, box["y"] + box["height"] / 2
        self.wide = -PIXELS if share > 0.5 else PIXELS
        self.page.mouse.move(self.x, self.y)
        self.page.mouse.down()
        self.forget()

    def forget(self) -> None:
        """What is measured from now on."""
        self.page.evaluate("() => { moves.length = 0; shown.length = 0; charts = 0; }")

    def move(self) -> None:
        """Move the thumb by some pixels."""
        self.x += self.wide
        self.page.mouse.move(self.x, self.y)

    def step(self) -> float:
        """Milliseconds from one move to its number; pixels that leave the value as it was do not count."""
        self.forget()
        while not self.page.evaluate("moves.length"):
            self.move()
            self.page.wait_for_timeout(20)
        self.page.wait_for_function("shown.some(([seq]) => seq >= moves[0][0])", timeout=PATIENCE)
        took = float(self.page.evaluate("shown.find(([seq]) => seq >= moves[0][0])[1] - moves[0][1]"))
        self.rest()
        return took

    def drag(self) -> tuple[list[float], int, float]:
        """Milliseconds from each move to its number, how many answers came, and from release to the chart."""
        start = time.perf_counter()
        for turn in range(1, DRAG + 1):
            self.move()
            time.sleep(max(0.0, start + turn * GAP - time.perf_counter()))
        answers = self.page.evaluate("shown.length")
        self.page.mouse.up()
        self.page.wait_for_function("charts > 0", timeout=PATIENCE)
        self.rest()
        told: list[Any] = self.page.evaluate("[moves, shown, charts - released]")
        made, shown, charts = told
        times = [next(at for answered, at, _ in shown if answered >= seq) - begun for seq, begun in made]
        return times, answers, charts

    def rest(self) -> None:
        """Wait until everything that was sent is answered and the chart stands still."""
        self.page.wait_for_function(
            f"""!panel.sender.flights.length && !panel.sender.waiting.size && !panel.sender.last
              && shown.some(([seq, at]) => seq === panel.sender.seq && performance.now() - at > {QUIET})
              && performance.now() - charts > {QUIET} && !document.querySelector('[data-testid="stStatusWidget"]')""",
            timeout=PATIENCE,
        )

    def faults(self) -> list[str]:
        """What went wrong on the page so far."""
        told: list[str] = self.page.evaluate("faults.splice(0)")
        crashed = self.page.locator('[data-testid="stException"]').all_inner_texts()
        found = [*self.errors, *told, *crashed]
        self.errors.clear()
        return found


class Sessions:
    """Sessions without a browser that do what a page did: open it, and move its control once a second, each to values of its own."""

    def __init__(
        self, url: str, sent: Sequence[BackMsg], scale: tuple[float, float, float], number: int
    ) -> None:
        self.url, self.scale, self.number = url, scale, number
        self.open, self.turns, self.going, self.errors = 0, 0, True, list[str]()
        self.first = sent[0]
        self.rest = next(each for each in reversed(sent) if _told(each))
        self.thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def __enter__(self) -> Self:
        self.thread.start()
        while self.open + len(self.errors) < self.number:
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self.going = False
        self.thread.join()

    async def _all(self) -> None:
        await asyncio.gather(*(self._guarded(number) for number in range(self.number)))

    async def _guarded(self, number: int) -> None:
        try:
            await self._one(number)
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            self.errors.append(f"session {number}: {error!r}")

    async def _one(self, number: int) -> None:
        async with websockets.connect(
            self.url, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
        ) as line:
            await line.send(self.first.SerializeToString())
            moves = await self._answered(line, number)
            self.open += 1
            await asyncio.sleep(number / self.number)
            for turn in itertools.count(1):
                if not self.going:
                    return
                begun = time.perf_counter()
                value = self._value(number, turn)
                move = _told(self.rest) | {"value": value, "seq": turn, "phase": "move"}
                await asyncio.to_thread(self._moved, moves, move, number)
                await line.send(_retold(self.rest, value, turn).SerializeToString())
                await self._answered(line, number, turn)
                self.turns += 1
                await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - begun)))

    def _value(self, number: int, turn: int) -> float:
        """A value of a session's own, another one each turn, as far as the control has so many."""
        low, high, step = self.scale
        share = (number / self.number + turn * GOLDEN) % 1
        return low + step * round((high - low) * share / step)

    def _moved(self, moves: str, move: Mapping[str, Any], number: int) -> None:
        """Send a move, and read its answer: errors are a refusal, and no number."""
        address = f"http://{self.url.split('/')[2]}{moves}"
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(address, json.dumps(move).encode(), headers)
        with urllib.request.urlopen(asked, timeout=PATIENCE / 1000) as reply:
            told = json.load(reply)
        if told["answer"]["fault"] or not told["answer"]["headline"]["number"]:
            self.errors.append(f"session {number}: no number for move {move['seq']}")

    async def _answered(self, line: websockets.ClientConnection, number: int, turn: int = 0) -> str:
        """Read until the run is over; errors are an exception on the page, a refusal, and no answer to what was sent.

        Returns:
            where moves go.
        """
        answered, moves = turn == 0, ""
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(line.recv(), PATIENCE / 1000))
            if message.WhichOneof("type") == "script_finished":
                break
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                self.errors.append(f"session {number}: {element.exception.message}")
            if element.bidi_component.component_name == "live-wire":
                told = json.loads(element.bidi_component.json)
                answered |= bool(told["answer"]) and told["seq"] == turn and not told["answer"]["fault"]
                moves = told["url"]
        if not answered:
            self.errors.append(f"session {number}: no answer to rest {turn}")
        return moves


def _trigger(message: BackMsg) -> Any:
    """The widget by which a control speaks in what a page sent; None where the page sent something else."""
    widgets = message.rerun_script.widget_states.widgets
    spoken = (each for each in widgets if each.WhichOneof("value") == "json_trigger_value")
    return next((each for each in spoken if '"phase"' in each.json_trigger_value), None)


def _told(message: BackMsg) -> dict[str, Any]:
    """What the control said; empty where the page sent something else."""
    trigger = _trigger(message)
    told: dict[str, Any] = json.loads(trigger.json_trigger_value)[0]["value"] if trigger is not None else {}
    return told


def _retold(message: BackMsg, value: float, seq: int) -> BackMsg:
    """The same with another value, from a page that keeps no message of the server."""
    told = BackMsg()
    told.CopyFrom(message)
    del told.rerun_script.cached_message_hashes[:]
    said = {"event": "message", "value": _told(message) | {"value": value, "seq": seq}}
    _trigger(told).json_trigger_value = json.dumps([said])
    return told


def row(times: Sequence[float], bases: Sequence[float] = ()) -> list[str]:
    """Median and 95th percentile in milliseconds, the median's ratios to bases, and how many times were measured."""
    median, late = statistics.median(times), sorted(times)[min(int(0.95 * len(times)), len(times) - 1)]
    ratios = [f"{median / base:.2f}" for base in bases] or ["", ""]
    return [f"{median:.0f}", f"{late:.0f}", *ratios, str(len(times))]


def measured(
    explore: Explore,
    path: str,
    moves: int,
    ones: Mapping[str, OneSlider],
    alone: OneChart,
    table: kit.Table,
    bases: Sequence[float] = (),
) -> list[float]:
    """Measure one control, the one-slider apps in turn with it, and add the figures to the table.

    Returns:
        milliseconds of each of the one-slider apps, to which the ratios are; with none of them ``bases``.
    """
    explore.open(path)
    explore.take(path)
    steps = []
    for one in (*ones.values(), alone):
        one.times.clear()
    for _ in range(moves):
        steps.append(explore.step())
        for one in ones.values():
            one.release()
    explore.page.mouse.up()
    drags = []
    for _ in range(max(2, moves // 4)):
        explore.take(path)
        drags.append(explore.drag())
        alone.release()
    bases = [statistics.median(one.times) for one in ones.values()] or list(bases)
    about = path if ones else f"{path}, with others"
    for name, one in ones.items():
        table.add(f"{name}: release to number", *row(one.times, bases))
    table.add(f"{about}: a move to its number", *row(steps, bases))
    table.add(f"{about}: moves of a drag", *row([took for times, _, _ in drags for took in times], bases))
    table.add(f"{about}: release to chart", *row([chart for _, _, chart in drags], bases))
    table.add("the chart alone: release to chart", *row(alone.times, bases))
    return bases


def chart_alone(folder: str) -> Server:
    """A server of an app with a slider and the flagship's first chart."""
    drawing = over_time.target_fan(simulate(Desk.of_shipped("belarus-kazakhstan-2020").base))
    script = Path(folder, "chart.py")
    script.write_text(ONE_CHART, "utf-8")
    content = json.dumps([drawing.form, drawing.rows, drawing.about], default=str)
    script.with_suffix(".json").write_text(content, "utf-8")
    return Server("-m", "streamlit", "run", str(script), *HEADLESS, "--server.port")


def visited(browser: Browser) -> Page:
    """A new visitor's page."""
    return browser.new_page(viewport={"width": 1280, "height": 900})


def measure(arguments: argparse.Namespace) -> kit.Table:
    """One control after the other; with faults of the page or of a session the script ends with 1."""
    moves, paths = (
        (3, arguments.paths.split(",")[:1])
        if arguments.quick
        else (arguments.moves, arguments.paths.split(","))
    )
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    heads = ("ms of the clock", "median", "95th percentile", "x one slider", "x with libraries", "times")
    table = kit.Table("A dragged thumb in Chromium", heads)
    errors: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        contextlib.ExitStack() as open_,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        open_.callback(browser.close)
        ones = {}
        for name, head in (("one slider", ""), ("one slider, libraries loaded", LIBRARIES)):
            script = Path(folder, f"{len(ones)}.py")
            script.write_text(head + ONE_SLIDER, "utf-8")
            server = open_.enter_context(
                Server("-m", "streamlit", "run", str(script), *HEADLESS, "--server.port")
            )
            ones[name] = OneSlider(visited(browser), server.address)
        alone = OneChart(visited(browser), open_.enter_context(chart_alone(folder)).address)
        server = open_.enter_context(Server("-m", "simulator", "app", "--port"))
        explore = Explore(visited(browser), server.address)
        begun = server.megabytes
        for path in paths:
            bases = measured(explore, path, moves, ones, alone, table)
            if arguments.sessions > 1:
                others = Sessions(explore.url, explore.sent, explore.scale(path), arguments.sessions - 1)
                with others:
                    measured(explore, path, moves // 2, {}, alone, table, bases)
                errors += others.errors
            errors += explore.faults()
        table.notes = [
            f"{arguments.sessions} session(s), {len(errors)} errors; the server holds {begun:.0f} MB at the beginning, "
            f"{server.megabytes:.0f} MB at the end."
        ]
    if errors:
        sys.exit("\n".join(["errors:", *errors[:20]]))
    return table


if __name__ == "__main__":
    kit.run(
        measure,
        __doc__,
        ("--moves", 12),
        ("--sessions", 1),
        ("--paths", "target.at_least,outlook.trend,levers.assembly.count"),
    )
