"""The kind of flow: how rough it is taken to be until its figures tell. Default tier."""

from __future__ import annotations

import math
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, simulate
from simulator.model.law import fit_scenario
from simulator.scenario import Outlook
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.parts import Flow
from simulator.values.periods import parse_month
from tests.cases import scenario
from tests.tiers import examples

KINDS: dict[str, float] = CALIBRATED["flows"]
ONE_MONTH = [{"measure": "turnover", "period": "2018-09", "value": 100.0, "error": 1e-6}]
SDS = ("random_walk", "disturbance", "seasonality", "irregular")


def of_kind(kind: str, observations: list[dict[str, Any]] | None = None, **outlook: Any) -> Scenario:
    return scenario(observations, outlook={"flow": kind, **outlook})


def spread(case: Scenario, period: str = "2020") -> float:
    low, high = simulate(case).quantiles("turnover", period, [0.1, 0.9])
    return math.log(high / low)


def years(count: int, growth: float) -> list[dict[str, Any]]:
    return [
        {"measure": "turnover", "period": 2018 - count + i, "value": round(500 * math.exp(growth * i), 3)}
        for i in range(count)
    ]


def test_the_kinds_are_those_that_are_calibrated_and_a_pair_is_the_usual() -> None:
    assert set(get_args(Flow)) == set(KINDS)
    assert Outlook().flow == "pair"
    assert KINDS["pair"] == 1
    assert simulate(scenario(outlook={"flow": "pair"})).probability == simulate(scenario()).probability


@pytest.mark.parametrize("kind", KINDS)
def test_after_one_month_the_law_is_the_closed_form_times_the_roughness_of_the_kind(kind: str) -> None:
    law = fit_scenario(of_kind(kind, ONE_MONTH, seasonality=0))
    outlook, seen, then = Outlook(), parse_month("2018-09"), parse_month("2020-03")
    months = then - seen
    usual = (
        outlook.random_walk**2 * months / 12
        + 2 * outlook.disturbance**2 * (1 - math.exp(-months / outlook.memory))
        + 2 * outlook.irregular**2
    )
    at = [seen - law.grid.first, then - law.grid.first]
    (here, across), (_, there) = law.covariance[at][:, at]
    assert here + there - 2 * across == pytest.approx(KINDS[kind] ** 2 * usual, rel=1e-6)
    assert law.volatility == pytest.approx(1)


@pytest.mark.parametrize("kind", KINDS)
def test_after_one_month_a_band_is_as_many_times_wider(kind: str) -> None:
    times = spread(of_kind(kind, ONE_MONTH), "2020-03") / spread(of_kind("pair", ONE_MONTH), "2020-03")
    assert times == pytest.approx(KINDS[kind], rel=1e-4)


def test_a_kind_says_what_four_standard_deviations_say() -> None:
    stated = {name: getattr(Outlook(), name) * KINDS["lumpy"] for name in SDS}
    one, other = simulate(of_kind("lumpy")), simulate(scenario(outlook=stated))
    assert one.probability == pytest.approx(other.probability, abs=1e-9)


@given(st.integers(1, 3), st.floats(-0.2, 0.3))
@settings(max_examples=examples(8, 4), deadline=None)
def test_rougher_kinds_have_wider_bands_and_ten_years_of_figures_bring_them_together(
    count: int, growth: float
) -> None:
    kinds = sorted(KINDS, key=KINDS.__getitem__)
    few = [spread(of_kind(kind, years(count, growth))) for kind in kinds]
    many = [spread(of_kind(kind, years(10, growth))) for kind in kinds]
    assert few == sorted(few)
    assert many == sorted(many)
    assert few[-1] > few[0]
    assert many[-1] / many[0] < few[-1] / few[0]
