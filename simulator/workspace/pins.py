"""Variants that are kept beside the desk: pinned as they stood, swapped with it, compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.workspace.desk import Desk

MOST = 5
LETTERS = "BCDEF"  # A lies on the desk
LONGEST = 30  # letters of a name


def rename(names: dict[str, str], id: str, name: str) -> None:
    """Give what has an id a name on one line, cut to ``LONGEST``; an empty one takes its name away."""
    names.pop(id, None)
    if name := " ".join(name.split())[:LONGEST].strip():
        names[id] = name


@dataclass
class Pins:
    """What is pinned, by letter in the order of pinning; each desk is a copy that nothing moves."""

    desks: dict[str, Desk] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def next(self) -> str | None:
        """The letter that the next one gets; None where all are taken."""
        return next((letter for letter in LETTERS if letter not in self.desks), None)

    def keep(self, desk: Desk) -> None:
        """Pin what lies on a desk, under the next letter.

        Raises:
            ValueError: as many are pinned as there can be.
        """
        letter = self.next
        if letter is None:
            raise ValueError(f"found {MOST} pinned variants, which is as many as fit; let one go first")
        self.desks[letter] = desk.copy()

    def let_go(self, letter: str) -> None:
        """Take a variant away."""
        self.desks.pop(letter, None)
        self.names.pop(letter, None)

    def swap(self, letter: str, desk: Desk) -> Desk:
        """The desk as it was pinned; what lay on the given one is pinned in its place, under its letter."""
        pinned, self.desks[letter] = self.desks[letter], desk.copy()
        return pinned.copy()

    def call(self, letter: str, name: str) -> None:
        """Give a variant a name; an empty one gives back its letter."""
        rename(self.names, letter, name)

    def called(self, letter: str) -> str:
        """What a variant is called: its letter, or its letter and its name."""
        name = self.names.get(letter)
        return f"{letter}: {name}" if name else letter

    def __iter__(self) -> Iterator[str]:
        return iter(self.desks)
