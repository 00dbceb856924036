"""Controls that answer while they are dragged: a panel, a headline that follows it, and the lines between.

The panel sends nothing itself. ``line`` is mounted where it is called: a move goes to the session's channel
and brings back a short answer, which the browser writes into headline and panel without drawing either
again; once the thumb rests, the fragment around the line runs again, or the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from simulator.errors import InputError
from simulator.ui.live.channel import Answering, address, channel
from simulator.workspace.curve import Curve
from simulator.workspace.headline import Headline
from simulator.workspace.messages import message
from simulator.workspace.panel import Section, plain

HERE = Path(__file__).parent
SHARED = (HERE / "shared.js").read_text("utf-8")
HEARD = "browser-heard"


def _component(name: str, style: bool = True) -> Any:
    css = (HERE / f"{name}.css").read_text("utf-8") if style else None
    js = SHARED + (HERE / f"{name}.js").read_text("utf-8")
    return st.components.v2.component(f"live-{name}", css=css, js=js)


PANEL, HEADLINE, CURVE = _component("panel"), _component("headline"), _component("curve")
BOARD = _component("board")
WIRE, BROWSER, SWIPE = (_component(name, style=False) for name in ("wire", "browser", "swipe"))


def controls(rows: tuple[Section, ...], key: str, seq: int) -> None:
    """The controls alone, without the line by which they send; ``seq`` is the last message that they know."""
    channel(key).settle(seq)
    data = {"channel": key, **_drawn(key, seq), "sections": plain(rows)}
    PANEL(key=f"panel-{key}", data=data)


def headline(content: Headline, key: str, seq: int) -> None:
    """The number and what belongs to it, which follow the panel of the same key.

    ``seq`` is the last message that is answered in it: a later answer is not overwritten.
    """
    data = {"channel": key, **_drawn(key, seq), "content": asdict(content)}
    HEADLINE(key=f"headline-{key}", data=data)


def curve(content: Curve, key: str) -> None:
    """The chance by amount; its handle moves a control of the panel of the same key."""
    data = {"channel": key, "stamp": _stamp(), **asdict(content)}
    CURVE(key=f"curve-{key}", data=data)


def board(content: Mapping[str, Any], key: str, on_open: Callable[[str], None]) -> None:
    """A table that sorts and filters itself; ``on_open`` is called with the name of a row that is clicked."""

    def received() -> None:
        name = st.session_state[key].opened
        if isinstance(name, str):
            on_open(name)

    BOARD(key=key, data={"stamp": _stamp(), "content": content}, on_opened_change=received)


def browser(
    fragment: str, mark: str, drafts: Mapping[str, Any], arrived: Callable[[object], None], top: str = ""
) -> None:
    """What the browser keeps for itself: the fragment of the address, and drafts.

    Args:
        fragment: what the address is to hold behind ``#``.
        mark: what every such fragment begins with: put into the address of an open page, it is opened.
        drafts: those to keep, and the names of those to forget.
        arrived: called once a session with what the browser has: ``fragment`` and ``drafts``.
        top: the part of the page that is shown; another one than before is seen from its top.
    """
    key = "browser"

    def received() -> None:
        if not heard():
            st.session_state[HEARD] = True
            arrived(st.session_state[key].arrived)

    data = {"heard": heard(), "fragment": fragment, "mark": mark, "stamp": _stamp(), "top": top, **drafts}
    BROWSER(key=key, data=data, on_arrived_change=received)


def swipe(area: str) -> None:
    """Tabs that a finger turns by wiping sideways; ``area`` is a selector of what holds them."""
    SWIPE(key="swipe", data={"area": area})


def heard() -> bool:
    """Whether the browser has said what it has."""
    return bool(st.session_state.get(HEARD))


def line(key: str, answering: Answering, rested: Callable[[], None] = lambda: None) -> None:
    """The line of a panel: its moves go to the channel, a thumb that rests runs what this is called in.

    ``rested`` is called before that.
    """
    wire, answers, present = f"rest-{key}", f"answer-{key}", channel(key)
    present.answering = answering

    def received() -> None:
        try:
            sent = message(st.session_state[wire].message)
        except InputError:
            return  # no control sends such a thing
        rested()
        answer = present.answer(sent)
        present.settle(sent.seq)
        if answer is not None:
            st.session_state[answers] = sent.seq, answer

    # a later move may have been answered since: the answer counts as what it knew
    seq, answer = st.session_state.pop(answers, (present.seq, None))
    data = {"channel": key, "url": address(present), "seq": seq, "answer": answer}
    WIRE(key=wire, data=data, on_message_change=received)


def _drawn(key: str, seq: int) -> dict[str, Any]:
    """When a part of a page was drawn: in which session, and after which of its messages."""
    return {"stamp": _stamp(), "session": address(channel(key)), "seq": seq}


def _stamp() -> str:
    """Something else for each time that a component is drawn.

    Without it the browser would not hear of a value that is the same as the one that the page last drew,
    though moves have changed it since.
    """
    return str(time.time_ns())
