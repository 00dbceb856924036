"""What lies on the analyst's desk: a scenario file, what she has changed of it, and the way back."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from simulator.errors import InputError
from simulator.files.editing import edited, standalone
from simulator.files.loading import Loaded, load, load_text
from simulator.files.opening import checked
from simulator.files.reading import PREFIX, SHIPPED
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, Switch, knobs, knobs_by_path, switches, turned, written
from simulator.values.wording import plainly

Values = Mapping[str, Any]
FURTHEST = 200  # changes that can be undone
ONE_PULL = 1.5  # seconds between two values of one slider that are undone together


class State(StrEnum):
    """In what state a scenario is, as people are told."""

    DRAFT = "Draft"  # changed since it was saved; kept in the browser
    SAVED = "Saved"


@dataclass
class Desk:
    """One scenario under work.

    ``values`` are the knobs and switches that differ from the file as it was loaded, ``saved`` those at the
    last download; the file itself is never changed.
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
        self.knobs = knobs_by_path(self.base)
        self.switches: dict[str, Switch] = {switch.path: switch for switch in switches(self.base)}
        self._built: dict[str, Scenario] = {}
        self._last, self._moved = "", 0.0

    @classmethod
    def of_shipped(cls, name: str) -> Desk:
        """A scenario that comes with the simulator.

        Raises:
            ScenarioError: there is none of that name.
        """
        loaded = load(PREFIX + name)
        file = SHIPPED / f"{name}.yaml"
        text = standalone(file.read_text("utf-8"), loaded.file, file)
        return cls(name, text, checked(loaded).scenario, shipped=True)

    @classmethod
    def of_upload(cls, content: bytes, name: str) -> Desk:
        """A file of the user's own, merged with what it extends.

        Raises:
            ScenarioError: with every fault.
        """
        loaded: Loaded = checked(load_text(content, name))
        return cls(name, standalone(content, name), loaded.scenario, shipped=False)

    def copy(self) -> Desk:
        """The same as it stands, without a way back: nothing done to one touches the other."""
        other = Desk(self.name, self.text, self.base, self.shipped, dict(self.values), dict(self.saved))
        other._built = dict(self._built)  # the same scenarios: what is answered of one is known of the other
        return other

    @property
    def state(self) -> State:
        """Whether it stands as it was saved, or as its file has it."""
        return State.DRAFT if self.changed else State.SAVED

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

    @property
    def retargeted(self) -> bool:
        """Whether what is asked was changed here, so that the file's title may be false."""
        return any(path.startswith("target.") for path in self.values)

    def value(self, path: str) -> Any:
        """What a knob or a switch stands at."""
        if path in self.switches:
            return self.values.get(path, self.switches[path].value)
        return knobs_by_path(self.scenario)[path].value  # the ends of a range go along with its main value

    def bounds(self, path: str) -> tuple[float, float]:
        """How far an answer may turn a number: the bounds of its knob, and where it stands beyond them."""
        knob, value = self.knobs[path], self.value(path)
        return min(knob.low, value), max(knob.high, value)

    def line(self, path: str) -> tuple[Knob, ...]:
        """The knobs on one line: of a range its lower end, middle and upper end, else one alone."""
        knob = self.knobs[path]
        owner = knob.address.parent if knob.part else knob.address
        ends = [other for other in self.knobs.values() if other.part and other.address.parent == owner]
        if len(ends) != 2:
            return (knob,)
        middle = [self.knobs[str(owner)]] if str(owner) in self.knobs else []
        return (ends[0], *middle, ends[1])

    def turn(self, path: str, value: Any) -> None:
        """Set a knob or a switch; back at the file's own value it is no change.

        Raises:
            InputError: the scenario cannot take the value beside the others; nothing is changed.
        """
        turnable = self.knobs[path] if path in self.knobs else self.switches[path]
        values = {key: old for key, old in self.values.items() if key != path}
        if value != turnable.value:
            values[path] = value
        again = self._last == path and time.monotonic() - self._moved < ONE_PULL
        self._move(values, again)
        self._last = path

    def take(self, scenario: Scenario) -> None:
        """Turn every knob and switch to where another scenario, made from this one, has it.

        It is undone as one change.
        """
        wanted, start = _standing(scenario), _standing(self.base)
        ends = [path for path, knob in self.knobs.items() if knob.part]
        values = _different(wanted, start, [path for path in start if path not in ends])
        moved = _standing(self._with(values))  # the ends of a range went along with its main value
        values |= _different(wanted, moved, ends)
        self._move({path: self._unless_the_same(path, value) for path, value in values.items()})

    def _unless_the_same(self, path: str, value: Any) -> Any:
        """A value, or the one that was turned already and is the same but for rounding."""
        present = self.values.get(path)
        return present if _same(present, value) else value

    def restore(self) -> None:
        """Back to the file as it was loaded; it can be undone."""
        self._move({})

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
                raise InputError(plainly(error)) from error
        return self._built[key]


def _standing(scenario: Scenario) -> dict[str, Any]:
    """Where every knob and switch stands."""
    return {knob.path: knob.value for knob in knobs(scenario)} | {
        switch.path: switch.value for switch in switches(scenario)
    }


def _different(wanted: Values, present: Values, paths: Iterable[str]) -> dict[str, Any]:
    """The values at some paths that are to become others, of those that are known."""
    return {path: wanted[path] for path in paths if path in wanted and not _same(wanted[path], present[path])}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-15)
    return bool(one == other)
