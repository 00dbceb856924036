"""The analyses as ``from simulator import ...`` gives them: bound to the engine.

An analysis receives ``simulate`` and imports no engine; whoever calls one from outside need not pass it, and
may pass another. What cannot be answered is refused with an ``InputError``.
"""

from __future__ import annotations

import inspect
from functools import partial, wraps
from typing import Any, TypeVar, cast

from simulator.analysis import claim as _claim
from simulator.analysis import compare as _compare
from simulator.analysis import context as _context
from simulator.analysis import discover as _discover
from simulator.analysis import grid as _grid
from simulator.analysis import mix as _mix
from simulator.analysis import sensitivity as _sensitivity
from simulator.analysis import solve as _solve
from simulator.analysis import track as _track
from simulator.batch import backtest as _backtest
from simulator.batch import sweep as _sweep
from simulator.errors import refusing
from simulator.model.engine import simulate

Bound = TypeVar("Bound", bound="partial[Any]")


def _documented(bound: Bound) -> Bound:
    """A bound analysis as a function, with its docstring and signature, for ``help``.

    To the type checker it stays the ``partial`` that it is, so that a wrong argument is an error there.
    """

    @refusing
    @wraps(bound.func)
    def analysis(*arguments: Any, **options: Any) -> Any:
        return bound(*arguments, **options)

    signature = inspect.signature(bound.func)
    parameters = [value for name, value in signature.parameters.items() if name not in bound.keywords]
    analysis.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return cast(Bound, analysis)


backtest = _documented(partial(_backtest.backtest, simulate=simulate))
claim = _documented(partial(_claim.claim, simulate=simulate))
compare = _documented(partial(_compare.compare, simulate=simulate))
context = _documented(partial(_context.context, simulate=simulate))
discover = _documented(partial(_discover.discover, simulate=simulate))
grid = _documented(partial(_grid.grid, simulate=simulate))
mix = _documented(partial(_mix.mix, simulate=simulate))
sensitivity = _documented(partial(_sensitivity.sensitivity, simulate=simulate))
solve = _documented(partial(_solve.solve, simulate=simulate))
solve_each = _documented(partial(_solve.solve_each, simulate=simulate))
sweep = _documented(partial(_sweep.sweep, simulate=simulate))
track = _documented(partial(_track.track, simulate=simulate))
