"""How far a long question is, on a terminal and nowhere else. Default tier."""

from __future__ import annotations

import io
import sys

import pytest

from simulator.cli import common
from simulator.stopping import go_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_answers_are_counted_on_a_terminal_alone(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "SECONDS_BETWEEN", -1.0)
    monkeypatch.setattr(sys, "stderr", stream)
    with common.working():
        for _ in range(3):
            go_on()
    go_on()  # nobody is asked any longer
    assert ("3 answers worked out" in stream.getvalue()) == stream.isatty()
    assert "4 answers" not in stream.getvalue()
