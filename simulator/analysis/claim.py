"""The probability of an official statement under the law, and its log score once the outcome is published."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.periods import Period
from simulator.result import Result
from simulator.scenario import MEASURES, Scenario
from simulator.wording import unknown

_CLAIM = re.compile(r"\s*(\S+)\s+(\S+)\s*(>=|<=|at least|at most)\s*([0-9][0-9 ,]*(?:\.[0-9]+)?)\s*")
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
        kept = ("scenario", "as_of", "target", "probability", "standard_error", "probability_range", "points", "seed", "version", "elapsed_seconds")
        return {"claim": self.text, **{key: answer[key] for key in kept}, "outcome": self.outcome, "held": self.held, "log_score": self.log_score}


def claim(scenario: Scenario, text: str, *, simulate: Callable[..., Result], **options: Any) -> Claim:
    """How likely a statement is.

    Args:
        scenario: on whose figures and measures it is judged.
        text: measure, period, ``>=`` or ``<=`` (or "at least", "at most"), amount.
        simulate: the engine's.
        options: handed to it.

    Raises:
        ValueError: the text is no claim, or names what the scenario does not have.
    """
    target = read_claim(scenario, text)
    place = (target["measure"], target["period"])
    result = simulate(scenario.changed(target=target), **options)
    later = [o for o in scenario.observations if (o.measure, o.period) == place and o.value is not None and not o.known(scenario.as_of)]
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
    match = _CLAIM.fullmatch(text)
    if not match:
        raise ValueError(f"found {text!r}, expected {EXPECTED}")
    measure, period, side, amount = match.groups()
    known = (*MEASURES, *scenario.streams)
    if measure not in known:
        raise ValueError(unknown(measure, known, "a measure"))
    bound = "at_least" if side in (">=", "at least") else "at_most"
    return {"measure": measure, "period": Period.parse(period), bound: float(amount.replace(",", "").replace(" ", ""))}
