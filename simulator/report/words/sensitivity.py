"""Sentences on what matters most: the unknowns of the tornado."""

from __future__ import annotations

from simulator.analysis.tornado import Bar
from simulator.values.address import Address

ENDS = {  # what a switch and a chance are at their ends, in words
    "enabled": {"false": "off", "true": "on"},
    "probability": {"0": "no", "1": "yes"},
}


def end_words(bar: Bar) -> tuple[str, str]:
    """What an unknown of the tornado is at its ends: off and on, no and yes, or as a file states it."""
    words = ENDS.get(Address.parse(bar.path).name, {})
    return words.get(bar.low.value, bar.low.value), words.get(bar.high.value, bar.high.value)


def rests_on(bar: Bar) -> str:
    """What the ends of an unknown rest on: judgement, a source, or nothing that could be named."""
    if bar.judgement:
        return "judgement"
    return "a source" if bar.sourced else ""
