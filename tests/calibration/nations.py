"""How exports, imports and turnover of nations have grown, by size and base year: ``data/growth_of_nations.csv``.

By hand, a second, in the top folder:

    python tests/calibration/nations.py TOTALS.csv [--write]

TOTALS.csv has country, flow (exports or imports), year and value_musd: annual trade in goods of nations with all the world in millions of
US dollars. Without ``--write`` the table is printed.

For each measure, size in the base year and horizon: quantiles of the log change. Surges (a base year at least 25 % above the year before)
are common among nations in some years and all but absent in others, so each class is counted three times: after a surge, after none, and
in any year. A cell with fewer than ten nations is left out.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator.analysis.classes import NAMES, NATIONS, SURGE, written_to
from simulator.scenario.measures import TOTALS

EDGES = (100, 8_000, 50_000, math.inf)  # $m in the base year
HORIZONS = range(1, 6)
LEVELS = tuple(round(0.05 * k, 2) for k in range(1, 20))
LEAST = 10  # nations in a cell
Totals = dict[tuple[str, str, int], float]


def read(path: Path) -> Totals:
    """Trade in $m by measure, country and year; turnover where both directions are there."""
    with path.open(encoding="utf-8") as file:
        rows = {
            (r["flow"], r["country"], int(r["year"])): float(r["value_musd"]) for r in csv.DictReader(file)
        }
    both = {
        ("turnover", country, year): value + rows["imports", country, year]
        for (flow, country, year), value in rows.items()
        if flow == "exports" and ("imports", country, year) in rows
    }
    return rows | both


def changes(totals: Totals, measure: str, year: int, horizon: int) -> Iterator[tuple[float, bool, float]]:
    """Of each nation: what it traded in the base year, whether that was a surge, the log change since."""
    for (name, country, at), value in totals.items():
        before, after = (totals.get((measure, country, year + shift), 0.0) for shift in (-1, horizon))
        if (name, at) == (measure, year) and min(before, value, after) > 0:
            yield value, value >= (1 + SURGE) * before, math.log(after / value)


def cells(
    totals: Totals, edges: Iterable[float] = EDGES, least: int = LEAST
) -> Iterator[dict[str, str | int]]:
    """The rows of the table."""
    bounds = list(edges)
    years = sorted({year for _, _, year in totals})
    for measure, horizon, year in product(TOTALS, HORIZONS, years):
        seen = list(changes(totals, measure, year, horizon))
        for (low, high), (name, surge) in product(pairwise(bounds), NAMES.items()):
            ours = [log for value, kind, log in seen if low <= value < high and surge in (None, kind)]
            if len(ours) >= least:
                quantiles = np.quantile(ours, LEVELS)
                head = {"measure": measure, "size_musd": f"{low:g}-{high:g}", "year_before": name}
                tail = {f"q{level:g}": f"{q:.3f}" for level, q in zip(LEVELS, quantiles, strict=True)}
                yield head | {"base_year": year, "horizon": horizon, "n": len(ours)} | tail


def main() -> None:
    """Compute the table and print it, or put it in its place."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("totals", type=Path)
    parser.add_argument("--write", action="store_true", help="write the table that ships")
    arguments = parser.parse_args()
    rows = list(cells(read(arguments.totals)))
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    text = "\n".join(lines) + "\n"
    if arguments.write:
        Path(__file__).parents[2].joinpath("simulator", written_to(NATIONS)).write_text(
            text, encoding="utf-8"
        )
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
