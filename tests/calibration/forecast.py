"""Write the forecasts of what ships, for a scoring script: one row a case and year, 39 quantiles and three chances.

By hand, some two minutes: ``python tests/calibration/forecast.py MONTHLY.csv CASES.csv OUT.csv``, then score OUT.csv.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator import simulate
from tests.calibration.cases import LEVELS, Case, read_cases


def forecast(case: Case) -> list[dict[str, float | str]]:
    """The rows of one case, by the product's own quantiles and chances."""
    result = simulate(case.scenario)
    rows: list[dict[str, float | str]] = []
    for year in case.actual:
        chances = {f"p{round(100 * m)}": result.chance("turnover", str(year), at_least=m * case.last_full) for m in (1.15, 1.30, 1.50)}
        quantiles = {f"q{level:g}": value for level, value in zip(LEVELS, result.quantiles("turnover", str(year), LEVELS), strict=True)}
        rows.append({"case": case.name, "target_year": year, **chances, **quantiles})
    return rows


def main() -> None:
    """Read, forecast, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("monthly", "cases", "out"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        rows = [row for rows in pool.map(forecast, read_cases(arguments.monthly, arguments.cases), chunksize=8) for row in rows]
    pd.DataFrame(rows).to_csv(arguments.out, index=False)


if __name__ == "__main__":
    main()
