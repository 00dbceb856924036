"""Write the forecasts of what ships, for a scoring script: one row a case and year, 39 quantiles and three chances.

By hand, a minute or two, in the top folder:

    python tests/calibration/forecast.py MONTHLY.csv CASES.csv OUT.csv [--inputs INPUTS.csv | --months] [--folds FOLDS.json]

Then score OUT.csv. ``--folds`` takes for each partner the parameters that ``calibrate.py --folds`` tuned without it.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator import simulate
from simulator.batch.backtest import MULTIPLES
from simulator.batch.backtest import forecast as answered
from simulator.batch.origins import Case, Skipped
from simulator.numerics.scores import LEVELS
from tests.calibration.cases import read_cases


def forecast(case: Case, outlook: dict[str, float]) -> list[dict[str, float | str]]:
    """The rows of one case, by the product's own quantiles and chances; an empty outlook is the shipped one."""
    changed = replace(case, scenario=case.scenario.changed(outlook=outlook)) if outlook else case
    rows = answered(changed, simulate=simulate)
    if isinstance(rows, Skipped):
        raise SystemExit(f"{case.name}: {rows.reason}")
    return [
        {
            "case": case.name,
            "target_year": row.origin + row.ahead,
            **{f"p{round(100 * m)}": chance for m, chance in zip(MULTIPLES, row.law.chances, strict=True)},
            **{f"q{level:g}": value for level, value in zip(LEVELS, row.law.quantiles, strict=True)},
        }
        for row in rows
    ]


def main() -> None:
    """Read, forecast, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("monthly", "cases", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument(
        "--inputs", type=Path, help="the inputs as published, in place of sums of the rounded months"
    )
    parser.add_argument(
        "--months", action="store_true", help="every month as it stands, in place of its sums"
    )
    parser.add_argument("--folds", type=Path, help="parameters by partner, from calibrate.py")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    cases = read_cases(arguments.monthly, arguments.cases, arguments.inputs, months=arguments.months)
    folds = json.loads(arguments.folds.read_text("utf-8")) if arguments.folds else {}
    with ProcessPoolExecutor(arguments.workers) as pool:
        rows = [
            row
            for rows in pool.map(forecast, cases, [folds.get(case.series, {}) for case in cases], chunksize=8)
            for row in rows
        ]
    pd.DataFrame(rows).to_csv(arguments.out, index=False)


if __name__ == "__main__":
    main()
