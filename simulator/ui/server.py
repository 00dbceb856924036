"""What the page's server is made of: the script that Streamlit runs, the routes beside it, its sockets."""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st

from simulator.ui.live.channel import routes

PAGE = Path(__file__).parent / "script" / "page.py"
ROUTES = routes()


@asynccontextmanager
async def sending_at_once(_: st.App) -> AsyncIterator[None]:
    """The life of the server, whose connections keep nothing back.

    An answer goes out in two parts, headers and body. With Nagle's algorithm the second waits until the
    browser has confirmed the first, which it puts off by 40 ms. Python's event loop turns that off only for
    sockets that name their protocol, and Streamlit's do not; connections inherit it from what listens.
    """
    for listening in [one for one in gc.get_objects() if isinstance(one, socket.socket)]:
        with suppress(OSError):
            if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield
