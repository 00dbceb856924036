"""Scenario files: what may stand in them, what is said about the rest, and how they stack."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import Fault, ScenarioError
from simulator.files import reading, strict_yaml
from simulator.files.loading import load, load_scenario, load_text
from simulator.files.merging import Change, Origin, merged
from simulator.scenario import Scenario
from simulator.values.address import Address
from tests.tiers import examples

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = """\
title: Trade
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 1000}
observations:
  - {measure: turnover, period: 2017, value: 594}
  - measure: turnover
    period: 2018-01..2018-09
    value: 610.50
    growth: 44%
levers:
  assembly:
    kind: custom
    percent: {low: 1%, likely: 2%, high: 4%}
  fair: {kind: custom, money: 5, streams: [exports]}
"""


@pytest.fixture(params=["C", "Python"])
def _both_parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        strict_yaml, "Loader", yaml.SafeLoader if request.param == "Python" else strict_yaml.Loader
    )


def faults(text: str | bytes, *words: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "s.yaml", words)
    return str(caught.value).splitlines()


def changed(*pairs: tuple[str, str]) -> str:
    text = GOOD
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def write(folder: Path, **texts: str) -> Path:
    """Each text to a file of its name; the path of the first."""
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / f"{next(iter(texts))}.yaml"


def test_a_good_file_loads(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, s=GOOD))
    assert loaded.scenario.title == "Trade"
    assert loaded.file == str(tmp_path / "s.yaml")
    assert loaded.changes == ()
    assert load_scenario(str(tmp_path / "s.yaml")) == loaded.scenario
    assert load_text(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), "bom").scenario == loaded.scenario


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "title: Trade",
            "titel: Trade",
            "s.yaml:1: titel: found the key 'titel', expected a known key; did you mean 'title'?",
        ),
        ("title: Trade\n", "", "s.yaml:1: found no title, expected a line that says what is asked"),
        ("title: Trade", "title: 2018", "s.yaml:1: title: found 2018, expected some text; put it in quotes"),
        (
            "as_of: 2018-10-31\n",
            "",
            "s.yaml:1: found no as_of, expected the day on which the question is asked",
        ),
        (
            "title: Trade",
            "title: Trade\nextend: x",
            "s.yaml:2: extend: found the key 'extend', expected a known key; did you mean 'extends'?",
        ),
        ("value: 610.50", "valeu: 610.50", "s.yaml:8: observations.1.valeu: found the key 'valeu'"),
        (
            "    kind: custom",
            "    kind: custm",
            "s.yaml:12: levers.assembly.kind: found 'custm', expected a kind:",
        ),
        ("    kind: custom\n", "", "s.yaml:11: levers.assembly: found no kind, expected kind: with one of"),
        ("percent: {low", "precent: {low", "s.yaml:13: levers.assembly.precent: found the key 'precent'"),
        (
            "title: Trade",
            "title: Trade\ntitle: Tirade",
            "s.yaml:2: title: found the key 'title' again, expected it once; it is on line 1 already",
        ),
        (
            "growth: 44%",
            "growth: 44",
            "s.yaml:9: observations.1.growth: found 44, expected a percent such as 44%; write 44% if that is meant",
        ),
        (
            "value: 610.50",
            "value: 61%",
            "s.yaml:8: observations.1.value: found '61%', expected a number without a percent sign",
        ),
        (
            "money: 5",
            "money: 5%",
            "s.yaml:14: levers.fair.money: found '5%', expected a number without a percent sign",
        ),
        ("value: 610.50", "value: [1]", "s.yaml:8: observations.1.value: found a list, expected a number"),
        (
            "value: 594",
            "value: '594'",
            "s.yaml:5: observations.0.value: found '594', expected a number without quotes or leading zeros",
        ),
        (
            "2018-01..2018-09",
            "2018-01..2018-13",
            "s.yaml:7: observations.1.period: found '2018-01..2018-13': there is no month 13",
        ),
        (
            "2018-01..2018-09",
            "2018-09..2018-01",
            "s.yaml:7: observations.1.period: found '2018-09..2018-01', a range that ends before it begins",
        ),
        (
            "2018-01..2018-09",
            "2018",
            "s.yaml:7: observations.1.period: found an undated figure for 2018, which ends after as_of 2018-10-31",
        ),
        (
            "growth: 44%",
            "growth: -100%",
            "s.yaml:9: observations.1.growth: found '-100%', expected above -100%",
        ),
        (
            "growth: 44%",
            "growth: ++44%",
            "s.yaml:9: observations.1.growth: found '++44%', expected a percent such as 44%",
        ),
        (
            "{low: 1%",
            "{low: 3%",
            "s.yaml:13: levers.assembly.percent: found low '3%' above likely '2%'; expected low <= likely <= high",
        ),
        ("value: 594", "value: -594", "s.yaml:5: observations.0.value: found -594, expected at least 0"),
        (
            "kind: custom, money",
            "probability: 1.2, kind: custom, money",
            "s.yaml:14: levers.fair.probability: found 1.2, expected from 0 to 1",
        ),
        ("value: 594", "value: NO", "s.yaml:5: observations.0.value: found 'NO', expected a number"),
        (
            "value: 594",
            "value: 0690",
            "s.yaml:5: observations.0.value: found '0690', expected a number without quotes or leading zeros",
        ),
        ("value: 594", "value: .nan", "s.yaml:5: observations.0.value: found '.nan', expected a number"),
        ("value: 594", "value: .inf", "s.yaml:5: observations.0.value: found '.inf', expected a number"),
        ("value: 594", "value: 1e3", "s.yaml:5: observations.0.value: found '1e3', expected a number"),
        ("value: 594", "value: 1_000", "s.yaml:5: observations.0.value: found '1_000', expected a number"),
        ("value: 594", "value: 0x10", "s.yaml:5: observations.0.value: found '0x10', expected a number"),
        (
            "value: 594",
            f"value: {'9' * 5000}",
            "s.yaml:5: observations.0.value: found a number of 5000 digits, expected at most 30",
        ),
        (
            "kind: custom, money",
            "enabled: NO, kind: custom, money",
            "s.yaml:14: levers.fair.enabled: found 'NO', expected true or false",
        ),
        (
            "as_of: 2018-10-31",
            "as_of: 2018-10-32",
            "s.yaml:2: as_of: found '2018-10-32', expected a date that exists",
        ),
        (
            "measure: turnover, period: 2020",
            "measure: turnovr, period: 2020",
            "s.yaml:3: target.measure: found 'turnovr', expected a measure",
        ),
        (
            "  fair:",
            "  1st:",
            "s.yaml:14: levers.1st: found the id '1st', expected 1 to 40 letters, digits, - or _, starting with a letter",
        ),
        ("[exports]", "exports", "s.yaml:14: levers.fair.streams: found 'exports', expected a list"),
        ("[exports]", "[export]", "s.yaml:14: levers.fair.streams.0: found 'export', expected a stream"),
        (
            "money: 5",
            "money: 5, overlap: 3",
            "s.yaml:14: levers.fair.overlap: found 3, expected a mapping with group, cap",
        ),
        (
            "money: 5",
            "money: 5, bounds: {money: [1]}",
            "s.yaml:14: levers.fair.bounds.money: found a list of 1, expected 2 items",
        ),
        (
            "money: 5",
            "money: 5, bounds: {money: [1, 2, 3]}",
            "s.yaml:14: levers.fair.bounds.money: found a list of 3, expected 2 items",
        ),
        ("title: Trade", "title: Trade\nrisks: [1]", "s.yaml:2: risks: found a list, expected a mapping"),
        ("title: Trade", "title: Trade\noutlook: 3", "s.yaml:2: outlook: found 3, expected a mapping"),
        (
            "title: Trade",
            "title: Trade\nstreams: {x: {direction: export}}",
            "s.yaml:2: streams.x.direction: found 'export', expected one of: exports, imports; did you mean 'exports'?",
        ),
        (
            "title: Trade",
            "title: Trade\noutlook: {world: {a: 1}}",
            "s.yaml:2: outlook.world: found a mapping, expected one of",
        ),
    ],
)
def test_one_fault(old: str, new: str, expected: str) -> None:
    told = faults(changed((old, new)))
    assert len(told) == 1
    assert told[0].startswith(expected)


@pytest.mark.usefixtures("_both_parsers")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "s.yaml:1: found an empty file, expected a scenario"),
        ("# nothing yet\n", "s.yaml:1: found an empty file"),
        ("- a\n", "s.yaml:1: found a list, expected keys with values"),
        ("title:x\n", "s.yaml:1: found only the text 'title:x', expected keys with values"),
        ("title:x\nas_of: y\n", "s.yaml:1: found 'title:x', expected a space after the colon"),
        ("a: 1\nb: [1, 2\nc: 3\n", "s.yaml:3: found no closing ] for the [ of line 2"),
        ("a: {b: 1\nc: 3\n", "s.yaml:2: found no closing } for the { of line 1"),
        ("a: 1\nb: 'x\nc: 3\n", "s.yaml:2: found no closing quote for the one of line 2"),
        ("a:\n\tb: 1\n", "s.yaml:2: found a tab, expected spaces in front of a line"),
        ("a:\n  b: 1\n\tc: 1\n", "s.yaml:3: found a tab, expected spaces in front of a line"),
        ("a: 1\nb: c: d\n", "s.yaml:2: found a second ': '"),
        ("a: 1\nfoo\nb: 2\n", "s.yaml:2: found no ': ' after 'foo', expected a key with a value"),
        ("a:\n    b: 2\n  c: 3\n", "s.yaml:3: found 'c' out of place; line up the keys"),
        ("a: 1\nb: @x\n", "s.yaml:2: found '@' at the start of a value; put it in quotes if it is text"),
        ("a: 1\n---\nb: 2\n", "s.yaml:2: found a second document, expected one"),
        ("a: 1\n...\nb: 2\n", "s.yaml:3: found more after the end of the document"),
        ("a: !x!y z\n", "s.yaml:1: found a tag, expected a value"),
        (
            "a: 1\nb: \0\n",
            "s.yaml:2: found the character '\\x00', expected a text file; is it of another kind?",
        ),
        ("a: \ud800\n", "s.yaml:1: found half a character, expected text in UTF-8"),
        (b"PK\x03\x04\xff\n", "s.yaml:1: found the byte 0xff, expected text in UTF-8"),
        (GOOD.encode("utf-16"), "s.yaml:1: found the byte 0xff, expected text in UTF-8"),
        (bytes(range(256)), "s.yaml:2: found the byte 0x80, expected text in UTF-8"),
        ("a: " + "x" * 2_000_000, "s.yaml:1: found more than 2 MB, expected a scenario file of a few kB"),
        ("[" * 50_000, "s.yaml:1: found more than 20 levels of nesting, expected fewer"),
        ("a: [" + "1, " * 100_000 + "]", "s.yaml:1: found more than 100,000 values, expected fewer"),
    ],
)
def test_no_scenario_at_all(text: str | bytes, expected: str) -> None:
    told = faults(text)
    assert len(told) == 1
    assert told[0].startswith(expected)
    assert len(told[0]) < 320


@pytest.mark.usefixtures("_both_parsers")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("notes: !!str x", "s.yaml:15: notes: found the tag '!!str', expected a plain value"),
        ("notes: ! x", "s.yaml:15: notes: found the tag '!', expected a plain value"),
        ("notes: &x x", "s.yaml:15: notes: found the anchor '&x', expected a plain value"),
        ("notes: *x", "s.yaml:15: notes: found the alias '*x', expected a plain value"),
        (
            "outlook: {<<: {trend: 0}}",
            "s.yaml:15: outlook: found a merge key <<, expected a key with a value; write the keys out, or use extends",
        ),
        ("outlook: {[a]: 1}", "s.yaml:15: outlook: found a list as a key, expected a text"),
        ("*x : y", "s.yaml:15: found the alias '*x', expected a plain value"),
    ],
)
def test_yaml_that_is_refused(line: str, expected: str) -> None:
    told = faults(GOOD + line + "\n")
    assert len(told) == 1
    assert told[0].startswith(expected)


def test_an_alias_bomb_is_refused() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    told = faults("\n".join(rows))
    assert told[-1].startswith("and ")
    assert len(told) == 51
    assert (
        "s.yaml:2: b.0: found the alias '*a', expected a plain value; write it out, or quote it if it is text"
        in told
    )


NESTS = [
    "'[' * n",
    "'{' * n",
    "'- ' * n",
    "'? ' * n",
    "'{a: ' * n",
    "'[' * n + ']' * n",
    "'\\n'.join(' ' * i + 'a:' for i in range(1500))",
]


@pytest.mark.parametrize("loader", ["Loader", "yaml.SafeLoader"])
def test_deep_nesting_does_not_crash_the_process(loader: str) -> None:
    code = f"""
import yaml
from simulator.files import strict_yaml
from simulator.errors import ScenarioError
from simulator.files.loading import load_text
strict_yaml.Loader = strict_yaml.{loader}
n = 50_000
for text in ({", ".join(NESTS)}):
    for prefix in ("", "levers: "):
        try:
            load_text(prefix + text, "s.yaml")
        except ScenarioError as error:
            print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 2 * len(NESTS)
    assert (
        done.stdout.count("levels of nesting") >= 2 * len(NESTS) - 3
    )  # '- - -' and '? ? ?' cannot follow a key


def test_scalars() -> None:
    text = "{a: true, b: True, c: yes, d: null, e: ~, f: , g: 1, h: -1.50, i: +2, j: .5, "
    text += "k: '1', l: 010, m: 12:30, n: 2018-10-31, o: 1e3, 7: 0}"
    assert strict_yaml.parse(text, "s")[0].plain() == {
        **{
            "a": True,
            "b": "True",
            "c": "yes",
            "d": None,
            "e": None,
            "f": None,
            "g": 1,
            "h": Decimal("-1.50"),
            "i": 2,
            "j": Decimal("0.5"),
        },
        **{"k": "1", "l": "010", "m": "12:30", "n": "2018-10-31", "o": "1e3", "7": 0},
    }


def test_published_digits_are_kept() -> None:
    figure = load_text(GOOD, "s").scenario.observations[1].value
    assert figure is not None
    assert str(figure) == "610.50"
    assert figure.rounding == pytest.approx(0.005)


def test_choices() -> None:
    scenario = load_text(changed(("money: 5", "money: {choices: {10: 0.3, 20.5: 70%}}")), "s").scenario
    assert scenario.levers["fair"].money.parameters == (10, 20.5, 0.3, 0.7)  # type: ignore[union-attr]


def test_all_faults_at_once_and_in_order() -> None:
    text = changed(
        ("title: Trade", "titel: Trade"),  # of a field
        ("value: 594", "value: -5"),
        ("    kind: custom", "    kind: custm"),
        ("[exports]", "[export]"),  # of the whole
        ("measure: turnover, period: 2020", "measure: turnovr, period: 2020"),
    )
    told = faults(text + "outlook: {trend: 0, trend: 0}\nrisks: 3\n")
    assert [line.partition(", expected")[0] for line in told] == [
        "s.yaml:1: titel: found the key 'titel'",
        "s.yaml:3: target.measure: found 'turnovr'",
        "s.yaml:5: observations.0.value: found -5",
        "s.yaml:12: levers.assembly.kind: found 'custm'",
        "s.yaml:14: levers.fair.streams.0: found 'export'",
        "s.yaml:15: outlook.trend: found the key 'trend' again",
        "s.yaml:16: risks: found 3",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("as_of: 2018-10-31", "as_of: soon"),  # then no figure can be too late
        ("growth: 44%", "growth: 44%\n    published: soon"),  # then the figure is not undated
        ("value: 594", "value: much"),  # then it is not without a value
        ("period: 2017", "period: 2017-13"),  # then there is nothing wrong with the target's period
        ("measure: turnover, period: 2017, value", "measure: turnover, period: twenty, value"),
        ("at_least: 1000", "at_least: much"),
        ("period: 2020", "period: soon"),
        ("money: 5", "money: much"),
        ("[exports]", "[5]"),
        ("percent: {low: 1%, likely: 2%, high: 4%}", "within_baseline: true\n    percent: much"),
        (
            "title: Trade",
            "title: Trade\nstreams: {exports: {direction: exprts}, imports: {direction: imports}}",
        ),
        (
            "title: Trade",
            "title: Trade\nstreams: {exports: {direction: exports}, 1s: {direction: imports}}\nnotes: 1s",
        ),
    ],
)
def test_one_fault_does_not_bring_others(old: str, new: str) -> None:
    assert len(faults(changed((old, new)))) == 1


def test_streams_that_were_wrong_are_not_said_to_be_missing() -> None:
    text = changed(
        ("[exports]", "[cars]"), ("measure: turnover, period: 2017", "measure: cars, period: 2017")
    )
    assert faults(text + "streams: {cars: {direction: exprts}, rest: {direction: imports}}\n") == [
        "s.yaml:15: streams.cars.direction: found 'exprts', expected one of: exports, imports; did you mean 'exports'?"
    ]
    assert faults(text + "streams: [cars]\n") == ["s.yaml:15: streams: found a list, expected a mapping"]


def test_many_faults_are_cut() -> None:
    told = faults(GOOD + "risks:\n" + "".join(f"  r{i}: {{}}\n" for i in range(80)))
    assert len(told) == 51
    assert told[-1] == "and 30 more"


def test_messages_are_short_and_printable() -> None:
    told = faults(GOOD + f"'{'k' * 900}': 1\n\"a\\u001b[31m\\nb\": 1\n'{'k' * 400}': {{}}\n")
    assert len(told) == 3
    assert all(len(line) < 540 and line.isprintable() for line in told)
    assert all(line.isprintable() for line in faults("\ud800", "\x1b[31m"))


def test_error_survives_pickling() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("", "s.yaml")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert caught.value.faults[0].line == 1


# Files


def test_a_missing_file(tmp_path: Path) -> None:
    write(tmp_path, flagship=GOOD)
    with pytest.raises(
        ScenarioError, match=r"found no file '.*flagshp.yaml', expected one; did you mean '.*flagship.yaml'\?"
    ):
        load(tmp_path / "flagshp.yaml")
    with pytest.raises(ScenarioError, match="which cannot be read"):
        load(f"{tmp_path}/\0.yaml")
    with pytest.raises(ScenarioError, match="found no file"):
        load(tmp_path / "no" / "folder" / "s.yaml")


def test_a_folder(tmp_path: Path) -> None:
    write(tmp_path, flagship=GOOD)
    with pytest.raises(
        ScenarioError, match=r"found the folder '.*', expected a file; did you mean '.*flagship.yaml'\?"
    ):
        load(tmp_path)


def test_twelve_megabytes_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_bytes(b"[" * 12_000_000)
    start = time.process_time()
    with pytest.raises(ScenarioError, match="found more than 2 MB"):
        load(tmp_path / "big.yaml")
    assert time.process_time() - start < 0.5


def test_overlay_merges_replaces_and_removes(tmp_path: Path) -> None:
    overlay = """\
extends: base.yaml
title: Less
notes: new
observations: [{measure: turnover, period: 2016, value: 420}]
levers:
  assembly: {percent: {p5: 1%, p95: 3%}, cost: 2}
  fair: null
  exhibition: {kind: custom, money: 1}
"""
    loaded = load(write(tmp_path, overlay=overlay, base=GOOD))
    scenario = loaded.scenario
    assert (scenario.title, scenario.notes, len(scenario.observations)) == ("Less", "new", 1)
    assert list(scenario.levers) == ["assembly", "exhibition"]
    assert scenario.levers["assembly"].percent.keys == ("p5", "p95")  # type: ignore[union-attr]
    own, base = str(tmp_path / "overlay.yaml"), str(tmp_path / "base.yaml")
    assert loaded.origins["title"] == Origin(own, 2)
    assert loaded.origins["levers.assembly.kind"] == Origin(base, 12)
    assert loaded.origins["levers.assembly.percent.p95"] == Origin(own, 6)
    assert loaded.origins["target.at_least"] == Origin(base, 3)
    assert loaded.origins["observations.0.value"] == Origin(own, 4)
    assert not {"levers.fair", "levers.assembly.percent.low", "extends", "unit"} & set(loaded.origins)
    assert [change.path for change in loaded.changes] == [
        *(
            "title",
            "notes",
            "observations",
            "levers.assembly.percent",
            "levers.assembly.cost",
            "levers.fair",
            "levers.exhibition",
        )
    ]
    assert loaded.changes[0] == Change(Address.parse("title"), "Trade", "Less", Origin(own, 2))
    assert loaded.changes[1] == Change(Address.parse("notes"), None, "new", Origin(own, 3))
    assert loaded.changes[5].new is None


def test_a_lever_of_another_kind_replaces_whole(tmp_path: Path) -> None:
    overlay = "extends: base.yaml\nlevers: {fair: {kind: other, share: 1}}\n"
    with pytest.raises(
        ScenarioError, match=r"overlay.yaml:2: levers.fair.kind: found 'other', expected a kind"
    ) as caught:
        load(write(tmp_path, overlay=overlay, base=GOOD))
    assert len(caught.value.faults) == 1
    base, over = (strict_yaml.parse(text, "s")[0] for text in ("{kind: a, x: 1, y: 2}", "{kind: b, x: 3}"))
    lever = merged(base, over, Address.of("levers", "fair"), [])
    assert lever is not None
    assert lever.plain() == {"kind": "b", "x": 3}


def test_a_section_is_no_uncertain_number_whatever_its_ids(tmp_path: Path) -> None:
    base = GOOD + "risks:\n  low: {kind: disruption, yearly_probability: 5%, depth: 20%}\n"
    overlay = "extends: base.yaml\nrisks: {high: {kind: disruption, yearly_probability: 1%, depth: 40%}}\n"
    assert list(load(write(tmp_path, overlay=overlay, base=base)).scenario.risks) == ["low", "high"]


def test_a_fault_names_the_file_of_its_value(tmp_path: Path) -> None:
    over = write(tmp_path, over="extends: base.yaml\nunit: 3\n", base=changed(("594", "NO")))
    with pytest.raises(ScenarioError) as caught:
        load(over, ["target.at_least=x", "levers.fair.start=2019-13"])
    assert [(Path(fault.file or "").name, fault.line, fault.path) for fault in caught.value.faults] == [
        ("over.yaml", 2, "unit"),
        ("base.yaml", 5, "observations.0.value"),
        ("--set", None, "target.at_least"),
        ("--set", None, "levers.fair.start"),
    ]


def test_chains_and_absolute_paths(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    base = write(tmp_path / "sub", base=GOOD)
    write(tmp_path / "sub", middle="extends: base.yaml\ntitle: middle\nnotes: kept\n")
    top = write(
        tmp_path, top="extends: sub/middle.yaml\ntitle: top\n", absolute=f"extends: {base}\nnotes: absolute\n"
    )
    assert (load_scenario(top).title, load_scenario(top).notes) == ("top", "kept")
    assert load_scenario(tmp_path / "absolute.yaml").notes == "absolute"
    assert [change.new for change in load(top, ["title=set"]).changes] == ["middle", "kept", "top", "set"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"a": "title: x\nextends: a.yaml\n"}, "a.yaml:2: extends: found a loop: "),
        (
            {"a": "extends: b.yaml\n", "b": "title: x\nextends: ./a.yaml\n"},
            "b.yaml:2: extends: found a loop: ",
        ),
        (
            {"a": "title: x\nextends: bass.yaml\n", "base": GOOD},
            "a.yaml:2: extends: found no file 'bass.yaml' (that is '{}/bass.yaml'), expected one; did you mean 'base.yaml'?",
        ),
        ({"a": "title: x\nextends: .\n"}, "a.yaml:2: extends: found the folder"),
        (
            {"a": "title: x\nextends: [b]\n"},
            "a.yaml:2: extends: found a list, expected a file or shipped:NAME",
        ),
        (
            {"a": "title: x\nextends: shipped:flagshp\n"},
            "extends: found the shipped scenario 'flagshp', expected one of flagship; did you mean 'flagship'?",
        ),
        (
            {"a": "extends: shipped:../flagship\n"},
            "a.yaml:1: extends: found the shipped scenario '../flagship', expected one of flagship",
        ),
        ({"a": "extends: b.yaml\n", "b": "x: [\n"}, "b.yaml:2: found"),
        ({"a": 'extends: "b\\0.yaml"'}, "a.yaml:1: extends: found '"),
        ({"a": "extends: *b"}, "a.yaml:1: extends: found the alias '*b'"),
        ({"a": "extends: b.yaml\n", "b": ""}, "b.yaml:1: found an empty file"),
        (
            {f"f{i}": f"extends: f{i + 1}.yaml\n" for i in range(20)},
            "extends: found more than 10 files that extend one another",
        ),
    ],
)
def test_extends_that_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: dict[str, str], expected: str
) -> None:
    _ship(tmp_path, monkeypatch)
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, **texts))
    assert expected.replace("{}", str(tmp_path)) in str(caught.value)
    assert len(caught.value.faults) == 1


def _ship(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "shipped").mkdir()
    write(folder / "shipped", flagship=GOOD)
    monkeypatch.setattr(reading, "SHIPPED", folder / "shipped")


def test_uploads_extend_shipped_scenarios_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _ship(tmp_path, monkeypatch)
    loaded = load_text("extends: shipped:flagship\ntitle: Mine\n", "upload.yaml")
    assert loaded.scenario.title == "Mine"
    assert loaded.origins["as_of"] == Origin("shipped:flagship", 2)
    assert load("shipped:flagship").scenario.title == "Trade"
    for name in (tmp_path / "shipped" / "flagship.yaml", "flagship.yaml", "../s.yaml"):
        with pytest.raises(
            ScenarioError,
            match=r"upload.yaml:1: extends: found .*, expected shipped:NAME, .* NAME is one of flagship",
        ):
            load_text(f"extends: {name}\n", "upload.yaml")


# The command line


def test_settings_win_and_are_told() -> None:
    words = [
        "target.at_least=900",
        "observations.1.value=610.5",
        "levers.assembly.percent={p5: 1%, p95: 3%}",
        "outlook.world=slump",
    ]
    loaded = load_text(
        GOOD,
        "s",
        [*words, "levers.fair.streams=[imports]", "target.at_least=800", "levers.assembly.name='a: b'"],
    )
    scenario = loaded.scenario
    assert scenario.target[0].at_least == 800
    assert str(scenario.observations[1].value) == "610.5"
    assert scenario.outlook.world == "slump"
    assert scenario.levers["fair"].streams == ("imports",)
    assert scenario.levers["assembly"].name == "a: b"
    assert loaded.origins["target.at_least"] == Origin("--set", None)
    assert loaded.origins["levers.assembly.percent.p5"] == Origin("--set", None)
    assert loaded.origins["target.period"] == Origin("s", 3)
    assert loaded.changes[:2] == (
        Change(Address.parse("target.at_least"), 1000, 900, Origin("--set", None)),
        Change(
            Address.parse("observations.1.value"), Decimal("610.50"), Decimal("610.5"), Origin("--set", None)
        ),
    )


def test_settings_add_merge_and_remove() -> None:
    words = [
        "levers.fair=null",
        "levers.new={kind: custom, money: 3}",
        "levers.new={cost: 2}",
        "levers.assembly.percent.likely=3%",
        "target.0.at_least=5",
    ]
    scenario = load_text(GOOD, "s", words).scenario
    assert list(scenario.levers) == ["assembly", "new"]
    assert scenario.levers["new"].cost == 2
    assert scenario.levers["assembly"].percent.parameters == (0.01, 0.03, 0.04)  # type: ignore[union-attr]
    assert scenario.target[0].amount == 5


@pytest.mark.parametrize("word", ["target.at_least=5", "target.0.at_least=5"])
@pytest.mark.parametrize(("frame", "path"), [("{}", "target.at_least"), ("[{}]", "target.0.at_least")])
def test_one_target_is_addressed_with_or_without_its_number(frame: str, path: str, word: str) -> None:
    target = "{measure: turnover, period: 2020, at_least: 1000}"
    loaded = load_text(changed((target, frame.replace("{}", target))), "s", [word])
    assert loaded.scenario.target[0].at_least == 5
    assert loaded.changes[0].path == path


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (
            "levers.assembly.percnt=5%",
            "--set: levers.assembly.percnt: found the key 'percnt', expected a known key; did you mean 'percent'?",
        ),
        (
            "levers.assmbly.percent=5%",
            "--set: levers.assmbly.percent: found the id 'assmbly', expected one of assembly, fair; did you mean 'assembly'?",
        ),
        (
            "levers.assmbly=null",
            "--set: levers.assmbly: found the id 'assmbly', expected one of assembly, fair; did you mean 'assembly'?",
        ),
        ("levers.new=5", "--set: levers.new: found the id 'new', expected one of assembly, fair"),
        (
            "levers.assembly.percent.sd=1%",
            "--set: levers.assembly.percent.sd: found the key 'sd', expected one of low, likely, high",
        ),
        (
            "levers.fair.money.low=5",
            "--set: levers.fair.money.low: found 'low' below 5, which has no parts; set it whole",
        ),
        (
            "outlook.trend.likely=5",
            "--set: outlook.trend.likely: found 'likely' below what the file leaves out; set it whole",
        ),
        (
            "outlok.world=boom",
            "--set: outlok.world: found the key 'outlok', expected a known key; did you mean 'outlook'?",
        ),
        (
            "observations.2.value=5",
            "--set: observations.2.value: found '2' on a list of 2, expected its number, 0 to 1",
        ),
        (
            "observations.value=5",
            "--set: observations.value: found 'value' on a list of 2, expected its number, 0 to 1",
        ),
        ("extends=x.yaml", "--set: extends: found the key 'extends', expected one of title, "),
        (
            "target.at_least",
            "--set: found 'target.at_least', expected path=value such as levers.assembly.count=6",
        ),
        ("=5", "--set: found '=5', expected path=value"),
        ("target..at_least=5", "--set: found 'target..at_least=5', expected path=value"),
        ("target.at_least=", "--set: target.at_least: found no value; write null to remove it"),
        ("target.at_least=[", "--set: target.at_least: found "),
        ("target.at_least=*x", "--set: target.at_least: found the alias '*x'"),
        (
            "target.at_least=5%",
            "--set: target.at_least: found '5%', expected a number without a percent sign",
        ),
        ("target.at_least=" + "[" * 50_000, "--set: target.at_least: found more than 20 levels of nesting"),
    ],
)
def test_settings_that_are_refused(word: str, expected: str) -> None:
    told = faults(GOOD, word)
    assert len(told) == 1
    assert told[0].startswith(expected)


def test_what_cannot_be_read_is_told_in_words() -> None:
    told = faults(GOOD, f"outlook={'9' * 40}", "outlook.world=boom")
    assert told == [
        "--set: outlook: found a number of 40 digits, expected at most 30",
        "--set: outlook.world: found 'world' below what cannot be read, which has no parts; set it whole",
    ]


# Anything at all


def _loads_or_refuses(text: str | bytes, *words: str) -> None:
    found: tuple[Fault, ...] | None = None
    try:
        load_text(text, "s.yaml", words)
    except ScenarioError as error:
        found = error.faults
    assert found is None or (
        found and all(str(fault).isprintable() and ": found " in str(fault) for fault in found)
    )


FRAGMENTS = st.sampled_from(
    [
        *(
            "[",
            "]",
            "{",
            "}",
            ":",
            ": ",
            "- ",
            "\n",
            "\t",
            "'",
            '"',
            "#",
            "&a ",
            "*a",
            "!!int ",
            "<<",
            "null",
            "~",
            "true",
            "NO",
            "-",
            "%",
            "++4%",
            "|",
            ">",
        ),
        *(
            "1e400%",
            "9" * 40,
            "0690",
            ".nan",
            "-101%",
            "2018-13",
            "2018..2017",
            "1999",
            "2020-Q9",
            "{choices: {1: x}}",
            "{low: 1}",
            "{}",
            "[]",
            "\0",
            "\u2028",
        ),
        *(
            "exports",
            "streams: {a: {direction: exports}}",
            "kind: disruption",
            "extends: shipped:x",
            "levers",
            "target",
            "observations",
            "bounds: {money: [1]}",
        ),
    ]
)


@settings(max_examples=examples(150, 50), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), FRAGMENTS | st.text(max_size=4)), max_size=4
    )
)
def test_mutated_scenarios_load_or_are_refused(cuts: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for start, length, new in cuts:
        text = text[:start] + new + text[start + length :]
    _loads_or_refuses(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | FRAGMENTS | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "low", "high", "measure", "period", "value", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
KEYS = st.sampled_from([*Scenario.model_fields, "extends", "foo"])


@settings(max_examples=examples(150, 50), deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_wrong_values_anywhere_are_refused(values: dict[str, object]) -> None:
    good = strict_yaml.parse(GOOD, "s")[0].plain()
    _loads_or_refuses(json.dumps(good | values, default=float, ensure_ascii=False))


@settings(max_examples=examples(100, 40), deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=60),
    st.text(max_size=20),
    st.sampled_from(["levers.fair", "target", "observations.0", ""]),
)
def test_random_bytes_and_words_are_refused(text: str | bytes, word: str, path: str) -> None:
    _loads_or_refuses(text)
    _loads_or_refuses(GOOD, f"{path}.{word}", f"{path}={word}", word)


# Speed


def test_four_hundred_lines_load_quickly() -> None:
    lever = "    kind: custom\n    percent: {low: 1%, likely: 2%, high: 4%}\n    start: 2019-03\n"
    lever += "    probability: 0.9\n    streams: [exports]\n    cost: 2\n"
    text = GOOD + "".join(f"  l{i}: # measure {i}\n{lever}" for i in range(55))
    times = []
    for _ in range(10):
        start = time.process_time()
        load_text(text, "s")
        times.append(time.process_time() - start)
    print(f"{text.count(chr(10))} lines in {1000 * min(times):.1f} ms")
    assert min(times) < 0.05  # about 5 ms where it was written


def test_loading_stays_light() -> None:
    code = "import sys, simulator.files.loading; print([name for name in ('scipy', 'pandas') if name in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        == "[]\n"
    )


COMMAS = [
    ("value: 690.8", "value: 690,8", (), "found 690,8, expected a number without a comma: 690.8 or 6908"),
    ("value: 690.8", "value: 1,000", (), "found 1,000, expected a number without a comma: 1000 or 1.000"),
    (
        "value: 690.8",
        "value: 690.8, growth: 64,8%",
        (),
        "found 64,8%, expected a number without a comma: 64.8% or 648%",
    ),
    ("value: 690.8", 'value: "690,8"', (), "found '690,8', expected a number without a comma: 690.8 or 6908"),
    (
        "value: 690.8",
        "value: 690.8, error: '1,5%'",
        (),
        "found '1,5%', expected a percent such as 44% without a comma: 1.5% or 15%",
    ),
    ("", "", ("target.at_least=1 000",), "found '1 000', expected a number without a blank: 1000"),
    ("", "", ("target.at_least=1,000",), "found '1,000', expected a number without a comma: 1000 or 1.000"),
    ("", "", ("outlook.trend=0,05",), "found '0,05', expected a number without a comma: 0.05"),
    (
        "",
        "",
        ("outlook={trend: {low: 0, likely: 1,5, high: 2}}",),
        "found 1,5, expected a number without a comma: 1.5 or 15",
    ),
    (
        "",
        "",
        ("levers={a: {kind: custom, percent: '2,5'}}",),
        "found '2,5', expected a percent such as 44% without a comma: 2.5% or 25%",
    ),
]
PLAIN = (
    "title: S\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
    "observations:\n  - {measure: turnover, period: 2017, value: 690.8}\n"
)


@pytest.mark.parametrize(("old", "new", "settings", "message"), COMMAS)
def test_a_comma_in_a_number_is_named_and_the_number_proposed(
    old: str, new: str, settings: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_text(PLAIN.replace(old, new) if old else PLAIN, "s.yaml", settings)
    (fault,) = refused.value.faults  # the digits behind the comma are no key of their own
    assert fault.message == message


def test_a_base_that_is_missing_is_told_from_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "base.yaml").write_text(PLAIN)

    def told(text: str) -> str:
        file = tmp_path / "sub" / "over.yaml"
        file.write_text(text)
        with pytest.raises(ScenarioError) as refused:
            load(file)
        (fault,) = refused.value.faults
        assert (fault.file, fault.line, fault.path) == (str(file), 1, "extends")
        return fault.message

    missing = told("extends: ../bas.yaml\n")
    assert missing.startswith(
        f"found no file '../bas.yaml' (that is '{tmp_path / 'sub' / '..' / 'bas.yaml'}'), expected one"
    )
    assert missing.endswith("; did you mean '../base.yaml'?")
    assert "over.yaml'?" not in told("extends: ovr.yaml\n")  # a file does not extend itself
    assert told("extends: no/base.yaml\n").endswith(f"; there is no folder '{tmp_path / 'sub' / 'no'}'")


def test_a_backslash_parts_folders_on_windows_and_is_told_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "base.yaml").write_text(PLAIN)
    file = tmp_path / "sub" / "over.yaml"
    file.write_text("extends: ..\\base.yaml\n")
    if os.sep == "\\":
        assert load(file).scenario.title == "S"
        return
    with pytest.raises(ScenarioError, match=r"folders are parted by / here: write \.\./base\.yaml"):
        load(file)
    file.write_text("extends: ..\\bse.yaml\n")
    with pytest.raises(ScenarioError, match=r"folders are parted by / here; did you mean '\.\./base\.yaml'"):
        load(file)


def test_what_goes_in_a_direction_without_a_stream_is_told() -> None:
    text = PLAIN.replace("turnover, period: 2017", "imports, period: 2017").replace(
        "turnover, period: 2020", "imports, period: 2020"
    )
    text += (
        "streams: {a: {direction: exports}}\nlevers: {b: {kind: custom, percent: 1%, streams: [imports]}}\n"
    )
    with pytest.raises(ScenarioError) as refused:
        load_text(text, "s.yaml")
    assert [fault.path for fault in refused.value.faults] == [
        "target.measure",
        "observations.0.measure",
        "levers.b.streams.0",
    ]
    assert all("no stream goes that way" in fault.message for fault in refused.value.faults)


def test_an_alternative_counts_against_the_largest_law_too() -> None:
    ids = ", ".join(f"s{number}: {{direction: exports}}" for number in range(13))
    text = PLAIN + f"streams: {{{ids}}}\n"
    text += "alternatives:\n  old: [{measure: turnover, period: 1900, value: 1}]\n"
    with pytest.raises(ScenarioError, match=r"alternatives\.old: found 1,573 years of streams"):
        load_text(text, "s.yaml")
