"""Ctrl+C at any moment, during imports, inside NumPy, while a pool of processes works: one line, exit code 130. Default tier.

Before the package is reached (Python's own start, some 20 ms) Python answers an interrupt itself; from the package's
first line on it is ours.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from simulator import interrupts
from simulator.batch import sets
from simulator.model import engine
from tests.faults.verbs import forked
from tests.tiers import sampled

if os.name != "posix":
    pytest.skip("signals of POSIX", allow_module_level=True)

ROOT = Path(__file__).parents[2]
FLAGSHIP = str(ROOT / "scenarios" / "belarus-kazakhstan-2020.yaml")
START = """
import os, sys
sys.addaudithook(lambda event, words: event == "import" and words[0] == "simulator.cli" and os.write(1, b"."))
from simulator.__main__ import start
start()
"""


def interrupted(words: list[str], after: float) -> tuple[int, str]:
    """How a verb ends that is interrupted so many seconds after its start, and what it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.read(1)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes of the job
    _, error = process.communicate(timeout=60)
    return process.returncode, error.decode()


@pytest.mark.parametrize("after", sampled([n / 50 for n in range(50)], every=25, start=1))
def test_an_interrupt_is_answered_with_one_line(after: float) -> None:
    code, said = interrupted(["sensitivity", FLAGSHIP], after)
    assert (code, said) in ((130, "Interrupted.\n"), (0, ""))
    assert code or after > 0.5


@pytest.mark.ci_only(reason="seconds of work in a pool of processes; the same handler as above")
@pytest.mark.parametrize("after", [0.7 + n / 4 for n in range(12)])
def test_an_interrupt_ends_a_pool_of_processes(after: float, tmp_path: Path) -> None:
    rows = [
        f"P{pair},{flow},{year},{50 + pair + (3 * year) % 7}"
        for pair in range(12)
        for flow in ("exports", "imports")
        for year in range(1990, 2015)
    ]
    panel = tmp_path / "panel.csv"
    panel.write_text("\n".join(["partner,flow,period,value", *rows]))
    code, said = interrupted(["backtest", str(panel), "--workers", "2"], after)
    assert (code, said) in ((130, "Interrupted.\n"), (0, ""))
    assert str(panel) not in subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout


def test_an_interrupt_is_kept_while_processes_are_there_to_be_ended() -> None:
    program = """
import os, signal
from simulator import interrupts
interrupts.catch()
interrupts.hold()
with interrupts.saying(lambda: "after 3 of 4"):
    os.kill(os.getpid(), signal.SIGINT)
    try: interrupts.look()
    except KeyboardInterrupt: print("ended", flush=True)
    interrupts.release()
print("never")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "ended\n", "after 3 of 4\n")


def test_the_package_alone_leaves_interrupts_to_python() -> None:
    program = "import signal, simulator; assert signal.getsignal(2) is signal.default_int_handler"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.ci_only(reason="a process that is interrupted and begun again takes seconds")
def test_an_interrupt_says_how_a_sweep_goes_on_and_it_goes_on(inputs: Path) -> None:
    words = ["sweep", "case.yaml", "--range", "target.at_least=700:900:9", "--points", "16", "--jobs", "1"]
    assert forked([*words, "--out", "whole.parquet"], inputs, small_parts).code == 0
    stopped = forked([*words, "--out", "sweep.parquet"], inputs, interrupted_at_the_seventh)
    assert stopped.code == 130
    expected = "Stopped after 4 of 9 sets, which stand in sweep.parquet.parts; the same command again goes on"
    assert stopped.err == f"{expected} from there.\n"
    assert not (inputs / "sweep.parquet").exists()
    assert forked([*words, "--out", "sweep.parquet"], inputs, small_parts).code == 0
    assert (inputs / "sweep.parquet").read_bytes() == (inputs / "whole.parquet").read_bytes()
    assert not list(inputs.glob("*.parts"))


def small_parts() -> None:
    sets.CHUNK = 4


def interrupted_at_the_seventh() -> None:
    small_parts()
    interrupts.catch()
    real, calls = engine.simulate, 0

    def simulate(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 7:
            os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments, **options)

    engine.simulate = simulate
