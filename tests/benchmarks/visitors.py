"""Sessions without a browser: each opens the page and turns a control to values of its own, as a browser does.

A session speaks Streamlit's own protocol over a websocket, sends its moves to the route that answers them beside
Streamlit, and holds every number that comes back against the answer of Python to the same values: a number that
crossed from one session to another would be another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from simulator import report, simulate
from simulator.workspace.desk import Desk

ROOT = Path(__file__).parent.parent.parent
NAMES = ("belarus-kazakhstan-2020", "china-russia-2015", "vietnam-korea-2020")
PATH = "target.at_least"
PATIENCE = 120.0  # seconds that anything may take
HEADLINE, WIRE = "live-headline", "live-wire"


@contextlib.contextmanager
def served(*words: str, said: Path | None = None) -> Iterator[tuple[int, int]]:
    """A page that is served meanwhile: its port, and the number of its process; what it says goes to a file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (said or Path(os.devnull)).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *(words or ("simulator", "app", "--port")), str(port)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(900):
            if process.poll() is not None:
                raise RuntimeError(f"the page ended with {process.returncode} before it was served")
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def megabytes(process: int) -> float:
    """What a process holds of the machine's memory; NaN where the system does not tell."""
    status = Path(f"/proc/{process}/statm")
    pages = int(status.read_text("utf-8").split()[1]) if status.exists() else float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_seconds(process: int) -> float:
    """What a process has taken of the machine's processors, whatever else runs there; NaN as above."""
    status = Path(f"/proc/{process}/stat")
    if not status.exists():
        return float("nan")
    fields = status.read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@cache
def targets(name: str) -> tuple[float, float]:
    """Between which amounts sessions set the target of a shipped scenario."""
    amount = float(Desk.of_shipped(name).scenario.target[0].at_least)
    return 0.8 * amount, 1.3 * amount


def expected(name: str, value: float) -> tuple[str, float]:
    """The headline that Python gives for a shipped scenario with another target: as words, and as a number."""
    desk = Desk.of_shipped(name)
    desk.turn(PATH, value)
    result = simulate(desk.scenario)
    return report.probability(result), result.probability


@dataclass
class Times:
    """What was measured, in seconds, and what went wrong."""

    pages: list[float] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    compared: int = 0


@dataclass
class Seen:
    """What a run of the page sent: the number, where moves go, the widgets by key."""

    number: tuple[str, float] | None = None
    url: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    exceptions: list[str] = field(default_factory=list)


class Session:
    """One visitor, with a scenario and values of its own."""

    def __init__(self, port: int, number: int, count: int, times: Times) -> None:
        self.port, self.number, self.count, self.times = port, number, count, times
        self.name, self.seq = NAMES[number % len(NAMES)], 0
        self.said: list[tuple[float, tuple[str, float] | None]] = []
        self.seen = Seen()

    def value(self, turn: int) -> float:
        """A target of its own, another one each turn."""
        low, high = targets(self.name)
        share = (self.number / self.count + turn * 0.6180339887) % 1
        return float(f"{low + (high - low) * share:.3g}")

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[websockets.ClientConnection]:
        """Its websocket, from a page of the same host."""
        here = f"localhost:{self.port}"
        async with websockets.connect(
            f"ws://{here}/_stcore/stream",
            origin=websockets.Origin(f"http://{here}"),
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=None,
            open_timeout=PATIENCE,
            ping_timeout=None,
            proxy=None,
        ) as line:
            yield line

    async def page(self, line: websockets.ClientConnection, place: str = "", query: str = "") -> None:
        """Open a page, as its address does."""
        began = time.perf_counter()
        await self.ask(line, place, query)
        await self._finished(line)
        self.times.pages.append(time.perf_counter() - began)

    async def ask(self, line: websockets.ClientConnection, place: str = "", query: str = "") -> None:
        """Ask for a page, and do not wait for it."""
        sent = BackMsg()
        sent.rerun_script.query_string = query or f"scenario={self.name}"
        sent.rerun_script.page_name = place
        await line.send(sent.SerializeToString())

    async def turn(self, line: websockets.ClientConnection, turn: int) -> None:
        """Pull a control to a value of its own and let it rest; hold both numbers against Python's later."""
        value = self.value(turn)
        for phase in ("move", "rest"):
            self.seq += 1
            said = {"path": PATH, "value": value, "phase": phase, "seq": self.seq}
            began = time.perf_counter()
            if phase == "move":
                answer = await asyncio.to_thread(self._moved, said)
                self.times.numbers.append(time.perf_counter() - began)
                if answer["answer"] is None or answer["answer"]["fault"]:
                    self.times.errors.append(f"session {self.number}: no number for {said}: {answer}")
                    continue
                head = answer["answer"]["headline"]
                self.said.append((value, (head["number"], head["share"])))
            else:
                await line.send(self._rested(said).SerializeToString())
                await self._finished(line)
                self.times.runs.append(time.perf_counter() - began)
                self.said.append((value, self.seen.number))

    def _moved(self, said: Mapping[str, Any]) -> Any:
        here = f"http://localhost:{self.port}"
        headers = {"Content-Type": "application/json", "Origin": here}
        asked = urllib.request.Request(f"{here}{self.seen.url}", json.dumps(said).encode(), headers)
        with urllib.request.urlopen(asked, timeout=PATIENCE) as reply:
            return json.load(reply)

    def _rested(self, said: Mapping[str, Any]) -> BackMsg:
        """What the line of the panel sends for a thumb that rests."""
        sent = BackMsg()
        sent.rerun_script.query_string = f"scenario={self.name}"
        widget = sent.rerun_script.widget_states.widgets.add()
        widget.id = self.seen.widgets[WIRE]
        widget.json_trigger_value = json.dumps([{"event": "message", "value": said}])
        return sent

    async def _finished(self, line: websockets.ClientConnection) -> None:
        """Read until the run is over."""
        fresh = Seen(url=self.seen.url, widgets=dict(self.seen.widgets))
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(line.recv(), PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                break
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                fresh.exceptions.append(element.exception.message)
            part = element.bidi_component
            if part.component_name == HEADLINE:
                content = json.loads(part.json)["content"]
                fresh.number = content["number"], content["share"]
            elif part.component_name == WIRE:
                fresh.url, fresh.widgets[WIRE] = json.loads(part.json)["url"], f"{part.id}__triggers"
        self.seen = fresh
        self.times.errors += [f"session {self.number}: {each}" for each in fresh.exceptions]

    def compare(self) -> None:
        """Hold every number that it was told against Python's."""
        for value, said in self.said:
            due = expected(self.name, value)
            self.times.compared += 1
            if said is None or said[0] != due[0] or abs(said[1] - due[1]) > 1e-9:
                self.times.errors.append(f"session {self.number}, {self.name} at {value}: {said}, not {due}")


def late(times: Sequence[float], share: float = 0.95) -> float:
    """A percentile, in seconds."""
    return sorted(times)[min(int(share * len(times)), len(times) - 1)] if times else float("nan")


def row(times: Sequence[float]) -> str:
    """Median, 95th percentile and the worst, in milliseconds."""
    if not times:
        return f"{'-':>8} {'-':>8} {'-':>8}"
    return " ".join(f"{1000 * each:8.0f}" for each in (statistics.median(times), late(times), max(times)))
