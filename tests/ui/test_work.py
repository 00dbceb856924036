"""Heavy answers beside the script: they end in time, by a button, or for a newer question. Default tier."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator import simulate
from simulator.analysis.sensitivity import sensitivity
from simulator.errors import InputError
from simulator.stopping import Stopped, go_on, stoppable
from simulator.ui import work
from simulator.ui.kept import ANSWERS, kept
from simulator.ui.work import QUESTIONS, Lane, Work
from simulator.workspace.desk import Desk


def steps(seconds: float, done: list[int] | None = None) -> Callable[[], str]:
    """Work of many small steps."""

    def worked() -> str:
        for number in range(int(seconds / 0.01)):
            go_on()
            time.sleep(0.01)
            if done is not None:
                done.append(number)
        return "worked out"

    return worked


def ended(asked: Work[Any], within: float = 1.0) -> type[BaseException] | None:
    """How a work ends."""
    return type(asked.future.exception(within))


def test_the_model_asks_whether_anybody_waits() -> None:
    desk = Desk.of_shipped("belarus-kazakhstan-2020")
    asked = 0

    def ask() -> None:
        nonlocal asked
        asked += 1
        if asked > 3:
            raise Stopped

    with stoppable(ask), pytest.raises(Stopped):
        simulate(desk.scenario, points=128).probability_range  # noqa: B018  (of nine settings)
    assert asked == 4
    assert simulate(desk.scenario, points=128).probability_range.high > 0  # nothing of it stays behind


def test_work_ends_when_its_time_is_up_and_leaves_its_place_to_the_next() -> None:
    lane = Lane("test")
    slow = [Work(steps(60), 0.1, lane) for _ in range(work.AT_ONCE)]
    waiting = Work(steps(0.02), 5, lane)
    assert not waiting.begun
    assert waiting.result(5) == "worked out"
    assert {ended(one) for one in slow} == {Stopped}


def test_work_that_nobody_waits_for_ends_at_its_next_step_or_never_begins() -> None:
    lane, done = Lane("test"), list[int]()
    going = [Work(steps(60, done), 60, lane), Work(steps(60), 60, lane)]
    waiting = Work(steps(60), 60, lane)
    waiting.end()
    assert waiting.future.cancelled()
    for one in going:
        one.end()
        assert ended(one) is Stopped
    assert len(done) < 100


def test_who_waits_gives_up_though_no_step_is_taken() -> None:
    gone = threading.Event()
    asked = Work(lambda: gone.wait(20), 0.01, Lane("test"))
    while not asked.begun:
        time.sleep(0.001)
    asked.begun -= work.GRACE + 1
    with pytest.raises(Stopped):
        asked.result(5)
    gone.set()


def test_numbers_of_moving_thumbs_go_before_the_steps_of_other_work() -> None:
    ended = list[str]()

    def steps() -> None:
        go_on()
        ended.append("work")

    with work.NUMBERS_FIRST:
        other = work.Work(steps, 30.0, work.QUESTIONS)
        ended.append("number")
    other.future.result(5)
    assert ended == ["number", "work"]
    with work.NUMBERS_FIRST:  # for a moment only: nobody is stopped by others' thumbs
        long = work.Work(steps, 30.0, work.QUESTIONS)
        long.future.result(5)
        assert long.elapsed < work.WAY  # which is no time of its own


def test_a_fault_is_told_as_it_is() -> None:
    def refused() -> None:
        raise InputError("found nothing")

    with pytest.raises(InputError, match="found nothing"):
        Work(refused, 5, Lane("test")).result(5)


def test_outside_of_a_session_an_answer_is_worked_out_at_once() -> None:
    @kept(0.01, lane=QUESTIONS)
    def asked(word: str) -> str:
        return f"{word} in {threading.current_thread().name}"

    here = threading.current_thread().name
    assert asked("a") == f"a in {here}"
    ANSWERS.forget()


@pytest.mark.parametrize(("said", "seconds"), [("3", 3), ("", 60), ("never", 60), ("-1", 60)])
def test_whoever_serves_the_page_sets_the_time(
    monkeypatch: pytest.MonkeyPatch, said: str, seconds: float
) -> None:
    monkeypatch.setenv(work.VARIABLE, said)
    assert work.seconds() == seconds


def test_a_range_does_not_wait_for_long_answers_of_other_sessions() -> None:
    """It took 34 s in place of .2 while another session worked out a long horizon."""

    def ranged(amount: float) -> float:
        desk = Desk.of_shipped("belarus-kazakhstan-2020")
        desk.turn("target.at_least", amount)
        asked = Work(lambda: simulate(desk.scenario).probability_range, 30, work.NUMBERS)
        began = time.monotonic()
        asked.result(30)
        return time.monotonic() - began

    def without_end() -> None:
        for number in range(10**6):
            far = Desk.of_shipped("vietnam-korea-2020")
            far.turn("target.at_least", 50 + number / 1000)
            sensitivity(far.scenario, simulate=simulate, points=1024)

    usual = max(ranged(900 + number) for number in range(3))
    going = [Work(without_end, 60, QUESTIONS) for _ in range(work.AT_ONCE + 1)]
    try:
        meanwhile = sorted(ranged(950 + number) for number in range(3))[1]
    finally:
        for one in going:
            one.end()
    assert meanwhile < 10 * usual + 1
    assert all(one.future.exception(20) for one in going[:-1])


def test_a_script_that_waits_for_its_answer_gives_its_turn_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(work, "LONGEST_WAIT", 0.01)
    with work.turn():
        with work._standing_aside():
            assert work._TURNS.acquire(blocking=False)  # another script's
        with work.turn():  # after its wait a third one goes on without
            pass
    work._TURNS.release()
    assert work._TURNS.acquire(blocking=False)


def script() -> None:
    """A page with one answer that takes long, and what stands below it."""
    import threading
    import time

    import streamlit as st

    from simulator.stopping import go_on
    from simulator.ui.work import beside, halts_shown

    def answered() -> str:
        st_free = threading.current_thread().name
        for _ in range(int(question * 100)):
            go_on()
            time.sleep(0.01)
        return f"worked out in {st_free}"

    question = st.number_input("Question", value=60.0)
    with halts_shown():
        st.text(beside("test", question, answered))
    st.text("below")


def texts(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def test_a_page_tells_that_an_answer_took_too_long_and_stands_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work, "SHOWN_AFTER", 0.05)
    monkeypatch.setenv(work.VARIABLE, "0.3")
    app = AppTest.from_function(script, default_timeout=20).run()
    first, below = texts(app)
    assert first.startswith("This took more than 0 s and was stopped.")
    assert below == "below"
    began = time.monotonic()
    app.run()  # it is not begun again for the same question
    assert texts(app)[0] == first
    assert time.monotonic() - began < 0.25
    app.number_input[0].set_value(0.02).run()
    assert texts(app)[0].startswith("worked out in lane-question")
    assert not app.exception
