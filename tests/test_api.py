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
from simulator.errors import InputError
from tests.cases import LEVERS, scenario

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
    "sweep": "sweep(scenario, wrong=3)",
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


NONSENSE = [  # of the right type: a call, and what is told
    ('claim(case, "turnover 2200 >= 1")', "found 182 whole years"),
    ('claim(case, "turnover 1800 >= 1")', "expected a year from 1900"),
    ('claim(case, f"turnover 2019 >= {10**34}")', "digits"),
    ('claim(case, "")', "expected a claim"),
    ("compare([])", "found 0 sets of assumptions"),
    ("compare([case] * 30)", "at most 20"),
    ("context(case, points=3)", "expected a power of two"),
    ('discover(case, of="x")', "expected missed or reached"),
    ('grid(case, "x", "y")', "expected a number that can be turned"),
    ('grid(case, "outlook.trend", "target.at_least", steps=(1, 1))', "found 1 step, expected at least 2"),
    ("mix(case, slip=10**9)", "expected from 0 to 120"),
    ("mix(case, [float('nan')])", "expected amounts of 0 or more"),
    ("sensitivity(case, seed=-1)", "expected a whole number from 0"),
    ("simulate(case, points=100)", "expected a power of two"),
    ("solve(case, lever=[])", "found no lever"),
    ('sweep(case, ranges={"target.at_least": (1, 2, 10**9)})', "at most 100,000"),
    ('sweep(case, {"target.at_least": range(1, 10**9)})', "at most 100,000"),
    ('solve(case, 2, lever="target.at_least")', "strictly between 0 and 1"),
    ("solve_each(case, 0)", "strictly between 0 and 1"),
    ('sweep(case, {"target.at_least": [800]}, jobs=0)', "found 0 workers, expected at least 1"),
    ('sweep(case, {"target.at_least": [float("nan")]})', "found nan, expected a number"),
    ("track(case, actual=float('nan'))", "found nan, expected a number"),
    ("track(case, actual='abc')", "found 'abc', expected a number"),
    ("backtest([], points=5)", "found"),
    ('load_scenario("")', "expected a file"),
    ('load_scenario("a\\0b")', "cannot be read"),
    ('read_statistics("a\\0b")', "expected a table"),
    ('read_series("/")', "expected a table"),
    ('observed("title: [", [{}], "x.yaml")', "x.yaml:2"),
    ('simulate(case, points=16).quantiles("x", 2019, [0.5])', "found measure 'x'"),
    ('simulate(case, points=16).chance("turnover", "2300", at_least=5)', "found"),
]


@pytest.mark.parametrize(("call", "told"), NONSENSE, ids=[call[:40] for call, _ in NONSENSE])
def test_nonsense_is_refused_in_one_voice(call: str, told: str) -> None:
    names = {name: getattr(simulator, name) for name in simulator.__all__} | {"case": scenario(levers=LEVERS)}
    with pytest.raises(InputError) as refused:
        eval(call, names)
    assert told in str(refused.value)
    assert "validation error" not in str(refused.value)
