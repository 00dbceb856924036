"""What a target still takes, and whether it can be set beside the growth of other trade.

Others are pairs of countries, or nations with all the world; their growth is that of goods in US dollars.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.analysis import classes
from simulator.model import provenance
from simulator.model.result import Result
from simulator.scenario import Scenario, Target
from simulator.scenario.measures import MEASURES
from simulator.scenario.targets import Kind
from simulator.values.periods import Period


@dataclass(frozen=True)
class Need:
    """What the leading target still takes from the last full year that is published.

    ``log`` is the change of the log of the total over ``years`` years, in the scenario's currency;
    ``base_amount`` is in its unit. ``in_dollars`` is that change in US dollars where the file's rates tell
    it, else the same. ``remarks`` say in what it is not of the kind of which the classes are.
    """

    base: Period
    base_amount: float
    period: Period
    years: int
    log: float
    in_dollars: float
    remarks: tuple[str, ...]

    @property
    def a_year(self) -> float:
        """The growth a year in the scenario's currency, a fraction."""
        return math.expm1(self.log / self.years)

    @property
    def dollars_a_year(self) -> float:
        """The growth a year that is set beside others', a fraction."""
        return math.expm1(self.in_dollars / self.years)


def needed(result: Result) -> Need | str:
    """What the leading target still takes, or why that cannot be set beside other trade."""
    target = result.leading
    reason = _other(result)
    if reason is not None:
        return reason
    if result.last_published_year is None:
        return "no full year before the target's is published"
    base, total = result.last_published_year
    asked, years = provenance.amount(target, result.flows), (target.period.first - base.first) / 12
    if asked is None:
        return "the target grows from a sum that is not published"
    if total <= 0 or asked <= 0 or years != int(years):
        return f"no growth over whole years leads from {base} to {target.period}"
    log = math.log(asked / total)
    dollars = in_dollars(result.scenario, log, base, target.period)
    return Need(
        base,
        total,
        target.period,
        int(years),
        log,
        log if dollars is None else dollars,
        tuple(_remarks(result.scenario, base, adjusted=dollars is not None)),
    )


def _other(result: Result) -> str | None:
    """Why a target is none of a year's goods of two countries, or of a nation; None where it is one."""
    scenario, target = result.scenario, result.leading
    members = members_of(scenario)
    counted = classes.measures(members)
    listed = " and ".join(filter(None, (", ".join(counted[:-1]), counted[-1])))
    if result.decided:
        return "published figures decide the target"
    if target.kind is Kind.SHARE:
        return "the target is a share, and the classes count how trade grows"
    if reason := _other_trade(scenario, members):
        return reason
    if target.measure not in counted:
        about = target.measure if target.measure in MEASURES else "a part of the trade"
        return f"the target is about {about}, and the classes of {members} count {listed}"
    if target.period.months != 12:
        return f"the target is about {target.period}, and the classes count whole years"
    return _other_goods(scenario, target)


def _other_trade(scenario: Scenario, members: str) -> str | None:
    """Why the trade is neither that of two countries nor all of a nation's; None where it is."""
    if members == classes.NATIONS and scenario.partner is not None:
        return f"its kind makes it all trade of a country, and the file names {scenario.partner} as partner"
    if members == classes.PAIRS and len(scenario.partners) > 1:
        return "the target is about trade with several partners, and the classes count that of two countries"
    return None


def _other_goods(scenario: Scenario, target: Target) -> str | None:
    """Why a target is not about all goods; None as far as the file's words and streams go."""
    if speaks_of_services(scenario, target):
        return "the target counts services, and the classes count goods"
    directions = {stream.direction for stream in scenario.streams.values()}
    if target.measure == "turnover" and len(directions) == 1:
        return f"the file knows {directions.pop()} alone, and the classes count both directions"
    return None


SERVICES = re.compile(
    r"\b(goods|merchandise|trade)\s*(and|&|\+|plus|,)\s*services\b"
    r"|\b(exports|imports|trade)\s+(of|in)\s+services\b"
    r"|товар\w*\s+и\s+услуг",
    re.IGNORECASE,
)
STREAM = re.compile(r"\bservices\b|услуг", re.IGNORECASE)
SETTLES = re.compile(r"goods|merchandise|services|товар|услуг", re.IGNORECASE)


def speaks_of_services(scenario: Scenario, target: Target) -> bool:
    """Whether the words of a file say that a target counts services.

    What the target is resolved by decides where it says what is counted; else the title, the description,
    the sources of its figures and the names of streams.
    """
    settles = target.resolved_by or ""
    if SETTLES.search(settles):
        return SERVICES.search(settles) is not None
    sources = (figure.source for figure in scenario.counted if figure.measure == target.measure)
    texts = filter(None, (scenario.title, scenario.description, *sources))
    return any(map(SERVICES.search, texts)) or any(map(STREAM.search, _names(scenario)))


def _names(scenario: Scenario) -> Iterator[str]:
    """The names of streams, as the file and as people have them."""
    for key, stream in scenario.streams.items():
        yield from (key, stream.name or key)


def members_of(scenario: Scenario) -> str:
    """What a scenario is set beside: pairs or nations."""
    return classes.NATIONS if national(scenario) else classes.PAIRS


def national(scenario: Scenario) -> bool:
    """Whether a scenario is about all trade of a country: by its kind of flow, or it names no partner."""
    named = {scenario.partner, *scenario.partners} - {None}
    return scenario.outlook.flow == "national" or bool(scenario.home and not named)


# Dollars


def in_dollars(scenario: Scenario, log: float, base: Period, end: Period) -> float | None:
    """A change of logs in US dollars; None where the file states no rate of each year."""
    if scenario.currency == "USD":
        return log
    rate = scenario.exchange_rates.get("USD")
    first, last = (rate.covering(period) if rate else None for period in (base, end))
    if first is None or last is None or first is last:
        return None
    return log - math.log(last.middle / first.middle)


def _remarks(scenario: Scenario, base: Period, *, adjusted: bool) -> Iterator[str]:
    """In what the growth that is needed is not of the kind of which the classes are."""
    if not adjusted:
        yield f"growth in {scenario.currency} is set unadjusted beside growth in US dollars"
    elif scenario.currency != "USD":
        yield "growth is counted in US dollars, by the rates in the file"
    if not base.is_year:
        yield "fiscal years are set beside calendar years"
