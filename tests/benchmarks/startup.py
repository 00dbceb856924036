"""How long processes take to start, beside the import of NumPy alone.

By hand, about half a minute, in the top folder: ``python -m tests.benchmarks.startup [--repeats 7]``.

The processor's time of each process, user and system, with its modules compiled; all are run in turn, and medians count.
"""

from __future__ import annotations

import argparse
import statistics

from tests.benchmarks import kit

PROCESSES = {
    "python alone": ("-c", "pass"),
    "import numpy": ("-c", "import numpy"),
    "import numpy, scipy.stats": ("-c", "import numpy, scipy.stats"),
    "import simulator": ("-c", "import simulator"),
    "from simulator import simulate": ("-c", "from simulator import simulate"),
    "simulator --help": ("-m", "simulator", "--help"),
    "simulator validate": ("-m", "simulator", "validate", kit.FLAGSHIP),
    "simulator run": ("-m", "simulator", "run", kit.FLAGSHIP),
    "simulator run --json": ("-m", "simulator", "run", kit.FLAGSHIP, "--json"),
}


def measure(arguments: argparse.Namespace) -> kit.Table:
    """All processes in turn, after each was started once."""
    kit.compiled()
    taken: dict[str, list[float]] = {name: [] for name in PROCESSES}
    names = list(PROCESSES)[1:6:4] if arguments.quick else list(PROCESSES)
    for turn in range(2 if arguments.quick else arguments.repeats + 1):
        for name in names:
            seconds = kit.started(*PROCESSES[name])
            if turn:
                taken[name].append(seconds)
    base = statistics.median(taken["import numpy"])
    table = kit.Table("Start of a process", ("process", "ms", "x import numpy"))
    for name in names:
        seconds = statistics.median(taken[name])
        table.add(name, f"{1000 * seconds:.0f}", f"{seconds / base:.2f}")
    return table


if __name__ == "__main__":
    kit.run(measure, __doc__, ("--repeats", 7))
