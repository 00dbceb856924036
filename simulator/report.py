"""Results to words and tables: what a terminal, a page or a document shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.analysis.compare import Comparison, Difference
from simulator.analysis.compare.assumptions import ABSENT, Assumption, Leaf, flow, written
from simulator.analysis.compare.changes import GONE, Change
from simulator.analysis.tornado import Bar
from simulator.periods import Period, year
from simulator.result import Result
from simulator.scenario import Target

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
FIXED = ("of", "assumption", "unit", "basis", "path")  # columns of tables that have one a set beside them: no set is called so


def money(result: Result, amount: float, *, sign: bool = False) -> str:
    """An amount as people write it in the scenario's currency and unit: ``$772m``."""
    size = abs(amount)
    digits = 0 if size >= 99.95 or size == 0 else 1 if size >= 9.995 else 2
    number = f"{size:,.{digits}f}"
    symbol, suffix = SYMBOLS.get(result.scenario.currency), SUFFIXES.get(result.scenario.unit)
    text = f"{symbol}{number}{suffix}" if symbol and suffix else f"{number} {result.scenario.unit} {result.scenario.currency}"
    below = amount < 0 and float(number.replace(",", "")) != 0
    return ("-" if below else "+" if sign else "") + text


def percent(probability: float) -> str:
    """A probability in percent, never rounded to certainty: ``25 %``."""
    if probability in (0.0, 1.0):
        return f"{100 * probability:.0f} %"
    if probability < 0.001 or probability > 0.999:
        return "less than 0.1 %" if probability < 0.5 else "more than 99.9 %"
    if probability < 0.0095 or probability > 0.9905:
        return f"{100 * probability:.1f} %"
    return f"{100 * probability:.0f} %"


def chance_words(probability: float) -> str:
    """A probability in words."""
    if probability in (0.0, 1.0):
        return "no chance" if probability == 0 else "certain"
    if probability < 0.01:
        return "almost no chance"
    if probability > 0.99:
        return "almost certain"
    if probability < 0.09:
        return f"about one chance in {round(1 / probability)}"
    if probability > 0.93:
        return f"all but about one chance in {round(1 / (1 - probability))}"
    return "about " + min(FRACTIONS, key=lambda pair: abs(pair[0] - probability))[1]


def span(low: float, high: float) -> str:
    """A range of probabilities: ``15-31 %``."""
    first, last = percent(low), percent(high)
    return first if first == last else f"{first.removesuffix(' %')}-{last}"


def condition(result: Result, target: Target) -> str:
    """A target in words: ``turnover in 2020 is at least $1,000m``."""
    bound = "at least" if target.at_least is not None else "at most"
    stream = result.scenario.streams.get(target.measure)
    name = (stream.name if stream else None) or target.measure
    return f"{name} in {target.period} is {bound} {money(result, target.amount)}"


def verdict(result: Result) -> str:
    """The answer in one sentence, with the range of reasonable alternatives."""
    p, wide = result.probability, result.probability_range
    words, share = chance_words(p), percent(p)
    between = f"; reasonable alternatives give {span(wide.low, wide.high)}" if len(wide.sources) > 1 else ""
    wish = " and ".join(condition(result, target) for target in result.scenario.target)
    if result.decided:
        return f"{'It is certain' if p == 1 else 'It is ruled out'} ({share}) that {wish}: published figures decide it."
    text = f"{'it is ' if words == 'almost certain' else ''}{words} ({share}{between}) that {wish}."
    return text[0].upper() + text[1:]


def distance(result: Result) -> str:
    """The median of the first target's total and how far it is from the target, as a sentence."""
    target = result.scenario.target[0]
    median = float(result.quantiles(target.measure, target.period, [0.5])[0])
    gap = median - target.amount
    side = "above" if gap > 0 else "short of"
    return f"The median for {target.period} is {money(result, median)}, {money(result, abs(gap))} {side} the target."


def headline(result: Result) -> list[str]:
    """The sentences under the verdict: the median and its distance, and the growth still needed."""
    target, lines = result.scenario.target[0], [distance(result)]
    if result.shortfall_if_missed is not None and not result.decided:
        over = "falls short by" if target.at_least is not None else "is exceeded by"
        lines.append(f"Where it is missed, half of the time it {over} more than {money(result, result.shortfall_if_missed)}.")
    if result.growth_needed is not None and result.last_published_year is not None and not result.decided:
        base, amount = result.last_published_year
        lines.append(f"It takes {100 * result.growth_needed:.1f} % a year from the {money(result, amount)} of {base}.")
    if result.scenario.levers:
        lines.append(f"Without the measures the probability is {percent(result.probability_without_levers)}.")
    return lines


def totals_table(result: Result) -> Table:
    """Bands of every known measure by year: one row each, all quantiles."""
    return [{"measure": measure, "period": period, **bands} for measure, by_year in result.totals.items() for period, bands in by_year.items()]


def levers_table(result: Result) -> Table:
    """What each lever and risk adds at the median, in money and in percentage points."""
    return [{"section": section, **c.to_dict()} for section, found in result.contributions.items() for c in found]


def range_table(result: Result) -> Table:
    """Each reasonable alternative with its probability."""
    return [{"name": name, "probability": p} for name, p in result.probability_range.sources]


def quarter_table(result: Result) -> Table:
    """The next quarter that is not wholly published, and the same one a year earlier."""
    coming = result.next_quarter
    if coming is None:
        return []
    return [{"measure": m, "period": str(p), **result.bands(m, p)} for m in result.measures[:1] for p in (coming.shift(-12), coming)]


def quarter_sentence(result: Result) -> str | None:
    """Why the next quarter differs from the same one a year earlier: the share of its year that each makes."""
    rows = quarter_table(result)
    if not rows:
        return None
    before, after = rows
    measure, period = after["measure"], Period.parse(after["period"])
    change = after["p50"] / before["p50"] - 1
    direction = "above" if change > 0 else "below"
    text = (
        f"{period} is expected at {money(result, after['p50'])} (80 % band {money(result, after['p10'])} to {money(result, after['p90'])}), "
        f"{abs(100 * change):.0f} % {direction} the {money(result, before['p50'])} of {before['period']}"
    )
    years = [year((period.first + shift) // 12) for shift in (-12, 0)]
    if not all(result.grid.covers(whole) for whole in years):
        return text + "."
    earlier, now = (row["p50"] / float(result.quantiles(measure, whole, [0.5])[0]) for row, whole in zip(rows, years, strict=True))
    if abs(earlier - now) < 0.03:
        return f"{text}: it makes about the same share of its year ({100 * now:.0f} %), so the difference is growth."
    kind = "heavy" if earlier > now else "light"
    return (
        f"{text}: that quarter made {100 * earlier:.0f} % of its year, and the law, which takes most of such an unusually {kind} quarter "
        f"as passing, expects {100 * now:.0f} % this time."
    )


def end_words(bar: Bar) -> tuple[str, str]:
    """What an unknown of the tornado is at its ends: off and on, no and yes, or as a file states it."""
    said = {"false": "off", "true": "on"} if bar.path.endswith(".enabled") else {"0": "no", "1": "yes"} if bar.path.endswith(".probability") else {}
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
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


TABLES: Mapping[str, Callable[[Result], Table]] = {
    "totals": totals_table,
    "levers": levers_table,
    "range": range_table,
    "next_quarter": quarter_table,
}
COLUMNS: Mapping[str, Sequence[str]] = {  # of the tables that may have no rows
    "levers": ("section", "id", "kind", "name", "enabled", "median_effect", "probability_points"),
    "next_quarter": ("measure", "period", "p5", "p10", "p25", "p50", "p75", "p90", "p95"),
}


def sets_table(comparison: Comparison) -> Table:
    """The answer of each set, with the median, 80 % band and shortfall of its first target's total."""
    found = []
    for each in comparison.sets:
        result, target = each.result, each.result.scenario.target[0]
        wide = result.probability_range
        p10, p50, p90 = map(float, result.quantiles(target.measure, target.period, [0.1, 0.5, 0.9]))
        row = {"name": each.name, "probability": result.probability, "low": wide.low, "high": wide.high, "p10": p10, "p50": p50, "p90": p90}
        found.append(row | {"shortfall_if_missed": result.shortfall_if_missed})
    return found


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
        found.append({"of": head, "assumption": rest, "unit": assumption.unit} | values | {"basis": basis_words(assumption), "path": assumption.name})
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
            return f"{len(node.value)} figures" if place == 0 or assumption.nodes[0] is ABSENT else f"{len(node.value)} other figures"
        return "left out" if node.value is None else flow(node.plain)
    return f"{node['kind'].value}{'' if node['enabled'].value else ', off'}" if "kind" in node else flow(written(node))


def basis_words(assumption: Assumption) -> str:
    """Whether the values that are shown rest on a source or on judgement."""
    shown = [source for place, source in enumerate(assumption.sources) if source and (not place or place in assumption.differs)]
    return ", ".join(dict.fromkeys("judgement" if "judgement" in source else "source" for source in shown))


def sources_table(comparison: Comparison) -> Sequence[tuple[str, str]]:
    """The path of each assumption that differs, as ``--set`` takes it, and where the values come from that are shown for it."""
    found = []
    for assumption in comparison.assumptions:
        holders: dict[str, list[str]] = {}
        for place, (name, source) in enumerate(zip(comparison.names, assumption.sources, strict=True)):
            if source and (not place or place in assumption.differs):
                holders.setdefault(source, []).append(name)
        told = [f"{', '.join(names)}: {source}" for source, names in holders.items()] if len(holders) > 1 else list(holders)
        found.append((assumption.name, "; ".join(told)))
    return found


def change_words(comparison: Comparison, change: Change) -> str:
    """A change as a person names it: ``New assembly ventures (count)``, ``A slump (on)``."""
    if len(change.edits) == 1 and len(change.edits[0].path) == 2 and change.edits[0].path[0] in ("levers", "risks"):
        (edit,) = change.edits
        before = getattr(comparison.sets[0].result.scenario, str(edit.path[0])).get(edit.path[1])
        switched = "off" if edit.value is GONE else "on" if before is None or not before.enabled else "of another kind"
        return f"{path_words(comparison, edit.path)[0]} ({switched})"
    pairs = [path_words(comparison, tuple(name.split("."))) for name in change.name.split(" and ")]
    return " and ".join(f"{head} ({rest})" if rest else head for head, rest in pairs)


def path_words(comparison: Comparison, path: Sequence[str | int]) -> tuple[str, str]:
    """What stands at a path, as a person names it: what it belongs to, and the rest."""
    section, *rest = map(str, path)
    head = {"data": "published figures", "levers": "all levers", "risks": "all risks"}.get(section, section.replace("_", " "))
    if section in ("levers", "risks", "streams") and rest:
        scenarios = [each.result.scenario for each in comparison.sets]
        key, *rest = rest
        names = [getattr(scenario, section)[key].name for scenario in scenarios if key in getattr(scenario, section)]
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
    start = f"{one} is {side} ({error})" if abs(gap) >= 0.005 else f"{one} and {other} are as likely, within 0.01 points"
    return f"{start}: {_leading(comparison, difference)}."


def interaction_sentence(difference: Difference) -> str | None:
    """What the changes do together beyond what each does alone; None where one change is all, or where it is hardly anything."""
    if len(difference.attribution) < 2 or abs(difference.interaction_points) < 0.05:
        return None
    digits = _digits(difference.probability_points)
    alone = difference.probability_points - difference.interaction_points
    return (
        f"Each made alone in {difference.origin}, the changes would add up to {alone:+.{digits}f}; "
        f"the other {difference.interaction_points:+.{digits}f} is what they do together."
    )


def question_sentences(comparison: Comparison) -> list[str]:
    """What the probabilities are of: once where all sets ask the same, else for each."""
    wishes = {each.name: " and ".join(condition(each.result, target) for target in each.result.scenario.target) for each in comparison.sets}
    if len(set(wishes.values())) == 1:
        return [f"How likely it is that {wishes[comparison.names[0]]}"]
    return [f"{name}: how likely it is that {wish}" for name, wish in wishes.items()]


def note_sentences(comparison: Comparison) -> list[str]:
    """The notes on the sets' answers, each once."""
    holders: dict[str, list[str]] = {}
    for each in comparison.sets:
        for note in each.result.notes:
            holders.setdefault(note, []).append(each.name)
    return [f"Note on {', '.join(names)}: {note}" if len(names) < len(comparison.sets) else f"Note: {note}" for note, names in holders.items()]


def _leading(comparison: Comparison, difference: Difference) -> str:
    """The three largest parts, and the sum of the others."""
    parts = sorted(difference.attribution, key=lambda part: -abs(part.probability_points))
    if len(parts) == 1:
        return f"all of it comes from {change_words(comparison, parts[0].change)}"
    digits = _digits(difference.probability_points)
    told = [f"{change_words(comparison, part.change)} {part.probability_points:+.{digits}f}" for part in parts[:3]]
    if parts[3:]:
        rest = sum(part.probability_points for part in parts[3:])
        told.append(f"{'one other' if len(parts) == 4 else f'{len(parts) - 3} others'} {rest:+.{digits}f}")
    return ", ".join(told)


def _digits(points: float) -> int:
    """How finely a difference in percentage points is told."""
    return 1 if abs(points) >= 0.95 else 2
