"""The package as pip installs it: every folder, the shipped scenarios, the data, the page's settings. Default tier, but for the wheel."""

from __future__ import annotations

import os
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
