"""The one voice of messages: what was found, what was expected, and the nearest name that exists."""

from __future__ import annotations

import difflib
from collections.abc import Mapping


def show(raw: object) -> str:
    """A value as it may stand in a message: short, and never more than a line."""
    if raw is None:
        return "nothing"
    if isinstance(raw, Mapping):
        return "a mapping"
    if isinstance(raw, list | tuple):
        return "a list"
    text = repr(raw) if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else str(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def unknown(found: object, known: tuple[str, ...], what: str) -> str:
    """The message for a name that does not exist, with the nearest that does."""
    known = tuple(dict.fromkeys(known))
    near = difflib.get_close_matches(str(found), known, n=1, cutoff=0.5)
    guess = f"; did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(known) if len(known) <= 12 else ", ".join(known[:12]) + ", ..."
    return f"found {show(found)}, expected {what}: {listed}{guess}"
