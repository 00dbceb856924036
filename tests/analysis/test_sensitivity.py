"""What matters: indices, tornado and value of information against closed forms. Default tier."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.special import ndtri
from scipy.stats import triang

from simulator import Scenario, simulate
from simulator.analysis.information import value_of
from simulator.analysis.sensitivity import group_shares, sensitivity
from simulator.analysis.tornado import tornado
from simulator.analysis.unknowns import assumptions, on_path
from simulator.cli import main
from simulator.model.redrawn import redrawn
from simulator.numerics.draws import Draws, Layout
from simulator.numerics.points import SCRAMBLES
from simulator.numerics.sobol_indices import variance_shares
from simulator.report.words.sensitivity import sentences
from simulator.scenario.calibration import CALIBRATED
from tests.cases import LEVERS, SLUMP, SPLIT, scenario
from tests.tiers import sampled

FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"
CALM = {"tails": 1e6}  # one scale for every path: the law is Gaussian
MATTER = scenario(
    levers=LEVERS,
    risks=SLUMP,
    alternatives={"other": [{"measure": "turnover", "period": 2017, "value": 604.1, "growth": "56.4%"}]},
)


# Indices


def drawn(names: list[str], points: int = 16384) -> Any:
    layout = Layout(tuple(names))
    return lambda twins: Draws(layout, points, 1, twins).uniform(names)


def test_indices_of_the_ishigami_function() -> None:
    names = ["one.x", "two.x", "three.x"]
    uniform = drawn(names)

    def evaluate(twins: frozenset[str]) -> np.ndarray:
        x = np.pi * (2 * uniform(twins) - 1)
        return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[None]

    found = variance_shares(evaluate, {name: frozenset({name}) for name in ("one", "two", "three")})
    expected = {
        "one": (0.3139, 0.5576),
        "two": (0.4424, 0.4424),
        "three": (0.0, 0.2437),
    }  # Ishigami, Homma 1990, a = 7, b = .1
    for name, (first, total) in expected.items():
        share = found[name][0]
        assert share is not None
        assert share.first_order.value == pytest.approx(first, abs=0.01)
        assert share.total.value == pytest.approx(total, abs=0.01)
        assert 0 < share.total.standard_error < 0.01


def test_indices_of_a_linear_gaussian_sum_are_the_shares_of_its_variance() -> None:
    names = ["a.0", "a.1", "b.0", "c"]
    weights = np.array([3.0, 4.0, 5.0, 0.0])  # a and b hold a half each, c nothing
    uniform = drawn(names)
    found = variance_shares(
        lambda twins: (ndtri(uniform(twins)) @ weights)[None], {key: frozenset({key}) for key in "abc"}
    )
    for key, expected in {"a": 0.5, "b": 0.5, "c": 0.0}.items():
        share = found[key][0]
        assert share is not None
        assert share.first_order.value == pytest.approx(expected, abs=0.01)
        assert share.total.value == pytest.approx(expected, abs=0.01)


def test_an_output_that_does_not_vary_has_no_indices() -> None:
    uniform = drawn(["a", "b"], 1024)
    found = variance_shares(
        lambda twins: np.array([uniform(twins)[:, 0], np.ones(1024)]),
        {"a": frozenset("a"), "b": frozenset("b")},
    )
    assert found["a"][0] is not None
    assert found["a"][1] is None


def test_a_twin_stands_for_every_draw_under_its_name_and_for_no_other() -> None:
    names = [
        "levers.rule.percent",
        "levers.rules.percent",
        "levers.rules.start",
        "levers.rules.each_plan.9",
        "world",
    ]
    layout = Layout(tuple(name for name in names if "each" not in name))
    plain, twins = (
        Draws(layout, 256, 1, chosen).uniform(names)
        for chosen in (frozenset[str](), frozenset({"levers.rules"}))
    )
    assert np.any(plain != twins, axis=0).tolist() == [False, True, True, True, False]


def test_a_gaussian_law_without_levers_is_shared_out_between_world_trade_and_the_pair() -> None:
    case = scenario(outlook=CALM)
    in_logs, shares = group_shares(simulate(case, points=4096), simulate=simulate)
    first = {each.group.id: each.amount.first_order.value for each in shares if each.amount}
    assert in_logs
    assert first["own"] + first["world"] == pytest.approx(1, abs=0.02)
    assert first["tails"] == pytest.approx(0, abs=0.002)


def test_the_share_of_world_trade_is_the_variance_of_the_mean_given_its_state() -> None:
    """The mean log total with the world fixed at three states is a parabola in it, whose variance under a normal law is known."""
    case = scenario(levers=LEVERS)
    base = simulate(case, points=8192)
    log_total = np.log(base.flows.total("turnover", case.target[0].period).values)
    means = [
        np.log(
            simulate(case.changed(outlook={"world": state}), points=8192)
            .flows.total("turnover", case.target[0].period)
            .values
        ).mean()
        for state in ("slump", "normal", "boom")
    ]
    bend, slope, _ = np.polyfit(
        [CALIBRATED["world"][state] for state in ("slump", "normal", "boom")], means, 2
    )
    _, shares = group_shares(base, simulate=simulate)
    found = next(each.amount for each in shares if each.group.id == "world")
    assert found is not None
    assert found.first_order.value == pytest.approx((slope**2 + 2 * bend**2) / log_total.var(), abs=0.015)


@pytest.mark.parametrize("measure", ["turnover", "balance"])
def test_world_trade_is_drawn_again_without_the_pair_and_the_pair_without_it(measure: str) -> None:
    flows = simulate(scenario(target={"measure": measure, "period": 2020, "at_least": 500}), points=256).flows
    period = flows.paths.streams.scenario.target[0].period
    cosine, sine = flows.paths.normals.turn

    def main(paths: Any) -> tuple[np.ndarray, np.ndarray]:
        return (
            cosine * paths.normals.integrated + sine * paths.normals.across,
            sine * paths.normals.integrated - cosine * paths.normals.across,
        )

    before, world, own, both = (
        main(redrawn(flows, frozenset(names)).paths)
        for names in ((), ("world",), ("integrated",), ("world", "integrated"))
    )
    np.testing.assert_allclose(world[1], before[1])
    np.testing.assert_allclose(own[0], before[0])
    np.testing.assert_allclose(world[0], both[0])
    np.testing.assert_allclose(own[1], both[1])
    assert abs(np.corrcoef(before[0], world[0])[0, 1]) < 0.3
    same = redrawn(flows, frozenset()).total(measure, period).values
    np.testing.assert_allclose(same, flows.total(measure, period).values)


@pytest.mark.parametrize("names", [(), ("world",), ("integrated",), ("world", "integrated")])
def test_flows_drawn_again_are_the_law_before_its_turn(names: tuple[str, ...]) -> None:
    """Log flows = mean + scale x (world's loading x its normal + the pair's x its own + the rest), whichever of the two is new."""
    chosen = frozenset(names)
    base, again = (
        simulate(scenario(), points=256, twins=twins).flows for twins in (frozenset[str](), chosen)
    )
    paths = redrawn(again, chosen).paths
    normals = paths.normals
    cosine, sine = normals.turn
    world, own = (
        cosine * normals.integrated + sine * normals.across,
        sine * normals.integrated - cosine * normals.across,
    )
    deviation = (
        np.outer(world, normals.world[paths.front])
        + np.outer(own, normals.basis.first)
        + base.paths.normals.others @ normals.basis.rest.T
    )
    expected = paths.law.mean[:, -paths.ahead.months :].ravel() + normals.scale[:, None] * deviation
    found = paths.exponent + (normals.scale * normals.integrated)[:, None, None] * paths.loading
    np.testing.assert_allclose(found.reshape(256, -1), expected, atol=1e-9)


def test_paths_drawn_again_follow_the_same_law() -> None:
    result = simulate(scenario(levers=LEVERS), points=16384)
    period = result.scenario.target[0].period
    expected = np.log(result.quantiles("turnover", period, [0.1, 0.5, 0.9]))
    for names in (frozenset({"world"}), frozenset({"integrated"})):
        found = np.log(
            np.quantile(redrawn(result.flows, names, 0.25).total("turnover", period).values, [0.1, 0.5, 0.9])
        )
        np.testing.assert_allclose(found, expected, atol=0.02)


# Tornado


def test_a_bar_is_the_answer_with_that_value_set() -> None:
    result = simulate(MATTER, points=512)
    bars = {bar.path: bar for bar in tornado(result, simulate=simulate)}
    bar = bars["levers.ventures.money"]
    low, likely, high = 5, 20, 60
    ends = triang.ppf([0.1, 0.9], (likely - low) / (high - low), loc=low, scale=high - low)
    assert [float(bar.low.value), float(bar.high.value)] == pytest.approx(ends, rel=0.005)
    for end in (bar.low, bar.high):
        levers = LEVERS | {"ventures": LEVERS["ventures"] | {"money": float(end.value)}}
        assert end.probability == pytest.approx(
            simulate(MATTER.changed(levers=levers), points=512).probability, abs=1e-9
        )
    assert bar.swing == pytest.approx(bar.high.probability - bar.low.probability)
    assert bars["levers.ventures.start"].low.value == "2019-03"
    assert bars["levers.support.percent"].low.value.endswith("%")


def test_measures_are_switched_world_trade_moved_and_the_data_read_otherwise() -> None:
    result = simulate(MATTER, points=512)
    bars = {bar.path: bar for bar in tornado(result, simulate=simulate)}
    for path, change in {
        "risks.slump.enabled": {"risks": {"slump": SLUMP["slump"] | {"enabled": False}}},
        "levers.rules.probability": {"levers": LEVERS | {"rules": LEVERS["rules"] | {"probability": 0}}},
        "outlook.world": {"outlook": {"world": "slump"}},
        "outlook.random_walk": {
            "outlook": {
                "random_walk": min(
                    s["random_walk"]
                    for s in (CALIBRATED["defaults"], *CALIBRATED["sets"])
                    if "random_walk" in s
                )
            }
        },
    }.items():
        assert bars[path].low.probability == pytest.approx(
            simulate(MATTER.changed(**change), points=512).probability, abs=1e-9
        )
    other = MATTER.changed(observations=MATTER.alternatives["other"], alternatives={})
    assert bars["alternatives.other"].high.probability == pytest.approx(
        simulate(other, points=512).probability, abs=1e-9
    )


def test_bars_fall_and_what_does_not_count_has_none() -> None:
    unread = {
        "kind": "harmonisation",
        "percent": "2%",
        "start": "2019-01",
    }  # its elasticity and share removed are read by nothing
    case = MATTER.changed(levers=LEVERS | {"unread": unread}, outlook={"random_walk": 0.2, "world": "boom"})
    bars = tornado(simulate(case, points=256), simulate=simulate)
    assert all(first.swing >= second.swing for first, second in pairwise(bars))
    paths = {bar.path for bar in bars}
    assert "levers.unread.enabled" in paths
    assert not paths & {
        "levers.unread.elasticity",
        "levers.unread.share_removed",
        "outlook.random_walk",
        "outlook.world",
    }


def test_a_swing_counts_an_answer_that_lies_outside_both_ends() -> None:
    result = simulate(scenario(levers=LEVERS), points=512)
    for bar in tornado(result, simulate=simulate):
        sides = [bar.low.probability, bar.high.probability, result.probability]
        assert bar.swing == pytest.approx(max(sides) - min(sides))


# Value of information


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_the_value_of_knowing_a_correlated_normal(correlation: float) -> None:
    """With hits where y > 0 and x known, the wrong verdict has probability arccos(correlation) / pi instead of a half."""
    points = 2**16
    x, noise = np.random.default_rng(1).standard_normal((2, points))
    hit = correlation * x + math.sqrt(1 - correlation**2) * noise > 0
    reduction, error = value_of(x, hit)
    assert reduction == pytest.approx(0.5 - math.acos(correlation) / math.pi, abs=0.006)
    assert 0 <= error < 0.005


def test_the_value_of_knowing_a_yes_or_no() -> None:
    """A chance of .9 with it and .2 without, each as likely: wrong .45 before; after, .1 and .2."""
    happens = np.tile([0.0, 1.0], 4096)
    reduction, error = value_of(happens, np.where(happens == 1, 0.9, 0.2))
    assert reduction == pytest.approx(0.45 - 0.15)
    assert error == pytest.approx(0, abs=1e-12)


def test_what_cannot_turn_the_verdict_is_worth_nothing() -> None:
    values = np.random.default_rng(2).random(4096)
    assert value_of(values, 0.1 + 0.3 * values) == (0.0, 0.0)


def test_noise_is_not_sold_as_knowledge() -> None:
    """An even chance, where binning without held-out draws would always find something."""
    found = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        values, hit = generator.random(2048), generator.random(2048) < 0.5
        found.append(value_of(values, hit))
    clear = [reduction > 3 * error for reduction, error in found]
    assert sum(clear) <= 5
    assert np.mean([reduction for reduction, _ in found]) < 0.01


def test_figures_to_come_are_worth_knowing_and_the_later_one_more() -> None:
    found = sensitivity(scenario(levers=LEVERS), simulate=simulate)
    worth = {each.unknown.path: each.reduction for each in found.information}
    assert 0 < worth["turnover 2018"] < worth["turnover 2019"] < found.wrong
    best = found.best("assumption", "world", "figure")
    assert best is not None
    assert best.unknown.path == "turnover 2019"
    assert any("Knowing turnover in 2019 beforehand" in sentence for sentence in sentences(found))


def test_an_unknown_that_turns_the_verdict_is_named() -> None:
    """One lever that doubles trade or does nothing decides the target; a doubling of a path that has a chance of about .2 to .8."""
    levers = {
        "union": {
            "kind": "custom",
            "name": "The union",
            "percent": "100%",
            "start": "2018-10",
            "probability": 0.5,
        }
    }
    case = scenario(levers=levers)
    without, within = (
        simulate(
            case.changed(levers={"union": levers["union"] | {"probability": p}}), points=4096
        ).probability
        for p in (0.0, 1.0)
    )
    found = sensitivity(case, simulate=simulate)
    worth = next(each for each in found.information if each.unknown.path == "levers.union.happens")
    assert worth.reduction == pytest.approx(
        found.wrong - (min(without, 1 - without) + min(within, 1 - within)) / 2, abs=0.005
    )
    assert found.best("assumption") is not None


# Unknowns


def test_what_a_measure_brings_shows_no_path_and_no_other_measure() -> None:
    result = simulate(MATTER, points=4096)
    values = {unknown.path: unknown.values for unknown in assumptions(result)}
    total = np.log(
        simulate(MATTER.changed(levers={}, risks={}), points=4096)
        .flows.total("turnover", MATTER.target[0].period)
        .values
    )
    for path in ("levers.rules", "levers.ventures", "levers.support"):
        assert abs(np.corrcoef(values[path], total)[0, 1]) < 0.05
        assert abs(np.corrcoef(values[path], values["risks.slump"])[0, 1]) < 0.05
    assert np.mean(values["risks.slump.strikes"]) == pytest.approx(
        1 - 0.92**2.25, abs=0.05
    )  # 8 % a year from October 2018 to the end of 2020


def test_figures_to_come_are_years_or_else_quarters_before_the_target_is_over() -> None:
    names = {
        period: [
            unknown.path
            for unknown in on_path(
                simulate(scenario(target={"measure": "turnover", "period": period, "at_least": 900}))
            )[0]
        ]
        for period in ("2020", "2019", "2018")
    }
    assert names["2020"][1:] == ["turnover 2018", "turnover 2019"]
    assert names["2019"][1:] == ["turnover 2018"]
    assert names["2018"][1:] == []


# The whole


AWKWARD: dict[str, dict[str, Any]] = {
    "decided": {"target": {"measure": "turnover", "period": 2017, "at_least": 600}},
    "out of reach": {"target": {"measure": "turnover", "period": 2020, "at_least": 10**7}},
    "a balance": {"target": {"measure": "balance", "period": 2020, "at_least": 500}},
    "two targets": {
        "target": [
            {"measure": "turnover", "period": 2019, "at_least": 800},
            {"measure": "imports", "period": 2020, "at_most": 120},
        ]
    },
    "a part of a published year": {
        "target": {"measure": "exports", "period": "2018-03..2018-12", "at_least": 600}
    },
    "a range for the trend": {"outlook": {"trend": {"low": -0.05, "likely": 0.04, "high": 0.1}}},
}


@pytest.mark.parametrize("fields", sampled(AWKWARD.values(), 3), ids=AWKWARD.keys())
def test_awkward_targets_are_analysed(fields: dict[str, Any]) -> None:
    case = Scenario.model_validate(
        {
            "title": "A case",
            "as_of": "2018-10-31",
            "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
            "observations": SPLIT,
        }
        | {"levers": {"rules": LEVERS["rules"]}}
        | fields
    )
    found = sensitivity(case, simulate=simulate, points=256)
    told = found.to_dict()
    json.dumps(told, allow_nan=False)
    for each in found.shares:
        for share in (each.amount, each.hit):
            assert (
                share is None
                or -0.1
                < share.first_order.value
                <= share.total.value + 0.1
                < 1.3 + 2 * share.total.standard_error
            )
    assert all(0 <= each.reduction <= found.wrong + 1e-9 for each in found.information)


def test_the_same_inputs_give_the_same_analysis() -> None:
    one, two = (sensitivity(MATTER, simulate=simulate, points=256).to_dict() for _ in range(2))
    assert one | {"elapsed_seconds": 0} == two | {"elapsed_seconds": 0}


def test_the_verb_answers_people_and_machines() -> None:
    done = CliRunner().invoke(
        main, ["sensitivity", FLAGSHIP, "--set", "levers.rules.name='[bold]Rules[/bold]'"]
    )
    assert done.exit_code == 0
    for words in (
        "World trade",
        "slump / boom",
        "What is worth knowing beforehand",
        "likelier missed",
        "[bold]Rules[/bold]",
        "our assumption",
    ):
        assert words in done.stdout
    found = json.loads(CliRunner().invoke(main, ["sensitivity", FLAGSHIP, "--json"]).stdout)
    assert found["tornado"][0]["path"] == "outlook.world"
    assert {group["id"] for group in found["shares"]["groups"]} >= {
        "own",
        "world",
        "tails",
        "streams",
        "levers.rules",
    }
    assert found["information"]["best"] == "turnover 2019"
    assert found["information"]["wrong_verdict"] == pytest.approx(
        min(found["probability"], 1 - found["probability"])
    )


def test_bad_input_is_refused() -> None:
    done = CliRunner().invoke(main, ["sensitivity", FLAGSHIP, "--points", "1000"])
    assert done.exit_code == 2
    assert done.stdout == ""


def test_scrambles_are_grouped_by_row() -> None:
    """The errors of indices and of the value of information rest on this order."""
    values = Draws(Layout(("a",)), 128 * SCRAMBLES, 1).uniform(["a"]).reshape(SCRAMBLES, -1)
    assert all(len(set(np.floor(128 * scramble).astype(int))) == 128 for scramble in values)
