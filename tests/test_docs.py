"""What README.md and docs/ tell a reader to type works, and prints what they show. Default tier; pages are run in CI."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from simulator.cli import main
from simulator.files.loading import load_text
from tests.pages import PAGES, PROGRAM, PYTHON, ROOT, SHELL, Block, blocks, prints, typed

COPIED = ("scenarios", "docs", "README.md", "requirements.txt", "pyproject.toml")
LINKED = ("simulator", "tests", "app.py")
SLOWEST = 120  # seconds of a command that is no verb of the simulator


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like a clone to whoever types commands, and may be written to."""
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.ci_only(
    reason="answers a hundred questions; that what is typed is known stands in the default tier"
)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_tells_to_type_works_and_prints_what_it_shows(page: Path, clone: Path) -> None:
    wrong = []
    for block in blocks(page):
        if block.by_hand or block.language not in (SHELL, PYTHON):
            continue
        try:
            printed = _python(block) if block.language == PYTHON else "".join(map(_command, block.commands))
        except (AssertionError, subprocess.SubprocessError) as error:
            wrong.append(f"{block}: {error}")
            continue
        if block.printed is not None and (piece := prints(block.printed, printed)):
            wrong.append(f"{block}: shows {piece!r}, but {printed[:3000]!r} is printed")
    assert not wrong, "\n".join(wrong)


def _python(block: Block) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.meant, str(block), "exec"), {})
    return printed.getvalue()


def _command(words: list[str]) -> str:
    """What a command prints: one of the simulator in this process, any other in a shell."""
    line = shlex.join(words)
    if PROGRAM.match(line):
        done = CliRunner(env={"COLUMNS": "100"}).invoke(main, shlex.split(PROGRAM.sub("", line)), input="n\n")
        known = (0, 3) if "--require" in words else (0,)
        text = f"{line} exits with {done.exit_code}: {done.output[-600:]} {done.exception!r}"
        assert done.exit_code in known, text
        return done.stdout
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = subprocess.run(
        ["bash", "-c", line], env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=SLOWEST
    )
    assert shell.returncode == 0, f"{line} exits with {shell.returncode}: {shell.stderr[-600:]}"
    return shell.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_and_option_that_a_page_names_is_there(page: Path) -> None:
    unknown = [f"{page.name}:{line}: {text}" for line, text in typed(page) if not _known(text)]
    assert not unknown


def _known(line: str) -> bool:
    """Whether a command of the simulator names a verb and options that there are; any other command is not asked."""
    if not PROGRAM.match(line):
        return True
    verb, *words = [*shlex.split(PROGRAM.sub("", line)), ""]
    command = main.get_command(click.Context(main), verb)
    if command is None:
        return not verb or verb in ("...", "VERB")
    options = {
        name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help"}
    return {
        word.strip("[]").partition("=")[0] for word in words if word.strip("[]").startswith("-")
    } <= options


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_a_page_says_what_it_is(page: Path) -> None:
    unnamed = [
        str(block)
        for block in blocks(page)
        if not block.language and any(map(PROGRAM.match, block.text.splitlines()))
    ]
    assert not unnamed, "commands in a block that does not say sh"
    for block in blocks(page):
        if block.language == "yaml":
            assert load_text(block.text, str(block)).scenario.title == yaml.safe_load(block.text)["title"]


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ("a 1\nb 2\nc 3", ""),
        ("a 1\nb 2", "a 1 b 2"),
        ("a 1\n...\nc 3", ""),
        ("...\nb  2\n...", ""),
        ("b 2\n...", "b 2"),
        ("a 1", "a 1"),
        ("a 1\n...\nb 3\n...", "b 3"),
    ],
)
def test_an_output_is_held_to_its_numbers_and_its_order(shown: str, missing: str) -> None:
    printed = "a 1\nb 2\nc 3"
    assert prints(shown, printed) == missing


def test_a_command_that_is_not_there_is_seen() -> None:
    assert _known("python -m simulator run x.yaml --json")
    assert not _known("python -m simulator run x.yaml --jason")
    assert not _known("python -m simulator walk x.yaml")
