"""Sentences on trade by partner."""

from __future__ import annotations

from simulator.model.result import Result
from simulator.report.amounts import money
from simulator.report.names import headed, named
from simulator.report.partners import ByPartner, Partner
from simulator.values.numerals import FINEST, decimals, fixed

NO_PART = "-"
SMALL = 0.005  # a part that would round to nought


def title(result: Result, trade: ByPartner) -> str:
    """What is shown: ``Exports by partner``."""
    return f"{headed(named(result.scenario, trade.quantity.measure).text)} by partner"


def of_growth(trade: ByPartner) -> str:
    """Of what the parts are parts."""
    return "of the growth" if trade.needed is None else "of the growth needed"


def headed_growth(trade: ByPartner) -> str:
    """The head of a column of parts: ``Part of the growth needed``."""
    return f"Part {of_growth(trade)}"


def part(share: float | None) -> str:
    """A part in percent: ``18 %``, ``< 1 %``."""
    if share is None:
        return NO_PART
    return "< 1 %" if 0 < share < SMALL else f"{fixed(100 * share, 0)} %"


def places(trade: ByPartner) -> int:
    """The decimals of its amounts: the smallest has two figures, as far as two decimals show them."""
    smallest = min(row.bands["p50"] for row in trade.rows)
    return min(max(decimals([smallest]) - 1, 0), FINEST)


def cells(result: Result, trade: ByPartner, row: Partner) -> tuple[str, ...]:
    """What is said of a partner: base, median, 80 % band, what it adds on average, its part of the growth."""
    digits = places(trade)
    base = "" if row.base is None else money(result, row.base, digits=digits)
    median, low, high = (money(result, row.bands[end], digits=digits) for end in ("p50", "p10", "p90"))
    added = "" if row.added is None else money(result, row.added, sign=True, digits=digits)
    return base, median, f"{low} - {high}", added, part(trade.part(row))


def moved(result: Result, trade: ByPartner, row: Partner) -> str:
    """From where to where a partner's trade goes: ``$51.6bn \u2192 $68.4bn``."""
    base, median, *_ = cells(result, trade, row)
    return f"{base} \u2192 {median}" if base else median


def part_words(trade: ByPartner, row: Partner) -> str:
    """A partner's part of the growth: ``20 %``; empty where it has none."""
    share = trade.part(row)
    return "" if share is None else part(share)


def key(trade: ByPartner) -> tuple[str, ...]:
    """How to read the chart, in lines."""
    now = f"dot and shade: median and 80 % band of {trade.quantity.period}"
    if trade.base is None:
        return (now,)
    before = f"grey: {trade.base}{'' if trade.published else ', the median'}"
    return (before, now, *([] if trade.added is None else [f"percent: part {of_growth(trade)}, on average"]))


def reading(trade: ByPartner) -> str:
    """How to read the chart and its table."""
    now = f"Dot: the median for {trade.quantity.period}. Shade: its 80 % band."
    if trade.base is None:
        return now
    basis = "as published" if trade.published else "published or, where it is not, the law's median"
    means = "What a partner adds is said on average: averages add up, medians do not."
    return f"Grey: {trade.base}, {basis}. {now} {means}"


def summary(result: Result, trade: ByPartner) -> str | None:
    """What all of them add on average, and which partner the most; None where no growth is told."""
    if trade.base is None or trade.added is None:
        return None
    name, several = named(result.scenario, trade.quantity.measure)
    verb = ("grow" if trade.added >= 0 else "fall") + ("" if several else "s")
    needed = "" if trade.needed is None else f"; the target needs {money(result, trade.needed)}"
    return (
        f"On average {name} {verb} by {money(result, abs(trade.added))} from {trade.base} to "
        f"{trade.quantity.period}{needed}.{_most(result, trade)}"
    )


def _most(result: Result, trade: ByPartner) -> str:
    """Which single partner adds most; empty where none adds anything."""
    most = max((row for row in trade.rows if not row.many), key=lambda row: row.added or 0.0, default=None)
    if most is None or not most.added or most.added < 0:
        return ""
    share = trade.part(most)
    of = "" if share is None else f", {part(share)} {of_growth(trade)}"
    return f" Of single partners {most.name} adds most, {money(result, most.added)}{of}."
