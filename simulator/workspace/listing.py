"""What the office's folder holds, as a list to choose from: each scenario, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.caches import MEGABYTE, keep
from simulator.errors import ScenarioError
from simulator.files.loading import load_text
from simulator.files.opening import checked
from simulator.scenario import Scenario
from simulator.values.wording import show
from simulator.workspace.desk import State
from simulator.workspace.folder import Folder, Reading, Stamp, stamps_of

SCENARIOS = 8 * MEGABYTE  # bytes of scenarios that are kept as they were read


@dataclass(frozen=True)
class Entry:
    """A file of the folder: its scenario, or what is wrong with it; ``key`` is what a draft is kept by."""

    name: str
    key: str
    scenario: Scenario | None
    fault: str = ""

    @property
    def title(self) -> str:
        """What the scenario is called; of one that cannot be read the name of its file."""
        return self.scenario.title if self.scenario else self.name

    @property
    def last(self) -> str:
        """The last figure that counts: its measure and period."""
        figures = self.scenario.counted if self.scenario else ()
        latest = max(figures, key=lambda figure: figure.period.last, default=None)
        return f"{latest.measure} {latest.period.readable}" if latest else ""

    def state(self, drafts: Container[str] = ()) -> State | None:
        """In what state it is; None where it cannot be read.

        Args:
            drafts: the keys of what is changed and not saved.
        """
        if self.scenario is None:
            return None
        if self.key in drafts:
            return State.DRAFT
        return State.APPROVED if self.scenario.approved else State.SAVED


def entries(folder: Folder) -> tuple[Entry, ...]:
    """Every scenario of a folder as it is now; a broken one stands among the others."""
    return tuple(_entries(folder))


def _entries(folder: Folder) -> Iterator[Entry]:
    for name in folder.names():
        file = folder.file(name)
        yield _read(file, stamps_of(file))


@keep(SCENARIOS)
def _read(file: Path, _stamps: tuple[Stamp | None, ...]) -> Entry:
    """A file as it was when it had these stamps: the same scenario for all who ask."""
    key = Reading(file, "").key
    try:
        _, read = Reading.of(file)
        return Entry(file.stem, key, checked(load_text(read, file.name, file=file)).scenario)
    except ScenarioError as error:
        first, *more = str(error).splitlines() or [show(file.name)]
        rest = f" (and {len(more)} more)" if more else ""
        return Entry(file.stem, key, None, f"{first}{rest}")
