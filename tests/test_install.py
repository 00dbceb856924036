"""The package as pip installs it: every folder, the shipped scenarios, the data, the page's settings. Default tier, but for the wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from simulator.cli.app import SCRIPT, SETTINGS, _flags
from simulator.files.reading import SHIPPED

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MOVED = {
    "simulator.scenarios": "scenarios",
    "simulator.scenarios.announced": "scenarios/announced",
    "simulator.settings": ".streamlit",
}


def test_every_folder_of_the_package_is_installed() -> None:
    folders = {
        str(file.parent.relative_to(ROOT)).replace(os.sep, ".")
        for file in (ROOT / "simulator").rglob("__init__.py")
    }
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == folders | MOVED.keys()
    assert PROJECT["tool"]["setuptools"]["package-dir"] == MOVED


def test_every_file_that_is_no_code_is_installed() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    packages = {
        ROOT / "simulator" / file.parent.relative_to(ROOT / "simulator")
        for file in (ROOT / "simulator").rglob("__init__.py")
    }
    found = {
        file
        for folder in (*packages, *(ROOT / place for place in MOVED.values()))
        for pattern in patterns
        for file in folder.glob(pattern)
    }
    needed = {
        file
        for file in (ROOT / "simulator").rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
    }
    needed |= {file for file in SHIPPED.rglob("*.*") if file.is_file()} | {SETTINGS[-1]}
    assert needed <= found


def test_the_page_gets_its_settings_wherever_it_is_started() -> None:
    words = list(_flags(tomllib.loads(SETTINGS[-1].read_text("utf-8"))))
    told = dict(zip(words[::2], words[1::2], strict=True))
    assert told["--server.address"] == "127.0.0.1"
    assert told["--browser.gatherUsageStats"] == "false"
    assert SCRIPT.is_file()


def test_every_library_has_a_test_that_leans_on_it() -> None:
    """What .ci/supply runs at both ends of the ranges, and that no test of it is gone."""
    lines = [line for line in (ROOT / ".ci" / "leans").read_text("utf-8").splitlines() if line[0] != "#"]
    leans = [line.rsplit(maxsplit=1) for line in lines]
    ranges = "".join(
        (ROOT / name).read_text("utf-8") for name in ("requirements.txt", "tests/requirements.txt")
    )
    wanted = re.findall(r"(?m)^[A-Za-z][\w-]*", ranges)
    assert {name for names, _ in leans for name in names.split(", ")} == set(wanted)
    for _, test in leans:
        file, _, name = test.partition("::")
        assert test == "-" or not name or f"def {name.partition('[')[0]}(" in (ROOT / file).read_text("utf-8")
        assert test == "-" or (ROOT / file).exists()


@pytest.mark.skipif(not os.environ.get("CI"), reason="builds a wheel, which takes some seconds; runs in CI")
def test_an_installed_package_answers_a_shipped_scenario(tmp_path: Path) -> None:
    copy = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--disable-pip-version-check",
        "-w",
        str(tmp_path),
        str(copy),
    ]
    subprocess.run(pip, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(installed)
    done = subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "simulator",
            "run",
            "shipped:belarus-kazakhstan-2020",
            "--points",
            "256",
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "to be reached" in done.stdout
