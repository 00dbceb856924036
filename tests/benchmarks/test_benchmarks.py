"""The benchmarks run, and the plain programs that they compare with answer the same law. Default tier; whole scripts in CI."""

from __future__ import annotations

import importlib
import importlib.util
import math
import statistics
import subprocess
import sys

import pytest

from simulator import load_scenario, simulate
from simulator.scenario.parameters import turned
from tests.benchmarks import kit, sets
from tests.benchmarks.__main__ import DOCUMENT, NAMES, placed
from tests.benchmarks.plain import InALoop, InArrays
from tests.tiers import examples

WITHOUT_BROWSER = [name for name in NAMES if name != "page"]
LEVERS = {
    "levers.assembly.count": 60.0,
    "levers.preferences.margin": 0.8,
    "levers.rules.percent": 0.3,
    "levers.corridor.percent": 0.5,
    "levers.assembly.overlap.cap": 1000.0,
}


@pytest.mark.parametrize("name", WITHOUT_BROWSER)
def test_every_script_measures_and_says_how_long_it_takes(name: str) -> None:
    script = importlib.import_module(f"tests.benchmarks.{name}")
    assert callable(script.measure)
    assert f"python -m tests.benchmarks.{name}" in script.__doc__
    assert "By hand, " in script.__doc__


def test_the_document_has_a_place_for_every_table() -> None:
    text = DOCUMENT.read_text("utf-8")
    for name in (*NAMES, "machine"):
        assert f"<!-- {name} -->\n| 1 |\n<!-- end of {name} -->" in placed(text, name, "| 1 |")
    with pytest.raises(ValueError, match="expected <!-- nothing -->"):
        placed(text, "nothing", "")


@pytest.mark.parametrize("changes", [{}, LEVERS], ids=["as it is", "with large levers"])
def test_plain_programs_answer_the_same_law(changes: dict[str, float]) -> None:
    """Large levers move the probability by tens of points, so that an error in one of them would show."""
    scenario = load_scenario(kit.ROOT / kit.FLAGSHIP)
    scenario = turned(scenario, changes) if changes else scenario
    answer = simulate(scenario)
    for program, paths in (
        (InArrays(scenario), examples(2**20, 2**15)),
        (InALoop(scenario), examples(2**13, 2**9)),
    ):
        share = program.hits(paths, 3) / paths
        spread = math.sqrt(answer.probability * (1 - answer.probability) / paths)
        assert abs(share - answer.probability) <= 3 * math.hypot(spread, answer.standard_error)


def test_other_scenarios_are_refused_by_the_plain_programs() -> None:
    with pytest.raises(ValueError, match="expected the flagship's"):
        InArrays(load_scenario(kit.ROOT / "scenarios" / "china-india-2008.yaml"))


def test_sets_of_the_benchmarks_are_answered() -> None:
    assert 0 < sets.answered(2, 64) < 1


def test_a_power_is_fitted_to_sizes_and_times() -> None:
    assert kit.exponent([1, 2, 4], [3, 12, 48]) == pytest.approx(2)
    assert kit.exponent([8, 16], [1, 1]) == pytest.approx(0)


def test_tasks_are_timed_in_turn() -> None:
    order: list[str] = []
    tasks = {"one": lambda: order.append("one"), "other": lambda: order.append("other")}
    taken = kit.in_turn(tasks, 2)
    assert order == ["one", "other", "one", "other"]
    assert [len(times) for times in taken.values()] == [2, 2]
    assert statistics.fmean(taken["one"]) >= 0


@pytest.mark.ci_only(reason="each script takes some seconds")
@pytest.mark.parametrize("name", WITHOUT_BROWSER)
def test_the_smallest_run_of_every_script_prints_its_table(name: str) -> None:
    if name == "efficiency" and importlib.util.find_spec("ema_workbench") is None:
        pytest.skip("pip install -r tests/benchmarks/requirements.txt")
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--quick", "--markdown"]
    done = subprocess.run(command, cwd=kit.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(rows) >= 3
    assert len({row.count("|") for row in rows}) == 1
