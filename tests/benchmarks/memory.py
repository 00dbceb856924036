"""How much memory processes hold at their peak, beside what is imported alone.

By hand, about three minutes, in the top folder: ``python -m tests.benchmarks.memory [--sets 10000]``.

Peak resident memory of a process of its own for each row, in megabytes: of the imports, of ``run``, of the page's first
answer (the server's libraries and the whole first screen, worked out without a browser), and of sets of assumptions:
a tenth of ``--sets`` and all of them, whose peaks must be alike.
"""

from __future__ import annotations

import argparse

from tests.benchmarks import kit

RUN = f"""
import io, contextlib, sys
from simulator.cli import main
sys.argv = ["simulator", "run", {kit.FLAGSHIP!r}, "--json"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""
PAGE = """
from streamlit.testing.v1 import AppTest
from simulator.ui.server import PAGE
page = AppTest.from_file(str(PAGE), default_timeout=300).run()
assert not page.exception, page.exception
assert page.get("vega_lite_chart"), "found no chart on the page"
"""
SETS = """
import sys
from tests.benchmarks import sets
sets.answered(int(sys.argv[1]), int(sys.argv[2]))
"""
POINTS = 512  # of a set: its paths fill a cache less, its count of them more


def measure(arguments: argparse.Namespace) -> kit.Table:
    """A process a row."""
    few, many = (8, 16) if arguments.quick else (arguments.sets // 10, arguments.sets)
    table = kit.Table("Peak memory of a process", ("process", "MB", "x run"))
    processes = {
        "import numpy": ("import numpy",),
        "from simulator import simulate": ("from simulator import simulate",),
        "simulator run --json": (RUN,),
        "the page's first answer": (PAGE,),
        f"{few:,} sets of {POINTS} points": (SETS, str(few), str(POINTS)),
        f"{many:,} sets of {POINTS} points": (SETS, str(many), str(POINTS)),
    }
    if arguments.quick:
        del processes["the page's first answer"]
    megabytes = {name: kit.peak(*words) for name, words in processes.items()}
    base = megabytes["simulator run --json"]
    for name, value in megabytes.items():
        table.add(name, f"{value:.0f}", f"{value / base:.2f}")
    return table


if __name__ == "__main__":
    kit.run(measure, __doc__, ("--sets", 10_000))
