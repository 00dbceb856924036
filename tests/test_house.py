"""The layout of the house: who may import whom. Default tier."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simulator"
READING_ORDER = [
    "wording",
    "numerals",
    "periods",
    "uncertain",
    "fields",
    "figures",
    "measures",
    "levers",
    "scenario",
    "knobs",
    "schema",
    "starter",
    "strict_yaml",
    "checking",
    "loading",
    "editing",
    "draws",
    "readings",
    "baseline",
    "estimator",
    "flows",
    "result",
    "analysis",
    "engine",
    "api",
    "report",
    "advice",
    "charts",
    "documents",
    "ui",
    "cli",
    "__main__",
]
MODULES = sorted({path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")} - {"__init__"})


def imported(module: str) -> set[str]:
    room = PACKAGE / module
    found: set[str] = set()
    for path in room.rglob("*.py") if room.is_dir() else [PACKAGE / f"{module}.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("simulator"):
                inner = node.module.removeprefix("simulator").lstrip(".")
                found |= {inner.split(".")[0]} if inner else {alias.name for alias in node.names}
    return (found & set(MODULES)) - {module}


def test_every_room_is_in_the_reading_order() -> None:
    assert set(MODULES) == set(READING_ORDER)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_modules_above_it(module: str) -> None:
    above = READING_ORDER[: READING_ORDER.index(module)]
    assert imported(module) <= set(above)


def test_an_analysis_receives_simulate() -> None:
    assert "engine" not in imported("analysis")


def test_only_the_documented_files_stand_at_the_top() -> None:
    allowed = {"simulator", "app.py", "scenarios", "tests", "requirements.txt", "README.md", "pyproject.toml", "docs"}
    built = {"build", *(path.name for path in PACKAGE.parent.glob("*.egg-info"))}  # what pip leaves behind; git ignores it
    visible = {path.name for path in PACKAGE.parent.iterdir() if not path.name.startswith((".", "__"))} - built
    assert visible <= allowed
