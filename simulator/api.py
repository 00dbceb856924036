"""The analyses as ``from simulator import ...`` gives them: bound to the engine.

An analysis receives ``simulate`` and imports no engine; whoever calls one from outside should not have to
pass it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from simulator.analysis import claim as _claim
from simulator.analysis import compare as _compare
from simulator.analysis import discover as _discover
from simulator.analysis import grid as _grid
from simulator.analysis import mix as _mix
from simulator.analysis import sensitivity as _sensitivity
from simulator.analysis import solve as _solve
from simulator.model.engine import simulate

Answer = TypeVar("Answer")


def _bound(analysis: Callable[..., Answer]) -> Callable[..., Answer]:
    """The analysis with the engine's ``simulate``, unless it is given another."""

    @wraps(analysis)
    def bound(*arguments: Any, **options: Any) -> Answer:
        return analysis(*arguments, **({"simulate": simulate} | options))

    signature = inspect.signature(analysis)
    kept = [parameter for name, parameter in signature.parameters.items() if name != "simulate"]
    bound.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return bound


claim = _bound(_claim.claim)
compare = _bound(_compare.compare)
discover = _bound(_discover.discover)
sensitivity = _bound(_sensitivity.sensitivity)
grid = _bound(_grid.grid)
mix = _bound(_mix.mix)
solve = _bound(_solve.solve)
solve_each = _bound(_solve.solve_each)
