"""Measures for money: packages against enumeration and a closed form, costs, delay, words. Default tier."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import Scenario, load_scenario, simulate
from simulator.analysis.mix import Mix, mix
from simulator.cli import main
from tests.cases import scenario

FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"
PRICES = (
    "levers.assembly.cost=2",
    "levers.interregional.cost=1.5",
    "levers.rules.cost=4",
    "levers.corridor.cost=6",
)


def plants(count: int, cost: float, exports: float, high: int, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "joint_ventures",
        "count": count,
        "cost": cost,
        "planned_exports_each": {"p5": exports, "p95": 3 * exports},
        "bounds": {"count": [0, high]},
        **fields,
    }


SHARED = {"overlap": {"group": "goods", "cap": 150}}
FEW: dict[str, Any] = {
    "large": plants(1, 5, 300, 3, **SHARED),
    "middle": plants(0, 3, 220, 3, **SHARED),
    "small": plants(2, 1, 50, 4, start="2019-06"),
}
COSTS = (5.0, 3.0, 1.0)


def few(counts: tuple[int, ...]) -> Scenario:
    return scenario(
        levers={
            key: lever | {"count": count, "enabled": count > 0}
            for (key, lever), count in zip(FEW.items(), counts, strict=True)
        }
    )


def enumerated(budget: float) -> float:
    """The best probability that a budget buys, by trying every package."""
    packages = [p for p in itertools.product(range(4), range(4), range(5)) if np.dot(p, COSTS) <= budget]
    return max(simulate(few(package), points=512).probability for package in packages)


BUDGETS = (0.0, 0.5, 1.0, 3.0, 4.0, 5.5, 8.0, 12.0, 17.0, 28.0)


@pytest.mark.parametrize("exhaustive", [1000, 0], ids=["all tried", "built up and exchanged"])
def test_packages_are_those_of_enumeration(exhaustive: int) -> None:
    found = mix(scenario(levers=FEW), BUDGETS, simulate=simulate, points=512, exhaustive=exhaustive)
    assert found.exhaustive == (exhaustive > 0)
    for bought in found.frontier:
        assert bought.probability == pytest.approx(enumerated(bought.budget), abs=2e-7), bought.budget
        assert bought.cost <= bought.budget
        assert all(part.amount == round(part.amount) for part in bought.parts)


def test_two_percents_are_split_as_the_closed_form_has_it() -> None:
    """Certain percents on everything multiply, so the best split of a budget evens cost x (1 + percent)."""
    levers = {
        key: {
            "kind": "custom",
            "percent": "1%",
            "cost": cost,
            "start": "2018-11",
            "bounds": {"percent": ["0%", "80%"]},
        }
        for key, cost in (("one", 1.0), ("other", 1.2))
    }
    budget = 60.0
    level = (budget / 100 + 1.0 + 1.2) / 2  # of cost x (1 + percent), both the same
    best = {"one": level / 1.0 - 1, "other": level / 1.2 - 1}
    found = mix(scenario(levers=levers), [budget], simulate=simulate).frontier[0]
    exact = {key: levers[key] | {"percent": f"{100 * best[key]:.6f}%"} for key in levers}
    assert found.probability == pytest.approx(simulate(scenario(levers=exact)).probability, abs=5e-4)
    assert found.cost == pytest.approx(budget, rel=1e-3)
    alone = {"one": levers["one"] | {"percent": "60%"}}
    assert found.probability > simulate(scenario(levers=alone)).probability + 0.01


def test_more_money_never_buys_less() -> None:
    case = load_scenario(FLAGSHIP, PRICES)
    found = mix(case, simulate=simulate)
    chances = [bought.probability for bought in found.frontier]
    assert chances == sorted(chances)
    budgets = [bought.budget for bought in found.frontier]
    assert budgets[0] == 0
    assert budgets[-1] == pytest.approx(18 * 2 + 15 * 1.5 + 9 * 4 + 3 * 6)
    assert found.present.cost == pytest.approx(6 * 2 + 5 * 1.5 + 3 * 4 + 1 * 6)
    assert found.present.result.probability == simulate(case).probability
    same = next(bought for bought in found.frontier if bought.budget == pytest.approx(found.present.cost))
    assert same.probability >= found.present.result.probability
    assert found.unpriced == ("preferences",)


def test_words_reproduce_every_package() -> None:
    found = mix(load_scenario(FLAGSHIP, PRICES), [0, 20, 60], simulate=simulate, points=512)
    for row, bought in zip(found.to_dict()["frontier"], found.frontier, strict=True):
        again = simulate(load_scenario(FLAGSHIP, (*PRICES, *row["set"])), points=512)
        assert again.probability == bought.probability == row["probability"]


def test_what_a_point_costs_is_what_leaving_a_lever_out_loses() -> None:
    found = mix(scenario(levers=FEW), [12], simulate=simulate, points=512)
    (bought,) = found.frontier
    counts = {part.priced.key: int(part.amount) for part in bought.parts}
    for part in bought.parts:
        left = tuple(0 if key == part.priced.key else counts.get(key, 0) for key in FEW)
        lost = 100 * (bought.probability - simulate(few(left), points=512).probability)
        assert part.lost_points == pytest.approx(lost, abs=1e-9)
        assert part.cost_per_point == pytest.approx(part.cost / lost)
    for index, alone in enumerate(found.alone):
        highest = (3, 3, 4)[index]
        only = tuple(highest if other == index else 0 for other in range(3))
        assert alone.cost == highest * COSTS[index]
        gained = 100 * (
            simulate(few(only), points=512).probability - simulate(few((0, 0, 0)), points=512).probability
        )
        assert alone.gained_points == pytest.approx(gained, abs=1e-9)


def test_a_slip_moves_every_start() -> None:
    starts: tuple[Any, ...] = ("2019-01", {"low": "2019-01", "likely": "2019-06", "high": "2020-01"}, None)
    later: tuple[Any, ...] = (
        "2019-07",
        {"low": "2019-07", "likely": "2019-12", "high": "2020-07"},
        "2019-04",
    )

    def case(begin: tuple[Any, ...]) -> Scenario:
        return scenario(
            levers={
                "a": plants(3, 2, 40, 3, start=begin[0]),
                "b": plants(2, 2, 40, 2, start=begin[1]),
                "free": {"kind": "custom", "percent": "10%", "start": begin[2], "phase_in": 6},
            }
        )

    found = mix(case(starts), [10], simulate=simulate, points=512, slip=6)
    (bought,) = found.frontier
    assert bought.probability == simulate(case(starts), points=512).probability
    assert bought.probability_if_late == simulate(case(later), points=512).probability
    assert bought.probability_if_late < bought.probability
    assert (
        mix(case(starts), [10], simulate=simulate, points=512, slip=0).frontier[0].probability_if_late
        == bought.probability
    )


def test_bounds_hold_from_below_too() -> None:
    lever = plants(4, 2, 20, 6) | {"bounds": {"count": [3, 6]}}
    found = mix(scenario(levers={"a": lever}), [0, 4, 6, 9, 100], simulate=simulate, points=512)
    assert [sum(part.amount for part in bought.parts) for bought in found.frontier] == [0, 0, 3, 4, 6]
    assert [
        sum(part.amount for part in bought.parts)
        for bought in mix(scenario(levers={"a": lever}), [4, 9], simulate=simulate, exhaustive=0).frontier
    ] == [0, 4]


def test_a_lever_that_harms_is_not_bought() -> None:
    harmful = {"kind": "custom", "percent": "5%", "cost": 1, "bounds": {"percent": ["0%", "20%"]}}
    at_most = {"measure": "turnover", "period": 2020, "at_most": 1000}
    found = mix(scenario(target=at_most, levers={"a": harmful}), [10], simulate=simulate, points=512)
    assert found.frontier[0].parts == ()
    assert found.alone[0].cost_per_point is None
    assert found.alone[0].gained_points < 0


def test_what_has_no_cost_stays() -> None:
    free = {"kind": "custom", "percent": "5%"}
    found = mix(scenario(levers={"a": plants(2, 2, 40, 3), "free": free}), [0], simulate=simulate, points=512)
    assert found.unpriced == ("free",)
    assert found.frontier[0].probability == simulate(scenario(levers={"free": free}), points=512).probability


BAD: list[tuple[Any, dict[str, Any], str]] = [
    (
        {"a": plants(2, 2, 40, 3) | {"cost": None}},
        {},
        "found no lever with a cost among a .its count.; add .* such as cost: 1.5",
    ),
    ({}, {}, "found no lever with one number to buy"),
    (FEW, {"budgets": [-1.0]}, "found budgets -1, expected amounts of 0 or more"),
    (FEW, {"budgets": [math.nan]}, "expected amounts of 0 or more"),
    (FEW, {"slip": -1}, "found a slip of -1 months"),
]


@pytest.mark.parametrize(("levers", "options", "message"), BAD)
def test_what_cannot_be_mixed_is_told(levers: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mix(scenario(levers=levers), simulate=simulate, **options)


def verb(*words: object) -> Any:
    return CliRunner().invoke(main, ["mix", *map(str, words)])


def test_the_verb_without_costs_says_how_to_add_them() -> None:
    done = verb(FLAGSHIP, "--json")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "assembly (its count)" in done.stderr
    assert "cost: 1.5" in done.stderr
    assert verb(FLAGSHIP, *(w for p in PRICES for w in ("--set", p)), "--budget", "-3").exit_code == 2


def test_the_verb_answers_people_and_machines(tmp_path: Path) -> None:
    prices = [word for price in PRICES for word in ("--set", price)]
    words = [FLAGSHIP, *prices, "--points", "256", "--budget", "20", "--budget", "40"]
    done = verb(*words, "--json")
    data = json.loads(done.stdout)
    assert [row["budget"] for row in data["frontier"]] == [20, 40]
    assert set(data["frontier"][0]["set"]) >= set(PRICES)
    assert verb(*words, "--json").stdout == done.stdout
    told = verb(*words).stdout
    for text in (
        "The present package costs $37.5m",
        "if late",
        "What a percentage point costs",
        "rules: $4m",
        "What it does not mean",
    ):
        assert text in told, text


def test_it_is_frozen_and_complete() -> None:
    found: Mix = mix(scenario(levers=FEW), [5], simulate=simulate, points=256)
    data = found.to_dict("case.yaml")
    assert json.loads(json.dumps(data)) == data
    assert found.method == "all 9 packages were tried"  # those that 5 buys
    assert sum(part["cost"] for part in data["frontier"][0]["package"]) == data["frontier"][0]["cost"]
