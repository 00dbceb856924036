"""What people put on record beside the assumptions: approval, review, a log of changes, comments by input.

None of it changes an answer; all of it belongs to the file in which it stands, and no other inherits it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, Field

from simulator.scenario.parts import Observation
from simulator.values.address import MISSING, Address
from simulator.values.fields import Date, Line, Strict, Text
from simulator.values.wording import show, unknown

APPROVED, COMMENTS = "approved", "comments"
REVIEWED_BY, REVIEWED_ON, LOG = "reviewed_by", "reviewed_on", "log"
OBSERVATIONS = "observations"
SIGNED = (APPROVED, REVIEWED_BY, REVIEWED_ON)  # what the next change of the file takes away
REMARKS = (APPROVED, REVIEWED_BY, REVIEWED_ON, LOG, COMMENTS)
INPUTS = (
    "as_of",
    "fiscal_year_starts",
    "home",
    "partner",
    "currency",
    "unit",
    "usd_rate",
    "rates",
    "target",
    "streams",
    OBSERVATIONS,
    "alternatives",
    "shocks",
    "outlook",
    "levers",
    "risks",
)  # what a comment may speak of


class Approval(Strict):
    """Who approved a scenario as it stands, and when; the next change of the file takes it away."""

    by: Line = Field(description="who approved it")
    on: Date = Field(description="the day on which it was approved")

    @property
    def signature(self) -> str:
        """Who, and on which day, for people."""
        return signature(self.by, self.on)


class Entry(Strict):
    """A line of a scenario's log: what somebody changed, and why."""

    date: Date = Field(description="the day of the change")
    who: Line = Field(description="who made it")
    what: Text = Field(description="what was changed, and why")

    @property
    def signature(self) -> str:
        """Who, and on which day, for people."""
        return signature(self.who, self.date)


class OnRecord(Protocol):
    """A scenario, as far as its record goes."""

    @property
    def approved(self) -> Approval | None:
        """Who approved it."""

    @property
    def reviewed_by(self) -> str | None:
        """Who reviewed it."""

    @property
    def reviewed_on(self) -> dt.date | None:
        """On which day."""

    @property
    def log(self) -> tuple[Entry, ...]:
        """What was changed in it."""


def review(scenario: OnRecord) -> str:
    """Who reviewed a scenario and when, and how much of its log is later; empty where nobody did."""
    by, on = scenario.reviewed_by, scenario.reviewed_on
    if by is None or on is None:
        return ""
    later = sum(entry.date > on for entry in scenario.log)
    changed = f"; changed since ({later} later in the log)" if later else ""
    return f"{signature(by, on)}{changed}"


def assurances(scenario: OnRecord) -> Iterator[str]:
    """Who stands for a scenario as it is: ``reviewed by Ann, 3 October 2018``, ``approved by ...``."""
    if words := review(scenario):
        yield f"reviewed by {words}"
    if scenario.approved:
        yield f"approved by {scenario.approved.signature}"


def signed(scenario: OnRecord) -> tuple[str, ...]:
    """The fields by which somebody stands for a scenario, of those that it states."""
    return tuple(field for field in SIGNED if getattr(scenario, field) is not None)


def review_faults(scenario: OnRecord) -> Iterator[tuple[Address, str]]:
    """A review that says only who, or only when: (address, message)."""
    stated = {REVIEWED_BY: scenario.reviewed_by, REVIEWED_ON: scenario.reviewed_on}
    missing = [field for field, value in stated.items() if value is None]
    if len(missing) == 1:
        (here,) = stated.keys() - missing
        expected = "who reviewed it" if missing[0] == REVIEWED_BY else "the day, such as 2018-11-05"
        yield Address.of(here), f"found it without {missing[0]}, expected {missing[0]} beside it: {expected}"


class Comment(Strict):
    """What somebody said of one input."""

    at: Text = Field(
        description="the input: a path as of --set, such as levers.assembly.count; a figure by measure and "
        "period, such as observations.turnover 2018"
    )
    by: Line = Field(description="who said it")
    on: Date = Field(description="the day on which it was said")
    text: Text = Field(description="what was said")

    @property
    def signature(self) -> str:
        """Who, and on which day, for people."""
        return signature(self.by, self.on)


def signature(by: str, on: dt.date) -> str:
    """A person and a day, for people."""
    return f"{by}, {on.day} {on:%B %Y}"


def comment_faults(
    scenario: Any, comments: Sequence[Comment], figures: Sequence[Observation]
) -> Iterator[tuple[Address, str]]:
    """Comments that lead to no input: (address, message).

    Args:
        scenario: of which they speak.
        comments: on it.
        figures: those of its observations, one by one.
    """
    for number, comment in enumerate(comments):
        fault = _fault(scenario, comment.at, figures)
        if fault:
            yield Address.of(COMMENTS, number, "at"), fault


def figure_path(measure: str, period: object) -> str:
    """The path by which a comment names a figure."""
    return f"{OBSERVATIONS}.{measure} {period}"


def input_path(comment: Comment, targets: int) -> str:
    """The path of what a comment speaks of, as controls have it: one target alone needs no number."""
    number = "target.0."
    if targets == 1 and comment.at.startswith(number):
        return f"target.{comment.at.removeprefix(number)}"
    return comment.at


def _fault(scenario: Any, at: str, figures: Sequence[Observation]) -> str:
    """Why a path leads to no input; empty where it does."""
    try:
        address = Address.parse(at)
    except ValueError as error:
        return str(error)
    if address.section not in INPUTS:
        return unknown(address.section, INPUTS, "an input, beginning with one of")
    if address.section == OBSERVATIONS and len(address) > 1:
        return _no_figure(at.removeprefix(f"{OBSERVATIONS}."), figures)
    node: Any = scenario
    for key in address:
        above, node = node, _below(node, key)
        if node is MISSING:
            known = _keys(above)
            expected = "an input, such as levers.assembly.count or observations.turnover 2018"
            return unknown(key, known, "one of") if known else f"found {show(at)}, expected {expected}"
    return ""


def _no_figure(name: str, figures: Sequence[Observation]) -> str:
    known = tuple(f"{figure.measure} {figure.period}" for figure in figures)
    return "" if name in known else unknown(name, known, "a figure by measure and period, one of")


def _keys(node: Any) -> tuple[str, ...]:
    """What a part of a scenario may hold by name."""
    if isinstance(node, tuple) and len(node) == 1:
        return _keys(node[0])
    if isinstance(node, BaseModel):
        return tuple(type(node).model_fields)
    return tuple(map(str, node)) if isinstance(node, Mapping) else ()


def _below(node: Any, key: Any) -> Any:
    """What stands one key below a part of a scenario; of the only item of a list, without its number."""
    if isinstance(node, tuple):
        if isinstance(key, int):
            return node[key] if key < len(node) else MISSING
        return _below(node[0], key) if len(node) == 1 else MISSING
    if str(key) not in _keys(node):
        return MISSING
    if isinstance(node, BaseModel):
        return getattr(node, key)
    return next(node[name] for name in node if str(name) == str(key))
