"""Rolling-origin cases from monthly trade: the figures known at the end of September, and what came of them.

By hand; used by ``calibrate.py`` and ``forecast.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simulator import Scenario

LEVELS = np.round(np.arange(0.025, 0.976, 0.025), 3)


@dataclass(frozen=True)
class Case:
    """One origin of one partner: its scenario, its last full year, and the turnover of the years asked for."""

    name: str
    partner: str
    last_full: float
    scenario: Scenario
    actual: dict[int, float]


def read_cases(monthly: Path, cases: Path) -> list[Case]:
    """The cases, their inputs summed from the monthly figures: ten full years and two times January to September."""
    trade = pd.read_csv(monthly)
    trade[["year", "month"]] = trade.period.str.split("-", expand=True).astype(int)
    annual = trade.groupby(["partner", "flow", "year"]).value_musd.sum()
    nine = trade[trade.month <= 9].groupby(["partner", "flow", "year"]).value_musd.sum()
    found = []
    for (name, partner, origin), rows in pd.read_csv(cases).groupby(["case", "partner", "origin"], sort=False):
        observations = []
        for flow in ("exports", "imports"):
            sums = [(str(year), annual[partner, flow, year]) for year in range(origin - 10, origin)]
            sums += [(f"{year}-01..{year}-09", nine[partner, flow, year]) for year in (origin - 1, origin)]
            observations += [{"measure": flow, "period": period, "value": float(f"{value:.4f}")} for period, value in sums]
        scenario = Scenario.model_validate(
            {
                "title": name,
                "as_of": f"{origin}-09-30",
                "target": {"measure": "turnover", "period": origin + 2, "at_least": float(rows.last_full.iloc[0])},
                "observations": observations,
            }
        )
        actual = dict(zip(rows.target_year.astype(int), rows.actual.astype(float), strict=True))
        found.append(Case(name, partner, float(rows.last_full.iloc[0]), scenario, actual))
    return found


def crps_log(quantiles: np.ndarray, actual: float) -> float:
    """Twice the mean pinball loss of 39 quantiles on the log scale, as the scoring script has it."""
    gap = np.log(actual) - np.log(np.maximum(quantiles, 1e-9))
    return float(2 * np.maximum(LEVELS * gap, (LEVELS - 1) * gap).mean())
