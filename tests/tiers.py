"""Which tests run where: most wherever the tests run; what is marked ``ci_only`` where CI is set, as .ci/run does.

What stands in the CI tier proves the same law on more cases, more paths or more examples than the default one,
or asks a tool that .ci/run asks as well; nothing is checked there alone for which a smaller case could stand here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest

CI = os.environ.get("CI", "").lower() in ("1", "true") or os.environ.get("RUN_MILLION") == "1"


def sampled(values: Iterable[Any], every: int = 4, start: int = 0) -> list[Any]:
    """Cases of one law, of which one in so many runs everywhere, from ``start`` on, and the others in CI.

    A tuple holds the values of several arguments.
    """
    cases = pytest.mark.ci_only(reason="more cases of a law that runs everywhere on some")
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)), marks=() if number % every == start else cases
        )
        for number, value in enumerate(values)
    ]


def examples(most: int, few: int) -> int:
    """How many examples hypothesis makes up: the most in CI, few of them elsewhere."""
    return most if CI else few
