"""The controls of the page as plain data: every knob and switch of a desk in rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from simulator.caches import attached
from simulator.levers.driver import Driver
from simulator.report.names import named
from simulator.scenario import Scenario
from simulator.scenario.parameters import TREND, Knob, Switch
from simulator.scenario.remarks import figure_path, input_path
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import titles
from simulator.values.wording import capital
from simulator.workspace.desk import Desk, Edition
from simulator.workspace.scales import Scale, scale_of, shown
from simulator.workspace.structure import structural

AT_ONCE = 4  # controls of a row that stand in sight once it is opened; the others are for experts
SECTIONS = {"target": "Target", "levers": "Measures", "risks": "Risks", "outlook": "World and growth"}
ACTIONS = {"levers": "Add measure", "risks": "Add risk"}
EDIT = "Edit measures"  # and risks: their names, copies, ways out
PARTS = {"outlook": ("outlook", "rates", "streams")}  # of a scenario, that stand in one row
STATES = {  # places of a switch that are no words themselves
    None: "uncertain",
    "pair": "two countries",
    "large-pair": "two countries, $1bn a year or more",
    "national": "all trade of a country",
    "lumpy": "few large orders",
}


@dataclass(frozen=True)
class Remark:
    """A comment: who said it and when, and what."""

    who: str
    text: str


@dataclass(frozen=True)
class Thumb:
    """One end, or the middle, of a control: where it stands, and where the file has it."""

    path: str
    name: str
    value: float
    original: float


@dataclass(frozen=True)
class Slider:
    """A number, or a range with its middle: thumbs in the order of the line."""

    path: str
    label: str
    help: str
    thumbs: tuple[Thumb, ...]
    scale: Scale
    badge: str
    source: str
    comments: tuple[Remark, ...] = ()
    kind: str = "slider"


@dataclass(frozen=True)
class Choice:
    """A switch that is on or off, or one place among several; ``options`` are places with their words."""

    path: str
    label: str
    help: str
    value: Any
    original: Any
    options: tuple[tuple[Any, str], ...]
    kind: str = "choice"


Control = Slider | Choice
Turnable = TypeVar("Turnable", Knob, Switch)


@dataclass(frozen=True)
class Row:
    """What belongs together. With a name it is one line that opens; without one its controls are in sight.

    ``shown`` is the path of the number that stands in the line, ``units`` what it counts, of one and of
    several, ``effect`` what it does to the answer.
    """

    id: str
    name: str
    switch: Choice | None
    shown: str | None
    effect: str
    controls: tuple[Control, ...]
    expert: tuple[Control, ...]
    units: tuple[str, str] = ("", "")
    comments: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Section:
    """Rows under one heading, and a note; ``actions`` are buttons of the page with what they are called."""

    id: str
    title: str
    rows: tuple[Row, ...]
    actions: tuple[tuple[str, str], ...] = ()
    note: str = ""


# A desk as rows


def sections(desk: Desk, effects: Mapping[str, str] | None = None, note: str = "") -> tuple[Section, ...]:
    """All that can be turned: the target, the measures, the risks, world and growth.

    ``effects`` are what each lever and risk does to the answer, in words, by its address; ``note`` is what
    the measures do together.
    """
    comments = _comments(desk.scenario)
    rows = _rows(desk, effects or {})
    return tuple(
        Section(
            id,
            title,
            tuple(_commented(row, comments) for row in rows[id]),
            _actions(id, rows[id]),
            note if id == "levers" else "",
        )
        for id, title in SECTIONS.items()
    )


def _actions(id: str, rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """What can be done with a section beside turning its controls."""
    if id not in ACTIONS:
        return ()
    add = (ACTIONS[id], f"+ {ACTIONS[id]}")
    return ((EDIT, "Edit"), add) if rows else (add,)


def _rows(desk: Desk, effects: Mapping[str, str]) -> dict[str, list[Row]]:
    """The rows of each section."""
    drivers = [_driver_row(desk, address, effects) for address, _ in desk.scenario.drivers()]
    return {
        "target": [_plain_row(desk, "target", ("target",))],
        "levers": [row for row in drivers if row.id.startswith("levers.")],
        "risks": [row for row in drivers if row.id.startswith("risks.")],
        "outlook": [_plain_row(desk, "outlook", PARTS["outlook"])],
    }


def inputs(desk: Desk) -> dict[str, str]:
    """Every input that can be commented: its path, and what it is called."""
    named: dict[str, str] = {}
    for section in sections(desk):
        for row in section.rows:
            if row.name:
                named[row.id] = f"{section.title}: {row.name}"
            for control in (*row.controls, *row.expert):
                named[control.path] = f"{section.title}: {f'{row.name}, ' if row.name else ''}{control.label}"
    figures = ((figure.measure, figure.period) for figure in desk.scenario.figures)
    return named | {figure_path(*of): f"Figure: {of[0]} {of[1]}" for of in figures}


def _commented(row: Row, comments: Sequence[tuple[str, Remark]]) -> Row:
    """A row with each comment at its number; what speaks of anything else in it stands above them."""
    sliders = {slider.path for slider in (*row.controls, *row.expert) if isinstance(slider, Slider)}
    of = PARTS.get(row.id, (row.id,))
    here = [
        remark
        for path, remark in comments
        if path not in sliders and any(Address.split(path).within(Address.split(part)) for part in of)
    ]
    controls, expert = (
        tuple(_with_comments(control, comments) for control in part) for part in (row.controls, row.expert)
    )
    return replace(row, controls=controls, expert=expert, comments=tuple(here))


def _with_comments(control: Control, comments: Sequence[tuple[str, Remark]]) -> Control:
    remarks = tuple(remark for path, remark in comments if path == control.path)
    return replace(control, comments=remarks) if remarks and isinstance(control, Slider) else control


def _comments(scenario: Scenario) -> list[tuple[str, Remark]]:
    """Every comment with the path of what it speaks of."""
    return [
        (input_path(comment, len(scenario.target)), Remark(comment.signature, comment.text))
        for comment in scenario.comments
    ]


def changed(desk: Desk) -> list[str]:
    """What of a desk differs from its file: what was added or taken out, where each control stands."""
    sliders = {
        thumb.path: (slider, thumb)
        for slider in _sliders(desk, [desk.knobs[path] for path in desk.values if path in desk.knobs])
        for thumb in slider.thumbs
    }
    turned = [
        _moved(desk, desk.knobs[path], *sliders[path])
        if path in desk.knobs
        else _switched(desk, desk.switches[path])
        for path in desk.values
    ]
    return [*structural(desk.original, desk.base), *turned]


def _moved(desk: Desk, knob: Knob, slider: Slider, thumb: Thumb) -> str:
    owner = _owner(desk, knob.address)
    name = f"{thumb.name} " if thumb.name else ""
    return f"{f'{owner}:' if owner else slider.label} {name}{slider.scale.text(thumb.value)}"


def _switched(desk: Desk, switch: Switch) -> str:
    owner, value = _owner(desk, switch.address), desk.value(switch.path)
    of = f"{owner}: " if owner else ""
    if isinstance(value, bool):
        return f"{of}{'on' if value else 'off'}"
    return f"{of}{capital(titles(desk.base, switch.address)[-1])} {state(value)}"


def _owner(desk: Desk, address: Address) -> str:
    """The lever or risk that a value belongs to; empty where it is none's."""
    if address.section not in ("levers", "risks"):
        return ""
    driver = address.owner.get(desk.scenario)
    return str(driver.name or address.id)


def plain(rows: Sequence[Section]) -> list[dict[str, Any]]:
    """Rows as JSON."""
    return [_plain(section) for section in rows]


def _plain(value: Any) -> Any:
    """What ``asdict`` gives, without a copy of each text and number."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _plain_row(desk: Desk, id: str, parts: tuple[str, ...]) -> Row:
    """Controls in sight: of the outlook only growth and the world, the law's own numbers are for experts."""
    sliders = list(_sliders(desk, [knob for knob in desk.knobs.values() if knob.address.section in parts]))
    first = [slider for slider in sliders if id == "target" or slider.path == str(TREND)]
    rest = tuple(slider for slider in sliders if slider not in first)
    choices = [_choice(desk, switch) for switch in _within(desk.switches, Address.of(id))]
    return Row(id, "", None, None, "", (*first, *choices), rest)


def _driver_row(desk: Desk, address: Address, effects: Mapping[str, str]) -> Row:
    """A lever or risk: its switch, its main value, a few more numbers, and the rest for experts."""
    driver = address.get(desk.scenario)
    name = driver.name or address.id
    enabled, *others = _within(desk.switches, address)
    knobs = _within(desk.knobs, address)
    main = next((knob for knob in knobs if knob.main), None)
    sliders = sorted(_sliders(desk, knobs), key=lambda slider: _rank(desk, slider))
    first: list[Control] = [*sliders[:AT_ONCE], *(_choice(desk, switch) for switch in others)]
    switch, effect = _choice(desk, enabled, name), effects.get(str(address), "")
    units = ("", "") if main is None else _units(desk.scenario, driver, main)
    path = main.path if main else None
    return Row(str(address), name, switch, path, effect, tuple(first), tuple(sliders[AT_ONCE:]), units)


def _units(scenario: Scenario, driver: Driver, main: Knob) -> tuple[str, str]:
    """What the main value of a lever or risk counts, in words behind the number: of one, and of several."""
    if driver.main_field == "percent":
        return (f"of {_of(scenario, driver)}",) * 2
    return main.counted("1"), main.counted("")


def _of(scenario: Scenario, driver: Driver) -> str:
    """What a lever or risk moves, in a word: exports, imports, a stream by its name, else trade."""
    touched = [scenario.streams[key] for key in scenario.touched(driver)]
    if len(touched) == 1 and len(scenario.streams) > 2:
        return named(scenario, scenario.touched(driver)[0]).text
    directions = {stream.direction for stream in touched}
    covered = [stream for stream in scenario.streams.values() if stream.direction in directions]
    if len(covered) > len(touched):
        return "what it touches"
    return directions.pop() if len(directions) == 1 else "trade"


def _within(turnable: Mapping[str, Turnable], address: Address) -> list[Turnable]:
    return [one for one in turnable.values() if one.address.within(address)]


def _rank(desk: Desk, slider: Slider) -> int:
    """The main value first, then what is special to the kind, then what all drivers have."""
    knob = desk.knobs[slider.thumbs[-1].path]
    if any(desk.knobs[thumb.path].main for thumb in slider.thumbs):
        return 0
    return 2 if str(knob.address.field[0]) in Driver.model_fields else 1


def _sliders(desk: Desk, knobs: list[Knob]) -> Iterator[Slider]:
    """A slider for each number; one that is uncertain has its ends and its middle on one line."""
    lines = dict.fromkeys(desk.line(knob.path) for knob in knobs)
    return (_slider(desk, line) for line in lines)


def _slider(desk: Desk, line: tuple[Knob, ...]) -> Slider:
    """The control of a line as the desk stands."""
    known = _untouched(desk.now.edition)
    path = line[0].path
    if path not in known:
        known[path] = _at_rest(desk.base, line)
    control = known[path]
    if not desk.values:
        return control
    values = [shown(knob, desk.value(knob.path)) for knob in line]
    thumbs = [replace(thumb, value=value) for thumb, value in zip(control.thumbs, values, strict=True)]
    return replace(control, thumbs=tuple(thumbs))


@attached
def _untouched(_: Edition) -> dict[str, Slider]:
    """The controls of a file as its text has them, by their first path: filled as they are asked for."""
    return {}


def _at_rest(scenario: Scenario, line: tuple[Knob, ...]) -> Slider:
    """The control of a line where the text of its file has it."""
    first = line[0]
    thumbs = tuple(
        Thumb(knob.path, _thumb_name(knob, line), shown(knob, knob.value), shown(knob, knob.value))
        for knob in line
    )
    source = Basis.reason(first.source) if first.basis is Basis.JUDGEMENT else first.source
    if first.address.section == "target":  # where it comes from is the title of the page
        source = ""
    address = first.address.parent if len(line) > 1 else first.address
    scale = scale_of(scenario, line)
    help = capital(first.help.partition(";")[0])  # what is behind is for statisticians, and in the glossary
    return Slider(
        str(address),
        _label(scenario, line),
        help,
        thumbs,
        scale,
        "" if first.basis is Basis.PUBLISHED else first.basis.words,
        capital(source),
    )


def _thumb_name(knob: Knob, line: tuple[Knob, ...]) -> str:
    if len(line) == 1:
        return ""
    if not knob.part:
        return "likely"
    return {"p5": "low (5 %)", "p95": "high (95 %)"}.get(knob.address.name, knob.address.name)


def _choice(desk: Desk, switch: Switch, label: str | None = None) -> Choice:
    options = tuple((option, state(option)) for option in switch.options)
    kind = "switch" if set(switch.options) == {True, False} else "choice"
    label = label or capital(titles(desk.base, switch.address)[-1])
    value, help = desk.value(switch.path), capital(switch.help)
    return Choice(switch.path, label, help, value, switch.value, options, kind)


def state(option: Any) -> str:
    """A place of a switch in words."""
    return STATES.get(option, str(option).replace("_", " "))


def _label(scenario: Scenario, line: tuple[Knob, ...]) -> str:
    """What a number is called: of a driver's main value its meaning, else the title of its field."""
    if any(knob.main for knob in line):
        return capital(line[0].help)
    address = line[0].address.parent if len(line) > 1 else line[0].address
    names = titles(scenario, address)
    if address.section == "target":
        number = f"{int(address[1]) + 1}. " if isinstance(address[1], int) else ""
        return number + capital(names[-1])
    return capital(", ".join(names[2:] if address.section in ("levers", "risks") else names[1:]))
