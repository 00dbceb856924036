"""Who is let in: foreign hosts and origins are refused, and the server calls nobody outside. Default tier."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from h11 import LocalProtocolError
from starlette.requests import ClientDisconnect
from streamlit import net_util
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from simulator.ui import door, server
from simulator.ui.door import HERE, Door, is_allowed

ROOT = Path(__file__).parent.parent.parent
WATCHED = """import os, sys

def heard(event, words):
    if event == "socket.connect" and isinstance(words[1], tuple):
        asked = words[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        asked = words[0]
    elif event == "socket.sendto":
        asked = words[1][0]
    else:
        return
    if str(asked or "localhost") not in ("127.0.0.1", "::1", "localhost"):
        with open(os.environ["HEARD"], "a") as file:
            file.write(f"{event} {asked}\\n")

sys.addaudithook(heard)
"""  # what every interpreter of the server begins with: it notes whoever is called outside of this machine
WAYS = {
    "the product's verb": ("-m", "simulator", "app", "--port"),
    "streamlit run": ("-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port"),
}


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("LOCALHOST.:8501", True),
        ("127.0.0.1:80", True),
        ("[::1]:8501", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example#localhost", False),
        ("evil@localhost", False),
        ("localhost/", False),
        ("localhost:port", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_a_host_is_a_name_that_was_given_to_it(host: str, allowed: bool) -> None:
    assert is_allowed(host, HERE) == allowed


def test_a_setting_names_further_hosts() -> None:
    names = ["trade.example.org", "*.office.example"]
    assert is_allowed("trade.example.org:443", names)
    assert is_allowed("a.office.example", names)
    assert not is_allowed("office.example", names)
    assert not is_allowed("localhost", names)
    assert is_allowed("anything", ["*"])


def asked(kind: str = "http", method: str = "GET", **headers: str | None) -> list[dict[str, Any]]:
    """What is sent back to a request that the door lets in, or does not."""
    sent: list[dict[str, Any]] = []
    named = {"host": "localhost:8501", **headers}

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(part: Any) -> None:
        sent.append(part)

    scope = {
        "type": kind,
        "method": method,
        "headers": [(name.encode(), word.encode()) for name, word in named.items() if word is not None],
    }
    asyncio.run(Door(inside)(scope, receive, send))
    return sent


def test_a_request_from_here_is_let_in_and_its_page_may_load_nothing_from_elsewhere() -> None:
    for origin in (None, "http://localhost:8501"):
        (start,) = asked(method="POST", origin=origin)
        assert start["status"] == 200
        assert dict(start["headers"])[b"content-security-policy"].startswith(b"default-src 'self'")


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:9", "http://localhost:8501.evil.example", "http://["],
)
def test_what_changes_something_comes_from_a_page_of_this_host(origin: str) -> None:
    assert asked(method="POST", origin=origin)[0]["status"] == 403
    assert asked("websocket", origin=origin)[0]["type"] == "websocket.close"
    assert asked(origin=origin)[0]["status"] == 200  # what only reads: its answer is kept from others by CORS


def test_a_listed_origin_and_a_listed_host_are_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "server.allowedHosts": ["inner"],
        "server.corsAllowedOrigins": ["https://trade.example"],
        "server.maxUploadSize": 2,
    }
    monkeypatch.setattr(st, "get_option", said.get)
    assert asked(method="POST", host="inner", origin="https://trade.example")[0]["status"] == 200
    assert asked(method="POST", host="inner", origin="https://other.example")[0]["status"] == 403
    assert asked(host="localhost:8501")[0]["status"] == 421


@pytest.mark.parametrize("host", ["evil.example", None])
def test_another_host_is_told_what_is_expected(host: str | None) -> None:
    start, body = asked(host=host)
    assert start["status"] == 421
    assert body["body"].startswith(f"found host {host!r}".replace("None", "none").encode())
    assert b"--host-name" in body["body"]


@pytest.mark.parametrize(
    ("parts", "seconds", "fault", "status"),
    [
        ([b"a", b"b"], 30.0, None, 200),
        ([b"a", None], 0.05, None, 408),  # it says one thing, and then nothing
        ([b"a" * 6] * 2, 30.0, None, 413),
        ([b"a"], 30.0, ClientDisconnect(), None),
        ([b"a"], 30.0, LocalProtocolError("broken"), None),
    ],
)
def test_a_request_ends_in_time_and_one_that_breaks_off_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
    parts: list[bytes | None],
    seconds: float,
    fault: Exception | None,
    status: int | None,
) -> None:
    monkeypatch.setattr(door, "SLOWEST", seconds)
    monkeypatch.setattr(door, "LARGEST", 10 - st.get_option("server.maxUploadSize") * 2**20)
    sent: list[dict[str, Any]] = []
    waiting = list(parts)

    async def receive() -> dict[str, Any]:
        part = waiting.pop(0)
        if part is None:
            await asyncio.sleep(5)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(part: Any) -> None:
        sent.append(part)

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        if fault is not None:
            raise fault
        await send({"type": "http.response.start", "status": 200, "headers": []})

    scope = {"type": "http", "method": "POST", "headers": [(b"host", b"localhost:8501")]}
    asyncio.run(Door(inside)(scope, receive, send))
    assert [part["status"] for part in sent if "status" in part] == ([status] if status else [])


def test_what_was_uploaded_is_forgotten_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def file(name: str, size: int = 10) -> UploadedFileRec:
        return UploadedFileRec(name, f"{name}.yaml", "", b"x" * size)

    held = MemoryUploadedFileManager("/upload")
    for number in range(server.UPLOADS + 5):
        held.add_file("one", file(str(number)))
    assert list(held.file_storage["one"]) == [str(number) for number in range(5, server.UPLOADS + 5)]
    held.add_file("two", file("first"))
    monkeypatch.setattr(server, "UPLOADED", 200)
    held.add_file("three", file("large", 190))
    assert sum(len(one.data) for there in held.file_storage.values() for one in there.values()) <= 200
    assert "large" in held.file_storage["three"]
    assert list(held.file_storage["two"]) == ["first"]


def test_streamlit_has_nothing_left_to_look_an_address_up_with() -> None:
    assert net_util.get_external_ip() is None
    assert net_util.get_internal_ip() is None


@contextlib.contextmanager
def served(way: str, folder: Path) -> Iterator[tuple[int, Path]]:
    """The port of a page that is served in another folder, and the file that says whom it called."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sitecustomize.py").write_text(WATCHED)
    heard = folder / "heard"
    world = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "HEARD": str(heard)}
    outside = [
        sys.executable,
        "-c",
        "import socket\ntry: socket.getaddrinfo('outside.invalid', 80)\nexcept OSError: pass",
    ]
    subprocess.run(outside, env=world, check=True)
    assert "outside.invalid" in heard.read_text()  # else nothing would be heard of anything
    heard.write_text("")
    process = subprocess.Popen(
        [sys.executable, *WAYS[way], str(port)],
        cwd=folder,
        env=world,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "errors").open("w"),
    )
    try:
        for _ in range(900):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            time.sleep(0.1)
        yield port, heard
    finally:
        process.terminate()
        process.wait(10)


def status(port: int, path: str, host: str, **headers: str) -> int:
    """What the server says to a request; with an Origin it is a POST."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host, **headers})
    request.method = "POST" if headers else "GET"
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def opened(port: int, host: str, origin: str) -> bool:
    """Whether a websocket opens."""
    with (
        contextlib.suppress(InvalidStatus),
        connect(
            f"ws://{host}:{port}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", port)),
            origin=origin,
            open_timeout=5,
            proxy=None,
        ),
    ):
        return True
    return False


def broken(port: int, path: str) -> bytes:
    """What comes back for a body whose first part has no size."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        line.sendall(head.encode())
        return line.recv(1000)


@pytest.mark.ci_only(reason="serves the page twice; the door itself is tried everywhere")
@pytest.mark.parametrize("way", WAYS)
def test_a_served_page_refuses_others_at_once_and_calls_nobody(way: str, tmp_path: Path) -> None:
    with served(way, tmp_path) as (port, heard):
        here, there = f"http://localhost:{port}", f"http://evil.example:{port}"
        began = time.monotonic()
        assert not opened(port, "localhost", "http://evil.example")
        assert not opened(port, "evil.example", there)
        assert opened(port, "localhost", here)
        assert status(port, "/", "evil.example") == 421
        assert status(port, "/", f"localhost:{port}") == 200
        route = "/live/nobody"
        assert status(port, route, f"localhost:{port}", Origin=there) == 403
        assert status(port, route, f"evil.example:{port}", Origin=there) == 421
        assert status(port, route, f"localhost:{port}", Origin=here) == 404  # let in: no such session
        assert time.monotonic() - began < 2
        for path in ("/live/nobody", "/_stcore/health", "/"):
            assert broken(port, path).startswith(b"HTTP/1.1 400 ")
        assert heard.read_text() == ""
    assert "Traceback" not in (tmp_path / "errors").read_text()
