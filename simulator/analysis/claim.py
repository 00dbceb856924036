"""The probability of an official statement under the law, and its log score once the outcome is published."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.model.result import Result, Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.scenario import Observation, Scenario
from simulator.scenario.parts import MEASURES
from simulator.values.periods import Period
from simulator.values.units import digits
from simulator.values.wording import BLANKS, respelled, show, unknown

SIDES = {
    ">=": "at_least",
    "<=": "at_most",
    "\u2265": "at_least",
    "\u2264": "at_most",
    "at least": "at_least",
    "at most": "at_most",
}
SIGNS = {"at_least": ">=", "at_most": "<="}
_SIDE = "|".join(SIDES)
_CLAIM = re.compile(rf"\s*(\S+)\s+(\S+?)\s*({_SIDE})\s*(\S.*?)\s*")
_GROWTH = re.compile(r"\s*(\S+)\s+(\S+?)\s+growth\b.*")
_RATE = re.compile(rf"({_SIDE})\s*([+-]?[0-9]+(?:\.[0-9]+)?)[ \u00a0\u202f]?%\s*$")
_AMOUNT = re.compile(
    rf"[+-]?(?:[0-9]{{1,3}}(?:[,{BLANKS}][0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?"
)  # a mark between thousands stands before three digits
EXPECTED = 'a claim such as "turnover 2018 >= 1000"'


@dataclass(frozen=True)
class Claim:
    """A statement, its probability, and what came of it.

    ``outcome`` is the figure published after ``as_of``, if the scenario holds it, and ``met`` whether the
    statement came true; ``log_score`` is the log of the probability that the law gave to what happened (0 is
    perfect).
    """

    text: str
    result: Result
    outcome: float | None
    met: bool | None
    log_score: float | None

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The claim for a machine."""
        result, question = self.result, self.result.question(file)
        return {
            "claim": self.text,
            **{key: question[key] for key in ("scenario", "as_of", "target")},
            "probability": result.probability,
            "standard_error": result.standard_error,
            "probability_range": result.probability_range.to_dict(),
            **result.record(),
            "elapsed_seconds": result.elapsed_seconds,
            "outcome": self.outcome,
            "held": self.met,
            "log_score": self.log_score,
        }


def claim(
    scenario: Scenario, text: str, *, simulate: Simulate, points: int = POINTS, seed: int = SEED
) -> Claim:
    """How likely a statement is.

    Args:
        scenario: on whose figures, levers and risks it is judged.
        text: measure, period, ``>=`` or ``<=`` (or "at least", "at most"), amount, of a balance also under 0.
        simulate: the engine's.
        points: draws in all, a power of two.
        seed: of every draw.

    Raises:
        ValueError: the text is no claim, or names what the scenario does not have; or points or seed cannot
            be used.
    """
    target = read_claim(scenario, text)
    result = simulate(scenario.changed(target=target), points=points, seed=seed)
    later = (observation for observation in scenario.observations if not observation.known(scenario.as_of))
    outcome = _latest(later, target["measure"], target["period"])
    if outcome is None:
        return Claim(text, result, None, None, None)
    met = bool(result.scenario.target[0].met(np.asarray(outcome)))
    given = result.probability if met else 1 - result.probability
    return Claim(text, result, outcome, met, math.log(given) if given > 0 else -math.inf)


def read_claim(scenario: Scenario, text: str) -> dict[str, Any]:
    """The target that a statement names.

    Raises:
        ValueError: as ``claim``.
    """
    if growth := _GROWTH.fullmatch(text):
        raise ValueError(_growth_refused(scenario, text, *growth.groups()))
    match = _CLAIM.fullmatch(text)
    if not match:
        raise ValueError(f"found {show(text)}, expected {EXPECTED}")
    measure, period, side, amount = match.groups()
    known = (*MEASURES, *scenario.streams)
    if measure not in known:
        raise ValueError(unknown(measure, known, "a measure"))
    number = _amount(text, amount)
    if number <= 0 and measure != "balance":
        raise ValueError(f"found {show(text)}, expected an amount above 0; only a balance may be 0 or less")
    return {"measure": measure, "period": Period.parse(period), SIDES[side]: number}


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


def _growth_refused(scenario: Scenario, text: str, measure: str, period: str) -> str:
    """What to write in place of a claim on growth.

    With the amount, where the year before is published and the rate can be read.
    """
    refusal = (
        f"found {show(text)}: claims on growth are not understood yet; state the amount that it comes to"
    )
    rate = _RATE.search(text)
    base = _latest(scenario.counted, measure, Period.parse(period).shift(-12))
    if rate is None or base is None:
        return f"{refusal}, such as {show(f'{measure} {period} >= 1000')}"
    amount = digits(base * (1 + float(rate[2]) / 100))
    instead = show(f"{measure} {period} {SIGNS[SIDES[rate[1]]]} {amount}")
    return f"{refusal}: {instead}, for {digits(base)} was published for the year before"


def _latest(observations: Iterable[Observation], measure: str, period: Period) -> float | None:
    """The value published last for a measure and period among some observations; None where none was."""
    stated = (o for o in observations if (o.measure, o.period) == (measure, period) and o.value is not None)
    latest = max(stated, key=lambda observation: str(observation.published or ""), default=None)
    return latest.value.amount if latest and latest.value else None
