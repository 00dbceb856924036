"""The charts of one answer: the labels of time, and what measures add, or a sentence. Default tier."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator import Scenario, load_scenario, simulate
from simulator.report.charts.answer import waterfall
from simulator.report.charts.drawing import DARK, LIGHT
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
        ({"late": LATE}, "Nothing that is switched on moves the probability by 0.1 percentage points."),
        (
            {"late": LATE, "later": LATE},
            "Nothing that is switched on moves the probability by 0.1 percentage points.",
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


def _light(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_of_a_chart_can_be_read_on_their_paper(theme: dict[str, str]) -> None:
    paper = _light(theme["paper"])
    for name in ("ink", "target", "middle"):
        lighter, darker = sorted((paper, _light(theme[name])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize("form", ["months", "series"])
def test_months_given_one_by_one_are_the_striped_part_of_their_year(form: str) -> None:
    values = [20.5, 21.25, 19.0]
    months = (
        [{"measure": "turnover", "from": "2018-01", "every": "month", "values": values}]
        if form == "series"
        else [{"measure": "turnover", "period": f"2018-0{k}", "value": v} for k, v in enumerate(values, 1)]
    )
    case = {
        "title": "months",
        "as_of": "2018-04-30",
        "target": {"measure": "turnover", "period": 2019, "at_least": 300},
        "observations": [{"measure": "turnover", "period": 2017, "value": 230}, *months],
    }
    result = simulate(Scenario.model_validate(case), points=64)
    rows = {row["period"]: row for row in fan(result).rows}
    assert rows["2018"]["part"] == pytest.approx(sum(values))
    assert rows["2018"]["months"] == "Jan-Mar"
    assert rows["2017"]["part"] is None
    assert rows["2019"]["part"] is None
    quarters = {row["period"]: row for row in fan(result, by="quarter").rows}
    assert quarters["2018-Q1"]["published"] == pytest.approx(sum(values))
    assert quarters["2018-Q2"]["part"] is None


def test_the_shares_of_the_bands_stand_in_a_column_without_other_words() -> None:
    rows = fan(simulate(load_scenario("shipped:belarus-kazakhstan-2020"), points=64)).rows
    named = [row for row in rows if row["named80"] is not None]
    assert [row["period"] for row in named] == ["2019"]
    assert named[0]["low80"] < named[0]["named80"] < named[0]["low50"]
