"""Backtests on small made-up series: cuts without a look ahead, rules by hand, scores by brute force. Default tier."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from decimal import Decimal
from functools import partial

import numpy as np
import pytest
from scipy.special import ndtri

from simulator import backtest, simulate
from simulator.batch import backtest as module
from simulator.batch import baselines
from simulator.batch.origins import Case, History, Origins, Plan, TooShort, _case, cut
from simulator.batch.peers import _by_year, _laws
from simulator.files.series import Series
from simulator.numerics.scores import LEVELS
from simulator.values.limits import BACKTEST_CASES
from simulator.values.periods import Period, year

FEW = partial(backtest, points=64, workers=1)


def monthly(name: str = "A", years: int = 9, start: int = 2001, growth: float = 0.05) -> Series:
    """Two flows with a season, noise and growth."""
    random = np.random.default_rng(len(name) + years)
    months = range(12 * start, 12 * (start + years))
    figures = {
        measure: {
            Period(month, month): Decimal(
                f"{level * np.exp(growth / 12 * k + 0.1 * np.sin(k) + 0.1 * random.normal()):.2f}"
            )
            for k, month in enumerate(months)
        }
        for measure, level in (("exports", 40), ("imports", 25))
    }
    return Series(name, figures)


def yearly(values: list[float], start: int = 2000, name: str = "A") -> Series:
    return Series(name, {"turnover": {year(start + k): Decimal(str(v)) for k, v in enumerate(values)}})


def cut_at(series: Series, plan: Plan, origin: int, month: int) -> Case:
    return _case(History(series), origin, plan, month)


@pytest.mark.parametrize(("inputs", "figures"), [("annual", 7), ("months", 69)])
def test_a_case_knows_nothing_after_its_origin(inputs: str, figures: int) -> None:
    case = cut_at(monthly(), Plan((0, 1, 2), inputs, years=5), 2006, 9)
    known = case.scenario.observations
    assert len(known) == 2 * figures
    assert max(figure.period.last for figure in known) == 12 * 2006 + 8
    assert str(case.scenario.as_of) == "2006-09-30"
    full = [o for o in known if o.period.last < 12 * 2006 and (o.period.is_year or inputs == "months")]
    assert sum(figure.value.amount for figure in full) == pytest.approx(sum(case.past))


@pytest.mark.parametrize("inputs", ["annual", "months"])
def test_what_comes_later_changes_no_forecast(inputs: str) -> None:
    plan = Plan((0, 1), inputs, origins=Origins(2006, 2006))
    series = monthly()
    later = {
        measure: {p: v if p.last < 12 * 2006 + 9 else 3 * v for p, v in figures.items()}
        for measure, figures in series.figures.items()
    }
    cases = [
        cut([item, monthly("B")], Plan((0, 1), inputs, origins=Origins(2006, 2009))).cases[0]
        for item in (series, Series("A", later))
    ]
    assert cases[0].origin == cases[1].origin == plan.origins.first
    rows = [module.forecast(case, simulate=simulate, points=64) for case in cases]
    assert [row.law for row in rows[0]] == [row.law for row in rows[1]]
    assert [row.against for row in rows[0]] == [row.against for row in rows[1]]
    assert rows[0][1].actual != rows[1][1].actual


def test_rules_by_hand() -> None:
    past, so_far = (100.0, 110.0, 121.0), {2003: 60.0, 2002: 55.0, 2001: 50.0}
    assert baselines.drift(past, so_far, 2003, 0) == pytest.approx(133.1)
    assert baselines.drift(past, so_far, 2003, 2) == pytest.approx(121 * 1.1**3)
    assert baselines.seasonal_naive(past, so_far, 2003, 1) == pytest.approx(121 + 60 - 55)
    assert baselines.random_walk(past, so_far, 2003, 1) == pytest.approx(121 * 60 / 55)
    assert baselines.random_walk(past, {}, 2003, 1) == baselines.seasonal_naive(past, {}, 2003, 2) == 121


def test_the_spread_of_a_rule_is_that_of_its_past_errors() -> None:
    series = yearly([100, 120, 90, 130, 110, 140, 150, 170])
    case = cut_at(series, Plan((0, 1, 2), years=6), 2006, 0)
    found = baselines.law(baselines.random_walk, case, 2007, (1.0, 2.0))
    two_years = np.log(np.array([90 / 100, 130 / 120, 110 / 90, 140 / 130]))
    spread = np.sqrt(np.mean(two_years**2))
    assert np.log(found.quantiles) == pytest.approx(np.log(140) + spread * ndtri(LEVELS))
    assert found.chances[0] == pytest.approx(0.5)


def test_scores_are_those_of_the_rows() -> None:
    tried = FEW([monthly(), monthly("BB")], Plan((0, 1)), multiples=(1.05, 1.2))
    assert tried.scores.n == len(tried.rows) == sum(found.n for found in tried.by_horizon.values())
    losses, inside, squares = [], [], []
    for row in tried.rows:
        gap = np.log(row.actual) - np.log(row.law.quantiles)
        losses.append(2 * np.maximum(LEVELS * gap, (LEVELS - 1) * gap).mean())
        inside.append(row.law.quantiles[3] <= row.actual <= row.law.quantiles[-4])
        squares.append((row.law.chances[1] - (row.actual >= 1.2 * row.last_full)) ** 2)
    assert tried.scores.crps_log == pytest.approx(np.mean(losses))
    assert tried.scores.cover[0.8] == pytest.approx(np.mean(inside))
    assert tried.scores.brier[1.2].brier == pytest.approx(np.mean(squares))
    assert sum(point.n for point in tried.reliability) == 2 * len(tried.rows)
    for rival in tried.against.values():
        assert rival.skill == pytest.approx(1 - rival.ours / rival.crps_log)
    answer = json.loads(json.dumps(tried.to_dict()))
    assert {"n", "crps_log", "cover50", "cover80", "cover95", "brier", "against"} <= answer.keys()
    assert set(answer["against"]) == set(baselines.RULES)
    assert set(answer["brier"]) == {"1.05", "1.20"}


def test_five_points_are_too_short_to_judge() -> None:
    for series in (yearly([5, 6, 7, 8, 9]), yearly([5] * 9), Series("A", {}, "broken")):
        with pytest.raises(TooShort, match=r"too short to judge: found .* expected 10 or more"):
            FEW([series])
    assert FEW([yearly([5, 6, 7, 8, 9, 8, 7, 8, 9, 10])]).scores.n >= 10  # as many years as the message says


def test_what_cannot_be_forecast_is_counted_and_ends_nothing() -> None:
    gap = monthly("gap")
    del gap.figures["exports"][Period(12 * 2004, 12 * 2004)]
    zero = yearly([3, 4, 5, 4, 5, 0, 5, 4, 5, 6], name="zero")
    tried = FEW(
        [yearly([5, 6, 7, 8, 9, 8, 7, 8, 9, 10]), gap, zero, Series("bad", {}, "row 3: found 'x'")],
        Plan(month=0),
    )
    reasons = {item.series: item.reason for item in tried.skipped}
    assert "fewer than 5 full years" in reasons["gap"]
    assert "total of 0" in " ".join(item.reason for item in tried.skipped if item.series == "zero")
    assert reasons["bad"] == "row 3: found 'x'"
    assert "A" not in reasons
    assert sum(tried.reasons.values()) == len(tried.skipped)


def test_origins_are_thinned_out_from_the_last_back(monkeypatch: pytest.MonkeyPatch) -> None:
    series = [yearly([5 + k % 3 for k in range(20)])]
    assert cut(series, Plan()).origins == Origins(2005, 2019)
    monkeypatch.setattr("simulator.batch.origins.BACKTEST_CASES", replace(BACKTEST_CASES, most=6))
    found = cut(series, Plan()).origins
    assert found == Origins(2007, 2019, 3)
    assert [case.origin for case in cut(series, Plan()).cases] == list(found.years)


@pytest.mark.parametrize("text", ["2005..", "2010..2005", "x", "2005/0", "1..2"])
def test_origins_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected origins"):
        Origins.parse(text)
    assert str(Origins.parse("2005..2020/3")) == "2005..2020/3"


def test_totals_of_peers_hold_the_months_that_are_known() -> None:
    case = Case("A", 2002, "turnover", 12.0, None, {2002: 1.0, 2003: 1.0}, (12.0, 12.0))
    whole = np.arange(48.0)[None].repeat(2, axis=0)
    totals = dict(_by_year(whole, 2000, 12, case))
    assert totals[2002].tolist() == [sum(range(24, 36))] * 2
    law = _laws({2002: np.array([10.0, 20.0])}, case, (1.0, 2.0))[2002]
    assert law.chances == (0.5, 0.0)


@pytest.mark.skipif(not os.environ.get("CI"), reason="starts processes, which takes seconds; runs in CI")
def test_any_number_of_workers_gives_the_same_answer() -> None:
    series = [monthly(), monthly("BB"), monthly("CCC")]
    answers = [json.dumps(backtest(series, points=64, workers=n).to_dict()) for n in (1, 2, 3)]
    assert answers[0] == answers[1] == answers[2]
