"""What every document bears: days as people write them, and the line that tells its inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from simulator._version import __version__
from simulator.model.result import Result, fingerprint
from simulator.values.numerals import enumeration


def day_words(day: dt.date) -> str:
    """A day as people write it: ``31 October 2018``."""
    return f"{day.day} {day:%B %Y}"


def stamp(results: Sequence[Result]) -> str:
    """One line that tells what a document was made from."""
    first, several = results[0], "s" if len(results) > 1 else ""
    marks = enumeration([fingerprint(result.scenario)[:12] for result in results])
    return f"{first.points} points, seed {first.seed}, version {__version__}, scenario{several} {marks}"
