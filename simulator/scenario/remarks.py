"""What people put on record beside the assumptions: who approved a scenario, and comments by input.

Neither changes an answer; both belong to the file in which they stand, and no other inherits them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from simulator.scenario.parts import Observation
from simulator.scenario.series import Series
from simulator.values.address import MISSING, Address
from simulator.values.fields import Date, Strict, Text
from simulator.values.wording import show, unknown

APPROVED, COMMENTS = "approved", "comments"
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
    "observations",
    "alternatives",
    "shocks",
    "outlook",
    "levers",
    "risks",
)  # what a comment may speak of


class Approval(Strict):
    """Who approved a scenario as it stands, and when; the next change of the file takes it away."""

    by: Text = Field(description="who approved it")
    on: Date = Field(description="the day on which it was approved")


class Comment(Strict):
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
    return f"observations.{measure} {period}"


def _fault(scenario: Any, at: str, figures: Sequence[Observation]) -> str:
    """Why a path leads to no input; empty where it does."""
    expected = "an input, such as levers.assembly.count or observations.turnover 2018"
    try:
        address = Address.parse(at)
    except ValueError as error:
        return str(error)
    if address.section not in INPUTS:
        return unknown(address.section, INPUTS, "an input, beginning with one of")
    if address.section == "observations" and len(address) > 1:
        known = tuple(f"{figure.measure} {figure.period}" for figure in figures)
        name = at.removeprefix("observations.")
        return "" if name in known else unknown(name, known, "a figure by measure and period, one of")
    node: Any = scenario
    for key in address:
        node, known = _below(node, key)
        if node is MISSING:
            return unknown(key, known, "one of") if known else f"found {show(at)}, expected {expected}"
    return ""


def _below(node: Any, key: Any) -> tuple[Any, tuple[str, ...]]:
    """What stands one key below a part of a scenario, and the keys that there are."""
    if isinstance(node, tuple) and not isinstance(key, int):
        node = node[0] if len(node) == 1 else MISSING
    if isinstance(node, tuple):
        return (node[key] if isinstance(key, int) and key < len(node) else MISSING), ()
    if isinstance(node, BaseModel) and not isinstance(node, Series):
        fields = tuple(type(node).model_fields)
        return (getattr(node, key) if key in fields else MISSING), fields
    if isinstance(node, Mapping):
        keys = tuple(map(str, node))
        return next((node[name] for name in node if str(name) == str(key)), MISSING), keys
    return MISSING, ()
