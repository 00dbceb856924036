"""The live panel without a browser: what a line does with what it is sent, and that a page that has one runs. Default tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator.ui.live import components
from simulator.ui.live.components import Answer
from simulator.workspace.headline import Headline
from simulator.workspace.messages import Message

APP = str(Path(__file__).parent.parent / "browser" / "live_app.py")
SAID = Headline("Probability", "31 %", "", (), 0.31)


class Line:
    """A line whose browser says what a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answered: list[Message] = []
        self.state: dict[str, Any] = {}
        self.drawn: list[dict[str, Any]] = []
        monkeypatch.setattr(components.st, "session_state", self.state)
        monkeypatch.setattr(components, "WIRE", self._wire)

    def _wire(self, key: str, data: dict[str, Any], on_message_change: Any) -> None:
        self.drawn.append(data)
        self.received = on_message_change

    def draw(self, phase: Any = "move") -> dict[str, Any]:
        components._line(
            "panel", phase, lambda sent: self.answered.append(sent) or Answer(SAID, {sent.path: sent.value})
        )
        return self.drawn[-1]

    def send(self, seq: object, phase: str = "move", value: object = 5) -> dict[str, Any]:
        message = {"path": "target.at_least", "value": value, "phase": phase, "seq": seq}
        self.draw(phase)
        self.state[f"{phase}-panel"] = type("Sent", (), {"message": message})
        self.received()
        return self.draw(phase)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(monkeypatch)


def test_an_answer_goes_back_once_with_the_number_of_its_message(line: Line) -> None:
    drawn = line.send(7)
    assert drawn["seq"] == 7
    assert drawn["answer"]["headline"]["number"] == "31 %"
    assert drawn["answer"]["values"] == {"target.at_least": 5}
    again = line.draw()  # the page runs for another reason
    assert (again["seq"], again["answer"]) == (7, None)


def test_a_rest_that_comes_after_a_later_move_changes_nothing(line: Line) -> None:
    line.send(7)
    line.send(8, value=6)
    drawn = line.send(7, "rest")
    assert [sent.value for sent in line.answered] == [5, 6]
    assert drawn["seq"] == 8
    assert line.send(8, "rest", value=6)["answer"] is not None


@pytest.mark.parametrize("seq", [None, "8", -1, 1.5])
def test_what_no_control_sends_is_not_answered(line: Line, seq: object) -> None:
    assert line.send(seq)["answer"] is None
    assert not line.answered


def test_a_page_with_a_panel_runs() -> None:
    page = AppTest.from_file(APP, default_timeout=30)
    page.run()
    assert not page.exception
    page.button[0].click().run()
    assert not page.exception
