"""Names beside figures that nothing was made of: a group of goods, a region, a word that is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.files.tables import labels
from simulator.files.tables.choices import Choices, same
from simulator.files.tables.countries import listed, mentioned
from simulator.files.tables.facts import Names, distinct_names
from simulator.files.tables.figures import Figure
from simulator.files.tables.roles import Role
from simulator.values.wording import show

MOST_NAMED = 3  # names in a remark
_WORD = re.compile(r"[^\W\d_]{3}")  # what is shorter is a code
_OF_THE_PAIR = (str(Role.REPORTER), str(Role.PARTNER), str(Role.FLOW))
_WHOLE = (labels.EXPORTS, labels.IMPORTS, labels.TURNOVER)


def unread_names(figures: Iterable[Figure], choices: Choices) -> list[str]:
    """A remark where figures that are taken for all of a flow carry names that may make them a part of it."""
    facts = [figure.fact for figure in figures if figure.measure in _WHOLE and not choices.columns]
    names = dict.fromkeys(text for part in distinct_names(facts) for text in _names(part, choices))
    unread = [text for text in names if _is_unread(text, choices)]
    return [_taken(unread)] if unread else []


def _taken(names: list[str]) -> str:
    """What is said of figures with such names."""
    others = " and others" if len(names) > MOST_NAMED else ""
    shown = f"{', '.join(map(show, names[:MOST_NAMED]))}{others}"
    return f"figures named {shown} are taken for the whole flow; where they are a part, name a --stream"


def _names(names: Names, choices: Choices) -> list[str]:
    """The names in dimensions that neither say whose flow it is nor were asked for."""
    settled = {words.partition("=")[0].casefold() for words in choices.where}
    return [
        text
        for dimension, texts in names.items()
        if dimension not in _OF_THE_PAIR and dimension.casefold() not in settled
        for text in texts
    ]


def _is_unread(text: str, choices: Choices) -> bool:
    """Whether a text holds a name that is no total and none of the pair."""
    label = labels.parse(text)
    pair = [side for side in (choices.home, choices.partner) if side]
    ours = any(same(label.name, side) or same(text, side) for side in pair)
    by_name = any(mentioned(text, code) is not None for code in listed(pair, codes=True).values())
    return _WORD.search(label.name) is not None and not (label.total or ours or by_name)
