"""What the steps of a new case hold, in the words that were typed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from simulator.workspace.grid import Row, filled

SIDES = {
    "at_least": "is at least",
    "at_most": "is at most",
    "growth_at_least": "grows by at least",
    "growth_at_most": "grows by at most",
    "share_at_least": "has a share of at least",
    "share_at_most": "has a share of at most",
}
ASKED = ("turnover", "exports", "imports", "balance")
SHARED = ASKED[:3]  # of which something may be a share
UNITS = ("thousand", "million", "billion")
NAME = "new-case"
_SLUG = re.compile(r"[\W_]+")


@dataclass
class Goal:
    """A target as the sentence of form fields has it."""

    measure: str = "turnover"
    side: str = "at_least"
    number: str = ""
    period: str = ""
    of: str = "turnover"
    since: str = ""
    resolved_by: str = ""


@dataclass
class Form:
    """Everything that the steps hold, in the words that were typed."""

    nation: bool = False
    home: str = ""
    partner: str = ""
    currency: str = "USD"
    unit: str = "million"
    as_of: str = ""
    goals: list[Goal] = field(default_factory=lambda: [Goal()])
    rows: list[Row] = field(default_factory=list)
    alternatives: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fiscal_year_starts: int | None = None
    drivers: dict[str, dict[str, Any]] = field(default_factory=dict)
    title: str = ""
    name: str = ""

    @property
    def offered(self) -> bool:
        """Whether its fields hold words, and its choices are among those that are offered."""
        words = [self.home, self.partner, self.currency, self.as_of, self.title, self.name]
        words += [text for goal in self.goals for text in vars(goal).values()]
        chosen = (g.measure in ASKED and g.side in SIDES and g.of in SHARED for g in self.goals)
        return all(isinstance(text, str) for text in words) and self.unit in UNITS and all(chosen)

    @property
    def begun(self) -> bool:
        """Whether anything was put in that would be missed."""
        typed = self.home or self.partner or any(goal.number for goal in self.goals)
        return bool(typed or any(map(filled, self.rows)))

    @property
    def file(self) -> str:
        """What its file is called, without an ending."""
        period = self.goals[0].period
        parts = (
            (self.name,) if self.name.strip() else (self.home, "" if self.nation else self.partner, period)
        )
        return _SLUG.sub("-", " ".join(parts).lower()).strip("-") or NAME

    @property
    def headline(self) -> str:
        """Its title: the one that was given, else what is asked."""
        return " ".join(self.title.split()) or _asked(self)


def today(now: dt.date | None = None) -> str:
    """The day on which a new case is asked, unless another is given."""
    return (now or dt.date.today()).isoformat()


def _asked(form: Form) -> str:
    """What is asked, as a title."""
    who = form.home.strip() if form.nation else f"{form.home.strip()} and {form.partner.strip()}"
    return f"{who}: " + " and ".join(_goal_words(form, goal) for goal in form.goals)


def _goal_words(form: Form, goal: Goal) -> str:
    money = goal.side in ("at_least", "at_most")
    number = goal.number.strip().removesuffix("%").strip()
    size = f"{number} {form.unit} {form.currency.strip().upper()}" if money else f"{number} %"
    bound = "at least" if goal.side.endswith("least") else "at most"
    if goal.side.startswith("share"):
        return f"{goal.measure} {bound} {size} of {goal.of} in {goal.period.strip()}"
    if goal.side.startswith("growth"):
        since = f" since {goal.since.strip()}" if goal.since.strip() else ""
        return f"{goal.measure} up by {bound} {size} in {goal.period.strip()}{since}"
    return f"{goal.measure} of {bound} {size} in {goal.period.strip()}"
