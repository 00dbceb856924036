"""Derive the outlook's defaults and the parameter sets of ``probability_range`` from real monthly trade.

By hand, a quarter of an hour on two cores:
``python tests/calibration/calibrate.py MONTHLY.csv CASES.csv [--inputs INPUTS.csv] [--totals TOTALS.csv] [--folds FOLDS.json] [--write]``;
``--write`` puts the result into the package's data file, ``--folds`` writes what was chosen without each partner, for ``forecast.py``.

Objective, a case (of a pair; with ``--totals`` also of a nation): CRPS of log turnover, mean over the year of its origin and the two after it.
One country's partners are lumpy, so each candidate also pays ``FACTS_WEIGHT`` x the mean absolute gap between the law's quantiles of the 1, 2
and 3-year change of a pair's turnover, at the usual volatility, and those of 79 larger economies' pairs of $300m-1bn (2001-2020,
mirror-reconciled annual trade).

Search: one parameter at a time over ``LADDER``, from ``--start`` (what it leaves out, and all if it is not given: the present defaults); the best
one-step change is taken while it gains, ``--rounds`` times at the most. Cross-validation by
partner: the choice among all candidates tried is made on four fifths of the partners and scored on the fifth. The sets are the furthest
one-parameter changes from the best whose mean CRPS is within one standard error (clustered by partner, of the paired difference; the facts
have no sampling error to compare with); the trend is not the data's to tell (it changes with the epoch), so its sets stay at .02 either way.
A case whose figures have no law under a candidate is left out of its mean, and counted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from simulator import BaselineError, simulate
from simulator.batch.origins import Case
from simulator.model.prior import tail_scale, temporal_covariance
from simulator.numerics.scores import LEVELS
from simulator.scenario import Outlook
from simulator.values.periods import year
from tests.calibration.cases import crps_log, read_cases, read_totals

DATA = Path(__file__).parent.parent.parent / "simulator" / "data" / "outlook.json"
POINTS = 512
FOLDS = 5
FACTS_WEIGHT = 0.1
TREND_STEP = 0.02
LADDER = {
    "random_walk": (0.75, 0.87, 1.15, 1.33),
    "disturbance": (0.75, 0.87, 1.15, 1.33),
    "memory": (0.5, 0.75, 1.5, 2.0),
    "trend": (0.75, 1.25),
    "seasonality": (0.65, 0.85, 1.2, 1.5),
    "irregular": (0.5, 1.5, 2.0),
    "correlation": (0.33, 0.67, 1.33, 1.67),
    "tails": (0.75, 0.85, 1.2, 1.5),
    "learning": (0.5, 0.75),
}
NAMES = {
    "random_walk": ("smaller lasting swings", "larger lasting swings"),
    "disturbance": ("smaller swings that pass", "larger swings that pass"),
    "memory": ("swings pass sooner", "swings pass later"),
    "trend": ("lower underlying growth", "higher underlying growth"),
    "seasonality": ("weaker yearly pattern", "stronger yearly pattern"),
    "irregular": ("less chance from month to month", "more chance from month to month"),
    "correlation": ("exports and imports less alike", "exports and imports more alike"),
    "tails": ("commoner extreme years", "rarer extreme years"),
    "learning": ("volatility learned less", "volatility learned more"),
}
PROBABILITIES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
FACTS = {
    1: (-0.58, -0.36, -0.11, 0.06, 0.22, 0.39, 0.51),
    2: (-0.73, -0.43, -0.13, 0.12, 0.36, 0.60, 0.76),
    3: (-0.78, -0.44, -0.10, 0.17, 0.48, 0.77, 0.96),
}
Parameters = dict[str, float]


def losses(case: Case, parameters: Parameters) -> tuple[float, float]:
    """Mean CRPS of a case's years, and the share of them that the 80 % band covers; not a number where the figures have no law."""
    scenario = case.scenario.model_copy(update={"outlook": Outlook.model_validate(parameters)})
    try:
        flows = simulate(scenario, points=POINTS).flows
    except BaselineError:
        return np.nan, np.nan
    quantiles = {y: np.quantile(flows.total("turnover", year(y)).values, LEVELS) for y in case.actual}
    covered = [q[3] <= case.actual[y] <= q[-4] for y, q in quantiles.items()]
    return float(np.mean([crps_log(q, case.actual[y]) for y, q in quantiles.items()])), float(
        np.mean(covered)
    )


def facts_gap(parameters: Parameters) -> float:
    """Mean absolute gap between the law's quantiles of yearly changes at the usual volatility and the annual facts."""
    outlook = Outlook.model_validate(parameters)
    months, draws = 60, 20_000
    kernel = temporal_covariance(months, outlook)
    across = np.full((2, 2), outlook.correlation) + (1 - outlook.correlation) * np.eye(2)
    generator = np.random.default_rng(1)
    root = np.linalg.cholesky(np.kron(across, kernel) + 1e-12 * np.eye(2 * months))
    scale = tail_scale(generator.random(draws), outlook.tails)
    log_flow = scale[:, None] * (generator.standard_normal((draws, 2 * months)) @ root.T) + np.tile(
        outlook.trend.median / 12 * np.arange(months), 2
    )
    total = (np.exp(log_flow).reshape(draws, 2, 5, 12) * np.array([0.6, 0.4])[:, None, None]).sum(axis=(1, 3))
    gaps = [
        np.quantile(np.log(total[:, 1 + h] / total[:, 1]), PROBABILITIES) - np.array(fact)
        for h, fact in FACTS.items()
    ]
    return float(np.mean(np.abs(gaps)))


class Trials:
    """Every candidate tried: its loss on each case, its penalty, and how often its bands cover."""

    def __init__(self, cases: list[Case], pool: ProcessPoolExecutor) -> None:
        self.cases, self.pool = cases, pool
        self.tried: dict[tuple[tuple[str, float], ...], tuple[np.ndarray, np.ndarray, float]] = {}

    def evaluate(self, parameters: Parameters) -> float:
        """Mean objective of a candidate."""
        key = tuple(sorted(parameters.items()))
        if key not in self.tried:
            found = np.array(
                list(self.pool.map(losses, self.cases, [parameters] * len(self.cases), chunksize=16))
            )
            self.tried[key] = found[:, 0], found[:, 1], facts_gap(parameters)
            crps, covered, gap = self.tried[key]
            lost = f", {np.isnan(crps).sum()} without a law" * bool(np.isnan(crps).any())
            print(
                f"{np.nanmean(crps):.4f} + {FACTS_WEIGHT} x {gap:.3f}, covers {np.nanmean(covered):.3f}{lost}  {dict(key)}",
                flush=True,
            )
        crps, _, gap = self.tried[key]
        return float(np.nanmean(crps)) + FACTS_WEIGHT * gap

    def crps(self, parameters: Parameters) -> np.ndarray:
        """CRPS on each case."""
        self.evaluate(parameters)
        return self.tried[tuple(sorted(parameters.items()))][0]


def steps(best: Parameters) -> Iterator[tuple[str, Parameters]]:
    """Every one-parameter change on the ladder, rounded to two digits."""
    for name, factors in LADDER.items():
        for factor in factors:
            value = float(f"{best[name] * factor:.2g}")
            if name != "correlation" or value < 1:
                yield name, best | {name: value}


def search(trials: Trials, start: Parameters, rounds: int) -> Parameters:
    """The best candidate: the best one-step change is taken while it gains."""
    best = start
    for _ in range(rounds):
        candidates = [candidate for _, candidate in steps(best)]
        found = min(candidates, key=trials.evaluate)
        if trials.evaluate(found) >= trials.evaluate(best):
            break
        best = found
    return best


def cross_validated(trials: Trials) -> tuple[float, float, dict[str, Parameters]]:
    """CRPS and coverage on partners that the choice among the candidates has not seen, and that choice by partner."""
    partners = np.array([case.series for case in trials.cases])
    folds = {partner: i % FOLDS for i, partner in enumerate(sorted(set(partners)))}
    fold = np.array([folds[partner] for partner in partners])
    crps, covered = np.zeros(len(partners)), np.zeros(len(partners))
    choice = {}
    for held in range(FOLDS):
        chosen, found = min(
            trials.tried.items(), key=lambda t: np.nanmean(t[1][0][fold != held]) + FACTS_WEIGHT * t[1][2]
        )
        crps[fold == held], covered[fold == held] = found[0][fold == held], found[1][fold == held]
        choice |= {str(partner): dict(chosen) for partner in np.unique(partners[fold == held])}
    return float(np.nanmean(crps)), float(np.nanmean(covered)), choice


def within_one_error(trials: Trials, best: Parameters) -> list[dict[str, float | str]]:
    """For each parameter the furthest change either way whose CRPS is within one clustered standard error of the best's."""
    partners = np.array([case.series for case in trials.cases])
    sets: list[dict[str, float | str]] = []
    for name in LADDER:
        if name == "trend":
            sets += [
                {"name": label, "trend": round(best["trend"] + move, 3)}
                for label, move in zip(NAMES["trend"], (-TREND_STEP, TREND_STEP), strict=True)
            ]
            continue
        near = [best[name]]
        for changed, candidate in steps(best):
            if changed == name:
                gap = trials.crps(candidate) - trials.crps(best)
                told = ~np.isnan(gap)
                gap, of = gap[told], partners[told]
                clusters = np.array([gap[of == partner].sum() for partner in np.unique(of)])
                error = np.sqrt(np.square(clusters - clusters.mean()).sum()) / len(gap)
                if gap.mean() <= error:
                    near.append(candidate[name])
        for label, value in zip(NAMES[name], (min(near), max(near)), strict=True):
            if value != best[name]:
                sets.append({"name": label, name: value})
    return sets


def _compact(found: dict[str, Any]) -> str:
    """JSON with a line for each default and each set."""
    parts = [
        f"  {json.dumps(key)}: {json.dumps(found[key])}" for key in ("provenance", "judged", "flows", "world")
    ]
    defaults = ",\n".join(f"    {json.dumps(key)}: {value:g}" for key, value in found["defaults"].items())
    sets = ",\n".join(f"    {json.dumps(chosen)}" for chosen in found["sets"])
    blocks = [*parts[:2], f'  "defaults": {{\n{defaults}\n  }}', *parts[2:], f'  "sets": [\n{sets}\n  ]']
    return "{\n" + ",\n".join(blocks) + "\n}"


def main() -> None:
    """Search, cross-validate, report and, if asked, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("monthly", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument(
        "--inputs", type=Path, help="the inputs as published, in place of sums of the rounded months"
    )
    parser.add_argument("--totals", type=Path, help="national totals: country, flow, year, value_musd")
    parser.add_argument("--folds", type=Path, help="write what was chosen without each partner")
    parser.add_argument("--start", default="", metavar="NAME=VALUE,...", help="where the search starts")
    parser.add_argument("--rounds", type=int, default=3, help="one-step changes at the most")
    parser.add_argument("--write", action="store_true", help="put the result into the package's data file")
    arguments = parser.parse_args()
    shipped = json.loads(DATA.read_text("utf-8"))
    cases = read_cases(arguments.monthly, arguments.cases, arguments.inputs)
    pairs, partners = len(cases), len({case.series for case in cases})
    cases += read_totals(arguments.totals) if arguments.totals else []
    with ProcessPoolExecutor(2) as pool:
        trials = Trials(cases, pool)
        start = {key: float(value) for key, value in shipped["defaults"].items()}
        trials.evaluate(start)
        start |= {
            name: float(value)
            for name, value in (part.split("=") for part in arguments.start.split(",") if part)
        }
        best = search(trials, start, arguments.rounds)
        sets = within_one_error(trials, best)
    crps, covered, choice = cross_validated(trials)
    if arguments.folds:
        arguments.folds.write_text(json.dumps(choice), "utf-8")
    print(
        f"start {trials.evaluate(start):.4f}, best {trials.evaluate(best):.4f}, {len(trials.tried)} candidates"
    )
    print(f"cross-validated by partner: CRPS {crps:.4f}, 80 % bands cover {covered:.3f}")
    nations = (
        f", {len(cases) - pairs} of {len({case.series for case in cases[pairs:]})} nations (annual totals 2000-2020)"
        * bool(arguments.totals)
    )
    provenance = (
        f"calibrated {dt.date.today()} on {pairs} rolling-origin cases of {partners} partners of the United States (Census Bureau, monthly "
        f"1992-2022){nations} and annual changes of 79 larger economies"
    )
    kept = {key: shipped[key] for key in ("judged", "flows", "world")}
    found = {"provenance": provenance, "defaults": best, **kept, "sets": sets}
    text = _compact(found)
    print(text)
    if arguments.write:
        DATA.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
