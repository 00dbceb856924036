"""Words of files and of their names stay words: nothing in them acts on a terminal. Default tier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.errors import ScenarioError
from simulator.files.loading import load_text
from simulator.values.wording import acting, inert
from tests.tiers import sampled

ATTACKS = {
    "a title of the window": "\x1b]0;owned\x07",
    "a link of OSC 8": "\x1b]8;;http://x.example\x1b\\here\x1b]8;;\x1b\\",
    "a control of C1": "\x9b31m",
    "a turn of direction": "\u202eevil",
    "an isolated turn": "\u2067evil",
    "a carriage return": "good\rbad",
    "a backspace": "good\x08bad",
}
CASE = {
    "title": "A pair",
    "as_of": "2018-10-31",
    "home": "Belarus",
    "partner": "Kazakhstan",
    "currency": "USD",
    "unit": "million",
    "author": "us",
    "reviewed_by": "Ann",
    "notes": "a note",
    "description": "a case",
}
REST = """
reviewed_on: 2018-11-05
target: {measure: turnover, period: 2020, at_least: 800}
observations: [{measure: turnover, period: 2017, value: 690.8, source: FIGURE}]
levers: {a: {kind: custom, percent: 3%, name: LEVER}}
log: [{date: 2018-10-31, who: us, what: LOG}]
"""
LINES = {"title", "home", "partner", "currency", "unit", "author", "reviewed_by", "LEVER"}
PLACES = [*(name for name in CASE if name != "as_of"), "FIGURE", "LEVER", "LOG"]


def quoted(text: str) -> str:
    return '"' + "".join(c if c.isalnum() or c in " ;:/.-" else f"\\U{ord(c):08x}" for c in text) + '"'


def text_with(place: str, words: str) -> str:
    fields = {name: quoted(words) if name == place else value for name, value in CASE.items()}
    rest = re.sub("FIGURE|LEVER|LOG", lambda at: quoted(words) if at[0] == place else at[0].lower(), REST)
    return "\n".join(f"{name}: {value}" for name, value in fields.items()) + rest


@pytest.mark.parametrize("place", PLACES)
def test_no_text_of_a_file_holds_what_acts(place: str) -> None:
    load_text(text_with(place, "plain words").encode(), "case.yaml")
    for attack in ATTACKS.values():
        with pytest.raises(ScenarioError) as refused:
            load_text(text_with(place, f"a {attack}").encode(), "case.yaml")
        message = str(refused.value)
        assert re.search(r"case\.yaml:\d+: .*found the character", message), message
        assert "take it out" in message
        assert not acting(message)
    for mark in "\n\t":
        if place not in LINES:
            load_text(text_with(place, f"one{mark}two").encode(), "case.yaml")
            continue
        with pytest.raises(ScenarioError, match=r"case\.yaml:\d+: .*expected one line; put a blank"):
            load_text(text_with(place, f"one{mark}two").encode(), "case.yaml")


@pytest.mark.parametrize("what", ATTACKS)
def test_what_acts_is_shown_as_a_mark(what: str) -> None:
    assert acting(ATTACKS[what])
    assert not acting(inert(ATTACKS[what]))
    assert inert("Привет,\tмир\n") == "Привет,\tмир\n"


@pytest.mark.parametrize(
    "words",
    sampled(
        [
            (("run", "FILE", "--points", "64"),),
            (("validate", "FILE"),),
            (("compare", "FILE", "FILE", "--points", "64"),),
            (("track", "FILE", "--points", "64"),),
            (("claim", "FILE", "turnover 2019 >= 800", "--points", "64"),),
            (("solve", "FILE", "--lever", "target.at_least", "--points", "64"),),
            (("sheet", "FILE", "--out", "OUT.xlsx"),),
            (("snapshot", "FILE", "--name", "a"),),
            (("new", "OUT.yaml"),),
            (("run", "MISSING"),),
            (("board", "FOLDER", "--points", "64"),),
            (("observe", "FILE", "--measure", "turnover", "--period", "2018", "--value", "700"),),
            (("run", "FILE", "--set", "title=ATTACK"),),
            (("claim", "FILE", "ATTACK"),),
        ],
        every=4,
    ),
    ids=lambda words: " ".join(words)[:40],
)
def test_no_verb_prints_a_name_or_a_word_that_acts(words: tuple[str, ...], tmp_path: Path) -> None:
    attack = "\x1b]0;owned\x07\x9b31m\u202e"
    folder = tmp_path / f"folder {attack}"
    folder.mkdir()
    file = folder / f"case {attack}.yaml"
    file.write_text(text_with("", ""))
    named = {"FILE": str(file), "FOLDER": str(folder), "MISSING": str(folder / f"no {attack}.yaml")}
    full = [
        named.get(word, word.replace("OUT", str(folder / "out")).replace("ATTACK", attack)) for word in words
    ]
    done = CliRunner().invoke(main, full)
    assert done.exit_code in (0, 2), done.output
    assert done.output
    assert not acting(done.output), ascii(done.output)
