"""The track record: outcomes read strictly, chances scored as scores are defined, its document as it is made. Default tier."""

from __future__ import annotations

import json
import math
import re
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.analysis.drift import SPREAD, drift
from simulator.batch import record as batch
from simulator.batch.record import By, Record
from simulator.cli import main
from simulator.errors import FileError
from simulator.files.outcomes import TABLE, outcomes
from simulator.files.reading import SHIPPED, all_shipped, shipped_names
from simulator.model.engine import simulate
from simulator.report.documents.markdown import render
from simulator.report.documents.record import content
from simulator.report.words import record as words
from simulator.scenario import Scenario
from simulator.workspace import record as workspace
from simulator.workspace.desk import Desk
from simulator.workspace.sets import Sets

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"\d+(?:\.\d+)?")
HEAD = "file,reached,source,outcome_over_target,known_on\n"
CASE = """\
title: A and B
as_of: 2010-03-01
home: A
partner: B
unit: billion
target: {measure: turnover, period: 2012, at_least: 13}
observations:
  - {measure: turnover, period: 2009, value: 10.00, growth: 10.0%}
"""


@pytest.fixture(scope="module")
def shipped() -> Record:
    return batch.record(str(TABLE), outcomes(), partial(batch.answered, simulate=simulate))


def test_every_announced_scenario_has_an_outcome_and_a_source(shipped: Record) -> None:
    named = {outcome.shipped for outcome in outcomes()}
    assert named <= set(all_shipped())
    assert {name for name in all_shipped() if name.startswith("announced/")} <= named
    assert not shipped.faults
    assert 10 <= sum(name.startswith("announced/") for name in all_shipped()) <= 20


def test_no_figure_of_an_announced_scenario_came_after_its_day(shipped: Record) -> None:
    announced = [case for case in shipped.cases if "announced/" in (case.outcome.shipped or "")]
    for case in announced:
        figures = case.scenario.observations
        assert all(figure.period.last_day < case.scenario.as_of for figure in figures), case.outcome.file


def test_the_rule_that_is_told_fits_the_table(shipped: Record) -> None:
    apart = {"united-states-exports-2014", "united-states-china-2020", "belarus-kazakhstan-2020"}
    apart |= {"india-exports-2022", "united-states-uzbekistan-2022"}
    chosen = [case for case in shipped.cases if case.outcome.shipped not in apart]
    reached = sum(case.outcome.reached for case in chosen)
    assert f"These are {len(chosen)}, of which {reached} were reached" in " ".join(words.CHOICE).replace(
        "  ", " "
    )
    assert len(shipped.cases) - len(chosen) == len(apart) == 5
    without = [case for case in chosen if not case.scenario.levers]
    assert f"the other {len(without)} have none" in words.CHOICE[0]


def test_scores_are_what_they_are_defined_as(shipped: Record) -> None:
    cases = shipped.cases
    own, officials = shipped.scores()[0], shipped.scores()[-1]
    assert own.brier == pytest.approx(sum((c.chance - c.outcome.reached) ** 2 for c in cases) / len(cases))
    logs = [-math.log(c.chance if c.outcome.reached else 1 - c.chance) for c in cases]
    assert own.log_score == pytest.approx(sum(logs) / len(cases))
    assert officials.brier == pytest.approx(1 - shipped.reached / len(cases))
    assert math.isinf(officials.log_score)
    assert sum(point.n for point in shipped.reliability()) == len(cases)


def test_the_document_is_what_the_command_gives_to_rounding(shipped: Record) -> None:
    made = render(content(shipped, 2048, 1)).decode().splitlines()[:-1]
    kept = (ROOT / "docs" / "track-record.md").read_text("utf-8").splitlines()[:-1]
    assert [NUMBER.sub("#", line) for line in made] == [NUMBER.sub("#", line) for line in kept]
    for one, other in zip(made, kept, strict=True):
        numbers = zip(map(float, NUMBER.findall(one)), map(float, NUMBER.findall(other)), strict=True)
        assert all(a == pytest.approx(b, abs=0.11, rel=0.02) for a, b in numbers), (one, other)


def test_wrong_ones_are_told_of_hits_and_misses_alike(shipped: Record) -> None:
    told = list(words.wrong(shipped))
    assert sum(line.endswith(".") and ": given" in line for line in told) == len(shipped.wrong)
    assert any(line.startswith(words.REACHED) for line in told)
    assert any(line.startswith(words.MISSED) for line in told)


def test_the_gallery_offers_no_announced_one_and_a_desk_opens_each() -> None:
    assert not any("/" in name for name in shipped_names())
    desk = Desk.of_shipped("announced/china-korea-2015")
    assert (desk.shipped, desk.stem) == (True, "china-korea-2015")
    desk.turn("target.at_least", 200.0)
    assert desk.name in Sets().options(desk)
    assert set(Sets().chosen(desk)) <= set(Sets().options(desk))


def test_the_page_gets_every_case_with_its_keys(shipped: Record) -> None:
    made = workspace.content(shipped)
    assert len(made["rows"]) == len(shipped.cases)
    for row in made["rows"]:
        assert set(row["cells"]) == set(row["keys"]) == {column["key"] for column in made["columns"]}
    json.dumps(made)


def test_drift_is_the_closed_form() -> None:
    scenario = Scenario.model_validate(
        {
            "title": "A and B",
            "as_of": "2010-03-01",
            "target": {"measure": "turnover", "period": "2012", "at_least": 13},
            "observations": [
                {"measure": "turnover", "period": "2009", "value": 10.000001, "growth": "10.0000%"}
            ],
        }
    )
    mean, gap = math.log(1.1), math.log(1.3)
    width = SPREAD * math.sqrt(3 + 9)
    expected = 0.5 * math.erfc(-(3 * mean - gap) / width / math.sqrt(2))
    assert drift(simulate(scenario, points=64)) == pytest.approx(expected, abs=1e-3)


# A table of one's own


def call(table: Path, *more: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["record", str(table), "--points", "64", *more])
    return done.exit_code, done.stdout, done.stderr


def test_a_table_of_ones_own_is_answered(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CASE)
    table = tmp_path / "outcomes.csv"
    table.write_text(f"{HEAD}a.yaml,no,an office,0.9,2013-05-01\n")
    code, out, err = call(table, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert (answer["n"], answer["reached"]) == (1, 0)
    assert answer["cases"][0]["brier"] == pytest.approx(answer["cases"][0]["probability"] ** 2)
    code, out, _ = call(table, "--markdown")
    assert words.HEADINGS["choice"] not in out


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("a.yaml,perhaps,x,,\n", "expected yes or no"),
        ("a.yaml,no,,,\n", "without a source"),
        ("a.yaml,no,x,-1,\n", "expected a number above 0"),
        ("a.yaml,no,x,,soon\n", "expected a day"),
        ("a.yaml,no,x,,\na.yaml,yes,x,,\n", "a second time"),
        ("", "no row under the heading"),
    ],
)
def test_faults_of_a_table_are_told_with_their_line(tmp_path: Path, rows: str, told: str) -> None:
    table = tmp_path / "outcomes.csv"
    table.write_text(HEAD + rows)
    with pytest.raises(FileError, match=told):
        outcomes(table)
    code, out, err = call(table)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("a.yaml,yes,x,0.9,", "cannot both be"),
        ("a.yaml,no,x,,2009", "before the day of the scenario"),
        ("gone.yaml,no,x,,", "found no file"),
    ],
)
def test_a_row_that_cannot_be_ends_no_other(tmp_path: Path, row: str, told: str) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(CASE)
    table = tmp_path / "outcomes.csv"
    table.write_text(f"{HEAD}{row}\nb.yaml,no,x,0.8,2013\n")
    code, out, err = call(table, "--json")
    assert code == 1
    assert told in err
    assert json.loads(out)["n"] == 1


def test_headings_that_are_missing_or_unknown_are_named(tmp_path: Path) -> None:
    table = tmp_path / "outcomes.csv"
    table.write_text("file,hit\na.yaml,yes\n")
    with pytest.raises(FileError) as caught:
        outcomes(table)
    assert "hit" in str(caught.value)
    assert "no column reached" in str(caught.value)


def test_every_reference_says_its_chance_or_nothing(shipped: Record) -> None:
    for case in shipped.cases:
        assert set(case.chances) == set(By)
        assert all(chance is None or 0 <= chance <= 1 for chance in case.chances.values())
    assert SHIPPED in TABLE.parents
