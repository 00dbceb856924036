"""What holds for all tests: which of them run where."""

from __future__ import annotations

import gc
import signal
from typing import Any

import pytest
from hypothesis import settings

from tests.tiers import CI, examples

# the machines that run these tests are shared
settings.register_profile("shared", deadline=None, max_examples=examples(100, 40))
settings.load_profile("shared")

# what a shell runs in the background ignores interrupts, and so would all that the tests start and interrupt
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked ``ci_only`` where no CI runs; a test that is named is always run."""
    named = any("::" in word for word in config.args)
    if CI or named:
        return
    left_out = [item for item in items if item.get_closest_marker("ci_only")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("ci_only")]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each file to one worker, as the files stand: what its tests share is made once, and small files come last."""
    from xdist.scheduler import LoadFileScheduling

    if config.getoption("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_collection_finish() -> None:
    """What stands now stays: Streamlit looks for garbage after each run of a page, which then has little to look at."""
    gc.collect()
    gc.freeze()
