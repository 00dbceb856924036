"""Controls that answer while they are dragged: a panel, a headline that follows it, and the lines between.

The panel sends nothing itself. ``moves`` mounts a line in a fragment of its own that holds nothing else: a
move runs that fragment alone and brings back a short answer, which the browser writes into headline and
panel without drawing either again. ``rests`` mounts one where it is called: what runs again once the thumb
rests is the fragment around it, or the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from simulator.errors import InputError
from simulator.workspace.curve import Curve
from simulator.workspace.headline import Headline
from simulator.workspace.messages import Message, Phase, message
from simulator.workspace.panel import Section, plain

HERE = Path(__file__).parent
SHARED = (HERE / "shared.js").read_text("utf-8")
HEARD = "browser-heard"


@dataclass(frozen=True)
class Answer:
    """What goes back for a message.

    Without ``headline`` it stays until the page draws it. ``values`` are the controls that now stand
    elsewhere, ``effects`` the words of rows that changed, ``fault`` why the value was refused.
    """

    headline: Headline | None
    values: Mapping[str, Any] = field(default_factory=dict)
    effects: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


Answering = Callable[[Message], Answer]


def _component(name: str, style: bool = True) -> Any:
    css = (HERE / f"{name}.css").read_text("utf-8") if style else None
    js = SHARED + (HERE / f"{name}.js").read_text("utf-8")
    return st.components.v2.component(f"live-{name}", css=css, js=js)


PANEL, HEADLINE, CURVE = _component("panel"), _component("headline"), _component("curve")
WIRE, BROWSER, SWIPE = (_component(name, style=False) for name in ("wire", "browser", "swipe"))


def controls(rows: tuple[Section, ...], key: str) -> None:
    """The controls alone, without the lines by which they send."""
    data = {"channel": key, "stamp": _stamp(), "seq": _seq(key), "sections": plain(rows)}
    PANEL(key=f"panel-{key}", data=data)


def headline(content: Headline, key: str) -> None:
    """The number and what belongs to it, which follow the panel of the same key."""
    data = {"channel": key, "stamp": _stamp(), "content": asdict(content)}
    HEADLINE(key=f"headline-{key}", data=data)


def curve(content: Curve, key: str) -> None:
    """The chance by amount; its handle moves a control of the panel of the same key."""
    data = {"channel": key, "stamp": _stamp(), **asdict(content)}
    CURVE(key=f"curve-{key}", data=data)


def browser(fragment: str, drafts: Mapping[str, Any], arrived: Callable[[object], None]) -> None:
    """What the browser keeps for itself: the fragment of the address, and drafts.

    Args:
        fragment: what the address is to hold behind ``#``.
        drafts: those to keep, and the names of those to forget.
        arrived: called once a session with what the browser has: ``fragment`` and ``drafts``.
    """
    key = "browser"

    def received() -> None:
        if not heard():
            st.session_state[HEARD] = True
            arrived(st.session_state[key].arrived)

    data = {"heard": heard(), "fragment": fragment, "stamp": _stamp(), **drafts}
    BROWSER(key=key, data=data, on_arrived_change=received)


def swipe(area: str) -> None:
    """Tabs that a finger turns by wiping sideways; ``area`` is a selector of what holds them."""
    SWIPE(key="swipe", data={"area": area})


def heard() -> bool:
    """Whether the browser has said what it has."""
    return bool(st.session_state.get(HEARD))


def moves(key: str, on_message: Answering) -> None:
    """The line for values on their way: a run of it draws nothing else."""
    st.fragment(_line)(key, "move", on_message)


def rests(key: str, on_message: Answering) -> None:
    """The line for a thumb that rests: it runs what it is called in."""
    _line(key, "rest", on_message)


def _line(key: str, phase: Phase, on_message: Answering) -> None:
    wire, answers = f"{phase}-{key}", f"answer-{key}"

    def received() -> None:
        try:
            sent = message(st.session_state[wire].message)
        except InputError:
            return  # no control sends such a thing
        if sent.seq < _seq(key):
            return  # a later move was answered before this rest came
        st.session_state[answers] = {"path": sent.path, **asdict(on_message(sent))}
        st.session_state[f"seq-{key}"] = sent.seq

    data = {"channel": key, "phase": phase, "seq": _seq(key), "answer": st.session_state.pop(answers, None)}
    WIRE(key=wire, data=data, on_message_change=received)


def _seq(key: str) -> int:
    """The number of the last message that was answered."""
    return int(st.session_state.get(f"seq-{key}", 0))


def _stamp() -> str:
    """Something else for each time that a component is drawn.

    Without it the browser would not hear of a value that is the same as the one that the page last drew,
    though moves have changed it since.
    """
    return str(time.time_ns())
