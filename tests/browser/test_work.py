"""Heavy answers in a browser: cancelled by a button, and for a newer question of the same session. Browser tier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import served, visitor

APP = str(Path(__file__).parent / "slow_app.py")
PLAIN = ("--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.port")


@pytest.fixture(scope="module")
def slow_address() -> Iterator[str]:
    with served("streamlit", "run", APP, "--server.address", "127.0.0.1", *PLAIN) as found:
        yield found


@pytest.fixture
def slow(browser: Any, slow_address: str) -> Iterator[Any]:
    for page in visitor(browser, slow_address):
        page.goto(slow_address)
        page.get_by_text("part answered quick").wait_for()
        yield page


def choose(page: Any, question: str, word: str) -> None:
    group = page.locator(f".st-key-{question}")
    group.get_by_role("radio", name=word, exact=True).click()


@pytest.mark.parametrize("question", ["whole", "part"])
def test_an_answer_is_cancelled_and_the_rest_of_the_page_stands(slow: Any, question: str) -> None:
    choose(slow, question, "slow")
    slow.get_by_role("button", name="Cancel").click()
    slow.get_by_text("This was cancelled").wait_for()
    slow.get_by_text("below").wait_for()
    slow.get_by_role("button", name="Try again").click()
    slow.get_by_role("button", name="Cancel").wait_for()


@pytest.mark.parametrize("question", ["whole", "part"])
def test_a_newer_question_of_the_same_session_ends_the_older(slow: Any, question: str) -> None:
    for word in ("slow", "slower"):  # more of them than are worked out at once
        choose(slow, question, word)
        slow.get_by_role("button", name="Cancel").wait_for()
        slow.get_by_text("steps done").wait_for()
    choose(slow, question, "quick")
    slow.get_by_text(f"{question} answered quick").wait_for()
