"""Blocks of months against single months: the same target under both laws, and how long large laws take. Default tier."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simulator import Scenario, simulate
from simulator.caches import forget
from simulator.model import cells
from simulator.model.cells import Cells
from simulator.model.law import fit_scenario
from simulator.values.periods import Period
from tests.cases import months, national
from tests.tiers import sampled


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Laws of other blocks are not kept."""
    forget()
    yield
    forget()


def log_totals(case: Scenario, fine: int, monkeypatch: pytest.MonkeyPatch, period: str = "") -> np.ndarray:
    """The target's log total in every draw under a law of at most so many cells."""
    forget()
    monkeypatch.setattr(cells, "FINE", fine)
    result = simulate(case, points=4096)
    target = case.target[0]
    chosen = Period.parse(period) if period else target.period
    return np.log(result.flows.total(target.measure, chosen).values)


CASES = {
    "years": national(2),
    "years and the year under way": national(2, under_way=True),
    "a total over partners": national(2, total=True),
    "months": months(8),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("length", sampled([1, 3, 12], 3, 1))
def test_blocks_agree_with_single_months(name: str, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Scenario.model_validate(CASES[name])
    monkeypatch.setattr(cells, "BLOCKS", (length,))
    fine, coarse = (log_totals(case, limit, monkeypatch) for limit in (10**6, 0))
    assert coarse.mean() == pytest.approx(fine.mean(), abs=0.01)
    assert coarse.std() == pytest.approx(fine.std(), rel=0.03)


BALANCE_ERROR = 5.0
SHOCKS = {
    "a year": (national(2), {"period": 2020}),
    "months of a part": (national(2), {"period": "2020-03..2020-06", "streams": ["exports-0"]}),
    "for good": (national(2), {"period": "2019-03..2019-06", "lasting": True}),
    "months of figures": (months(8), {"period": "2019-07..2020-06"}),
    "into the months ahead": (months(8), {"period": "2022-11..2023-05"}),
}


@pytest.mark.parametrize("name", SHOCKS)
@pytest.mark.parametrize("length", [3, 12])
def test_known_shocks_agree_with_single_months(
    name: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields, shock = SHOCKS[name]
    case = Scenario.model_validate(fields | {"shocks": {"ban": shock}})
    monkeypatch.setattr(cells, "BLOCKS", (length,))
    fine, coarse = (log_totals(case, limit, monkeypatch) for limit in (10**6, 0))
    assert coarse.mean() == pytest.approx(fine.mean(), abs=0.01)
    assert coarse.std() == pytest.approx(fine.std(), rel=0.05)


def with_balances() -> dict[str, Any]:
    """Both directions by year up to 2017, and from then on only what exports exceed imports by."""
    case = national(2)
    by_year: dict[int, float] = {}
    for o in case["observations"]:
        sign = 1 if o["measure"].startswith("exports") else -1
        by_year[o["period"]] = by_year.get(o["period"], 0.0) + sign * o["value"]
    observations = [o for o in case["observations"] if o["period"] < 2018]
    observations += [
        {"measure": "balance", "period": year, "value": round(value, 1), "error": BALANCE_ERROR}
        for year, value in by_year.items()
        if year >= 2018
    ]
    return case | {"observations": observations}


@pytest.mark.parametrize("length", [3, 12])
def test_balances_agree_with_single_months(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Scenario.model_validate(with_balances())
    monkeypatch.setattr(cells, "BLOCKS", (length,))
    fine, coarse = (log_totals(case, limit, monkeypatch) for limit in (10**6, 0))
    assert coarse.mean() == pytest.approx(fine.mean(), abs=0.01)
    assert coarse.std() == pytest.approx(fine.std(), rel=0.03)
    quantiles = []
    for limit in (10**6, 0):
        forget()
        monkeypatch.setattr(cells, "FINE", limit)
        drawn = simulate(case, points=4096).flows.total("balance", Period.parse("2018")).values
        quantiles.append(np.quantile(drawn, [0.16, 0.5, 0.84]))
    np.testing.assert_allclose(*quantiles, atol=BALANCE_ERROR)


def test_months_of_a_shock_are_cells_of_their_own() -> None:
    grid, shock = Period.parse("2000-01..2049-12"), Period.parse("2010-11..2011-02")
    blocks = Cells.fitting(2, grid, Period.parse("2040-01").first, [], [shock])
    assert list(blocks.lengths[blocks.of([0], shock)]) == [1] * 4
    assert list(blocks.lengths[blocks.of([0], Period.parse("2010-01..2011-12"))]) == [10, 1, 1, 1, 1, 10]


def test_a_month_within_a_block_is_as_uncertain_as_a_month_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Scenario.model_validate(CASES["years"])
    fine, coarse = (log_totals(case, limit, monkeypatch, "2024-05") for limit in (10**6, 20))
    assert coarse.mean() == pytest.approx(fine.mean(), abs=0.03)
    assert coarse.std() == pytest.approx(fine.std(), rel=0.06)


def test_published_sums_are_returned_and_parts_add_up_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "FINE", 0)
    case = Scenario.model_validate(CASES["years and the year under way"])
    result = simulate(case, points=512)
    value = float(case.observations[0].value.amount)
    np.testing.assert_allclose(result.quantiles("exports-0", "2013", [0.1, 0.9]), value, rtol=1e-9)
    for period in ("2013", "2015-Q2", "2023", "2024-Q3", "2024"):
        ways = [result.flows.total(way, Period.parse(period)).values for way in ("exports", "imports")]
        turnover = result.flows.total("turnover", Period.parse(period)).values
        np.testing.assert_allclose(sum(ways), turnover, rtol=1e-9)
    quarters = [result.flows.total("exports", Period.parse(f"2015-Q{q}")).values for q in (1, 2, 3, 4)]
    year = result.flows.total("exports", Period.parse("2015")).values
    np.testing.assert_allclose(sum(quarters), year, rtol=1e-9)


def test_blocks_average_a_covariance_and_keep_what_is_within() -> None:
    grid = Period.parse("2020-01..2022-12")
    blocks = Cells(2, grid, (grid.first, grid.first + 12, grid.first + 24, grid.first + 27))
    path = np.random.default_rng(1).standard_normal((36, 50_000)).cumsum(axis=0)
    temporal = path @ path.T / path.shape[1]
    means = np.array([path[a:b].mean(axis=0) for a, b in ((0, 12), (12, 24), (24, 27), (27, 36))])
    np.testing.assert_allclose(blocks.between(temporal), means @ means.T / path.shape[1], atol=1e-9)
    rest = path[24:27] - means[2]
    np.testing.assert_allclose(
        blocks.within(temporal)[24:27, 24:27], rest @ rest.T / path.shape[1], atol=1e-9
    )
    assert not blocks.within(temporal)[:12, 12:].any()
    assert list(blocks.of([1], Period.parse("2021-06..2022-02"))) == [5, 6]
    assert list(blocks.lengths) == [12, 12, 3, 9] * 2


def seconds(case: Scenario) -> float:
    """Of the processor for an answer, the better of two: these machines are shared."""
    simulate(Scenario.model_validate(national(1)))  # imports
    taken = []
    for _ in range(2):
        forget()
        begun = time.process_time()
        assert 0 < simulate(case).probability < 1
        taken.append(time.process_time() - begun)
    return min(taken)


@pytest.mark.parametrize("current", [False, True], ids=["years", "and the year under way"])
def test_a_national_target_over_twenty_partners_answers_in_two_seconds(current: bool) -> None:
    case = Scenario.model_validate(national(20, under_way=current))
    assert seconds(case) < (2.0 if not current else 4.0)
    assert fit_scenario(case).blocks.size <= 800


def test_a_quarter_of_a_century_of_months_answers_in_a_second() -> None:
    case = Scenario.model_validate(months(25))
    assert seconds(case) < 1.0
