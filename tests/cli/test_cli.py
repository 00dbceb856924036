"""The command line as its user meets it: output, exit codes, files, the same bytes. Default tier."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.cli.app import _flags, _left_to_us
from simulator.files.writing import write_file
from tests.tiers import sampled

ROOT = Path(__file__).parent.parent.parent
FLAGSHIP = ROOT / "scenarios" / "belarus-kazakhstan-2020.yaml"
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def answer(*words: object) -> dict[str, Any]:
    done = call("run", *words, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(
        "title: Small\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
        "observations:\n  - {measure: turnover, period: 2017, value: 690.8, growth: 64.8%}\n"
    )
    return path


@pytest.mark.parametrize("path", sampled(SHIPPED, 10, 1), ids=lambda path: path.stem)
def test_every_shipped_scenario_validates_and_runs(path: Path) -> None:
    assert call("validate", path).exit_code == 0
    found = answer(path)
    assert 0 < found["probability"] < 1
    assert found["probability_range"]["low"] <= found["probability"] <= found["probability_range"]["high"]


def test_the_answer_holds_what_is_contracted() -> None:
    found = answer(FLAGSHIP)
    assert set(found) >= {
        *(
            "scenario",
            "as_of",
            "target",
            "probability",
            "standard_error",
            "probability_range",
            "probability_without_levers",
        ),
        *(
            "shortfall_if_missed",
            "growth_needed",
            "totals",
            "levers",
            "points",
            "seed",
            "version",
            "elapsed_seconds",
        ),
    }
    assert set(found["scenario"]) >= {"title", "file", "sha256"}
    assert found["target"] == {"kind": "amount", "measure": "turnover", "period": "2020", "at_least": 1000}
    assert found["growth_needed"] == pytest.approx((1000 / 690.8) ** (1 / 3) - 1)
    assert set(found["totals"]["turnover"]["2018"]) == {"p5", "p10", "p25", "p50", "p75", "p90", "p95"}
    assert found["totals"]["turnover"]["2017"]["p5"] == pytest.approx(690.8)
    assert {"id", "kind", "name", "median_effect", "probability_points"} <= set(found["levers"][0])
    assert found["standard_error"] < 0.0005
    assert found["probability_without_levers"] < found["probability"]
    assert [s["name"] for s in found["probability_range"]["from"]][-1] == "kazakh-statistics"


def test_a_person_reads_a_verdict_a_table_and_the_next_quarter() -> None:
    done = call("run", FLAGSHIP)
    text = " ".join(done.stdout.split())
    line = r"(\d+) % to be reached \(\d+-\d+ % under other model settings\), (\d+) % to be missed\. Of 100 futures, (\d+) reach"
    reached, missed, dots = map(int, re.search(line, text).groups())  # type: ignore[union-attr]
    assert (reached + missed, dots) == (100, reached)
    assert "Evidence: " in text
    assert "Targets like this one, known by then: " in text
    assert "half miss by more" in text
    assert "It takes 13.1 % a year from the $691m of 2017." in text
    assert "39 % of its year" in text
    assert "standard error" in text
    assert done.stdout.index("Details") > done.stdout.index("2020")


def test_verbose_tells_what_replaced_what() -> None:
    text = call("run", FLAGSHIP, "-v", "--set", "levers.rules.enabled=false").stdout
    assert "levers.rules.enabled" in text
    assert "kazakh-statistics" in text


def test_settings_change_the_answer_and_its_fingerprint() -> None:
    plain, changed = (
        answer(FLAGSHIP),
        answer(FLAGSHIP, "--set", "target.at_least=900", "--set", "outlook.trend=0.06"),
    )
    assert changed["probability"] > plain["probability"]
    assert changed["target"]["at_least"] == 900
    assert changed["scenario"]["sha256"] != plain["scenario"]["sha256"]


def test_require_exits_three_below() -> None:
    assert call("run", FLAGSHIP, "--require", "0.9").exit_code == 3
    assert call("run", FLAGSHIP, "--require", "0.1").exit_code == 0


@pytest.mark.parametrize(("threshold", "probability"), [(600, 1), (700, 0)])
def test_a_decided_target_is_answered_with_a_note(small: Path, threshold: int, probability: int) -> None:
    words = ("--set", "target.period=2017", "--set", f"target.at_least={threshold}")
    found = answer(small, *words)
    assert found["probability"] == probability
    assert found["standard_error"] == 0
    assert "already decided" in found["notes"][0]
    done = call("run", small, *words)
    assert done.exit_code == 0
    reached, missed = 100 * probability, 100 - 100 * probability
    line = f"{reached} % to be reached, {missed} % to be missed: published figures decide it."
    assert line in " ".join(done.stdout.split())
    assert "Evidence: strong - published figures decide the target." in done.stdout


def test_out_writes_tables_and_never_overwrites_unasked(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert call("run", small, "--out", out).exit_code == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "answer.json",
        "levers.csv",
        "next_quarter.csv",
        "range.csv",
        "target.csv",
        "totals.csv",
    ]
    rows = list(csv.DictReader((out / "totals.csv").open()))
    assert rows[-1]["period"] == "2020"
    assert (
        float(rows[-1]["p50"])
        == json.loads((out / "answer.json").read_text())["totals"]["turnover"]["2020"]["p50"]
    )
    before = {p: p.read_bytes() for p in out.iterdir()}
    refused = call("run", small, "--out", out, "--seed", 2)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert refused.stdout == ""
    assert {p: p.read_bytes() for p in out.iterdir()} == before
    assert call("run", small, "--out", out, "--seed", 2, "--force").exit_code == 0
    assert call("run", small, "--out", small).exit_code == 1


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_file(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_file(path, "new \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_bad_input_is_told_once_per_fault_on_stderr_with_code_two(small: Path) -> None:
    small.write_text(small.read_text().replace("value:", "vaule:") + "as_off: 3\n")
    for verb in ("run", "validate"):
        done = call(verb, small)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert f"{small}:5: observations.0.vaule" in done.stderr
        assert "did you mean 'value'" in done.stderr
        assert f"{small}:6: as_off" in done.stderr
        assert "Traceback" not in done.stderr


def test_contradicting_figures_are_told_with_their_line(small: Path) -> None:
    small.write_text(small.read_text() + "  - {measure: turnover, period: 2017, value: 604.1}\n")
    done = call("run", small, "--json")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "contradicts" in done.stderr
    assert done.stderr.startswith(f"{small}:")
    assert done.stderr.split(":")[1] in ("5", "6")


def test_a_target_that_no_figure_tells_is_told_with_its_line(small: Path) -> None:
    done = call("run", small, "--set", "target.measure=exports")
    assert done.exit_code == 2
    assert "tells exports and imports apart" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--points", "-5"),
        ("--points", "1000"),
        ("--points", "many"),
        ("--seed", "-1"),
        ("--require", "2"),
        ("--set", "nonsense"),
    ],
)
def test_bad_usage_is_refused(words: tuple[str, ...]) -> None:
    done = call("run", FLAGSHIP, *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert words[-1].lstrip("-") in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "FILE", "--points", "1e3"), "found '1e3', expected a whole number in plain decimals: 1000"),
        (("run", "FILE", "--seed", ""), "found '', expected a whole number"),
        (("solve", "FILE", "--lever", "target.at_least", "--bounds", ""), "'--bounds': found nothing"),
        (("compare", "FILE", "FILE", "--names", " "), "'--names': found nothing"),
        (("mix", "FILE", "--slip", "121"), "not in the range 0<=x<=120"),
        (("board", "x" * 300), "found no folder"),
    ],
)
def test_options_that_say_nothing_or_too_much_are_told(
    words: tuple[str, ...], told: str, small: Path
) -> None:
    done = call(*(str(small) if word == "FILE" else word for word in words))
    assert done.exit_code == 2, done.output
    assert told in " ".join(done.stderr.split())


def test_validate_tells_all_files_as_json(small: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("- 1\n")
    done = call("validate", small, bad, "--json")
    assert done.exit_code == 2
    assert [report["valid"] for report in json.loads(done.stdout)] == [True, False]


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "simulator", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_the_same_inputs_give_the_same_bytes_with_one_or_two_threads() -> None:
    def text(threads: str) -> str:
        done = process(
            "run",
            str(FLAGSHIP),
            "--json",
            "--points",
            "512",
            OPENBLAS_NUM_THREADS=threads,
            OMP_NUM_THREADS=threads,
        )
        return "\n".join(line for line in done.stdout.splitlines() if "elapsed_seconds" not in line)

    first = text("1")
    assert "probability" in first
    assert text("2") == first


@pytest.mark.parametrize(
    ("name", "message"), [("nowhere", "found no folder"), ("file.yaml", "found the file")]
)
def test_the_page_does_not_start_without_the_folder_that_is_named(
    tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "file.yaml").write_text("title: a file\n")
    done = call("app", "--folder", tmp_path / name)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert "expected a folder of scenario files" in " ".join(done.stderr.split())


def test_the_page_is_called_by_a_name_alone() -> None:
    done = call("app", "--host-name", "https://trade.example.org", "--port", "1")
    assert done.exit_code == 2
    assert "expected a name alone" in " ".join(done.stderr.split())


def test_settings_of_the_environment_stand_before_those_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "5")
    settings = {"server": {"maxUploadSize": 2, "address": "127.0.0.1", "allowedHosts": ["a", "b"]}}
    left = list(_flags(_left_to_us(settings)))
    assert left == [
        "--server.address",
        "127.0.0.1",
        "--server.allowedHosts",
        "a",
        "--server.allowedHosts",
        "b",
    ]
