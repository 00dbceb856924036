"""The verb ``track``: its JSON as contracted, its words, what it refuses. Default tier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main

SCENARIO = """\
title: A pair
as_of: 2018-07-01
target: {measure: turnover, period: 2020, at_least: 85}
observations:
  - {measure: turnover, period: 2016, value: 61.9, published: 2017-02-01}
  - {measure: turnover, period: 2017, value: 66.4, published: 2018-02-01}
  - {measure: turnover, period: 2017, value: 67.0, published: 2018-06-01}
"""


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["track", *map(str, words), "--points", "64"])


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO, "utf-8")
    return path


def test_the_machine_answer_holds_what_is_contracted(scenario: Path) -> None:
    done = call(scenario, "--json")
    answer = json.loads(done.stdout)
    assert [step["published"] for step in answer["steps"]] == ["2017-02-01", "2018-02-01", "2018-06-01"]
    assert answer["outcome"] is None
    for step in answer["steps"]:
        parts = sum(part["probability_points"] for part in step["parts"])
        assert parts == pytest.approx(step["change_points"], abs=1e-9)
    assert answer["steps"][-1]["parts"][0]["figure"] == "turnover 2017"
    assert [(post["figure"], post["probability"]) for post in answer["signposts"]] == [
        ("turnover 2018", 0.25),
        ("turnover 2018", 0.5),
        ("turnover 2018", 0.75),
    ]


def test_people_read_steps_what_comes_and_what_came(scenario: Path) -> None:
    told = call(scenario, "--outcome", "90").stdout
    assert "The probability went from " in told
    assert "$67.0m, revised from $66.4m" in told
    assert "The next figure is turnover of 2018" in told
    assert "The target was reached. " in told


def test_what_cannot_be_read_is_refused(scenario: Path, tmp_path: Path) -> None:
    assert call(scenario, "--outcome", "many").exit_code == 2
    missing = call(tmp_path / "none.yaml")
    assert missing.exit_code == 2
    assert "none.yaml" in missing.stderr
