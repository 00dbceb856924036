"""How efficient the estimator is beside plain Monte Carlo of the same law: 1 / (error^2 x processor's time).

By hand, about two minutes, in the top folder: ``python -m tests.benchmarks.efficiency [--seeds 200]``, after ``pip
install -r tests/benchmarks/requirements.txt``.

The flagship is answered from many seeds, each cold (all answers that were kept are dropped; SciPy's published table
of Sobol's numbers, read once a process, is none), from a new seed (the law of the flows is kept, as the plain
programs are given it, and the table of Sobol's points), after each main lever was moved, and after the trend or
the target was moved; in turn with (a) NumPy, (b) a Python loop and
(c) EMA Workbench on the same path (``plain.py``). The error of each is the standard deviation of its answers
over the seeds, not what it says of itself; what it says is set beside it. The probabilities of the unmoved
scenario stand with their errors, for they must agree.
"""

from __future__ import annotations

import argparse
import math
import statistics
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator import Scenario, caches, load_scenario, simulate
from simulator.numerics.points import POINTS
from simulator.scenario.parameters import turned
from simulator.workspace.desk import Desk
from tests.benchmarks import kit
from tests.benchmarks.plain import Z95, InALoop, InArrays

PATHS, LOOPS, EXPERIMENTS = 2**13, 128, 512  # a run of (a), (b) and (c)
MORE = 2 * POINTS  # of a second run of the estimator: its error falls faster than that of plain draws
EVERY = 10  # rounds to one run of the workbench
RAISED = 1.05  # the target, after it was moved
TREND = 0.05  # after it was moved
NEW = 10**6  # what is added to a seed for one that no other row asks for
Answer = tuple[float, float]  # a probability and the error that its estimator claims


@dataclass
class Runs:
    """One estimator: ``ask`` answers with a seed, ``size`` counts points or paths of a run.

    ``prepare`` is done before and not timed. ``group`` names those whose errors and times are averaged in one row.
    """

    group: str
    size: int
    ask: Callable[[int], Answer]
    prepare: Callable[[int], object] = lambda _: None
    every: int = 1
    unmoved: bool = True
    answers: list[Answer] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def once(self, seed: int) -> None:
        """Answer with one seed."""
        self.prepare(seed)
        self.seconds.append(kit.spent(lambda: self.answers.append(self.ask(seed))))

    @property
    def square_error(self) -> float:
        """Of one run, measured over the seeds."""
        return statistics.variance(share for share, _ in self.answers)


def ours(scenario: Scenario, points: int) -> list[Runs]:
    """The estimator, cold and after moves; each seed is a session's that has answered the scenario.

    Every answer is to a scenario of its own, as a move makes it: nothing that an object keeps is used again.
    """

    def row(group: str, change: dict[str, float], first: int = 0, *, cold: bool = False) -> Runs:
        asked: list[Scenario] = []

        def prepare(_: int) -> None:
            if cold:
                caches.forget()
            asked[:] = [turned(scenario, change) if change else load_scenario(kit.ROOT / kit.FLAGSHIP)]

        def ask(seed: int) -> Answer:
            result = simulate(asked[0], points=points, seed=first + seed)
            return result.probability, result.standard_error

        return Runs(group, points, ask, prepare, unmoved=not change)

    raised = {"target.at_least": RAISED * scenario.goals[0].amount}
    return [
        row("cold", {}, cold=True),
        row("a new seed, the law kept", {}, first=NEW),
        *(row("after a lever moved", {path: value}) for path, value in main_moves().items()),
        row("after the trend moved, the law fitted anew", {"outlook.trend": TREND}),
        row("after the target moved", raised),
    ]


def main_moves() -> dict[str, float]:
    """The main knob of each lever of the flagship, and a value a little above where it stands."""
    knobs = Desk.of_shipped("belarus-kazakhstan-2020").knobs.items()
    return {
        path: knob.value + (1 if knob.unit == "whole number" else (knob.high - knob.value) / 10)
        for path, knob in knobs
        if knob.main and path.startswith("levers.")
    }


def plain(scenario: Scenario) -> list[Runs]:
    """The other programs, which are given the law and its Cholesky root."""
    arrays, loop = InArrays(scenario), InALoop(scenario)

    def counted(hits: Callable[[int, int], int], paths: int) -> Callable[[int], Answer]:
        def ask(seed: int) -> Answer:
            share = hits(paths, seed) / paths
            return share, math.sqrt(share * (1 - share) / paths)

        return ask

    return [
        Runs("(a) plain NumPy", PATHS, counted(arrays.hits, PATHS)),
        Runs("(b) a Python loop", LOOPS, counted(loop.hits, LOOPS)),
        Runs("(c) EMA Workbench", EXPERIMENTS, counted(workbench(loop), EXPERIMENTS), every=EVERY),
    ]


def workbench(loop: InALoop) -> Callable[[int, int], int]:
    """EMA Workbench on the path of the loop: its Latin hypercube over all unknowns, one experiment a path."""
    with warnings.catch_warnings(action="ignore"):  # of evaluators that are not installed
        from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator

    model = Model("flagship", function=lambda **drawn: {"total": loop.total(**drawn)})
    model.uncertainties = [
        RealParameter.from_dist(name, _distribution(*law)) for name, law in loop.unknowns.items()
    ]
    model.outcomes = [ScalarOutcome("total")]

    def hits(experiments: int, seed: int) -> int:
        np.random.seed(seed)  # the workbench draws from the global generator
        with SequentialEvaluator(model) as evaluator:
            _, outcomes = evaluator.perform_experiments(scenarios=experiments, log_progress=True)
        return int(np.count_nonzero(outcomes["total"] >= loop.amount))

    return hits


def _distribution(form: str, *parameters: float) -> Any:
    """A law of an unknown as SciPy has it."""
    from scipy import stats

    if form == "triangular":
        low, likely, high = parameters
        return stats.triang((likely - low) / (high - low), low, high - low)
    if form == "lognormal":
        low, high = map(math.log, parameters)
        return stats.lognorm((high - low) / (2 * Z95), scale=math.exp((low + high) / 2))
    if form == "gamma":
        return stats.gamma(parameters[0], scale=parameters[1])
    return {"beta": stats.beta, "uniform": stats.uniform, "normal": stats.norm}[form](*parameters)


def measure(arguments: argparse.Namespace) -> kit.Table:
    """All estimators in turn, seed after seed."""
    scenario = load_scenario(kit.ROOT / kit.FLAGSHIP)
    runs = [*ours(scenario, POINTS), *ours(scenario, MORE), *plain(scenario)]
    for each in runs:  # what is imported at the first answer
        each.prepare(0)
        each.ask(0)
    kit.settle()
    seeds = 2 * EVERY if arguments.quick else arguments.seeds
    for seed in range(1, seeds + 1):
        for each in runs:
            if seed % each.every == 0:
                each.once(seed)
    groups: dict[tuple[str, int], list[Runs]] = {}
    for each in runs:
        groups.setdefault((each.group, each.size), []).append(each)
    table = kit.Table(
        f"Efficiency on the flagship, {seeds} seeds",
        (
            "",
            "points or paths",
            "ms",
            "error, points",
            "claimed / measured",
            "efficiency",
            "x (a)",
            "probability, %",
        ),
        notes=[
            "ms: median processor time of one answer. Efficiency: 1 / (squared error in percentage points x seconds); "
            f"its own error is {100 * math.sqrt(2 / (seeds - 1)):.0f} %, that of (c) "
            f"{100 * math.sqrt(2 / (seeds // EVERY - 1)):.0f} %. A lever: the main knob of each in turn, averaged.",
        ],
    )
    base = _efficiency(groups["(a) plain NumPy", PATHS])
    for (name, _), members in groups.items():
        table.add(*_row(name, members, base))
    return table


def _efficiency(members: list[Runs]) -> float:
    return 1 / (1e4 * _square(members) * _seconds(members))


def _square(members: list[Runs]) -> float:
    return statistics.mean(each.square_error for each in members)


def _seconds(members: list[Runs]) -> float:
    return statistics.mean(statistics.median(each.seconds) for each in members)


def _row(name: str, members: list[Runs], base: float) -> list[str]:
    error, first = math.sqrt(_square(members)), members[0]
    claimed = math.sqrt(statistics.mean(claim**2 for each in members for _, claim in each.answers))
    shares = [100 * share for share, _ in first.answers]
    pooled = f"{statistics.mean(shares):.3f} ± {statistics.stdev(shares) / math.sqrt(len(shares)):.3f}"
    efficiency = _efficiency(members)
    return [
        name,
        f"{first.size:,}",
        f"{1000 * _seconds(members):.2f}",
        f"{100 * error:.4f}",
        f"{claimed / error:.2f}",
        f"{efficiency:.3g}",
        f"{efficiency / base:.2g}" if efficiency < 100 * base else f"{efficiency / base:,.0f}",
        pooled if first.unmoved else "",
    ]


if __name__ == "__main__":
    kit.run(measure, __doc__, ("--seeds", 200))
