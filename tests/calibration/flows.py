"""Whether it helps to say what kind of flow it is, and how much rougher or calmer each kind is: CRPS and coverage after few figures.

By hand, half an hour on one core, in the top folder:

    python tests/calibration/flows.py MONTHLY.csv CASES.csv [--inputs INPUTS.csv] [--totals TOTALS.csv] [--growth GROWTH.csv] [--years 1,2,3,10]

Histories are cut to their last full years of exports and imports, and the three years after them are asked. Each kind tries a ladder of
factors on the four standard deviations of the law. For each fifth of the partners that factor is taken which has the least CRPS on the other
four fifths after one, two and three years of figures; it is scored on the fifth, against the law that knows no kind. Errors are clustered by
partner.

Kinds, as somebody would name them beforehand: national (``--totals``); of pairs, lumpy (the roughest quarter by the yearly changes of their
ten years, which stand for what is known of the goods), large-pair (the others from $1bn a year), pair.

``--growth`` has quantiles of the log change of turnover by size class and base year, of pairs of 79 economies; there one figure of turnover
is known, and the factor of a base year is chosen on the base years outside its block of four.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator import BaselineError, Scenario, simulate
from simulator.batch.origins import Case
from simulator.numerics.scores import LEVELS
from simulator.scenario import Outlook
from simulator.values.periods import year
from tests.calibration.cases import crps_log, cut, read_cases, read_totals
from tests.calibration.scores import past

LADDER = (0.5, 0.6, 0.65, 0.7, 0.8, 1.0, 1.12, 1.25, 1.4, 1.6, 2.0)
FEW = (1, 2, 3)  # years of figures, after which factors are compared
LARGE = 1000.0  # $m a year
FOLDS = 5
BLOCK = 4  # base years in a row that are left out together
POINTS = 512


def rougher(factor: float) -> Outlook:
    """The usual outlook with its four standard deviations times a factor."""
    usual = Outlook()
    names = ("random_walk", "disturbance", "seasonality", "irregular")
    return usual.model_copy(update={name: factor * getattr(usual, name) for name in names})


def kinds(pairs: list[Case], nations: list[Case]) -> dict[str, str]:
    """The kind of each case, by its name."""
    rough = {case.name: past(case) for case in pairs}
    roughest = np.quantile(list(rough.values()), 0.75)
    named = {case.name: "large-pair" if case.last_full >= LARGE else "pair" for case in pairs}
    named |= {name: "lumpy" for name, value in rough.items() if value >= roughest}
    return named | {case.name: "national" for case in nations}


def scored(case: Case, years: int) -> Iterator[dict[str, float | str]]:
    """CRPS and coverage of the case's years by factor; none where the figures have no law."""
    short = cut(case, years).scenario
    for factor in LADDER:
        try:
            flows = simulate(short.model_copy(update={"outlook": rougher(factor)}), points=POINTS).flows
        except BaselineError:
            continue
        for ahead, (asked, actual) in enumerate(case.actual.items(), 1):
            quantiles = np.quantile(flows.total("turnover", year(asked)).values, LEVELS)
            yield {
                "of": case.series,
                "case": case.name,
                "after": years,
                "ahead": ahead,
                "factor": factor,
                "crps": crps_log(quantiles, actual),
                "covered": float(quantiles[3] <= actual <= quantiles[-4]),
                "weight": 1.0,
            }


def of_growth(facts: pd.DataFrame) -> Iterator[dict[str, float | str]]:
    """The same of size classes, whose quantiles stand for as many outcomes as there were pairs."""
    levels = [name for name in facts if name.startswith("q")]
    parts = np.full(len(levels), 0.05)
    parts[[0, -1]] = 0.075  # they stand for what is beyond them
    one = {
        "title": "one figure",
        "as_of": "2018-01-31",
        "target": {"measure": "turnover", "period": 2020, "at_least": 100},
        "observations": [{"measure": "turnover", "period": 2017, "value": 100.0}],
    }
    for factor in LADDER:
        result = simulate(Scenario.model_validate(one).model_copy(update={"outlook": rougher(factor)}))
        laws = {a: np.array(result.quantiles("turnover", str(2017 + a), LEVELS)) / 100 for a in FEW}
        for fact in facts[facts.horizon.isin(FEW)].to_dict("records"):
            quantiles, outcomes = laws[fact["horizon"]], np.exp([fact[level] for level in levels])
            yield {
                "of": fact["base_year"],
                "case": f"{fact['turnover_musd']} {fact['year_before']} {fact['base_year']}",
                "kind": fact["turnover_musd"],
                "after": 1,
                "ahead": fact["horizon"],
                "factor": factor,
                "crps": parts @ [crps_log(quantiles, outcome) for outcome in outcomes],
                "covered": parts @ ((outcomes >= quantiles[3]) & (outcomes <= quantiles[-4])),
                "weight": fact["n"],
            }


def weighted(rows: pd.DataFrame, column: str = "crps") -> float:
    """The mean of a column."""
    return float(np.average(rows[column], weights=rows.weight))


def best(rows: pd.DataFrame) -> float:
    """The factor with the least CRPS after few figures."""
    few = rows[rows.after.isin(FEW)]
    return min(LADDER, key=lambda factor: weighted(few[few.factor == factor]))


def told(kind: str, rows: pd.DataFrame) -> None:
    """Print what the factors chosen without each fold gain on it."""
    chosen = {fold: best(rows[rows.fold != fold]) for fold in sorted(rows.fold.unique())}
    usual = rows[rows.factor == 1]
    with_kind = rows[rows.factor == rows.fold.map(chosen)]
    both = usual.merge(with_kind, on=["case", "of", "after", "ahead", "weight"], suffixes=("", "_kind"))
    print(f"\n{kind}: {rows.case.nunique()} cases, best {best(rows)}, by fold {list(chosen.values())}")
    table = []
    for (after, ahead), part in both.groupby(["after", "ahead"]):
        gain = (part.crps_kind - part.crps) * part.weight
        clusters = gain.groupby(part.of).sum()
        error = np.sqrt(np.square(clusters - clusters.mean()).sum()) / part.weight.sum()
        before, then = weighted(part), weighted(part, "crps_kind")
        change, width = 100 * (then / before - 1), 100 * error / before
        covers = weighted(part, "covered"), weighted(part, "covered_kind")
        table.append((after, f"Y+{ahead}", before, then, change, width, *covers))
    columns = ("figures", "year", "crps", "with kind", "%", "+-", "covers", "with kind ")
    print(pd.DataFrame(table, columns=columns).round(3).to_string(index=False))


def main() -> None:
    """Read, simulate, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("monthly", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--inputs", type=Path, help="the inputs as published")
    parser.add_argument("--totals", type=Path, help="national totals: country, flow, year, value_musd")
    parser.add_argument("--growth", type=Path, help="quantiles of growth by size class and base year")
    parser.add_argument("--years", default="1,2,3,10", help="how many years of figures are left")
    arguments = parser.parse_args()
    pairs = read_cases(arguments.monthly, arguments.cases, arguments.inputs)
    nations = read_totals(arguments.totals) if arguments.totals else []
    of = kinds(pairs, nations)
    if arguments.growth:
        facts = pd.DataFrame(of_growth(pd.read_csv(arguments.growth)))
        facts["fold"] = (facts.of - facts.of.min()) // BLOCK
        for kind, rows in facts.groupby("kind"):
            told(f"pairs of 79 economies, ${kind}m", rows)
    lengths = [int(years) for years in arguments.years.split(",")]
    table = pd.DataFrame(row for years in lengths for case in pairs + nations for row in scored(case, years))
    folds = {partner: number % FOLDS for number, partner in enumerate(sorted(table.of.unique()))}
    table["fold"], table["kind"] = table.of.map(folds), table.case.map(of)
    for kind, rows in table.groupby("kind"):
        told(kind, rows)


if __name__ == "__main__":
    main()
