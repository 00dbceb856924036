"""What every face shares: any console, JSON without NaN, files kept as they are, bad input in a sentence.

Default tier.
"""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simulator import simulate
from simulator.analysis.claim import Claim
from simulator.cli import main
from simulator.cli.common import json_text
from simulator.errors import ScenarioError
from simulator.files.writing import write_file
from simulator.report import COLUMNS, TABLES
from simulator.values.wording import respelled
from simulator.workspace.desk import Desk
from simulator.workspace.link import desk_from
from tests.cases import SPLIT, scenario
from tests.tiers import sampled

ROOT = Path(__file__).parent.parent
FLAGSHIP = str(ROOT / "scenarios" / "belarus-kazakhstan-2020.yaml")
SMALL = (
    "title: Small\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
    "observations:\n  - {measure: turnover, period: 2017, value: 690.8, growth: 64.8%}\n"
    "levers:\n  a: {kind: custom, percent: 3%, cost: 2}\n"
)
MANY = "streams: {" + ", ".join(f"s{n}: {{direction: exports, share: 1}}" for n in range(3)) + "}\n"
FEW = ("--points", "256")
OURS_ONLY = (
    "validation error",
    "input_value",
    "Value error,",
    "pydantic",
    "Traceback",
    "Decimal(",
    "Node(",
    "Origin(",
    "object at 0x",
)


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


# Bad input

FILES: dict[str, str | bytes] = {
    "binary": bytes(range(256)),
    "empty": "",
    "a list": "[1, 2]\n",
    "utf-16": SMALL.encode("utf-16"),
    "1e308": SMALL.replace("690.8", "1e308"),
    "thirty digits": SMALL.replace("690.8", "1" + "0" * 29),
    "1e-300": SMALL.replace("690.8", "1e-300"),
    "minus zero": SMALL.replace("690.8", "-0.0"),
    "minus": SMALL.replace("690.8", "-690.8"),
    "day 0": SMALL.replace("2018-10-31", "0000-00-00"),
    "year 2200": SMALL.replace("period: 2020", "period: 2200"),
    "year 9999": SMALL.replace("period: 2020", "period: 9999"),
    "a huge target": SMALL.replace("1000", "9" * 30),
    "a title of control characters": SMALL.replace("Small", '"a\\u0007\\u001b[31mb"'),
    "a long name": SMALL.replace("Small", "x" * 300),
    "a long id": SMALL.replace("  a:", f"  {'a' * 300}:"),
    "a title that is a list": SMALL.replace("Small", "[a]"),
    "a kind that is none": SMALL.replace("kind: custom", "kind: [x]"),
    "no kind": SMALL.replace("kind: custom, ", ""),
    "levers as a list": SMALL.partition("levers")[0] + "levers: [a]\n",
    "sources": SMALL.replace("cost: 2", "sources: {nope: 5}"),
    "bounds": SMALL.replace("cost: 2", "bounds: {percent: [1%, .nan]}"),
    "streams": SMALL + "streams: {a: 5, 'b c': {direction: up}}\n",
    "no imports": SMALL.replace("turnover, period: 2017", "imports, period: 2017")
    + "streams: {a: {direction: exports}}\n",
    "an old alternative": SMALL
    + MANY
    + "alternatives:\n  old: [{measure: turnover, period: 1900, value: 1}]\n",
    "nothing": SMALL + "alternatives: {x: null, y: [], z: {}}\noutlook: null\n",
    "a loop": "extends: case.yaml\n",
    "no base": "extends: nope.yaml\n",
    "a base of nonsense": "extends: shipped:../x\n",
}


@pytest.mark.parametrize("what", sampled(FILES, every=2))
def test_a_bad_file_is_told_in_our_own_words_and_never_with_a_traceback(what: str, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    content = FILES[what]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for words in (
        ("validate", path),
        ("run", path, "-v", *FEW),
        ("claim", path, "turnover 2019 >= 800", "--json", *FEW),
    ):
        done = call(*words)
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
        assert done.exit_code in (0, 2)
        assert not [word for word in OURS_ONLY if word in done.output], done.output
    told = ""
    try:
        Desk.of_upload(path.read_bytes(), "case.yaml")
    except ScenarioError as error:
        told = str(error)
    assert not [word for word in OURS_ONLY if word in told]


WORDS: list[tuple[object, ...]] = [
    *(
        ("run", "FILE", *FEW, "-v", "--set", word)
        for word in ("x", "=5", "a=", "levers=", "target=null", "target=[]", "title=", "title=[", "title=*a")
    ),
    *(
        ("run", "FILE", *FEW, "-v", "--set", word)
        for word in ("levers.a.percent=nan", "levers.a.percent=1e308", "observations=[]", "streams={}")
    ),
    *(
        ("run", "FILE", *FEW, "-v", "--set", word)
        for word in (
            "target.at_least=-5",
            "levers.b={kind: nope}",
            "levers.a.sources.percent=5",
            "a." * 500 + "=1",
        )
    ),
    *(("run", "FILE", "--require", number) for number in ("nan", "inf", "-inf", "-0.1", "1.1", "0,5", "x")),
    *(("mix", "FILE", "--budget", number) for number in ("nan", "inf", "-1", "5,5", "x")),
    *(
        ("run", "FILE", *words)
        for words in (
            ("--points", "3"),
            ("--points", str(2**40)),
            ("--points", "nan"),
            ("--seed", "-1"),
            ("--seed", "nan"),
        )
    ),
    *(("solve", "FILE", *FEW, "--probability", number) for number in ("nan", "0", "1", "80", "0,8", "99,5%")),
    *(
        ("solve", "FILE", *FEW, "--lever", "a", "--bounds", bounds)
        for bounds in ("nan:inf", "1,5%:3%", ":", "5%:1%", "-101%:900%")
    ),
    *(
        ("solve", "FILE", *FEW, *words)
        for words in (("--lever", "nope"), ("--lever", ""), ("--map", "a", "nope"))
    ),
    *(
        ("claim", "FILE", text)
        for text in (
            "",
            "turnover",
            "turnover 2019 >= 690,8",
            "turnover 2019 <= -5",
            f"turnover 2019 >= {'9' * 400}",
            "exports 2019 >= 5",
        )
    ),
    *(("compare", "FILE", FLAGSHIP, *FEW, "--names", names) for names in ("a", "a,a", ",,", "of,path")),
]


@pytest.mark.parametrize("words", WORDS, ids=lambda words: " ".join(str(word) for word in words)[:60])
def test_a_bad_word_is_refused_in_our_own_words(words: tuple[object, ...], small: Path) -> None:
    done = call(*(small if word == "FILE" else word for word in words))
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert not [word for word in OURS_ONLY if word in done.output], done.output


def test_a_link_that_makes_no_sense_is_told_in_our_own_words() -> None:
    words = {
        "target.at_least": "-5",
        "levers.rules.percent": "690,8%",
        "outlook.memory": "nan",
        "levers.assembly.overlap.cap": "-1",
    }
    desk, complaints = desk_from({"scenario": "belarus-kazakhstan-2020", **words})
    assert desk.values == {}
    assert len(complaints) == len(words)
    assert not [word for word in OURS_ONLY if any(word in told for told in complaints)], complaints
    assert any("without a comma: 690.8% or 6908%" in told for told in complaints)
    with pytest.raises(ValueError, match=r"found -5, expected more than 0") as refused:
        desk.turn("target.at_least", -5.0)
    assert not [word for word in OURS_ONLY if word in str(refused.value)]


def test_verbose_prints_values_as_a_file_states_them(small: Path) -> None:
    told = call(
        "run",
        small,
        *FEW,
        "-v",
        "--set",
        "levers.a.percent={low: 0%, likely: 1.50%, high: 9%}",
        "--set",
        "target.at_least=900.50",
    ).stdout
    flat = " ".join(told.split())
    assert "levers.a.percent: 3% -> {low: 0%, likely: 1.50%, high: 9%} (--set)" in flat
    assert "target.at_least: 1000 -> 900.50 (--set)" in flat
    assert not [word for word in OURS_ONLY if word in told]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("690,8", ("690.8", "6908")),
        ("1,000", ("1000", "1.000")),
        ("1 000", ("1000",)),
        ("1\u202f000,5", ("1000.5",)),
        ("1.234,5", ("1234.5",)),
        ("1,234.5", ("1234.5",)),
        ("1.234.567", ("1234567",)),
        ("64,8%", ("64.8%", "648%")),
        ("-0,5", ("-0.5",)),
        ("1'000", ("1000",)),
        ("690.8", ()),
        ("12,34,56", ()),
        ("1 2", ()),
        ("0690", ()),
        ("2018, 2019", ()),
    ],
)
def test_a_number_with_a_comma_or_a_blank_is_read_in_every_way_that_makes_sense(
    text: str, readings: tuple[str, ...]
) -> None:
    assert respelled(text) == readings


# Consoles


def printed(*words: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, "-m", "simulator", *words],
        cwd=ROOT,
        capture_output=True,
        env=environment,
        check=False,
    )


STRANGE = SMALL.replace("Small", '"Тест ± € \u0416 :smile: [bold]x[/bold]"') + "notes: ':fire: [red] – …'\n"


@pytest.mark.parametrize("encoding", sampled(["cp1251", "cp866", "ascii"], every=3))
def test_a_console_that_lacks_a_character_gets_another(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "strange.yaml"
    path.write_text(STRANGE, "utf-8")
    done = printed("compare", str(path), FLAGSHIP, *FEW, encoding=encoding)
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode(encoding)
    assert "Together" in told
    assert ("Тест" in told) == (encoding != "ascii")
    assert b"\x1b[31m" not in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("run", "FILE"),
        ("compare", "FILE", "FILE"),
        ("solve", "FILE"),
        ("solve", "FILE", "--map", "a", "target.at_least"),
        ("mix", "FILE"),
        ("sensitivity", "FILE"),
        ("discover", "FILE"),
        ("claim", "FILE", "turnover 2019 >= 800"),
        ("validate", "FILE"),
        ("report", "FILE", "--out", "OUT"),
    ],
    ids=lambda words: words[0],
)
def test_every_machine_answer_is_ascii_and_holds_only_what_json_has(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "strange.yaml"
    path.write_text(STRANGE, "utf-8")
    named = {"FILE": str(path), "OUT": str(tmp_path / "out.html")}
    points = () if words[0] == "validate" else FEW
    done = call(*(named.get(word, word) for word in words), *points, "--json")
    assert done.exit_code == 0, done.output
    assert done.stdout.isascii()

    def refused(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(done.stdout, parse_constant=refused)
    shown = call(
        *(named.get(word, word) for word in words), *points, *(["--force"] if "OUT" in words else [])
    )
    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout
    assert "\U0001f604" not in shown.stdout


def test_the_schema_is_ascii_too() -> None:
    assert call("schema").stdout.isascii()


def test_emoji_codes_and_markup_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / ":smile:[red].yaml"
    path.write_text(STRANGE, "utf-8")
    told = call("run", path, *FEW).stdout
    assert ":smile: [bold]x[/bold]" in told
    assert ":smile:[red].yaml" in "".join(told.split("\n"))
    assert ":fire: [red] – …" in told


def test_an_infinite_number_becomes_null_with_a_note() -> None:
    later = [*SPLIT, {"measure": "turnover", "period": 2018, "value": 840.0, "published": "2019-02-15"}]
    found = Claim("turnover 2018 >= 10", simulate(scenario(later), points=256), 840.0, False, -float("inf"))
    told = json.loads(json_text(found.to_dict()))
    assert told["log_score"] is None
    assert told["notes"] == ["log_score is minus infinity, told as null."]
    assert json.loads(json_text({"a": [1.5, float("nan")], "notes": ["kept"]})) == {
        "a": [1.5, None],
        "notes": ["kept", "a.1 is no number, told as null."],
    }


def test_a_full_disk_is_told_in_a_sentence() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "simulator", "schema"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"failed while running: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_taken_port_is_told_before_any_address_is_printed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = call("app", "--port", other.getsockname()[1])
    assert done.exit_code == 2
    assert "listens already" in done.stderr
    assert "The page is at" not in done.output


# Files


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new.txt", "a")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new.txt") == 0o640


@pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX")
def test_a_file_changed_in_place_keeps_its_permissions_and_its_link(tmp_path: Path) -> None:
    real = tmp_path / "kept" / "real.yaml"
    real.parent.mkdir()
    real.write_text(SMALL)
    real.chmod(0o600)
    link = tmp_path / "link.yaml"
    link.symlink_to("kept/real.yaml")
    done = call("solve", link, *FEW, "--lever", "target.at_least", "--write", link, "--force")
    assert done.exit_code == 0, done.output
    assert link.is_symlink()
    assert "at_least: 1000" not in real.read_text()
    assert mode(real) == 0o600
    assert [path.name for path in real.parent.iterdir()] == ["real.yaml"]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(
    "words",
    [
        ("solve", "FILE", *FEW, "--lever", "target.at_least", "--write", "LOCKED", "--force"),
        ("report", "FILE", *FEW, "--format", "html", "--out", "LOCKED", "--force"),
        ("new", "LOCKED", "--force"),
    ],
    ids=lambda words: words[0],
)
def test_a_read_only_file_is_not_replaced(words: tuple[str, ...], small: Path, tmp_path: Path) -> None:
    locked = tmp_path / ("locked.html" if words[0] == "report" else "locked.yaml")
    locked.write_text("mine")
    locked.chmod(0o444)
    done = call(*({"FILE": small, "LOCKED": locked}.get(word, word) for word in words))
    assert done.exit_code == 1
    assert "read-only" in done.stderr
    assert locked.read_text() == "mine"
    assert mode(locked) == 0o444


def test_a_place_that_cannot_be_written_is_told(small: Path) -> None:
    done = call("solve", small, *FEW, "--lever", "target.at_least", "--write", small / "below" / "x.yaml")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_an_empty_table_keeps_its_head(tmp_path: Path) -> None:
    bare = tmp_path / "bare.yaml"
    bare.write_text(SMALL.partition("levers")[0])
    assert call("run", bare, *FEW, "--out", tmp_path / "out").exit_code == 0
    with (tmp_path / "out" / "levers.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [list(COLUMNS["levers"])]
    streams = {key: {"direction": key, "partner": key.upper()} for key in ("exports", "imports")}
    full = simulate(scenario(levers={"a": {"kind": "custom", "percent": "3%"}}, streams=streams), points=256)
    for name, columns in COLUMNS.items():
        assert tuple(TABLES[name](full)[0]) == tuple(columns)


# Solve


def test_a_default_bound_is_named_as_one(small: Path) -> None:
    def told(*words: Any) -> str:
        return re.sub(
            r"\s+", " ", call("solve", small, *FEW, "--probability", "0.99", "--lever", "a", *words).stdout
        )

    assert "its default bounds go, for the scenario states no bounds of its own" in told()
    assert "bounds: {percent: [lowest, highest]} at levers.a" in told()
    for words in (("--bounds", "0%:12%"), ("--set", "levers.a.bounds={percent: [0%, 12%]}")):
        assert "as far as its bounds go" in told(*words)
        assert "default bounds" not in told(*words)
