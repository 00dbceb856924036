"""The limits of what is accepted, in words: ``docs/limits.md`` is made by ``markdown``."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.values.limits import LIMITS, ROOMS
from simulator.values.wording import capital

LEAD = (
    "What lies inside these limits is answered in seconds and within a gigabyte of memory, questions on it "
    "in minutes: `run` takes about "
    "five seconds on one core at most. What lies outside is refused before anything is worked out, by "
    "`validate` and by every verb and page, in a sentence that says what was found, what is accepted, "
    "where, and what to do."
)
DECLARED = (
    "Each is declared once, in `simulator/values/limits.py`; this page is made from there by "
    "`simulator.report.words.limits.markdown()`."
)


def markdown() -> str:
    """The limits as a document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Limits", "", LEAD, "")
    for room in ROOMS:
        yield from (f"## {capital(room)}", "", "| at most | of | why | what to do |", "|---:|---|---|---|")
        for limit in LIMITS:
            if limit.of == room:
                yield f"| {limit.shown(limit.most)} | {limit.name} | {limit.why} | {limit.mend} |"
        yield ""
    yield DECLARED
