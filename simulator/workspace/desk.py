"""What lies on the analyst's desk: a scenario file, what she has changed of it, and the way back."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any

from simulator.caches import MEGABYTE, Cache, keep, lazy
from simulator.errors import InputError
from simulator.files.editing import edited, standalone
from simulator.files.loading import Loaded, load, load_text
from simulator.files.opening import checked
from simulator.files.reading import PREFIX, shipped_file
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, Switch, knobs, knobs_by_path, switches, turned, written
from simulator.scenario.remarks import Approval, signed
from simulator.values.wording import plainly
from simulator.workspace.folder import Reading

Values = Mapping[str, Any]
FURTHEST = 200  # changes that can be undone
ONE_PULL = 1.5  # seconds between two values of one slider that are undone together


class State(StrEnum):
    """In what state a scenario is, as people are told."""

    DRAFT = "Draft"  # changed since it was saved; kept in the browser
    SAVED = "Saved"
    APPROVED = "Approved"  # saved, and somebody stands for it by name


@dataclass(frozen=True, eq=False)
class Edition:
    """The text of a file, and the scenario that it holds."""

    text: str
    scenario: Scenario

    @lazy
    def knobs(self) -> Mapping[str, Knob]:
        """Every number that can be turned, by its path."""
        return knobs_by_path(self.scenario)

    @lazy
    def switches(self) -> Mapping[str, Switch]:
        """Every choice that is no number, by its path."""
        return {switch.path: switch for switch in switches(self.scenario)}

    @lazy
    def lapsed(self) -> Scenario:
        """The scenario without those who stood for it: the file has changed since."""
        stood = signed(self.scenario)
        return self.scenario.model_copy(update=dict.fromkeys(stood)) if stood else self.scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edition) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@keep(Cache(__name__, 8 * MEGABYTE, grows=True))
def shipped_edition(name: str) -> Edition:
    """A scenario that comes with the simulator: the same for all who open it; see ``Desk.of_shipped``."""
    loaded, file = load(PREFIX + name), shipped_file(name)
    return Edition(standalone(file.read_text("utf-8"), loaded.file, file), checked(loaded).scenario)


@dataclass(frozen=True)
class Stand:
    """How a desk stands: an edition of its file, and the knobs and switches that differ from it."""

    edition: Edition
    values: dict[str, Any] = field(default_factory=dict)


class Desk:
    """One scenario under work.

    ``now`` is how it stands, ``opened`` its file as it was opened or last saved in its folder, ``saved`` how
    it stood when it was last saved. Numbers and choices are turned beside the text (``turn``); what the text
    holds otherwise, figures, levers and risks, changes with the text (``edit``). All of it can be undone; no
    file is changed here.
    """

    def __init__(self, name: str, opened: Edition, shipped: bool) -> None:
        self.name = name
        self.opened = opened
        self.now = self.saved = Stand(self.opened)
        self._titled = opened.scenario.target  # what its title was written for
        self.past: list[Stand] = []
        self.future: list[Stand] = []
        self.reading: Reading | None = None  # the file of a folder on which it lies
        self._shipped = shipped
        self._built: dict[tuple[Edition, str], Scenario] = {}
        self._pull, self._moved = "", 0.0  # what is being pulled, and when it last moved

    @classmethod
    def of_shipped(cls, name: str) -> Desk:
        """A scenario that comes with the simulator.

        Raises:
            ScenarioError: there is none of that name.
        """
        return cls(name, shipped_edition(name), shipped=True)

    @classmethod
    def of_upload(cls, content: bytes, name: str) -> Desk:
        """A file of the user's own, merged with what it extends.

        Raises:
            ScenarioError: with every fault.
        """
        loaded: Loaded = checked(load_text(content, name))
        return cls(name, Edition(standalone(content, name), loaded.scenario), shipped=False)

    @classmethod
    def of_file(cls, file: Path) -> Desk:
        """A file on disk, merged with what it extends.

        Raises:
            ScenarioError: with every fault.
        """
        reading, read = Reading.of(file)
        loaded = checked(load_text(read, file.name, file=file))
        made = cls(file.name, Edition(standalone(read, file.name, file), loaded.scenario), shipped=False)
        made.reading = reading
        return made

    def copy(self) -> Desk:
        """The same as it stands, without a way back: nothing done to one touches the other."""
        other = Desk(self.name, self.opened, self._shipped)
        other.now, other.saved = self.now, self.saved
        other.reading, other._titled = self.reading, self._titled
        other._built = dict(self._built)  # the same scenarios: what is answered of one is known of the other
        return other

    def untouched(self) -> Desk:
        """The same text with nothing turned beside it."""
        other = self.copy()
        other.now = other.saved = Stand(self.now.edition)
        return other

    @property
    def shipped(self) -> bool:
        """Whether its text is that of a scenario that comes with the simulator."""
        return self._shipped and self.now.edition == self.opened

    @property
    def key(self) -> str:
        """What it is kept by: no file of one's own is taken for a shipped one, or for one of a folder."""
        if self._shipped:
            return self.name
        if self.reading:
            return self.reading.key
        name = self.name.replace("/", "_")
        return name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"

    @property
    def stem(self) -> str:
        """What files that are made of it are called, before their ending."""
        return PurePath(self.name).name.removesuffix(".yaml").removesuffix(".yml")

    @property
    def text(self) -> str:
        """The text of its file, without what was turned beside it."""
        return self.now.edition.text

    @property
    def base(self) -> Scenario:
        """The scenario that the text holds."""
        return self.now.edition.scenario

    @property
    def values(self) -> dict[str, Any]:
        """The knobs and switches that differ from the text."""
        return self.now.values

    @property
    def knobs(self) -> Mapping[str, Knob]:
        """Every number that can be turned, by its path, as the text has it."""
        return self.now.edition.knobs

    @property
    def switches(self) -> Mapping[str, Switch]:
        """Every choice that is no number, by its path, as the text has it."""
        return self.now.edition.switches

    @property
    def state(self) -> State:
        """Whether it stands as it was saved, or as its file has it, and whether that is approved."""
        if self.changed:
            return State.DRAFT
        return State.APPROVED if self.approval else State.SAVED

    @property
    def approval(self) -> Approval | None:
        """Who approved it as it stands."""
        return self.scenario.approved

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands."""
        if self.changed and not self.values:
            return self.now.edition.lapsed
        return self._with(self.now)

    @property
    def original(self) -> Scenario:
        """The scenario as it was opened, or last saved in its folder."""
        return self.opened.scenario

    @property
    def saved_scenario(self) -> Scenario:
        """The scenario as opened or last saved."""
        return self._with(self.saved)

    @property
    def moved(self) -> bool:
        """Whether anything differs from the file as it was opened."""
        return self.now != Stand(self.opened)

    @property
    def changed(self) -> bool:
        """Whether anything differs from what is saved."""
        return self.now != self.saved

    @property
    def retargeted(self) -> bool:
        """Whether what is asked was changed here, so that the file's title may be false."""
        return self.scenario.target != self._titled

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
        self._move(Stand(self.now.edition, values), pull=path)

    def edit(self, text: str) -> None:
        """Take another text of the file as one change; what was turned beside it stays where it still can.

        Raises:
            ScenarioError: with every fault of the text; nothing is changed.
        """
        edition = self.edition(text)
        standing = _standing(edition.scenario)
        kept = {path: value for path, value in self.values.items() if path in standing}
        values = _different(kept, standing, kept)
        try:
            self._with(Stand(edition, values))
        except InputError:
            values = {}
        self._move(Stand(edition, values))

    def take(self, scenario: Scenario) -> None:
        """Turn every knob and switch to where another scenario, made from this one, has it.

        It is undone as one change.
        """
        wanted, start = _standing(scenario), _standing(self.base)
        ends = [path for path, knob in self.knobs.items() if knob.part]
        values = _different(wanted, start, [path for path in start if path not in ends])
        moved = _standing(self._with(Stand(self.now.edition, values)))  # the ends of a range went along
        values |= _different(wanted, moved, ends)
        taken = {path: self._unless_the_same(path, value) for path, value in values.items()}
        self._move(Stand(self.now.edition, taken))

    def _unless_the_same(self, path: str, value: Any) -> Any:
        """A value, or the one that was turned already and is the same but for rounding."""
        present = self.values.get(path)
        return present if _same(present, value) else value

    def restore(self) -> None:
        """Back to the file as it was opened; it can be undone."""
        self._move(Stand(self.opened))

    def undo(self) -> None:
        """One change back."""
        self._pull = ""
        if self.past:
            self.future.append(self.now)
            self.now = self.past.pop()

    def redo(self) -> None:
        """One change forward again."""
        self._pull = ""
        if self.future:
            self.past.append(self.now)
            self.now = self.future.pop()

    def start_here(self) -> None:
        """Forget the way back: what is laid out here is where the work begins."""
        self.past, self.future, self._pull = [], [], ""

    def file(self) -> str:
        """The YAML with every change in its place, comments kept; nobody stands for what changed since."""
        changes = written(self.base, dict(sorted(self.values.items())))
        if self.changed:
            changes |= dict.fromkeys(signed(self.base))
        return edited(self.text, changes, self.name)

    def keep(self) -> None:
        """Take what stands as saved."""
        self.saved, self._pull = self.now, ""

    def keep_nothing(self) -> None:
        """Take nothing as saved: what lies here stands in no file yet."""
        self.saved = Stand(Edition("", self.base))

    def settle(self, reading: Reading, edition: Edition) -> None:
        """Stand as the file that was just saved, with the way back."""
        self.now, self.reading = Stand(edition), reading
        self.opened = edition  # what was saved is what later changes are held against
        self.keep()

    def edition(self, text: str) -> Edition:
        """Another text of its file, read.

        Raises:
            ScenarioError: with every fault of the text.
        """
        return Edition(text, checked(load_text(text.encode(), self.name)).scenario)

    def _move(self, stand: Stand, pull: str = "") -> None:
        """Stand otherwise, if it is otherwise; what moves again in one ``pull`` is undone together."""
        if stand == self.now:
            return
        self._with(stand)
        now = time.monotonic()
        again = bool(pull) and pull == self._pull and now - self._moved < ONE_PULL
        if not again:
            self.past = [*self.past[-FURTHEST:], self.now]
        self.future, self.now, self._pull, self._moved = [], stand, pull, now
        if again and stand == self.past[-1]:  # back where the pull began: there is nothing to undo
            self.past.pop()
            self._pull = ""

    def _with(self, stand: Stand) -> Scenario:
        ordered = dict(sorted(stand.values.items()))  # a main value before the ends of its range
        key = stand.edition, repr(ordered)  # 1, 1.0 and true are equal, and not the same
        if key not in self._built:
            if len(self._built) > FURTHEST:
                self._built.clear()
            base = stand.edition.scenario
            try:
                self._built[key] = turned(base, ordered) if ordered else base
            except ValueError as error:
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
