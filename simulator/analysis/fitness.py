"""Whether the answers of two sets of assumptions can be set against each other, and why not."""

from __future__ import annotations

from enum import StrEnum

from simulator.scenario import Scenario
from simulator.values.units import power_of


class Unfit(StrEnum):
    """Why the answer of one set cannot be subtracted from that of another."""

    CURRENCY = "currency"
    UNIT = "unit"
    COUNTRIES = "countries"
    KIND = "kind"


REFUSED = (Unfit.CURRENCY, Unfit.UNIT)  # amounts that cannot stand beside each other: no comparison is made


def unfit(first: Scenario, other: Scenario) -> Unfit | None:
    """Why the answer of another set cannot be subtracted from that of the first; None where it can be."""
    if other.currency != first.currency:
        return Unfit.CURRENCY
    if other.unit != first.unit and None in (power_of(first.unit), power_of(other.unit)):
        return Unfit.UNIT
    if _other_countries(first, other):
        return Unfit.COUNTRIES
    kinds = ({target.kind for target in scenario.target} for scenario in (first, other))
    return None if set.intersection(*kinds) else Unfit.KIND


def _other_countries(first: Scenario, other: Scenario) -> bool:
    """Whether a country that both name is another one, however it is written."""
    pairs = ((first.home, other.home), (first.partner, other.partner))
    return any(one and two and one.casefold() != two.casefold() for one, two in pairs)
