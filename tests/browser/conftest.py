"""A served page and a real Chromium. Browser tier: in CI always, elsewhere where a browser is found."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
MOST_TOLD = 4000  # characters of a page whose test failed
HINT = "found no Chromium; install one (Debian: sudo apt install chromium) or name it in CHROMIUM"


def chromium() -> str | None:
    """Where a browser is."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def served(*verb: str) -> Iterator[str]:
    """The page's address while the product's own verb serves it, or another one of Python's modules."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", *(verb or ("simulator", "app", "--port")), str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(words, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, **quiet)
    found = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{found}/_stcore/health", timeout=1)
                break
            time.sleep(0.25)
        yield found
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The page, served once for all tests."""
    with served() as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, with no way out."""
    program = chromium()
    if program is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(HINT)
        pytest.skip(HINT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails tells what stood on its page: a machine elsewhere leaves nothing else to look at."""
    told = yield
    shown = item.funcargs.get("page") if isinstance(item, pytest.Function) else None
    if told.failed and shown is not None and not shown.is_closed():
        words = shown.locator("body").inner_text(timeout=5000)
        told.sections.append((f"the page {shown.url}", words[:MOST_TOLD]))
    return told


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A fresh visitor's page, wide and light.

    A request to any other address, or an error of the page, fails the test.
    """
    yield from visitor(browser, address)


def visitor(browser: Any, address: str, **context: Any) -> Iterator[Any]:
    """One visitor."""
    strangers: list[str] = []
    opened = browser.new_context(
        **({"viewport": {"width": 1280, "height": 900}, "accept_downloads": True} | context)
    )
    found = opened.new_page()
    found.set_default_timeout(20_000)
    found.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "data:", "blob:")) else strangers.append(request.url)
        ),
    )
    yield found
    crashed = found.locator('[data-testid="stException"]').count()
    opened.close()
    assert not strangers
    assert not crashed
