"""Plain Monte Carlo of the same law, without the estimator: own sampler, own tails, own windows, own levers.

Independent by construction: of the package it uses only the law of the baseline (mean, covariance, windows) and the answers under
test. 10^5 paths in the default tier; the million-path version runs in CI only (RUN_MILLION=1).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator import Scenario, simulate
from simulator.baseline import Law, fit_scenario
from simulator.periods import Period, month_text, parse_month
from tests.cases import LEVERS, SLUMP, SPLIT, TOTALS_ONLY, scenario

PATHS = 100_000
CHUNK = 20_000
Flows = dict[str, np.ndarray]


def draw_number(written: Any, size: int, generator: np.random.Generator, read: Callable[[Any], float]) -> np.ndarray:
    """A written uncertain number by NumPy's own samplers."""
    if not isinstance(written, dict):
        return np.full(size, read(written))
    numbers = {key: read(value) for key, value in written.items()}
    if "likely" in numbers:
        return generator.triangular(numbers["low"], numbers["likely"], numbers["high"], size)
    if "p95" in numbers:
        a, b = np.log(numbers["p5"]), np.log(numbers["p95"])
        return generator.lognormal((a + b) / 2, (b - a) / (2 * stats.norm.ppf(0.95)), size)
    return generator.normal(numbers["mean"], numbers["sd"], size)


def percent(raw: Any) -> float:
    return float(str(raw).rstrip("%")) / 100 if str(raw).endswith("%") else float(raw)


def shape_of(months: np.ndarray, start: np.ndarray, rise: float, hold: float | None, fall: float) -> np.ndarray:
    age = months[None, :] - np.floor(start)[:, None]
    up = np.where(age >= 0, np.minimum(1, (age + 1) / rise) if rise else 1.0, 0.0)
    if hold is None:
        return up
    over = age + 1 - rise - hold
    return up * np.where(over <= 0, 1.0, np.clip(1 - over / fall, 0, 1) if fall else 0.0)


def streams_of(lever: dict[str, Any], directions: dict[str, str]) -> list[str]:
    named = lever.get("streams") or list(directions)
    return [key for key, direction in directions.items() if key in named or direction in named]


def apply_levers(
    case: dict[str, Any], flows: Flows, median: Flows, directions: dict[str, str], months: np.ndarray, generator: np.random.Generator
) -> None:
    """Change the flows ahead, in place."""
    size = len(next(iter(flows.values())))
    factor = {key: np.ones((size, months.size)) for key in flows}
    money = {key: np.zeros((size, months.size)) for key in flows}
    for lever in case.get("levers", {}).values():
        start = draw_number(lever.get("start", month_text(int(months[0]))), size, generator, parse_month)
        shape = shape_of(months, np.maximum(start, months[0]), lever.get("phase_in", 0), lever.get("duration"), lever.get("fade", 0))
        shape = shape * (generator.random(size) < lever.get("probability", 1))[:, None]
        touched = streams_of(lever, directions)
        whole = sum(median[key] for key in touched)
        if "percent" in lever:
            size_of = draw_number(lever["percent"], size, generator, percent)
            for key in touched:
                factor[key] *= np.exp(np.log1p(size_of)[:, None] * shape)
        else:
            added = draw_number(lever["money"], size, generator, float)[:, None] / 12 * shape
            for key in touched:
                money[key] += added * median[key] / whole
    for risk in case.get("risks", {}).values():
        p = percent(risk["yearly_probability"])
        strike = np.floor(months[0] + 12 * np.log(1 - generator.random(size)) / np.log(1 - p))
        depth = draw_number(risk["depth"], size, generator, percent)
        shape = shape_of(months, strike, 0, risk.get("duration", 12), risk.get("recovery", 24))
        for key in streams_of(risk, directions):
            factor[key] *= np.exp(np.log1p(-depth)[:, None] * shape)
    for key in flows:
        flows[key][:, -months.size :] = flows[key][:, -months.size :] * factor[key] + money[key]


def paths(case: dict[str, Any], built: Scenario, count: int, seed: int) -> tuple[Law, Callable[[], Flows]]:
    """A sampler of monthly flows of every stream the figures tell apart (exports and imports in one where they do not)."""
    law = fit_scenario(built)
    generator = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(law.covariance)
    root = vectors[:, values > 0] * np.sqrt(values[values > 0])
    names = ["+".join(group) for group in law.groups]
    directions = {"+".join(group): built.streams[group[0]].direction for group in law.groups}
    months = np.arange(law.ahead, law.grid.last + 1)
    shape = law.mean.shape

    def chunk() -> Flows:
        chi = generator.gamma(law.tails / 2, 2 / law.tails, count)
        scale = np.minimum(1 / np.sqrt(chi), 3)
        flow = np.exp(law.mean.ravel() + scale[:, None] * (generator.standard_normal((count, root.shape[1])) @ root.T)).reshape(count, *shape)
        fixed = np.zeros(shape, dtype=bool)
        for window in sorted(law.windows, key=lambda w: (w.period.months, len(w.streams), w.period.first)):
            inside = np.zeros(shape, dtype=bool)
            inside[list(window.streams), window.period.first - law.grid.first : window.period.last - law.grid.first + 1] = True
            free = inside & ~fixed
            if free.any():
                flow[:, free] *= ((window.value - flow[:, inside & fixed].sum(axis=1)) / flow[:, free].sum(axis=1))[:, None]
            fixed |= inside
        flows = {name: flow[:, k].copy() for k, name in enumerate(names)}
        median = {name: np.exp(law.mean[k, -months.size :]) for k, name in enumerate(names)}
        apply_levers(case, flows, median, directions, months, generator)
        return flows

    return law, chunk


def brute(case: dict[str, Any], count: int, seed: int = 11) -> tuple[Scenario, list[np.ndarray]]:
    """The totals of every target in every path."""
    built = scenario(**case)
    law, chunk = paths(case, built, CHUNK, seed)
    totals: list[list[np.ndarray]] = [[] for _ in built.target]
    for _ in range(count // CHUNK):
        flows = chunk()
        for found, target in zip(totals, built.target, strict=True):
            months = slice(target.period.first - law.grid.first, target.period.last - law.grid.first + 1)
            found.append(sum(sign(built, target.measure, name) * flow[:, months].sum(axis=1) for name, flow in flows.items()))
    return built, [np.concatenate(found) for found in totals]


def sign(built: Scenario, measure: str, name: str) -> int:
    keys = name.split("+")
    directions = {built.streams[key].direction for key in keys}
    if measure == "turnover":
        return 1
    if measure == "balance":
        return 1 if directions == {"exports"} else -1
    return int(directions == {measure} or keys == [measure])


def agree(case: dict[str, Any], count: int = PATHS) -> float:
    """The estimator's answer, after holding it to three standard errors of brute force."""
    built, totals = brute(case, count)
    hit = np.ones(count, dtype=bool)
    for target, total in zip(built.target, totals, strict=True):
        hit &= (total >= target.at_least) if target.at_least is not None else (total <= target.at_most)
    result = simulate(built)
    p = hit.mean()
    error = np.hypot(np.sqrt(max(p * (1 - p), result.probability * (1 - result.probability)) / count), result.standard_error)
    assert abs(result.probability - p) < 3 * error, (result.probability, p, error)
    return result.probability


def quarterly() -> list[dict[str, Any]]:
    generator = np.random.default_rng(5)
    level, rows = 80.0, []
    for quarter in range(2008 * 4, 2018 * 4):
        level *= float(np.exp(0.08 * generator.standard_normal() + 0.01))
        for measure, share in (("exports", 0.6), ("imports", 0.4)):
            rows.append(
                {
                    "measure": measure,
                    "period": f"{quarter // 4}-Q{quarter % 4 + 1}",
                    "value": round(level * share * float(np.exp(0.05 * generator.standard_normal())), 1),
                }
            )
    return rows


def monthly() -> list[dict[str, Any]]:
    generator = np.random.default_rng(6)
    rows = []
    for month in range(2014 * 12, 2018 * 12):
        for measure, level in (("exports", 20.0), ("imports", 1.5)):
            value = round(level * float(np.exp(0.2 * generator.standard_normal())), 1)
            rows.append({"measure": measure, "period": month_text(month), "value": 0 if measure == "imports" and month % 9 == 0 else value})
    return rows


FIVE = {
    "observations": [
        *(
            {"measure": m, "period": y, "value": v + 3 * (y - 2014)}
            for y in (2015, 2016, 2017)
            for m, v in (("exports", 300), ("machinery", 120), ("imports", 90), ("energy", 60))
        ),
        {"measure": "turnover", "period": "2018-01..2018-06", "value": 205},
    ],
    "streams": {
        "machinery": {"direction": "exports"},
        "light": {"direction": "exports", "share": {"low": 0.2, "likely": 0.3, "high": 0.5}},
        "other": {"direction": "exports"},
        "consumer": {"direction": "imports"},
        "energy": {"direction": "imports"},
    },
}


def target(measure: str, period: object, **bound: float) -> dict[str, Any]:
    return {"measure": measure, "period": period, **bound}


WITH = {"observations": SPLIT, "levers": LEVERS, "risks": SLUMP}
CASES: dict[str, dict[str, Any]] = {
    "flagship": {"observations": SPLIT},
    "flagship with levers and a risk": WITH,
    "about one in a thousand": WITH | {"target": target("turnover", 2020, at_least=6000)},
    "all but one in a thousand": WITH | {"target": target("turnover", 2020, at_least=170)},
    "totals only": {"observations": TOTALS_ONLY},
    "at most": WITH | {"target": target("turnover", 2020, at_most=700)},
    "balance": WITH | {"target": target("balance", 2020, at_least=600)},
    "exports alone": WITH | {"target": target("exports", 2020, at_least=800)},
    "imports alone": WITH | {"target": target("imports", 2019, at_most=80)},
    "a quarter": WITH | {"target": target("turnover", "2019-Q2", at_least=200)},
    "a partly published year": WITH | {"target": target("turnover", 2018, at_least=850)},
    "a part of a published sum": {"observations": SPLIT, "target": target("exports", "2017", at_least=612)},
    "two years at once": WITH | {"target": [target("turnover", 2019, at_least=800), target("turnover", 2020, at_least=900)]},
    "at least and at most": WITH | {"target": [target("exports", 2020, at_least=700), target("imports", 2020, at_most=100)]},
    "another currency, quarterly": {"observations": quarterly(), "currency": "EUR", "target": target("turnover", 2019, at_least=500)},
    "monthly with zeros": {"observations": monthly(), "target": target("turnover", 2019, at_least=270)},
    "five streams": FIVE | {"target": target("exports", 2020, at_least=320)},
}


@pytest.mark.parametrize("name", CASES)
def test_the_estimator_agrees_with_plain_monte_carlo(name: str) -> None:
    found = agree(CASES[name])
    if name == "about one in a thousand":
        assert found < 0.004
    if name == "all but one in a thousand":
        assert found > 0.996


@pytest.mark.million
@pytest.mark.skipif(os.environ.get("RUN_MILLION") != "1", reason="a million paths; set RUN_MILLION=1, as .ci/run does")
@pytest.mark.parametrize("name", ["flagship", "flagship with levers and a risk", "about one in a thousand", "balance", "two years at once"])
def test_the_estimator_agrees_with_a_million_paths(name: str) -> None:
    agree(CASES[name], 1_000_000)


def test_quantiles_agree_with_plain_monte_carlo() -> None:
    built, (total,) = brute(WITH | {"target": target("turnover", 2020, at_least=1000)}, PATHS)
    for p, x in zip((0.05, 0.5, 0.95), simulate(built).quantiles("turnover", "2020", [0.05, 0.5, 0.95]), strict=True):
        assert np.mean(total <= x) == pytest.approx(p, abs=3.5 * np.sqrt(p * (1 - p) / PATHS))


@pytest.mark.parametrize("tails", [100_000, 2.9])
def test_one_month_of_one_stream_is_the_closed_form(tails: float) -> None:
    """Log-normal, and cut log-t by quadrature over the scale."""
    month = [{"measure": "turnover", "period": "2018-06", "value": 50.0, "error": "4%"}]
    case = scenario(month, target("turnover", "2019-06", at_least=70), outlook={"tails": tails, "world": None})
    law = fit_scenario(case)
    cell = law.cells(Period.parse("2019-06"))[0]
    gap = (law.mean.ravel()[cell] - np.log(70)) / np.sqrt(law.covariance[cell, cell])
    uniform = (np.arange(200_000) + 0.5) / 200_000
    scale = np.minimum(1 / np.sqrt(stats.gamma.ppf(uniform, tails / 2, scale=2 / tails)), 3)
    result = simulate(case)
    assert result.probability == pytest.approx(stats.norm.cdf(gap / scale).mean(), abs=max(4 * result.standard_error, 2e-6))
    if tails > 100:
        assert result.probability == pytest.approx(stats.norm.cdf(gap), abs=2e-5)
