"""What lies on the analyst's desk: a scenario file, what she has changed of it, and the way back. Knows no Streamlit."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from simulator.files.editing import edited, standalone
from simulator.files.loading import Loaded, load, load_text
from simulator.files.opening import checked
from simulator.files.reading import PREFIX, SHIPPED, shipped_names
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, Switch, knobs, switches, turned, written
from simulator.values.fields import In
from simulator.values.wording import plainly, show

Values = Mapping[str, Any]
FIRST = "belarus-kazakhstan-2020"
NAME = "scenario"  # in a link
FURTHEST = 200  # changes that can be undone
ONE_PULL = 1.5  # seconds between two values of one slider that are undone together


@dataclass
class Desk:
    """One scenario under work.

    ``values`` are the knobs and switches that differ from the file as it was loaded, ``saved`` those at the last download; the file itself
    is never changed.
    """

    name: str
    text: str
    base: Scenario
    shipped: bool
    values: dict[str, Any] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)
    past: list[dict[str, Any]] = field(default_factory=list)
    future: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.knobs: dict[str, Knob] = {knob.path: knob for knob in knobs(self.base)}
        self.switches: dict[str, Switch] = {switch.path: switch for switch in switches(self.base)}
        self._built: dict[str, Scenario] = {}
        self._last, self._moved = "", 0.0
        self._read: tuple[Scenario, dict[str, Knob]] | None = None

    @classmethod
    def of_shipped(cls, name: str) -> Desk:
        """A scenario that comes with the simulator.

        Raises:
            ScenarioError: there is none of that name.
        """
        loaded = load(PREFIX + name)
        file = SHIPPED / f"{name}.yaml"
        return cls(
            name, standalone(file.read_text("utf-8"), loaded.file, file), checked(loaded).scenario, True
        )

    @classmethod
    def of_upload(cls, content: bytes, name: str) -> Desk:
        """A file of the user's own, merged with what it extends.

        Raises:
            ScenarioError: with every fault.
        """
        loaded: Loaded = checked(load_text(content, name))
        return cls(name, standalone(content, name), loaded.scenario, False)

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands."""
        return self._with(self.values)

    @property
    def saved_scenario(self) -> Scenario:
        """The scenario as loaded or last downloaded."""
        return self._with(self.saved)

    @property
    def changed(self) -> bool:
        """Whether anything differs from what is saved."""
        return self.values != self.saved

    def value(self, path: str) -> Any:
        """What a knob or a switch stands at."""
        if path in self.switches:
            return self.values.get(path, self.switches[path].value)
        return self._now()[path].value  # the ends of a range go along with its main value

    def turn(self, path: str, value: Any) -> None:
        """Set a knob or a switch; back at the file's own value it is no change.

        Raises:
            ValueError: the scenario cannot take the value beside the others; nothing is changed.
        """
        own = self.knobs[path].value if path in self.knobs else self.switches[path].value
        changed = {key: old for key, old in self.values.items() if key != path} | (
            {} if value == own else {path: value}
        )
        again = self._last == path and time.monotonic() - self._moved < ONE_PULL
        self._move(changed, again)
        self._last = path

    def take(self, scenario: Scenario) -> None:
        """Turn every knob and switch to where another scenario, made from this one, has it; undone as one change."""
        there, ends = _standing(scenario), {path for path, knob in self.knobs.items() if knob.part}
        own = {path: value for path, value in _standing(self.base).items() if path in there}
        values = {path: there[path] for path in own if path not in ends and not _same(there[path], own[path])}
        moved = _standing(self._with(values))  # the ends of a range that went along with its main value
        values |= {path: there[path] for path in own.keys() & ends if not _same(there[path], moved[path])}
        self._move(
            {
                path: self.values[path] if _same(self.values.get(path), value) else value
                for path, value in values.items()
            }
        )

    def turn_back(self, paths: Iterable[str]) -> None:
        """Put some knobs and switches back to where they were saved."""
        paths = set(paths)
        kept = {key: value for key, value in self.values.items() if key not in paths}
        self._move(kept | {key: value for key, value in self.saved.items() if key in paths})

    def reset(self) -> None:
        """Back to what was loaded or last downloaded; it can be undone."""
        self._move(dict(self.saved))

    def undo(self) -> None:
        """One change back."""
        if self.past:
            self._last = ""
            self.future.append(self.values)
            self.values = self.past.pop()

    def redo(self) -> None:
        """One change forward again."""
        if self.future:
            self.past.append(self.values)
            self.values = self.future.pop()

    def file(self) -> str:
        """The YAML with every change in its place, comments kept."""
        return edited(self.text, written(self.base, dict(sorted(self.values.items()))), self.name)

    def keep(self) -> None:
        """Take what stands as saved."""
        self.saved = dict(self.values)

    def words(self) -> dict[str, str]:
        """The link's words: the scenario's name and every change, as ``--set`` would write its main value."""
        told = {
            path: self.knobs[path].written(value) if path in self.knobs else _word(value)
            for path, value in sorted(self.values.items())
        }
        return {NAME: self.name, **told}

    def _move(self, values: dict[str, Any], again: bool = False) -> None:
        """Take other values; ``again``, in one pull with the last ones, so that they are undone together."""
        if values != self.values:
            self._with(values)
            if not again:
                self.past = [*self.past[-FURTHEST:], self.values]
            self.future = []
            self.values = values
        self._last, self._moved = "", time.monotonic()

    def _with(self, values: Values) -> Scenario:
        ordered = dict(sorted(values.items()))  # a main value before the ends of its range
        key = repr(ordered)  # 1, 1.0 and true are equal, and not the same
        if key not in self._built:
            if len(self._built) > FURTHEST:
                self._built.clear()
            try:
                self._built[key] = turned(self.base, ordered) if values else self.base
            except ValidationError as error:
                raise ValueError(plainly(error)) from error
        return self._built[key]

    def _now(self) -> dict[str, Knob]:
        scenario = self.scenario
        if self._read is None or self._read[0] is not scenario:
            self._read = scenario, {knob.path: knob for knob in knobs(scenario)}
        return self._read[1]


def from_words(words: Mapping[str, str]) -> tuple[Desk, list[str]]:
    """The desk that a link describes, and what of the link makes no sense and was left out."""
    name = words.get(NAME, FIRST)
    complaints = []
    if name not in shipped_names():
        complaints.append(f"found no scenario {show(name)}, opened {FIRST}")
        desk = Desk.of_shipped(FIRST)
        ignored = [path for path in words if path != NAME]
        return desk, complaints + [f"{', '.join(ignored)} left out with it"] * bool(ignored)
    desk = Desk.of_shipped(name)
    values: dict[str, Any] = {}
    for path, text in words.items():
        if path == NAME:
            continue
        try:
            read = _read(desk, path, text)
            turned(desk.base, values | {path: read})
        except (KeyError, ValueError) as error:
            reason = str(error.args[0]) if isinstance(error, KeyError) else plainly(error).replace("\n", "; ")
            complaints.append(reason[:200] if reason.startswith(path) else f"{path}: {reason[:200]}")
        else:
            values[path] = read
    for path, value in values.items():
        desk.turn(path, value)
    desk.past = []
    return desk, complaints


def _read(desk: Desk, path: str, text: str) -> Any:
    if path in desk.knobs:
        knob = desk.knobs[path]
        return In(knob.unit, knob.low, knob.high).certain(_plain(text))
    if path in desk.switches:
        options = {_word(option): option for option in desk.switches[path].options}
        if text not in options:
            raise ValueError(f"found {show(text)}, expected one of {', '.join(options)}")
        return options[text]
    raise KeyError("found no such slider in this scenario")


def _plain(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _standing(scenario: Scenario) -> dict[str, Any]:
    """Where every knob and switch stands."""
    return {knob.path: knob.value for knob in knobs(scenario)} | {
        switch.path: switch.value for switch in switches(scenario)
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-15)
    return bool(one == other)


def _word(value: Any) -> str:
    return "random" if value is None else str(value).lower()
