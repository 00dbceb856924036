"""How long large scenarios take: a national target over twenty partners, and 25 years of months of two streams.

By hand, a few seconds, in the top folder: ``python -m tests.benchmarks.large_speed``. Made-up figures, each case cold, in seconds of
processor time without imports: until the file is checked, the probability, the range of alternatives, and all the rest of ``run --json``.
"""

from __future__ import annotations

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
from tests.cases import months, national

CASES = {
    "20 partners x 2 directions, 400 figures": national(20),
    "the same, named as partners": national(20, named=True),
    "and the year under way": national(20, under_way=True),
    "25 years of months of two streams": months(25),
}


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


def main() -> None:
    """Measure the cases, after a small one that imports everything."""
    stages(national(1))
    print(f"{'':42s}{'checked':>9s}{'probability':>13s}{'range':>8s}{'rest':>8s}{'all':>8s}")
    for name, case in CASES.items():
        taken = stages(case)
        widths = zip((*taken, sum(taken)), (9, 13, 8, 8, 8), strict=True)
        print(f"{name:42s}" + "".join(f"{seconds:{width}.2f}" for seconds, width in widths))


if __name__ == "__main__":
    main()
