"""The verb ``observe``: what it writes, what it refuses, its exit codes. Default tier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main

SCENARIO = """\
title: A pair  # mine
as_of: 2018-10-31
home: Belarus
partner: Kazakhstan
target: {measure: exports, period: 2020, at_least: 800}
observations:
  - {measure: exports, period: 2016, value: 364.9, source: press}  # as printed
"""
MONTH = ("--measure", "exports", "--period", "2018-10")
NEW = (*MONTH, "--value", "71.20", "--published", "2018-12-15", "--source", "the office: table 3")
LINE = '  - {measure: exports, period: 2018-10, value: 71.20, published: 2018-12-15, source: "the office: table 3"}\n'


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["observe", *map(str, words)])


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_bytes(SCENARIO.replace("\n", "\r\n").encode())
    return path


def test_a_figure_is_added_in_place_and_taken_out_again(scenario: Path) -> None:
    before = scenario.read_bytes()
    done = call(scenario, *NEW)
    assert (done.exit_code, done.stderr) == (0, "")
    assert scenario.read_bytes() == before + LINE.replace("\n", "\r\n").encode()
    assert "exports 2018-10 came out after the file's day, 2018-10-31, which stays" in done.stdout
    assert "--set as_of=2018-12-15" in done.stdout
    again = call(scenario, *NEW)
    assert again.exit_code == 2
    assert again.stderr.startswith(
        f"{scenario}:8: exports 2018-10, 71.20 (published 2018-12-15) is there already"
    )
    gone = call(scenario, *MONTH, "--remove")
    assert gone.exit_code == 0
    assert scenario.read_bytes() == before


def test_a_table_is_added_and_what_was_revised_is_told_apart(scenario: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Month;Exports, million USD\n2018-10;71.2\n2018-11;72.0\n", "utf-8")
    words = ("--from", table, "--json", "--published")
    first = json.loads(call(scenario, *words, "2019-01-15").stdout)
    assert [met["period"] for met in first["added"]] == ["2018-10", "2018-11"]
    assert first["later"] == first["added"]
    table.write_text("Month;Exports, million USD\n2018-10;71.2\n2018-11;73.0\n2018-12;70.0\n", "utf-8")
    second = json.loads(call(scenario, *words, "2019-02-15").stdout)
    assert {
        key: [met["period"] for met in second[key]] for key in ("added", "revised", "already", "refused")
    } == {
        "added": ["2018-12"],
        "revised": ["2018-11"],
        "already": ["2018-10"],
        "refused": [],
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--period", "2018-10", "--value", "1"), "found no --measure"),
        (MONTH, "found neither --value nor --growth"),
        ((*MONTH, "--value", "[1]"), "found --value '[1]', expected one value"),
        ((*MONTH, "--value", "1", "--decimal", "comma"), "found --decimal without --from TABLE"),
        ((*MONTH, "--value", "1", "--remove"), "found --value beside --remove"),
        ((*MONTH, "--remove"), "found no figure of exports 2018-10; of exports there are 2016"),
        ((*MONTH, "--value", "71,2"), "the new figure, exports 2018-10, value: found '71,2'"),
    ],
)
def test_bad_usage_changes_nothing(scenario: Path, words: tuple[str, ...], message: str) -> None:
    before = scenario.read_bytes()
    done = call(scenario, *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert scenario.read_bytes() == before
