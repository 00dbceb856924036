"""The kinds of input: what each is fed, what takes it, and which errors may say no."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.analysis.claim import read_claim
from simulator.cli import main
from simulator.errors import FileError, InputError, NoNumber, ScenarioError, StatisticsError
from simulator.files.editing import edited
from simulator.files.importing import read_table
from simulator.files.loading import load, load_scenario, load_text
from simulator.files.opening import checked
from simulator.files.reading import shipped_file
from simulator.files.tables.choices import Choices
from simulator.files.tables.units import Scale
from simulator.files.workbook.bringing import scenario_of
from simulator.files.workbook.writing import workbook
from simulator.model.engine import simulate
from simulator.scenario.parameters import knobs_by_path, switches
from simulator.workspace import builder, drafts, link, parcel
from simulator.workspace.desk import Desk
from simulator.workspace.form import ASKED, SHARED, Form, Goal
from simulator.workspace.messages import answered, message
from simulator.workspace.pasted import taken
from simulator.workspace.scales import reach, shown
from tests.fuzz import inputs
from tests.fuzz.rich import rich
from tests.fuzz.schemas import odd, often, spoilt

POINTS = 128
CASES = (
    "belarus-kazakhstan-2020",
    "china-russia-2015",
    "united-states-uzbekistan-2022",
    "india-partners-2022",
)


class Broken(AssertionError):
    """What was taken is not what it should be."""


@dataclass(frozen=True)
class Kind:
    """A kind of input.

    ``take`` returns whether an input was accepted, or raises one of ``refusals``; ``share`` is its part of all
    inputs, and no input may take more than ``seconds`` of processor time (the machines that run this are shared).
    """

    name: str
    inputs: Callable[[], st.SearchStrategy[Any]]
    take: Callable[[Any], bool]
    refusals: tuple[type[Exception], ...]
    share: float
    seconds: float = 5


def _expect(condition: object, message: str) -> None:
    if not condition:
        raise Broken(message)


# Files


def _load(text: str | bytes) -> bool:
    try:
        loaded = checked(load_text(text, inputs.NAME))
    except ScenarioError as error:
        _check_places(error, text)
        raise
    _expect(loaded.scenario.title, "a scenario without a title")
    return True


def _check_places(error: FileError, text: str | bytes) -> None:
    """Every fault of a file that has lines names one of them, and is one line of words."""
    lines = (text if isinstance(text, bytes) else text.encode("utf-8", "replace")).count(b"\n") + 2
    for fault in error.faults:
        if fault.file == inputs.NAME and len(text) < 2_000_000:
            _expect(fault.line is not None and 1 <= fault.line <= lines, f"no line: {fault}")


def _set(sent: tuple[str, list[str]]) -> bool:
    name, words = sent
    checked(load(f"shipped:{name}", words))
    return True


@cache
def _paths(name: str) -> list[str]:
    """Paths of a shipped scenario, of every knob and switch and of all that is stated."""
    loaded = load(f"shipped:{name}")
    turnable = [*knobs_by_path(loaded.scenario), *(switch.path for switch in switches(loaded.scenario))]
    return sorted({*turnable, *loaded.origins})


@st.composite
def _turns(draw: st.DrawFn, name: str) -> tuple[str, float]:
    """A control of a shipped scenario, and a number within its reach."""
    desk = _shipped(name)
    knob = desk.knobs[draw(st.sampled_from(sorted(desk.knobs)))]
    low, high = reach(desk, knob.path)
    value = low + draw(st.floats(0, 1)) * (high - low)
    return knob.path, round(value) if knob.unit.integer else value


def _settings() -> st.SearchStrategy[tuple[str, list[str]]]:
    number = st.one_of(st.integers(0, 2000).map(str), st.integers(0, 60).map("{}%".format), inputs.months)
    value = st.one_of(
        number, odd().map(_word), st.text(max_size=12), st.sampled_from(["true", "false", "random", "null"])
    )

    def words(name: str) -> st.SearchStrategy[list[str]]:
        stated = st.sampled_from(_paths(name))
        path = st.one_of(stated, stated.flatmap(inputs.mangled), st.text(max_size=10))
        sound = _turns(name).map(lambda turn: f"{turn[0]}={_shipped(name).knobs[turn[0]].written(turn[1])}")
        return st.lists(
            often(sound, st.builds(lambda p, v: f"{p}={v}", path, value), 1), min_size=1, max_size=3
        )

    return st.sampled_from(CASES).flatmap(lambda name: st.tuples(st.just(name), words(name)))


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


# Answers


def _answer(tree: dict[str, Any]) -> bool:
    loaded = checked(load_text(inputs.written(tree), inputs.NAME))
    answer = simulate(loaded.scenario, points=POINTS).to_dict()
    json.dumps(answer, allow_nan=False)
    _expect(0 <= answer["probability"] <= 1, f"a probability of {answer['probability']}")
    _expect(0 <= answer["standard_error"] < 1, f"an error of {answer['standard_error']}")
    reach = answer["probability_range"]
    _expect(0 <= reach["low"] <= answer["probability"] <= reach["high"] <= 1, f"a range of {reach}")
    for years in answer["totals"].values():
        for bands in years.values():
            _expect(list(bands.values()) == sorted(bands.values()), f"quantiles out of order: {bands}")
    return True


VERBS = (
    ["run"],
    ["run", "-v"],
    ["run", "--json"],
    ["validate"],
    ["sensitivity"],
    ["sensitivity", "--json"],
    ["solve", "--probability", "0.6"],
    ["discover", "--of", "missed"],
    ["context"],
    ["mix"],
    ["track"],
    ["report", "--format", "html", "--out", "OUT.html"],
    ["report", "--brief", "--email"],
    ["sheet", "--out", "OUT.xlsx"],
    ["claim", "turnover 2019 >= 700"],
    ["claim", "exports 2020 growth >= 5%"],
    ["observe", "--measure", "turnover", "--period", "2018-11", "--value", "50", "--published", "2018-12-01"],
)


def _verb(sent: tuple[dict[str, Any], list[str]]) -> bool:
    tree, (verb, *rest) = sent
    runner = CliRunner()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, inputs.NAME)
        file.write_text(inputs.written(tree), "utf-8")
        options = [word.replace("OUT", f"{folder}/out") for word in rest]
        points = [] if verb in ("validate", "sheet", "observe", "track") else ["--points", str(POINTS)]
        done = runner.invoke(main, [verb, str(file), *options, *points])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    _expect(done.exit_code in (0, 1, 2, 3), f"exit code {done.exit_code}")
    _expect("Traceback" not in done.output, "a traceback")
    _expect(done.exit_code == 0 or done.stderr.strip(), "no word of why")
    _expect("No such option" not in done.stderr, done.stderr)
    return done.exit_code in (0, 3)


# Links, drafts and controls


@cache
def _shipped(name: str) -> Desk:
    return Desk.of_shipped(name)


def _link(sent: tuple[str, Any]) -> bool:
    how, content = sent
    if how == "query":
        desk, complaints = link.desk_from(content)
        sets, more = link.sets_from(content, "scenario" in content)
        words = link.of_sets(sets, desk)
        again, none = link.desk_from(link.of_desk(desk))
        _expect(not none and again.scenario == desk.scenario, f"the link of a link differs: {none}")
        _expect(all(isinstance(word, str) for word in words.values()), "a word that is none")
        _expect(all(len(text) < 600 for text in (*complaints, *more)), "a long complaint")
        return not (complaints or more)
    if how == "drafts":
        kept = drafts.Drafts()
        kept.read(content)
        waiting = kept.waiting(_shipped(CASES[0]).copy())
        _expect(all(isinstance(draft.day, str) for draft in kept.kept.values()), "a day that is none")
        return waiting is not None or bool(kept.kept)
    word = content if isinstance(content, str) else parcel.packed(content)
    desk, sets, complaints = link.opened(word, _shipped(CASES[1]).copy())
    checked(load_text(desk.file(), "opened.yaml"))
    link.parcel_of(desk, sets)
    return not complaints


def _links() -> st.SearchStrategy[tuple[str, Any]]:
    return st.one_of(
        st.tuples(st.just("query"), _queries()),
        st.tuples(st.just("parcel"), _parcels()),
        st.tuples(st.just("parcel"), inputs.mangled(parcel.packed({"desk": {"name": CASES[0]}}))),
        st.tuples(st.just("drafts"), _drafts()),
    )


def _queries() -> st.SearchStrategy[dict[str, str]]:
    def of(name: str) -> st.SearchStrategy[dict[str, str]]:
        number = st.one_of(
            st.floats(-100, 3000).map(repr), st.integers(0, 200).map(str), odd().map(_word), inputs.months
        )
        others = st.sampled_from(["with", "first", "split", "name.current", "page", "x", "levers", ""])
        paths = often(st.sampled_from(_paths(name)), others, 3)
        sound = st.lists(_turns(name), max_size=4).map(
            lambda turns: {path: _shipped(name).knobs[path].written(value) for path, value in turns}
        )
        words = sound | st.dictionaries(
            paths, st.one_of(number, st.sampled_from([*CASES, ",".join(CASES), "saved", "true"])), max_size=5
        )
        scenario = often(st.just(name), st.text(max_size=5) | st.just("../x"), 9)
        return st.builds(lambda more, at: {"scenario": at, **more}, words, scenario)

    return st.sampled_from(CASES[:2]).flatmap(of)


def _parcels() -> st.SearchStrategy[Any]:
    desk = st.one_of(
        st.builds(lambda text: {"name": inputs.NAME, "text": text}, inputs.shipped_texts().map(str)),
        st.builds(lambda name, more: {"name": name, "set": more}, st.sampled_from(CASES), _queries()),
        st.builds(
            lambda one, other: {"name": "x.yaml", "text": one, "opened": other},
            st.sampled_from(inputs.shipped()),
            st.sampled_from(inputs.shipped()),
        ),
    )
    return (
        st.builds(
            lambda one, pin, up: {
                "desk": one,
                "pins": {"B": pin},
                "uploads": {"upload 1": up},
                "names": {"B": "b"},
            },
            desk,
            desk,
            desk,
        )
        .flatmap(partial(spoilt, most=2))
        .filter(lambda content: isinstance(content, Mapping))
        .map(_plain)
    )


def _plain(content: Any) -> Any:
    return json.loads(json.dumps(content, default=str))


def _drafts() -> st.SearchStrategy[Any]:
    draft = {
        "name": CASES[0],
        "title": "A title",
        "word": parcel.packed({}),
        "when": "2026-11-28T10:00+00:00",
    }
    return st.one_of(odd(), spoilt([draft, draft], most=4), st.lists(odd(), max_size=3))


def _control(sent: tuple[str, list[Any]]) -> bool:
    name, messages = sent
    desk = _shipped(name).copy()
    accepted = 0
    for raw in messages:
        try:
            _, why = answered(desk, message(raw))
            accepted += not why
        except InputError:
            continue
    loaded = checked(load_text(desk.file(), inputs.NAME))
    _expect(
        not desk.values
        or loaded.scenario.model_dump() == desk.scenario.model_dump(exclude={"approved"}) | {"approved": None}
        or _alike(loaded.scenario, desk.scenario),
        "the file differs from the desk",
    )
    return accepted > 0


def _alike(one: Any, other: Any) -> bool:
    """Whether two scenarios stand alike, but for the last digits of their numbers."""
    first, second = ({key: knob.value for key, knob in knobs_by_path(x).items()} for x in (one, other))
    return first.keys() == second.keys() and all(
        abs(first[key] - second[key]) <= 1e-9 * max(1, abs(first[key])) for key in first
    )


def _controls() -> st.SearchStrategy[tuple[str, list[Any]]]:
    def of(name: str) -> st.SearchStrategy[list[Any]]:
        paths = st.sampled_from(_paths(name))
        value = st.one_of(st.floats(-10, 3000), st.integers(0, 100), st.booleans(), odd())
        sent = st.builds(
            lambda path, value, seq: {"path": path, "value": value, "phase": "move", "seq": seq},
            paths,
            value,
            st.integers(0, 99),
        )
        sound = st.builds(
            lambda turn, seq: {
                "path": turn[0],
                "value": shown(_shipped(name).knobs[turn[0]], turn[1]),
                "phase": "rest",
                "seq": seq,
            },
            _turns(name),
            st.integers(0, 99),
        )
        return st.lists(often(sound, st.one_of(sent, sent.flatmap(spoilt), odd()), 2), min_size=1, max_size=5)

    return st.sampled_from(CASES).flatmap(lambda name: st.tuples(st.just(name), of(name)))


# Tables, uploads and workbooks


def _read(sent: tuple[bytes, str, dict[str, Any]]) -> bool:
    data, name, options = sent
    scale = Scale("USD", "million") if "home" in options else Scale(None)
    read = read_table(data, name, Choices.of(**options), scale)
    json.dumps(read.to_dict(), allow_nan=False)
    if read.observations:
        edited("title: x\n", {"observations": []}, name)
        read.text()
    return True


def _paste(sent: tuple[bytes, str, dict[str, Any]]) -> bool:
    data, name, options = sent
    case = {"home": "Belarus", "partner": "Kazakhstan", "unit": "million USD"}
    outcome = taken(
        data,
        name,
        Scale("USD", "million"),
        case | {key: options[key] for key in ("measure", "year") if key in options},
    )
    _expect(
        outcome.rows or outcome.question or outcome.faults or outcome.alternatives or outcome.remarks,
        "nothing is said",
    )
    return bool(outcome.rows)


def _upload(sent: tuple[bytes, str]) -> bool:
    desk = Desk.of_upload(*scenario_of(*sent))
    checked(load_text(desk.file(), desk.name))
    return True


def _uploads() -> st.SearchStrategy[tuple[bytes, str]]:
    names = st.sampled_from([inputs.NAME, "x.json", "x.xlsx", "../x.yaml", "x" * 300, "\x1b.yaml", ""])
    zips = st.dictionaries(
        st.sampled_from(["xl/workbook.xml", "[Content_Types].xml", "a", "../a"]), st.binary(max_size=30)
    ).map(inputs.zipped)
    texts = st.one_of(inputs.scenario_texts(), inputs.shipped_texts()).map(
        lambda text: text.encode("utf-8", "replace") if isinstance(text, str) else text
    )
    table = st.sampled_from(inputs.tables()).map(lambda item: item[1][:4000])
    return st.tuples(
        st.one_of(texts, zips, table, st.binary(max_size=60), book().flatmap(inputs.corrupted)), names
    )


@cache
def _book(name: str) -> bytes:
    return workbook(shipped_file(name).read_text("utf-8"), f"{name}.yaml")


def book() -> st.SearchStrategy[bytes]:
    """Workbooks of shipped scenarios."""
    return st.sampled_from(("china-russia-2015", "united-states-uzbekistan-2022")).map(_book)


def _sheet(data: bytes) -> bool:
    text, name = scenario_of(data, "book.xlsx")
    checked(load_text(text, name))
    return True


# Forms and claims


def _form(sent: Form | dict[str, Any]) -> bool:
    form = sent if isinstance(sent, Form) else builder.restored(sent)
    if form is None:
        return False
    outcome = builder.made(form)
    _expect(outcome.scenario or outcome.missing or outcome.problems, "nothing is said")
    kept = builder.unpacked(builder.packed(form))
    _expect(kept is not None, "a form that is not kept")
    return outcome.scenario is not None


def _forms() -> st.SearchStrategy[Form | dict[str, Any]]:
    text = odd().map(str)

    def mostly(*usual: str) -> st.SearchStrategy[str]:
        return often(st.sampled_from(usual), text, 30)

    number = often(inputs.moderate.map(str), mostly("1 000", "12,5", "5 %"), 12)
    when = often(inputs.periods.map(str), text, 12)
    goal = st.builds(
        Goal,
        measure=st.sampled_from(ASKED),
        side=st.sampled_from(["at_least", "at_most", "growth_at_least", "share_at_least"]),
        number=number,
        period=mostly("2020", "2021"),
        of=st.sampled_from(SHARED),
        since=mostly("", "2017"),
        resolved_by=mostly(""),
    )
    row = st.fixed_dictionaries(
        {"period": when},
        optional={
            "exports": number,
            "imports": number,
            "turnover": number,
            "exports growth": number,
            "published": mostly("2018-05-01"),
            "source": text,
        },
    )
    good = st.just(
        [
            {"period": "2016", "exports": "50", "imports": "20"},
            {"period": "2017", "exports": "61", "imports": "22"},
        ]
    )
    rows = st.one_of(
        good, st.builds(lambda a, b: a + b, good, st.lists(row, max_size=2)), st.lists(row, max_size=4)
    )
    form = st.builds(
        Form,
        nation=st.booleans(),
        home=mostly("Belarus"),
        partner=mostly("Kazakhstan"),
        currency=mostly("USD", "EUR"),
        unit=st.sampled_from(["thousand", "million", "billion"]),
        as_of=mostly("2018-10-31"),
        goals=st.lists(goal, min_size=1, max_size=2),
        rows=rows,
        fiscal_year_starts=st.sampled_from([None, None, 4]),
        title=mostly("", "A case"),
        name=mostly(""),
    )
    return often(form, form.map(asdict).flatmap(spoilt), 3)


def _claim(text: str) -> bool:
    scenario = _scenario(CASES[0])
    simulate(scenario.changed(target=read_claim(scenario, text)), points=16).probability  # noqa: B018
    return True


@cache
def _scenario(name: str) -> Any:
    return load_scenario(f"shipped:{name}")


def _claims() -> st.SearchStrategy[str]:
    parts = st.tuples(
        st.sampled_from(
            [
                "turnover",
                "exports",
                "balance",
                "machinery",
                "furniture of exports",
                "exports + imports",
                "oil",
            ]
        ),
        st.sampled_from(["2017", "2018", "2019", "2020", "2019-Q2", "2018-10..2019-09"])
        | inputs.periods.map(str)
        | st.sampled_from(["FY2018-19", "2025"]),
        st.sampled_from(["", "growth", "growth a year"]),
        st.sampled_from(["", "since 2017", "since 2020"]),
        st.sampled_from([">=", "<=", "at least", "at most", "="]),
        st.one_of(inputs.moderate.map(str), st.integers(0, 99).map("{}%".format), odd().map(str)),
    )
    text = parts.map(lambda words: " ".join(filter(None, words)))
    plain = st.builds(
        "{} {} {} {}".format,
        st.sampled_from(["turnover", "exports", "balance", "machinery", "exports + imports"]),
        st.sampled_from(["2018", "2019", "2019-Q2", "2018-10..2019-09"]),
        st.sampled_from([">=", "<=", "at least"]),
        inputs.moderate,
    )
    return often(plain, st.one_of(text, text.flatmap(inputs.mangled)), 1)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("file", inputs.scenario_texts, _load, (ScenarioError,), 0.19),
        Kind("shipped", inputs.shipped_texts, _load, (ScenarioError,), 0.2),
        Kind("set", _settings, _set, (ScenarioError,), 0.14),
        Kind("answer", rich, _answer, (ScenarioError, NoNumber, InputError), 0.02, 10),
        Kind("verb", lambda: st.tuples(rich(), st.sampled_from(VERBS)), _verb, (), 0.006, 30),
        Kind("link", _links, _link, (ScenarioError, InputError, ValueError), 0.08),
        Kind("control", _controls, _control, (), 0.06),
        Kind("table", inputs.statistics, _read, (StatisticsError,), 0.13),
        Kind("paste", inputs.statistics, _paste, (StatisticsError,), 0.03),
        Kind("upload", _uploads, _upload, (ScenarioError,), 0.04),
        Kind("sheet", lambda: book().flatmap(inputs.spoilt_book), _sheet, (ScenarioError,), 0.02),
        Kind("form", _forms, _form, (), 0.04),
        Kind("claim", _claims, _claim, (InputError, ValueError, ValidationError), 0.05),
    )
}
