"""How likely is a trade-turnover target to be reached, and what would it take?"""

import sys

if sys.argv[:1] == ["-m"] and sys.orig_argv[-len(sys.argv)] == __name__:  # python -m simulator looks for us
    import _signal  # type: ignore[import-not-found]

    # what follows takes a millisecond, in which an interrupt waits
    _blocked = hasattr(_signal, "pthread_sigmask") and _signal.pthread_sigmask(
        _signal.SIG_BLOCK, {_signal.SIGINT}
    )
    from simulator.interrupts import catch

    catch()
    if _blocked is not False:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, _blocked)

import os

from simulator import shown as _shown
from simulator._version import __version__ as __version__

TYPE_CHECKING = False  # typing takes longer than all else here, while Ctrl+C is still Python's

# The matrices here are small: BLAS threads cost up to 15 times what they save, and their number changes the
# last digits of an answer. NumPy may be there already and SciPy, which brings a BLAS of its own, not yet.
os.environ.update(
    dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
    )
)
if "numpy" in sys.modules:
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")

_HOMES = {  # every public name, and where it stands
    "BaselineError": "errors",
    "NotKnown": "errors",
    "Result": "model.result",
    "Scenario": "scenario",
    "ScenarioError": "errors",
    "StatisticsError": "errors",
    "backtest": "api",
    "claim": "api",
    "compare": "api",
    "context": "api",
    "discover": "api",
    "grid": "api",
    "load_scenario": "files.loading",
    "mix": "api",
    "observed": "files.observing",
    "read_series": "files.series",
    "read_statistics": "files.importing",
    "sensitivity": "api",
    "simulate": "model.engine",
    "solve": "api",
    "solve_each": "api",
    "sweep": "api",
    "track": "api",
}
__all__ = list(_HOMES)

# the same names for a type checker and an editor; tests/test_api.py holds them against _HOMES
if TYPE_CHECKING:
    from simulator.api import backtest as backtest
    from simulator.api import claim as claim
    from simulator.api import compare as compare
    from simulator.api import context as context
    from simulator.api import discover as discover
    from simulator.api import grid as grid
    from simulator.api import mix as mix
    from simulator.api import sensitivity as sensitivity
    from simulator.api import solve as solve
    from simulator.api import solve_each as solve_each
    from simulator.api import sweep as sweep
    from simulator.api import track as track
    from simulator.errors import BaselineError as BaselineError
    from simulator.errors import NotKnown as NotKnown
    from simulator.errors import ScenarioError as ScenarioError
    from simulator.errors import StatisticsError as StatisticsError
    from simulator.files.importing import read_statistics as read_statistics
    from simulator.files.loading import load_scenario as load_scenario
    from simulator.files.observing import observed as observed
    from simulator.files.series import read_series as read_series
    from simulator.model.engine import simulate as simulate
    from simulator.model.result import Result as Result
    from simulator.scenario import Scenario as Scenario


def __getattr__(name: str) -> object:
    """A public name, imported when it is first asked for: ``--help`` need not wait for SciPy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def _shower() -> object:
    """What shows answers in a notebook: words and charts are imported when one is shown."""
    from importlib import import_module

    return import_module("simulator.report.notebook")


_shown.bind(_shower)
