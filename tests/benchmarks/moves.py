"""How long the model takes for a moved slider: the headline alone, and with bands by year and what each lever adds.

By hand, a quarter of a minute, in the top folder: ``python -m tests.benchmarks.moves [--scenario NAME] [--points N]``.

Every move of a knob goes to a value not seen before; what it does not change is kept from the one before, as on the
page. Medians of the processor's time, in milliseconds, and beside them those of the first answer, cold.
"""

from __future__ import annotations

import argparse
import statistics

from simulator import Scenario, caches, simulate
from simulator.model.result import Result
from simulator.numerics.points import POINTS
from simulator.report.charts import answer, over_time
from simulator.workspace.desk import Desk
from tests.benchmarks import kit

MOVES = 24
WARM = 4  # moves that are not counted
NAMED = ("target.at_least", "target.at_most", "outlook.trend")


def answered(scenario: Scenario, points: int) -> tuple[float, float]:
    """Seconds for the headline, and for everything."""
    results: list[Result] = []
    head = kit.spent(lambda: results.append(simulate(scenario, points=points)))
    rest = kit.spent(lambda: (over_time.fan(results[0]), answer.waterfall(results[0])))
    return head, head + rest


def moved(desk: Desk, path: str, points: int, moves: int) -> list[tuple[float, float]]:
    """The same for each move of a knob up from where it stands, without the first; none where it cannot move."""
    knob = desk.knobs[path]
    whole = knob.unit in ("whole number", "month")
    taken = []
    for move in range(1, moves + 1):
        value = knob.value + (move if whole else move * (knob.high - knob.value) / (moves + 1))
        try:
            desk.turn(path, float(value))
        except ValueError:
            break
        taken.append(answered(desk.scenario, points))
    desk.restore()
    return taken[WARM:]


def measure(arguments: argparse.Namespace) -> kit.Table:
    """The main knobs of a shipped scenario, its target and its trend."""
    desk = Desk.of_shipped(arguments.scenario)
    answered(desk.scenario, arguments.points)
    kit.settle()
    caches.forget()
    first = answered(desk.scenario, arguments.points)
    table = kit.Table(
        f"A moved slider of {arguments.scenario}, {arguments.points:,} points",
        ("ms", "headline", "with bands and levers", "moves"),
    )
    table.add("first answer, cold", *(f"{1000 * seconds:.1f}" for seconds in first), 1)
    paths = [path for path, knob in desk.knobs.items() if knob.main or path in NAMED]
    for path in paths[:2] if arguments.quick else paths:
        taken = moved(desk, path, arguments.points, WARM + 2 if arguments.quick else MOVES)
        medians = (statistics.median(seconds) for seconds in zip(*taken, strict=True))
        cells = [f"{1000 * seconds:.1f}" for seconds in medians] or ["cannot move", ""]
        table.add(path, *cells, len(taken))
    return table


if __name__ == "__main__":
    kit.run(measure, __doc__, ("--scenario", "belarus-kazakhstan-2020"), ("--points", POINTS))
