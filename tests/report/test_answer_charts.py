"""The charts of one answer: the labels of time, and what measures add, or a sentence. Default tier."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator import load_scenario, simulate
from simulator.report.charts.answer import waterfall
from simulator.report.charts.over_time import fan
from simulator.report.documents.answer import sections
from simulator.report.documents.blocks import Picture
from simulator.report.words.answer import nothing_added
from tests.cases import LEVERS, scenario

LATE = {"kind": "custom", "percent": "9%", "start": "2024-01"}  # the target is about 2020
OFF = LEVERS["support"] | {"enabled": False}


@pytest.mark.parametrize(
    ("levers", "sentence"),
    [
        ({}, "The scenario has no measures."),
        ({"support": OFF}, "No measure or risk is switched on."),
        ({"late": LATE}, "Nothing that is switched on moves the probability by 0.1 points."),
        (
            {"late": LATE, "later": LATE},
            "Nothing that is switched on moves the probability by 0.1 points.",
        ),
    ],
)
def test_where_nothing_is_added_there_is_a_sentence_and_no_bar(levers: dict[str, Any], sentence: str) -> None:
    result = simulate(scenario(levers=levers), points=256)
    drawing = waterfall(result)
    assert drawing.rows == ()
    assert drawing.alt == nothing_added(result) == sentence
    blocks = [
        block for section in sections(result) if section.title == "What each adds" for block in section.blocks
    ]
    assert not any(isinstance(block, Picture) for block in blocks)
    on = any(lever.get("enabled", True) for lever in levers.values())
    assert (sentence in blocks) == on


def test_one_measure_alone_adds_nothing_to_itself() -> None:
    result = simulate(scenario(levers={"support": LEVERS["support"]}), points=256)
    rows = waterfall(result).rows
    assert [row["step"] for row in rows] == ["without measures", "support", "as it stands"]
    assert rows[1]["end"] == pytest.approx(100 * result.probability)


def test_the_steps_lead_from_the_first_probability_to_the_last() -> None:
    result = simulate(scenario(levers=LEVERS | {"late": LATE}), points=256)
    drawing = waterfall(result)
    first, *steps, last = drawing.rows
    assert sum(step["points"] for step in steps) == pytest.approx(last["end"] - first["end"], abs=0.005)
    assert {step["step"] for step in steps} >= {"ventures", "support", "rules"}
    assert "late" not in {step["step"] for step in steps}
    assert "No visible effect: late" in drawing.alt


@pytest.mark.parametrize(
    ("name", "by", "labels"),
    [
        ("india-partners-2022", "year", ["FY2018-19", "FY2019-20", "FY2020-21", "FY2021-22"]),
        ("belarus-kazakhstan-2020", "year", ["2016", "2017", "2018", "2019", "2020"]),
        ("belarus-kazakhstan-2020", "quarter", ["Q2", "Q3", "Q4", "2018", "Q2"]),
    ],
)
def test_an_axis_of_time_names_its_periods(name: str, by: Any, labels: list[str]) -> None:
    drawing = fan(simulate(load_scenario(f"scenarios/{name}.yaml"), points=64), by=by)
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", drawing.picture("svg").decode())
    assert [label for label in drawn if label in labels][: len(labels)] == labels
