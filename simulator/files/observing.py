"""Published figures into the text of a scenario: all else of the text stays as it is.

What is added stands behind the figures that are there, one on a line, so that taking it out again
(``withdrawing``) gives the same bytes. A figure that was published again is a second one of the same measure
and period with its own day: both stay in the file, and the later one counts from its day on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulator.errors import Fault, ScenarioError, refusing
from simulator.files.editing import lengthened
from simulator.files.importing import entry
from simulator.files.loading import Loaded, load_text
from simulator.files.opening import checked
from simulator.files.recording import OBSERVATIONS, Draft
from simulator.files.strict_yaml import parse
from simulator.scenario import Observation
from simulator.scenario.remarks import SIGNED
from simulator.values.address import Address

FIGURES = Address.of(OBSERVATIONS)
_Entries = Sequence[Mapping[str, Any]]  # new figures, as a file states them
HOW_TO_COUNT = "move it with as_of: {} in the file, or try --set as_of={}"


@dataclass(frozen=True)
class Met:
    """A figure that was to be added, and what became of it.

    Attributes:
        figure: as a scenario has it.
        words: what became of it, in words.
        line: of the file, where it holds the figure that this one meets, if it meets one.
    """

    figure: Observation
    words: str
    line: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        stated = entry(self.figure)
        return {
            **{key: stated[key] for key in ("measure", "period", "published") if key in stated},
            **{key: str(stated[key]) for key in ("value", "growth", "error") if key in stated},
            "words": self.words,
            "line": self.line,
        }


@dataclass(frozen=True)
class Observed:
    """The text of a scenario with figures added, and what became of each of them.

    Attributes:
        text: the new text; the old one where nothing was added.
        added: figures of which the file held none before.
        revised: figures that a file held, published again on another day; both stay.
        already: figures that the file says already.
        refused: figures that contradict one of the file which no later day replaces; not added.
        later: of those added and revised, which are published after the scenario's day: they count as
            actuals, and the answer stays as it is until ``as_of`` moves.
        as_of: the scenario's day.
        lapsed: whether an approval or a review went with the change: it was of the file as it stood.
    """

    text: str
    added: tuple[Met, ...] = ()
    revised: tuple[Met, ...] = ()
    already: tuple[Met, ...] = ()
    refused: tuple[Met, ...] = ()
    as_of: dt.date = dt.date.max
    lapsed: bool = False

    @property
    def new(self) -> tuple[Met, ...]:
        """What the text holds that it did not hold before."""
        return (*self.added, *self.revised)

    @property
    def later(self) -> tuple[Met, ...]:
        """What of it counts only once ``as_of`` moves."""
        return tuple(met for met in self.new if not met.figure.known(self.as_of))

    def to_dict(self) -> dict[str, Any]:
        """For a machine: what became of each figure."""
        groups = {name: getattr(self, name) for name in ("added", "revised", "already", "refused", "later")}
        return {name: [met.to_dict() for met in group] for name, group in groups.items()} | {
            "as_of": self.as_of.isoformat(),
            "approval_lapsed": self.lapsed,
        }


@refusing
def observed(
    text: str, figures: Iterable[Mapping[str, Any] | Observation], name: str, file: Path | None = None
) -> Observed:
    """The text of a scenario with published figures added to it, comments and layout kept.

    ``as_of`` never moves. The outcome is read again, to be sure that it can be answered: as of the
    scenario's day and, where a figure came out later, as of that day too.

    Args:
        text: the scenario as it stands.
        figures: what is added: observations, or as a file states them (``measure``, ``period``, ``value``,
            ``growth``, ``error``, ``published``, ``source``).
        name: the scenario's name in messages.
        file: where it stands, for ``extends``.

    Raises:
        ScenarioError: with every fault, each with file and line: of the figures, of what they would make of
            the file, or because the file holds its figures elsewhere, or in no list.
    """
    entries = [entry(figure) if isinstance(figure, Observation) else dict(figure) for figure in figures]
    draft = Draft(text.encode(), name, file)
    count = _count(draft)
    if not entries:
        return Observed(text)
    trial = _loaded(_with(draft, entries), draft, count, entries)
    meeting = _Meeting(trial, count)
    news = [meeting.meet(figure) for place, figure in trial.scenario.placed if int(place[0]) >= count]
    taken = [fields for fields, new in zip(entries, news, strict=True) if new]
    outcome = meeting.observed(_with(draft, taken), draft)
    if taken:
        _require_answerable(_loaded(outcome.text, draft, count, taken), outcome.later, count, taken)
    return outcome


def _with(draft: Draft, entries: _Entries) -> str:
    """The text of a file with some figures added."""
    return lengthened(draft.text, {OBSERVATIONS: entries}, draft.name) if entries else draft.text


def _count(draft: Draft) -> int:
    """How many items the list of figures of a file has.

    Raises:
        ScenarioError: the file has none of its own but extends one that has, or they stand in no list.
    """
    stated, _ = parse(draft.text, draft.name)
    node = stated.child(OBSERVATIONS)
    if node is None:
        if draft.plain.get(OBSERVATIONS):
            raise ScenarioError([Fault(draft.name, None, OBSERVATIONS, _below(draft))])
        return 0
    if node.sequence:
        return len(node.value)
    what = "one figure that stands in no list" if node.mapping else "no list of figures"
    advice = "put a dash before it" if node.mapping else "write observations: [] or leave the line out"
    raise ScenarioError([Fault(draft.name, node.line, OBSERVATIONS, f"found {what}, expected one; {advice}")])


def _below(draft: Draft) -> str:
    """Where the figures of a file stand that has none of its own."""
    base = draft.stated.get("extends")
    return (
        f"found the figures in what this file extends ({base}), which a list here would replace; "
        f"observe {base} instead, or copy its figures here first"
    )


def _loaded(text: str, draft: Draft, count: int, new: _Entries) -> Loaded:
    """A text with new figures in it, as a scenario.

    Raises:
        ScenarioError: with all faults; those of the new figures name them by what they say.
    """
    try:
        return load_text(text, draft.name, file=draft.file)
    except ScenarioError as error:
        raise ScenarioError(_named(error.faults, count, new)) from None


def _named(faults: Iterable[Fault], count: int, new: _Entries) -> Iterator[Fault]:
    """Faults in which a new figure, which has no line yet, is called one."""
    for fault in faults:
        section, _, rest = fault.path.partition(".")
        number, _, below = rest.partition(".")
        if section == OBSERVATIONS and number.isdecimal() and int(number) >= count:
            what = new[int(number) - count]
            path = (
                f"the new figure, {what.get('measure')} {what.get('period')}{f', {below}' if below else ''}"
            )
            yield replace(fault, line=None, path=path)
        else:
            yield fault


def _require_answerable(loaded: Loaded, later: Sequence[Met], count: int, new: _Entries) -> None:
    """Refuse figures that contradict others, on the scenario's day or on that on which the last came out.

    Raises:
        ScenarioError: with every fault.
    """
    days = [met.figure.published for met in later if met.figure.published is not None]
    try:
        checked(loaded)
        if days:
            checked(replace(loaded, scenario=loaded.scenario.changed(as_of=max(days), alternatives={})))
    except ScenarioError as error:
        raise ScenarioError(_named(error.faults, count, new)) from None


@dataclass(frozen=True)
class _Stated:
    """A figure that a file holds, or that is added with others: its line, and where it stands, in words."""

    figure: Observation
    line: int | None
    where: str

    def both_uncertain(self, other: Observation) -> bool:
        """Whether errors are stated of both figures, within which they may differ."""
        return self.figure.error is not None and other.error is not None

    @property
    def words(self) -> str:
        """What it says, and where."""
        return f"{amount_in_words(self.figure)} in {self.where}"


class _Meeting:
    """New figures beside those that a file has, and beside one another."""

    def __init__(self, loaded: Loaded, count: int) -> None:
        self.as_of = loaded.scenario.as_of
        self.stated = []
        for place, figure in loaded.scenario.placed:
            if int(place[0]) < count:
                origin = loaded.origin(FIGURES.join(place))
                self.stated.append(_Stated(figure, origin.line, f"line {origin.line} of {origin.file}"))
        self.groups: dict[str, list[Met]] = {"added": [], "revised": [], "already": [], "refused": []}

    def meet(self, figure: Observation) -> bool:
        """Note what becomes of a figure; whether it is added."""
        alike = [stated for stated in self.stated if stated.figure.of == figure.of]
        group, words, line = _what_becomes(figure, _standing(figure, alike))
        self.groups[group].append(Met(figure, words, line))
        if group in ("added", "revised"):
            self.stated.append(_Stated(figure, None, "a figure that is added with it"))
            return True
        return False

    def observed(self, text: str, draft: Draft) -> Observed:
        """The outcome."""
        added, revised, already, refused = map(tuple, self.groups.values())
        lapsed = any(name in draft.stated for name in SIGNED) and text != draft.text
        return Observed(text, added, revised, already, refused, self.as_of, lapsed)


def _standing(figure: Observation, alike: Sequence[_Stated]) -> list[_Stated]:
    """Those that counted on the day on which a figure came out: undated ones, and the latest before it."""
    day = figure.published or dt.date.max
    days = (stated.figure.published for stated in alike)
    latest = max((other for other in days if other is not None and other <= day), default=None)
    return [stated for stated in alike if stated.figure.published in (None, latest)]


def _what_becomes(figure: Observation, standing: Sequence[_Stated]) -> tuple[str, str, int | None]:
    """What becomes of a figure beside those that counted when it came out: a group, words, a line."""
    what = in_words(figure)
    same = next((stated for stated in standing if stated.figure.says == figure.says), None)
    if same is not None:
        return "already", f"{what} is there already, in {same.where}", same.line
    for stated in standing:
        if mend := _clash(stated, figure):
            return "refused", f"{what} contradicts {stated.words}{mend}", stated.line
    if not standing or figure.published is None:
        return "added", what, None
    return "revised", f"{what}, in place of {standing[-1].words}", standing[-1].line


def _clash(stated: _Stated, figure: Observation) -> str | None:
    """What to do about a figure that would count beside another; None where that one gives way."""
    before, now = stated.figure.published, figure.published
    if stated.both_uncertain(figure) or (before is not None and now is not None and before != now):
        return None
    if before is None and now is None:
        return "; where this one is a revision, say of both when they came out (published)"
    if before is None:
        return ", which has no day of publication and so never gives way; add published: to it first"
    if now is None:
        return f", published on {before}; say when this one came out (published)"
    return "; a revision has another day of publication, and --remove takes a wrong figure out"


def in_words(figure: Observation) -> str:
    """A figure in words: ``turnover 2018-10, 71.2``."""
    day = f" (published {figure.published})" if figure.published else ""
    return f"{figure.measure} {figure.period}, {amount_in_words(figure)}{day}"


def amount_in_words(figure: Observation) -> str:
    """What a figure says of its measure and period, in words."""
    parts = [str(figure.value)] if figure.value is not None else []
    if figure.between is not None:
        parts.append(" to ".join(map(str, figure.between)))
    if figure.growth is not None:
        parts.append(f"growth {figure.growth}")
    return ", ".join(parts)
