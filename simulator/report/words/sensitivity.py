"""Sentences on what matters to an answer: its unknowns, whose uncertainty it is, what to know beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulator.analysis.information import Information
from simulator.analysis.sensitivity import Sensitivity
from simulator.analysis.tornado import Bar
from simulator.analysis.unknowns import Sort
from simulator.model.result import Result
from simulator.report.amounts import probability, wish
from simulator.report.words.values import number_words
from simulator.scenario import Outlook
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import In
from simulator.values.numerals import percent
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

# What the numbers mean, and what they do not

TORNADO_HELP = (
    "Each bar is the probability with one unknown at a low value, below which it is one time in ten, and "
    "at a high one, above which it is one time in ten (a model setting at the lowest and the highest that "
    "past trade bears out, a measure off and on), all others as uncertain as before.",
    "It does not say how likely those values are, nor what happens when several unknowns move together.",
)
SHARES_HELP = (
    "How much of the spread of the target's total, and of hitting or missing it, comes from each group of "
    "unknowns: alone, and together with its interplay with the others.",
    "A small share does not make a measure useless: it says that what is unknown about it hardly matters, "
    "not what it adds.",
)
INFORMATION_HELP = (
    "The likelier verdict, reached or missed, is wrong with the smaller of the two probabilities; this is "
    "how much lower that would be on average if the unknown were known before deciding.",
    "Nought does not mean without effect: it means that no value of that unknown would turn the verdict "
    "over.",
)

STATISTICS = "For statisticians"
STATISTICS_NOTE = (
    "The same answer in the terms of the field: shares of variance (Sobol indices, first order and "
    "total), the value of information, and the numerical errors."
)
TERMS = {  # what statisticians call a section, in brackets behind its heading where they ask
    "tornado": "one factor at a time, 10th and 90th percentile",
    "shares": "first-order and total Sobol indices",
    "information": "expected value of perfect information",
}

# What is said in place of a chart

NOTHING_MOVES = "No single unknown moves the probability by 0.05 points."
NOTHING_VARIES = "Nothing is left to vary."
NOTHING_TO_LEARN = "Knowing any one unknown beforehand would not clearly make a wrong verdict less likely."

HOW_KNOWN: Mapping[Sort, str] = {
    "assumption": "it could be studied now",
    "world": "it can only be watched",
    "figure": "it will be published before the target is decided",
}
AT_ENDS = {  # what a switch and a chance are at their ends
    "enabled": {"false": "off", "true": "on"},
    "probability": {"0": "no", "1": "yes"},
}
UNCERTAIN = ("levers", "risks", "streams")  # sections whose numbers may be uncertain
RESTS_ON: Mapping[Basis | None, str] = {**{basis: basis.words for basis in Basis}, None: ""}


def introduction(result: Result, changes: int = 0) -> str:
    """What the page answers, and of which scenario; ``changes`` counts those made on the desk."""
    plural = "change" if changes == 1 else f"{changes} changes"
    changed = f", with your {plural}" if changes else ""
    return (
        f"The probability is {probability(result)} that {wish(result)}. This page shows what that rests on: "
        "which unknowns move it, whose uncertainty it is, and what is worth knowing beforehand, for the "
        f"scenario as it stands on Explore{changed}."
    )


# One unknown at a time


def end_words(result: Result, bar: Bar) -> tuple[str, str]:
    """What an unknown of the tornado is at its ends, in words: off and on, ``1 %`` and ``4.1 %``."""
    low, high = (
        ", ".join(_stated_words(result, Address.parse(path), text) for path, text in end.stated.items())
        for end in (bar.low, bar.high)
    )
    return low, high


def _stated_words(result: Result, address: Address, text: str) -> str:
    """A value that a file states, in words; as it is stated where it is no number of a known unit."""
    at_ends, unit = AT_ENDS.get(address.name, {}), _unit(result, address)
    if text in at_ends or unit is None:
        return at_ends.get(text, text)
    try:
        return number_words(
            result, unit.read(text if unit is Unit.MONTH or "%" in text else float(text)), unit
        )
    except ValueError:
        return text


def _unit(result: Result, address: Address) -> Unit | None:
    """The unit of a model setting or an uncertain number; None of anything else."""
    if address.section == "outlook":
        field = Outlook.model_fields.get(address.name)
        mark = In.of(field.metadata) if field else None
        return mark.unit if mark else None
    number = address.get(result.scenario, None) if address.section in UNCERTAIN else None
    return number.unit if isinstance(number, Uncertain) else None


def rests_on(bar: Bar) -> str:
    """What the ends of an unknown rest on: our assumption, a study, or nothing that could be named."""
    return RESTS_ON[bar.basis]


def other_bars(bars: Sequence[Bar]) -> str:
    """By how much at most the bars move the probability that are not shown."""
    most = 100 * max(bar.swing for bar in bars)
    limit = "less than 0.05" if most < 0.05 else f"at most {most:.1f}"
    return f"{len(bars)} more move{'s' if len(bars) == 1 else ''} it by {limit} points each."


def largest_error(analysis: Sensitivity) -> str:
    """The largest standard error of the tornado's bars, in percentage points."""
    return f"{100 * max((bar.standard_error for bar in analysis.tornado), default=0.0):.2f}"


# What is worth knowing beforehand


def sentences(analysis: Sensitivity) -> tuple[str, ...]:
    """What is worth knowing before deciding, in words."""
    verdict = "reached" if analysis.result.probability >= 0.5 else "missed"
    if analysis.result.decided:
        return (f"Published figures decide the target: it is {verdict}, and nothing is left to learn.",)
    risk = (
        f"The likelier outcome is that the target is {verdict}; the chance that it turns out otherwise is "
        f"{percent(analysis.wrong)}."
    )
    return risk, *_most_telling(analysis), *_could_be_studied(analysis, verdict)


def _most_telling(analysis: Sensitivity) -> Iterator[str]:
    best = analysis.best()
    if best is not None:
        how = HOW_KNOWN[best.unknown.sort]
        left = _left(analysis, best)
        yield f"Knowing {best.unknown.name} beforehand would lower that most, to {left} on average; {how}."


def _could_be_studied(analysis: Sensitivity, verdict: str) -> Iterator[str]:
    """What of the assumptions is worth knowing, where that is not what is most worth knowing anyway."""
    best, studied = analysis.best(), analysis.best("assumption")
    if studied is None:
        nothing = "single unknown" if best is None else "value of a measure or share"
        yield f"Knowing any {nothing} beforehand would not clearly lower it{_why(analysis, verdict)}."
    elif studied is not best:
        left = _left(analysis, studied)
        yield f"Of what could be studied now, {studied.unknown.name} would lower it most, to {left}."


def _why(analysis: Sensitivity, verdict: str) -> str:
    """Why knowing an assumption would not help, where none could turn the verdict."""
    assumptions = (known for known in analysis.information if known.unknown.sort == "assumption")
    if any(known.reduction > 0 for known in assumptions):
        return ""
    return f": whatever it turned out to be, the target would stay likelier {verdict} than not"


def _left(analysis: Sensitivity, known: Information) -> str:
    """How likely a wrong verdict would still be."""
    return percent(analysis.wrong - known.reduction, 1)
