"""The public names: each said once, typed, with its docstring and signature. Default tier."""

from __future__ import annotations

import ast
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import simulator
from simulator import api

ROOT = Path(__file__).parent.parent
ANALYSES = [name for name, home in simulator._HOMES.items() if home == "api"]
CALLS = {  # a call that is right, but for the name of one argument
    "backtest": "backtest([], wrong=3)",
    "claim": 'claim(scenario, "turnover 2020 >= 1000", wrong=3)',
    "compare": "compare([scenario, scenario], wrong=3)",
    "context": "context(scenario, wrong=3)",
    "discover": "discover(scenario, wrong=3)",
    "grid": 'grid(scenario, "outlook.trend", "levers.rules.percent", wrong=3)',
    "mix": "mix(scenario, wrong=3)",
    "sensitivity": "sensitivity(scenario, wrong=3)",
    "solve": 'solve(scenario, lever="rules", wrong=3)',
    "solve_each": "solve_each(scenario, wrong=3)",
    "track": "track(scenario, wrong=3)",
}


def test_the_names_for_a_type_checker_are_the_public_ones() -> None:
    """The face imports each under TYPE_CHECKING from where ``_HOMES`` finds it."""
    face = ast.parse(Path(simulator.__file__).read_text("utf-8"))
    (block,) = (
        node for node in face.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    typed = {
        name.name: str(line.module).removeprefix("simulator.")
        for line in block.body
        if isinstance(line, ast.ImportFrom)
        for name in line.names
        if name.asname == name.name  # as a public name must be imported
    }
    assert typed == simulator._HOMES
    assert len(block.body) == len(typed)


def test_every_public_name_can_be_imported() -> None:
    assert simulator.__all__ == sorted(simulator._HOMES)
    for name in simulator.__all__:
        assert getattr(simulator, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'simulation'"):
        _ = simulator.simulation


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_shows_its_docstring_and_a_signature_without_the_engine(name: str) -> None:
    analysis = getattr(api, name)
    assert "simulate" not in inspect.signature(analysis).parameters
    first = "series" if name == "backtest" else "scenario"
    assert f"{name}({first}" in pydoc.render_doc(analysis, renderer=pydoc.plaintext)
    assert "Raises:" in analysis.__doc__


@pytest.mark.ci_only(reason="a whole run of mypy, as .ci/run does one")
def test_a_wrong_argument_of_an_analysis_fails_the_type_check(tmp_path: Path) -> None:
    assert list(CALLS) == ANALYSES
    snippet = tmp_path / "snippet.py"
    right = 'solve(scenario, 0.8, lever="rules", simulate=simulate)'
    lines = [
        f"from simulator import {', '.join(simulator.__all__)}",
        'scenario = load_scenario("x.yaml")',
        right,
        *CALLS.values(),
    ]
    snippet.write_text("\n".join(lines))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(snippet)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    refused = [line for line in done.stdout.splitlines() if "error:" in line]
    assert [line.split(":")[1] for line in refused] == [str(lines.index(call) + 1) for call in CALLS.values()]
    assert all('Unexpected keyword argument "wrong"' in line for line in refused), done.stdout
