"""Editing a scenario's text in place: exact bytes, laws over generated files, the shipped scenarios. Default tier."""

from __future__ import annotations

import json
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import ScenarioError, load_scenario
from simulator.files.editing import edited, standalone
from simulator.files.loading import load, load_text
from simulator.files.strict_yaml import parse
from simulator.model.result import fingerprint
from simulator.scenario.parameters import Knob, knobs, turned, written
from simulator.values.address import Address
from tests.tiers import examples, sampled

FOLDER = Path(__file__).parent.parent.parent / "scenarios"
SHIPPED = sorted(FOLDER.glob("*.yaml"))
FLAGSHIP = FOLDER / "belarus-kazakhstan-2020.yaml"
RANGE = {"low": 1, "likely": 2.5, "high": 3}


def plain(text: str) -> Any:
    tree, faults = parse(text, "a file")
    assert not faults
    return tree.plain()


# Exact bytes

CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a comment behind a value stays": ("a:   1   # one\nb: 2\n", {"a": 15}, "a:   15   # one\nb: 2\n"),
    "a tab in a comment": ("a: 1\t#\tone\nb: 2\n", {"a": 15}, "a: 15\t#\tone\nb: 2\n"),
    "no newline at the end": ("a: 1\nb: 2", {"b": 3}, "a: 1\nb: 3"),
    "a key added where there is no newline at the end": ("a: 1\nb: 2", {"c": 3}, "a: 1\nb: 2\nc: 3"),
    "CRLF": (
        "a: 1  # c\r\nb:\r\n  x: 1\r\n",
        {"a": 2, "b.y": 3, "c": 4},
        "a: 2  # c\r\nb:\r\n  x: 1\r\n  y: 3\r\nc: 4\r\n",
    ),
    "a byte order mark": ("\ufeffa: 1\nb: é\n", {"a": 2, "b": "ü"}, "\ufeffa: 2\nb: ü\n"),
    "letters of several bytes before the value": (
        "é: ñ𝔘 # 𝔘\nb: {ß: 1}\n",
        {"b.ß": 2},
        "é: ñ𝔘 # 𝔘\nb: {ß: 2}\n",
    ),
    "a start of a document": ("# head\n---\na: 1\n...\n", {"a": 2, "b": 3}, "# head\n---\na: 2\nb: 3\n...\n"),
    "quoted keys": ("\"a\" : 1\n'b': 2 # c\n", {"a": 2, "b": 3}, "\"a\" : 2\n'b': 3 # c\n"),
    "quotes are kept": ("a: \"x\"\nb: 'x'\n", {"a": "y", "b": "it's"}, "a: \"y\"\nb: 'it''s'\n"),
    "quotes fall with the text": ('a: "x"\n', {"a": 2}, "a: 2\n"),
    "a number to a range": (
        "a: {b: 1, c: 2}  # d\n",
        {"a.b": RANGE},
        "a: {b: {low: 1, likely: 2.5, high: 3}, c: 2}  # d\n",
    ),
    "a range to a number": ("a: {b: {low: 1, likely: 2, high: 3}, c: 2}\n", {"a.b": 4}, "a: {b: 4, c: 2}\n"),
    "a range of the same form keeps its layout": (
        "a:\n  low: 1   # few\n  likely: 2\n  high: 3.0 # many\nb: 1\n",
        {"a": {"low": 1.0, "likely": 2.5, "high": 3.0}},
        "a:\n  low: 1   # few\n  likely: 2.5\n  high: 3.0 # many\nb: 1\n",
    ),
    "a block range to a number": (
        "a:  # how many\n  low: 1\n  likely: 2\n  high: 3 # most\nb: 1\n",
        {"a": 4},
        "a: 4  # how many\nb: 1\n",
    ),
    "a block range to another form": (
        "a:\n  low: 1\n  likely: 2\n  high: 3\n\nb: 1\n",
        {"a": {"p5": 1, "p95": 9}},
        "a: {p5: 1, p95: 9}\n\nb: 1\n",
    ),
    "a folded text": (
        "a: >-\n  one\n  two\n\n# about b\nb: 1\n",
        {"a": "three"},
        "a: three\n\n# about b\nb: 1\n",
    ),
    "a literal text that keeps its blank lines": (
        "a: |+\n  one\n\nb: |+\n  two\n\nc: 1\n",
        {"a": 1, "b": None},
        "a: 1\nc: 1\n",
    ),
    "a plain text over lines": (
        "a: one\n  two  # c\nb: 'one\n\n  two'\n",
        {"a": "x", "b": "y"},
        "a: x  # c\nb: 'y'\n",
    ),
    "a value on the next line": ("a:\n  one  # c\nb: 1\n", {"a": "two"}, "a:\n  two  # c\nb: 1\n"),
    "a value that is not there": (
        "a:  # c\nb:\n",
        {"a": 1, "b": RANGE},
        "a: 1  # c\nb: {low: 1, likely: 2.5, high: 3}\n",
    ),
    "items that are not there": ("a:\n  -\n  - 1\n", {"a.0": 5}, "a:\n  - 5\n  - 1\n"),
    "a flow mapping over lines": (
        "a: {\n  b: 1,  # one\n  c: 2,  # two\n  d: 3   # three\n}\n",
        {"a.b": 9, "a.c": None, "a.e": 4},
        "a: {\n  b: 9,  # one\n  d: 3, e: 4   # three\n}\n",
    ),
    "a flow mapping like JSON": (
        '{"a":1,"b":[1,2]}\n',
        {"a": 2, "b": [3], "c": "x"},
        '{"a":2,"b":[3], c: x}\n',
    ),
    "a comma at the end": ("a: {b: 1,}\n", {"a.c": 2}, "a: {b: 1, c: 2,}\n"),
    "a pair without braces": (
        "a: [b: 1, c: 2] # d\n",
        {"a.0.b": 3, "a.1.d": 4},
        "a: [b: 3, {c: 2, d: 4}] # d\n",
    ),
    "keys without values": ("a: {b, c: }\n", {"a.b": 1, "a.c": 2}, "a: {b: 1, c: 2 }\n"),
    "an empty mapping": ("a: {}\nb: { } # c\n", {"a.x": 1, "b.y": 2}, "a: {x: 1}\nb: {y: 2 } # c\n"),
    "out of a flow mapping": ("a: {b: 1, c: 2, d: 3}\n", {"a.b": None, "a.d": None}, "a: {c: 2}\n"),
    "the last out of a flow mapping": ("a: { b: 1 }\nc: 1\n", {"a.b": None}, "a: {}\nc: 1\n"),
    "the last out of a block mapping": ("a:\n  b: 1\nc: 1\n", {"a.b": None}, "a: {}\nc: 1\n"),
    "the last one of all": ("a: 1\n", {"a": None}, "{}\n"),
    "out of a block mapping": (
        "a: 1  # one\n# about b\nb:\n  c: 2\n  # more of b\n\n# about d\nd: 3\n",
        {"a": None, "b": None},
        "# about b\n\n# about d\nd: 3\n",
    ),
    "what is not there cannot go": ("a: 1\n", {"b": None, "c.d": None}, "a: 1\n"),
    "the last line out": ("a: 1\nb: 2", {"b": None}, "a: 1"),
    "out of an item": (
        "- x\n".join(["a:\n  ", "  - b: 1\n    c: 2\n"]),
        {"a.1.b": None},
        "a:\n  - x\n  - c: 2\n",
    ),
    "items out": (
        "a:\n- 1 # one\n- 2\nb: [1, 2, 3]\n",
        {"a.0": None, "b.0": None, "b.2": None},
        "a:\n- 2\nb: [2]\n",
    ),
    "a key before the next section": (
        "a:\n  b: 1\n  # c: 0  # not said\n\n# next\nd:\n  - e: 1\n    f: 2 # two\ng: 1\n",
        {"a.h": 2, "d.0.i": 3},
        "a:\n  b: 1\n  # c: 0  # not said\n  h: 2\n\n# next\nd:\n  - e: 1\n    f: 2 # two\n    i: 3\ng: 1\n",
    ),
    "a comment that is indented less belongs to what follows": (
        "a:\n  b: 1\n# about c\nc: 2\n# end\n",
        {"a.x": 1, "d": 3},
        "a:\n  b: 1\n  x: 1\n# about c\nc: 2\nd: 3\n# end\n",
    ),
    "keys into nested ends": (
        "a:\n  b:\n    c: 1\n",
        {"x": 1, "a.b.d": 2, "a.e.f": 3, "a.e.g": 4},
        "a:\n  b:\n    c: 1\n    d: 2\n  e: {f: 3, g: 4}\nx: 1\n",
    ),
    "a key in the place of the last": (
        "a:\n  b: 1\n  c: 2\nd: 1\n",
        {"a.c": None, "a.e": 3, "f": 1},
        "a:\n  b: 1\n  e: 3\nd: 1\nf: 1\n",
    ),
    "a list of one needs no number": (
        "target: [{at_least: 1}]\nobservations: {value: 1}\n",
        {"target.at_least": 2, "observations.0.value": 3},
        "target: [{at_least: 2}]\nobservations: {value: 3}\n",
    ),
    "a missing list of one": ("a: 1\n", {"target.0.at_least": 2}, "a: 1\ntarget: {at_least: 2}\n"),
    "a list of mappings stands one a line": (
        "a: 1 # c\nb: 2\n",
        {"a": [{"x": 1}, {"x": "a, b"}]},
        'a: # c\n  - {x: 1}\n  - {x: "a, b"}\nb: 2\n',
    ),
    "nothing is nothing, but null below": ("a:\nb: ~\n", {"a.c": 1, "b.c": 1}, "a: {c: 1}\nb: {c: 1}\n"),
    "an overlay removes with null": (
        "extends: x.yaml\n",
        {"levers.rules": None, "levers.a.b": 1},
        "extends: x.yaml\nlevers: {rules: null, a: {b: 1}}\n",
    ),
    "but not out of its own lists": (
        "extends: x.yaml\na: [1, 2]\n",
        {"a.0": None},
        "extends: x.yaml\na: [2]\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_what_is_changed_changes(name: str) -> None:
    text, changes, expected = CASES[name]
    assert edited(text, changes, "a file") == expected


def test_keys_may_hold_points_and_digits() -> None:
    text = "a: {'007': 1, '7': 2, 'x.y': 3}\nb: [1]\n"
    keys = {Address.of("a", "007"): 4, Address.of("a", "x.y"): 5, Address.of("b", 0): 6}
    assert edited(text, keys, "a file") == "a: {'007': 4, '7': 2, 'x.y': 5}\nb: [6]\n"
    assert edited(text, {"a.007": 4, "a.7": 5}, "a file") == "a: {'007': 4, '7': 5, 'x.y': 3}\nb: [1]\n"


def test_what_is_put_and_taken_away_again_is_gone() -> None:
    assert edited("a: 1\n", {"target": {"x": 1}, "target.0": None}, "a file") == "a: 1\n"
    assert edited("a: 1\n", {"b": [1, 2, 3], "b.0": None, "b.1": 5}, "a file") == "a: 1\nb: [2, 5]\n"
    assert edited("b: [1, 2, 3]\n", {"b.0": None, "b.1": 5}, "a file") == "b: [5, 3]\n"


def test_what_changes_nothing_keeps_every_byte() -> None:
    text = "a: 0.10\nb: +5\nc: {low: 1.0, likely: .5}\nd: 'x'\ne: ~\n"
    assert edited(text, {"a": 0.1, "b": 5, "c": {"low": 1.0, "likely": 0.5}, "d": "x"}, "a file") == text
    assert edited(text, {}, "a file") == text


NUMBERS = [
    (0.1 + 0.2, "0.3"),
    (1e-5, "0.00001"),
    (2.8e-17, "0.000000000000000028"),
    (-3e-30, "0"),
    (1e20, "100000000000000000000"),
    (-0.0, "0"),
    (4.0, "4"),
    (1 / 3, "0.333333333333"),
    (7, "7"),
    (Decimal("610.50"), "610.50"),
    (Decimal("1E+3"), "1000"),
    ("44%", "44%"),
    (True, "true"),
    (False, "false"),
]


@pytest.mark.parametrize(("value", "expected"), NUMBERS, ids=str)
def test_numbers_are_written_plainly(value: object, expected: str) -> None:
    assert edited("a: x\n", {"a": value}, "a file") == f"a: {expected}\n"


PLAIN = [
    "lasting",
    "2018-09",
    "2018-01..2018-09",
    "2018-Q3",
    "2018-10-31",
    "44%",
    "Northern branch, of the road",
    "été",
    'it\'s "so"',
]
QUOTED = [
    "yes",
    "No",
    "null",
    "true",
    "0690",
    "010",
    "1e3",
    "12:30",
    "5",
    "-5",
    "",
    " a",
    "a ",
    "a: b",
    "a:",
    "a #b",
    "#",
    "@a",
    "- a",
    "a\nb",
    "a\tb",
]
QUOTED += [
    "%",
    "*a",
    "&a",
    "!a",
    "{a",
    "[a",
    "'",
    '"',
    "\\",
    "~",
    "<<",
    "=",
    "?",
    "a\u2028b",
    "a\x85b",
    "\ufeff",
    "\u00a0a",
    "---",
    "2018..",
    "\x00",
]


@pytest.mark.parametrize("text", PLAIN + QUOTED, ids=repr)
def test_texts_are_quoted_where_they_must_be(text: str) -> None:
    block, flow = (
        edited(base, {"a.b": text, f"a.{text}" if "." not in text and text else "a.c": text}, "f")
        for base in ("a:\n  b: 1\n", "a: {b: 1}\n")
    )
    assert (f"  b: {text}\n" in block) == (text in PLAIN)
    for each in (block, flow):
        assert plain(each)["a"]["b"] == text
        assert set(plain(each)["a"].values()) == {text}
        assert len(each.splitlines()) <= 3


def test_a_long_text_is_folded_and_a_long_mapping_stands_in_lines() -> None:
    words = "some words, and: more # of them " * 12 + "end"
    lever = {"kind": "custom", "percent": "4%", "sources": {"percent": words}, "name": "x" * 100}
    text = edited(
        "description: short  # c\nlevers:\n  a: 1\n",
        {"description": words, "levers.a": lever, "levers.b": lever},
        "a file",
    )
    assert plain(text) == {"description": words, "levers": {"a": lever, "b": lever}}
    assert max(map(len, text.splitlines())) <= 160
    assert "description: >-  # c\n  some" in text
    assert "  b:\n    kind: custom\n" in text


# Refusals

EXOTIC = {
    "a literal text that the end of the file cuts": ("a: 1\nb: |\n  x", "c", 1),
    "keys without colons": ("a: 1\nb:\n  ? c\n  ? d\n", "b.c", 3),
}


@pytest.mark.parametrize("name", EXOTIC)
def test_a_layout_that_cannot_be_edited_is_refused_with_its_line(name: str) -> None:
    text, path, line = EXOTIC[name]
    with pytest.raises(ScenarioError) as told:
        edited(text, {"a": 2, path: {"x": 1}}, "a.yaml")
    assert isinstance(told.value, ValueError)
    assert str(told.value).startswith(
        f"a.yaml:{line}: {path}: found a layout in which this cannot be changed"
    )
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("a.x", 1, "a.yaml:1: a.x: found 'x' below 1, which has no parts; set it whole"),
        ("b.2", 1, "a.yaml:2: b.2: found '2' on a list of 2, expected its number, 0 to 1"),
        ("b.x", 1, "a.yaml:2: b.x: found 'x' on a list of 2, expected its number, 0 to 1"),
        ("c.0", 1, "a.yaml:3: c.0: found '0' on a list of 0, expected an item"),
        ("a..b", 1, "a.yaml:1: a..b: found 'a..b', expected a path such as levers.assembly.count"),
        (
            "a",
            float("nan"),
            "a.yaml:1: a: found nan, expected text, a finite number, true, false, a list or a mapping",
        ),
        (
            "a",
            {"x": {1, 2}},
            "a.yaml:1: a: found {1, 2}, expected text, a finite number, true, false, a list or a mapping",
        ),
        ("a", 10**40, "a.yaml:1: a: found a number of 41 digits, expected at most 30"),
        ("d.x", 1, "a.yaml:4: d.x: found 'x' below a null, which removes it; set it whole"),
    ],
)
def test_bad_changes_are_told_with_path_and_line(path: str, value: object, message: str) -> None:
    with pytest.raises(ScenarioError) as told:
        edited("a: 1\nb: [1, 2]\nc: []\nd: null\nextends: x\n", {path: value}, "a.yaml")
    assert str(told.value) == message


@pytest.mark.parametrize(
    "text",
    ["", "- a\n", "a: 1\na: 2\n", "a: &x 1\n", "a: [\n", "a: " + "[" * 50_000, "a: 1\n--- \nb: 1\n"],
    ids=lambda t: t[:10],
)
def test_a_text_that_is_no_strict_mapping_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        edited(text, {"a": 1}, "a file")


# Laws over generated files: random trees, spelled in random layouts, with random changes

KEYS = st.sampled_from(["a", "b", "c", "low", "with space", "é", "10", "no", "x-y"])
WORDS = st.sampled_from(
    [
        "x",
        "two words",
        "a: b",
        "yes",
        "0690",
        "#",
        "2018-09",
        "44%",
        "it's",
        'say "so"',
        " edge ",
        "a, b",
        "line\nbreak",
        "ß𝔘",
    ]
)
SCALARS = st.one_of(st.integers(-99, 99), st.decimals(-9, 9, places=2), st.booleans(), st.none(), WORDS)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
        max_leaves=12,
    ),
    min_size=1,
    max_size=5,
)
PLAIN_WORDS = ("x", "two words", "2018-09", "44%", "ß𝔘")


class Speller:
    """Spells a tree as YAML in a random layout, and remembers at which path each comment stands (one above an entry: at what holds it)."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.comments: dict[str, tuple[Any, ...]] = {}

    def chance(self) -> bool:
        return bool(self.draw(st.booleans()))

    def comment(self, path: tuple[Any, ...]) -> str:
        if self.draw(st.integers(0, 2)):
            return ""
        comment = f"#{len(self.comments)};\t: é"
        self.comments[comment] = path
        return comment

    def behind(self, path: tuple[Any, ...]) -> str:
        comment = self.comment((*path, "behind"))
        return f"{self.draw(st.sampled_from([' ', '   ']))}{comment}" if comment else ""

    def scalar(self, value: Any, flow: bool) -> str:
        if not isinstance(value, str):
            return str(value).lower() if value is not None else self.draw(st.sampled_from(["null", "~"]))
        spellings = [json.dumps(value, ensure_ascii=False)]
        if "\n" not in value:
            spellings.append("'" + value.replace("'", "''") + "'")
        if value in PLAIN_WORDS:
            spellings.append(value)
        return str(self.draw(st.sampled_from(spellings)))

    def key(self, key: str) -> str:
        return str(self.draw(st.sampled_from([key, json.dumps(key, ensure_ascii=False), f"'{key}'"])))

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.key(key)}: {self.flow(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        return self.scalar(value, True)

    def value(self, value: Any, indent: int, path: tuple[Any, ...], listed: bool) -> str:
        """What stands behind ``key:`` or, ``listed``, a dash, with the end of its last line."""
        if isinstance(value, dict | list) and value:
            way = self.draw(st.sampled_from(["line", "lines", "block", "block", "block"]))
            if way == "block":
                deeper = indent + self.draw(
                    st.integers(0 if isinstance(value, list) and not listed else 1, 3)
                )
                return f"{self.behind(path)}\n{self.block(value, deeper, path)}"
            if way == "lines":
                opening, closing = "{}" if isinstance(value, dict) else "[]"
                items = value.items() if isinstance(value, dict) else enumerate(value)
                lines = [opening + "\n"]
                for number, (key, item) in enumerate(items):
                    lead = f"{self.key(key)}: " if isinstance(value, dict) else ""
                    comma = "," if number < len(value) - 1 or self.chance() else ""
                    lines.append(
                        f"{' ' * (indent + 2)}{lead}{self.flow(item)}{comma}{self.behind((*path, key))}\n"
                    )
                return f" {''.join(lines)}{' ' * (indent + 1)}{closing}{self.behind(path)}\n"
        elif isinstance(value, str) and value in ("x", "two words") and self.chance():
            header = self.draw(st.sampled_from([">-", "|-"]))
            return f" {header}\n{' ' * (indent + 2)}{value}\n" + "\n" * self.draw(st.integers(0, 1))
        elif value is None and self.chance():
            return f"{self.behind(path)}\n"
        return f"{self.draw(st.sampled_from([' ', '   ']))}{self.flow(value)}{self.behind(path)}\n"

    def block(self, value: Any, indent: int, path: tuple[Any, ...], first: bool = False) -> str:
        """The lines of a mapping or list; ``first``: behind a dash, where the first line needs no indent."""
        lines: list[str] = []
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            pad = " " * indent
            above = "" if first else self.comment(path)
            lead = ("" if first and not lines else pad) + (
                f"{self.key(key)}:" if isinstance(value, dict) else "-"
            )
            blank = "\n" if self.draw(st.integers(0, 5)) == 0 and not first else ""
            if isinstance(value, list) and isinstance(item, dict) and item and self.chance():
                text = " " + self.block(item, indent + 2, (*path, key), first=True)
            else:
                text = self.value(item, indent, (*path, key), isinstance(value, list))
            lines.append(f"{blank}{pad + above + chr(10) if above else ''}{lead}{text}")
        return "".join(lines)


def all_paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, item in below for found in all_paths(item, (*path, key)))]


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


@st.composite
def files(draw: Any) -> tuple[str, Any, dict[str, tuple[Any, ...]]]:
    tree = draw(TREES)
    speller = Speller(draw)
    text = speller.block(tree, draw(st.sampled_from([0, 0, 2])), ())
    text = (
        draw(st.sampled_from(["", "---\n", "# head\n\n"]))
        + text
        + draw(st.sampled_from(["", "", "\n", "# foot\n"]))
    )
    if draw(st.integers(0, 3)) == 0:
        text = text.rstrip("\n")
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "", "\ufeff"])) + text, tree, speller.comments


@st.composite
def changes(draw: Any, tree: Any) -> tuple[str, Any]:
    """A path that is there, or a key of a mapping that may not be, perhaps with a parent; and its new value or None."""
    path = draw(st.sampled_from(all_paths(tree)))
    value = at(tree, path)
    if isinstance(value, dict) and (not path or draw(st.booleans())):
        path = (*path, draw(KEYS))
        if path[-1] not in value and draw(st.booleans()):
            path = (*path, draw(KEYS))
    new = draw(st.one_of(st.none(), SCALARS, st.just(RANGE), st.lists(SCALARS, max_size=2), TREES))
    return ".".join(map(str, path)), new


def applied(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The change on plain data, written without a look at the code."""
    if isinstance(tree, list):
        index = int(path[0])
        rest = [applied(tree[index], path[1:], value)] if path[1:] else [] if value is None else [value]
        return tree[:index] + rest + tree[index + 1 :]
    if not isinstance(tree, dict | None):
        raise TypeError("no parts")
    new = dict(tree or {})
    if path[1:]:
        if value is not None or path[0] in new:
            below = applied(new.get(path[0]), path[1:], value)
            if below or new.get(path[0]) is not None:
                new[path[0]] = below
    elif value is None:
        new.pop(path[0], None)
    else:
        new[path[0]] = value
    return new


def as_read(value: Any) -> Any:
    """A value as the strict reader states it."""
    if isinstance(value, dict):
        return {key: as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_read(item) for item in value]
    return Decimal(str(value)) if isinstance(value, float) else value


@settings(max_examples=examples(400, 100), deadline=None)
@given(st.data())
def test_the_outcome_is_that_of_the_same_change_on_the_data(data: Any) -> None:
    text, tree, comments = data.draw(files())
    assert plain(text) == tree
    dotted, value = data.draw(changes(tree))
    path: tuple[Any, ...] = tuple(
        int(part) if isinstance(at_or_none(tree, dotted, index), list) else part
        for index, part in enumerate(dotted.split("."))
    )
    new = edited(text, {dotted: value}, "a file")
    expected = as_read(applied(tree, path, value))
    assert repr(plain(new)) == repr(expected)
    assert new.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in text) >= ("\r\n" in new)
    assert "\n" not in new.replace("\r\n", "") or "\r\n" not in text
    untouched = [comment for comment, place in comments.items() if survives(place, path, tree, value is None)]
    assert re.findall("|".join(map(re.escape, untouched)) or "$^", new) == untouched


def at_or_none(tree: Any, dotted: str, depth: int) -> Any:
    """What stands above the part at a depth of a path."""
    for part in dotted.split(".")[:depth]:
        tree = (
            tree[int(part)] if isinstance(tree, list) else tree.get(part) if isinstance(tree, dict) else None
        )
    return tree


def survives(place: tuple[Any, ...], path: tuple[Any, ...], tree: Any, removed: bool) -> bool:
    """Whether a comment at a place has nothing to do with what was changed there."""
    behind = place[-1:] == ("behind",)
    place = place[:-1] if behind else place
    if place == path:  # in front of a block's first line it may go with the block
        return behind and not removed and not isinstance(at(tree, path), dict | list)
    holder = path[:-1]
    emptied = removed and path in all_paths(tree) and len(at(tree, holder)) == 1
    return place[: len(path)] != path and not (emptied and place[: len(holder)] == holder)


@settings(max_examples=examples(100, 30), deadline=None)
@given(st.data())
def test_several_changes_at_once_are_the_same_as_one_after_the_other(data: Any) -> None:
    text, tree, _ = data.draw(files())
    mappings = [
        path
        for path in all_paths(tree)
        if isinstance(at(tree, path), dict) and not any(isinstance(key, int) for key in path)
    ]
    wanted: dict[str, Any] = {}
    for _ in range(data.draw(st.integers(2, 5))):
        wanted[".".join((*data.draw(st.sampled_from(mappings)), data.draw(KEYS)))] = data.draw(
            st.one_of(st.none(), SCALARS, st.just(RANGE))
        )
    expected = tree
    try:
        for path, value in wanted.items():
            expected = as_read(applied(expected, tuple(path.split(".")), value))
    except TypeError:  # one change took away what another stands below
        with pytest.raises(ScenarioError, match="which has no parts"):
            edited(text, wanted, "a file")
        return
    assert plain(edited(text, wanted, "a file")) == expected


@settings(max_examples=examples(100, 30), deadline=None)
@given(st.data())
def test_a_number_changed_and_changed_back_leaves_no_trace(data: Any) -> None:
    text, tree, _ = data.draw(files())
    numbers = {
        path: at(tree, path)
        for path in all_paths(tree)
        if isinstance(at(tree, path), int | Decimal) and not isinstance(at(tree, path), bool)
    }
    there = {".".join(map(str, path)): data.draw(st.floats(-1e6, 1e6)) for path in numbers}
    back = {".".join(map(str, path)): value for path, value in numbers.items()}
    assert edited(edited(text, there, "a file"), back, "a file") == text


# Shipped scenarios and their knobs


def another(knob: Knob) -> float:
    """Another value for a knob: a tenth of the way to a bound, and back from a bound."""
    step = 0.1 * (knob.high - knob.value or knob.low - knob.value)
    if knob.unit == "month":
        return knob.value + 3
    if knob.unit == "whole number":
        return knob.value + 1
    return knob.value + (
        step if not knob.path.endswith(".high") and not knob.path.endswith(".p95") else abs(step)
    )


@pytest.mark.parametrize("path", sampled(SHIPPED, 20, 2), ids=lambda path: path.stem)
def test_every_knob_turned_in_the_text_is_the_knob_turned(path: Path, tmp_path: Path) -> None:
    for file in SHIPPED:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = path.read_text("utf-8")
    case = load_scenario(path)
    copy = tmp_path / path.name
    tried = 0
    for knob in knobs(case):
        try:
            expected = turned(case, {knob.path: another(knob)})
        except ValueError:
            continue  # an end beyond the main value
        there = edited(text, written(case, {knob.path: another(knob)}), path.name)
        copy.write_bytes(there.encode())
        assert load_scenario(copy).model_dump() == expected.model_dump(), knob.path
        assert comments_of(there) == comments_of(text)
        tried += 1
    assert tried > 0.7 * len(knobs(case))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_number_of_a_shipped_text_turned_and_turned_back_leaves_no_trace(path: Path) -> None:
    text, case = path.read_text("utf-8"), load_scenario(path)
    tree = plain(text)
    for knob in knobs(case):
        old = stated(tree, knob.path.split("."))
        if old is None:
            continue  # a default, or of the scenario below
        changes = {knob.path: another(knob)} if knob.part else written(case, {knob.path: another(knob)})
        there = edited(text, changes, "f")
        assert there != text, knob.path
        assert edited(there, dict.fromkeys(changes, old), "f") == text, knob.path


def stated(tree: Any, place: list[str]) -> Any:
    for part in place:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def test_a_main_value_and_an_end_turned_together() -> None:
    case = load_scenario(FLAGSHIP)
    both = {"levers.rules.percent.high": 0.2, "levers.rules.percent": 0.06}
    assert written(case, both) == {"levers.rules.percent": {"low": "0%", "likely": "6%", "high": "20%"}}
    assert written(case, dict(reversed(both.items()))) == written(case, both)
    assert turned(case, both).levers["rules"].percent.parameters == pytest.approx((0, 0.06, 0.2))
    assert written(case, {"target.at_least": 0.1 + 0.2, "risks.slump.yearly_probability": 1e-7}) == {
        "target.at_least": 0.3,
        "risks.slump.yearly_probability": 1e-7,
    }
    tiny = edited(FLAGSHIP.read_text("utf-8"), written(case, {"levers.corridor.percent": 1e-9}), "f")
    assert "percent: {low: 0%, likely: 0.0000001%, high: 0.00000041%}" in tiny
    assert (
        load_text(tiny, "f").scenario.model_dump()
        == turned(case, {"levers.corridor.percent": 1e-9}).model_dump()
    )


def test_twenty_changes_of_the_flagship_take_milliseconds() -> None:
    case, text = load_scenario(FLAGSHIP), FLAGSHIP.read_text("utf-8")
    values = {knob.path: another(knob) for knob in knobs(case) if not knob.part}
    wanted = dict(list(written(case, values).items())[-20:])
    best = min(timed(lambda: edited(text, wanted, "f")) for _ in range(7))
    assert len(wanted) == 20
    assert best < 0.015


def timed(call: Any) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


# Standing alone


def comments_of(text: str) -> list[str]:
    return re.findall(r"(?m)^ *#.*$|  #.*$", text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_scenario_that_stands_alone_is_the_same_scenario(path: Path) -> None:
    text = path.read_text("utf-8")
    alone = standalone(text, path.name, path)
    assert fingerprint(load_text(alone, "an upload").scenario) == fingerprint(load_scenario(path))
    assert "extends" not in plain(alone)
    assert standalone(alone, "again") == alone
    if "extends" not in plain(text):
        assert alone == text
    elif not {"alternatives", "streams"} & set(plain(text)):
        assert comments_of(alone) == comments_of(FLAGSHIP.read_text("utf-8"))


def test_a_chain_of_files_and_of_uploads(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_bytes(
        b"# base\r\ntitle: Base  # t\r\nas_of: 2018-10-31\r\ntarget: {measure: turnover, period: 2020, at_least: 1000}\r\n"
        b"observations: {measure: turnover, period: 2017, value: 690.80}\r\nlevers:\r\n  a: {kind: custom, percent: {low: 0%, likely: 1%, high: 2%}, "
        b"sources: {percent: x}}\r\n  c: {kind: custom, money: 1}\r\n  # about b\r\n  b:\r\n    kind: custom\r\n    money: 5\r\n"
    )
    (tmp_path / "middle.yaml").write_text(
        "extends: base.yaml\nlevers:\n  a: {percent: {p5: 1%, p95: 3%}, sources: null}\n  b: {kind: promotion, share: 0.5}\n  c: null\n"
    )
    top = (
        "extends: middle.yaml\ntitle: Top\nlevers:\n  c: {kind: custom, money: 2.50, name: again}\n  low: {kind: custom, percent: 1%}\n"
        "alternatives: {other: {measure: turnover, period: 2017, value: 604.1}}\n"
    )
    (tmp_path / "top.yaml").write_text(top)
    alone = standalone(top.encode(), "top.yaml", tmp_path / "top.yaml")
    assert fingerprint(load_text(alone, "x").scenario) == fingerprint(load_scenario(tmp_path / "top.yaml"))
    assert alone == (
        "# base\r\ntitle: Top  # t\r\nas_of: 2018-10-31\r\ntarget: {measure: turnover, period: 2020, at_least: 1000}\r\n"
        "observations: {measure: turnover, period: 2017, value: 690.80}\r\nlevers:\r\n  a: {kind: custom, percent: {p5: 1%, p95: 3%}}\r\n"
        "  # about b\r\n  b: {kind: promotion, share: 0.5}\r\n  c: {kind: custom, money: 2.50, name: again}\r\n"
        "  low: {kind: custom, percent: 1%}\r\nalternatives: {other: {measure: turnover, period: 2017, value: 604.1}}\r\n"
    )
    upload = "title: Mine\nextends: shipped:belarus-kazakhstan-slump\nrisks: {slump: {depth: 10%}}\n"
    assert fingerprint(load_text(standalone(upload, "u"), "v").scenario) == fingerprint(
        load_text(upload, "u").scenario
    )


def test_what_cannot_stand_alone_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"u: *extends|u:1: extends: found 'x.yaml', expected shipped:NAME"
    ):
        standalone("extends: x.yaml\n", "u")
    with pytest.raises(ScenarioError, match=r"u:2: a: found the key 'a' again"):
        standalone("a: 1\na: 2\n", "u")
    (tmp_path / "base.yaml").write_text("title: x\nnotes: |\n  cut")
    with pytest.raises(ScenarioError, match=r"base.yaml: found a layout into which u cannot be merged"):
        standalone("extends: base.yaml\nunit: million\n", "u", tmp_path / "u.yaml")


OVERLAYS = [path for path in SHIPPED if "\nextends: " in path.read_text("utf-8")]


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_overlays_take_values_of_what_they_do_not_mention(path: Path, tmp_path: Path) -> None:
    (tmp_path / FLAGSHIP.name).write_bytes(FLAGSHIP.read_bytes())
    wanted = {"levers.rules": None, "levers.assembly.support.opening": 0.25, "target.at_least": 900}
    if path.stem.endswith("no-measures"):
        with pytest.raises(
            ScenarioError,
            match=r"f:5: levers\.rules: found 'rules' below a null, which removes it; set it whole",
        ):
            edited(path.read_text("utf-8"), wanted, "f")
        return
    copy = tmp_path / path.name
    copy.write_text(edited(path.read_text("utf-8"), wanted, "f"), "utf-8")
    changed = load(copy).scenario
    assert "rules" not in changed.levers
    assert changed.levers["assembly"].support.opening.written() == 0.25
    assert changed.target[0].at_least == 900


def test_pyyaml_reads_the_same_where_its_rules_are_ours() -> None:
    text = edited(
        FLAGSHIP.read_text("utf-8"),
        {"title": "yes", "levers.rules.name": "0690", "unit": "12:30", "partner": "a: b"},
        "f",
    )
    other = yaml.safe_load(text)
    assert (other["title"], other["levers"]["rules"]["name"], other["unit"], other["partner"]) == (
        "yes",
        "0690",
        "12:30",
        "a: b",
    )
