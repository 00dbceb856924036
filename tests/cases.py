"""Small data of the tests' own."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator import Scenario

SPLIT: list[dict[str, Any]] = [
    {"measure": "turnover", "period": 2017, "value": 690.8, "growth": "64.8%"},
    {"measure": "turnover", "period": "2018-01..2018-09", "value": 610.5, "growth": "44%"},
    {"measure": "exports", "period": "2018-01..2018-09", "value": 539.2, "growth": "45.8%"},
    {"measure": "imports", "period": "2018-01..2018-09", "value": 71.3, "growth": "31.3%"},
]
TOTALS_ONLY = SPLIT[:2]
LEVERS: dict[str, Any] = {
    "ventures": {
        "kind": "custom",
        "money": {"low": 5, "likely": 20, "high": 60},
        "start": {"low": "2019-01", "likely": "2019-06", "high": "2020-06"},
        "phase_in": 12,
        "streams": ["exports"],
    },
    "support": {
        "kind": "custom",
        "percent": {"p5": "0.5%", "p95": "6%"},
        "start": "2019-01",
        "phase_in": 12,
        "streams": ["exports"],
    },
    "rules": {
        "kind": "custom",
        "percent": {"mean": "3%", "sd": "2%"},
        "probability": 0.6,
        "duration": 18,
        "fade": 6,
    },
}
NAMES = {"ventures": "New ventures", "support": "Support", "rules": "Rules"}
NAMED: dict[str, Any] = {key: {**lever, "name": NAMES[key]} for key, lever in LEVERS.items()}
NAMED["ventures"]["bounds"] = {"money": [0, 2000]}  # far enough for any probability that is wanted
COSTS = {"ventures": 0.5, "rules": 4.0}
SLUMP: dict[str, Any] = {
    "slump": {
        "kind": "disruption",
        "enabled": True,
        "yearly_probability": "8%",
        "depth": {"low": "20%", "likely": "30%", "high": "50%"},
    }
}


def scenario(observations: list[dict[str, Any]] | None = None, target: Any = None, **fields: Any) -> Scenario:
    """A scenario on the figures of the case, or on others."""
    return Scenario.model_validate(
        {
            "title": "A case",
            "as_of": "2018-10-31",
            "target": target or {"measure": "turnover", "period": 2020, "at_least": 1000},
            "observations": SPLIT if observations is None else observations,
            **fields,
        }
    )


def national(
    partners: int, *, under_way: bool = False, total: bool = False, named: bool = False, last: int = 2022
) -> dict[str, Any]:
    """Made-up exports to and imports from some partners, by year since 2013.

    ``under_way`` adds nine months of the year under way, ``total`` leaves out the last stream but gives turnover;
    ``named`` streams name their partner.
    """
    generator = np.random.default_rng(partners)
    observations: list[dict[str, Any]] = []
    sums: dict[str, float] = {}
    streams = {
        f"{way}-{k}": {"direction": way} | ({"partner": f"Partner {k}"} if named else {})
        for k in range(partners)
        for way in ("exports", "imports")
    }
    for number, key in enumerate(streams):
        flow = 100.0 * (1 + number % 5)
        for year in range(2013, last + 1 + under_way):
            flow *= float(np.exp(generator.normal(0.05, 0.15)))
            nine = round(0.74 * flow, 1)
            if year <= last:
                observations.append({"measure": key, "period": year, "value": round(flow, 1)})
                sums[str(year)] = sums.get(str(year), 0.0) + round(flow, 1)
            if under_way and year >= last:
                observations.append({"measure": key, "period": f"{year}-01..{year}-09", "value": nine})
    if total:
        last_key = list(streams)[-1]
        observations = [o for o in observations if o["measure"] != last_key or o["period"] == last]
        observations += [
            {"measure": "turnover", "period": int(year), "value": round(value, 1)}
            for year, value in sums.items()
        ]
    return {
        "title": "partners",
        "author": "tests",
        "as_of": f"{last + 1}-11-15",
        "home": "A",
        "partner": "World",
        "streams": streams,
        "observations": observations,
        "target": {"measure": "exports", "period": last + 2, "at_least": 300 * partners},
    }


def months(years: int) -> dict[str, Any]:
    """Made-up exports and imports of two countries by month, up to 2022."""
    generator = np.random.default_rng(years)
    observations = []
    for way in ("exports", "imports"):
        walk = np.cumsum(generator.normal(0.004, 0.05, 12 * years))
        for number, log in enumerate(walk + generator.normal(0, 0.1, 12 * years)):
            period = f"{2023 - years + number // 12}-{number % 12 + 1:02d}"
            value = round(100 * float(np.exp(log)), 1)
            observations.append({"measure": way, "period": period, "value": value})
    target = {"measure": "turnover", "period": 2024, "at_least": 4000}
    parts = {"as_of": "2023-01-31", "partner": "B", "streams": None, "observations": observations}
    return {k: v for k, v in (national(1) | parts | {"target": target}).items() if v is not None}
