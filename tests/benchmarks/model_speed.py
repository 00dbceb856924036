"""How long the model takes for a moved slider: the headline alone, and with bands by year and what each lever adds.

By hand, a few seconds, in the top folder: ``python -m tests.benchmarks.model_speed [--scenario NAME] [--points 2048]``. Every move goes to a
value not seen before; what the move does not change is kept from the one before, as on the page. Medians, in milliseconds.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time

from simulator import simulate
from simulator.model.result import Result
from simulator.report.charts import answer, over_time
from simulator.workspace.desk import Desk

MOVES = 24
WARM = 4  # moves that are not counted


def moved(desk: Desk, path: str, points: int) -> tuple[float, float] | None:
    """Seconds for the headline and for everything, each the median over moves of one knob up from where it stands; None where it cannot move."""
    knob = desk.knobs[path]
    whole = knob.unit in ("whole number", "month")
    heads, alls = [], []
    for move in range(1, MOVES + 1):
        value = knob.value + (move if whole else move * (knob.high - knob.value) / (MOVES + 1))
        try:
            desk.turn(path, float(value))
        except ValueError:
            break
        scenario = desk.scenario
        begun = time.perf_counter()
        result: Result = simulate(scenario, points=points)
        heads.append(time.perf_counter() - begun)
        over_time.fan(result)
        answer.waterfall(result)
        alls.append(time.perf_counter() - begun)
    desk.restore()
    return (statistics.median(heads[WARM:]), statistics.median(alls[WARM:])) if len(heads) > WARM else None


def main() -> None:
    """Measure the main knobs of a shipped scenario, its target and its trend."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenario", default="belarus-kazakhstan-2020")
    parser.add_argument("--points", type=int, default=2048)
    arguments = parser.parse_args()
    desk = Desk.of_shipped(arguments.scenario)
    answer.waterfall(simulate(desk.scenario, points=arguments.points))
    gc.collect()
    gc.freeze()
    for path in [
        path
        for path, knob in desk.knobs.items()
        if knob.main or path in ("target.at_least", "target.at_most", "outlook.trend")
    ]:
        found = moved(desk, path, arguments.points)
        print(
            f"{path:40s} "
            + (
                "cannot move"
                if found is None
                else f"headline {1000 * found[0]:5.1f}   all {1000 * found[1]:5.1f}"
            )
        )


if __name__ == "__main__":
    main()
