"""The verb ``sweep``: words to sets, files, charts, and what an interrupted run says. Default tier."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from simulator.batch import sets
from simulator.batch.parts import Place
from simulator.cli import main
from simulator.files.loading import load
from simulator.scenario.parameters import turned
from simulator.scenario.sizes import drawn_months
from simulator.values import limits
from tests.cases import LEVERS, SPLIT

FEW = ["--points", "16", "--jobs", "1"]
GRID = ["--range", "target.at_least=800:1200:3", "--range", "levers.rules.probability=0.2:0.8:3"]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "CHUNK", 4)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return written(tmp_path / "case.yaml")


def written(path: Path, **fields: Any) -> str:
    target = {"measure": "turnover", "period": 2020, "at_least": 1000}
    case = {
        "title": "A case",
        "as_of": "2018-10-31",
        "target": target,
        "observations": SPLIT,
        "levers": LEVERS,
    }
    path.write_text(yaml.safe_dump(case | fields, sort_keys=False))
    return str(path)


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["sweep", *words])


def test_the_machine_answer_holds_rows_where_they_are_written_nowhere(file: str) -> None:
    done = call(file, *GRID, *FEW, "--set", "levers.rules.percent=5%", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert (answer["sets"], answer["answered"], answer["without_answer"]) == (9, 9, 0)
    assert [row["target.at_least"] for row in answer["rows"]] == [800.0] * 3 + [1000.0] * 3 + [1200.0] * 3
    assert answer["lowest"]["probability"] == min(row["probability"] for row in answer["rows"])
    assert answer["points"] == 16
    words = ["run", file, "--points", "16", "--json", "--set", "levers.rules.percent=5%"]
    words += ["--set", "target.at_least=1200", "--set", "levers.rules.probability=0.2"]
    run = json.loads(CliRunner().invoke(main, words).stdout)
    assert run["probability"] == answer["rows"][6]["probability"]
    plain = json.loads(CliRunner().invoke(main, words[:7]).stdout)
    assert plain["scenario"]["sha256"] == answer["scenario"]["sha256"]


def test_people_read_how_far_the_probability_runs_and_what_has_no_answer(file: str) -> None:
    done = call(file, "--grid", "levers.rules.probability=0.2,0.8,1.2,1.3", *FEW)
    assert done.exit_code == 0, done.output
    for words in (
        "The probability runs from",
        "over 2 sets.",
        "4 sets of assumptions: each value of levers.rules.probability.",
        "2 sets without an answer, for reasons such as:",
        "levers.rules.probability: found 1.2, expected from 0 to 1 (2 sets)",
    ):
        assert words in done.stdout


def test_what_varies_in_a_lever_that_is_off_is_said_to_change_nothing(file: str) -> None:
    words = [file, "--grid", "levers.rules.probability=0.2,0.8", *FEW, "--set", "levers.rules.enabled=false"]
    assert "--set levers.rules.enabled=true" in " ".join(call(*words).stdout.split())
    answer = json.loads(call(*words, "--json").stdout)
    assert answer["off_in_every_set"] == ["levers.rules"]
    assert len({row["probability"] for row in answer["rows"]}) == 1
    varied = call(*words, "--grid", "levers.rules.enabled=true,false", "--json").stdout
    assert json.loads(varied)["off_in_every_set"] == []


def test_a_file_is_written_once_in_the_form_of_its_name(file: str, tmp_path: Path) -> None:
    table, text = tmp_path / "sweep.parquet", tmp_path / "sweep.csv"
    for out in (table, text):
        done = call(file, *GRID, *FEW, "--out", str(out))
        assert done.exit_code == 0, done.output
        assert f"Written to {out}" in done.stdout.replace("\n", "")
    rows = list(csv.DictReader(io.StringIO(text.read_text())))
    held = pq.read_table(table).to_pylist()
    assert [float(row["probability"]) for row in rows] == [row["probability"] for row in held]
    before = table.read_bytes(), text.read_bytes()
    assert (
        call(file, *GRID, *FEW, "--out", str(table), "--json").exit_code == 0
    )  # it holds this sweep already
    other = call(file, *GRID, *FEW, "--seed", "2", "--out", str(table))
    again = call(file, *GRID, *FEW, "--out", str(text))
    assert (other.exit_code, again.exit_code) == (2, 2)
    assert "--force" in other.stderr
    assert (table.read_bytes(), text.read_bytes()) == before
    assert call(file, *GRID, *FEW, "--seed", "2", "--out", str(table), "--force").exit_code == 0
    assert table.read_bytes() != before[0]


def test_points_with_which_no_set_can_be_drawn_are_refused_before_any_work(file: str, tmp_path: Path) -> None:
    off = ["--grid", "levers.rules.enabled=true,false", "--grid", "target.period=2020,2021"]
    most = 2**20
    for words in (["--grid", "target.at_least=900,1000"], off):
        done = call(file, *words, "--points", str(most), "--jobs", "1", "--out", str(tmp_path / "new.csv"))
        assert done.exit_code == 2, done.output
        assert "draws of months ahead" in done.stderr
        assert not done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]


def test_what_only_some_sets_can_be_drawn_with_is_answered_for_those(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(file).scenario
    fewest = drawn_months(turned(loaded, {"levers.rules.enabled": False}))
    assert fewest < drawn_months(loaded)
    words = [file, "--grid", "levers.rules.enabled=true,false", "--points", "4096", "--jobs", "1"]
    limit = replace(limits.DRAWN_MONTHS, most=4096 * fewest)
    monkeypatch.setattr(limits, "DRAWN_MONTHS", limit)
    done = call(*words, "--json")
    assert done.exit_code == 0, done.output
    assert [row["reason"] is None for row in json.loads(done.stdout)["rows"]] == [False, True]
    monkeypatch.setattr(limits, "DRAWN_MONTHS", replace(limit, most=4096 * fewest - 1))
    assert call(*words).exit_code == 2


def test_a_sweep_in_which_no_set_has_an_answer_is_no_success(file: str, tmp_path: Path) -> None:
    words = [file, "--grid", "levers.rules.probability=1.2,1.3", *FEW]
    out = tmp_path / "sweep.csv"
    for more in ([], ["--json"], ["--out", str(out)]):
        done = call(*words, *more)
        assert done.exit_code == 2, done.output
        assert "expected from 0 to 1" in done.stdout
    assert len(out.read_text().splitlines()) == 3
    assert "2 none of the sets has an answer" in " ".join(call("--help").stdout.split())


def test_of_two_runs_at_one_place_the_second_is_refused_in_one_sentence(file: str, tmp_path: Path) -> None:
    for name in ("sweep.parquet", "folder"):
        out = tmp_path / name
        with Place.of(out).reserved():
            done = call(file, *GRID, *FEW, "--out", str(out))
            assert done.exit_code == 1, done.output
            (line,) = done.stderr.strip().splitlines()
            assert line.startswith(f"Error: found another run that writes {out} at this moment (process ")
        assert call(file, *GRID, *FEW, "--out", str(out)).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "folder", "sweep.parquet"]
    assert not (tmp_path / "folder" / "_lock").exists()


def test_many_files_stand_behind_one_option(file: str, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.yaml", as_of="yesterday")
    done = call("--scenarios", file, bad, *FEW, "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert [row["scenario"] for row in answer["rows"]] == [file, bad]
    assert [row["reason"] is None for row in answer["rows"]] == [True, False]
    assert "bad.yaml:" in answer["rows"][1]["reason"]
    assert [case["file"] for case in answer["scenarios"]] == [file, bad]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--range", "target.at_least=800:1200:5"], ("The line is the probability",)),
        (["--grid", "levers.rules.enabled=true,false"], ("The dots are the probability",)),
        (GRID, ("Along each line the probability is the same",)),
        ([*GRID, "--grid", "levers.support.enabled=false"], ("Along each line the probability is the same",)),
    ],
)
def test_a_chart_of_one_or_two_numbers_needs_nothing_else(
    file: str, tmp_path: Path, words: list[str], parts: tuple[str, ...]
) -> None:
    page = tmp_path / "page.html"
    done = call(file, *words, *FEW, "--chart", str(page))
    assert done.exit_code == 0, done.output
    text = page.read_text("utf-8")
    for part in ("<svg", "A case", "The probability runs from", *parts):
        assert part in text
    assert "<script" not in text
    assert "://" not in text
    assert call(file, *words, *FEW, "--chart", str(page)).exit_code == 2  # nothing is replaced unasked


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no scenario, expected SCENARIO or --scenarios FILE..."),
        (["{file}", "--scenarios", "{file}"], "beside --scenarios"),
        (["{file}", "--grid", "target.at_least"], "expected PATH=A,B,C such as"),
        (["{file}", "--range", "target.at_least=1:2"], "expected PATH=LO:HI:N such as"),
        (["{file}", "--sample", "target.at_least=1:2:3", "--n", "3"], "expected PATH=LO:HI such as"),
        (["{file}", "--grid", "target.at_lest=1"], "did you mean 'target.at_least'?"),
        (["{file}", "--grid", "target.at_least=1", "--grid", "target.at_least=2"], "twice"),
        (["{file}", "--format", "csv"], "without --out"),
        (["{file}", "--format", "csv", "--out", "{folder}/a.parquet"], "expected a name that ends in .csv"),
        (["{file}", "--format", "csv", "--out", "{folder}/a"], "which is one file"),
        (["{file}", "--out", "{folder}/a.xlsx"], "expected a name that ends in .parquet or .csv"),
        (["{file}", *GRID, "--grid", "levers.rules.enabled=true,false", "--chart", "{folder}/a.html"], "found 3 numbers"),
        (["{file}", "--chart", "{folder}/a.html"], "found nothing that varies"),
        (
            ["{file}", "--grid", "target.at_least=800", "--chart", "{folder}/a.html"],
            "found one value 800.0 of target.at_least to be drawn, expected several: one value draws no line; "
            "name two ends with --range target.at_least=LO:HI:9",
        ),
        (
            ["{file}", "--sample", "target.at_least=700:900", "--n", "1", "--chart", "{folder}/a.html"],
            "found one value to be drawn, expected several",
        ),
        (["{file}", "--range", "target.at_least=8:8:3"], "found 8:8 of target.at_least, expected a lower end"),
        (["{file}", *GRID, "--design", "lhs", "--n", "9", "--chart", "{folder}/a.html"], "in the design lhs"),
        (["{file}", *GRID, "--chart", "{folder}/a.png"], "a name that ends in .html"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_bad_usage(file: str, tmp_path: Path, words: list[str], message: str) -> None:
    done = call(*(word.format(file=file, folder=tmp_path) for word in words), *FEW)
    assert done.exit_code == 2, done.output
    assert message in " ".join(done.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]
