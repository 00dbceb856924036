"""Rolling-origin cases: of pairs at the end of September, of nations at the end of January, and what came of them.

By hand; used by ``calibrate.py`` and ``forecast.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from simulator import Scenario
from simulator.batch.origins import Case
from simulator.numerics.scores import crps_of_quantiles


def cut(case: Case, years: int) -> Case:
    """The same case with the last full years of its figures alone."""
    kept = range(case.origin - years, case.origin)
    figures = [o for o in case.scenario.observations if o.period.is_year and o.period.end_year in kept]
    return replace(case, scenario=case.scenario.model_copy(update={"observations": tuple(figures)}))


def read_cases(monthly: Path, cases: Path, inputs: Path | None = None, *, months: bool = False) -> list[Case]:
    """The cases with their inputs: for each direction ten full years and two times January to September.

    Args:
        monthly: partner, flow, period, value_musd of each month; summed up, they are the inputs.
        cases: case, partner, origin, target_year, last_full, actual.
        inputs: case, flow, period, value_musd as published, in place of the sums: months that are printed to $0.1m add up to $0.3m beside them.
        months: give every month of those years in place of their sums.
    """
    known = _published(inputs) if inputs and not months else None
    sums = {} if known is not None else _months(monthly) if months else _sums(monthly)
    found = []
    for (name, partner, origin), rows in pd.read_csv(cases).groupby(
        ["case", "partner", "origin"], sort=False
    ):
        figures = {
            (flow, period): known[name, flow, period] if known is not None else sums[partner, flow, period]
            for flow in ("exports", "imports")
            for period in (_single_months(origin) if months else _periods(origin))
        }
        scenario = Scenario.model_validate(
            {
                "title": name,
                "as_of": f"{origin}-09-30",
                "target": {
                    "measure": "turnover",
                    "period": origin + 2,
                    "at_least": float(rows.last_full.iloc[0]),
                },
                "observations": [
                    {"measure": flow, "period": period, "value": float(f"{v:.4f}")}
                    for (flow, period), v in figures.items()
                ],
            }
        )
        actual = dict(zip(rows.target_year.astype(int), rows.actual.astype(float), strict=True))
        found.append(Case(partner, int(origin), "turnover", float(rows.last_full.iloc[0]), scenario, actual))
    return found


def read_totals(totals: Path, origins: Iterable[int] = (2011, 2014, 2017)) -> list[Case]:
    """National totals as cases: ten years of exports and imports, asked at the end of January for the present year and the two after it.

    Args:
        totals: country, flow, year, value_musd.
        origins: the present years.
    """
    wide = pd.read_csv(totals).pivot_table(index=["country", "year"], columns="flow", values="value_musd")
    return [
        _nation(country, flows.droplevel(0), origin)
        for country, flows in wide.groupby(level=0)
        for origin in origins
    ]


def _nation(country: str, flows: pd.DataFrame, origin: int) -> Case:
    last_full = float(flows.loc[origin - 1].sum())
    scenario = Scenario.model_validate(
        {
            "title": country,
            "as_of": f"{origin}-01-31",
            "target": {"measure": "turnover", "period": origin + 2, "at_least": last_full},
            "observations": [
                {"measure": flow, "period": year, "value": float(max(flows.loc[year, flow], 0.05))}
                for year in range(origin - 10, origin)
                for flow in ("exports", "imports")
            ],
        }
    )
    actual = {year: float(flows.loc[year].sum()) for year in range(origin, origin + 3)}
    return Case(country, origin, "turnover", last_full, scenario, actual)


def _periods(origin: int) -> Iterable[str]:
    return [
        *(str(year) for year in range(origin - 10, origin)),
        *(f"{year}-01..{year}-09" for year in (origin - 1, origin)),
    ]


def _single_months(origin: int) -> Iterable[str]:
    return [
        f"{year}-{month:02d}"
        for year in range(origin - 10, origin + 1)
        for month in range(1, 10 if year == origin else 13)
    ]


def _months(monthly: Path) -> dict[tuple[str, str, str], float]:
    """Every month, by partner, flow and period."""
    return {(row.partner, row.flow, row.period): row.value_musd for row in pd.read_csv(monthly).itertuples()}


def _sums(monthly: Path) -> dict[tuple[str, str, str], float]:
    """Sums of every year and every January to September, by partner, flow and period."""
    trade = pd.read_csv(monthly)
    trade[["year", "month"]] = trade.period.str.split("-", expand=True).astype(int)
    annual = trade.groupby(["partner", "flow", "year"]).value_musd.sum()
    nine = trade[trade.month <= 9].groupby(["partner", "flow", "year"]).value_musd.sum()
    return {(p, f, str(y)): v for (p, f, y), v in annual.items()} | {
        (p, f, f"{y}-01..{y}-09"): v for (p, f, y), v in nine.items()
    }


def _published(inputs: Path) -> dict[tuple[str, str, str], float]:
    table = pd.read_csv(inputs, dtype={"period": str})
    return {(row.case, row.flow, row.period): row.value_musd for row in table.itertuples()}


def crps_log(quantiles: np.ndarray, actual: float) -> float:
    """The CRPS of log turnover by 39 quantiles, as a backtest scores it."""
    return float(crps_of_quantiles(np.log(np.maximum(quantiles, 1e-9)), np.log(actual)))
