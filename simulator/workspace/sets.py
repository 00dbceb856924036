"""Which sets of assumptions are compared, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import PurePath

from simulator.analysis.fitness import REFUSED, Unfit, unfit
from simulator.files.reading import all_shipped, shipped_names
from simulator.report import FIXED
from simulator.report.charts.compare import MOST
from simulator.report.words.compare import unfit_note
from simulator.scenario import Scenario
from simulator.workspace.desk import Desk, shipped_edition
from simulator.workspace.pins import LONGEST, Pins, rename

UPLOADS = 12  # files that are kept
NOW, SAVED = "current", "saved"  # ids of sets that are no shipped scenarios
UPLOAD, PIN = "upload ", "pin "  # and what those of files and of pinned variants begin with


@dataclass
class Sets:
    """What is compared.

    ``picked`` are ids in order, None for what makes sense beside the desk; ``first`` is the one that the
    others are compared with, ``against`` the one whose difference is shown step by step; ``names`` are the
    user's own, by id; ``uploads`` are files of the user's own, by id, and ``pins`` variants kept on Explore.
    """

    picked: tuple[str, ...] | None = None
    first: str | None = None
    against: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Desk] = field(default_factory=dict)
    pins: Pins = field(default_factory=Pins)

    def __post_init__(self) -> None:
        self._numbers = 0

    @property
    def untouched(self) -> bool:
        """Whether nothing was picked, put first or named."""
        return self.picked is None and not (self.first or self.against or self.names)

    # Which

    def options(self, desk: Desk) -> tuple[str, ...]:
        """The ids of all sets that can be picked.

        The scenario as it stands, as saved where no file holds that, what is pinned, uploads, shipped ones.
        """
        saved = (SAVED,) if _saved_here(desk) else ()
        unlisted = (desk.name,) if desk.shipped and desk.name not in self.elsewhere else ()
        return NOW, *saved, *unlisted, *self.elsewhere

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The ids of all sets that are not on the desk: what is pinned, uploads, shipped ones."""
        return *(f"{PIN}{letter}" for letter in self.pins), *self.uploads, *shipped_names()

    def ids(self, desk: Desk) -> tuple[str, ...]:
        """The sets that are compared, the first of them first."""
        return tuple(sorted(self.chosen(desk), key=lambda id: id != self.first))

    def chosen(self, desk: Desk) -> tuple[str, ...]:
        """The sets that are compared, as they were picked."""
        known = self.options(desk)
        return self.default(desk) if self.picked is None else tuple(id for id in self.picked if id in known)

    def default(self, desk: Desk) -> tuple[str, ...]:
        """What makes sense at first: the scenario as it stands, against another.

        That is what is pinned; else itself as saved if it was changed; else its neighbour among the shipped.
        """
        if self.pins.desks:
            return NOW, *(f"{PIN}{letter}" for letter in self.pins)
        if desk.changed:
            return NOW, SAVED if _saved_here(desk) else desk.name
        neighbour = self._neighbour(desk)
        return (NOW, neighbour) if neighbour else (NOW,)

    def _neighbour(self, desk: Desk) -> str | None:
        """The shipped scenario that has most in common with the desk's, of those in the same currency.

        One that can be set against it comes first; of others the answers stand side by side.
        """
        here, near = desk.scenario, []
        for name in shipped_names():
            if name == desk.name or (why := unfit(here, other := self.scenario(desk, name))) in REFUSED:
                continue
            apart = (why is not None, other.unit != here.unit, _countries(other) != _countries(here))
            near.append((*apart, other.target != here.target, name))
        return min(near)[-1] if near else None

    def fit(self, desk: Desk) -> tuple[str, ...]:
        """Those of the sets whose answers can be set against that of the first, itself among them."""
        return tuple(id for id in self.ids(desk) if id not in self.apart(desk))

    def apart(self, desk: Desk) -> dict[str, Unfit]:
        """Those that cannot, each with the reason."""
        return self._unfit(desk, self.ids(desk))

    def _unfit(self, desk: Desk, ids: Sequence[str]) -> dict[str, Unfit]:
        """Why some sets cannot be set against the first one that is compared."""
        compared = self.ids(desk)
        if not compared:
            return {}
        first = self.scenario(desk, compared[0])
        reasons = {id: unfit(first, self.scenario(desk, id)) for id in ids}
        return {id: reason for id, reason in reasons.items() if reason}

    def scenario(self, desk: Desk, id: str) -> Scenario:
        """The scenario of a set."""
        if id == NOW:
            return desk.scenario
        if id == SAVED:
            return desk.saved_scenario
        if id in self.uploads:
            return self.uploads[id].scenario
        if id.startswith(PIN):
            return self.pins.desks[id.removeprefix(PIN)].scenario
        return shipped(id)

    def pick(self, ids: Iterable[str]) -> None:
        """Compare these, at most ``MOST``."""
        self.picked = tuple(dict.fromkeys(ids))[:MOST]

    def upload(self, desk: Desk, content: bytes, file: str) -> bool:
        """Keep a file of the user's own, and compare it too if there is room; whether there was.

        Raises:
            ScenarioError: with every fault of the file.
        """
        chosen = self.chosen(desk)
        id = self.keep(Desk.of_upload(content, file), chosen=chosen)
        room = len(chosen) < MOST
        if room:
            self.pick((*chosen, id))
        return room

    def keep(self, upload: Desk, name: str = "", chosen: Sequence[str] = ()) -> str:
        """Keep a scenario under a name among the sets that can be picked, and return its id.

        Where as many are kept as there can be, one goes that is not ``chosen``.
        """
        spare = [id for id in self.uploads if id not in chosen]
        if len(self.uploads) >= UPLOADS and spare:
            del self.uploads[spare[0]]
        self._numbers += 1
        id = f"{UPLOAD}{self._numbers}"
        self.uploads[id] = upload
        self.call(id, name)
        return id

    def number(self, uploads: int) -> None:
        """Count uploads from here on."""
        self._numbers = max(self._numbers, uploads)

    # What they are called

    def called(self, desk: Desk) -> dict[str, str]:
        """The name of each set, by id in the order of comparison; no two are equal."""
        ids = self.ids(desk)
        files = {id: _file(desk, id) for id in ids}
        common = _common([file for file in files.values() if file])
        wanted = [self.names.get(id) or self._short(desk, ids, id, common) for id in ids]
        return dict(zip(ids, unique(wanted), strict=True))

    def call(self, id: str, name: str) -> None:
        """Give a set a name; an empty one gives back its own."""
        rename(self.names, id, name)

    def labels(self, desk: Desk) -> dict[str, str]:
        """What each set is called where it is picked."""
        labels = {NOW: f"as on Explore: {desk.name}", SAVED: "as saved"}
        labels |= {f"{PIN}{letter}": f"pinned as {self.pins.called(letter)}" for letter in self.pins}
        labels |= {id: f"{upload.name} (uploaded)" for id, upload in self.uploads.items()}
        options = self.options(desk)
        return dict(zip(options, unique(labels.get(id, id) for id in options), strict=True))

    def choices(self, desk: Desk) -> dict[str, str]:
        """What each set is called where it is picked, with what keeps it apart from the first."""
        labels = self.labels(desk)
        notes = {
            id: unfit_note(self.scenario(desk, id), why)
            for id, why in self._unfit(desk, tuple(labels)).items()
        }
        return {id: f"{label} \u2013 {notes[id]}" if id in notes else label for id, label in labels.items()}

    def _short(self, desk: Desk, ids: Sequence[str], id: str, common: int) -> str:
        if id in (NOW, SAVED):
            return id
        if id in self.uploads:
            return PurePath(self.uploads[id].name).stem[:LONGEST].strip() or "uploaded"
        if id.startswith(PIN):
            return self.pins.called(id.removeprefix(PIN))
        if id == desk.name and desk.shipped and NOW in ids and not _saved_here(desk):
            return SAVED
        return " ".join(id.split("-")[common:])[:LONGEST]


def shipped(name: str) -> Scenario:
    """A scenario that comes with the simulator: the same object for all who ask."""
    return shipped_edition(name).scenario


def unique(names: Iterable[str]) -> list[str]:
    """Names of which no two are equal, nor one like a column of a table, whatever their case.

    The later ones are numbered.
    """
    used, numbered = set(FIXED), []
    for name in names:
        number, candidate = 1, name
        while candidate.casefold() in used:
            number += 1
            candidate = f"{name} ({number})"
        used.add(candidate.casefold())
        numbered.append(candidate)
    return numbered


def _saved_here(desk: Desk) -> bool:
    """Whether what is saved stands in no shipped file."""
    return bool(desk.saved.values) or not desk.shipped


def _countries(scenario: Scenario) -> tuple[str | None, str | None]:
    return scenario.home, scenario.partner


def _file(desk: Desk, id: str) -> str | None:
    """The shipped file of a set, if it has one."""
    if id == NOW:
        return desk.name if desk.shipped else None
    return id if id in all_shipped() else None


def _common(files: Sequence[str]) -> int:
    """How many words, with dashes between, all names of files begin with; at least one is left of each."""
    words = [name.split("-") for name in dict.fromkeys(files)]
    if len(words) < 2:
        return 0
    shortest = min(map(len, words))
    beginnings = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    return min(len(list(beginnings)), shortest - 1)
