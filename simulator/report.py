"""Results to words and tables: what a terminal, a page or a document shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

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


def headline(result: Result) -> list[str]:
    """The sentences under the verdict: the median and its distance, and the growth still needed."""
    target = result.scenario.target[0]
    median = float(result.quantiles(target.measure, target.period, [0.5])[0])
    gap = median - target.amount
    side = "above" if gap > 0 else "short of"
    lines = [f"The median for {target.period} is {money(result, median)}, {money(result, abs(gap))} {side} the target."]
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


def to_csv(table: Table) -> str:
    """A table as CSV; a text that a spreadsheet would run as a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if table:
        writer.writerow(table[0])
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
