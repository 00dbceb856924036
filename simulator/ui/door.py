"""Who is let in: requests to this host, from its own pages, all in time; and nothing calls outside.

A page of another site that a visitor has open could send requests here (a foreign Origin), or have its own
name lead here (a foreign Host, DNS rebinding). Both are refused before Streamlit sees them, which would ask
the internet for its own address to compare them with, and answer nobody else meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st
from h11 import LocalProtocolError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import net_util

from simulator.values.wording import show

HERE = ("localhost", "127.0.0.1", "::1")  # where no setting names a host
READING = (
    "GET",
    "HEAD",
    "OPTIONS",
)  # methods that change nothing: the browser keeps their answers from others
SLOWEST = 30.0  # seconds for all that a request says
LARGEST = 2**20  # bytes that a request may say beside an uploaded file
REFUSED = 1008  # how a websocket is closed for a breach of policy
# A page loads and sends nothing elsewhere, whatever stands in it, and no other site shows it as its own.
SENT_ALONG = {
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def stay_inside() -> None:
    """Take from Streamlit what looks up the machine's address: in the internet, or by a socket to it."""

    def nowhere() -> None:
        return None

    for name in ("get_external_ip", "get_internal_ip"):
        setattr(net_util, name, nowhere)


def allowed_hosts() -> Sequence[str]:
    """The names by which the page may be called: Streamlit's ``server.allowedHosts``, else this machine's."""
    return st.get_option("server.allowedHosts") or HERE


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether a Host header names one of the hosts; ``*.name`` stands for all below a name, ``*`` for any."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not name or parts.netloc != host or "@" in host:
        return False
    return any(_fits(name.rstrip("."), pattern.strip().lower().rstrip(".")) for pattern in allowed)


def _fits(name: str, pattern: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def is_own(origin: str, host: str) -> bool:
    """Whether a request comes from a page of this host, or one in ``server.corsAllowedOrigins``."""
    try:
        from_here = urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False
    return from_here or origin in st.get_option("server.corsAllowedOrigins")


def refusal(headers: Headers, changing: bool) -> tuple[int, str] | None:
    """Why a request is refused, if it is: a status, and a sentence; ``changing``: it does more than read."""
    hosts, allowed = headers.getlist("host"), allowed_hosts()
    if len(hosts) != 1 or not is_allowed(hosts[0], allowed):
        called = show(", ".join(hosts)) if hosts else "none"
        return 421, (
            f"found host {called}, expected one of {', '.join(allowed)}. Whoever serves this page can add a "
            "name: app --host-name NAME, or Streamlit's server.allowedHosts."
        )
    for origin in headers.getlist("origin") if changing else ():
        if not is_own(origin, hosts[0]):
            return (
                403,
                f"found a request from a page of {show(origin)}, expected one from a page of this host",
            )
    return None


class TooSlow(Exception):
    """A request does not come to its end in time."""


class TooLarge(Exception):
    """A request says more than any page has to say."""


class Door:
    """What every request passes first; one that breaks off, or breaks the protocol, is no fault of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not: 421 or 403, and a websocket is not opened."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        reading = scope["type"] == "http" and scope["method"] in READING
        refused = refusal(Headers(scope=scope), changing=not reading)
        if refused is None:
            return await self._let_in(scope, receive, send)
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": REFUSED, "reason": ""})
        status, why = refused
        return await PlainTextResponse(f"{why}\n", status)(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered, bounded = _Answered(send), _bounded(receive) if scope["type"] == "http" else receive
        try:
            await self.app(scope, bounded, answered)
        except (ClientDisconnect, LocalProtocolError):
            pass  # nobody is there to be told
        except (TooSlow, TooLarge) as error:
            if not answered.begun:
                status = 408 if isinstance(error, TooSlow) else 413
                await PlainTextResponse(status_code=status, headers={"Connection": "close"})(
                    scope, receive, send
                )


class _Answered:
    """What is sent back, with the headers that go along; ``begun`` says whether anything was."""

    def __init__(self, send: Send) -> None:
        self._send, self.begun = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(SENT_ALONG)
        self.begun = True
        await self._send(message)


def _bounded(receive: Receive) -> Receive:
    """What a request says, all of it in time and no more than a page has to say.

    Raises:
        TooSlow: it has not ended in time.
        TooLarge: it is more.
    """
    end, left = time.monotonic() + SLOWEST, LARGEST + st.get_option("server.maxUploadSize") * 2**20
    complete = False

    async def received() -> Message:
        nonlocal left, complete
        if complete:  # what else there is to hear is that the visitor has gone
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(end - time.monotonic(), 0))
        except TimeoutError:
            raise TooSlow from None
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge
        complete = not message.get("more_body", False)
        return message

    return received


stay_inside()
DOOR = Middleware(Door)
