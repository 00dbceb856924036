"""Conditions of the outcome: planted rules are found, noise is not sold as one. Default tier."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import simulate
from simulator.analysis.discover import Condition, Rule, discover, rule
from simulator.analysis.unknowns import Unknown
from simulator.cli import main
from simulator.numerics.prim import Bound, find_box, inside, pasted, score
from simulator.report.words.discover import condition_words
from simulator.values.units import Unit
from tests.cases import LEVERS, SLUMP, scenario

FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"
DRAWS = 4096


def synthetic(seed: int, chance: Any, columns: int = 8) -> tuple[list[Unknown], np.ndarray]:
    """Uniform columns x0, x1, ..., the last a yes or no, and hits with a chance of the columns."""
    generator = np.random.default_rng(seed)
    values = generator.random((DRAWS, columns))
    values[:, -1] = values[:, -1] < 0.3
    hit = generator.random(DRAWS) < chance(values)
    return [Unknown(f"x{i}", f"x{i}", Unit.NUMBER, values[:, i]) for i in range(columns)], hit


def planted(values: np.ndarray) -> np.ndarray:
    return np.where((values[:, 0] < 0.3) & (values[:, 1] >= 0.6), 0.9, 0.05)


def test_a_planted_rule_is_found_among_noise() -> None:
    for seed in range(10):
        found = rule(*synthetic(seed, planted), *synthetic(100 + seed, planted))
        assert found is not None
        sides = {
            condition.unknown.path: (condition.below, condition.threshold) for condition in found.conditions
        }
        assert sides.keys() == {"x0", "x1"}
        assert sides["x0"] == (True, pytest.approx(0.3, abs=0.02))
        assert sides["x1"] == (False, pytest.approx(0.6, abs=0.03))
        inside_mass = 0.3 * 0.4
        base = inside_mass * 0.9 + (1 - inside_mass) * 0.05
        assert found.density == pytest.approx(0.9, abs=0.06)
        assert found.coverage == pytest.approx(inside_mass * 0.9 / base, abs=0.06)
        assert found.base == pytest.approx(base, abs=0.02)


def test_noise_has_no_simple_rule() -> None:
    found = [
        rule(*synthetic(seed, lambda _: 0.4), *synthetic(1000 + seed, lambda _: 0.4)) for seed in range(100)
    ]
    assert sum(each is not None for each in found) == 0


def test_a_weak_effect_is_no_rule_worth_telling() -> None:
    weak = rule(
        *synthetic(1, lambda x: 0.4 + 0.03 * (x[:, 0] < 0.5)),
        *synthetic(2, lambda x: 0.4 + 0.03 * (x[:, 0] < 0.5)),
    )
    assert weak is None


@pytest.mark.parametrize(
    ("density", "error", "clear"),
    [
        (0.80, 0.01, True),
        (0.80, 0.04, False),
        (0.72, 0.001, False),
        (0.60, 0.01, False),
    ],  # of a base rate of .7: chance; too little; worse
)
def test_a_rule_must_beat_chance_and_be_worth_telling(density: float, error: float, clear: bool) -> None:
    condition = WORDS[0][0]
    assert Rule((condition,), 0.5, density, 0.4, 0.7, error).clear is clear
    assert Rule((), 0.5, density, 0.4, 0.7, error).clear is False


def test_there_are_at_most_three_conditions() -> None:
    def corner(values: np.ndarray) -> np.ndarray:
        return np.where((values[:, :5] < 0.7).all(axis=1), 0.95, 0.05)

    found = rule(*synthetic(3, corner), *synthetic(4, corner))
    assert found is not None
    assert len(found.conditions) == 3
    assert {condition.unknown.path for condition in found.conditions} <= {"x0", "x1", "x2", "x3", "x4"}


def test_a_yes_or_no_is_found_beside_fine_columns() -> None:
    def happens(values: np.ndarray) -> np.ndarray:
        return np.where(values[:, -1] == 1, 0.8, 0.1)

    found = rule(*synthetic(5, happens), *synthetic(6, happens))
    assert found is not None
    assert [(c.unknown.path, c.below) for c in found.conditions] == [("x7", False)]
    assert 0 < found.conditions[0].threshold < 1


def test_what_came_too_seldom_has_no_rule() -> None:
    unknowns, _ = synthetic(7, planted)
    few = np.arange(DRAWS) < 10
    assert rule(unknowns, few, unknowns, few) is None
    assert rule(unknowns, ~few, unknowns, ~few) is None
    assert rule([], few, [], few) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.05, 0.95), st.booleans())
def test_pasting_never_lowers_the_score_and_finds_the_best_single_threshold(
    seed: int, threshold: float, below: bool
) -> None:
    generator = np.random.default_rng(seed)
    values = generator.random((200, 2))
    hit = generator.random(200) < 0.2 + 0.6 * (values[:, 0] < 0.5)
    box = (Bound(0, below, threshold),)
    better = pasted(box, values, hit)
    assert score(better, values, hit) >= score(box, values, hit) - 1e-12
    every = [score((Bound(0, below, edge),), values, hit) for edge in np.linspace(0.001, 0.999, 999)]
    assert score(better, values, hit) >= max(every) - 1e-12


def test_the_score_is_the_harmonic_mean_of_coverage_and_gain() -> None:
    values = np.arange(100.0)[:, None]
    hit = (np.arange(100) < 30) | (np.arange(100) >= 90)
    coverage, gain = 30 / 40, (30 / 50 - 0.4) / 0.6
    assert score((Bound(0, True, 50.0),), values, hit) == pytest.approx(2 / (1 / coverage + 1 / gain))
    assert score((), values, hit) == 0
    assert score((Bound(0, True, 3.0),), values, hit) == 0  # a box of three draws is no rule


def test_no_box_is_better_than_one_that_shuts_out_nothing() -> None:
    generator = np.random.default_rng(8)
    values = generator.random((2000, 3))
    assert find_box(values, values[:, 0] < 2, values, values[:, 0] < 2) == ()


# Words


WORDS = [
    (
        Condition(Unknown("a", "Rules: percent", Unit.PERCENT, np.zeros(1)), True, 0.021),
        "Rules: percent below 2.1%",
    ),
    (
        Condition(Unknown("a", "Rules: start", Unit.MONTH, np.zeros(1)), False, 12 * 2019 + 5.0),
        "Rules: start 2019-06 or later",
    ),
    (
        Condition(Unknown("a", "Rules: start", Unit.MONTH, np.zeros(1)), True, 12 * 2019 + 5.0),
        "Rules: start before 2019-06",
    ),
    (Condition(Unknown("a", "Slump: strikes", Unit.YES_OR_NO, np.zeros(1)), False, 0.5), "Slump: strikes"),
    (
        Condition(Unknown("a", "Corridor: happens", Unit.YES_OR_NO, np.zeros(1)), True, 0.5),
        "Corridor: does not happen",
    ),
    (
        Condition(Unknown("a", "turnover in 2019", Unit.MONEY, np.zeros(1), "figure"), True, 812.0),
        "turnover in 2019 below $812m",
    ),
    (
        Condition(Unknown("a", "Rules: effect", Unit.MONEY, np.zeros(1), signed=True), False, 2.5),
        "Rules: effect at least +$2.5m",
    ),
    (
        Condition(Unknown("a", "Plants: planned", Unit.MONEY_A_YEAR, np.zeros(1)), False, 4.0),
        "Plants: planned at least $4m a year",
    ),
    (
        Condition(Unknown("a", "Plants: ramp", Unit.YEARS, np.zeros(1)), True, 2.5),
        "Plants: ramp below 2.5 years",
    ),
    (
        Condition(Unknown("world", "World trade", Unit.PERCENT, np.zeros(1), "world", True), True, 0.049),
        "World trade below +4.9%",
    ),
]


@pytest.mark.parametrize(("condition", "expected"), WORDS)
def test_conditions_are_said_in_their_units(condition: Condition, expected: str) -> None:
    assert condition_words(condition, lambda amount: f"${amount:g}m") == expected


# Scenarios


def test_a_planted_lever_is_found_in_a_scenario() -> None:
    """A union that doubles trade, or does not happen."""
    levers = {
        "union": {
            "kind": "custom",
            "name": "The union",
            "percent": "150%",
            "start": "2018-10",
            "probability": 0.5,
        }
    }
    found = discover(scenario(levers=levers, outlook={"world": "normal"}), simulate=simulate).assumed
    assert found is not None
    assert len(found.conditions) == 1
    assert found.conditions[0].unknown.path in ("levers.union", "levers.union.happens")
    assert found.conditions[0].below
    assert found.mass == pytest.approx(0.5, abs=0.02)


def test_coverage_and_density_hold_on_draws_of_another_seed() -> None:
    """Counted afresh, from plain totals of many paths of a seed that the analysis never saw."""
    case = scenario(levers=LEVERS, risks=SLUMP)
    for of in ("missed", "reached"):
        found = discover(case, simulate=simulate, of=of, seed=3).figures
        assert found is not None
        assert [c.unknown.path for c in found.conditions] == ["turnover 2019"]
        flows, goal = simulate(case, points=2**15, seed=77).flows, case.target[0].period
        came = (flows.total("turnover", goal).values >= 1000) == (of == "reached")
        before = flows.total("turnover", goal.shift(-12)).values
        under = (before < found.conditions[0].threshold) == found.conditions[0].below
        assert found.density == pytest.approx(came[under].mean(), abs=0.03)
        assert found.coverage == pytest.approx(under[came].mean(), abs=0.03)
        assert found.mass == pytest.approx(under.mean(), abs=0.03)


def test_rules_are_checked_on_draws_that_did_not_find_them() -> None:
    seeds = []

    def recorded(case: Any, **options: Any) -> Any:
        seeds.append(options["seed"])
        return simulate(case, **options)

    discover(scenario(), simulate=recorded, seed=5)
    assert set(seeds) == {5, 6}


def test_thresholds_are_what_is_said() -> None:
    found = discover(scenario(levers=LEVERS), simulate=simulate)
    for each in (found.assumed, found.figures):
        assert each is not None
        for condition in each.conditions:
            assert condition.threshold == float(f"{condition.threshold:.3g}")


def test_a_decided_target_has_no_rule_and_an_unknown_outcome_is_refused() -> None:
    found = discover(
        scenario(target={"measure": "turnover", "period": 2017, "at_least": 600}), simulate=simulate
    )
    assert found.assumed is None
    assert found.figures is None
    with pytest.raises(ValueError, match="found 'won', expected missed or reached"):
        discover(scenario(), simulate=simulate, of="won")


def test_the_same_inputs_give_the_same_rules() -> None:
    one, two = (discover(scenario(levers=LEVERS), simulate=simulate).to_dict() for _ in range(2))
    assert one | {"elapsed_seconds": 0} == two | {"elapsed_seconds": 0}


def test_the_verb_answers_people_and_machines() -> None:
    done = CliRunner().invoke(main, ["discover", FLAGSHIP])
    assert done.exit_code == 0
    for words in (
        "is missed in",
        "World trade: effect on turnover in 2020 below",
        "turnover in 2019 below $",
        "coverage",
        "density",
    ):
        assert words in " ".join(done.stdout.split())
    found = json.loads(CliRunner().invoke(main, ["discover", FLAGSHIP, "--json", "--of", "reached"]).stdout)
    assert found["of"] == "reached"
    assert found["base"] == pytest.approx(found["probability"])
    assert found["rules"]["figures"]["density"] > found["base"] + 0.1
    assert found["rules"]["figures"]["conditions"][0].keys() >= {
        "path",
        "name",
        "unit",
        "at_least",
        "written",
    }


def test_no_rule_is_said_in_words() -> None:
    done = CliRunner().invoke(main, ["discover", FLAGSHIP, "--set", "target.at_least=9000000"])
    assert "No simple rule" in done.stdout


def test_bad_input_is_refused() -> None:
    done = CliRunner().invoke(main, ["discover", FLAGSHIP, "--of", "won"])
    assert done.exit_code == 2
    assert done.stdout == ""


def test_inside_is_the_conjunction() -> None:
    values = np.array([[0.1, 0.9], [0.1, 0.1], [0.9, 0.9]])
    assert inside((Bound(0, True, 0.5), Bound(1, False, 0.5)), values).tolist() == [True, False, False]
