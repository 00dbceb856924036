"""The charts of what it would take and of what money buys, against the analyses' numbers. Default tier."""

from __future__ import annotations

import csv
import io
import json
from functools import partial

import pytest
import vl_convert

from simulator import Scenario, simulate
from simulator.analysis.grid import grid, swings
from simulator.analysis.mix import mix, with_costs
from simulator.analysis.solve import solve_each
from simulator.report.charts import mix as mix_charts
from simulator.report.charts import solve as charts
from simulator.report.charts.drawing import Drawing
from simulator.scenario.parameters import knobs, turned
from simulator.values import numerals
from tests.cases import COSTS, NAMED, scenario

FEW = 256
percent = partial(numerals.percent, digits=1)


@pytest.fixture(scope="module")
def case() -> Scenario:
    return scenario(levers=NAMED)


@pytest.fixture(scope="module")
def drawings(case: Scenario) -> dict[str, Drawing]:
    found = mix(with_costs(case, COSTS), simulate=simulate, points=FEW)
    return {
        "reach": charts.reach(solve_each(case, simulate=simulate, points=FEW)),
        "map": charts.surface(grid(case, "ventures", "support", simulate=simulate, points=FEW), 0.5),
        "frontier": mix_charts.frontier(found, found.frontier[3]),
    }


@pytest.mark.parametrize("name", ["reach", "map", "frontier"])
def test_every_chart_renders_and_can_be_taken_away(drawings: dict[str, Drawing], name: str) -> None:
    drawing = drawings[name]
    picture = vl_convert.vegalite_to_svg(drawing.spec(["a stamp"]))
    assert "a stamp" in picture
    assert "NaN" not in picture
    read = list(csv.DictReader(io.StringIO(drawing.csv())))
    assert [list(row) for row in read] == [list(row) for row in drawing.rows]
    json.dumps(drawing.spec(), allow_nan=False)


def test_reach_shows_the_answers(case: Scenario, drawings: dict[str, Drawing]) -> None:
    answers = [
        answer
        for answer in solve_each(case, simulate=simulate, points=FEW).answers
        if answer.levers[0].startswith("levers.")
    ]
    rows = drawings["reach"].rows
    assert [(row["measure"], row["now"], row["there"]) for row in rows] == [
        (a.name, a.present.probability, a.probability) for a in answers
    ]
    assert (
        [row["outcome"] == charts.REACHED[True] for row in rows]
        == [a.feasible for a in answers]
        == [True, False, False]
    )
    assert rows[0]["there"] == pytest.approx(0.8, abs=1e-4)
    assert "New ventures can reach 80 %" in drawings["reach"].alt


def test_reach_says_when_none_gets_there(case: Scenario) -> None:
    drawing = charts.reach(
        solve_each(scenario(levers={"rules": NAMED["rules"]}), 0.9, simulate=simulate, points=FEW)
    )
    assert (
        f"None can reach 90 % alone. Rules goes farthest, to {percent(drawing.rows[0]['there'])}"
        in drawing.alt
    )


def test_the_map_shows_the_engine_s_probabilities(case: Scenario, drawings: dict[str, Drawing]) -> None:
    rows = drawings["map"].rows
    cells = [row for row in rows if row["part"] == "cell"]
    assert len(cells) == 81
    money = next(knob for knob in knobs(case) if knob.path == "levers.ventures.money")
    cell = cells[4 * 9 + 6]  # the fifth value up, the seventh across
    share = next(knob for knob in knobs(case) if knob.path == "levers.support.percent")
    there = turned(
        case, {money.path: money.high * 6 / 8, share.path: share.low + (share.high - share.low) * 4 / 8}
    )
    assert cell["probability"] == pytest.approx(simulate(there, points=FEW).probability, abs=1e-12)
    assert (cell["x"], cell["x2"]) == pytest.approx((money.high * 5.5 / 8, money.high * 6.5 / 8))
    assert cell["y"] == pytest.approx(
        100 * (share.low + (share.high - share.low) * 3.5 / 8)
    )  # percents as such
    assert sum((row["x2"] - row["x"]) * (row["y2"] - row["y"]) for row in cells) == pytest.approx(
        money.high * 100 * (share.high - share.low)
    )  # they fill the map
    (now,) = (row for row in rows if row["part"] == "now")
    assert (now["x"], now["probability"]) == (
        money.value,
        pytest.approx(simulate(case, points=FEW).probability),
    )
    low, high = min(row["probability"] for row in cells), max(row["probability"] for row in cells)
    assert f"lowest with {percent(low)}" in drawings["map"].alt
    assert f"highest with {percent(high)}" in drawings["map"].alt
    enough = sum(row["probability"] >= 0.5 for row in cells)
    assert 0 < enough < 81
    assert f"50 % is reached in {enough} of 81 cells" in drawings["map"].alt


def test_the_wanted_line_parts_the_map(case: Scenario, drawings: dict[str, Drawing]) -> None:
    """On it the engine gives what is wanted, up to the bend between two values."""
    line = [row for row in drawings["map"].rows if row["part"] == "wanted"]
    assert {row["probability"] for row in line} == {0.5}
    assert sum(bool(row["label"]) for row in line) == 1
    for row in line[:: max(len(line) // 3, 1)]:
        there = turned(case, {"levers.ventures.money": row["x"], "levers.support.percent": row["y"] / 100})
        assert simulate(there, points=FEW).probability == pytest.approx(0.5, abs=0.03)
    others = {row["probability"] for row in drawings["map"].rows if row["part"] == "line"}
    assert others
    assert 0.5 not in others


def test_a_wanted_probability_off_the_map_is_told(case: Scenario) -> None:
    drawing = charts.surface(
        grid(case, "rules", "support", simulate=simulate, points=FEW, steps=(2, 2)), 0.95
    )
    assert not [row for row in drawing.rows if row["part"] == "wanted"]
    assert "95 % is reached nowhere" in drawing.alt


def test_the_frontier_shows_the_packages(case: Scenario, drawings: dict[str, Drawing]) -> None:
    found = mix(with_costs(case, COSTS), simulate=simulate, points=FEW)
    rows = drawings["frontier"].rows
    best = [row for row in rows if row["series"] == mix_charts.BEST]
    assert [(row["budget"], row["probability"]) for row in best] == [
        (b.budget, b.probability) for b in found.frontier
    ]
    late = [row["probability"] for row in rows if "slips by 6 months" in row["series"]]
    assert late == [b.probability_if_late for b in found.frontier]
    (present,) = (row for row in rows if row["series"] == mix_charts.STANDS)
    assert present["probability"] == pytest.approx(simulate(case, points=FEW).probability)
    assert present["cost"] == pytest.approx(
        sum(COSTS[key] * amount for key, amount in (("ventures", 20), ("rules", 3)))
    )
    assert (best[0]["package"], best[-1]["cost"]) == (
        "none of the measures with a cost",
        pytest.approx(found.frontier[-1].cost),
    )
    (chosen,) = (row for row in rows if row["series"] == mix_charts.YOURS)
    assert chosen["probability"] == best[3]["probability"]
    assert percent(best[-1]["probability"]) in drawings["frontier"].alt


def test_swings_are_told_farthest_first(case: Scenario) -> None:
    by_hand = {}
    for knob in (knob for knob in knobs(case) if knob.main):
        low, high = (
            simulate(turned(case, {knob.path: bound}), points=FEW).probability
            for bound in (knob.low, knob.high)
        )
        by_hand[knob.path] = abs(high - low)
    found = swings(case, simulate=simulate, points=FEW)
    assert list(found) == sorted(by_hand, key=lambda path: -by_hand[path])
    assert found == pytest.approx(by_hand)
