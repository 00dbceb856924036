"""Laws that hold for every scenario, on scenarios that nobody wrote. Default tier, more of them in CI."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simulator import Scenario, compare, simulate
from simulator.caches import forget
from simulator.errors import InputError, NoNumber, ScenarioError
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.files.opening import checked
from simulator.files.strict_yaml import parse
from simulator.scenario.parameters import knobs_by_path
from tests.cases import LEVERS, SLUMP
from tests.fuzz.inputs import sound, written
from tests.tiers import examples

POINTS = 64
SIDES = ("at_least", "at_most")
Tree = dict[str, Any]


def law(most: int = 25, few: int = 2) -> Callable[[Any], Any]:
    """So many examples of a law; a scenario that is refused is none."""
    quiet = [HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples(most, few),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=quiet,
    )


def read(tree: Tree) -> Scenario:
    """The scenario of a tree, read as a file is; one that is refused is no example."""
    try:
        return checked(load_text(written(tree), "a law")).scenario
    except ScenarioError:
        assume(False)
        raise


def probability(scenario: Scenario) -> float:
    try:
        return simulate(scenario, points=POINTS).probability
    except (InputError, NoNumber):  # a law that no figures tell, or arithmetic that came to no number
        assume(False)
        raise


def amount(tree: Tree) -> tuple[str, float]:
    """The side of a target that asks for money, and how much."""
    side = next((side for side in SIDES if side in tree["target"]), None)
    assume(side is not None)
    assert side is not None
    return side, tree["target"][side]


def asking(tree: Tree, **side: Any) -> Scenario:
    target = {key: value for key, value in tree["target"].items() if key not in SIDES}
    return read(tree | {"target": target | side})


def drivers(tree: Tree) -> Tree:
    """A tree with measures that say their money in one field each, and a risk."""
    return tree | {"levers": LEVERS, "risks": SLUMP}


@law()
@given(sound(), st.floats(0.5, 1.0))
def test_more_is_never_likelier(tree: Tree, factor: float) -> None:
    _, wanted = amount(tree)
    low, high = sorted((wanted, wanted * factor))
    assert probability(asking(tree, at_least=low)) >= probability(asking(tree, at_least=high))
    assert probability(asking(tree, at_most=low)) <= probability(asking(tree, at_most=high))


@law()
@given(sound())
def test_at_least_and_at_most_are_all_there_is(tree: Tree) -> None:
    _, wanted = amount(tree)
    whole = probability(asking(tree, at_least=wanted)) + probability(asking(tree, at_most=wanted))
    assert whole == pytest.approx(1, abs=1e-9)


@law()
@given(sound(parts=False), st.sampled_from(sorted(LEVERS)))
def test_a_measure_that_is_off_is_none(tree: Tree, name: str) -> None:
    off = tree | {"levers": {name: LEVERS[name] | {"enabled": False}}}
    assert probability(read(off)) == pytest.approx(probability(read(tree)), abs=1e-12)


@law(15, 1)
@given(sound(parts=False), st.floats(0.8, 1.2))
def test_the_parts_of_a_difference_add_up(tree: Tree, factor: float) -> None:
    side, wanted = amount(tree)
    one = read(drivers(tree) | {"risks": {}})
    other = asking(drivers(tree) | {"outlook": {"trend": 0.08}}, **{side: wanted * factor})
    try:
        difference = compare({"one": one, "other": other}, points=POINTS).differences[0]
    except (InputError, NoNumber):
        assume(False)
        raise
    parts = sum(part.probability_points for part in difference.attribution)
    assert parts == pytest.approx(difference.probability_points, abs=1e-8)


@law()
@given(sound(), st.floats(0.03, 0.97))
def test_the_chance_to_stay_below_a_quantile_is_its_own(tree: Tree, share: float) -> None:
    scenario = read(tree)
    target = scenario.target[0]
    assume(isinstance(target.measure, str) and not target.of)
    try:
        result = simulate(scenario, points=POINTS)
        (quantile,) = result.quantiles(target.measure, str(target.period), [share])
        chance = result.chance(target.measure, str(target.period), at_least=float(quantile))
    except (InputError, NoNumber):
        assume(False)
        raise
    flat = target.measure == "balance"  # near nothing a balance has no scale: an indicator takes its place
    assert 1 - chance == pytest.approx(share, abs=2 / POINTS if flat else 1e-5)


MONEY = {"value", "at_least", "at_most", "money"}


def scaled(tree: Any, factor: float, money: bool = False) -> Any:
    """A tree with all of its money so many times as large."""
    if isinstance(tree, dict):
        return {key: scaled(value, factor, money or key in MONEY) for key, value in tree.items()}
    if isinstance(tree, list):
        return [scaled(value, factor, money) for value in tree]
    return tree * factor if money and isinstance(tree, int | float) else tree


@law()
@given(sound(parts=False), st.sampled_from([0.25, 4.0, 1024.0]))
def test_the_unit_of_money_does_not_matter(tree: Tree, factor: float) -> None:
    stated = [{**item, "error": "2%"} for item in tree["observations"]]  # else more digits say more
    tree = drivers(tree) | {"observations": stated}
    one, other = probability(read(tree)), probability(read(scaled(tree, factor)))
    assert one == pytest.approx(other, abs=1e-7)


def turned_round(tree: Any, depth: int = 0) -> Any:
    """A tree with its fields in another order; ids of measures and the order of lists say which comes first."""
    if isinstance(tree, list):
        return [turned_round(value, 2) for value in tree]
    if not isinstance(tree, dict):
        return tree
    keys = list(tree) if depth == 1 else list(tree)[::-1]
    return {key: turned_round(tree[key], depth + 1) for key in keys}


def answer(tree: Tree) -> str:
    """The answer as the same bytes, but for what it took."""
    try:
        found = simulate(read(tree), points=POINTS).to_dict("a law")
    except (InputError, NoNumber):
        assume(False)
        raise
    return json.dumps({key: value for key, value in found.items() if key != "elapsed_seconds"}, indent=1)


@law(10, 1)
@given(sound())
def test_the_same_scenario_gives_the_same_bytes(tree: Tree) -> None:
    first = answer(tree)
    forget()
    assert answer(tree) == first
    assert answer(turned_round(tree)) == first


_OTHER = """
import json, sys
from tests.fuzz.test_laws import answer
print(answer(json.load(sys.stdin)), end="")
"""


@pytest.mark.ci_only(reason="starts Python for every example")
@law(4)
@given(sound(parts=False))
def test_another_process_gives_the_same_bytes(tree: Tree) -> None:
    tree = drivers(tree)
    here = answer(tree)
    done = subprocess.run(
        [sys.executable, "-c", _OTHER], input=json.dumps(tree), capture_output=True, text=True, check=True
    )
    assert done.stdout == here


@law(40, 3)
@given(sound(), st.data())
def test_a_word_of_set_is_the_same_as_an_edit_of_the_file(tree: Tree, data: st.DataObject) -> None:
    knobs = knobs_by_path(read(tree))
    knob = knobs[data.draw(st.sampled_from(sorted(knobs)))]
    assume(knob.low <= knob.high)
    value = data.draw(st.floats(knob.low, knob.high))
    word = knob.written(round(value) if knob.unit.integer else value)
    text = written(tree)
    try:
        typed = edited(text, {knob.path: parse(word, "a word")[0].plain()}, "a law")
        in_file = load_text(typed, "a law").scenario
    except ScenarioError:  # such as an end of a range that is turned past the other one
        with pytest.raises(ScenarioError):
            load_text(text, "a law", [f"{knob.path}={word}"])
        return
    assert load_text(text, "a law", [f"{knob.path}={word}"]).scenario == in_file
