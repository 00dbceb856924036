"""The kinds of levers and risks as cards: each in a sentence, and the values that a new one begins with.

Where a study gives a size, a new one begins with it. What no study knows, how many there are and how large
each is, is sized by the trade of the case and marked as our assumption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.levers import KINDS
from simulator.scenario import Observation, Scenario
from simulator.scenario.consistency import DIRECTIONS
from simulator.scenario.targets import Kind
from simulator.values.basis import Basis
from simulator.values.periods import month_text

RISKS = ("disruption",)
ASSUMED = f"{Basis.JUDGEMENT}: until something better is known"
SIZED = f"{Basis.JUDGEMENT}: sized by a year's trade, until the plans are known"
SMALLEST = 100.0  # a year's trade where neither figures nor target say how large it is
VENTURE, DEAL = (0.0015, 0.02), (0.005, 0.05)  # of a year's trade: what nine in ten lie between
FIRST_MONTH = "start"  # stated for a measure: by default it would begin at once


@dataclass(frozen=True)
class Card:
    """A kind as people are offered it.

    ``id`` is what a new one is called in the file, ``default`` the size that it begins with, in words.
    """

    kind: str
    id: str
    title: str
    sentence: str
    default: str
    source: str

    @property
    def section(self) -> str:
        """Where a file has such a one: ``levers`` or ``risks``."""
        return section_of(self.kind)


CARDS = {
    card.kind: card
    for card in (
        Card(
            "promotion",
            "missions",
            "Trade missions and visits",
            "State visits, trade missions or a distribution network lift trade for a while.",
            "0 to 9 % more exports, most likely 3 %, for a year, fading over half a year",
            "State visits: Nitsch 2007; less what is usual",
        ),
        Card(
            "preference",
            "preference",
            "Price cut for buyers",
            "Leasing support or a tariff preference makes a part of the goods cheaper for their buyers.",
            "8 % off the price of 2 to 20 % of the goods; 1 % off sells 0.4 to 1.5 % more in the first year",
            "Boehm, Levchenko, Pandalai-Nayar 2023; Bajzik and others 2020; the cut is our assumption",
        ),
        Card(
            "corridor",
            "corridor",
            "Transport corridor",
            "Goods travel faster or cheaper on a new or better route.",
            "0 to 4.1 % more trade, most likely 1 %",
            "Baniya, Rocha, Ruta 2019; the most likely value is our assumption",
        ),
        Card(
            "harmonisation",
            "rules",
            "Harmonised rules",
            "Rules are made alike and barriers fall, step by step over two years.",
            "barriers cost 4 to 30 % of the goods' value, of which 5 to 25 % are removed",
            "Eurasian Development Bank 2015; Cadot, Gourdon 2016",
        ),
        Card(
            "interregional_deals",
            "deals",
            "Supply deals",
            "Regions or firms sign supply memoranda, of which a part is carried out.",
            "4 deals, of whose value four sevenths are carried out; half of that would not be traded anyway",
            "Supply memoranda executed within two years; number and size are our assumption",
        ),
        Card(
            "joint_ventures",
            "ventures",
            "Joint ventures",
            "Assembly plants abroad buy kits from home.",
            "4 ventures; seven in ten open, and reach a third of their plan",
            "Plans against outcomes of earlier ventures; number and size are our assumption",
        ),
        Card(
            "custom",
            "measure",
            "Another effect",
            "Anything else that moves trade by a percent: a new plant, a contract, an exchange rate.",
            "0 to 5 % more trade, most likely 2 %",
            "Our assumption: put your own in its place",
        ),
        Card(
            "disruption",
            "event",
            "A named event",
            "A border closes, sanctions, a slump in one market: beyond the usual ups and downs.",
            "5 % likely in any year; 15 to 50 % less trade for a year, made good over two",
            "Our assumption: put your own in its place",
        ),
    )
}


def section_of(kind: str) -> str:
    """Where a file has levers or risks of a kind."""
    return "risks" if kind in RISKS else "levers"


def cards(section: str) -> tuple[Card, ...]:
    """The cards of the kinds of levers, or of risks."""
    return tuple(card for card in CARDS.values() if card.kind in KINDS and card.section == section)


def values(kind: str, scenario: Scenario) -> dict[str, Any]:
    """What a file states of a new lever or risk of a kind, in a scenario whose figures are known."""
    fields, sources = BEGINNINGS[kind](scenario)
    stated: dict[str, Any] = {"kind": kind, "name": CARDS[kind].title, **fields}
    if section_of(kind) == "levers" and (month := next_january(scenario)):
        stated[FIRST_MONTH] = month
        sources = {**sources, FIRST_MONTH: ASSUMED}
    return stated | {"sources": sources}


def next_january(scenario: Scenario) -> str | None:
    """The first January after the day of a scenario; None where all targets are over by then."""
    month = 12 * (scenario.as_of.year + 1)
    return month_text(month) if month <= scenario.horizon else None


def yearly(scenario: Scenario) -> float:
    """What a year's trade comes to by the last figures, in the scenario's unit; else by what is asked."""
    sizes = _sizes(scenario.counted)
    both = sizes.get("turnover", 0.0) or sum(sizes.get(side, 0.0) for side in DIRECTIONS)
    asked = [abs(target.amount) for target in scenario.target if target.kind is Kind.AMOUNT]
    return both or max([*sizes.values(), *asked], default=0.0) or SMALLEST


def _sizes(figures: Iterable[Observation]) -> dict[str, float]:
    """What each measure comes to in a year by its last figure."""
    latest: dict[str, tuple[int, float]] = {}
    for figure in figures:
        if figure.value is not None and figure.measure != "balance":
            size = figure.period.last, 12 * figure.value.amount / figure.period.months
            latest[figure.measure] = max(latest.get(figure.measure, size), size)
    return {measure: amount for measure, (_, amount) in latest.items()}


def _range(scenario: Scenario, shares: tuple[float, float]) -> dict[str, float]:
    """An amount between two shares of a year's trade, to two digits."""
    low, high = (float(f"{share * yearly(scenario):.2g}") for share in shares)
    return {"p5": low, "p95": high}


def _sold(scenario: Scenario) -> dict[str, Any]:
    """The direction that what is done for sales moves: that of the target where it asks for one alone."""
    asked = {target.measure for target in scenario.target}
    wanted = "imports" if asked == {"imports"} else "exports"
    there = {stream.direction for stream in scenario.streams.values()}
    return {"streams": [wanted]} if wanted in there else {}


Beginning = tuple[dict[str, Any], dict[str, str]]


def _promotion(scenario: Scenario) -> Beginning:
    lift = {"low": "0%", "likely": "3%", "high": "9%"}
    return {"percent": lift, **_sold(scenario)}, {"percent": CARDS["promotion"].source}


def _preference(scenario: Scenario) -> Beginning:
    fields = {"margin": "8%", "paid_by": "budget", "phase_in": 12, **_sold(scenario)}
    return fields, {"margin": ASSUMED, "phase_in": ASSUMED}


def _corridor(_: Scenario) -> Beginning:
    most = "Baniya, Rocha, Ruta 2019: up to 4.1 % on Belt and Road corridors"
    return {"percent": {"low": "0%", "likely": "1%", "high": "4.1%"}}, {"percent": most}


def _harmonisation(_: Scenario) -> Beginning:
    cost = {"low": "4%", "likely": "10%", "high": "30%"}
    fields = {"barrier_cost": cost, "phase_in": 24}
    return fields, {"barrier_cost": CARDS["harmonisation"].source, "phase_in": ASSUMED}


def _deals(scenario: Scenario) -> Beginning:
    fields = {"signed": 4, "value_each": _range(scenario, DEAL), **_sold(scenario)}
    return fields, {"signed": ASSUMED, "value_each": SIZED}


def _ventures(scenario: Scenario) -> Beginning:
    fields = {"count": 4, "planned_exports_each": _range(scenario, VENTURE), **_sold(scenario)}
    return fields, {"count": ASSUMED, "planned_exports_each": SIZED}


def _custom(_: Scenario) -> Beginning:
    return {"percent": {"low": "0%", "likely": "2%", "high": "5%"}}, {"percent": ASSUMED}


def _disruption(_: Scenario) -> Beginning:
    depth = {"low": "15%", "likely": "30%", "high": "50%"}
    fields = {"enabled": True, "yearly_probability": "5%", "depth": depth}
    return fields, {"yearly_probability": ASSUMED, "depth": ASSUMED}


BEGINNINGS: Mapping[str, Callable[[Scenario], Beginning]] = {
    "promotion": _promotion,
    "preference": _preference,
    "corridor": _corridor,
    "harmonisation": _harmonisation,
    "interregional_deals": _deals,
    "joint_ventures": _ventures,
    "custom": _custom,
    "disruption": _disruption,
}
