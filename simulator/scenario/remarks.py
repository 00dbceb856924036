"""What people put on record beside the assumptions: who approved a scenario, and comments by input.

Neither changes an answer; both belong to the file in which they stand, and no other inherits them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from simulator.scenario.parts import Observation
from simulator.values.address import MISSING, Address
from simulator.values.fields import Date, Strict, Text
from simulator.values.wording import show, unknown

APPROVED, COMMENTS = "approved", "comments"
OBSERVATIONS = "observations"
REMARKS = (APPROVED, COMMENTS)
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


class Signed(Strict):
    """What somebody stands for by name."""

    by: Text = Field(description="who stands for it")
    on: Date = Field(description="since which day")

    @property
    def signature(self) -> str:
        """Who, and on which day, for people."""
        return f"{self.by}, {self.on.day} {self.on:%B %Y}"


class Approval(Signed):
    """Who approved a scenario as it stands, and when; the next change of the file takes it away."""

    by: Text = Field(description="who approved it")
    on: Date = Field(description="the day on which it was approved")


class Comment(Signed):
    """What somebody said of one input."""

    at: Text = Field(
        description="the input: a path as of --set, such as levers.assembly.count; a figure by measure and "
        "period, such as observations.turnover 2018"
    )
    by: Text = Field(description="who said it")
    on: Date = Field(description="the day on which it was said")
    text: Text = Field(description="what was said")


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
    """The path of what a comment speaks of, as controls and tables have it: one target alone needs no number."""
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
