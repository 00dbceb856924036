"""Which sets of assumptions are compared, what they are called, and the link that holds them. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from simulator.files.loading import load, load_text
from simulator.files.opening import checked
from simulator.files.reading import PREFIX, shipped_names
from simulator.report import FIXED
from simulator.report.charts.compare import MOST
from simulator.scenario import Scenario
from simulator.values.wording import show
from simulator.workspace.desk import Desk

UPLOADS = 12  # files that are kept
LONGEST = 30  # letters of a name
NOW, SAVED, UPLOAD = "current", "saved", "upload "  # ids of sets that are no shipped scenarios
WITH, FIRST, AGAINST, NAME = "with", "first", "split", "name."  # words of a link


def is_word(key: str) -> bool:
    """Whether a word of a link is one of this page's."""
    return key in (WITH, FIRST, AGAINST) or key.startswith(NAME)


@dataclass
class Sets:
    """What is compared.

    ``picked`` are ids in order, None for what makes sense beside the desk; ``first`` is the one that the others are compared with,
    ``against`` the one whose difference is shown step by step; ``names`` are the user's own, by id.
    """

    picked: tuple[str, ...] | None = None
    first: str | None = None
    against: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, tuple[str, Scenario]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shipped: dict[str, Scenario] = {}
        self._numbers = 0

    # Which

    def options(self, desk: Desk) -> tuple[str, ...]:
        """The ids of all sets that can be picked: the scenario as it stands, as saved where no file holds that, uploads, shipped ones."""
        saved = (SAVED,) if _own(desk) else ()
        return NOW, *saved, *self.uploads, *shipped_names()

    def ids(self, desk: Desk) -> tuple[str, ...]:
        """The sets that are compared, the first of them first."""
        return tuple(sorted(self.chosen(desk), key=lambda id: id != self.first))

    def chosen(self, desk: Desk) -> tuple[str, ...]:
        """The sets that are compared, as they were picked."""
        known = self.options(desk)
        return self.default(desk) if self.picked is None else tuple(id for id in self.picked if id in known)

    def default(self, desk: Desk) -> tuple[str, ...]:
        """The scenario as it stands, against itself as saved if it was changed, else against its neighbour among the shipped ones."""
        if desk.changed:
            return NOW, SAVED if _own(desk) else desk.name
        own = desk.scenario
        near = [
            (abroad, name)
            for name in shipped_names()
            if name != desk.name
            and _money(other := self.scenario(desk, name)) == _money(own)
            and (abroad := (_pair(other) != _pair(own), other.target != own.target))
        ]
        return (NOW, min(near)[1]) if near else (NOW,)

    def scenario(self, desk: Desk, id: str) -> Scenario:
        """The scenario of a set."""
        if id == NOW:
            return desk.scenario
        if id == SAVED:
            return desk.saved_scenario
        if id in self.uploads:
            return self.uploads[id][1]
        if id not in self._shipped:
            self._shipped[id] = checked(load(PREFIX + id)).scenario
        return self._shipped[id]

    def pick(self, ids: Iterable[str]) -> None:
        """Compare these, at most ``MOST``."""
        self.picked = tuple(dict.fromkeys(ids))[:MOST]

    def upload(self, desk: Desk, content: bytes, file: str) -> bool:
        """Keep a file of the user's own, and compare it too if there is room; whether there was.

        Raises:
            ScenarioError: with every fault of the file.
        """
        scenario = checked(load_text(content, file)).scenario
        chosen = self.chosen(desk)
        spare = [id for id in self.uploads if id not in chosen]
        if len(self.uploads) >= UPLOADS and spare:
            del self.uploads[spare[0]]
        self._numbers += 1
        id = f"{UPLOAD}{self._numbers}"
        self.uploads[id] = file, scenario
        room = len(chosen) < MOST
        if room:
            self.pick((*chosen, id))
        return room

    # What they are called

    def called(self, desk: Desk) -> dict[str, str]:
        """The name of each set, by id in the order of comparison; no two are equal."""
        ids = self.ids(desk)
        files = [
            desk.name if id == NOW else id
            for id in ids
            if id in shipped_names() or (id == NOW and desk.shipped)
        ]
        common = _common(files)
        wanted = [self.names.get(id) or self._short(desk, ids, id, common) for id in ids]
        return dict(zip(ids, unique(wanted), strict=True))

    def call(self, id: str, name: str) -> None:
        """Give a set a name; an empty one gives back its own."""
        name = " ".join(name.split())[:LONGEST].strip()
        if name:
            self.names[id] = name
        else:
            self.names.pop(id, None)

    def labels(self, desk: Desk) -> dict[str, str]:
        """What each set is called where it is picked."""
        told = {NOW: f"as on Explore: {desk.name}", SAVED: "as saved"}
        options = self.options(desk)
        told |= {id: f"{file} (uploaded)" for id, (file, _) in self.uploads.items()}
        return dict(zip(options, unique(told.get(id, id) for id in options), strict=True))

    def _short(self, desk: Desk, ids: Sequence[str], id: str, common: int) -> str:
        if id in (NOW, SAVED):
            return id
        if id in self.uploads:
            return PurePath(self.uploads[id][0]).stem[:LONGEST].strip() or "uploaded"
        if id == desk.name and desk.shipped and NOW in ids and not desk.saved:
            return SAVED
        return " ".join(id.split("-")[common:])[:LONGEST]

    # The link

    def words(self, desk: Desk) -> dict[str, str]:
        """The link's words; none where an uploaded file or one on this desk only is compared, for a link cannot hold it."""
        ids, chosen = self.ids(desk), self.chosen(desk)
        shipped = [id for id in chosen if id in shipped_names()]
        now = NOW in ids
        if len(shipped) + now < len(ids) or (now and not desk.shipped):
            return {}
        words = desk.words() if now else {}
        if self.picked is None and not (self.first or self.against or self.names):
            return words
        words[WITH] = ",".join(shipped)
        if ids and ids[0] != [*[NOW] * now, *shipped][0]:
            words[FIRST] = ids[0]
        if self.against in ids[2:]:
            words[AGAINST] = self.against
        return words | {f"{NAME}{id}": self.names[id] for id in ids if id in self.names}


def from_words(words: Mapping[str, str], desk_named: bool) -> tuple[Sets, list[str]]:
    """The sets that a link describes, and what of it makes no sense and was left out.

    ``desk_named`` tells whether the link names a scenario for the desk: that is one of the sets then.
    """
    found, complaints = Sets(), []
    if WITH in words:
        asked = [name.strip() for name in words[WITH].split(",") if name.strip()]
        known = [name for name in dict.fromkeys(asked) if name in shipped_names()]
        complaints += [
            f"{WITH}: found no scenario {show(name)}" for name in asked if name not in shipped_names()
        ]
        picked = [NOW, *known] if desk_named or len(known) < 2 else known
        if len(picked) > MOST:
            complaints.append(f"{WITH}: found {len(picked)} sets, took the first {MOST}")
        if known:
            found.pick(picked)
    sets = found.picked or ()
    for key in (FIRST, AGAINST):
        if key in words and words[key] not in sets:
            complaints.append(f"{key}: found {show(words[key])}, which is none of the sets")
        elif key in words:
            setattr(found, "first" if key == FIRST else "against", words[key])
    for key, name in words.items():
        if key.startswith(NAME):
            id = key.removeprefix(NAME)
            if id in sets:
                found.call(id, name)
            else:
                complaints.append(f"{key}: found a name for none of the sets")
    return found, complaints


def unique(names: Iterable[str]) -> list[str]:
    """Names of which no two are equal, nor one like a column of a table, whatever their case: the later ones are numbered."""
    used, found = set(FIXED), []
    for name in names:
        number, told = 1, name
        while told.casefold() in used:
            number += 1
            told = f"{name} ({number})"
        used.add(told.casefold())
        found.append(told)
    return found


def _own(desk: Desk) -> bool:
    """Whether what is saved stands in no shipped file."""
    return bool(desk.saved) or not desk.shipped


def _money(scenario: Scenario) -> tuple[str, str]:
    return scenario.currency, scenario.unit


def _pair(scenario: Scenario) -> tuple[str | None, str | None]:
    return scenario.home, scenario.partner


def _common(files: Sequence[str]) -> int:
    """How many words, with dashes between them, all names of files begin with; at least one is left of each."""
    words = [name.split("-") for name in dict.fromkeys(files)]
    if len(words) < 2:
        return 0
    count = 0
    while all(len(each) > count + 1 and each[count] == words[0][count] for each in words):
        count += 1
    return count
