"""The office's folder: scenario files that stand side by side, where several people work on them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "SIMULATOR_FOLDER"  # of the environment: the folder that the page is started with
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Folder:
    """A folder of scenario files: those directly in it, each called by its stem."""

    path: Path

    @classmethod
    def of_environment(cls) -> Folder | None:
        """The folder that the page was started with; None without one."""
        place = os.environ.get(VARIABLE, "").strip()
        return cls(Path(place)) if place else None

    def names(self) -> tuple[str, ...]:
        """The scenarios of the folder, sorted; none where it cannot be looked into."""
        return tuple(sorted(self._files()))

    def file(self, name: str) -> Path:
        """The file of a scenario, or where it would stand."""
        return self._files().get(name, self.path / f"{name}{SUFFIXES[0]}")

    def _files(self) -> dict[str, Path]:
        """Every scenario file by its stem; of two with one stem that which ends with .yaml."""
        try:
            inside = sorted(self.path.iterdir(), key=lambda file: file.suffix == SUFFIXES[0])
        except OSError:
            return {}
        return {file.stem: file for file in inside if file.suffix in SUFFIXES and _visible(file)}


def _visible(file: Path) -> bool:
    """Whether it is a file that is meant to be seen."""
    return not file.name.startswith(".") and file.is_file()
