"""Drafts: scenarios that were changed and not saved, as a browser keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.folder import moment

MOST = 30  # that a browser hands over


@dataclass(frozen=True)
class Draft:
    """A desk that was changed and not saved: its key and title, the desk as a parcel, when."""

    name: str
    title: str
    word: str
    when: str = ""

    @property
    def day(self) -> str:
        """When it was kept, for people; empty where nothing sound says."""
        try:
            return moment(datetime.fromisoformat(self.when))
        except ValueError:
            return ""


@dataclass
class Drafts:
    """What a browser keeps, by the name of the scenario.

    ``gone`` are those that it is to forget, each with the moment: what another tab has kept since stays.
    ``begun`` are the scenarios that were changed in this session.
    """

    kept: dict[str, Draft] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def read(self, raw: object) -> None:
        """Take those that a browser hands over; what is none is left out, what is newer here stays."""
        handed = raw if isinstance(raw, list) else []
        self.kept = {draft.name: draft for draft in _sound(handed[:MOST])} | self.kept

    def follow(self, desk: Desk, now: datetime | None = None) -> None:
        """Keep a desk as it stands; a draft that was taken back, or saved, is forgotten."""
        if desk.changed:
            self.keep(desk.key, desk.scenario.title, link.draft_of(desk), now)
        elif desk.key in self.begun:
            self.forget(desk.key, now)

    def keep(self, name: str, title: str, word: str, now: datetime | None = None) -> None:
        """Keep a parcel under a name; one that is kept already keeps its day."""
        if name not in self.begun or self.kept[name].word != word:
            self.kept[name] = Draft(name, title, word, _written(now))
        self.begun.add(name)
        self.gone.pop(name, None)

    def forget(self, name: str, now: datetime | None = None) -> None:
        """Let a draft go."""
        self.kept.pop(name, None)
        self.begun.discard(name)
        self.gone[name] = _written(now)

    def reopen(self, name: str) -> None:
        """Offer what is kept of a scenario that is opened afresh, and do not take it for taken back."""
        self.begun.discard(name)

    def message(self) -> dict[str, Any]:
        """What the browser is to keep and to forget: all of this session, for it may miss a message."""
        return {"drafts": [asdict(self.kept[name]) for name in sorted(self.begun)], "gone": self.gone}

    def waiting(self, desk: Desk) -> Draft | None:
        """A draft of the scenario that lies untouched on the desk."""
        return None if desk.changed or desk.key in self.begun else self.kept.get(desk.key)


def _written(moment: datetime | None) -> str:
    """A moment, the present one if it is not given, so that it sorts as a text."""
    return (moment or datetime.now(UTC)).isoformat(timespec="milliseconds")


def _sound(handed: list[Any]) -> Iterator[Draft]:
    for item in handed:
        texts = item if isinstance(item, Mapping) else {}
        fields = [texts.get(key) for key in ("name", "title", "word", "when")]
        if all(isinstance(text, str) for text in fields):
            yield Draft(*map(str, fields))
