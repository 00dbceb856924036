"""Score what ships: CRPS and coverage by year, and coverage by how rough the past was, of pairs and of nations.

By hand, two minutes, in the top folder:

    python tests/calibration/scores.py MONTHLY.csv CASES.csv [--inputs INPUTS.csv | --months] [--totals TOTALS.csv] [--folds FOLDS.json]

``--folds`` takes for each partner and nation the parameters that ``calibrate.py --folds`` tuned without it. CRPS is twice the mean pinball loss of
39 quantiles of log turnover. A case's past is the standard deviation of the yearly log changes of its ten years of turnover.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator import simulate
from simulator.batch.backtest import forecast
from simulator.batch.origins import Case, Skipped
from simulator.numerics.scores import LEVELS, within_band
from tests.calibration.cases import crps_log, read_cases, read_totals

QUARTERS = ("calmest", "calm", "rough", "roughest")


def scored(case: Case, outlook: dict[str, float]) -> list[dict[str, float | str]]:
    """The rows of one case, by the product's own quantiles; without scores where the figures have no law."""
    changed = replace(case, scenario=case.scenario.changed(outlook=outlook) if outlook else case.scenario)
    found = forecast(changed, simulate=simulate)
    laws = {} if isinstance(found, Skipped) else {row.origin + row.ahead: row.law.quantiles for row in found}
    rows: list[dict[str, float | str]] = []
    for ahead, (year, actual) in enumerate(case.actual.items()):
        quantiles = np.array(laws.get(year, np.full(len(LEVELS), np.nan)))
        rows.append(
            {
                "case": case.name,
                "ahead": f"Y+{ahead}" if ahead else "Y",
                "past": past(case),
                "crps": crps_log(quantiles, actual),
                "covered": float(within_band(quantiles[None], np.array([actual]), 0.8)[0])
                if laws
                else np.nan,
            }
        )
    return rows


def past(case: Case) -> float:
    """The standard deviation of the yearly log changes of its years of turnover."""
    totals: dict[int, float] = {}
    for observation in case.scenario.observations:
        if (
            observation.period.first // 12 < case.origin
            and (observation.period.is_year or observation.period.months == 1)
            and observation.value
        ):
            year = observation.period.first // 12
            totals[year] = totals.get(year, 0.0) + observation.value.amount
    return float(np.std(np.diff(np.log(np.maximum([totals[year] for year in sorted(totals)], 0.01)))))


def told(name: str, rows: list[dict[str, float | str]]) -> None:
    """Print the tables of some cases."""
    table = pd.DataFrame(rows)
    print(
        f"\n{name}: {table.case.nunique()} cases, {int(table[table.ahead == 'Y'].crps.isna().sum())} without a law"
    )
    table["quarter"] = table.groupby("ahead").past.transform(
        lambda values: pd.qcut(values, 4, labels=QUARTERS).astype(str)
    )
    by_year = table.groupby("ahead")[["crps", "covered"]].mean()
    by_past = table.pivot_table(index="ahead", columns="quarter", values="covered")[list(QUARTERS)]
    print(by_year.join(by_past).round(4).to_string())


def main() -> None:
    """Read, simulate, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("monthly", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument(
        "--inputs", type=Path, help="the inputs as published, in place of sums of the rounded months"
    )
    parser.add_argument(
        "--months", action="store_true", help="every month as it stands, in place of its sums"
    )
    parser.add_argument("--totals", type=Path, help="national totals: country, flow, year, value_musd")
    parser.add_argument("--folds", type=Path, help="parameters by partner, from calibrate.py")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    folds = json.loads(arguments.folds.read_text("utf-8")) if arguments.folds else {}
    groups = {
        "pairs": read_cases(arguments.monthly, arguments.cases, arguments.inputs, months=arguments.months)
    }
    if arguments.totals:
        groups["nations"] = read_totals(arguments.totals)
    with ProcessPoolExecutor(arguments.workers) as pool:
        for name, cases in groups.items():
            told(
                name,
                [
                    row
                    for rows in pool.map(
                        scored, cases, [folds.get(case.series, {}) for case in cases], chunksize=8
                    )
                    for row in rows
                ],
            )


if __name__ == "__main__":
    main()
