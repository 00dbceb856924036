"""How likely is a trade-turnover target to be reached, and what would it take?"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from simulator._version import __version__ as __version__

# The matrices here are small: BLAS threads cost up to 15 times what they save, and their number changes the
# last digits.
if "numpy" in sys.modules:
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
else:
    os.environ.update(
        dict.fromkeys(
            ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
        )
    )

if TYPE_CHECKING:
    from simulator.api import claim, compare, discover, grid, mix, sensitivity, solve, solve_each
    from simulator.errors import BaselineError, NotKnown, ScenarioError, StatisticsError
    from simulator.files.importing import read_statistics
    from simulator.files.loading import load_scenario
    from simulator.model.engine import simulate
    from simulator.model.result import Result
    from simulator.scenario import Scenario

_HOMES = {
    "BaselineError": "errors",
    "NotKnown": "errors",
    "Result": "model.result",
    "Scenario": "scenario",
    "ScenarioError": "errors",
    "StatisticsError": "errors",
    "claim": "api",
    "compare": "api",
    "discover": "api",
    "grid": "api",
    "load_scenario": "files.loading",
    "mix": "api",
    "read_statistics": "files.importing",
    "sensitivity": "api",
    "simulate": "model.engine",
    "solve": "api",
    "solve_each": "api",
}
__all__ = [
    "BaselineError",
    "NotKnown",
    "Result",
    "Scenario",
    "ScenarioError",
    "StatisticsError",
    "claim",
    "compare",
    "discover",
    "grid",
    "load_scenario",
    "mix",
    "read_statistics",
    "sensitivity",
    "simulate",
    "solve",
    "solve_each",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for.

    So that ``--help`` and ``validate`` need not wait for SciPy.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
