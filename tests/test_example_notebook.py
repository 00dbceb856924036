"""The example notebook runs from top to bottom in a kernel of this Python, and is stored without outputs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


def test_the_notebook_is_stored_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], list[Any]]:
    """Runs a notebook in a kernel of the Python that runs the tests; its outputs."""
    client = pytest.importorskip("nbclient")
    spec = pytest.importorskip("ipykernel.kernelspec")
    spec.install(prefix=str(tmp_path), kernel_name="here")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def outputs(notebook: Any) -> list[Any]:
        there = {"metadata": {"path": str(tmp_path)}}
        client.NotebookClient(notebook, timeout=120, kernel_name="here", resources=there).execute()
        shown = [out for cell in notebook.cells for out in cell.get("outputs", ())]
        assert not [out for out in shown if out.output_type == "error" or out.get("name") == "stderr"]
        return shown

    return outputs


@pytest.mark.ci_only(reason="a kernel; the answers that it shows are shown without one in tests/report")
def test_a_kernel_shows_an_answer(run: Callable[[Any], list[Any]]) -> None:
    form = pytest.importorskip("nbformat.v4")
    code = "from simulator import load_scenario, simulate\nsimulate(load_scenario('shipped:belarus-kazakhstan-2020'), points=64)"
    (shown,) = run(form.new_notebook(cells=[form.new_code_cell(code)]))
    assert "<strong>Probability" in shown.data["text/html"]


@pytest.mark.ci_only(reason="a kernel, and every analysis at full points")
def test_every_cell_of_the_notebook_shows_what_it_says(run: Callable[[Any], list[Any]]) -> None:
    notebook: Any = pytest.importorskip("nbformat").read(NOTEBOOK, as_version=4)
    shown = run(notebook)
    pages = "".join(out["data"].get("text/html", "") for out in shown if "data" in out)
    assert pages.count("vegaEmbed(") == 5
    assert pages.count("<strong>Probability") == 4
    assert sys.version_info[:2] == tuple(map(int, notebook.metadata.language_info.version.split(".")[:2]))
