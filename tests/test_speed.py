"""How long an answer takes, as ratios within one run where the machine matters. Default tier."""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import yaml

from simulator import caches, load_scenario, simulate
from simulator.model.law import fit
from tests.cases import months, national

ROOT = Path(__file__).parent.parent
FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"
SLACK = 2.0  # a shared machine may be this much slower than a quiet one


def seconds(*words: str) -> float:
    """The processor's time that a command takes: what else the machine does counts less than by the clock."""
    begun = os.times()
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    ended = os.times()
    return ended.children_user + ended.children_system - begun.children_user - begun.children_system


def test_the_headline_and_the_whole_answer_are_quick() -> None:
    scenario = load_scenario(ROOT / FLAGSHIP)
    simulate(scenario)
    headline, whole = [], []
    for _ in range(5):
        caches.forget()
        fit.cache_clear()
        begun = time.perf_counter()
        result = simulate(scenario)
        headline.append(time.perf_counter() - begun)
        result.to_dict()
        whole.append(time.perf_counter() - begun)
    assert min(headline) < 0.050 * SLACK
    assert min(whole) < 0.300 * SLACK


def to_imports(commands: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """How long some commands take, to the imports of NumPy and scipy.stats: medians of interleaved runs.

    Every start but the first finds its modules compiled; where the machine keeps no compiled modules
    (``PYTHONDONTWRITEBYTECODE``) each start would compile ours, and none of NumPy's.
    """
    compileall.compile_dir(ROOT / "simulator", quiet=1)
    commands = {"imports": ("-c", "import numpy, scipy.stats"), **commands}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(3):
        for name, words in commands.items():
            taken[name].append(seconds(*words))
    imports = statistics.median(taken.pop("imports"))
    return {name: statistics.median(times) / imports for name, times in taken.items()}


def test_processes_start_quickly() -> None:
    """``run`` within 1.7 x the imports of NumPy and scipy.stats, ``--help`` and ``validate`` within 0.7 x."""
    commands = {
        "run": ("-m", "simulator", "run", FLAGSHIP),
        "validate": ("-m", "simulator", "validate", FLAGSHIP),
        "help": ("-m", "simulator", "--help"),
    }
    ratio = to_imports(commands)
    assert ratio["run"] <= 1.7, ratio  # 1.2 to 1.4 measured
    assert ratio["validate"] <= 0.7, ratio
    assert ratio["help"] <= 0.7, ratio


def test_a_national_target_and_a_quarter_of_a_century_of_months_are_quick(tmp_path: Path) -> None:
    """All of ``run``: 400 figures of 20 partners in both directions, and 600 months of two streams."""
    cases = {"partners": national(20), "named": national(20, named=True), "months": months(25)}
    for name, case in cases.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(case, sort_keys=False))
    ratio = to_imports({name: ("-m", "simulator", "run", str(tmp_path / f"{name}.yaml")) for name in cases})
    assert ratio["partners"] <= 3.0, ratio
    assert ratio["named"] <= 3.6, ratio
    assert ratio["months"] <= 1.8, ratio


def test_no_answer_waits_for_what_it_does_not_need() -> None:
    """``scipy.stats`` takes as long to import as most answers take."""
    script = (
        "import sys, runpy; sys.argv = ['simulator', 'run', sys.argv[1]]\n"
        "try: runpy.run_module('simulator', run_name='__main__')\n"
        "finally: print([name for name in ('scipy.stats', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, FLAGSHIP], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
