"""A dotted path: where a value stands in a scenario."""

from __future__ import annotations

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """A path as people write it: ``levers.assembly.count``."""
    return ".".join(map(str, path))
