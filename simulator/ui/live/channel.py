"""Where moves of a thumb are answered: a route beside Streamlit's own; no run of the page is waited for.

A run of Streamlit's, however small, has the browser draw its whole page again; a number that follows a thumb
cannot wait for that. A channel belongs to one session and is known by a secret that only its page was told.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.errors import InputError
from simulator.ui.work import NUMBERS_FIRST
from simulator.values.limits import MOVE_BYTES
from simulator.workspace.headline import Headline
from simulator.workspace.messages import Message, message


@dataclass(frozen=True)
class Answer:
    """What goes back for a message.

    Without ``headline`` it stays until the page draws it. ``values`` are the controls that now stand
    elsewhere, ``fault`` why the value was refused.
    """

    headline: Headline | None
    values: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""


Answering = Callable[[Message], Answer]


class Channel:
    """The messages of one panel, answered one after the other; ``seq`` is the number of the last one.

    ``settled`` is that of the last one that a page was drawn with. Streamlit drops what the browser says
    while its line is cut: until that a thumb rests is known here, the browser asks, and says it again.
    """

    def __init__(self) -> None:
        self.secret = secrets.token_urlsafe(24)
        self.seq = self.settled = 0
        self.answering: Answering | None = None
        self._lock = threading.Lock()

    def answer(self, sent: Message) -> dict[str, Any] | None:
        """What goes back for a message; None where a later one was answered before it, or settled."""
        with self._lock:
            if self.answering is None or sent.seq < self.seq or sent.seq <= self.settled:
                return None
            answer = {"path": sent.path, **asdict(self.answering(sent))}
            self.seq = sent.seq
            return answer

    def settle(self, seq: int) -> None:
        """Take all messages up to one as drawn by the page: none of them turns anything once more."""
        with self._lock:
            self.settled = max(self.settled, seq)


_CHANNELS: WeakValueDictionary[str, Channel] = WeakValueDictionary()


def channel(key: str) -> Channel:
    """This session's channel of a panel; it ends with the session."""
    place = f"channel-{key}"
    if place not in st.session_state:
        st.session_state[place] = made = Channel()
        _CHANNELS[made.secret] = made
    present: Channel = st.session_state[place]
    return present


def address(of: Channel) -> str:
    """Where the browser sends the moves of a channel."""
    return f"{_base()}/live/{of.secret}"


def _base() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


async def _moved(request: Request) -> Response:
    """Answer a move: 404 where the session is over, 400 for what no control sends.

    A thumb that rests turns nothing here: whether the page knows of it is asked.
    """
    present = _CHANNELS.get(request.path_params["secret"])
    if present is None:
        return Response(status_code=404)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOVE_BYTES.most:
            return Response(status_code=413)
    try:
        sent = message(json.loads(content))
    except (InputError, ValueError, RecursionError):
        return Response(status_code=400)
    if sent.phase == "rest":
        return JSONResponse({"settled": present.settled})
    with NUMBERS_FIRST:
        answer = await run_in_threadpool(present.answer, sent)
    return JSONResponse({"seq": sent.seq, "answer": answer})


def routes() -> list[Route]:
    """What the server of the page answers beside Streamlit's own addresses."""
    return [Route(f"{_base()}/live/{{secret}}", _moved, methods=["POST"])]
