"""Small data of the tests' own."""

from __future__ import annotations

from typing import Any

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
