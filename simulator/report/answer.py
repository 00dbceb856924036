"""Results to words and tables: what a terminal, a page or a document shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.analysis.compare import Comparison, Difference
from simulator.analysis.tornado import Bar
from simulator.model.result import Result
from simulator.scenario import Target
from simulator.scenario.changes import Change
from simulator.scenario.ledger import ABSENT, Assumption, Leaf, flow, written
from simulator.values import numerals
from simulator.values.address import MISSING
from simulator.values.numerals import counted, decimals, fixed, percent, points, span
from simulator.values.periods import Period, year

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
SUFFIXES = {"million": "m", "billion": "bn", "thousand": "k"}
FRACTIONS = (
    (0.1, "one chance in ten"),
    (0.125, "one chance in eight"),
    (1 / 6, "one chance in six"),
    (0.2, "one chance in five"),
    (0.25, "one chance in four"),
    (1 / 3, "one chance in three"),
    (0.4, "two chances in five"),
    (0.5, "an even chance"),
    (0.6, "three chances in five"),
    (2 / 3, "two chances in three"),
    (0.75, "three chances in four"),
    (0.8, "four chances in five"),
    (5 / 6, "five chances in six"),
    (0.9, "nine chances in ten"),
)
Table = Sequence[Mapping[str, Any]]
ADDS = ("Adds to the median", "Adds to the mean")  # heads of ``median_effect`` and ``mean_effect``
FIXED = (
    "of",
    "assumption",
    "unit",
    "basis",
    "path",
)  # columns of tables that have one a set beside them: no set is called so


def money(result: Result, amount: float, *, sign: bool = False, digits: int | None = None) -> str:
    """An amount as people write it in the scenario's currency and unit: ``$772m``.

    ``digits`` are decimals, where it stands beside others (see ``numerals.decimals``); left out, three figures count.
    """
    return _written(result, fixed(amount, decimals([amount]) if digits is None else digits, sign=sign))


def exact(result: Result, amount: float) -> str:
    """An amount that a file or a statement names, with all its digits: ``$690.85m``."""
    return _written(result, numerals.exact(amount))


def _written(result: Result, number: str) -> str:
    """A number that is written already, with the currency and the unit; a sign stays in front."""
    symbol, suffix = SYMBOLS.get(result.scenario.currency), SUFFIXES.get(result.scenario.unit)
    sign, number = (number[0], number[1:]) if number[0] in "+-" else ("", number)
    return sign + (
        f"{symbol}{number}{suffix}"
        if symbol and suffix
        else f"{number} {result.scenario.unit} {result.scenario.currency}"
    )


def probability(result: Result, digits: int = 0) -> str:
    """The probability of an answer in percent; it is 0 or 100 % where published figures decide it, and nowhere else."""
    return percent(result.probability, digits, decided=result.decided)


def without_levers(result: Result, digits: int = 0) -> str:
    """The probability without the levers in percent; what figures decide, they decide without levers too."""
    return percent(result.probability_without_levers, digits, decided=result.decided)


def alternatives_span(result: Result) -> str:
    """The lowest and the highest probability over reasonable alternatives."""
    return span(result.probability_range.low, result.probability_range.high, decided=result.decided)


def chance_words(probability: float) -> str:
    """A probability in words; what figures do not decide is neither certain nor without a chance."""
    if probability < 0.01:
        return "almost no chance"
    if probability > 0.99:
        return "almost certain"
    if probability < 0.09:
        return f"about one chance in {round(1 / probability)}"
    if probability > 0.93:
        return f"all but about one chance in {round(1 / (1 - probability))}"
    return "about " + min(FRACTIONS, key=lambda pair: abs(pair[0] - probability))[1]


def condition(result: Result, target: Target) -> str:
    """A target in words: ``turnover in 2020 is at least $1,000m``, the amount with every digit that was stated."""
    bound = "at least" if target.at_least is not None else "at most"
    return f"{subject(result, target)} is {bound} {exact(result, target.amount)}"


def subject(result: Result, target: Target) -> str:
    """What a target is about: ``turnover in 2020``."""
    stream = result.scenario.streams.get(target.measure)
    return f"{(stream.name if stream else None) or target.measure} in {target.period}"


def wish(result: Result) -> str:
    """All targets in words, whatever their order in the file."""
    return " and ".join(condition(result, target) for target in result.targets)


def aim(target: Target) -> str:
    """What a target is called: one that must not be exceeded is a ceiling."""
    return "target" if target.at_least is not None else "ceiling"


def verdict(result: Result) -> str:
    """The answer in one sentence, with the range of reasonable alternatives."""
    p, wide = result.probability, result.probability_range
    if result.decided:
        return f"{'It is certain' if p == 1 else 'It is ruled out'} ({probability(result)}) that {wish(result)}: published figures decide it."
    words, share = chance_words(p), probability(result)
    between = f"; reasonable alternatives give {alternatives_span(result)}" if len(wide.sources) > 1 else ""
    text = f"{'it is ' if words == 'almost certain' else ''}{words} ({share}{between}) that {wish(result)}."
    return text[0].upper() + text[1:]


def distances(result: Result) -> list[str]:
    """How far the median of each target's total is from the target, the least likely target first."""
    return [_distance(result, target, own) for target, own in result.target_probabilities]


def _distance(result: Result, target: Target, own: float) -> str:
    total = result.flows.total(target.measure, target.period)
    middle = float(result.quantiles(target.measure, target.period, [0.5])[0])
    gap, known = middle - target.amount, total.constant
    digits = decimals([middle, target.amount])
    amount = money(result, middle, digits=digits) if gap else exact(result, middle)
    apart = money(result, abs(gap), digits=digits)
    sides = ("above", "short of") if target.at_least is not None else ("over", "below")
    side = f"{apart} {sides[gap < 0]} the {aim(target)}" if gap else f"which is the {aim(target)}"
    if len(result.targets) == 1:
        return f"The {'total' if known else 'median'} for {target.period} is {amount}, {side}."
    likely = percent(own, decided=known)
    return f"That {condition(result, target)} is {likely} likely by itself: its {'total' if known else 'median'} is {amount}, {side}."


def headline(result: Result) -> list[str]:
    """The sentences under the verdict: the medians and their distance, and what is beyond them."""
    return [*distances(result), *beyond(result)]


def beyond(result: Result) -> list[str]:
    """What a miss would be like and what growth is still needed, of the leading target where there are several; and what the measures do."""
    target, lines = result.leading, []
    alone = len(result.targets) == 1
    if result.shortfall_if_missed is not None and not result.decided:
        what = "it" if alone else f"the {aim(target)} for {subject(result, target)}"
        over = "falls short by" if target.at_least is not None else "is exceeded by"
        lines.append(
            f"Where {what} is missed, half of the time it {over} more than {money(result, result.shortfall_if_missed)}."
        )
    if result.growth_needed is not None and result.last_published_year is not None and not result.decided:
        base, amount = result.last_published_year
        takes = (
            _growth_words(result.growth_needed)
            if alone
            else f"for {subject(result, target)} {_growth_words(result.growth_needed)}"
        )
        lines.append(f"{takes[0].upper()}{takes[1:]} from the {money(result, amount)} of {base}.")
    if result.scenario.levers:
        lines.append(f"Without the measures the probability is {without_levers(result)}.")
    return lines


def _growth_words(growth: float) -> str:
    """What growth a year a target takes, as the beginning of a sentence."""
    size = fixed(abs(100 * growth), 1)
    if size == "0.0":
        return "it takes no growth"
    return f"it takes {size} % a year" if growth > 0 else f"it allows a fall of {size} % a year"


def totals_table(result: Result) -> Table:
    """Bands of every known measure by year: one row each, all quantiles."""
    return [
        {"measure": measure, "period": period, **bands}
        for measure, by_year in result.totals.items()
        for period, bands in by_year.items()
    ]


def levers_table(result: Result) -> Table:
    """What each lever and risk adds to the median and to the mean of the first target's total, and in percentage points."""
    return [
        {"section": section, **c.to_dict()} for section, found in result.contributions.items() for c in found
    ]


def losses(result: Result) -> str:
    """The caption of what each lever and risk adds; of several targets, the money is of the first in the file."""
    first, several = result.scenario.target[0], len(result.scenario.target) > 1
    return f"What the answer loses when one alone is switched off (they need not sum{f'; money: {subject(result, first)}' if several else ''})"


def range_table(result: Result) -> Table:
    """Each reasonable alternative with its probability."""
    return [{"name": name, "probability": p} for name, p in result.probability_range.sources]


def quarter_table(result: Result) -> Table:
    """The next quarter for which a figure may still come, after the same one a year earlier where the grid has it; and what each rests on."""
    coming = result.next_quarter
    if coming is None:
        return []
    measure = result.measures[0]
    periods = [period for period in (coming.shift(-12), coming) if result.grid.covers(period)]
    return [
        {
            "measure": measure,
            "period": str(p),
            "basis": result.provenance(measure, p),
            **result.bands(measure, p),
        }
        for p in periods
    ]


def quarter_sentence(result: Result) -> str | None:
    """What the next quarter may bring, and how that differs from the same one a year earlier; published is called only what is."""
    rows = quarter_table(result)
    if not rows:
        return None
    after = rows[-1]
    low, middle, high = (money(result, after[name]) for name in ("p10", "p50", "p90"))
    text = f"{after['period']} is expected at {middle} (80 % band {low} to {high})"
    if len(rows) == 1:
        return f"{text}."
    before = rows[0]
    known = result.published(before["measure"], Period.parse(before["period"]))
    base = money(result, before["p50"])
    of = (
        f"the {base} of {before['period']}"
        if known
        else f"the law's median of {base} for {before['period']}, which is not published"
    )
    text += f", {_against(result, after['p50'], before['p50'])} {of}"
    return f"{text}{_seasonal(result, before, after) if known else ''}."


def _against(result: Result, now: float, then: float) -> str:
    """How an amount stands to an earlier one, in percent; in money where one of them is not positive."""
    direction = "above" if now > then else "below"
    if min(now, then) <= 0:
        return f"{money(result, abs(now - then))} {direction}"
    size = fixed(abs(100 * (now / then - 1)), 0)
    return "about the same as" if size == "0" else f"{size} % {direction}"


def _seasonal(result: Result, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Why a quarter differs from a published one a year earlier: the share of its year that each makes; nothing where that year is not published."""
    measure, period = after["measure"], Period.parse(after["period"])
    past, present = (year((period.first + shift) // 12) for shift in (-12, 0))
    if measure == "balance" or not (
        result.grid.covers(past) and result.grid.covers(present) and result.published(measure, past)
    ):
        return ""
    shares = [
        row["p50"] / float(result.quantiles(measure, whole, [0.5])[0])
        for row, whole in ((before, past), (after, present))
    ]
    earlier, now = (fixed(100 * share, 0) for share in shares)
    if abs(shares[0] - shares[1]) < 0.03:
        moved = fixed(100 * (after["p50"] / before["p50"] - 1), 0)
        why = "" if moved == "0" else f", so the difference is {'decline' if moved[0] == '-' else 'growth'}"
        return f": the law expects about the same share of its year ({now} %) as that quarter made ({earlier} %){why}"
    kind = "heavy" if shares[0] > shares[1] else "light"
    return (
        f": that quarter made {earlier} % of its year, and the law, which takes most of such an unusually {kind} quarter "
        f"as passing, expects {now} % this time"
    )


def end_words(bar: Bar) -> tuple[str, str]:
    """What an unknown of the tornado is at its ends: off and on, no and yes, or as a file states it."""
    said = (
        {"false": "off", "true": "on"}
        if bar.path.endswith(".enabled")
        else {"0": "no", "1": "yes"}
        if bar.path.endswith(".probability")
        else {}
    )
    low, high = (said.get(end.value, end.value) for end in (bar.low, bar.high))
    return low, high


def rests_on(bar: Bar) -> str:
    """What the ends of an unknown rest on: judgement, a source, or nothing that could be named."""
    return "judgement" if bar.judgement else "a source" if bar.sourced else ""


def to_csv(table: Table, columns: Sequence[str] = ()) -> str:
    """A table as CSV, with ``columns`` for its head where it has no rows; a text that a spreadsheet would run as a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = tuple(table[0]) if table else columns
    if head:
        writer.writerow(head)
        writer.writerows([[_cell(value) for value in row.values()] for row in table])
    return out.getvalue()


def _cell(value: object) -> object:
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


TABLES: Mapping[str, Callable[[Result], Table]] = {
    "totals": totals_table,
    "levers": levers_table,
    "range": range_table,
    "next_quarter": quarter_table,
}
COLUMNS: Mapping[str, Sequence[str]] = {  # of the tables that may have no rows
    "levers": (
        "section",
        "id",
        "kind",
        "name",
        "enabled",
        "median_effect",
        "mean_effect",
        "probability_points",
    ),
    "next_quarter": ("measure", "period", "basis", "p5", "p10", "p25", "p50", "p75", "p90", "p95"),
}


def sets_table(comparison: Comparison) -> Table:
    """The answer of each set, with the median, 80 % band and shortfall of one target's total (see ``compared_target``)."""
    found = []
    for each in comparison.sets:
        result, target = each.result, compared_target(comparison, each.result)
        wide = result.probability_range
        p10, p50, p90 = map(float, result.quantiles(target.measure, target.period, [0.1, 0.5, 0.9]))
        row = {
            "name": each.name,
            "probability": result.probability,
            "low": wide.low,
            "high": wide.high,
            "p10": p10,
            "p50": p50,
            "p90": p90,
        }
        found.append(row | {"shortfall_if_missed": result.shortfall(target)})
    return found


def compared_target(comparison: Comparison, result: Result) -> Target:
    """The target of a set whose total stands beside those of the others: on what the first set's leading one is about, else its own leading one."""
    first = comparison.sets[0].result.leading
    same = (
        target
        for target in result.targets
        if (target.measure, target.period) == (first.measure, first.period)
    )
    return next(same, result.leading)


def missed_by(result: Result, shortfall: float | None) -> str:
    """By how much a target is missed where it is missed; what only a path that was not drawn could miss is not never missed."""
    if shortfall is not None:
        return money(result, shortfall)
    return "never" if result.decided else "hardly ever"


def parts_table(comparison: Comparison, difference: Difference) -> Table:
    """What a difference comes from: one row a change, in percentage points; the last row is the whole."""
    rows = [
        {
            "change": change_words(comparison, part.change),
            "probability_points": part.probability_points,
            "standard_error": part.standard_error,
            "first_points": part.first_points,
            "last_points": part.last_points,
        }
        for part in difference.attribution
    ]
    whole = {
        "change": "Together",
        "probability_points": difference.probability_points,
        "standard_error": difference.standard_error,
        "first_points": sum(part.first_points for part in difference.attribution),
        "last_points": sum(part.last_points for part in difference.attribution),
    }
    return [*rows, whole]


def assumptions_table(comparison: Comparison) -> Table:
    """The assumptions that differ, as a file would write them; blank where a set has what the first has."""
    found = []
    for assumption in comparison.assumptions:
        head, rest = path_words(comparison, assumption.path)
        values = {name: assumption_words(assumption, place) for place, name in enumerate(comparison.names)}
        found.append(
            {"of": head, "assumption": rest, "unit": assumption.unit}
            | values
            | {"basis": basis_words(assumption), "path": assumption.name}
        )
    return found


def assumption_words(assumption: Assumption, place: int) -> str:
    """What one set assumes: ``{low: 0%, likely: 1%, high: 4.1%}``, on, off, a kind of lever, not there."""
    node = assumption.nodes[place]
    if place and place not in assumption.differs:
        return ""
    if node is ABSENT:
        return "not there"
    if isinstance(node, Leaf):
        if assumption.path[0] == "alternatives":
            return counted(
                len(node.value), "figure" if place == 0 or assumption.nodes[0] is ABSENT else "other figure"
            )
        return "left out" if node.value is None else flow(node.plain)
    return (
        f"{node['kind'].value}{'' if node['enabled'].value else ', off'}"
        if "kind" in node
        else flow(written(node))
    )


def basis_words(assumption: Assumption) -> str:
    """Whether the values that are shown rest on a source or on judgement."""
    shown = [
        source
        for place, source in enumerate(assumption.sources)
        if source and (not place or place in assumption.differs)
    ]
    return ", ".join(dict.fromkeys("judgement" if "judgement" in source else "source" for source in shown))


def sources_table(comparison: Comparison) -> Sequence[tuple[str, str]]:
    """The path of each assumption that differs, as ``--set`` takes it, and where the values come from that are shown for it."""
    found = []
    for assumption in comparison.assumptions:
        holders: dict[str, list[str]] = {}
        for place, (name, source) in enumerate(zip(comparison.names, assumption.sources, strict=True)):
            if source and (not place or place in assumption.differs):
                holders.setdefault(source, []).append(name)
        told = (
            [f"{', '.join(names)}: {source}" for source, names in holders.items()]
            if len(holders) > 1
            else list(holders)
        )
        found.append((assumption.name, "; ".join(told)))
    return found


def change_words(comparison: Comparison, change: Change) -> str:
    """A change as a person names it: ``New assembly ventures (count)``, ``A slump (on)``."""
    if (
        len(change.edits) == 1
        and len(change.edits[0].path) == 2
        and change.edits[0].path[0] in ("levers", "risks")
    ):
        (edit,) = change.edits
        before = getattr(comparison.sets[0].result.scenario, str(edit.path[0])).get(edit.path[1])
        switched = (
            "off"
            if edit.value is MISSING
            else "on"
            if before is None or not before.enabled
            else "of another kind"
        )
        return f"{path_words(comparison, edit.path)[0]} ({switched})"
    pairs = [path_words(comparison, tuple(name.split("."))) for name in change.name.split(" and ")]
    return " and ".join(f"{head} ({rest})" if rest else head for head, rest in pairs)


def path_words(comparison: Comparison, path: Sequence[str | int]) -> tuple[str, str]:
    """What stands at a path, as a person names it: what it belongs to, and the rest."""
    section, *rest = map(str, path)
    head = {"data": "published figures", "levers": "all levers", "risks": "all risks"}.get(
        section, section.replace("_", " ")
    )
    if section in ("levers", "risks", "streams") and rest:
        scenarios = [each.result.scenario for each in comparison.sets]
        key, *rest = rest
        names = [
            getattr(scenario, section)[key].name
            for scenario in scenarios
            if key in getattr(scenario, section)
        ]
        head = next((name for name in names if name), key)
    return head, " ".join(rest if section == "observations" else (part.replace("_", " ") for part in rest))


def difference_sentence(comparison: Comparison, difference: Difference) -> str:
    """How far a set is from the first, and the changes that matter most."""
    one, other, gap = difference.to, difference.origin, difference.probability_points
    if not any(comparison.names.index(one) in assumption.differs for assumption in comparison.assumptions):
        return f"{one} has the assumptions of {other}, and its answer."
    if not difference.attribution:
        return f"{one} and {other} have one answer: nothing in which they differ moves the probability."
    error = f"± {difference.standard_error:.2f}" if difference.standard_error >= 0.005 else "± less than 0.01"
    side = f"{abs(gap):.{_digits(gap)}f} points {'above' if gap > 0 else 'below'} {other}"
    start = (
        f"{one} is {side} ({error})"
        if abs(gap) >= 0.005
        else f"{one} and {other} are as likely, within 0.01 points"
    )
    return f"{start}: {_leading(comparison, difference)}."


def interaction_sentence(difference: Difference) -> str | None:
    """What the changes do together beyond what each does alone; None where one change is all, or where it is hardly anything."""
    if len(difference.attribution) < 2 or abs(difference.interaction_points) < 0.05:
        return None
    digits = _digits(difference.probability_points)
    alone = difference.probability_points - difference.interaction_points
    return (
        f"Each made alone in {difference.origin}, the changes would add up to {points(alone, digits)}; "
        f"the other {points(difference.interaction_points, digits)} is what they do together."
    )


def question_sentences(comparison: Comparison) -> list[str]:
    """What the probabilities are of: once where all sets ask the same, else for each."""
    wishes = {each.name: wish(each.result) for each in comparison.sets}
    if len(set(wishes.values())) == 1:
        return [f"How likely it is that {wishes[comparison.names[0]]}"]
    return [f"{name}: how likely it is that {told}" for name, told in wishes.items()]


def note_sentences(comparison: Comparison) -> list[str]:
    """The notes on the sets' answers, each once."""
    holders: dict[str, list[str]] = {}
    for each in comparison.sets:
        for note in each.result.notes:
            holders.setdefault(note, []).append(each.name)
    return [
        f"Note on {', '.join(names)}: {note}" if len(names) < len(comparison.sets) else f"Note: {note}"
        for note, names in holders.items()
    ]


def _leading(comparison: Comparison, difference: Difference) -> str:
    """The three largest parts, and the sum of the others."""
    parts = sorted(difference.attribution, key=lambda part: -abs(part.probability_points))
    if len(parts) == 1:
        return f"all of it comes from {change_words(comparison, parts[0].change)}"
    digits = _digits(difference.probability_points)
    told = [
        f"{change_words(comparison, part.change)} {points(part.probability_points, digits)}"
        for part in parts[:3]
    ]
    if parts[3:]:
        rest = sum(part.probability_points for part in parts[3:])
        told.append(
            f"{'one other' if len(parts) == 4 else f'{len(parts) - 3} others'} {points(rest, digits)}"
        )
    return ", ".join(told)


def _digits(points: float) -> int:
    """How finely a difference in percentage points is told."""
    return 1 if abs(points) >= 0.95 else 2
