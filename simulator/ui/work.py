"""Heavy answers beside the script of a session: few at a time, none for ever, each can be stopped.

A script that waits for its answer shows how far it is, with a button that cancels it. It ends when the time
is up, or when its own session asks for something else; other sessions do not wait for it. Threads and no
processes: NumPy works outside of Python's lock, answers need not be copied, and memory is held once.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from simulator.errors import InputError
from simulator.report.words import work as words
from simulator.stopping import Stopped, stoppable

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

VARIABLE = "SIMULATOR_SECONDS"  # of the environment: the most that an answer may take
SECONDS = 60.0  # unless it says otherwise
SCRIPTS = 3  # of all sessions, that draw a page at the same time
LONGEST_WAIT = 10.0  # seconds for a turn to draw
AT_ONCE = 2  # answers of a lane that are worked out at the same time
GRACE = 2.0  # seconds for the last part of a work that is stopped, after which nobody waits for it
SHOWN_AFTER, EVERY = 1.0, 0.25  # seconds until it is shown how far it is; and from one look to the next
WAY = 0.1  # seconds that a step of other work waits for numbers of moving thumbs
LANE = "lane"
HALTED = "halted"  # of a session: what was stopped, each with why, until it is tried again


class Lane(ThreadPoolExecutor):
    """What is worked out by the same few threads: a question waits for those of its lane alone."""

    def __init__(self, name: str) -> None:
        super().__init__(AT_ONCE, thread_name_prefix=f"{LANE}-{name}")


NUMBERS = Lane("number")  # the answer to a scenario, without which there is no page
QUESTIONS = Lane("question")  # what takes hundreds of answers


class Halted(InputError):
    """What a script waited for was stopped; the text says why, and what can be done."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(why)
        self.place = place


def seconds() -> float:
    """The most that an answer may take."""
    try:
        stated = float(os.environ.get(VARIABLE, ""))
    except ValueError:
        return SECONDS
    return stated if stated > 0 else SECONDS


class Precedence:
    """Numbers of moving thumbs go before all other work, whose steps wait for them a moment."""

    def __init__(self) -> None:
        self._moving, self._lock, self._free = 0, threading.Lock(), threading.Event()
        self._free.set()

    def __enter__(self) -> None:
        with self._lock:
            self._moving += 1
            self._free.clear()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._moving -= 1
            if not self._moving:
                self._free.set()

    def let_by(self) -> float:
        """Wait while there are such numbers, but no longer than ``WAY``; how many seconds it was."""
        if self._free.is_set():
            return 0.0
        since = time.monotonic()
        self._free.wait(WAY)
        return time.monotonic() - since


NUMBERS_FIRST = Precedence()


class Work(Generic[Answer]):
    """One answer on its way: how far it is, and whether it is to stop."""

    def __init__(self, function: Callable[[], Answer], limit: float, lane: Lane) -> None:
        self.function, self.limit = function, limit
        self.parts, self.begun = 0, 0.0  # when its turn came; 0 while it waits for it
        self.stop = threading.Event()
        self.future: Future[Answer] = lane.submit(self._run)

    def _run(self) -> Answer:
        self.begun = time.monotonic()
        with stoppable(self._asked):
            self._asked()
            return self.function()

    def _asked(self) -> None:
        self.parts += 1
        self.begun += NUMBERS_FIRST.let_by()  # which is no time of its own
        if self.stop.is_set() or self.elapsed > self.limit:
            raise Stopped

    @property
    def elapsed(self) -> float:
        """Seconds since its turn came."""
        return time.monotonic() - self.begun if self.begun else 0.0

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        return words.progress(self.elapsed, self.parts, self.limit) if self.begun else words.WAITING

    def result(self, wait: float) -> Answer:
        """The answer, waited for some seconds.

        Raises:
            TimeoutError: it is not there yet.
            Stopped: its time is up.
        """
        if self.elapsed > self.limit + GRACE:
            raise Stopped
        return self.future.result(wait)

    def end(self) -> None:
        """Nobody waits for it: it ends at its next step, or does not begin."""
        self.stop.set()
        self.future.cancel()


def beside(place: str, key: Any, function: Callable[[], Answer], lane: Lane = QUESTIONS) -> Answer:
    """Work something out beside the script of this session, which waits for it and shows how far it is.

    Outside of a session's script it is worked out at once: in work that runs already, and for the number of a
    moving thumb.

    Args:
        place: what it is called on the page's side: one a question.
        key: all that it depends on; what was stopped is not begun again for the same.
        function: what works it out, without Streamlit.
        lane: by whose threads.

    Raises:
        Halted: it took too long or was cancelled; now, or before.
    """
    if get_script_run_ctx(suppress_warning=True) is None or threading.current_thread().name.startswith(LANE):
        return function()
    before = st.session_state.get(HALTED, {}).get(place)
    if before is not None and before[0] == key:
        raise Halted(place, before[1])
    work = Work(function, seconds(), lane)
    try:
        with _standing_aside():
            return _waited(work, place, key)
    except Stopped:
        if _asked_anew():
            raise Halted(place, words.ASKED_ANEW) from None
        raise Halted(place, _halt(place, key, words.too_long(work.limit))) from None
    finally:
        work.end()


def _waited(work: Work[Answer], place: str, key: Any) -> Answer:
    with contextlib.suppress(TimeoutError):
        return work.result(SHOWN_AFTER)
    shown = st.empty()
    with shown.container(horizontal=True, vertical_alignment="center"):
        line = st.empty()
        name = f"cancel-{time.monotonic_ns()}"  # the same may be asked again in one run, once it is forgotten
        st.button(words.CANCEL, icon=":material/close:", on_click=_cancel, args=(place, key), key=name)
    try:
        while True:
            line.text(
                work.progress
            )  # where the session asks for something else, Streamlit ends the script here
            if _asked_anew():
                raise Stopped
            with contextlib.suppress(TimeoutError):
                return work.result(EVERY)
    finally:
        shown.empty()


_TURNS = threading.BoundedSemaphore(SCRIPTS)
_HOLDS = threading.local()


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """One of the few scripts that run at once: fifty that share a processor all end when the last one does.

    Who has waited long goes on without a turn, so that no script can stop the others.
    """
    _HOLDS.turn = _TURNS.acquire(timeout=LONGEST_WAIT)
    try:
        yield
    finally:
        if _HOLDS.turn:
            _TURNS.release()
        _HOLDS.turn = False


@contextlib.contextmanager
def _standing_aside() -> Iterator[None]:
    """While a script waits for an answer another one has its turn."""
    had = getattr(_HOLDS, "turn", False)
    if had:
        _TURNS.release()
    try:
        yield
    finally:
        if had:
            _HOLDS.turn = _TURNS.acquire(timeout=LONGEST_WAIT)


def _fragment() -> str:
    """Which fragment of the page runs; none where all of it does."""
    with contextlib.suppress(RuntimeError):
        return ThreadState.get().fragment_id or ""
    return ""


def _asked_anew() -> bool:
    """Whether the session asks the same fragment for something else: Streamlit ends no fragment for that."""
    with contextlib.suppress(AttributeError):
        context = get_script_run_ctx(suppress_warning=True)
        requests = None if context is None else context.script_requests
        if requests is not None and requests._state == ScriptRequestType.RERUN:
            return _fragment() in requests._rerun_data.fragment_id_queue
    return False


def _halt(place: str, key: Any, why: str) -> str:
    st.session_state.setdefault(HALTED, {})[place] = key, why
    return why


def _cancel(place: str, key: Any) -> None:
    _halt(place, key, words.CANCELLED)


def _again(place: str) -> None:
    st.session_state.get(HALTED, {}).pop(place, None)


@contextlib.contextmanager
def halts_shown() -> Iterator[None]:
    """What was stopped is told in its place, with a button that tries it again; the page stands."""
    try:
        yield
    except Halted as halted:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(str(halted))
            st.button(
                words.AGAIN,
                icon=":material/refresh:",
                on_click=_again,
                args=(halted.place,),
                key=f"again-{halted.place}-{_fragment()}",
            )
