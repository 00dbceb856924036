"""A table that was pasted or dropped: its figures as rows of a new case, and what is to be asked."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.errors import Fault, FileError, InputError, Unsettled
from simulator.files.editing import edited
from simulator.files.importing import Statistics, entry, read_table
from simulator.files.recording import Draft, summary
from simulator.files.tables.choices import Choices
from simulator.files.tables.units import Scale
from simulator.scenario import Observation
from simulator.values.wording import capital
from simulator.workspace.drivers import FILE, Rewritten
from simulator.workspace.grid import MEASURES, Row, rows_of

PASTED = "pasted table"
_SUM = re.compile(r" \(SHA-256 [0-9a-f]{64}\)")
HEADINGS = ". Or write exports, imports or turnover above each column, and paste it again"
YEARS_BACK = 8  # that are offered for a table that names none
_NAMES = {
    "measure": "all of them are",
    "unit": "in",
    "cumulative": "sums over the year so far:",
    "decimal": "decimal sign:",
}
_SPLIT = re.compile(r",\s*|\s+or\s+")


@dataclass(frozen=True)
class Choice:
    """One of the ways in which a table can be read: in words, and the options that say so."""

    words: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """What came of a table.

    Either its ``rows`` and other readings of the data; or a ``question`` with its ``choices``; or ``faults``.
    ``recognised``, ``left_out`` and ``remarks`` tell how it was read; ``statistics`` is what its rows were
    made of.
    """

    rows: tuple[Row, ...] = ()
    alternatives: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    recognised: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    question: str = ""
    choices: tuple[Choice, ...] = ()
    faults: tuple[str, ...] = ()
    statistics: Statistics | None = None

    @property
    def count(self) -> int:
        """How many figures its rows hold."""
        return sum(bool(row.get(measure)) for row in self.rows for measure in MEASURES)


def taken(data: bytes, name: str, scale: Scale, options: Mapping[str, Any]) -> Taken:
    """Read a table.

    Args:
        data: its bytes.
        name: of the file, or ``PASTED``.
        scale: the currency and unit of the case.
        options: of ``Choices``: the pair, the source, and what was answered of questions before.
    """
    try:
        statistics = read_table(data, name, Choices.of(**options), scale)
        return _figures(_without_sum(statistics) if statistics.file == PASTED else statistics)
    except Unsettled as error:
        return question(error)
    except FileError as error:
        return Taken(faults=tuple(_message(error.faults)))


def question(error: Unsettled) -> Taken:
    """What is asked of the reader of a table; where no answer can be offered here, the words as they are."""
    choices = tuple(choice for words in error.choices for choice in _choices(words))
    if not choices:
        return Taken(faults=(str(error),))
    question = _message(error.faults)[0]
    columns = any("columns" in choice.options for choice in choices)
    return Taken(question=f"{question}{HEADINGS if columns else ''}", choices=choices)


def _figures(statistics: Statistics) -> Taken:
    """The figures of a table, as rows; what has no column here is told."""
    figures = [item for item in statistics.observations if item.measure in MEASURES]
    strange = dict.fromkeys(item.measure for item in statistics.observations if item not in figures)
    others = {key: [*map(entry, items)] for key, items in statistics.alternatives.items()}
    remarks = (*statistics.remarks, *(f"{measure} has no column here" for measure in strange))
    left_out = tuple(map(str, statistics.left_out))
    rows = tuple(rows_of(figures))
    return Taken(rows, others, statistics.recognised, left_out, remarks, statistics=statistics)


def _published_by(source: str) -> str | None:
    """Who is named as the source of what was pasted; None where nobody is."""
    named = _SUM.sub("", source)
    return None if named == PASTED else named


def _without_sum(statistics: Statistics) -> Statistics:
    """Statistics whose sources name no sum of what was pasted, which finds nothing again, and no paste."""

    def plain(items: Iterable[Observation]) -> tuple[Observation, ...]:
        return tuple(
            item.model_copy(update={"source": _published_by(item.source)}) if item.source else item
            for item in items
        )

    others = {name: plain(items) for name, items in statistics.alternatives.items()}
    return replace(statistics, observations=plain(statistics.observations), alternatives=others)


def recorded(
    text: str, statistics: Statistics, *, as_of: dt.date | None = None, replaced: bool = False
) -> Rewritten:
    """The text of a scenario with the figures of a table, and what became of them.

    Args:
        text: of the scenario.
        statistics: the figures.
        as_of: the day from which the scenario is seen then; without it as before.
        replaced: whether they take the place of figures of the same measure and period that differ.

    Raises:
        InputError: nothing of it is new.
        ScenarioError: with every fault of the outcome.
    """
    moved = edited(text, {"as_of": as_of.isoformat()}, FILE) if as_of else text
    done = Draft(moved.encode(), FILE, None).record(statistics, replace=replaced)
    kept = "".join(f" {capital(line)}." for line in done.kept)
    if done.text == moved:
        raise InputError(f"Nothing of the table is new: {summary(done)}.{kept}")
    return Rewritten(done.text, (f"{capital(summary(done))}.{kept}",))


def _message(faults: Sequence[Fault]) -> list[str]:
    return [": ".join(part for part in (fault.path, fault.message) if part) for fault in faults]


def _choices(words: str) -> Iterator[Choice]:
    """The ways that some words of the command line stand for; those that only say there are more, none."""
    command, _, about = words.partition("  ")
    option, _, rest = command.partition(" ")
    if not option.startswith("--"):
        return
    if option in _SEVERAL:
        several = _SEVERAL[option]
        name = option.removeprefix("--").replace("-", "_")
        about = "" if name == "measure" else about  # it says that all are meant
        yield from (Choice(_words({name: value}, about), {name: value}) for value in several(rest))
    elif options := _options(_words_of(command)):
        yield Choice(_words(options, about), options)


def _words_of(command: str) -> list[str]:
    """The words of a command line; none where a heading that stands in it has a quotation mark alone."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _years(_: str) -> list[int]:
    """The years that a table without one may be of."""
    present = dt.date.today().year
    return [*range(present, present - YEARS_BACK, -1)]


def _starts(rest: str) -> list[int]:
    """The months in which fiscal years may begin: the one that is named, or the usual ones."""
    return [int(rest)] if rest.isdecimal() else [4, 7, 10]


_SEVERAL: Mapping[str, Callable[[str], Iterable[Any]]] = {  # words that stand for several answers
    "--measure": lambda rest: _SPLIT.split(rest),
    "--year": _years,
    "--fiscal-year-starts": _starts,
}


def _options(words: Sequence[str]) -> dict[str, Any]:
    """Words of the command line as options of ``Choices``."""
    options: dict[str, Any] = {}
    for option, word in zip(words[::2], words[1::2], strict=False):
        name, word = option.removeprefix("--").replace("-", "_"), word.rstrip(",")
        if name in MEASURES:
            options["columns"] = {name: word}
        else:
            options[name] = _READERS[name](word) if name in _READERS else word
    return options


_READERS: Mapping[str, Callable[[str], Any]] = {
    "where": lambda word: (word,),
    "cumulative": lambda word: word == "yes",
}


def _words(options: Mapping[str, Any], about: str) -> str:
    """What a choice says."""
    parts = [_option_words(name, value) for name, value in options.items()]
    return " ".join([", ".join(parts), about.strip()]).strip()


def _option_words(name: str, value: Any) -> str:
    if name == "columns":
        ((measure, column),) = value.items()
        return f"{measure} in {column}"
    if name == "where":
        return str(value[0])
    shown = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    return f"{_NAMES.get(name, name.replace('_', ' ') + ':')} {shown}"
