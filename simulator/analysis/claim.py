"""The probability of an official statement under the law, and its log score once the outcome is published."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.model.result import Result
from simulator.scenario import Scenario
from simulator.scenario.parts import MEASURES
from simulator.values.periods import Period
from simulator.values.units import digits
from simulator.values.wording import BLANKS, respelled, show, unknown

_CLAIM = re.compile(r"\s*(\S+)\s+(\S+?)\s*(>=|<=|\u2265|\u2264|at least|at most)\s*(\S.*?)\s*")
_GROWTH = re.compile(r"\s*(\S+)\s+(\S+?)\s+growth\b.*")
_AMOUNT = re.compile(
    rf"[+-]?(?:[0-9]{{1,3}}(?:[,{BLANKS}][0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?"
)  # a mark between thousands stands before three digits
EXPECTED = 'a claim such as "turnover 2018 >= 1000"'


@dataclass(frozen=True)
class Claim:
    """A statement, its probability, and what came of it.

    ``outcome`` is the figure published after ``as_of``, if the scenario holds it; ``log_score`` is the log of the probability that the
    law gave to what happened (0 is perfect).
    """

    text: str
    result: Result
    outcome: float | None
    held: bool | None
    log_score: float | None

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The claim for a machine."""
        answer = self.result.to_dict(file)
        kept = (
            "scenario",
            "as_of",
            "target",
            "probability",
            "standard_error",
            "probability_range",
            "points",
            "seed",
            "version",
            "elapsed_seconds",
        )
        return {
            "claim": self.text,
            **{key: answer[key] for key in kept},
            "outcome": self.outcome,
            "held": self.held,
            "log_score": self.log_score,
        }


def claim(scenario: Scenario, text: str, *, simulate: Callable[..., Result], **options: Any) -> Claim:
    """How likely a statement is.

    Args:
        scenario: on whose figures and measures it is judged.
        text: measure, period, ``>=`` or ``<=`` (or "at least", "at most"), amount (of a balance also below zero).
        simulate: the engine's.
        options: handed to it.

    Raises:
        ValueError: the text is no claim, or names what the scenario does not have.
    """
    target = read_claim(scenario, text)
    place = (target["measure"], target["period"])
    result = simulate(scenario.changed(target=target), **options)
    later = [
        o
        for o in scenario.observations
        if (o.measure, o.period) == place and o.value is not None and not o.known(scenario.as_of)
    ]
    if not later:
        return Claim(text, result, None, None, None)
    figure = max(later, key=lambda o: str(o.published)).value
    outcome = figure.amount if figure else 0.0
    held = outcome >= target["at_least"] if "at_least" in target else outcome <= target["at_most"]
    given = result.probability if held else 1 - result.probability
    return Claim(text, result, outcome, held, math.log(given) if given > 0 else -math.inf)


def read_claim(scenario: Scenario, text: str) -> dict[str, Any]:
    """The target that a statement names.

    Raises:
        ValueError: as ``claim``.
    """
    if growth := _GROWTH.fullmatch(text):
        raise ValueError(_growth_told(scenario, text, *growth.groups()))
    match = _CLAIM.fullmatch(text)
    if not match:
        raise ValueError(f"found {show(text)}, expected {EXPECTED}")
    measure, period, side, amount = match.groups()
    known = (*MEASURES, *scenario.streams)
    if measure not in known:
        raise ValueError(unknown(measure, known, "a measure"))
    bound = "at_least" if side in (">=", "\u2265", "at least") else "at_most"
    number = _amount(text, amount)
    if number <= 0 and measure != "balance":
        raise ValueError(f"found {show(text)}, expected an amount above 0; only a balance may be 0 or less")
    return {"measure": measure, "period": Period.parse(period), bound: number}


def _amount(text: str, amount: str) -> float:
    """The amount of a claim; a comma or a blank in it stands between thousands.

    Raises:
        ValueError: it is no number, or one with a comma or blank that may mean two things.
    """
    amount = amount.replace("\u2212", "-")
    if _AMOUNT.fullmatch(amount):
        number = float(re.sub(f"[,{BLANKS}]", "", amount))
        if math.isfinite(number):
            return number
    readings = respelled(amount)
    if amount.endswith("%"):
        raise ValueError(f"found {show(text)}, expected an amount in place of {show(amount)}: {EXPECTED}")
    if readings:
        mark = "a comma" if "," in amount else "a mark"
        raise ValueError(f"{amount}: found {mark} that is none between thousands; {' or '.join(readings)}?")
    raise ValueError(
        f"found {show(text)}, expected an amount in plain decimals in place of {show(amount)}: {EXPECTED}"
    )


def _growth_told(scenario: Scenario, text: str, measure: str, period: str) -> str:
    """What to write in place of a claim on growth: with the amount, where the year before is published and the rate can be read."""
    told = f"found {show(text)}: claims on growth are not understood yet; state the amount that it comes to"
    side = re.search(
        r"(>=|<=|\u2265|\u2264|at least|at most)\s*([+-]?[0-9]+(?:\.[0-9]+)?)[ \u00a0\u202f]?%\s*$", text
    )
    base = _published(scenario, measure, Period.parse(period).shift(-12))
    if side is None or base is None:
        return f"{told}, such as {show(f'{measure} {period} >= 1000')}"
    sign = ">=" if side[1] in (">=", "\u2265", "at least") else "<="
    amount = digits(base * (1 + float(side[2]) / 100))
    return f"{told}: {show(f'{measure} {period} {sign} {amount}')}, for {digits(base)} was published for the year before"


def _published(scenario: Scenario, measure: str, period: Period) -> float | None:
    """The latest value that was published for a measure and period."""
    found = [
        o for o in scenario.counted if (o.measure, o.period) == (measure, period) and o.value is not None
    ]
    latest = max(found, key=lambda o: str(o.published or ""), default=None)
    return latest.value.amount if latest and latest.value else None
