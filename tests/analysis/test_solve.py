"""What it would take, against enumeration, inverses, closed forms and plain Monte Carlo. Default tier."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from simulator import Scenario, load_scenario, simulate
from simulator.analysis.grid import grid
from simulator.analysis.solve import Answer, solve, solve_each
from simulator.cli import main
from simulator.numerics.least_change import TOLERANCE, least_change
from tests.cases import LEVERS, SLUMP, SPLIT, scenario
from tests.model.test_bruteforce import Paths

FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"
RULES: dict[str, Any] = {"kind": "custom", "percent": "2%", "bounds": {"percent": ["0%", "60%"]}}
VENTURES: dict[str, Any] = {
    "kind": "joint_ventures",
    "count": 2,
    "planned_exports_each": {"p5": 5, "p95": 25},
    "bounds": {"count": [0, 40]},
}
OF_2020 = {"measure": "turnover", "period": 2020, "at_least": 1000}


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["solve", *map(str, words)])


def answered(case: Scenario, lever: Any, wanted: float, **options: Any) -> Answer:
    return solve(case, wanted, lever=lever, simulate=simulate, **options)


# The search, on chances whose inverse is known.


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@given(
    middle=st.floats(-5, 5),
    scale=st.floats(0.05, 20),
    falls=st.booleans(),
    wanted=st.floats(0.02, 0.98),
    present=st.floats(-10, 10),
)
def test_a_chance_that_only_rises_or_falls_is_inverted(
    middle: float, scale: float, falls: bool, wanted: float, present: float
) -> None:
    sign = -1 if falls else 1

    def chance(x: float) -> float:
        return logistic(sign * scale * (x - middle))

    found = least_change(chance, present, -10, 10, wanted)
    reachable = max(chance(-10), chance(10)) >= wanted
    assert found.feasible == reachable
    if chance(present) >= wanted:
        assert found.value == present
    elif reachable:
        assert wanted <= chance(found.value) <= wanted + TOLERANCE
        exact = middle + sign * math.log(wanted / (1 - wanted)) / scale
        assert abs(found.value - present) >= abs(exact - present) - 1e-9
    else:
        assert found.value == found.best == (-10 if falls else 10)
    assert len(found.tried) <= 30


@given(edge=st.floats(-9.9, 9.9), present=st.floats(-10, 10), falls=st.booleans())
def test_a_jump_is_placed_on_the_side_where_it_is_reached(edge: float, present: float, falls: bool) -> None:
    def chance(x: float) -> float:
        return 0.9 if (x <= edge if falls else x >= edge) else 0.1

    found = least_change(chance, present, -10, 10, 0.5)
    assert found.feasible
    assert chance(found.value) == 0.9
    assert abs(found.value - (present if chance(present) == 0.9 else edge)) <= 1e-6


@given(
    steps=st.lists(st.floats(-0.2, 0.3), min_size=30, max_size=30).map(
        lambda s: np.clip(0.2 + np.cumsum(np.abs(s)) / 8, 0, 1)
    ),
    present=st.integers(0, 29),
    falls=st.booleans(),
)
def test_whole_numbers_are_the_nearest_by_enumeration(steps: np.ndarray, present: int, falls: bool) -> None:
    chances = steps[::-1] if falls else steps
    found = least_change(lambda n: float(chances[round(n)]), present, 0, 29, 0.5, integers=True)
    reached = [n for n in range(30) if chances[n] >= 0.5]
    assert found.feasible == bool(reached)
    expected = min(reached, key=lambda n: abs(n - present)) if reached else int(np.argmax(chances))
    assert chances[round(found.value)] == chances[expected]
    if reached:
        assert found.value == expected


@given(top=st.floats(-8, 8), height=st.floats(0.3, 0.95), present=st.floats(-10, 10))
@example(top=-8.0, height=0.375, present=-9.999999999999998)
def test_a_chance_that_rises_and_falls_is_scanned(top: float, height: float, present: float) -> None:
    def chance(x: float) -> float:
        return height * math.exp(-(((x - top) / 6) ** 2))

    found = least_change(chance, present, -10, 10, 0.6)
    if height < 0.59:
        assert not found.feasible
        assert chance(found.value) == pytest.approx(height, abs=0.03)
    elif height > 0.63:
        half = 6 * math.sqrt(math.log(height / 0.6))
        nearest = min(max(present, top - half), top + half)
        assert found.feasible
        assert found.value == pytest.approx(nearest, abs=0.01)


@given(rise=st.floats(0.05, 0.5), fall=st.floats(0.05, 0.5), present=st.floats(-3, 3), whole=st.booleans())
def test_of_two_ways_the_shorter_is_taken(rise: float, fall: float, present: float, whole: bool) -> None:
    """Least at 0 and steep on both sides, each its own."""
    present = float(round(present)) if whole else present

    def chance(x: float) -> float:
        return min(0.1 + (rise * x if x > 0 else -fall * x), 1.0)

    found = least_change(chance, present, -10, 10, 0.6, integers=whole)
    if chance(present) >= 0.6:
        assert found.value == present
        return
    ends = [0.5 / rise, -0.5 / fall]
    distances = [
        abs(math.copysign(math.ceil(abs(end) - 1e-12), end) - present) if whole else abs(end - present)
        for end in ends
        if abs(end) <= 10
    ]
    assert found.feasible == bool(distances)
    if distances:
        assert abs(found.value - present) == pytest.approx(min(distances), abs=3e-3)


def test_values_without_an_answer_are_passed_over() -> None:
    found = least_change(lambda x: -math.inf if x > 5 else x / 10, 1, 0, 10, 0.4)
    assert found.value == pytest.approx(4, abs=0.01)
    assert not least_change(lambda x: -math.inf if x > 5 else x / 10, 1, 0, 10, 0.8).feasible


# The answer, against closed forms.


@pytest.mark.parametrize("wanted", [0.4, 0.6])
def test_money_needed_is_the_gap_to_the_quantile(wanted: float) -> None:
    """A certain sum added to every path moves each quantile by itself."""
    bare = simulate(scenario())
    gap = 1000 - bare.quantiles("turnover", "2020", [1 - wanted])[0]
    plant = {"plant": {"kind": "custom", "money": 20, "start": "2019-01", "bounds": {"money": [0, 600]}}}
    found = answered(scenario(levers=plant), "plant", wanted)
    assert found.value == pytest.approx(gap, rel=2e-3)
    assert wanted <= found.probability <= wanted + 5e-4


@pytest.mark.parametrize("wanted", [0.35, 0.5])
def test_growth_needed_is_the_ratio_to_the_quantile(wanted: float) -> None:
    bare = simulate(scenario())
    ratio = 1000 / bare.quantiles("turnover", "2020", [1 - wanted])[0]
    found = answered(scenario(levers={"rules": RULES | {"start": "2018-11"}}), "levers.rules", wanted)
    assert found.value == pytest.approx(ratio - 1, abs=2e-3)
    assert found.levers == ("levers.rules.percent",)


@pytest.mark.parametrize("side", ["at_least", "at_most"])
def test_the_amount_of_a_probability_is_its_quantile(side: str) -> None:
    case = scenario(target={"measure": "exports", "period": 2019, side: 700}, levers=LEVERS)
    found = answered(case, f"target.{side}", 0.8)
    assert isinstance(found.value, float)
    quantile = simulate(case).quantiles("exports", "2019", [0.2 if side == "at_least" else 0.8])[0]
    assert found.value == pytest.approx(quantile, rel=1e-6)
    assert 0.8 <= found.probability <= 0.8 + 1e-9
    assert simulate(case).chance("exports", "2019", **{side: found.value}) == pytest.approx(0.8, abs=1e-9)  # type: ignore[arg-type]


def test_a_published_amount_is_its_figure() -> None:
    found = answered(
        scenario(target={"measure": "turnover", "period": "2018-01..2018-09", "at_least": 700}),
        "target.at_least",
        0.8,
    )
    assert (found.value, found.probability) == (610.5, 1.0)


def test_a_share_of_paths_is_inverted_to_a_path() -> None:
    case = scenario(target={"measure": "exports", "period": "2018-05", "at_least": 70})
    found = answered(case, "target.at_least", 0.75)
    assert found.probability == 0.75


def test_one_of_several_targets_is_searched_for() -> None:
    both = [OF_2020 | {"at_least": 900}, {"measure": "exports", "period": 2019, "at_least": 600}]
    found = answered(scenario(target=both), "target.0.at_least", 0.35)
    assert isinstance(found.value, float)
    assert (
        simulate(scenario(target=[both[0] | {"at_least": found.value}, both[1]])).probability
        == found.probability
    )
    assert 0.35 <= found.probability <= 0.3505
    assert not answered(scenario(target=both), "target.0.at_least", 0.95).feasible


@pytest.mark.parametrize("wanted", [0.35, 0.9])
def test_the_first_year_is_that_of_enumeration(wanted: float) -> None:
    found = answered(scenario(), "target.period", wanted)
    chances = {
        year: simulate(scenario(target=OF_2020 | {"period": year})).probability for year in range(2018, 2031)
    }
    reached = [year for year, p in chances.items() if p >= wanted]
    assert found.feasible == bool(reached)
    assert found.value == (str(reached[0]) if reached else None)
    assert found.best_value == str(reached[0] if reached else max(chances, key=chances.__getitem__))
    assert found.probability == chances[reached[0] if reached else 2030]
    assert answered(scenario(), "target.period", 0.01).value == "2018"


# The answer, against plain Monte Carlo written apart.


def test_an_uncertain_lever_agrees_with_bisection_on_plain_paths() -> None:
    wanted, count = 0.4, 40_000

    def case(likely: float) -> dict[str, Any]:
        percent = {"low": "0%", "likely": f"{100 * likely:.6f}%", "high": f"{200 * likely:.6f}%"}
        lever = {
            "kind": "custom",
            "percent": percent,
            "start": "2019-01",
            "phase_in": 12,
            "bounds": {"percent": ["0%", "60%"]},
        }
        return scenario(levers={"rules": lever}).model_dump(exclude_unset=True)

    def plain(likely: float) -> float:
        paths = Paths(case(likely), 5)
        target = paths.scenario.target[0]
        (total,) = paths.totals([(target.measure, target.period)], count)
        return float((total >= target.amount).mean())

    low, high = 0.0, 0.6
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if plain(middle) < wanted else (low, middle)
    found = answered(Scenario.model_validate(case(0.05)), "rules", wanted)
    assert isinstance(found.value, float)
    error = math.sqrt(wanted * (1 - wanted) / count)
    slope = (plain(0.3) - plain(0.1)) / 0.2
    assert abs(found.value - (low + high) / 2) <= 3 * error / slope + (high - low)


# Laws.


def test_more_is_wanted_more_is_needed() -> None:
    case = scenario(levers={"rules": RULES | {"start": "2019-01"}})
    values = [answered(case, "rules", wanted).value for wanted in (0.3, 0.35, 0.4, 0.45, 0.5)]
    assert all(isinstance(value, float) for value in values)
    assert values == sorted(values)  # type: ignore[type-var]
    assert len(set(values)) == len(values)


def test_ventures_are_the_least_whole_number() -> None:
    case = scenario(levers={"plants": VENTURES})
    chances = [simulate(scenario(levers={"plants": VENTURES | {"count": n}})).probability for n in range(41)]
    wanted = chances[17] + 1e-9
    found = answered(case, "plants", wanted)
    assert found.value == min(n for n in range(2, 41) if chances[n] >= wanted)
    assert found.probability == chances[int(found.value)]
    assert not answered(case, "plants", 0.99).feasible


def test_what_is_reached_stays() -> None:
    case = scenario(levers=LEVERS)
    present = simulate(case).probability
    found = answered(case, "levers.support.percent", present - 0.01)
    assert found.already
    assert found.value == found.present_value
    assert found.probability == present


def test_what_is_out_of_reach_tells_its_best() -> None:
    case = scenario(levers={"rules": RULES})
    found = answered(case, "rules", 0.99)
    assert (found.value, found.feasible, found.best_value) == (None, False, 0.6)
    assert (
        found.best_probability == simulate(scenario(levers={"rules": RULES | {"percent": "60%"}})).probability
    )
    assert found.reason == "that is as far as its bounds go"
    capped = {"rules": RULES | {"overlap": {"group": "goods", "cap": 15}}}
    assert "together add at most 15 million USD a year" in str(
        answered(scenario(levers=capped), "rules", 0.99).reason
    )
    elsewhere = {"rules": RULES | {"streams": ["imports"]}}
    only_exports = {"measure": "exports", "period": 2020, "at_least": 900}
    assert (
        answered(scenario(target=only_exports, levers=elsewhere), "rules", 0.9).reason
        == "it does not move the probability"
    )
    assert (
        answered(
            scenario(levers={"rules": RULES | {"percent": "40%"}}), "levers.rules.probability", 0.9
        ).reason
        == "that is as far as it can go"
    )


def test_a_lever_that_is_off_is_switched_on() -> None:
    case = scenario(levers={"rules": RULES | {"enabled": False}})
    found = answered(case, "rules", 0.4)
    assert found.switched_on == ("levers.rules",)
    assert found.settings[0] == "levers.rules.enabled=true"
    assert found.value == answered(scenario(levers={"rules": RULES}), "rules", 0.4).value
    assert found.present.probability == simulate(scenario()).probability
    easy = answered(case, "rules", simulate(scenario()).probability + 0.001)
    assert easy.value == 0.02


def test_levers_together_go_the_same_way_to_the_bounds_that_help() -> None:
    levers = {
        "rules": RULES | {"bounds": {"percent": ["0%", "20%"]}},
        "plants": VENTURES,
        "late": {"kind": "custom", "percent": "15%", "phase_in": 24},
    }
    case = scenario(levers=levers)
    names = ["rules", "plants", "levers.late.phase_in"]
    found = answered(case, names, 0.45)
    assert isinstance(found.value, float)
    assert 0.45 <= found.probability <= 0.4505
    assert found.values["levers.rules.percent"] == pytest.approx(0.02 + found.value * 0.18)
    assert found.values["levers.late.phase_in"] == pytest.approx(24 * (1 - found.value))
    assert found.values["levers.plants.count"] == round(2 + found.value * 38)
    best = answered(case, names, 0.99)
    assert best.values == {"levers.rules.percent": 0.2, "levers.plants.count": 40, "levers.late.phase_in": 0}
    for alone in names:
        assert answered(case, alone, 0.99).best_probability < best.best_probability


def test_one_lever_named_twice_together_is_told_with_its_own_values() -> None:
    told = call(
        FLAGSHIP,
        "--lever",
        "rules",
        "--lever",
        "rules",
        "--together",
        "--probability",
        "0.33",
        "--points",
        "512",
    ).stdout
    assert "Harmonised rules from 3 % to" in " ".join(told.split())


def test_each_lever_is_ranked_by_its_relative_change() -> None:
    levers = {
        "rules": RULES,
        "plants": VENTURES,
        "small": RULES | {"bounds": {"percent": ["0%", "3%"]}},
        "named": NAMED,
    }
    found = solve_each(scenario(levers=levers), 0.4, simulate=simulate)
    assert [answer.levers[0] for answer in found.answers][-2:] == ["target.at_least", "target.period"]
    ranked = [answer for answer in found.answers if answer.levers[0].startswith("levers.")]
    changes = [answer.relative_change for answer in ranked if answer.feasible]
    assert changes == sorted(changes)  # type: ignore[type-var]
    assert [answer.feasible for answer in ranked] == sorted(
        (answer.feasible for answer in ranked), reverse=True
    )
    assert {answer.levers[0] for answer in ranked if not answer.feasible} >= {"levers.small.percent"}
    assert found.left_out == ("named",)


NAMED: dict[str, Any] = {"kind": "interregional_deals", "deals": [{"name": "One", "value": 20}]}


# What is written and read back.

PATHS = (
    *(
        "assembly",
        "rules",
        "interregional",
        "outlook.trend",
        "outlook.memory",
        "target.at_least",
        "target.period",
        "slump",
    ),
    *(
        "levers.rules.start",
        "levers.rules.percent.high",
        "levers.assembly.attainment",
        "levers.assembly.support.opening",
    ),
    *(
        "levers.preferences.overlap.cap",
        "levers.corridor.probability",
        "streams.furniture.share",
        "levers.corridor.start.low",
    ),
)


@pytest.mark.parametrize("path", PATHS)
def test_the_words_give_the_same_probability_to_the_last_digit(path: str) -> None:
    found = answered(load_scenario(FLAGSHIP), path, 0.285, points=512)
    assert simulate(load_scenario(FLAGSHIP, found.settings), points=512).probability == found.probability
    assert found.evaluations <= 30


def test_a_small_percent_is_written_without_an_exponent(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "title: T\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
        "observations:\n  - {measure: turnover, period: 2017, value: 690.8}\n"
        "levers:\n  rules: {kind: custom, percent: {low: 0%, likely: 2%, high: 5%}}\n"
    )
    case = load_scenario(file)
    wanted = simulate(scenario_without(case)).probability + 1e-6
    found = answered(
        case.changed(levers={"rules": case.levers["rules"].model_copy(update={"enabled": False})}),
        "rules",
        wanted,
    )
    assert found.feasible
    assert simulate(load_scenario(file, found.settings)).probability == found.probability


def scenario_without(case: Scenario) -> Scenario:
    return case.changed(levers={})


def test_the_verb_answers_machines_and_its_words_reproduce_it() -> None:
    first = call(
        FLAGSHIP, "--lever", "rules", "--probability", "33%", "--json", "--set", "target.at_least=990"
    )
    assert first.exit_code == 0
    found = json.loads(first.stdout)
    assert set(found) >= {"lever", "value", "probability", "feasible", "best_probability", "set"}
    assert found["lever"] == "levers.rules.percent"
    assert found["set"][0] == "target.at_least=990"
    words = [word for setting in found["set"] for word in ("--set", setting)]
    again = CliRunner().invoke(main, ["run", FLAGSHIP, "--json", *words])
    assert json.loads(again.stdout)["probability"] == found["probability"]
    assert 0.33 <= found["probability"] <= 0.3305
    assert (
        call(
            FLAGSHIP, "--lever", "rules", "--probability", "0.33", "--json", "--set", "target.at_least=990"
        ).stdout
        == first.stdout
    )


def test_what_cannot_be_reached_is_an_answer() -> None:
    done = call(FLAGSHIP, "--lever", "levers.assembly.count", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert (found["feasible"], found["value"], found["best_value"], found["high"]) == (False, None, 18, 18)
    assert found["present_probability"] < found["best_probability"] < 0.8
    told = call(FLAGSHIP, "--lever", "assembly").stdout
    assert "80 % is out of reach for New assembly ventures alone" in told
    assert "--bounds LO:HI" in told
    wider = json.loads(call(FLAGSHIP, "--lever", "assembly", "--bounds", "0:60", "--json").stdout)
    assert wider["best_value"] == 60


def test_people_read_a_table_and_sentences() -> None:
    table = call(FLAGSHIP)
    assert table.exit_code == 0
    for text in (
        "Harmonised rules",
        "out of reach: with this slider at its end",
        "The target: turnover in 2020",
        "What it does not mean",
    ):
        assert text in table.stdout
    rows = json.loads(call(FLAGSHIP, "--json").stdout)["answers"]
    assert [row["lever"] for row in rows][-2:] == ["target.at_least", "target.period"]
    assert (
        "would have to go from 3 % to" in call(FLAGSHIP, "--lever", "rules", "--probability", "0.33").stdout
    )
    assert "is at least $" in call(FLAGSHIP, "--lever", "target.at_least").stdout
    assert "first 50 % likely in" in call(FLAGSHIP, "--lever", "target.period", "--probability", "0.5").stdout
    assert "reached already" in call(FLAGSHIP, "--lever", "rules", "--probability", "0.1").stdout
    assert (
        "of the way"
        in call(
            FLAGSHIP, "--lever", "rules", "--lever", "assembly", "--together", "--probability", "0.33"
        ).stdout
    )
    assert "switched on" in call(FLAGSHIP, "--lever", "slump").stdout


BAD = [
    (["--lever", "levers.ruls.percent"], "did you mean 'levers.rules.percent'"),
    (["--lever", "nothing"], "levers.assembly.count"),
    (["--lever", "levers.rules.sources"], "no single number"),
    (["--lever", "levers.rules.streams"], "no single number"),
    (["--probability", "1"], "strictly between 0 and 1"),
    (["--probability", "0", "--lever", "rules"], "strictly between 0 and 1"),
    (["--probability", "often"], "such as 0.8 or 80%"),
    (["--lever", "rules", "--bounds", "9%:1%"], "the lower one first"),
    (["--lever", "rules", "--bounds", "5%:9%"], "leave out the present value 3%"),
    (["--lever", "rules", "--bounds", "0:9"], "write 0% if that is meant"),
    (["--lever", "assembly", "--bounds", "0:9000"], "from 0 to 1000"),
    (["--lever", "assembly", "--bounds", "0:1.5e1x"], "expected a number"),
    (["--lever", "assembly", "--bounds", "40"], "LO:HI"),
    (["--lever", "target.period", "--bounds", "2060:2070"], "hold no period"),
    (["--together"], "at least two"),
    (["--lever", "rules", "--lever", "target.period", "--together"], "ask for it alone"),
    (["--bounds", "1:2"], "exactly one --lever"),
    (["--map", "rules", "rules"], "two different numbers"),
    (["--map", "rules", "assembly", "--lever", "rules"], "ask for the map alone"),
]


@pytest.mark.parametrize(("words", "message"), BAD)
def test_bad_input_is_told(words: list[str], message: str) -> None:
    done = call(FLAGSHIP, *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr


CASE = """\
# What is asked.
title: T  # the title
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 900}  # in 2020
observations:
  - {measure: turnover, period: 2017, value: 690.8}   # published
levers:
  rules: {kind: custom, percent: {low: 0%, likely: 2%, high: 5%}, enabled: false}  # off
"""


@pytest.mark.parametrize(
    "words",
    [
        ("--lever", "rules"),
        ("--lever", "rules", "--set", "target.at_least=950"),
        ("--lever", "target.at_least"),
    ],
)
def test_an_answer_is_written_into_the_file_with_its_comments(tmp_path: Path, words: tuple[str, ...]) -> None:
    file, target = tmp_path / "case.yaml", tmp_path / "answer.yaml"
    file.write_text(CASE)
    wanted = simulate(load_scenario(file, words[3:4])).probability + 0.001
    done = call(file, *words, "--probability", wanted, "--write", target, "--json")
    assert done.exit_code == 0, done.stderr
    assert simulate(load_scenario(target)).probability == json.loads(done.stdout)["probability"]
    assert [line.rpartition("#")[2] for line in target.read_text().splitlines()] == [
        line.rpartition("#")[2] if "#" in line else line for line in CASE.splitlines()
    ]


def test_writing_replaces_nothing_unasked(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASE)
    wanted = simulate(load_scenario(file)).probability + 0.001
    words = (file, "--lever", "rules", "--probability", wanted, "--write", file)
    done = call(*words)
    assert done.exit_code == 2
    assert "add --force" in done.stderr
    assert file.read_text() == CASE
    assert call(*words, "--force").exit_code == 0
    assert "enabled: true" in file.read_text()
    away = tmp_path / "none.yaml"
    assert "Nothing written" in call(*words[:-1], away, "--bounds", "0%:3%", "--probability", "0.95").stderr
    assert not away.exists()
    assert call(file, "--write", away).exit_code == 2


def test_what_is_written_elsewhere_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(CASE)
    over, target = tmp_path / "over.yaml", tmp_path / "away" / "answer.yaml"
    over.write_text("extends: base.yaml\ntarget: {at_least: 950}\n")
    for file, written in (
        (over, target),
        (over, tmp_path / "beside.yaml"),
        ("shipped:belarus-kazakhstan-2020", tmp_path / "shipped.yaml"),
    ):
        done = call(file, "--lever", "rules", "--probability", "0.285", "--write", written, "--json")
        assert done.exit_code == 0, done.stderr
        assert simulate(load_scenario(written)).probability == json.loads(done.stdout)["probability"]


# The map.


def test_each_cell_of_a_map_is_the_answer_to_its_scenario() -> None:
    levers = {"rules": RULES | {"enabled": False}, "plants": VENTURES}
    found = grid(scenario(levers=levers), "rules", "plants", simulate=simulate, steps=(4, 3))
    assert found.x.values == pytest.approx((0, 0.2, 0.4, 0.6))
    assert found.y.values == (0, 20, 40)
    assert found.switched_on == ("levers.rules",)
    cell = scenario(levers={"rules": RULES | {"percent": "40%"}, "plants": VENTURES | {"count": 20}})
    assert found.probability[1][2] == simulate(cell, points=512).probability
    flat = np.array(found.probability)
    assert np.all(np.diff(flat, axis=0) >= 0)
    assert np.all(np.diff(flat, axis=1) > 0)
    assert found.to_dict()["present_probability"] == simulate(scenario(levers=levers), points=512).probability


def test_the_map_is_told_to_people_and_machines() -> None:
    data = json.loads(call(FLAGSHIP, "--map", "rules", "assembly", "--json", "--points", "64").stdout)
    assert (len(data["probability"]), len(data["probability"][0])) == (9, 9)
    assert data["y"]["values"][-1] == 18
    told = call(FLAGSHIP, "--map", "rules", "assembly", "--probability", "0.33", "--points", "64").stdout
    assert "*" in told.split("likely")[-1]


def test_a_risk_that_is_turned_up_lowers_the_chance() -> None:
    found = answered(scenario(risks=SLUMP, observations=SPLIT), "slump", 0.9)
    assert found.best_value == 0
    assert found.best_probability == simulate(scenario()).probability
