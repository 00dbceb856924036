"""A scenario in another unit of its money: the same figures, known as well, and the same chance. Default tier."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Scenario, load_scenario, simulate
from simulator.files.reading import shipped_names
from simulator.scenario.parameters import knobs
from simulator.scenario.restating import in_unit
from simulator.values.units import POWERS
from tests.cases import SPLIT, scenario
from tests.tiers import sampled

UNITS = tuple(POWERS)
FEW = 64  # points
EVERYTHING: dict[str, Any] = {
    "rates": {"EUR": {2017: 1.13, 2018: {"p5": 1.1, "p95": 1.25}, 2020: 1.2}},
    "target": [
        {
            "measure": "turnover",
            "period": 2020,
            "at_least": "850 EUR",
            "history": [{"on": "2017-01-01", "at_least": 800}],
        },
        {"measure": "exports", "period": 2020, "growth_at_least": "10%"},
    ],
    "alternatives": {"other": [{**SPLIT[0], "value": 604.1, "error": 12.5}, *SPLIT[1:]]},
    "levers": {
        "deals": {
            "kind": "interregional_deals",
            "deals": [
                {"name": "rail", "value": 30, "probability": 0.8},
                {"name": "port", "value": "12.30 EUR", "probability": 0.5},
            ],
            "start": "2019-03",
            "overlap": {"group": "goods", "cap": 40},
        },
        "plants": {
            "kind": "joint_ventures",
            "count": 4,
            "planned_exports_each": {"p5": 1.07, "p95": 14.9},
            "start": "2019-01",
            "overlap": {"group": "goods", "cap": 40},
            "bounds": {"planned_exports_each": [1, 20], "count": [0, 9]},
            "cost": 2.5,
        },
        "half-years": {"kind": "custom", "money": {"2019-H1": 5, "2019-H2": {"mean": 12, "sd": 3}}},
        "choice": {
            "kind": "custom",
            "money": {"choices": {10: 0.4, 25: 0.6}},
            "start": "2019-01",
            "quota": 15,
        },
    },
    "risks": {"slump": {"kind": "disruption", "yearly_probability": "5%", "depth": "40%", "duration": 12}},
}


def rich() -> Scenario:
    figures = [
        *SPLIT,
        {"measure": "turnover", "period": 2016, "between": [380, 430]},
        {"measure": "exports", "from": 2014, "every": "year", "values": [879.6, 523.10, None]},
    ]
    return scenario(figures, **EVERYTHING)


@given(st.sampled_from(UNITS), st.sampled_from(UNITS))
@settings(max_examples=12, deadline=None)
def test_no_probability_depends_on_the_unit_and_the_way_back_is_the_same_scenario(one: str, two: str) -> None:
    first = in_unit(rich(), one)
    other = in_unit(first, two)
    assert other.unit == two
    assert simulate(other, points=FEW).probability == pytest.approx(
        simulate(rich(), points=FEW).probability, abs=1e-9
    )
    assert in_unit(other, rich().unit) == rich()


@pytest.mark.parametrize("name", sampled(shipped_names(), 10, 2))
def test_every_shipped_scenario_has_the_same_answer_and_range_in_every_unit(name: str) -> None:
    case = load_scenario(f"shipped:{name}")
    here = simulate(case, points=FEW)
    there = simulate(in_unit(case, "thousand"), points=FEW)
    assert there.probability == pytest.approx(here.probability, abs=1e-9)
    assert there.probability_range.low == pytest.approx(here.probability_range.low, abs=1e-9)
    assert there.probability_range.high == pytest.approx(here.probability_range.high, abs=1e-9)


def test_every_amount_moves_and_nothing_else() -> None:
    case, scaled = rich(), in_unit(rich(), "billion")
    for before, after in zip(knobs(case), knobs(scaled), strict=True):
        factor = 1000 if before.unit.money else 1
        assert before.path == after.path
        assert factor * after.value == pytest.approx(before.value, rel=1e-12), before.path
    plants = scaled.levers["plants"]
    assert plants.bounds_of("planned_exports_each") == (0.001, 0.02)
    assert (plants.cost, plants.bounds["count"]) == (0.0025, (0, 9))


def test_a_figure_keeps_its_printed_digits_and_no_more() -> None:
    case = scenario([{"measure": "turnover", "period": 2017, "value": 7.2}], unit="billion", target=_of(9))
    (figure,) = in_unit(case, "million").counted
    assert figure.value is not None
    assert (figure.value.amount, figure.value.rounding, str(figure.value)) == (7200, 50, "7200")


def test_what_is_no_unit_of_money_is_refused() -> None:
    with pytest.raises(ValueError, match="found unit 'barrels', expected one such as thousand, million"):
        in_unit(scenario(), "barrels")
    with pytest.raises(ValueError, match="found unit 'barrels'"):
        in_unit(scenario(unit="barrels"), "million")
    assert in_unit(scenario(unit="barrels"), "barrels").unit == "barrels"


def _of(amount: float) -> dict[str, Any]:
    return {"measure": "turnover", "period": 2018, "at_least": amount}
