"""How much evidence stands behind an answer, by stated rules. Default tier."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simulator import load_scenario, report, simulate
from simulator.analysis.evidence import Grade, Grades, Rating, evidence
from simulator.report.documents.assumptions import judged
from tests.cases import scenario

WEAK, FAIR, GOOD = Grade


@pytest.mark.parametrize(
    ("grades", "rating"),
    [
        ((WEAK, GOOD, GOOD, GOOD), Rating.THIN),
        ((FAIR, WEAK, WEAK, GOOD), Rating.THIN),
        ((FAIR, WEAK, GOOD, GOOD), Rating.MODERATE),
        ((FAIR, GOOD, GOOD, FAIR), Rating.MODERATE),
        ((FAIR, GOOD, GOOD, GOOD), Rating.STRONG),
    ],
)
def test_the_rating_follows_the_rules(grades: tuple[Grade, ...], rating: Rating) -> None:
    assert Grades(*grades).rating is rating


@pytest.mark.parametrize("name", ["belarus-kazakhstan-2020", "united-states-uzbekistan-2022"])
def test_inputs_are_counted_as_the_report_lists_them(name: str) -> None:
    result = simulate(load_scenario(f"scenarios/{name}.yaml"), points=64)
    behind = evidence(result)
    assert f"Of {behind.inputs} values" in str(judged(result))
    assert f" {behind.assumed} rest" in str(judged(result))


@pytest.mark.parametrize("amount", [1, 300, 789.01, 1000, 2000, 4000, 1e6])
def test_what_is_reached_and_missed_adds_up_as_it_is_shown(amount: float) -> None:
    result = simulate(scenario(target={"measure": "turnover", "period": 2020, "at_least": amount}), points=64)
    reached, _, missed = report.verdict(result).partition(" % to be reached")
    parts = [reached.split()[-1], missed.rpartition(" % to be missed")[0].split()[-1]]
    assert sum(map(Decimal, parts)) == 100
    futures = report.headline(result)[0].split()
    if "less" not in report.verdict(result).lower():
        assert (
            Decimal(futures[3].replace(",", "")) / Decimal(futures[1].replace(",", ""))
            == Decimal(parts[0]) / 100
        )
