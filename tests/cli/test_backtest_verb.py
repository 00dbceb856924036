"""The verb ``backtest``: tables of one or many pairs, refusals in a sentence, the page. Default tier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.files.series import read_series

FEW = ["--points", "16", "--workers", "1"]


def table(folder: Path, head: str, rows: list[str]) -> str:
    file = folder / "data.csv"
    file.write_text("\n".join([head, *rows]) + "\n")
    return str(file)


def panel(folder: Path) -> str:
    """Two pairs without a unit, and one whose figure is no number."""
    rows = [
        f"{name},{flow},{year},{level + (year * step) % 7}"
        for name, level, step in (("Chile", 50, 3), ("Peru", 30, 5))
        for flow in ("exports", "imports")
        for year in range(2001, 2010)
    ]
    return table(folder, "partner,flow,period,value", [*rows, "Kenya,exports,2001,-5"])


def test_a_panel_is_scored_for_a_machine_and_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    words = ["backtest", panel(tmp_path), *FEW, "--json", "--html", str(page)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["series"] == 2
    assert answer["n"] == sum(part["n"] for part in answer["by_horizon"].values())
    (fault,) = [item for item in answer["not_forecast"] if item["series"] == "Kenya"]
    assert "-5" in fault["reason"]
    text = page.read_text("utf-8")
    assert "How often what was given a chance came true" in text
    assert "<script" not in text
    again = CliRunner().invoke(main, words)
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert page.read_text("utf-8") == text
    assert CliRunner().invoke(main, [*words, "--force"]).stdout == done.stdout
    assert page.read_text("utf-8") == text


def test_people_read_scores_beside_simpler_forecasts(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["backtest", panel(tmp_path), *FEW])
    assert done.exit_code == 0
    for words in ("80 % bands", "Random walk with drift", "Reliability", "without a forecast"):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "too short to judge"),
        (["--horizons", "2,1"], "rising"),
        (["--horizons", "x"], "numbers such as 1,2,3"),
        (["--origins", "2010..2005"], "the earlier year first"),
        (["--multiples", "0"], "above 0"),
        (["--peers"], "install"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.setattr("simulator.batch.peers.find_spec", lambda _: None)
    file = table(tmp_path, "period,value", [f"{2001 + k},{5 + k}" for k in range(5)])
    done = CliRunner().invoke(main, ["backtest", file, *words])
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_no_table_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["backtest", str(tmp_path / "no.csv")])
    assert done.exit_code == 2
    assert "no.csv" in done.stderr


@pytest.mark.parametrize(
    ("head", "rows", "names"),
    [
        ("period,value", ["2001,5", "2002,6"], [""]),
        ("year,exports,imports", ["2001,5,3", "2002,6,2"], [""]),
        ("series,period,value", ["A,2001,5", "A,2002,6", "B,2001,7", "B,2002,8"], ["A", "B"]),
        (
            "reporter,partner,flow,period,value",
            ["Chile,Peru,exports,2001,5", "Peru,Chile,exports,2001,6", "Chile,World,exports,2001,50"],
            ["Chile with Peru", "Peru with Chile"],
        ),
        (
            "partner,flow,period,value (thousand USD)",
            ["Chile,exports,2001,5", "Peru,exports,2001,6"],
            ["Chile", "Peru"],
        ),
        ("country,2001,2002", ["Chile,5,6", "Peru,7,8"], ["Chile", "Peru"]),
    ],
)
def test_every_pair_of_a_table_is_a_series(
    tmp_path: Path, head: str, rows: list[str], names: list[str]
) -> None:
    found = read_series(table(tmp_path, head, rows))
    assert [series.name for series in found] == names
    assert not any(series.fault for series in found)
    numbers = sorted(float(v) for s in found for figures in s.figures.values() for v in figures.values())
    expected = [
        float(n) for row in rows if "World" not in row for n in row.split(",") if n.isdecimal() and len(n) < 4
    ]
    assert numbers == sorted(expected)
