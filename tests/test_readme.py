"""What the README shows is true. Default tier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from simulator.cli import main
from simulator.files.loading import load_text

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert "+-" in capsys.readouterr().out


def test_the_scenario_example_loads() -> None:
    (block,) = blocks("yaml")
    assert load_text(block, "README.md").scenario.title == yaml.safe_load(block)["title"]


def test_the_answer_shown_is_the_answer_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (shown,) = blocks("text")
    printed = CliRunner().invoke(main, ["run", "scenarios/belarus-kazakhstan-2020.yaml"]).stdout
    assert " ".join(shown.split()) in " ".join(printed.split())
