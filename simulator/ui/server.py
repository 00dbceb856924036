"""What the page's server is made of: the script that Streamlit runs, the routes beside it, its sockets."""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from simulator.caches import MEGABYTE
from simulator.ui.door import DOOR
from simulator.ui.live.channel import routes

UPLOADS, UPLOADED = 24, 128 * MEGABYTE  # files that a session keeps; bytes of all sessions'

PAGE = Path(__file__).parent / "script" / "page.py"


def bound_uploads() -> None:
    """Let what was uploaded be forgotten, the oldest first: Streamlit keeps it until a session is over.

    A page that takes a file has read it by then.
    """
    add = MemoryUploadedFileManager.add_file

    def add_file(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        add(self, session_id, file)
        with self._lock:
            present = list(self.file_storage[session_id].values())
            files = [(session, one) for session, there in self.file_storage.items() for one in there.values()]
        outdated = [(session_id, one) for one in present[:-UPLOADS]]
        for session, one in [*outdated, *_beyond(files, file)]:
            self.remove_file(session, one.file_id)

    setattr(MemoryUploadedFileManager, "add_file", add_file)  # noqa: B010


def _beyond(
    files: list[tuple[str, UploadedFileRec]], latest: UploadedFileRec
) -> Iterator[tuple[str, UploadedFileRec]]:
    """The first of some files, but for the latest one, beyond the bytes that all may have."""
    excess = sum(len(one.data) for _, one in files) - UPLOADED
    for session, one in files:
        if excess > 0 and one is not latest:
            yield session, one
            excess -= len(one.data)


@asynccontextmanager
async def life(_: st.App) -> AsyncIterator[None]:
    """The life of the server: the pages are loaded before the first visitor, connections keep nothing back.

    An answer goes out in two parts, headers and body. With Nagle's algorithm the second waits until the
    browser has confirmed the first, which it puts off by 40 ms. Python's event loop turns that off only for
    sockets that name their protocol, and Streamlit's do not; connections inherit it from what listens.
    """
    router = import_module("simulator.ui.router")  # not above: its components are made once Streamlit runs
    Thread(target=router.ready, daemon=True).start()  # who comes sooner waits for the rest of it
    for listening in [one for one in gc.get_objects() if isinstance(one, socket.socket)]:
        with suppress(OSError):
            if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield


bound_uploads()
SERVED: dict[str, Any] = {"routes": routes(), "middleware": [DOOR], "lifespan": life}
