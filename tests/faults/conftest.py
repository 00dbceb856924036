"""A folder in which every verb has something to read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from simulator.cli import main
from tests.faults.verbs import INPUTS, SCENARIO


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    fill(folder)
    return folder


@pytest.fixture
def inputs(made: Path) -> Iterator[Path]:
    """Files to read, where every user may."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        shutil.copytree(made, folder, dirs_exist_ok=True)
        folder.chmod(0o755)
        yield folder


def fill(folder: Path) -> None:
    for name, text in INPUTS.items():
        (folder / name).write_text(text)
    (folder / "folder").mkdir()
    (folder / "folder" / "one.yaml").write_text(SCENARIO)
    book = folder / "book.xlsx"
    sheet = CliRunner().invoke(main, ["sheet", str(folder / "case.yaml"), "--out", str(book)])
    assert sheet.exit_code == 0, sheet.output
    opened = openpyxl.load_workbook(book)
    cells = (cell for page in opened for row in page.iter_rows() for cell in row)
    next(cell for cell in cells if cell.value in (800, "800")).value = 900  # the target, as Excel changes it
    opened.save(book)
