"""How long large scenarios take, step by step: a national target over partners, and 25 years of months of two streams.

By hand, a quarter of a minute, in the top folder: ``python -m tests.benchmarks.large``.

Made-up figures, each case cold, in seconds of processor's time without imports: until the file is checked, the
probability, the range of other settings, and all the rest of ``run --json``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from simulator import simulate
from simulator.caches import forget
from simulator.files.loading import load
from simulator.files.opening import checked
from tests.benchmarks import kit
from tests.cases import months, national

CASES = {
    "20 partners x 2 directions, 400 figures": national(20),
    "the same, named as partners": national(20, named=True),
    "and the year under way": national(20, under_way=True),
    "25 years of months of two streams": months(25),
}
SMALL = {"one partner": national(1)}


def stages(case: dict[str, Any]) -> list[float]:
    """Seconds for each of the four, cold."""
    forget()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "case.yaml")
        file.write_text(yaml.safe_dump(case, sort_keys=False))
        moments = [time.process_time()]
        scenario = checked(load(file, ())).scenario
    moments.append(time.process_time())
    result = simulate(scenario)
    moments.append(time.process_time())
    assert result.probability_range.low <= result.probability
    moments.append(time.process_time())
    json.dumps(result.to_dict())
    moments.append(time.process_time())
    return [after - before for before, after in itertools.pairwise(moments)]


def measure(arguments: argparse.Namespace) -> kit.Table:
    """The cases, after a small one that imports everything."""
    stages(national(1))
    kit.settle()
    heads = ("seconds", "checked", "probability", "range", "rest", "all")
    table = kit.Table("Large scenarios, cold", heads)
    for name, case in (SMALL if arguments.quick else SMALL | CASES).items():
        taken = stages(case)
        table.add(name, *(f"{seconds:.2f}" for seconds in (*taken, sum(taken))))
    return table


if __name__ == "__main__":
    kit.run(measure, __doc__)
