"""What holds for all tests: which of them run where."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.tiers import CI

settings.register_profile("shared", deadline=None)  # the machines that run these tests are shared
settings.load_profile("shared")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked ``ci_only`` where no CI runs; a test that is named is always run."""
    named = any("::" in word for word in config.args)
    if CI or named:
        return
    left_out = [item for item in items if item.get_closest_marker("ci_only")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("ci_only")]
