"""The verb ``import``: what it prints, its exit codes, the file that it writes into. Default tier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main

TABLES = Path(__file__).parent.parent / "files" / "tables"
SCENARIO = """\
title: A pair  # mine
as_of: 2018-10-31
home: Belarus
partner: Kazakhstan
target: {measure: exports, period: 2020, at_least: 800}
observations:
  - {measure: exports, period: 2016, value: 364.9, source: press}  # as printed
"""


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO, "utf-8")
    return path


def test_without_a_scenario_the_lines_are_alone_on_stdout() -> None:
    pair = ("--home", "Belarus", "--partner", "Kazakhstan")
    done = call("import", TABLES / "belstat-years.xlsx", *pair)
    assert done.exit_code == 0
    assert done.stdout.startswith(
        "currency: USD\nunit: million\nobservations:\n  - {measure: exports, period: 2016"
    )
    assert "Recognised\n  sheet: Лист1" in done.stderr
    assert "Look at\n  hidden sheet 'Черновик' not read" in done.stderr


def test_into_a_scenario_in_place_and_then_it_answers(scenario: Path) -> None:
    done = call("import", TABLES / "comtrade.csv", "--into", scenario)
    assert done.exit_code == 0
    assert done.stderr == ""
    assert "exports 2016: 364.9 stays, the table has 364.946215210" in done.stdout
    assert done.stdout.endswith("s.yaml: 5 figures added, 1 kept as they were\n")
    text = scenario.read_text("utf-8")
    assert text.startswith(SCENARIO)
    assert "Kazakhstan's report of its imports, usually CIF (SHA-256 " in text
    answered = call("run", scenario, "--json", "--points", "256")
    assert answered.exit_code == 0
    assert "kazakhstan-statistics" in answered.stdout


def test_the_machine_answer_keeps_digits_as_printed(scenario: Path) -> None:
    done = call("import", TABLES / "belstat-months.csv", "--into", scenario, "--json")
    answer = json.loads(done.stdout)
    assert answer["into"] == str(scenario)
    assert (answer["currency"], answer["unit"]) == ("USD", "million")
    first = answer["observations"][1]
    assert (first["period"], first["value"], first["printed"]) == ("2017-02", 49.8001, "49.80010")
    assert len(answer["added"]) == 8
    assert {"where", "reason", "cells"} == set(answer["left_out"][0])
    assert any("cp1251" in line for line in answer["recognised"])


def test_a_question_ends_with_2_and_the_words_that_settle_it(tmp_path: Path, scenario: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Month,Exports mln USD\n2018-01,1.234\n")
    done = call("import", table, "--into", scenario)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "t.csv: row 2, column B: found '1.234', which may be 1.234 or 1234",
        "Say which:",
        "  --decimal point  (1.234)",
        "  --decimal comma  (1234)",
    ]
    assert scenario.read_text("utf-8") == SCENARIO
    done = call("import", table, "--into", scenario, "--decimal", "point")
    assert done.exit_code == 0
    assert "period: 2018-01, value: 1.234," in scenario.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nope.csv",), "nope.csv: found no file that can be read"),
        ((TABLES / "comtrade.csv", "--into", "nope.yaml"), "nope.yaml"),
        ((TABLES / "comtrade.csv", "--mirror", "x"), "'x' is not one of"),
        ((TABLES / "comtrade.csv", "--stream", "x"), "expected ID=COLUMN"),
        ((TABLES / "comtrade.csv", "--published", "soon"), "soon"),
        ((TABLES / "comtrade.csv", "--where", "x=y"), "found 'x'"),
        ((TABLES / "comtrade.csv", "--unit", "bushels"), "found"),
        ((TABLES / "comtrade.csv", "--sheet", "x"), "which has no sheets"),
    ],
)
def test_bad_usage_ends_with_2_in_a_sentence(words: tuple[object, ...], message: str) -> None:
    done = call("import", *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_nothing_is_written_where_the_outcome_is_no_scenario(scenario: Path) -> None:
    done = call("import", TABLES / "belstat-years.xlsx", "--into", scenario, "--published", "2016-01-01")
    assert done.exit_code == 2
    assert "before the period" in done.stderr
    assert scenario.read_text("utf-8") == SCENARIO


def test_a_stream_takes_the_figures_of_its_column(tmp_path: Path) -> None:
    path, table = tmp_path / "s.yaml", tmp_path / "t.csv"
    streams = "streams: {machines: {direction: exports}, rest: {direction: exports}}\n"
    path.write_text(SCENARIO + streams, "utf-8")
    table.write_text(
        "Год;Всего, млн долл. США;Машины, млн долл. США\n2016;364,9;200,1\n2017;594,5;300,2\n", "utf-8"
    )
    words = ("--exports", "B", "--stream", "machines=Машины, млн долл. США")
    done = call("import", table, "--into", path, *words)
    assert done.exit_code == 0, done.stderr
    assert "{measure: machines, period: 2017, value: 300.2" in path.read_text("utf-8")
    assert "{measure: exports, period: 2017, value: 594.5" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--measure", "-1"), "found '-1', expected a name of letters"),
        (("--alternative", "a b"), "found 'a b', expected a name of letters"),
        (("--source", "\x1b]0;x\x07"), "source: found the character '\\x1b' in a text"),
        (("--source", " "), "found nothing, expected some text"),
    ],
)
def test_words_that_no_scenario_can_hold_are_refused(
    words: tuple[str, str], told: str, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("month,turnover\n2018-01,30.5\n2018-02,31.5\n")
    pair = ("--unit", "million USD", "--home", "Belarus", "--partner", "Kazakhstan")
    done = call("import", table, *pair, *words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert told in " ".join(done.stderr.split())


def test_the_name_of_a_table_is_a_source_that_a_scenario_can_hold(tmp_path: Path, scenario: Path) -> None:
    table = tmp_path / "t\x1b\n\u202e.csv"
    table.write_text("month,exports\n2018-01,30.5\n2018-02,31.5\n")
    done = call("import", table, "--unit", "million USD", "--into", scenario)
    assert done.exit_code == 0, done.output
    assert "source: t\\x1b\\n\\u202e.csv (SHA" in scenario.read_text("utf-8").replace("\\\\", "\\")
    assert call("validate", scenario).exit_code == 0
