"""``board`` as its user meets it: the table, JSON, a page, exit codes. Default tier."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.cli.several import progress
from simulator.files.reading import SHIPPED
from tests.office import BROKEN, HALF, office

FEW = ("--points", "512")


def call(*words: object) -> Result:
    return CliRunner().invoke(main, ["board", *map(str, words)])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("mixed"), 8)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("sound"), 3, broken=False)


def test_a_sound_folder_is_answered(sound: Path) -> None:
    done = call(sound, *FEW)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    assert "3 targets of 3 files" in done.stdout
    assert "Hungary" in done.stdout


def test_json_stands_alone_on_stdout_and_its_rows_are_what_run_answers(sound: Path) -> None:
    done = call(sound, "--json")
    board = json.loads(done.stdout)
    assert board["folder"] == str(sound)
    assert board["faults"] == []
    assert (board["points"], board["seed"]) == (2048, 1)
    for row in board["rows"]:
        answered = CliRunner().invoke(main, ["run", str(sound / row["file"]), "--json"])
        assert row["probability"] == json.loads(answered.stdout)["probability"]
    assert done.stdout == call(sound, "--json").stdout


def test_a_broken_file_is_told_on_stderr_and_the_others_are_answered(mixed: Path) -> None:
    done = call(mixed, "--json", *FEW)
    assert done.exit_code == 1
    board = json.loads(done.stdout)
    assert len({row["file"] for row in board["rows"]}) == 6
    assert {fault["file"] for fault in board["faults"]} == {BROKEN, HALF}
    assert f"{BROKEN}, line 9: target.at_leest" in done.stderr
    assert call(mixed, *FEW).exit_code == 1


def test_where_nothing_can_be_answered_it_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("title: Broken\n")
    done = call(tmp_path, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["rows"] == []
    assert "observations" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "found no folder 'nowhere'"),
        ([__file__], "expected a folder of scenario files"),
        (["{empty}"], "expected files that end in .yaml or .yml"),
        (["{sound}", "--json", "--html"], "expected one of them"),
        (["{sound}", "--out", "board.txt"], "expected --json or --html"),
        (["{sound}", "--html", "--out", "board.json"], "ends in .html"),
        (["{sound}", "--points", "100"], "power of two"),
    ],
)
def test_bad_usage_says_what_was_expected(
    sound: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    done = call(*(word.format(sound=sound, empty=tmp_path) for word in words))
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_page_is_written_and_never_over_another_unasked(sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "board.html"
    done = call(sound, "--html", "--out", file, *FEW)
    assert done.exit_code == 0
    assert file.read_bytes().startswith(b"<!doctype html>")
    assert f"<title>Targets in {sound.name}</title>" in file.read_text("utf-8")
    file.write_text("mine")
    refused = call(sound, "--html", "--out", file, *FEW)
    assert refused.exit_code == 2
    assert "does not overwrite" in refused.stderr
    assert file.read_text() == "mine"
    assert call(sound, "--out", file, "--force", *FEW).exit_code == 0
    assert file.read_bytes().startswith(b"<!doctype html>")


def test_without_a_name_the_page_is_board_html_here(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(sound, "--html", *FEW).exit_code == 0
    assert (tmp_path / "board.html").is_file()
    assert call(sound, "--html", *FEW).exit_code == 2


def test_json_can_go_to_a_file(sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "board.json"
    done = call(sound, "--out", file, *FEW)
    assert (done.exit_code, done.stdout) == (0, "")
    assert len(json.loads(file.read_text())["rows"]) == 3


def test_the_shipped_scenarios_make_a_board() -> None:
    done = call(SHIPPED, "--json", *FEW)
    assert done.exit_code == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == len(list(SHIPPED.glob("*.yaml")))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("Answering", 3, "sets") as done:
            for name in ("a.yaml", "[bold]b.yaml", "c\x1b.yaml"):
                done.one(name)
        shown.append(stream.getvalue())
    assert "3/3" in shown[0]
    assert "c\x1b.yaml" not in shown[0]
    assert shown[1].strip() == ""


def test_help_says_what_the_exit_codes_mean() -> None:
    told = " ".join(call("--help").stdout.split())
    assert "0 every file was answered" in told
    assert "1 some were, others have faults" in told
