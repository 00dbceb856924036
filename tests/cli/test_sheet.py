"""The verb ``sheet``: a scenario as an Excel workbook and back, its exit codes, the files it writes. Default tier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.files.loading import load
from simulator.files.reading import SHIPPED

FLAGSHIP = (SHIPPED / "belarus-kazakhstan-2020.yaml").read_text("utf-8")
COUNT = "levers.assembly.count"


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(FLAGSHIP, "utf-8")
    return path


@pytest.fixture
def book(scenario: Path) -> Path:
    path = scenario.with_suffix(".xlsx")
    done = call("sheet", scenario, "--out", path)
    assert done.exit_code == 0
    assert done.stdout == (
        f"Written to {path}; when it is changed: python -m simulator sheet {path} --into {scenario}\n"
    )
    return path


def put(book: Path, value: Any, path: str = COUNT) -> None:
    """Change the value of a measure, as Excel does."""
    opened = openpyxl.load_workbook(book)
    sheet = opened["Measures"]
    row = next(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == path)
    sheet.cell(row, 4).value = value
    opened.save(book)


def test_what_was_changed_is_printed_and_nothing_is_written(scenario: Path, book: Path) -> None:
    done = call("sheet", book)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "Nothing was changed in the workbook\n", "")
    put(book, 8)
    done = call("sheet", book)
    assert (done.exit_code, done.stdout) == (0, f"{COUNT}: 6 -> 8 (Measures!D7)\n")
    assert done.stderr == "Nothing is written without --into FILE or --out FILE\n"
    assert scenario.read_text("utf-8") == FLAGSHIP


def test_into_a_scenario_in_place_and_then_it_answers(scenario: Path, book: Path) -> None:
    put(book, 8)
    done = call("sheet", book, "--into", scenario)
    assert (done.exit_code, done.stdout) == (0, f"{COUNT}: 6 -> 8 (Measures!D7)\nWritten to {scenario}\n")
    assert scenario.read_text("utf-8") == FLAGSHIP.replace("count: 6", "count: 8")
    again = call("sheet", book, "--into", scenario)
    assert again.stdout.endswith(f"{scenario} stays as it is\n")
    answered = json.loads(call("run", scenario, "--json", "--points", 256).stdout)
    assert 0 < answered["probability"] < 1


def test_out_writes_the_whole_scenario_and_overwrites_nothing_unasked(book: Path, tmp_path: Path) -> None:
    put(book, 8)
    other = tmp_path / "other.yaml"
    assert call("sheet", book, "--out", other).exit_code == 0
    assert load(other).scenario == load("shipped:belarus-kazakhstan-2020", [f"{COUNT}=8"]).scenario
    for words in (("sheet", book, "--out", other), ("sheet", other, "--out", book)):
        done = call(*words)
        assert done.exit_code == 2
        assert "which sheet does not overwrite; choose another --out, or add --force" in done.stderr
    assert call("sheet", other, "--out", book, "--force").exit_code == 0


def test_faults_name_their_cells_and_nothing_is_written(scenario: Path, book: Path) -> None:
    put(book, "eight")
    put(book, "levers.rules.probability", "levers.rules.probability")
    for words in ((), ("--into", scenario), ("--out", scenario.with_name("new.yaml"))):
        done = call("sheet", book, *words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"{book}: Measures!D7: found 'eight', expected a number from 0 to 1000\n" in done.stderr
    assert scenario.read_text("utf-8") == FLAGSHIP
    assert not scenario.with_name("new.yaml").exists()


def test_what_is_neither_a_scenario_nor_a_workbook_is_bad_input(
    scenario: Path, book: Path, tmp_path: Path
) -> None:
    assert call("sheet", tmp_path / "none.yaml").exit_code == 2
    done = call("sheet", scenario, "--into", scenario)
    assert done.exit_code == 2
    assert "which is no workbook" in done.stderr
    assert call("sheet", book, "--into", scenario, "--out", tmp_path / "x.yaml").exit_code == 2
    broken = tmp_path / "broken.yaml"
    broken.write_text("title: x\n", "utf-8")
    done = call("sheet", broken)
    assert done.exit_code == 2
    assert "found no target" in done.stderr


def test_the_machine_answer(book: Path, scenario: Path, tmp_path: Path) -> None:
    put(book, 8)
    assert json.loads(call("sheet", book, "--json").stdout) == {
        "file": None,
        "changes": [f"{COUNT}: 6 -> 8 (Measures!D7)"],
    }
    out = tmp_path / "second.xlsx"
    told = json.loads(call("sheet", scenario, "--out", out, "--json").stdout)
    assert (told["file"], told["bytes"]) == (str(out), out.stat().st_size)


def test_a_shipped_scenario_is_written_here_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("sheet", "shipped:belarus-kazakhstan-cautious")  # which extends another
    assert done.exit_code == 0
    assert call("sheet", "belarus-kazakhstan-cautious.xlsx", "--out", "mine.yaml").exit_code == 0
    shipped = load("shipped:belarus-kazakhstan-cautious").scenario
    assert load("mine.yaml").scenario == shipped


def test_nothing_is_written_over_what_is_read_or_under_a_name_of_another_kind(
    scenario: Path, book: Path, tmp_path: Path
) -> None:
    before = scenario.read_bytes(), book.read_bytes()
    for words in (
        ("sheet", scenario, "--out", scenario, "--force"),
        ("sheet", book, "--out", book, "--force"),
        ("sheet", book, "--out", tmp_path / "new.xlsx"),
        ("sheet", scenario, "--out", tmp_path / "new.yaml"),
        ("report", scenario, "--brief", "--format", "pdf", "--out", scenario, "--force"),
        ("report", scenario, "--format", "docx", "--out", tmp_path / "new.yml"),
        ("board", tmp_path, "--json", "--out", tmp_path / "new.yaml"),
    ):
        done = call(*words)
        assert done.exit_code == 2, words
        assert "choose another name" in done.stderr
    assert (scenario.read_bytes(), book.read_bytes()) == before
    assert not list(tmp_path.glob("new.*"))
