"""The live panel without a browser: what a line does with what it is sent, and that a page that has one runs. Default tier."""

from __future__ import annotations

import asyncio
import gc
import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.routing import Router
from streamlit.testing.v1 import AppTest

from simulator.ui.live import components
from simulator.ui.live.channel import Answer
from simulator.ui.server import SERVED
from simulator.workspace.headline import Headline
from simulator.workspace.messages import Message

APP = str(Path(__file__).parent.parent / "browser" / "live_app.py")
SAID = Headline("Probability", "31 %", "", (), 0.31)


class Line:
    """A line whose browser says what a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answered: list[Message] = []
        self.rests = 0
        self.state: dict[str, Any] = {}
        self.drawn: list[dict[str, Any]] = []
        monkeypatch.setattr(st, "session_state", self.state)
        monkeypatch.setattr(components, "WIRE", self._wire)

    def _wire(self, key: str, data: dict[str, Any], on_message_change: Any) -> None:
        self.drawn.append(data)
        self.received = on_message_change

    def draw(self) -> dict[str, Any]:
        components.line("panel", self._answer, self._rested)
        return self.drawn[-1]

    def _answer(self, sent: Message) -> Answer:
        self.answered.append(sent)
        return Answer(SAID, {sent.path: sent.value})

    def _rested(self) -> None:
        self.rests += 1

    def rest(self, seq: object, value: object = 5) -> dict[str, Any]:
        """What the page is drawn with after a thumb came to rest."""
        self.draw()
        self.state["rest-panel"] = type("Sent", (), {"message": said(seq, "rest", value)})
        self.received()
        return self.draw()

    def move(self, seq: object, value: object = 5) -> Any:
        """What the route answers to a move: its status, or its content."""
        return posted(self.draw()["url"], json.dumps(said(seq, "move", value)).encode())


def said(seq: object, phase: str, value: object) -> dict[str, object]:
    return {"path": "target.at_least", "value": value, "phase": phase, "seq": seq}


def posted(url: str, *chunks: bytes) -> Any:
    """What the server's routes say to a message, over ASGI: its status where that is none of success."""
    scope = {"type": "http", "method": "POST", "path": url, "headers": [], "query_string": b""}
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, 1)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(part: dict[str, Any]) -> None:
        sent.append(part)

    asyncio.run(Router(SERVED["routes"])(scope, receive, send))
    return json.loads(sent[1]["body"]) if sent[0]["status"] == 200 else sent[0]["status"]


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


def test_an_answer_goes_back_once_with_the_number_of_its_message(line: Line) -> None:
    drawn = line.rest(7)
    assert drawn["seq"] == 7
    assert drawn["answer"]["headline"]["number"] == "31 %"
    assert drawn["answer"]["values"] == {"target.at_least": 5}
    again = line.draw()  # the page runs for another reason
    assert (again["seq"], again["answer"], line.rests) == (7, None, 1)


def test_an_answer_keeps_its_number_where_a_later_move_is_answered_before_the_page_is_drawn(
    line: Line,
) -> None:
    line.draw()
    line.state["rest-panel"] = type("Sent", (), {"message": said(1, "rest", 5)})
    line.received()
    posted(line.drawn[-1]["url"], json.dumps(said(2, "move", 6)).encode())
    drawn = line.draw()
    assert (drawn["seq"], drawn["answer"]["values"]) == (1, {"target.at_least": 5})
    assert line.draw()["seq"] == 2


def test_a_move_is_answered_beside_the_page(line: Line) -> None:
    told = line.move(7)
    assert told["seq"] == 7
    assert told["answer"]["headline"]["number"] == "31 %"
    assert (told["answer"]["path"], told["answer"]["values"]) == ("target.at_least", {"target.at_least": 5})
    assert (line.draw()["seq"], line.rests) == (7, 0)


def test_the_browser_asks_whether_a_thumb_that_rests_was_heard(line: Line) -> None:
    line.move(7)
    url = line.draw()["url"]
    asked = json.dumps(said(7, "rest", 5)).encode()
    assert posted(url, asked) == {"settled": 0}
    assert [sent.phase for sent in line.answered] == ["move"]  # to ask turns nothing
    line.rest(7)
    assert posted(url, asked) == {"settled": 7}


def test_what_a_page_was_drawn_with_turns_nothing_once_more(line: Line) -> None:
    line.rest(7)
    assert line.move(7, value=6)["answer"] is None
    assert line.rest(7, value=6)["answer"] is None
    assert [sent.value for sent in line.answered] == [5]
    assert line.move(8, value=6)["answer"] is not None


def test_what_comes_after_a_later_message_changes_nothing(line: Line) -> None:
    line.move(7)
    line.move(8, value=6)
    assert line.move(7, value=5)["answer"] is None
    drawn = line.rest(7)
    assert [sent.value for sent in line.answered] == [5, 6]
    assert drawn["seq"] == 8
    assert line.rest(8, value=6)["answer"] is not None


@pytest.mark.parametrize("seq", [None, "8", -1, 1.5])
def test_what_no_control_sends_is_not_answered(line: Line, seq: object) -> None:
    assert line.rest(seq)["answer"] is None
    assert line.move(seq) == 400
    assert not line.answered


def test_only_the_page_of_a_session_knows_where_its_moves_go(line: Line) -> None:
    url = line.draw()["url"]
    for body in (b"", b"{", b"[" * 4000, b"7", b"\xff"):
        assert posted(url, body) == 400
    assert posted(url, *[b" " * 1000] * 5) == 413
    assert posted(f"{url}x", b"{}") == 404
    line.state.clear()  # the session is over, and its callbacks with it
    line.received = None
    gc.collect()
    assert posted(url, json.dumps(said(1, "move", 5)).encode()) == 404
    assert not line.answered


def test_a_page_with_a_panel_runs() -> None:
    page = AppTest.from_file(APP, default_timeout=30)
    page.run()
    assert not page.exception
    page.button[0].click().run()
    assert not page.exception
