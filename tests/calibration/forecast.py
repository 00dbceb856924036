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
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator import simulate
from tests.calibration.cases import LEVELS, Case, read_cases

MULTIPLES = (1.15, 1.30, 1.50)


def forecast(case: Case, outlook: dict[str, float]) -> list[dict[str, float | str]]:
    """The rows of one case, by the product's own quantiles and chances; an empty outlook is the shipped one."""
    result = simulate(case.scenario.changed(outlook=outlook) if outlook else case.scenario)
    rows: list[dict[str, float | str]] = []
    for year in case.actual:
        chances = {
            f"p{round(100 * m)}": result.chance("turnover", str(year), at_least=m * case.last_full)
            for m in MULTIPLES
        }
        quantiles = {
            f"q{level:g}": value
            for level, value in zip(LEVELS, result.quantiles("turnover", str(year), LEVELS), strict=True)
        }
        rows.append({"case": case.name, "target_year": year, **chances, **quantiles})
    return rows


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
            for rows in pool.map(
                forecast, cases, [folds.get(case.partner, {}) for case in cases], chunksize=8
            )
            for row in rows
        ]
    pd.DataFrame(rows).to_csv(arguments.out, index=False)


if __name__ == "__main__":
    main()
