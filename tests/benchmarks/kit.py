"""What the benchmarks share: processor time of tasks that are run in turn, the peak of a process's memory, a table.

The machines are shared and their clocks drift, so tasks that are compared are timed in turn, by the processor's
time rather than the clock's, and a table holds one run: only ratios within it mean something elsewhere.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"


@dataclass
class Table:
    """What one script measured in one run: ``heads`` and ``rows`` of cells as they are printed; ``notes`` stand below."""

    title: str
    heads: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: Sequence[str] = ()

    def add(self, *cells: object) -> None:
        """One more row."""
        self.rows.append([str(cell) for cell in cells])

    @property
    def markdown(self) -> str:
        """As docs/performance.md holds it; the first column is words, the others are numbers."""
        rule = ["---", *("--:" for _ in self.heads[1:])]
        lines = [f"| {' | '.join(cells)} |" for cells in (self.heads, rule, *self.rows)]
        return "\n".join([f"**{self.title}**", "", *lines, *(f"\n{note}" for note in self.notes)]) + "\n"

    def show(self) -> None:
        """Print it for a person."""
        from rich.console import Console
        from rich.table import Table as Drawn

        drawn = Drawn(title=self.title, title_justify="left", box=None, pad_edge=False)
        for number, head in enumerate(self.heads):
            drawn.add_column(head, justify="right" if number else "left")
        for row in self.rows:
            drawn.add_row(*row)
        console = Console(width=None if sys.stdout.isatty() else 150, markup=False, highlight=False)
        console.print(drawn)
        for note in self.notes:
            console.print(note)


def run(
    measure: Callable[[argparse.Namespace], Table], doc: str | None, *options: tuple[str, object]
) -> None:
    """A script: ``--quick`` for the smallest run that works, ``--markdown`` for the table as the docs hold it.

    Args:
        measure: arguments to the table.
        doc: the script's docstring.
        options: further ones, each with its default.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="the smallest run that works; measures nothing well"
    )
    parser.add_argument("--markdown", action="store_true", help="the table as docs/performance.md holds it")
    for name, default in options:
        parser.add_argument(name, type=type(default), default=default)
    arguments = parser.parse_args()
    table = measure(arguments)
    if arguments.markdown:
        print(table.markdown)
    else:
        table.show()


def spent(task: Callable[[], object]) -> float:
    """The processor's seconds that a task of this process takes."""
    begun = time.process_time()
    task()
    return time.process_time() - begun


def in_turn(tasks: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """The processor's seconds of each task, which are run one after the other, so many times over."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    settle()
    for _ in range(repeats):
        for name, task in tasks.items():
            taken[name].append(spent(task))
    return taken


def settle() -> None:
    """Leave what was imported out of all later collections of garbage, as a server does that has warmed up."""
    gc.collect()
    gc.freeze()


def started(*words: str) -> float:
    """The processor's seconds of a process of Python's with some words."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compiled() -> None:
    """Compile the package, so that no start that is measured does: a machine may keep no compiled modules."""
    compileall.compile_dir(ROOT / "simulator", quiet=1)


PEAK = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def peak(script: str, *words: str) -> float:
    """The most megabytes that a process holds which runs a script with some words; Linux counts kilobytes."""
    words = ("-c", script + PEAK, *words)
    done = subprocess.run([sys.executable, *words], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return int(done.stdout.splitlines()[-1]) / (1e6 if sys.platform == "darwin" else 1e3)


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size with which the time grows: the slope of a line through their logs."""
    logs = [math.log(size) for size in sizes]
    return statistics.linear_regression(logs, [math.log(value) for value in seconds]).slope


def machine() -> str:
    """On what the tables were made, in a sentence."""
    from importlib.metadata import version

    import simulator

    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text("utf-8").splitlines() if line.startswith("model name")]
        model = names[0].partition(": ")[2] if names else model
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "streamlit"))
    return (
        f"Version {simulator.__version__}, {time.strftime('%d %B %Y', time.gmtime())}, {os.cpu_count()} cores of "
        f"{model}, Python {platform.python_version()}, {packages}."
    )
