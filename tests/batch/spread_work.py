"""What the tests of workers have worked out: it stands in a module of its own, which processes can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any


def double(number: int) -> int:
    return 2 * number


def die_once(item: tuple[int, Path, float]) -> tuple[int, int]:
    """Some seconds of work; its process is killed where a file of that number is there, which it takes away."""
    number, folder, seconds = item
    time.sleep(seconds)
    mark = folder / str(number)
    if mark.exists():
        mark.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return number, os.getpid()


def die_always(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    if number == 5:
        raise TimeoutError("nothing of five")
    return number


def threads(_number: int) -> list[int]:
    """How many threads every BLAS of the process has."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_info

    import simulator.model.engine  # noqa: F401

    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


def answered(case: Any) -> list[float]:
    """Probability and quantiles of a scenario."""
    from simulator import simulate

    result = simulate(case, points=64)
    return [result.probability, *result.quantiles("turnover", "2020", [0.1, 0.5, 0.9])]
