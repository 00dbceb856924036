"""Sessions at the same time: no number crosses; a page that is ended while it works says a line. CI tier; by hand with ``page_load``."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from tests.benchmarks.page_load import measured
from tests.benchmarks.visitors import Session, Times, served


@pytest.mark.ci_only(reason="serves the page to ten sessions for some seconds")
def test_ten_sessions_each_get_the_numbers_of_their_own_values() -> None:
    table = measured(sessions=10, rounds=1, pause=0.2)
    assert not table.errors
    assert table.compared == 10 * 2


async def _at_work(port: int) -> None:
    """A session that asks for what takes long, and does not wait for it."""
    one = Session(port, 0, 1, Times())
    async with one.opened() as line:
        await one.page(line)
        await one.ask(line, "what-matters")
        await asyncio.sleep(0.5)


@pytest.mark.ci_only(reason="serves the page to a session that works")
@pytest.mark.skipif(os.name != "posix", reason="sends signals of POSIX")
@pytest.mark.parametrize(("sent", "last"), [(signal.SIGINT, "Interrupted."), (signal.SIGTERM, "URL: ")])
def test_a_page_that_is_ended_while_it_works_says_a_line_and_no_more(
    sent: signal.Signals, last: str, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with served(said=said) as (port, process):
        asyncio.run(_at_work(port))
        began = time.monotonic()
        os.kill(process, sent)
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        assert time.monotonic() - began < 10
    lines = said.read_text().strip().splitlines()
    assert "Traceback" not in said.read_text()
    assert lines[-1].strip().startswith(last)
