"""Plain Monte Carlo of the same law, written from the design: the check on the estimator, the windows and the levers.

Independent by construction: of the package it takes the vocabulary, the periods, the baseline's law (mean, covariance, windows, drawn sums) and
the answers under test; the sampler, the tails and their cut, the uncertain numbers, the published sums, the levers and the risks are
written here once more, in the plainest way. Whatever the estimator does, it must agree with counting paths.

Default tier: 4 x 10^4 paths a case; 10^5 in CI, of some a million.
Seeds are fixed and were chosen once. Thresholds are quantiles of a pilot run, so that no recalibration makes a case trivial.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator import Scenario, simulate
from simulator.model.law import Law, fit_scenario
from simulator.model.targets import conditions
from simulator.values.periods import Period, month_text
from tests.tiers import examples, sampled

PATHS, PILOT, CHUNK, MANY = examples(100_000, 40_000), 20_000, 20_000, examples(2**15, 2**14)
SEED, PILOT_SEED = 20181031, 7
ERRORS = 3.0  # brute-force standard errors allowed
CUT = 3.0
Case = dict[str, Any]
Question = tuple[str, Period]


# The plain simulation: draws, published sums, levers, risks.


def number(raw: Any) -> float:
    """A number, a percent as a fraction, or a month counted from year 0."""
    if not isinstance(raw, str):
        return float(raw)
    if raw.endswith("%"):
        return float(raw[:-1]) / 100
    year, month = raw.split("-")
    return 12 * int(year) + int(month) - 1.0


def draw(raw: Any, size: int, rng: np.random.Generator) -> np.ndarray:
    """One independent draw a path of a written uncertain number, by NumPy's own samplers."""
    if not isinstance(raw, dict):
        return np.full(size, number(raw))
    if "choices" in raw:
        return rng.choice([number(value) for value in raw["choices"]], size, p=list(raw["choices"].values()))
    given = {key: number(value) for key, value in raw.items()}
    if "likely" in given:
        return rng.triangular(given["low"], given["likely"], given["high"], size)
    if "alpha" in given:
        return rng.beta(given["alpha"], given["beta"], size)
    if "mean" in given:
        return rng.normal(given["mean"], given["sd"], size)
    both, z95 = np.array([given["p5"], given["p95"]]), stats.norm.ppf(0.95)
    if both.min() > 0:
        low, high = np.log(both)
        return rng.lognormal((low + high) / 2, (high - low) / (2 * z95), size)
    return rng.normal(both.mean(), (both[1] - both[0]) / (2 * z95), size)


def profile(
    months: np.ndarray, start: np.ndarray, rise: np.ndarray, hold: np.ndarray | None, fade: np.ndarray
) -> np.ndarray:
    """How much of its full effect a lever has in each month of each path, shape (paths, months)."""
    age = months[None, :] - start[:, None]  # 0 in the first month of effect
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.where(rise[:, None] > 0, np.minimum(1, (age + 1) / rise[:, None]), 1.0)
        height = np.where(age >= 0, height, 0.0)
        if hold is None:
            return height
        beyond = age + 1 - rise[:, None] - hold[:, None]
        gone = np.where(fade[:, None] > 0, np.clip(beyond / fade[:, None], 0, 1), beyond > 0)
    return height * (1 - gone)


class Paths:
    """Simulated monthly flows of one scenario.

    A line of trade is a stream of the scenario; streams of both directions that no figure tells apart are one line of no direction.
    """

    def __init__(self, case: Case, seed: int) -> None:
        self.case, self.scenario = case, Scenario.model_validate(case)
        self.law: Law = fit_scenario(self.scenario)
        self.rng = np.random.default_rng(seed)
        self.months = np.arange(self.law.ahead, self.law.grid.last + 1)
        values, vectors = np.linalg.eigh(self.law.covariance - self.law.lift @ self.law.lift.T)
        self.root = vectors * np.sqrt(np.maximum(values, 0))
        self.direction: dict[str, str] = {}
        self.median: dict[str, np.ndarray] = {}
        for group, mean in zip(self.law.groups, self.law.mean, strict=True):
            directions = {self.scenario.streams[key].direction for key in group}
            lines = group if len(directions) == 1 else ("+".join(group),)
            for line in lines:
                self.direction[line] = directions.copy().pop() if len(directions) == 1 else "both"
                self.median[line] = np.exp(mean[self.law.ahead - self.law.grid.first :])

    def totals(self, questions: Sequence[Question], count: int) -> np.ndarray:
        """The sums asked for in every path, shape (questions, count)."""
        assert count % CHUNK == 0
        return np.concatenate(
            [[self._sum(flows, *q) for q in questions] for flows in self._chunks(count // CHUNK)], axis=1
        )

    def _sum(self, flows: dict[str, np.ndarray], measure: str, period: Period) -> np.ndarray:
        months = slice(period.first - self.law.grid.first, period.last - self.law.grid.first + 1)
        total = np.zeros(CHUNK)
        for line, flow in flows.items():
            direction = self.direction[line]
            assert measure == "turnover" or direction != "both", "not known"
            weight = {"turnover": 1, "balance": 1 if direction == "exports" else -1}.get(
                measure, int(measure in (line, direction))
            )
            total += weight * flow[:, months].sum(axis=1)
        return total

    def _chunks(self, count: int) -> Iterator[dict[str, np.ndarray]]:
        for _ in range(count):
            flows = self._split(self._rescaled(*self._baseline()))
            self._act(flows)
            yield flows

    def _baseline(self) -> tuple[np.ndarray, np.ndarray]:
        """Flows of the law's streams, shape (paths, streams, months), and the sums with an error, shape (paths, sums).

        The errors of the figures are plain normals that the flows load on; the rest of the flows is normal with one tail scale a path.
        """
        df = self.law.tails
        scale = np.minimum(1 / np.sqrt(self.rng.gamma(df / 2, 2 / df, CHUNK)), CUT)
        normal = self.rng.standard_normal((CHUNK, self.law.mean.size)) @ self.root.T
        errors = self.rng.standard_normal((CHUNK, len(self.law.drawn)))
        logs = self.law.mean.ravel() + scale[:, None] * normal + errors @ self.law.lift.T
        return np.exp(logs).reshape(CHUNK, *self.law.mean.shape), np.exp(
            [s.log for s in self.law.drawn] + errors @ self.law.root.T
        )

    def _rescaled(self, flow: np.ndarray, sums: np.ndarray) -> np.ndarray:
        """Every published or drawn sum met: finest first (of equals the earliest), one factor a path on what no finer one has fixed."""
        fixed = np.zeros(self.law.mean.shape, dtype=bool)
        given = [(window, np.full(CHUNK, window.value)) for window in self.law.windows] + list(
            zip(self.law.drawn, sums.T, strict=True)
        )
        for window, value in sorted(
            given, key=lambda pair: (pair[0].period.months, len(pair[0].streams), pair[0].period)
        ):
            inside = np.zeros_like(fixed)
            inside[
                list(window.streams),
                window.period.first - self.law.grid.first : window.period.last - self.law.grid.first + 1,
            ] = True
            free = inside & ~fixed
            if free.any():
                rest = value - flow[:, inside & fixed].sum(axis=1)
                assert (rest >= 0).all(), (
                    "parts above their whole: the rule says nothing of such draws, so no case may hold them"
                )
                flow[:, free] *= (rest / flow[:, free].sum(axis=1))[:, None]
            fixed |= inside
        return flow

    def _split(self, flow: np.ndarray) -> dict[str, np.ndarray]:
        """The law's streams as lines of trade: product groups that no figure tells apart by their drawn shares."""
        lines: dict[str, np.ndarray] = {}
        for k, group in enumerate(self.law.groups):
            if len(group) == 1 or "+".join(group) in self.direction:
                lines["+".join(group)] = flow[:, k].copy()
            else:
                shares = np.array(
                    [draw(self.case["streams"][key]["share"], CHUNK, self.rng) for key in group]
                )
                for key, share in zip(group, shares / shares.sum(axis=0), strict=True):
                    lines[key] = flow[:, k] * share[:, None]
        return lines

    def _act(self, flows: dict[str, np.ndarray]) -> None:
        """Levers and risks on the months ahead, in place: percents multiply, money is added, or taken away as a part of the median flow."""
        size, ahead = CHUNK, slice(self.law.ahead - self.law.grid.first, None)
        shift = {line: np.zeros((size, self.months.size)) for line in flows}
        money = {line: np.zeros((size, self.months.size)) for line in flows}
        for lever in self.case.get("levers", {}).values():
            height = self._height(lever, self._start(lever), lever.get("duration"), lever.get("fade", 0))
            touched = self._touched(lever)
            if "percent" in lever:
                percent = draw(lever["percent"], size, self.rng)
                for line in touched:
                    shift[line] += np.log1p(percent)[:, None] * height
            else:
                amount = draw(lever["money"], size, self.rng)[:, None] / 12 * height
                whole = sum(self.median[other] for other in touched)
                for line in touched:
                    money[line] += np.maximum(amount, 0) * self.median[line] / whole
                    shift[line] += np.log(np.maximum(1 + np.minimum(amount, 0) / whole, 1e-9))
        for risk in self.case.get("risks", {}).values():
            if risk.get("enabled"):
                chance = draw(risk["yearly_probability"], size, self.rng)
                wait = 12 * np.log(1 - self.rng.random(size)) / np.log(1 - chance)
                lasts = risk["recovery"] == "never"
                hold, recovery = (None, 0) if lasts else (risk["duration"], risk["recovery"])
                height = self._height(risk, np.floor(self._start(risk) + wait), hold, recovery)
                depth = draw(risk["depth"], size, self.rng)
                for line in self._touched(risk):
                    shift[line] += np.log1p(-depth)[:, None] * height
        for line, flow in flows.items():
            flow[:, ahead] = flow[:, ahead] * np.exp(shift[line]) + money[line]

    def _start(self, lever: Case) -> np.ndarray:
        if "start" not in lever:
            return np.full(CHUNK, self.months[0])
        return np.maximum(np.floor(draw(lever["start"], CHUNK, self.rng)), self.months[0])

    def _height(self, lever: Case, start: np.ndarray, hold: Any, fade: Any) -> np.ndarray:
        rise, fades = draw(lever.get("phase_in", 0), CHUNK, self.rng), draw(fade, CHUNK, self.rng)
        height = profile(
            self.months, start, rise, None if hold is None else draw(hold, CHUNK, self.rng), fades
        )
        return height * (self.rng.random(CHUNK) < lever.get("probability", 1))[:, None]

    def _touched(self, lever: Case) -> list[str]:
        named = lever.get("streams", list(self.direction))
        return [line for line, direction in self.direction.items() if line in named or direction in named]


# The cases.


class At(float):
    """A threshold at this quantile of a pilot run."""


def ask(measure: str, period: object, **bound: float) -> Case:
    return {"measure": measure, "period": period, **bound}


def case(observations: list[Case], target: Any, **fields: Any) -> Case:
    return {
        "title": "A case",
        "as_of": "2018-10-31",
        "observations": observations,
        "target": target,
        **fields,
    }


def figure(measure: str, period: object, value: float, error: object) -> Case:
    return {"measure": measure, "period": period, "value": value, "error": error}


def exports_and_imports() -> list[Case]:
    return [
        {"measure": "turnover", "period": 2017, "value": 690.8, "growth": "64.8%"},
        {"measure": "turnover", "period": "2018-01..2018-09", "value": 610.5, "growth": "44%"},
        {"measure": "exports", "period": "2018-01..2018-09", "value": 539.2, "growth": "45.8%"},
        {"measure": "imports", "period": "2018-01..2018-09", "value": 71.3, "growth": "31.3%"},
    ]


LEVERS: Case = {
    "plants": {
        "kind": "custom",
        "money": {"low": 5, "likely": 20, "high": 80},
        "start": {"low": "2019-01", "likely": "2019-07", "high": "2020-06"},
        "phase_in": 18,
        "streams": ["exports"],
    },
    "corridor": {
        "kind": "custom",
        "percent": {"p5": "1%", "p95": "8%"},
        "start": "2019-03",
        "phase_in": {"low": 3, "likely": 6, "high": 12},
        "duration": 12,
        "fade": 9,
        "probability": 0.7,
    },
    "parts": {
        "kind": "custom",
        "percent": {"mean": "10%", "sd": "5%"},
        "phase_in": 6,
        "streams": ["imports"],
    },
}
SLUMP: Case = {
    "slump": {
        "kind": "disruption",
        "enabled": True,
        "yearly_probability": "10%",
        "depth": {"low": "20%", "likely": "30%", "high": "50%"},
        "phase_in": 3,
        "duration": 12,
        "recovery": 24,
    },
    "off": {
        "kind": "disruption",
        "yearly_probability": "50%",
        "depth": "90%",
        "duration": 12,
        "recovery": 24,
    },
}
EVERY_FORM: Case = {
    "choices": {
        "kind": "custom",
        "percent": {"choices": {"0%": 0.3, "5%": 0.5, "20%": 0.2}},
        "start": {"choices": {"2019-01": 0.5, "2020-03": 0.5}},
    },
    "beta": {
        "kind": "custom",
        "percent": {"alpha": 2, "beta": 8},
        "streams": ["exports"],
        "start": "2017-01",
        "phase_in": 20,
    },
    "normal": {
        "kind": "custom",
        "percent": {"mean": "-6%", "sd": "4%"},
        "phase_in": {"p5": 2, "p95": 8},
        "duration": {"low": 6, "likely": 12, "high": 24},
        "fade": {"mean": 6, "sd": 1},
    },
    "percentiles": {"kind": "custom", "money": {"p5": -20, "p95": 60}, "phase_in": 0.5, "duration": 18.5},
    "loss": {"kind": "custom", "money": {"p5": -90, "p95": 10}, "start": "2019-03", "streams": ["imports"]},
    "lognormal": {
        "kind": "custom",
        "money": {"p5": 5, "p95": 60},
        "start": {"mean": "2019-02", "sd": 5},
        "probability": 0.5,
    },
}
LASTING: Case = {
    "embargo": {
        "kind": "disruption",
        "enabled": True,
        "yearly_probability": "25%",
        "depth": {"alpha": 3, "beta": 4},
        "start": "2019-07",
        "duration": 6,
        "recovery": "never",
        "probability": 0.8,
        "streams": ["imports"],
    }
}


def quarterly() -> list[Case]:
    """Ten years of quarters in both directions: a random walk."""
    rng, rows, level = np.random.default_rng(5), [], np.log([52.0, 31.0])
    for quarter in range(4 * 2008, 4 * 2018 + 2):
        level = level + rng.normal(0.01, 0.09, 2)
        for measure, value in zip(
            ("exports", "imports"), np.exp(level + rng.normal(0, 0.05, 2)), strict=True
        ):
            rows.append(
                {
                    "measure": measure,
                    "period": f"{quarter // 4}-Q{quarter % 4 + 1}",
                    "value": round(float(value), 1),
                }
            )
    return rows


def monthly() -> list[Case]:
    """Four years of months of three streams, two of them small and with months without trade, one of them two in a row."""
    rng, rows, level = np.random.default_rng(6), [], np.log([20.0, 1.5, 2.5])
    for month in range(12 * 2014 + 9, 12 * 2018 + 9):
        level = level + rng.normal(0.003, 0.06, 3)
        none = {"textiles": month % 9 == 0 or month % 17 == 3, "energy": month % 22 in (5, 6)}
        for measure, value in zip(
            ("machinery", "textiles", "energy"), np.exp(level + rng.normal(0, 0.2, 3)), strict=True
        ):
            rows.append(
                {
                    "measure": measure,
                    "period": month_text(month),
                    "value": 0 if none.get(measure) else round(float(value), 2),
                }
            )
    return rows


THREE: Case = {
    "machinery": {"direction": "exports"},
    "textiles": {"direction": "exports"},
    "energy": {"direction": "imports"},
}
FIVE: Case = {
    "machinery": {"direction": "exports"},
    "light": {"direction": "exports", "share": {"low": 0.1, "likely": 0.3, "high": 0.5}},
    "furniture": {"direction": "exports", "share": {"alpha": 4, "beta": 12}},
    "consumer": {"direction": "imports"},
    "energy": {"direction": "imports"},
}
FIVE_LEVERS: Case = {
    "leasing": {
        "kind": "custom",
        "percent": {"low": "5%", "likely": "20%", "high": "60%"},
        "streams": ["light"],
        "phase_in": 12,
    },
    "plants": {
        "kind": "custom",
        "money": {"p5": 5, "p95": 40},
        "streams": ["machinery", "consumer"],
        "start": "2019-04",
    },
    "chairs": {
        "kind": "custom",
        "money": {"low": 0, "likely": 5, "high": 20},
        "streams": ["furniture"],
        "probability": 0.4,
    },
}


def five() -> list[Case]:
    amounts = {
        "exports": (300, 330, 348),
        "machinery": (120, 141, 133),
        "imports": (90, 93, 104),
        "energy": (60, 55, 67),
    }
    years = [
        {"measure": m, "period": 2015 + k, "value": v}
        for m, values in amounts.items()
        for k, v in enumerate(values)
    ]
    return [*years, {"measure": "turnover", "period": "2018-01..2018-06", "value": 241.3}]


def flagship(target: Any, **fields: Any) -> Case:
    return case(exports_and_imports(), target, **{"levers": LEVERS, "risks": SLUMP} | fields)


def of_quarters(target: Any) -> Case:
    return case(quarterly(), target, currency="EUR", unit="thousand", levers=LEVERS, risks=SLUMP)


def of_months(target: Any, levers: Case, risks: Case) -> Case:
    return case(monthly(), target, streams=THREE, levers=levers, risks=risks)


def of_five(target: Any) -> Case:
    return case(five(), target, streams=FIVE, levers=FIVE_LEVERS, risks=SLUMP)


def with_errors(target: Any, **errors: str) -> Case:
    """Three years and the nine months after them in both directions; the figures of the named years (or of the nine months) have an error."""
    amounts = {
        "exports": (330, 320, 402, 539.2),
        "imports": (88, 94, 90, 71.3),
        "turnover": (418, 414, 492, 610.5),
    }
    periods = {"y2015": 2015, "y2016": 2016, "y2017": 2017, "months": "2018-01..2018-09"}
    rows = []
    for measure, values in amounts.items():
        for (name, period), value in zip(periods.items(), values, strict=True):
            error = errors.get(f"{measure}_{name}", errors.get(name))
            if error or measure != "turnover":
                rows.append(
                    {"measure": measure, "period": period, "value": value}
                    | ({"error": error} if error else {})
                )
    return case(rows, target, levers=LEVERS, risks=SLUMP)


def years_with_errors(target: Any, *more: Case, **fields: Any) -> Case:
    """Four years of turnover, the last known to 6 %, and more figures."""
    rows = [
        {"measure": "turnover", "period": 2014 + k, "value": v} for k, v in enumerate((380.5, 418.2, 414.7))
    ]
    return case([*rows, figure("turnover", 2017, 492, "6%"), *more], target, **fields)


NINE_MONTHS, NINE_BEFORE = (
    figure("turnover", "2018-01..2018-09", 410, "4%"),
    figure("turnover", "2017-01..2017-09", 352, "5%"),
)
EVERYWHERE = {"y2016": "3%", "y2017": "6%", "months": "8%", "imports_months": "20%"}
GROWTH: Case = {"measure": "turnover", "period": "2018-01..2018-09", "growth": "14%", "error": "3%"}


BILLION = ask("turnover", 2020, at_least=1000)
MILLION_TOO: dict[str, Case] = {
    "flagship without levers": flagship(BILLION, levers={}, risks={}),
    "flagship": flagship(BILLION),
    "one in a thousand": flagship(ask("turnover", 2020, at_least=At(0.999))),
    "all but one in a thousand": flagship(ask("turnover", 2020, at_least=At(0.001))),
    "at most": flagship(ask("turnover", 2020, at_most=At(0.3))),
    "balance": flagship(ask("balance", 2020, at_least=At(0.7))),
    "exports alone": flagship(ask("exports", 2020, at_least=At(0.6))),
    "imports alone": flagship(ask("imports", 2019, at_most=At(0.4))),
    "two years at once": flagship(
        [ask("turnover", 2019, at_least=At(0.3)), ask("turnover", 2020, at_least=At(0.4))]
    ),
}
CASES: dict[str, Case] = MILLION_TOO | {
    "the risk alone": flagship(ask("turnover", 2020, at_least=At(0.2)), levers={}),
    "every written form": flagship(
        ask("turnover", 2020, at_least=At(0.6)), levers=EVERY_FORM, risks=SLUMP | LASTING
    ),
    "every written form, imports": flagship(
        ask("imports", 2020, at_least=At(0.3)), levers=EVERY_FORM, risks=SLUMP | LASTING
    ),
    "a deficit": flagship(ask("balance", 2019, at_most=At(0.01))),
    "a quarter": flagship(ask("turnover", "2019-Q2", at_least=At(0.6))),
    "a month": flagship(ask("exports", "2020-11", at_least=At(0.8))),
    "a partly observed year": flagship(ask("turnover", 2018, at_least=At(0.6))),
    "a run over the last figure": flagship(ask("imports", "2018-07..2019-06", at_most=At(0.6))),
    "a part of a published sum": flagship(ask("exports", 2017, at_least=At(0.7))),
    "the early quarters of a published sum": flagship(ask("turnover", "2018-01..2018-05", at_most=At(0.7))),
    "a floor and a ceiling": flagship(
        [ask("exports", 2020, at_least=At(0.3)), ask("imports", 2020, at_most=At(0.6))]
    ),
    "a band": flagship([ask("turnover", 2020, at_least=At(0.25)), ask("turnover", 2020, at_most=At(0.8))]),
    "turnover and balance": flagship(
        [ask("turnover", 2020, at_least=At(0.4)), ask("balance", 2020, at_most=At(0.8))]
    ),
    "three conditions": flagship(
        [
            ask("turnover", 2019, at_least=At(0.3)),
            ask("turnover", 2020, at_least=At(0.3)),
            ask("imports", 2020, at_least=At(0.4)),
        ]
    ),
    "totals only": case(
        exports_and_imports()[:2],
        BILLION,
        levers={k: v for k, v in EVERY_FORM.items() if k not in ("beta", "loss")},
    ),
    "quarterly euros": of_quarters(ask("turnover", 2019, at_least=At(0.6))),
    "monthly with zeros": of_months(ask("turnover", 2019, at_least=At(0.4)), LEVERS, SLUMP),
    "monthly with zeros, the smallest": of_months(ask("textiles", 2019, at_least=At(0.4)), LEVERS, {}),
    "monthly with zeros, over the last figure": of_months(
        ask("energy", "2018-04..2018-12", at_most=At(0.4)), {}, {}
    ),
    "five streams": of_five(ask("turnover", 2020, at_least=At(0.6))),
    "five streams, exports": of_five(ask("exports", 2019, at_most=At(0.6))),
    "five streams, one by its share": of_five(ask("light", 2020, at_least=At(0.7))),
    "an error, the sum itself": years_with_errors(ask("turnover", 2017, at_least=At(0.4))),
    "an error, a quarter inside": years_with_errors(ask("turnover", "2017-Q2", at_least=At(0.6))),
    "an error, the year ahead": case(
        [figure("turnover", 2017, 492, "30%")], ask("turnover", 2018, at_least=At(0.95))
    ),
    "errors, years ahead": years_with_errors(
        ask("turnover", 2019, at_least=At(0.6)), NINE_MONTHS, risks=SLUMP
    ),
    "overlapping errors, the year under way": years_with_errors(
        ask("turnover", 2018, at_least=At(0.6)), NINE_BEFORE, NINE_MONTHS
    ),
    "overlapping errors, what they leave": years_with_errors(
        ask("turnover", "2017-Q4", at_most=At(0.4)), NINE_BEFORE, NINE_MONTHS
    ),
    "growth alone, the year under way": years_with_errors(ask("turnover", 2018, at_least=At(0.6)), GROWTH),
    "errors everywhere, a balance": with_errors(ask("balance", 2018, at_most=At(0.2)), **EVERYWHERE),
    "errors everywhere, over the last figure": with_errors(
        ask("turnover", "2018-04..2019-03", at_least=At(0.8)), **EVERYWHERE
    ),
    "printed parts and a total with an error": with_errors(
        ask("imports", 2018, at_most=At(0.4)), exports_months="2%", turnover_months="1%"
    ),
    "five streams, one by its share and all": of_five(
        [ask("light", 2019, at_least=At(0.5)), ask("exports", 2019, at_least=At(0.5))]
    ),
}


def with_thresholds(raw: Case) -> Case:
    """The case with its ``At`` thresholds read off a pilot run, rounded."""
    targets = raw["target"] if isinstance(raw["target"], list) else [raw["target"]]
    bounds = [next(key for key in target if key.startswith("at_")) for target in targets]
    if not any(isinstance(target[bound], At) for target, bound in zip(targets, bounds, strict=True)):
        return raw
    pilot = Paths(raw | {"target": [t | {b: 1.0} for t, b in zip(targets, bounds, strict=True)]}, PILOT_SEED)
    totals = pilot.totals([(t["measure"], Period.parse(t["period"])) for t in targets], PILOT)
    filled = [
        target
        | {
            bound: float(f"{np.quantile(total, float(target[bound])):.5g}")
            if isinstance(target[bound], At)
            else target[bound]
        }
        for target, bound, total in zip(targets, bounds, totals, strict=True)
    ]
    return raw | {"target": filled if isinstance(raw["target"], list) else filled[0]}


@cache
def built(name: str) -> Case:
    return with_thresholds(CASES[name])


@cache
def counted(name: str, count: int) -> tuple[Scenario, np.ndarray]:
    """The scenario, and the totals of its targets in so many paths, shape (targets, count)."""
    paths = Paths(built(name), SEED)
    return paths.scenario, paths.totals(
        [(target.measure, target.period) for target in paths.scenario.target], count
    )


# The tests.


def held(found: float, own_error: float, hits: np.ndarray) -> None:
    """The answer lies within so many standard errors of the share of paths that hit."""
    p, n = float(hits.mean()), hits.size
    error = float(np.hypot(np.sqrt(max(p * (1 - p), found * (1 - found), 1 / n) / n), own_error))
    assert abs(found - p) <= ERRORS * error, (
        f"answer {found:.6f}, {n} paths {p:.6f}: {(found - p) / error:+.2f} standard errors"
    )


def check_probability(name: str, count: int) -> None:
    scenario, totals = counted(name, count)
    hits = np.ones(count, dtype=bool)
    for target, total in zip(scenario.target, totals, strict=True):
        hits &= (total >= target.amount) if target.at_least is not None else (total <= target.amount)
    result = simulate(scenario, points=2048, seed=1)
    assert 0.0002 < result.probability < 0.9998
    if result.standard_error <= 0.0003:
        held(result.probability, result.standard_error, hits)
        return
    result = simulate(
        scenario, points=MANY, seed=1
    )  # rough at the usual number of points, and an error of eight scrambles is itself rough
    p = result.probability
    plain = (
        float(np.sqrt(p * (1 - p) / MANY))
        if not all(c.total.smooth for c in conditions(scenario, result.flows))
        else 0.0
    )
    held(p, max(result.standard_error, plain), hits)


@pytest.mark.parametrize(
    "name", [*MILLION_TOO, *sampled([name for name in CASES if name not in MILLION_TOO], every=4)]
)
def test_probability_is_the_share_of_paths(name: str) -> None:
    check_probability(name, PATHS)


@pytest.mark.ci_only(reason="a million paths a case")
@pytest.mark.parametrize("name", MILLION_TOO)
def test_probability_is_the_share_of_a_million_paths(name: str) -> None:
    check_probability(name, 1_000_000)
    counted.cache_clear()


SMOOTH = (
    *(
        "flagship",
        "balance",
        "imports alone",
        "totals only",
        "quarterly euros",
        "monthly with zeros",
        "five streams, one by its share",
    ),
    *("overlapping errors, what they leave", "errors everywhere, a balance"),
)


@pytest.mark.parametrize("name", [*SMOOTH, "a part of a published sum", "an error, a quarter inside"])
def test_quantiles_are_those_of_the_paths(name: str) -> None:
    """Between the paths' quantiles a little below and above; where the answer is a plain share of points, their number counts too."""
    scenario, (total,) = counted(name, PATHS)
    target, wanted = scenario.target[0], np.array([0.05, 0.5, 0.95])
    result = simulate(scenario, points=2048 if name in SMOOTH else MANY, seed=1)
    found = np.ravel(result.quantiles(target.measure, target.period, list(wanted)))
    error = ERRORS * np.sqrt(wanted * (1 - wanted) * (1 / PATHS + (0 if name in SMOOTH else 1 / MANY)))
    low, high = np.quantile(total, wanted - error), np.quantile(total, wanted + error)
    assert np.all((low <= found) & (found <= high)), (low, found, high)


QUESTIONS = (
    ("turnover", "2019"),
    ("exports", "2019-Q4"),
    ("imports", "2020"),
    ("balance", "2019..2020"),
    ("exports", "2018-10"),
)


def test_chances_of_other_sums_are_their_shares_of_paths() -> None:
    """What was not the target, at several thresholds; these answers come without an error, so a plain share's is allowed."""
    paths = Paths(built("flagship"), SEED + 1)
    result = simulate(paths.scenario, points=MANY, seed=1)
    for (measure, period), total in zip(
        QUESTIONS, paths.totals([(m, Period.parse(p)) for m, p in QUESTIONS], PATHS), strict=True
    ):
        for p, threshold in zip((0.9, 0.5, 0.01), np.quantile(total[:PILOT], [0.1, 0.5, 0.99]), strict=True):
            found = result.chance(measure, period, at_least=float(threshold))
            held(found, np.sqrt(p * (1 - p) / MANY), total[PILOT:] >= threshold)


def test_published_sums_return_their_figures() -> None:
    result = simulate(Scenario.model_validate(built("flagship")), points=2048, seed=1)
    published = {
        ("turnover", "2017"): 690.8,
        ("turnover", "2016"): 690.8 / 1.648,
        ("exports", "2017-01..2017-09"): 539.2 / 1.458,
    }
    published |= {("turnover", "2018-01..2018-09"): 610.5, ("imports", "2018-01..2018-09"): 71.3}
    for (measure, period), value in published.items():
        assert np.ravel(result.quantiles(measure, period, [0.01, 0.99])) == pytest.approx(
            [value, value], rel=1e-9
        ), (measure, period)


def test_a_published_total_returns_its_figure_where_its_parts_are_rounded_apart() -> None:
    period = "2018-01..2018-09"
    figures = (("exports", 539), ("imports", 71), ("turnover", 611))
    observations = [{"measure": measure, "period": period, "value": value} for measure, value in figures]
    result = simulate(Scenario.model_validate(case(observations, ask("turnover", period, at_least=610.6))))
    assert result.probability == 1
    assert np.ravel(result.quantiles("turnover", period, [0.01, 0.99])) == pytest.approx([611, 611], rel=1e-9)


LIFT: Case = {"lift": {"kind": "custom", "percent": "30%", "start": "2019-01", "phase_in": 12}}
PLANT: Case = {"plant": {"kind": "custom", "money": 120, "start": "2019-01", "probability": 0.25}}


@pytest.mark.parametrize("tails", [2.9, 100_000])
@pytest.mark.parametrize(
    ("levers", "factor", "added", "odds"),
    [({}, 1, 0, 1), (LIFT, 1.3 ** (6 / 12), 0, 1), (PLANT, 1, 10, 0.25)],
)
@pytest.mark.parametrize("threshold", [30, 50, 58, 120])
def test_one_month_is_the_closed_form(
    threshold: float, levers: Case, factor: float, added: float, odds: float, tails: float
) -> None:
    """One cell: the normal tail probability, averaged over the tail scale by quadrature, or log-normal where there are no tails."""
    month = [{"measure": "turnover", "period": "2018-06", "value": 50.0}]
    target = ask("turnover", "2019-06", at_least=threshold)
    scenario = Scenario.model_validate(case(month, target, levers=levers, outlook={"tails": tails}))
    law = fit_scenario(scenario)
    assert len(law.groups) == 1
    at = law.grid.months - (law.grid.last - Period.parse("2019-06").last) - 1
    mean, sd = law.mean[0, at], np.sqrt(law.covariance[at, at])
    uniform = (np.arange(20_000) + 0.5) / 20_000
    scale = (
        np.minimum(1 / np.sqrt(stats.gamma.ppf(uniform, tails / 2, scale=2 / tails)), CUT)
        if tails < 1000
        else np.ones(1)
    )

    def reached(factor: float, added: float) -> float:
        return float(
            stats.norm.cdf((mean + np.log(factor) - np.log(threshold - added)) / (scale * sd)).mean()
        )

    result = simulate(scenario, points=2048, seed=1)
    exact = odds * reached(factor, added) + (1 - odds) * reached(1, 0)
    assert result.probability == pytest.approx(exact, abs=max(4 * result.standard_error, 1e-4))


# Figures with errors in closed form: normal measurements of log sums, of which the law's own account (``drawn``) is not asked.


def probability(rows: list[Case], target: Case, points: int = 2048, outlook: Case | None = None) -> float:
    return simulate(
        Scenario.model_validate(case(rows, target, outlook=outlook or {})), points=points, seed=1
    ).probability


@pytest.mark.parametrize("period", [2017, "2018-01..2018-09"])
@pytest.mark.parametrize(("error", "sd"), [("1%", 0.01), ("8%", 0.08), (98.4, 0.2)])
@pytest.mark.parametrize("z", [-3, -0.5, 0, 1, 2.5])
def test_a_figure_with_an_error_is_a_normal_measurement(
    z: float, error: object, sd: float, period: object
) -> None:
    """One figure and a level of which nothing is known before: the error is all that there is."""
    threshold = 492 * float(np.exp(z * sd))
    found = probability([figure("turnover", period, 492, error)], ask("turnover", period, at_least=threshold))
    assert found == pytest.approx(stats.norm.sf(z), abs=2e-5)


@pytest.mark.parametrize("threshold", [6.6, 6.9, 7.0, 7.1, 7.4])
def test_two_offices_are_averaged_by_precision(threshold: float) -> None:
    values, errors = np.array([7.2, 6.8]), np.array([0.2, 0.3])
    precision = errors**-2
    value, sd = (precision @ values) / precision.sum(), precision.sum() ** -0.5
    rows = [figure("turnover", 2017, *pair) for pair in zip(values.tolist(), errors.tolist(), strict=True)]
    found = probability(rows, ask("turnover", 2017, at_least=threshold))
    assert found == pytest.approx(stats.norm.cdf(np.log(value / threshold) / (sd / value)), abs=1e-5)


@pytest.mark.parametrize(("measure", "sign"), [("turnover", 1), ("balance", -1)])
@pytest.mark.parametrize("off", [-12, 0, 5, 20])
def test_errors_of_two_directions_are_independent(off: float, measure: str, sign: int) -> None:
    """A sum or difference of two log-normals, by quadrature over the one."""
    exports, imports = 100 * np.exp(0.06 * stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)), 50
    threshold = 100 + sign * imports + off
    left = np.maximum((threshold - exports) * sign, 1e-300)
    reached = stats.norm.cdf(sign * np.log(imports / left) / 0.1).mean()
    rows = [figure("exports", 2017, 100, "6%"), figure("imports", 2017, imports, "10%")]
    assert probability(rows, ask(measure, 2017, at_least=threshold), 2**15) == pytest.approx(
        reached, abs=1e-3
    )


SLOW = {
    "trend": 0.04,
    "random_walk": 0.1,
    "disturbance": 0.2,
    "memory": 60,
    "seasonality": 0,
    "irregular": 0.01,
    "tails": 3.4,
    "learning": 0,
}
LEVELS = (
    [figure("turnover", 2016, 400, "5%"), figure("turnover", 2017, 440, "10%")],
    [[1, 0, 0], [0, 1, 0]],
    [400, 440],
    [0.05, 0.1],
)
GROWN = (
    [
        {"measure": "turnover", "period": 2016, "value": 400.0},
        {"measure": "turnover", "period": 2017, "growth": "10%", "error": "11%"},
    ],
    [[1, 0, 0], [-1, 1, 0]],
    [400, 1.1],
    [1e-4, 0.1],
)
Told = tuple[list[Case], list[list[int]], list[float], list[float]]


@pytest.mark.parametrize("z", [-1.5, 0, 1])
@pytest.mark.parametrize(
    ("told", "year"), [(LEVELS, 2016), (LEVELS, 2017), (LEVELS, 2018), (GROWN, 2017), (GROWN, 2018)]
)
def test_years_with_errors_and_the_year_ahead_are_conjugate(told: Told, year: int, z: float) -> None:
    """Normal measurements of the yearly means of a slow prior whose level is vague.

    The year ahead shares the errors; what exact sums would leave open of it has the tail scale, which also lifts a sum of uneven months.
    """
    rows, tell, said, errors = told[0], np.array(told[1]), np.log(told[2]), np.square(told[3])
    t, means = np.arange(36), np.kron(np.eye(3), np.full(12, 1 / 12))
    apart = np.abs(t[:, None] - t)
    months = SLOW["random_walk"] ** 2 / 12 * np.minimum(t[:, None], t) + SLOW["disturbance"] ** 2 * np.exp(
        -apart / SLOW["memory"]
    )
    months = months + SLOW["irregular"] ** 2 * np.eye(36)
    prior, trend, at = means @ months @ means.T + 1e3, SLOW["trend"] * np.arange(3), year - 2016

    def posterior(variances: np.ndarray) -> tuple[float, float]:
        gain = prior @ tell.T @ np.linalg.inv(tell @ prior @ tell.T + np.diag(variances))
        return (trend + gain @ (said - tell @ trend))[at], max((prior - gain @ tell @ prior)[at, at], 0)

    (centre, variance), (_, rest) = posterior(errors), posterior(np.full(2, 1e-9))
    square = np.minimum(
        1 / stats.gamma.ppf((np.arange(20_000) + 0.5) / 20_000, SLOW["tails"] / 2, scale=2 / SLOW["tails"]),
        CUT**2,
    )
    uneven = (
        (np.trace(months[24:, 24:]) / 12 - means[2] @ months @ means[2]) * (square - np.median(square)) / 2
        if year == 2018
        else 0
    )
    threshold = float(np.exp(centre + z * np.sqrt(variance)))
    exact = stats.norm.cdf((uneven - z * np.sqrt(variance)) / np.sqrt(variance + (square - 1) * rest)).mean()
    found = probability(rows, ask("turnover", year, at_least=threshold), outlook=SLOW)
    assert found == pytest.approx(exact, abs=0.0015 if year == 2018 else 0.0003)
