"""An office's folder as tests make it up: fifty files of many kinds, one of them broken, one half-written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from simulator.files.reading import SHIPPED
from tests import cases

BROKEN, HALF = "zz-broken.yaml", "zz-half-written.yaml"
HUNGARY = {
    "title": "Trade with Hungary",
    "as_of": "2024-09-30",
    "home": "Kazakhstan",
    "partner": "Hungary",
    "currency": "EUR",
}


def quarters(first: int = 2021) -> list[dict[str, Any]]:
    """Turnover by quarter, each published 47 to 50 days after its end; the last one a revision too."""
    days = ("05-19", "08-18", "11-17", "02-17")
    made = []
    for number in range(4 * (2024 - first) + 2):
        year, quarter = first + number // 4, number % 4
        day = f"{year + (quarter == 3)}-{days[quarter]}"
        made.append(
            {
                "measure": "turnover",
                "period": f"{year}-Q{quarter + 1}",
                "value": 100 + 3 * number,
                "published": day,
            }
        )
    return made


def pair(target: Any, observations: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """A pair of countries with its figures by quarter."""
    return {
        **HUNGARY,
        "target": target,
        "observations": quarters() if observations is None else observations,
    } | fields


def turnover(period: Any = 2026, **side: Any) -> dict[str, Any]:
    return {"measure": "turnover", "period": period, **side}


def kinds() -> dict[str, dict[str, Any]]:
    """Scenarios of many kinds by name of their file."""
    money = {"resolved_by": "KSH, final figures", **turnover(at_least=700)}
    return {
        "amount": pair(money),
        "ceiling": pair(turnover(at_most=650)),
        "growth": pair(turnover(growth_at_least="6%")),
        "growth-a-year": pair(turnover(growth_at_least="4%", since=2023, a_year=True)),
        "two-targets": pair([money, turnover(2025, at_least=560)]),
        "every-year": pair(turnover([2025, 2026], at_least=560)),
        "reached": pair(turnover(2023, at_least=400)),
        "missed": pair(turnover(2023, at_least=900)),
        "tenge": pair(
            turnover(at_least=330), title="Tenge", currency="KZT", unit="billion", partner="Uzbekistan"
        ),
        "in-dollars": pair(turnover(at_least="700 USD"), rates={"USD": 0.9}),
        "share": cases.months(3)
        | {"target": {"measure": "exports", "of": "turnover", "period": 2024, "share_at_least": "50%"}},
        "balance": cases.months(4)
        | {"target": {"measure": "balance", "period": 2024, "at_least": 100}, "home": "A"},
        "nation": cases.national(3, named=True),
        "under-way": cases.national(2, under_way=True),
        "split": {
            "title": "Belarus",
            "as_of": "2018-10-31",
            "partner": "Kazakhstan",
            "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
            "observations": cases.SPLIT,
            "levers": cases.LEVERS,
        },
        "one-figure": pair(turnover(at_least=700), quarters()[-1:], title="One figure"),
    }


def office(folder: Path, files: int = 50, *, broken: bool = True) -> Path:
    """A folder of so many files; with ``broken`` two of them cannot be answered, and one is a temporary."""
    folder.mkdir(parents=True, exist_ok=True)
    sound = files - (2 if broken else 0)
    texts = {name: yaml.safe_dump(made, sort_keys=False) for name, made in kinds().items()}
    texts |= {file.stem: file.read_text("utf-8") for file in sorted(SHIPPED.glob("*.yaml"))}
    for number in range(sound):
        trend = {"trend": (1 + number % 5) / 100}
        made = pair(
            turnover(at_least=600 + 10 * number),
            title=f"Case {number}",
            partner=f"Land {number}",
            outlook=trend,
        )
        texts[f"land-{number:02}"] = yaml.safe_dump(made, sort_keys=False)
    for name, text in list(texts.items())[:sound]:
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    if broken:
        flawed = yaml.safe_dump(pair(turnover(at_leest=700)), sort_keys=False)
        (folder / BROKEN).write_text(flawed, "utf-8")
        (folder / HALF).write_text(flawed[: len(flawed) // 2].rstrip("\n"), "utf-8")
        (folder / ".being-saved.yaml.tmp").write_text("title: half", "utf-8")
        os.utime(folder / HALF)
    return folder
