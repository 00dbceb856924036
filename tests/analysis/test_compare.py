"""Sets of assumptions side by side, and the gap split over the assumptions that differ. Default tier."""

from __future__ import annotations

import inspect
import json
import math
import time
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from statistics import NormalDist, fmean, median
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import BaselineError, Scenario, claim, compare, load_scenario, report, simulate
from simulator.analysis import compare as comparison
from simulator.cli import main
from simulator.model.law import fit_scenario
from simulator.model.paths import layout
from simulator.numerics.shapley import separable, shapley, unions
from simulator.scenario.changes import changes, grouped, hybrid, live
from simulator.scenario.parameters import knobs, turned
from simulator.scenario.restating import in_unit
from tests.cases import LEVERS, SLUMP, SPLIT, TOTALS_ONLY, scenario
from tests.tiers import examples

FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"
CAUTIOUS = "scenarios/belarus-kazakhstan-cautious.yaml"
KAZAKH = "scenarios/belarus-kazakhstan-kazakh-statistics.yaml"
FEW = 256  # points


def lever(**fields: Any) -> dict[str, Any]:
    return {"kind": "custom", "start": "2018-10", **fields}


def parts(difference: comparison.Difference) -> dict[str, float]:
    return {part.change.name: part.probability_points for part in difference.attribution}


def sums_up(difference: comparison.Difference) -> bool:
    return sum(parts(difference).values()) == pytest.approx(difference.probability_points, abs=1e-9)


def verb(*words: str) -> Result:
    return CliRunner().invoke(main, ["compare", *words])


# Shapley values


def by_all_orders(values: np.ndarray, causes: int) -> np.ndarray:
    """The definition: each cause's effect averaged over every order of arrival."""
    found = np.zeros((causes, values.shape[1]))
    for order in permutations(range(causes)):
        there = 0
        for cause in order:
            found[cause] += values[there | 1 << cause] - values[there]
            there |= 1 << cause
    return found / math.factorial(causes)


games = st.integers(1, 5).flatmap(
    lambda causes: st.lists(
        st.lists(st.floats(-50, 50), min_size=2, max_size=2), min_size=2**causes, max_size=2**causes
    ).map(np.array)
)


@given(games)
@settings(max_examples=50, deadline=None)
def test_shares_are_the_effect_averaged_over_all_orders_and_sum_to_the_gap(values: np.ndarray) -> None:
    causes = len(values).bit_length() - 1
    shares = shapley(values)
    np.testing.assert_allclose(shares, by_all_orders(values, causes), atol=1e-9)
    np.testing.assert_allclose(shares.sum(axis=0), values[-1] - values[0], atol=1e-9)


@given(games, st.randoms())
@settings(max_examples=50, deadline=None)
def test_causes_in_another_order_have_the_same_shares_in_that_order(values: np.ndarray, chance: Any) -> None:
    causes = len(values).bit_length() - 1
    order = list(range(causes))
    chance.shuffle(order)
    moved = [
        sum(1 << order[cause] for cause in range(causes) if mask >> cause & 1) for mask in range(len(values))
    ]
    np.testing.assert_allclose(shapley(values[moved]), shapley(values)[order], atol=1e-9)


def test_changes_in_another_order_have_the_same_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (
        scenario(levers=LEVERS),
        scenario(levers=LEVERS | {"rules": lever(percent="5%")}, outlook={"trend": 0.02}),
    )
    straight = compare([one, other], points=FEW).differences[0]
    monkeypatch.setattr(comparison, "changes", lambda *sets: tuple(reversed(changes(*sets))))
    back = compare([one, other], points=FEW).differences[0]
    assert list(parts(back)) == list(reversed(parts(straight)))
    assert parts(back) == pytest.approx(parts(straight), abs=1e-9)
    assert back.probability_points == straight.probability_points


def test_two_certain_levers_on_a_lognormal_month_have_the_shares_of_the_closed_form() -> None:
    fields: dict[str, Any] = {
        "observations": TOTALS_ONLY,
        "target": {"measure": "turnover", "period": "2018-11", "at_least": 90},
        "streams": {"goods": {"direction": "exports"}},
        "outlook": {"tails": 1_000_000},
    }
    one, other = (
        scenario(levers={"a": lever(percent=a), "b": lever(percent=b)}, **fields)
        for a, b in (("10%", "-5%"), ("30%", "8%"))
    )
    law = fit_scenario(one)
    month = law.cells(one.target[0].period)[0]
    centre, sd = law.mean.ravel()[month], math.sqrt(law.covariance[month, month])

    def chance(a: float, b: float) -> float:
        return 100 * NormalDist().cdf((centre + math.log(1 + a) + math.log(1 + b) - math.log(90)) / sd)

    none, only_a, only_b, both = chance(0.1, -0.05), chance(0.3, -0.05), chance(0.1, 0.08), chance(0.3, 0.08)
    found = compare([one, other]).differences[0]
    assert found.probability_points == pytest.approx(both - none, abs=2e-3)
    expected = {
        "levers.a.percent": (only_a - none + both - only_b) / 2,
        "levers.b.percent": (only_b - none + both - only_a) / 2,
    }
    assert parts(found) == pytest.approx(expected, abs=2e-3)
    first_a, first_b = found.attribution
    assert (first_a.first_points, first_a.last_points) == pytest.approx(
        (only_a - none, both - only_b), abs=2e-3
    )
    assert (first_b.first_points, first_b.last_points) == pytest.approx(
        (only_b - none, both - only_a), abs=2e-3
    )
    assert found.interaction_points == pytest.approx(both - only_a - only_b + none, abs=4e-3)
    assert abs(found.interaction_points) > 0.5


# Common draws


def test_a_paired_difference_is_six_times_more_precise_than_one_of_two_seeds() -> None:
    one, other = (
        load_scenario(FLAGSHIP),
        load_scenario(FLAGSHIP, ["levers.corridor.percent={low: 0%, likely: 2%, high: 5%}"]),
    )
    paired = [compare([one, other], seed=seed).differences[0].standard_error for seed in (1, 2, 3)]
    apart = [
        100
        * math.hypot(simulate(one, seed=seed).standard_error, simulate(other, seed=seed + 10).standard_error)
        for seed in (1, 2, 3)
    ]
    assert fmean(apart) >= 6 * fmean(paired)


def test_the_error_of_a_difference_is_that_over_seeds() -> None:
    one, other = scenario(levers=LEVERS), scenario(levers=LEVERS, outlook={"trend": 0.02})
    found = [compare([one, other], points=FEW, seed=seed).differences[0] for seed in range(16)]
    seen = np.std([difference.probability_points for difference in found], ddof=1)
    told = math.sqrt(fmean(difference.standard_error**2 for difference in found))
    assert 0.5 < told / seen < 2


def test_one_changed_knob_is_the_whole_gap_whatever_knob_it_is() -> None:
    base = load_scenario(FLAGSHIP, ["risks.slump.enabled=true"])
    plain = simulate(base, points=64)
    moved = 0
    for knob in knobs(base):
        value = knob.low + 0.37 * (knob.high - knob.low)
        try:
            other = turned(
                base, {knob.path: round(value) if knob.unit in ("whole number", "month") else value}
            )
        except ValueError:
            continue  # an end of a range beyond its likely value
        found = compare([base, other], points=64).differences[0]
        gap = 100 * (simulate(other, points=64).probability - plain.probability)
        assert found.probability_points == pytest.approx(gap, abs=1e-9), knob.path
        assert len(found.attribution) == 1, knob.path
        name = found.attribution[0].change.name
        assert any(knob.path.startswith(part) for part in name.split(" and ")) or (
            name,
            knob.path.split(".")[0],
        ) == ("data", "streams")
        moved += abs(gap) > 1e-6
    assert moved > 30


MANY = {
    "levers that only one has": (
        scenario(levers=LEVERS),
        scenario(levers={"rules": LEVERS["rules"], "more": lever(percent="3%")}),
    ),
    "another kind": (
        scenario(levers={"x": lever(percent="3%")}),
        scenario(levers={"x": {"kind": "corridor", "percent": "4%", "start": "2019-01"}}),
    ),
    "figures": (
        scenario(levers=LEVERS),
        scenario(TOTALS_ONLY, levers=LEVERS | {"rules": lever(percent="5%")}),
    ),
    "streams": (
        scenario(levers=LEVERS),
        scenario(TOTALS_ONLY, streams={"goods": {"direction": "exports"}}, outlook={"memory": 9}),
    ),
    "horizons": (
        scenario(levers=LEVERS, risks=SLUMP),
        scenario(target={"measure": "exports", "period": "2021-Q3", "at_least": 170}, levers=LEVERS),
    ),
    "days": (scenario(), scenario([SPLIT[0]], as_of="2018-03-31", outlook={"world": "slump"})),
}


@pytest.mark.parametrize("pair", MANY.values(), ids=MANY)
def test_all_changes_together_make_the_other_set(pair: tuple[Scenario, Scenario]) -> None:
    one, other = pair
    columns = layout(one).extended(layout(other).names)
    edits = [edit for change in grouped(changes(live(one), live(other))) for edit in change.edits]
    there = simulate(hybrid(live(one), edits), points=FEW, columns=columns)
    assert there.probability == pytest.approx(
        simulate(other, points=FEW, columns=columns).probability, abs=1e-12
    )
    found = compare(pair, points=FEW).differences[0]
    assert sums_up(found)
    assert found.attribution
    assert sums_up(compare(pair[::-1], points=FEW).differences[0])


def test_a_lever_that_only_one_set_has_or_uses_is_one_change() -> None:
    many = {"x": lever(percent="9%", phase_in=6), "y": lever(percent="2%")}
    off = {"x": lever(percent="4%", enabled=False), "y": lever(percent="2%")}
    for without in ({"y": many["y"]}, off):
        found = compare([scenario(levers=without), scenario(levers=many)], points=FEW).differences[0]
        assert list(parts(found)) == ["levers.x"]
        assert found.probability_points > 1


def _moved_all(case: Scenario, number: int) -> float:
    """The processor's seconds of an answer in which every lever has another value than before."""
    moved = {
        "assembly.count": 6 + number,
        "preferences.margin": 0.1 + number / 500,
        "rules.percent": 0.03 + number / 1000,
    }
    moved |= {"interregional.signed": 5 + number / 10, "corridor.percent": 0.01 + number / 1000}
    changed = turned(case, {f"levers.{path}": value for path, value in moved.items()})
    begun = time.process_time()
    simulate(changed)
    return time.process_time() - begun


@pytest.mark.ci_only(reason="a measure of time")
def test_five_sets_with_eight_changes_each_are_quick() -> None:
    """In CI about a thousand mixtures, by the processor's time of some 330 answers in which all levers have moved.

    Beside other work either may take twice that.
    """
    words = (
        "outlook.trend={} target.at_least={} levers.assembly.count={} levers.preferences.margin={}% "
        "levers.interregional.signed={} levers.corridor.probability={} levers.corridor.percent={}% "
        "levers.rules.percent={}%"
    )
    steps = (
        (0.04 + n / 200, 1000 - 10 * n, 6 + n, 11.2 + n, 5 + n, 0.7 + n / 20, 1 + n, 3 + n)
        for n in range(1, examples(5, 3))
    )
    sets = [
        load_scenario(FLAGSHIP, setting) for setting in ([], *(words.format(*step).split() for step in steps))
    ]
    begun = time.process_time()
    found = compare(sets)
    taken = time.process_time() - begun
    assert taken < 330 * 2 * median(_moved_all(sets[0], number) for number in range(12))
    assert [len(difference.attribution) for difference in found.differences] == [8] * (len(sets) - 1)
    assert all(map(sums_up, found.differences))


# What differs, and what does not matter


def test_equal_sets_have_no_gap_and_nothing_that_differs() -> None:
    one = scenario(levers=LEVERS)
    found = compare([one, scenario(levers=LEVERS, title="Other words", notes="and notes")], points=FEW)
    (difference,) = found.differences
    assert (difference.probability_points, difference.standard_error, difference.attribution) == (0, 0, ())
    assert found.assumptions == ()
    assert report.assumptions_table(found) == []
    assert report.difference_sentence(found, difference) == "B has the assumptions of A, and its answer."


def test_what_moves_no_probability_is_no_change_but_differs() -> None:
    one = scenario(levers={"x": lever(percent="3%", enabled=False)})
    other = scenario(
        levers={"x": lever(percent="9%", enabled=False, cost=3)},
        alternatives={"other": [{**SPLIT[0], "value": 650}]},
        partner="Elsewhere",
    )
    found = compare([one, other], points=FEW)
    assert found.differences[0].attribution == ()
    assert [assumption.name for assumption in found.assumptions] == [
        "partner",
        "alternatives.other",
        "levers.x.percent",
        "levers.x.cost",
    ]
    assert "nothing in which they differ" in report.difference_sentence(found, found.differences[0])
    assert any("countries differ" in note for note in found.differences[0].notes)


def test_a_cost_differs_but_moves_no_probability() -> None:
    found = compare(
        [scenario(levers={"x": lever(percent="3%")}), scenario(levers={"x": lever(percent="3%", cost=3)})],
        points=64,
    )
    assert [assumption.name for assumption in found.assumptions] == ["levers.x.cost"]
    assert found.differences[0].attribution == ()


def test_the_order_of_levers_in_a_file_is_no_assumption() -> None:
    found = compare([scenario(levers=LEVERS), scenario(levers=dict(reversed(LEVERS.items())))], points=FEW)
    assert found.assumptions == ()
    assert found.differences[0].probability_points == 0
    one, other = (each.result.probability for each in found.sets)
    assert one == pytest.approx(other, abs=1e-12)


def test_assumptions_that_differ_stand_in_file_order_in_words() -> None:
    wide = {"low": "0%", "likely": "1%", "high": "4.1%"}
    one = scenario(
        levers={"x": lever(percent=wide), "y": lever(percent="2%", sources={"percent": "a study"})}
    )
    two = scenario(
        levers={"x": lever(percent="3%"), "z": lever(money=5)},
        target={"measure": "turnover", "period": 2020, "at_least": 900},
    )
    three = scenario(
        [*SPLIT[:3], {**SPLIT[3], "growth": "30%"}],
        levers={"x": lever(percent=wide, enabled=False), "y": lever(percent="4%")},
    )
    table = report.assumptions_table(compare([one, two, three], points=64))
    shown = {row["path"]: (row["A"], row["B"], row["C"]) for row in table}
    assert list(shown.items()) == [
        ("target.at_least", ("$1,000m", "$900m", "")),
        (
            "observations.imports 2018-01..2018-09",
            ("71.3, growth 31.3 %", "", "71.3, growth 30 %"),
        ),
        ("levers.x.percent", ("1 % (0-4.1 %)", "3 %", "")),
        ("levers.x.enabled", ("on", "", "off")),
        ("levers.y", ("custom", "not there", "")),
        ("levers.y.percent", ("2 %", "", "4 %")),
        ("levers.z", ("not there", "custom", "")),
    ]
    rows = {row["path"]: row for row in table}
    assert (rows["levers.y.percent"]["basis"], rows["levers.x.percent"]["basis"]) == (
        "study, our assumption",
        "our assumption",
    )


def test_a_figure_published_with_another_digit_is_another_figure() -> None:
    wide, fine = (scenario([{**SPLIT[0], "growth": growth}]) for growth in ("64%", "64.0%"))
    found = compare([wide, fine], points=FEW)
    told = [
        report.assumption_words(each.result, found.assumptions[0], n) for n, each in enumerate(found.sets)
    ]
    assert told == ["690.8, growth 64 %", "690.8, growth 64.0 %"]
    assert list(parts(found.differences[0])) == ["data"]


def test_a_list_of_targets_is_numbered_on_both_sides() -> None:
    second = {"measure": "exports", "period": 2020, "at_least": 700}
    both = [{"measure": "turnover", "period": 2020, "at_least": 1000}, second]
    found = compare([scenario(), scenario(target=both)], points=FEW)
    assert {assumption.name for assumption in found.assumptions} == {"target.1"}
    assert list(parts(found.differences[0])) == ["target"]
    assert found.differences[0].probability_points <= 3 * found.differences[0].standard_error
    assert any("targets differ" in note for note in found.differences[0].notes)


# More than can be told apart


def test_above_ten_the_changes_of_a_lever_and_then_of_the_outlook_are_one() -> None:
    def levers(count: int, **fields: Any) -> dict[str, Any]:
        return {f"x{n}": lever(**fields) for n in range(count)}

    outlook = {"trend": 0.02, "memory": 9, "disturbance": 0.2}
    few = (
        scenario(levers=levers(4, percent="1%")),
        scenario(levers=levers(4, percent="2%", phase_in=6, probability=0.9), outlook=outlook),
    )
    assert [change.name for change in grouped(changes(*map(live, few)))] == [
        *(f"outlook.{field}" for field in ("trend", "disturbance", "memory")),
        *(f"levers.x{n}" for n in range(4)),
    ]
    more = scenario(levers=levers(9, percent="1%")), scenario(levers=levers(9, percent="2%"), outlook=outlook)
    assert [change.name for change in grouped(changes(*map(live, more)))] == [
        "outlook",
        *(f"levers.x{n}.percent" for n in range(9)),
    ]
    most = (
        scenario(levers=levers(12, percent="1%")),
        scenario(levers=levers(12, percent="2%"), outlook=outlook),
    )
    assert [change.name for change in grouped(changes(*map(live, most)))] == ["outlook", "levers"]
    found = compare(most, points=FEW).differences[0]
    assert sums_up(found)
    assert len(found.attribution[1].change.paths) == 12
    assert any("15 changes are more than the 10" in note for note in found.notes)
    assert not compare([scenario(), scenario(outlook=outlook)], points=64).differences[0].notes


def constraint(*groups: int) -> Any:
    """Whether a set holds each group whole or not at all."""
    return lambda mask: all(mask & group in (0, group) for group in groups)


@pytest.mark.parametrize(
    ("causes", "possible", "expected"),
    [
        (3, constraint(), (0b001, 0b010, 0b100)),
        (4, constraint(0b1010), (0b0001, 0b1010, 0b0100)),
        (5, constraint(0b10101), (0b10101, 0b00010, 0b01000)),
        (5, constraint(0b00011, 0b11000), (0b00011, 0b00100, 0b11000)),
        (3, lambda mask: mask & 0b11 != 0b01, (0b011, 0b100)),  # the first only with the second
        (2, lambda mask: mask in (0, 3), (0b11,)),
    ],
)
def test_causes_that_cannot_be_told_apart_are_merged_and_no_others(
    causes: int, possible: Any, expected: Sequence[int]
) -> None:
    assert separable(causes, possible) == expected


def test_unions_are_every_set_of_blocks() -> None:
    assert unions((0b101, 0b010)) == [0, 0b101, 0b010, 0b111]
    assert unions(()) == [0]


def test_assumptions_that_cannot_be_mixed_change_together_and_a_note_says_so() -> None:
    def overlapping(cap: float, percent: str) -> dict[str, Any]:
        return {key: lever(percent=percent, overlap={"group": "same", "cap": cap}) for key in ("x", "y")}

    found = compare(
        [scenario(levers=overlapping(40, "3%")), scenario(levers=overlapping(60, "4%"))], points=FEW
    ).differences[0]
    capped = "levers.x.overlap.cap and levers.y.overlap.cap"
    assert list(parts(found)) == ["levers.x.percent", capped, "levers.y.percent"]
    assert sums_up(found)
    assert [note for note in found.notes if note.startswith(capped)]
    money = compare(
        [scenario(levers={"x": lever(percent="3%")}), scenario(levers={"x": lever(money=20)})], points=FEW
    ).differences[0]
    assert list(parts(money)) == ["levers.x.percent and levers.x.money"]


def test_a_target_before_the_figures_of_the_other_set_changes_with_them() -> None:
    early, late = (
        {"measure": "turnover", "period": year, "value": value}
        for year, value in ((2016, 420), (2017, 690.8))
    )
    one = scenario([late, early | {"published": "2019-05-01"}])
    other = scenario([early, late], {"measure": "turnover", "period": "2016-01..2018-12", "at_least": 1900})
    found = compare([one, other], points=FEW).differences[0]
    assert list(parts(found)) == ["target and data"]
    assert sums_up(found)


# Refusals


@pytest.mark.parametrize(("field", "value"), [("currency", "EUR"), ("unit", "barrels")])
def test_other_money_is_refused_and_the_file_named(field: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"found {field} '{value}' in B, expected "):
        compare([scenario(), scenario(**{field: value})])
    done = verb(FLAGSHIP, FLAGSHIP, FLAGSHIP, "--set", f"{field}={value}", "--points", "64")
    assert done.exit_code == 0  # of every set
    file = tmp_path / "other.yaml"
    file.write_text(f"extends: shipped:belarus-kazakhstan-2020\n{field}: {value}\n", encoding="utf-8")
    done = verb(FLAGSHIP, str(file))
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"found {field} '{value}' in B ({file})" in " ".join(done.stderr.split())


def test_a_set_in_another_unit_is_restated_in_that_of_the_first_and_answers_as_before(tmp_path: Path) -> None:
    file = tmp_path / "billions.yaml"
    file.write_text(_in_billions(CAUTIOUS), encoding="utf-8")
    words = ("--json", "--points", str(FEW))
    mixed = json.loads(verb(FLAGSHIP, str(file), *words).stdout)
    plain = json.loads(verb(FLAGSHIP, CAUTIOUS, *words).stdout)
    assert (mixed["restated"], plain["restated"]) == ({"B": "billion"}, {})
    assert [each["unit"] for each in mixed["sets"]] == ["million", "million"]
    for key in ("probability", "shortfall_if_missed"):
        assert mixed["sets"][1][key] == pytest.approx(plain["sets"][1][key], rel=1e-9)
    (gap,), (expected,) = mixed["differences"], plain["differences"]
    assert [part["assumption"] for part in gap["attribution"]] == [
        part["assumption"] for part in expected["attribution"]
    ]
    assert gap["probability_points"] == pytest.approx(expected["probability_points"], abs=1e-7)
    alone = json.loads(CliRunner().invoke(main, ["run", str(file), *words]).stdout)
    assert mixed["sets"][1]["scenario"]["sha256"] == alone["scenario"]["sha256"]
    said = " ".join(verb(FLAGSHIP, str(file), "--points", str(FEW)).stdout.split())
    assert "B (in billion USD) is shown in million USD; no chance depends on the unit." in said


def _in_billions(file: str) -> str:
    """The text of a file with every amount in billions: what a person would write."""
    billions = in_unit(load_scenario(file), "billion")
    return json.dumps(billions.model_dump(exclude_unset=True), default=str)


def test_one_set_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="found 1 set of assumptions"):
        compare([scenario()])


def test_figures_that_contradict_each_other_are_an_error_of_the_set_not_of_a_mixture() -> None:
    with pytest.raises(BaselineError):
        compare(
            [scenario(), scenario([SPLIT[0], {"measure": "turnover", "period": 2017, "value": 300}])],
            points=FEW,
        )


@pytest.mark.parametrize(
    "words",
    [
        (FLAGSHIP,),
        (FLAGSHIP, CAUTIOUS, "--names", "one"),
        (FLAGSHIP, CAUTIOUS, "--names", "one,one"),
        (FLAGSHIP, CAUTIOUS, "--names", "basis,b"),
        (FLAGSHIP, "nowhere.yaml"),
        (FLAGSHIP, CAUTIOUS, "--points", "100"),
    ],
)
def test_the_verb_tells_bad_usage(words: Sequence[str]) -> None:
    done = verb(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "expected" in done.stderr


# Faces


def test_the_public_function_is_bound_to_the_engine() -> None:
    for analysis in (claim, compare):
        assert "simulate" not in inspect.signature(analysis).parameters
    assert claim(scenario(), "turnover 2018 >= 850", points=64).result.probability > 0
    assert "Shapley" in (compare.__doc__ or "")
    counted = []

    def counting(*arguments: Any, **options: Any) -> Any:
        counted.append(arguments)
        return simulate(*arguments, **options)

    named = compare(
        {"now": scenario(), "later": scenario(outlook={"trend": 0.02})}, points=64, simulate=counting
    )
    assert named.names == ("now", "later")
    assert len(counted) == 2  # the ends of the gap are the sets themselves, and no mixture is simulated twice


def test_sets_with_common_changes_share_their_mixtures() -> None:
    counted = []

    def counting(*arguments: Any, **options: Any) -> Any:
        counted.append(arguments)
        return simulate(*arguments, **options)

    common = {"trend": 0.02, "memory": 9}
    compare(
        [scenario(), scenario(outlook=common), scenario(outlook=common | {"tails": 4})],
        points=64,
        simulate=counting,
    )
    assert len(counted) == 2**3  # of three changes in all: every set of them once


def test_the_verb_answers_people() -> None:
    done = verb(FLAGSHIP, CAUTIOUS, "scenarios/belarus-kazakhstan-slump.yaml", "--points", str(FEW))
    assert done.exit_code == 0
    text = " ".join(done.stdout.split())
    assert "How likely it is that turnover in 2020 is at least $1,000m" in text
    assert "points below A: " in text
    assert "±" not in text
    assert "From A to B, in percentage points" in text
    assert "all of it comes from A slump as in 2015 (on)" in text
    assert "Assumptions that differ (blank: as in A)" in text
    assert max(map(len, done.stdout.splitlines())) <= 100
    wordy = verb(
        FLAGSHIP,
        CAUTIOUS,
        "-v",
        "--names",
        "plain,[red]careful",
        "--points",
        "64",
        "--set",
        "target.at_least=900",
    )
    text = " ".join(wordy.stdout.split())
    assert "[red]careful is" in text
    assert "at least $900m" in text
    assert "levers.assembly.count" in text
    assert "called insufficient" in text


def test_the_verb_answers_machines() -> None:
    words = (FLAGSHIP, CAUTIOUS, KAZAKH, "--json", "--points", str(FEW), "--seed", "3")
    found = json.loads(verb(*words).stdout)
    assert [each["name"] for each in found["sets"]] == ["A", "B", "C"]
    alone = json.loads(
        CliRunner().invoke(main, ["run", CAUTIOUS, "--json", "--points", str(FEW), "--seed", "3"]).stdout
    )
    assert set(alone) | {"name"} == set(found["sets"][1])
    assert found["sets"][1]["probability"] == pytest.approx(
        alone["probability"], abs=1e-9
    )  # it has no lever of its own
    for difference, each in zip(found["differences"], found["sets"][1:], strict=True):
        assert (difference["from"], difference["to"]) == ("A", each["name"])
        gap = 100 * (each["probability"] - found["sets"][0]["probability"])
        assert difference["probability_points"] == pytest.approx(gap, abs=1e-9)
        assert sum(part["probability_points"] for part in difference["attribution"]) == pytest.approx(
            gap, abs=1e-9
        )
        assert all(part["standard_error"] >= 0 for part in difference["attribution"])
    trend = next(row for row in found["assumptions"] if row["assumption"] == "outlook.trend")
    assert trend["values"]["B"] == 0.02
    assert trend["differs"] == ["B"]
    again = json.loads(verb(*words).stdout)
    assert without_time(again) == without_time(found)


def without_time(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: without_time(child) for key, child in node.items() if key != "elapsed_seconds"}
    return [without_time(child) for child in node] if isinstance(node, list) else node


def test_a_sentence_tells_how_far_and_by_what() -> None:
    found = compare([load_scenario(FLAGSHIP), load_scenario(CAUTIOUS)], points=FEW)
    (difference,) = found.differences
    text = report.difference_sentence(found, difference)
    assert text.startswith(f"B is {-difference.probability_points:.1f} points below A: ")
    assert "model settings (underlying growth) -" in text
    assert "3 others -" in text
    *rows, whole = report.parts_table(found, difference)
    assert "Northern branch of the Belt and Road (off)" in [row["change"] for row in rows]
    assert whole["probability_points"] == pytest.approx(
        sum(row["probability_points"] for row in rows), abs=1e-9
    )
    told = report.interaction_sentence(difference)
    assert told is not None
    assert told.startswith(
        f"Each made alone in A, the changes would add up to {whole['first_points']:+.1f}; "
    )
