"""Sentences on the outside view: pairs or nations like this one, announced targets that needed as much."""

from __future__ import annotations

from simulator.analysis.classes import NATIONS, bounds
from simulator.analysis.context import Context, Fared, Frequency, Part
from simulator.values.numerals import counted, percent, span
from simulator.values.wording import capital

HEAD = "Targets like this one, known by then"


def sentence(outside: Context) -> str:
    """Both views in one line, as the headline has it: ``Targets like this one, known by then: ...``."""
    reasons = list(dict.fromkeys(filter(None, (outside.frequency_reason, outside.targets_reason))))
    if outside.frequency is None and outside.targets is None:
        return f"{HEAD}: no class fits ({'; '.join(reasons)})."
    if outside.frequency is not None and outside.frequency.members == NATIONS:
        return f"{HEAD}: {class_words(outside)}."
    parts = (
        targets_words(outside.targets) if outside.targets else f"none told ({outside.targets_reason})",
        class_words(outside),
    )
    return f"{HEAD}: {parts[0]}. {capital(parts[1])}."


def targets_words(fared: Fared) -> str:
    """How announced targets fared: ``8 of 15 reached (announced 2005-09: 7 of 7; 2010-12: 1 of 8)``."""
    parts = "; ".join(f"{_years(part.announced)}: {_of(part)}" for part in fared.parts)
    return f"{_of(fared.total)} were reached (announced {parts})"


def class_words(outside: Context) -> str:
    """How often pairs or nations of the class managed it, pooled and by base year."""
    frequency = outside.frequency
    if frequency is None:
        return f"no class of {outside.members} fits ({outside.frequency_reason})"
    grew = "had grown as much as is needed here" if outside.result.leading.floor else "had stayed as low"
    years = counted(frequency.horizon, "year")
    notes = "; ".join((by_year(frequency), *(outside.need.remarks if outside.need else ())))
    who = f"of {_alike(frequency)}{_after(frequency)}"
    return f"{who}, {chance(frequency)} {grew} {years} later ({notes})"


def like_this(frequency: Frequency) -> str:
    """The class in a few words, for a mark on a strip: ``Pairs like this one: 35 %``."""
    return f"{capital(frequency.members)} like this one: {chance(frequency)}"


def chance(frequency: Frequency) -> str:
    """The share of the class; where quantiles do not tell it, between which two it lies."""
    if percent(frequency.least) == percent(frequency.most):
        return percent(frequency.share)
    return _span(frequency.least, frequency.most)


def by_year(frequency: Frequency) -> str:
    """Its ends over base years: ``0-74 % from base years 2001-14``."""
    years = _years((frequency.base_years[0], frequency.base_years[-1]))
    if len(frequency.base_years) == 1:
        return f"one base year, {years}"
    first, last = frequency.base_years[0], frequency.base_years[-1]
    many = len(frequency.base_years)
    of = f"{years}" if last - first + 1 == many else f"{many} years of {years}"
    return f"{_span(frequency.low, frequency.high)} by base year, {of}"


def details(outside: Context) -> list[str]:
    """The outside view in full: what is needed, the class with its n, the announced targets."""
    need = outside.need
    if need is None:
        return [f"No class fits: {outside.frequency_reason}."]
    much = percent(abs(need.a_year), 1)
    way = "growth" if need.a_year >= 0 else "a fall"
    dollars = "" if need.in_dollars == need.log else f", {percent(need.dollars_a_year, 1)} in US dollars"
    lines = [f"From {need.base} to {need.period} the target means {way} of {much} a year{dollars}."]
    lines.append(f"{capital(class_words(outside))}{_class_size(outside.frequency)}.")
    if outside.targets is None:
        return [*lines, f"Announced targets: {outside.targets_reason}."]
    low, high = (f"{100 * end:.0f}" for end in outside.targets.between)
    lines.append(
        f"Of announced targets of other pairs that needed {low} to {high} % a year, "
        f"{targets_words(outside.targets)}; {counted(outside.targets.pairs, 'pair')} of countries."
    )
    return lines


def disagreement(probability: str, outside: Context) -> str:
    """The warning where model and outside view are far apart."""
    often = class_words(outside)
    return (
        f"Past cases and the model differ widely: the model says {probability}; {often}. "
        "Ask what sets this case apart before you rely on either."
    )


def _span(low: float, high: float) -> str:
    """Two shares; beyond the last quantiles only that they are under 5 or over 95 %."""
    if low > 0 and high < 1:
        return span(low, high)
    ends = _end(low), _end(high)
    tails = {("under 5 %", "5 %"): "under 5 %", ("95 %", "over 95 %"): "over 95 %"}
    return tails.get(ends) or " to ".join(ends)


def _end(share: float) -> str:
    """One end of a span; where quantiles do not tell it, beyond which of them it lies."""
    return "under 5 %" if share <= 0 else "over 95 %" if share >= 1 else percent(share)


def _class_size(frequency: Frequency | None) -> str:
    if frequency is None:
        return ""
    traded = "" if frequency.measure == "turnover" else f" of {frequency.measure}"
    return f"; {frequency.n:,} cases of {frequency.members} with {bounds(frequency.size)}{traded} a year"


def _alike(frequency: Frequency) -> str:
    """Whose class it is: ``nations with exports of this size``."""
    with_measure = "" if frequency.measure == "turnover" else f" with {frequency.measure}"
    return f"{frequency.members}{with_measure} of this size"


def _after(frequency: Frequency) -> str:
    """The kind of base year; nothing where that is not known."""
    if frequency.surge is None:
        return ""
    return (
        ", after a year of 25 % growth or more"
        if frequency.surge
        else ", after a year of less than 25 % growth"
    )


def _of(part: Part) -> str:
    return f"{part.hits} of {part.n}"


def _years(ends: tuple[int, int]) -> str:
    first, last = ends
    return f"{first}" if first == last else f"{first}-{last % 100:02d}"
