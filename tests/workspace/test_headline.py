"""The number and what stands beside it, as plain data. Default tier."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from simulator import report, simulate
from simulator.workspace.desk import Desk
from simulator.workspace.headline import effects, headline


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.of_shipped("belarus-kazakhstan-2020")


def test_it_says_what_the_report_says(desk: Desk) -> None:
    result = simulate(desk.scenario)
    shown = headline(result, None)
    assert shown.number == report.probability(result)
    assert shown.lines == tuple(report.distances(result))
    assert shown.change == ""
    assert shown.range is not None
    assert shown.range.low <= shown.share <= shown.range.high
    assert report.alternatives_span(result) in shown.range.words
    json.dumps(asdict(shown), allow_nan=False)


def test_while_a_thumb_moves_the_range_is_not_worked_out(desk: Desk) -> None:
    result, saved = simulate(desk.scenario.model_copy()), simulate(desk.scenario)
    shown = headline(result, saved, moving=True)
    assert shown.range is None
    assert shown.change == "0.0 points against the original"
    assert "probability_range" not in vars(result)
    assert result.probability_range
    assert "probability_range" in vars(result)


def test_effects_are_those_of_what_is_on(desk: Desk) -> None:
    result = simulate(desk.scenario)
    said = effects(result)
    assert "risks.slump" not in said
    (rules,) = [one for one in result.contributions["levers"] if one.id == "rules"]
    assert said["levers.rules"].endswith(f"{rules.probability_points:+.1f} pts")
    assert said["levers.rules"].startswith("+$")
