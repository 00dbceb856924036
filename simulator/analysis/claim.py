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
from simulator.scenario.measures import MEASURES, parts, read_measure
from simulator.scenario.targets import Kind, Quantity
from simulator.shown import Shown
from simulator.values.periods import Period
from simulator.values.units import Unit
from simulator.values.wording import BLANKS, respelled, show, unknown

SIDES = {
    ">=": "at_least",
    "<=": "at_most",
    "\u2265": "at_least",
    "\u2264": "at_most",
    "at least": "at_least",
    "at most": "at_most",
}
_SIDE = "|".join(SIDES)
_NAME = r"[^\s+]+"
_SUM = rf"{_NAME}(?:\s*\+\s*{_NAME})*"
_CLAIM = re.compile(
    rf"\s*(?P<measure>{_SUM})(?:\s+of\s+(?P<of>{_SUM}))?\s+(?P<period>\S+?)"
    rf"(?P<growth>\s+growth(?P<a_year>\s+a\s+year)?(?:\s+since\s+(?P<since>\S+?))?)?"
    rf"\s*(?P<side>{_SIDE})\s*(?P<amount>\S.*?)\s*"
)
# a mark between thousands stands before three digits
_AMOUNT = re.compile(rf"[+-]?(?:[0-9]{{1,3}}(?:[,{BLANKS}][0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?")
BLANK = "\x00"  # stands for the blanks of a partner's name while a claim is read
EXPECTED = 'a claim such as "turnover 2018 >= 1000"'
FORMS = (
    '"exports 2018 growth >= 10%", "exports 2020 growth since 2015 >= 50%", '
    '"machinery of exports 2020 >= 20%" or "oil + gas 2020 <= 300"'
)


@dataclass(frozen=True)
class Claim(Shown):
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
    outcome = _outcome(scenario, result.scenario.target[0].quantity)
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
    joined = text
    for partner in scenario.partners:
        joined = joined.replace(partner, partner.replace(" ", BLANK))
    match = _CLAIM.fullmatch(joined)
    if not match:
        raise ValueError(f"found {show(text)}, expected {EXPECTED}, {FORMS}")
    target = {**_measures(scenario, match), "period": scenario.period(match["period"])}
    side = SIDES[match["side"]]
    if not match["growth"] and not match["of"]:
        return {**target, side: _money(text, match["amount"], target["measure"])}
    if match["since"]:
        target["since"] = scenario.period(match["since"])
    kind = "share" if match["of"] else "growth"
    return {**target, "a_year": bool(match["a_year"]), f"{kind}_{side}": _percent(text, match["amount"])}


def _measures(scenario: Scenario, match: re.Match[str]) -> dict[str, Any]:
    """The measure of a claim, and that of which it is a share.

    Raises:
        ValueError: the scenario does not have it.
    """
    named = {key: read_measure(match[key].replace(BLANK, " ")) for key in ("measure", "of") if match[key]}
    known = (*MEASURES, *scenario.streams, *scenario.partners)
    for name in (name for measure in named.values() for name in parts(measure)):
        if name not in known:
            raise ValueError(unknown(name, known, "a measure"))
    return named


def _percent(text: str, amount: str) -> str:
    """The percent of a claim on growth or a share, as a file states it.

    Raises:
        ValueError: it is none.
    """
    written = amount.replace("\u2212", "-")
    try:
        Unit.PERCENT.read(written)
    except ValueError as error:
        raise ValueError(f"{show(text)}: {error}") from None
    return written


def _money(text: str, amount: str, measure: str) -> float:
    number = _amount(text, amount)
    if number <= 0 and measure != "balance":
        raise ValueError(f"found {show(text)}, expected an amount above 0; only a balance may be 0 or less")
    return number


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


def _outcome(scenario: Scenario, quantity: Quantity) -> float | None:
    """What came of a claim, by figures published after the day on which it is asked.

    None where none tells.
    """
    later = [o for o in scenario.figures if not o.known(scenario.as_of)]
    amount = _latest(later, quantity.measure, quantity.period)
    if quantity.base is None:
        return amount
    base = _latest(scenario.figures, *quantity.base)
    if amount is not None and base:
        return float(quantity.from_ratio(amount / base))
    return _growth_stated(later, quantity)


def _growth_stated(observations: Iterable[Observation], quantity: Quantity) -> float | None:
    """The growth on the year before that a figure states; None where none does."""
    if quantity.kind is not Kind.GROWTH or quantity.since != quantity.period.shift(-12):
        return None
    place = (quantity.measure, quantity.period)
    rates = [o for o in observations if (o.measure, o.period) == place and o.growth is not None]
    latest = max(rates, key=lambda observation: str(observation.published or ""), default=None)
    return latest.growth.amount if latest and latest.growth else None


def _latest(observations: Iterable[Observation], measure: str, period: Period) -> float | None:
    """The value published last for a measure and period among some observations; None where none was."""
    stated = (o for o in observations if (o.measure, o.period) == (measure, period) and o.value is not None)
    latest = max(stated, key=lambda observation: str(observation.published or ""), default=None)
    return latest.value.amount if latest and latest.value else None
