"""What is drawn together, or required, is one unknown in every question: against brute force. Default tier."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.special import ndtr, ndtri

from simulator import Scenario, simulate
from simulator.analysis.discover import candidates, discover
from simulator.analysis.sensitivity import Sensitivity, group_shares, sensitivity
from simulator.analysis.tornado import percentile, tornado
from simulator.analysis.uncertain_fields import Joint, acting
from simulator.analysis.unknowns import assumptions, in_play
from simulator.cli import main
from simulator.report.words.discover import condition_words
from simulator.values.numerals import ordinal
from tests.cases import LEVERS, scenario

MONEY: dict[str, Any] = {
    "kind": "custom",
    "money": {"low": 0, "likely": 60, "high": 180},
    "streams": ["exports"],
    "start": {"low": "2019-01", "likely": "2019-06", "high": "2020-06"},
}
PERCENT: dict[str, Any] = {"kind": "custom", "percent": {"mean": "4%", "sd": "8%"}, "streams": ["imports"]}
CALM = {"tails": 1e6, "random_walk": 0.05, "disturbance": 0.05, "world": "normal"}


def oil(correlation: float) -> dict[str, Any]:
    return {"together": {"group": "oil_price", "correlation": correlation}}


def bound(correlation: float, **more: dict[str, Any]) -> Scenario:
    levers = {"a": MONEY | {"name": "Products"}, "b": PERCENT | {"name": "Crude"}, **more}
    return scenario(
        levers={key: lever | oil(correlation) for key, lever in levers.items()} | {"c": LEVERS["rules"]}
    )


def joint_of(case: Scenario) -> Joint:
    return next(field for field in in_play(simulate(case, points=64)) if isinstance(field, Joint))


@cache
def answer() -> Sensitivity:
    return sensitivity(bound(0.8), simulate=simulate, points=512)


def paths(answer: Sensitivity) -> dict[str, set[str]]:
    """The unknowns of each question."""
    of_discover, _ = candidates(simulate(answer.result.scenario, points=256), "missed")
    return {
        "tornado": {bar.path for bar in answer.tornado},
        "shares": {part.group.id for part in answer.shares},
        "information": {known.unknown.path for known in answer.information},
        "discover": {unknown.path for unknown in of_discover},
    }


# Together


def test_every_question_has_the_group_and_none_its_members() -> None:
    main_values, whole = "together.oil_price.main", "together.oil_price"
    asked = paths(answer())
    assert main_values in asked["tornado"] & asked["information"] & asked["discover"]
    assert whole in asked["shares"] & asked["information"] & asked["discover"]
    members = {"levers.a", "levers.b", "levers.a.money", "levers.b.percent"}
    assert not members & set().union(*asked.values())
    for kept in ("levers.a.start", "levers.c.percent"):  # drawn by themselves
        assert kept in asked["tornado"] & asked["information"] & asked["discover"]


def test_the_group_has_one_name_in_every_question() -> None:
    named = {
        **{bar.path: bar.name for bar in answer().tornado},
        **{f"{part.group.id} shares": part.group.name for part in answer().shares},
        **{known.unknown.path: known.unknown.name for known in answer().information},
    }
    group = "oil price (Products and Crude)"
    assert named["together.oil_price.main"] == f"{group}: money and percent"
    assert named["together.oil_price shares"] == group
    assert named["together.oil_price"] == f"{group}: effect on turnover in 2020"


@pytest.mark.parametrize("correlation", [-1.0, -0.6, 0.0, 0.8, 1.0])
def test_a_bar_of_a_group_is_the_answer_with_all_its_values_set(correlation: float) -> None:
    case = bound(correlation)
    bar = next(
        bar
        for bar in tornado(simulate(case, points=256), simulate=simulate)
        if bar.path == "together.oil_price.main"
    )
    pearson = 2 * np.sin(np.pi * abs(correlation) / 6)
    z = ndtri(0.9) * np.sqrt((1 + pearson) / 2)
    for end, side in ((bar.low, -1), (bar.high, 1)):
        against = -side if correlation < 0 else side
        values = {
            "a": {"money": percentile(case.levers["a"].money, float(ndtr(side * z)))},  # type: ignore[union-attr]
            "b": {"percent": percentile(case.levers["b"].percent, float(ndtr(against * z)))},  # type: ignore[union-attr]
        }
        levers = {"a": MONEY | values["a"], "b": PERCENT | values["b"], "c": LEVERS["rules"]}
        expected = simulate(scenario(levers=levers), points=256).probability
        assert end.probability == pytest.approx(expected, abs=0.002)  # their columns stand elsewhere
        assert float(end.stated["levers.a.money"]) == pytest.approx(values["a"]["money"])
        assert end.stated["levers.b.percent"] == values["b"]["percent"]
        assert end.value == ", ".join(end.stated.values())
    assert ("the other way about" in bar.meaning) == (correlation < 0)
    assert f"correlation of {correlation:g}" in bar.meaning
    assert f"{ordinal(round(100 * ndtr(-z)))} and {ordinal(round(100 * ndtr(z)))} percentile" in bar.meaning


@pytest.mark.parametrize(("correlation", "count"), [(-0.6, 2), (0.0, 2), (0.5, 3), (0.8, 2), (1.0, 4)])
def test_the_ends_are_where_members_are_on_average_with_their_direction_there(
    correlation: float, count: int
) -> None:
    """By brute force over a plain Gaussian copula: each member's mean normal in a thin slice of the direction."""
    joint = joint_of(bound(correlation, **{f"d{number}": MONEY for number in range(count - 2)}))
    generator, pearson = np.random.default_rng(3), 2 * np.sin(np.pi * correlation / 6)
    covariance = np.full((count, count), pearson)
    np.fill_diagonal(covariance, 1.0)
    normals = generator.multivariate_normal(np.zeros(count), covariance, 400_000).T
    signs = np.array([1.0, *[-1.0 if correlation < 0 else 1.0] * (count - 1)])
    standing = joint.standing(normals)
    assert np.quantile(standing, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.004)
    direction = np.argsort(np.argsort(signs @ normals)) / normals.shape[1]
    for level in (0.1, 0.9):
        slice_ = np.abs(direction - level) < 0.005
        expected = normals[:, slice_].mean(axis=1)
        assert [ndtri(at) for _, at in joint.levels(level)] == pytest.approx(list(expected), abs=0.03)


def test_a_group_that_goes_as_one_is_what_one_lever_of_the_sum_is() -> None:
    half = {"low": 0, "likely": 60, "high": 180}
    two = scenario(levers={key: MONEY | {"money": half, "start": "2019-01"} | oil(1) for key in "ab"})
    one = scenario(
        levers={"a": MONEY | {"money": {key: 2 * value for key, value in half.items()}, "start": "2019-01"}}
    )
    together, alone = (sensitivity(case, simulate=simulate, points=2048) for case in (two, one))
    bars = [
        next(bar for bar in answer.tornado if bar.path == path)
        for answer, path in ((together, "together.oil_price.main"), (alone, "levers.a.money"))
    ]
    assert [bars[0].low.probability, bars[0].high.probability] == pytest.approx(
        [bars[1].low.probability, bars[1].high.probability], abs=0.003
    )
    assert bars[0].swing > 0.2
    worth = [
        {known.unknown.path: known.reduction for known in answer.information} for answer in (together, alone)
    ]
    assert worth[0]["together.oil_price.main"] == pytest.approx(worth[1]["levers.a.money"], abs=0.004)
    assert worth[0]["together.oil_price"] == pytest.approx(worth[1]["levers.a"], abs=0.004)
    assert worth[1]["levers.a.money"] > 0.015
    shares = [
        {part.group.id: part.amount for part in group_shares(answer.result, simulate=simulate)[1]}
        for answer in (together, alone)
    ]
    found, expected = shares[0]["together.oil_price"], shares[1]["levers.a"]
    assert found is not None
    assert expected is not None
    assert found.total.value == pytest.approx(expected.total.value, abs=0.03)


def test_a_rule_speaks_of_the_group() -> None:
    case = scenario(
        levers={key: MONEY | {"start": "2019-01"} | oil(1) for key in "ab"},
        outlook=CALM,
        target={"measure": "turnover", "period": 2020, "at_least": 1050},
    )
    discovery = discover(case, simulate=simulate, points=512)
    assert discovery.assumed is not None
    assert {c.unknown.path.partition(".")[0] for c in discovery.assumed.conditions} == {"together"}
    unknown = next(u for u in assumptions(simulate(case)) if u.path == "together.oil_price.main")
    condition = type(discovery.assumed.conditions[0])(unknown, below=True, threshold=0.32)
    assert condition_words(condition, str) == "oil price (a and b): money below its 32nd percentile"


def test_of_a_group_with_one_member_at_work_that_member_is_the_unknown() -> None:
    levers = {"a": MONEY | oil(0.8), "b": PERCENT | oil(0.8) | {"enabled": False}}
    case = scenario(levers=levers)
    answer = sensitivity(case, simulate=simulate, points=256)
    asked = paths(answer)
    assert "levers.a.money" in asked["tornado"] & asked["information"]
    assert "levers.a" in asked["shares"] & asked["information"]
    assert not any(path.startswith("together") for path in set().union(*asked.values()))
    draws = {actor.id: actor.draws for actor in acting(case)}
    assert draws == {"levers.a": frozenset({"levers.a", "together.oil_price"})}


def test_a_member_whose_main_value_is_certain_stands_by_itself() -> None:
    levers = {"a": MONEY | oil(0.8), "b": PERCENT | oil(0.8) | {"percent": "3%", "probability": 0.5}}
    assert [actor.id for actor in acting(scenario(levers=levers))] == ["levers.a", "levers.b"]


def test_a_risk_of_a_group_strikes_by_itself() -> None:
    ban = {
        "kind": "disruption",
        "enabled": True,
        "yearly_probability": {"low": 0.05, "likely": 0.2, "high": 0.4},
        "depth": "30%",
        **oil(0.8),
    }
    case = scenario(levers={"a": MONEY | oil(0.8)}, risks={"ban": ban})
    unknowns = {unknown.path: unknown for unknown in assumptions(simulate(case, points=1024))}
    assert "risks.ban.strikes" in unknowns
    assert unknowns["together.oil_price"].name.startswith("oil price (a and ban): effect")
    assert 0.2 < unknowns["risks.ban.strikes"].values.mean() < 0.6


def test_the_terminal_tells_of_the_group(tmp_path: Any) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "extends: shipped:belarus-kazakhstan-2020\n"
        "levers:\n"
        "  a: {kind: custom, name: Products, money: {low: 0, likely: 60, high: 180}, "
        "together: {group: oil, correlation: 0.8}}\n"
        "  b: {kind: custom, name: Crude, money: {low: 0, likely: 60, high: 180}, "
        "together: {group: oil, correlation: 0.8}}\n"
    )
    done = CliRunner().invoke(main, ["sensitivity", str(file), "--points", "512"])
    assert done.exit_code == 0, done.output
    assert "oil (Products and Crude): money" in " ".join(done.stdout.split())


# Required

GATE: dict[str, Any] = {"kind": "custom", "percent": "60%", "start": "2018-10"}


def gated(first: float = 0.5, second: float = 0.5, **fields: Any) -> Scenario:
    gate = GATE | {"name": "The gate", "probability": first}
    road = GATE | {"name": "The road", "probability": second, "requires": "gate"} | fields
    return scenario(levers={"road": road, "gate": gate})


def test_to_know_that_a_required_one_happens_is_to_know_that_both_do() -> None:
    """The road happens in a quarter of the draws; if it does not, the gate does in one of three."""
    neither, gate, both = (
        simulate(gated(first, second), points=4096).probability for first, second in ((0, 0), (1, 0), (1, 1))
    )
    wrong = min(p := simulate(gated(), points=4096).probability, 1 - p)
    without = (0.5 * neither + 0.25 * gate) / 0.75
    known = sensitivity(gated(), simulate=simulate)
    worth = {each.unknown.path: each.reduction for each in known.information}
    expected = wrong - 0.25 * min(both, 1 - both) - 0.75 * min(without, 1 - without)
    assert worth["levers.road.happens"] == pytest.approx(expected, abs=0.006)
    halves = [(neither, 0.5), ((gate + both) / 2, 0.5)]
    of_gate = wrong - sum(part * min(p, 1 - p) for p, part in halves)
    assert worth["levers.gate.happens"] == pytest.approx(of_gate, abs=0.006)


def test_it_happens_in_no_draw_in_which_what_it_requires_does_not() -> None:
    unknowns = {unknown.path: unknown.values for unknown in assumptions(simulate(gated(), points=1024))}
    road, gate = unknowns["levers.road.happens"], unknowns["levers.gate.happens"]
    assert not (road > gate).any()
    assert [road.mean(), gate.mean()] == pytest.approx([0.25, 0.5], abs=0.01)


def test_what_answers_a_risk_happens_only_where_that_strikes() -> None:
    ban = {"kind": "disruption", "enabled": True, "yearly_probability": "20%", "depth": "30%"}
    aid = GATE | {"requires": "ban", "probability": 0.5}
    case = scenario(levers={"aid": aid}, risks={"ban": ban})
    unknowns = {unknown.path: unknown.values for unknown in assumptions(simulate(case, points=4096))}
    happens = unknowns["levers.aid.happens"]
    years = case.target[0].period.last // 12 + 1 - (2018 + 9 / 12)
    assert happens.mean() == pytest.approx(0.5 * (1 - 0.8**years), abs=0.01)
    assert not (happens > unknowns["risks.ban.strikes"]).any()


def test_a_required_probability_is_told_with_what_hangs_on_it() -> None:
    bars = {bar.path: bar for bar in tornado(simulate(gated(), points=512), simulate=simulate)}
    road, gate = bars["levers.road.probability"], bars["levers.gate.probability"]
    assert road.meaning == "the chance to happen at all, if The gate does"
    assert gate.meaning == "the chance to happen at all, and with it The road"
    for bar, ends in ((road, ((0.5, 0.0), (0.5, 1.0))), (gate, ((0.0, 0.5), (1.0, 0.5)))):
        for end, (first, second) in zip((bar.low, bar.high), ends, strict=True):
            expected = simulate(gated(first, second), points=512).probability
            assert end.probability == pytest.approx(expected, abs=1e-9)
    assert gate.low.probability < road.low.probability < road.high.probability < gate.high.probability


def test_what_requires_what_is_off_is_no_unknown() -> None:
    case = scenario(
        levers={
            "road": GATE
            | {
                "percent": {"low": "0%", "likely": "3%", "high": "9%"},
                "probability": 0.5,
                "requires": "gate",
            },
            "gate": GATE | {"enabled": False},
            "c": LEVERS["support"],
        }
    )
    answer = sensitivity(case, simulate=simulate, points=256)
    assert not {path for some in paths(answer).values() for path in some if path.startswith("levers.road")}
    gate = next(bar for bar in answer.tornado if bar.path == "levers.gate.enabled")
    assert gate.meaning == "as a whole, and with it road"
    assert gate.swing > 0.1
