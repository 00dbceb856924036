"""Undo forgets nothing: whatever was turned, edited or saved, every change goes back to the start and forward again. Default tier."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulator.workspace import desk as workspace
from simulator.workspace import link
from simulator.workspace.desk import ONE_PULL, Desk, Stand
from tests.tiers import examples

TEXT = """\
title: A pair
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 700}
observations:
  - {measure: turnover, period: 2017, value: 690.8}
levers:
  a: {kind: custom, percent: 3%, cost: 2}
"""
VALUES: dict[str, list[Any]] = {
    "target.at_least": [700.0, 800.0, 900.0],
    "levers.a.percent": [0.03, 0.04],
    "levers.a.enabled": [True, False],
}
TURNS = st.sampled_from([(path, value) for path, values in VALUES.items() for value in values])
TITLES = st.sampled_from(["A pair", "Another pair"])
PAUSES = st.sampled_from([0.1, 2 * ONE_PULL])


class Clock:
    """The time, which passes when the test says so."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


class Turning(RuleBasedStateMachine):
    """A desk beside the plainest account of it: every stand that one can go back to, and where one is."""

    @initialize()
    def open(self) -> None:
        self.clock, self.before = Clock(), workspace.time
        workspace.time = self.clock  # type: ignore[assignment]
        self.desk = Desk.of_upload(TEXT.encode(), "pair.yaml")
        self.stands, self.at = [self.desk.now], 0
        self.pulled, self.since = "", 0.0

    def teardown(self) -> None:
        """All the way back and forward again; each step is one."""
        workspace.time = self.before
        final = self.desk.now
        back = [final]
        while self.desk.past:
            self.desk.undo()
            back.append(self.desk.now)
        assert back[::-1] == self.stands[: self.at + 1]
        assert all(one != other for one, other in pairwise(back))
        for stand in back[-2::-1]:
            self.desk.redo()
            assert self.desk.now == stand
        assert self.desk.now == final

    def moved(self, before: Stand, pulled: str = "") -> None:
        if self.desk.now == before:
            return
        if pulled and pulled == self.pulled and self.clock.now - self.since < ONE_PULL:
            self.stands[self.at] = self.desk.now
            self.pulled, self.since = pulled, self.clock.now
            if self.stands[self.at] == self.stands[self.at - 1]:
                self.at, self.pulled = self.at - 1, ""
                del self.stands[self.at + 1 :]
            return
        self.stands = [*self.stands[: self.at + 1], self.desk.now]
        self.at += 1
        self.pulled, self.since = pulled, self.clock.now

    @rule(turn=TURNS, pause=PAUSES)
    def turn(self, turn: tuple[str, Any], pause: float) -> None:
        self.clock.now += pause
        before = self.desk.now
        self.desk.turn(*turn)
        assert self.desk.value(turn[0]) == turn[1]
        self.moved(before, turn[0])

    @rule(title=TITLES)
    def edit(self, title: str) -> None:
        before = self.desk.now
        self.desk.edit(TEXT.replace("A pair", title))
        self.moved(before)

    @rule()
    def restore(self) -> None:
        before = self.desk.now
        self.desk.restore()
        self.moved(before)

    @rule()
    def undo(self) -> None:
        self.desk.undo()
        self.at, self.pulled = max(self.at - 1, 0), ""

    @rule()
    def redo(self) -> None:
        self.desk.redo()
        self.at, self.pulled = min(self.at + 1, len(self.stands) - 1), ""

    @rule()
    def keep(self) -> None:
        self.desk.keep()
        self.pulled = ""

    @rule()
    def start_here(self) -> None:
        self.desk.start_here()
        self.stands, self.at, self.pulled = [self.desk.now], 0, ""

    @invariant()
    def stands_where_it_should(self) -> None:
        assert self.desk.now == self.stands[self.at]
        assert len(self.desk.past) == self.at
        assert len(self.desk.future) == len(self.stands) - 1 - self.at


TestTurning = Turning.TestCase
TestTurning.settings = settings(max_examples=examples(300, 25), stateful_step_count=20, deadline=None)


def test_a_turn_without_change_and_then_a_change_is_taken_back() -> None:
    desk = Desk.of_upload(TEXT.encode(), "pair.yaml")
    desk.turn("target.at_least", 700.0)
    desk.turn("target.at_least", 900.0)
    desk.undo()
    assert desk.value("target.at_least") == 700.0


def test_what_a_link_has_turned_is_no_part_of_the_next_pull() -> None:
    words = {"scenario": "belarus-kazakhstan-2020", "target.at_least": "900"}
    desk, complaints = link.desk_from(words)
    assert not complaints
    desk.turn("target.at_least", 950.0)
    desk.undo()
    assert desk.value("target.at_least") == 900.0


def test_a_pull_is_undone_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(workspace, "time", clock)
    desk = Desk.of_upload(TEXT.encode(), "pair.yaml")
    for amount in (750.0, 800.0, 850.0):
        clock.now += 1
        desk.turn("target.at_least", amount)
    desk.undo()
    assert desk.value("target.at_least") == 700.0
    assert not desk.past
