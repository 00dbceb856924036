"""Sentences on how a probability followed the news: its steps, the next figure, what came of the target."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.analysis.outcome import DATA, MEASURES, Outcome, Share
from simulator.analysis.signposts import SPAN, Ahead, Signpost
from simulator.analysis.standing import Actual, Gap
from simulator.analysis.track import Track
from simulator.analysis.vintages import Part, Step
from simulator.model.result import Result
from simulator.report.amounts import distance, money, probability, value
from simulator.report.names import named
from simulator.report.words.board import date
from simulator.values.numerals import counted, enumeration, percent, points, share
from simulator.values.periods import Period
from simulator.values.wording import capital

TITLE = "What moved the probability"
MOST_PARTS = 4  # of a step in a sentence
HOW = (
    "Each step is the probability as it stood on a day on which figures came out, with today's target and "
    "measures. A change is shared out among the figures of that day: the share of each is its effect "
    "averaged over all orders in which they could have come (Shapley values), so the shares add up to it.",
    "A figure that was published again replaces its earlier form. Time alone moves nothing: between two "
    "publications the probability stays. A figure above what was expected can still lower it, for it also "
    "says how rough trade is, and what the months around it must have been.",
)
ACTUALS_HOW = (
    "Dark bar: half of the futures of the projection; light bar: 90 % of them; tick: their median; dot: what "
    "came, and the number is its percentile, the share of the futures below it."
)
NO_PROJECTION = "No figure has come out since the projection that it could be held against."
OPEN = "The outcome is not known yet."


def day_of(step: Step) -> str:
    """When a step was taken."""
    return date(step.published)


def chance_of(step: Step, digits: int = 1) -> str:
    """The probability after a step."""
    return probability(step, digits)


def summary(track: Track) -> str:
    """Where the probability came from, and where it is now."""
    first, last = track.steps[0], track.steps[-1]
    if track.opening is None and len(track.steps) == 1:
        return f"There is one step so far: {chance_of(last)} on {day_of(last)}."
    start = f"{chance_of(first)} on {day_of(first)}"
    if track.opening is not None:
        start = f"{probability(track.opening, 1)} on the figures without a day"
    count = counted(len(track.steps), "publication")
    return f"The probability went from {start} to {chance_of(last)} on {day_of(last)}, over {count}."


def step_sentence(track: Track, step: Step) -> str:
    """A step, and what moved it."""
    head = f"{day_of(step)}: {chance_of(step)}"
    if not step.parts:
        return f"{head}, where it began."
    parts = sorted(step.parts, key=lambda part: -abs(part.probability_points))
    listed = [part_words(track.result, part) for part in parts[:MOST_PARTS]]
    if rest := parts[MOST_PARTS:]:
        others = sum(part.probability_points for part in rest)
        listed.append(f"{counted(len(rest), 'other figure')} {points(others)}")
    notes = f" {' '.join(step.notes)}" if step.notes else ""
    return f"{head}, {points(step.change_points)} points: {'; '.join(listed)}.{notes}"


def part_name(result: Result, part: Part) -> str:
    """What one part of a step is called: ``Exports, Oct 2018``."""
    if len(part.figures) > 1 and part.expected is None and part.was is None:
        return capital(part.figure)
    figure = part.figures[-1]
    growth = ", growth" if figure.value is None else ""
    return f"{capital(named(result.scenario, figure.measure).text)}, {period_words(figure.period)}{growth}"


def part_words(result: Result, part: Part) -> str:
    """One part of a step: what came, what was expected, what it did."""
    amount = came(result, part)
    return f"{part_name(result, part)}{f' {amount}' if amount else ''}: {points(part.probability_points)}"


def came(result: Result, part: Part) -> str:
    """What a figure came to beside what was there, or was expected; nothing for several."""
    figure = part.figures[-1]
    if figure.value is None or (len(part.figures) > 1 and part.was is None and part.expected is None):
        return ""
    text = money(result, figure.value.amount)
    if part.was is not None and part.was.value is not None:
        return f"{text}, revised from {money(result, part.was.value.amount)}"
    if part.expected is None:
        return text
    return f"{text}, expected {money(result, part.expected)}"


def period_words(period: Period) -> str:
    """A period as people read it: ``Oct 2018``, ``Jan-Sep 2018``, ``Oct 2018 to Feb 2019``, ``2018``."""
    first, last = period.first // 12, period.last // 12
    if first == last:
        return period.readable if period.months == 12 else f"{period.in_words} {first}"
    ends = Period(period.first, period.first), Period(period.last, period.last)
    return " to ".join(map(period_words, ends))


# What comes next


def next_sentences(track: Track) -> Iterator[str]:
    """The next figure, and the values of it at which the probability passes some marks."""
    ahead, now = track.ahead, track.now
    if ahead is None:
        yield (
            "Published figures decide the target: no further one can move it."
            if now.decided
            else "No series of figures goes on, so no next one can be named."
        )
        return
    due = f", due about {date(ahead.coming.due)} by the usual lag" if ahead.coming.due else ""
    what = _figure(now, ahead)
    yield f"The next figure is {what}{due}: {money(now, ahead.median)} is as likely as not to be exceeded."
    for post in ahead.signposts:
        yield signpost(now, ahead, post)


def _figure(result: Result, ahead: Ahead) -> str:
    return f"{named(result.scenario, ahead.coming.measure).text} of {period_words(ahead.coming.period)}"


def signpost(result: Result, ahead: Ahead, post: Signpost) -> str:
    """One signpost."""
    mark = share(post.probability)
    if post.value is None:
        span = f"{money(result, ahead.low)} to {money(result, ahead.high)}"
        within = percent(SPAN[1] - SPAN[0])
        return f"No value passes {mark} (looked for from {span}, which holds {within} of the futures)."
    side = "or more" if post.higher else "or less"
    verb = "lifts" if post.probability > result.probability else "keeps"
    target = f"to {mark} or more" if verb == "lifts" else f"at {mark} or more"
    return f"{money(result, post.value)} {side} {verb} the probability {target}."


# Behind or ahead


def projected(track: Track) -> str:
    """Which projection later figures are held against."""
    return f"Projection of {date(track.made.scenario.as_of)}, on the figures known then."


def gap_sentence(track: Track, gap: Gap) -> str:
    """How far a measure is behind or ahead of what was projected."""
    result, what = track.made, named(track.made.scenario, gap.measure)
    estimated = "" if gap.published else " (an estimate: not all of it is published)"
    text = f"{capital(what.text)} of {period_words(gap.period)}: {money(result, gap.actual)}{estimated}, "
    text += _apart(result, gap.actual - gap.expected, f"the median path ({money(result, gap.expected)})")
    if gap.reaching is not None:
        paths = f"the paths that reach the target ({money(result, gap.reaching)})"
        text += f", {_apart(result, gap.actual - gap.reaching, paths)}"
    return f"{text}."


def gap_cells(track: Track, gap: Gap) -> tuple[str, ...]:
    """The same as the cells of a row."""
    result = track.made
    name = capital(named(result.scenario, gap.measure).text)
    amounts = (
        money(result, gap.actual) + ("" if gap.published else " (estimate)"),
        money(result, gap.expected),
        money(result, gap.actual - gap.expected, sign=True),
        "too few" if gap.reaching is None else money(result, gap.reaching),
    )
    return name, period_words(gap.period), *amounts


def _apart(result: Result, amount: float, what: str) -> str:
    return f"{money(result, abs(amount))} {'ahead of' if amount >= 0 else 'behind'} {what}"


def actuals_sentence(track: Track) -> str:
    """How many later figures fell inside the bands of the projection."""
    rows = track.actuals
    if not rows:
        return NO_PROJECTION
    half = sum(0.25 <= row.percentile <= 0.75 for row in rows)
    most = sum(0.05 <= row.percentile <= 0.95 for row in rows)
    count = counted(len(rows), "later figure")
    note = " They overlap and move together, so a few say little." if len(rows) < 20 else ""
    return (
        f"Of {count}, {most} fell into the 90 % band of the projection of "
        f"{date(track.made.scenario.as_of)}, {half} into the 50 % band.{note}"
    )


def actual_name(result: Result, actual: Actual) -> str:
    """A later figure: ``Exports, Oct 2018``."""
    return f"{capital(named(result.scenario, actual.measure).text)}, {period_words(actual.period)}"


# What came of it


def outcome_sentences(track: Track) -> Iterator[str]:
    """Hit or miss, the scores, and what the forecast's error came from."""
    outcome = track.outcome
    if outcome is None:
        yield OPEN
        return
    made = outcome.made
    when = f" (settled by figures of {date(outcome.published)})" if outcome.published else ""
    verb = "was reached" if outcome.reached else "was missed"
    yield (
        f"The target {verb}{when}. On {date(made.scenario.as_of)} it had {probability(made, 1)}; "
        f"Brier score {outcome.brier:.3f} (0 is best, an even chance scores 0.25), "
        f"log score {_log(outcome.log_score)} (0 is best, an even chance scores 0.69)."
    )
    if outcome.expected is not None and outcome.actual is not None:
        quantity = made.scenario.goals[0].quantity
        yield (
            f"{capital(_quantity(made))} came to {value(made, quantity, outcome.actual)}; "
            f"the median forecast was {value(made, quantity, outcome.expected)}."
        )
    parts = "; ".join(_share(outcome, part) for part in outcome.parts)
    yield f"Of the way from the forecast to what came: {parts}."
    yield from outcome.notes


def _log(score: float) -> str:
    return f"{score:.2f}" if math.isfinite(score) else "infinite, for what came was given no chance"


def _quantity(made: Result) -> str:
    target = made.scenario.goals[0]
    return f"{named(made.scenario, target.measure).text} in {period_words(target.period)}"


def share_name(outcome: Outcome, part: Share) -> str:
    """What a part of the error is called."""
    if part.cause == DATA:
        count = counted(len(outcome.revised), "figure")
        return f"revised data ({count})" if outcome.revised else "revised data (none)"
    if part.cause == MEASURES:
        missing = enumeration(outcome.missing) if outcome.missing else "none is marked so"
        return f"measures that did not happen ({missing})"
    return "the rest (shocks)"


def _share(outcome: Outcome, part: Share) -> str:
    apart = ""
    if part.amount is not None:
        quantity = outcome.made.scenario.goals[0].quantity
        apart = f"{distance(outcome.made, quantity, part.amount, sign=True)}, "
    return f"{share_name(outcome, part)} {apart}{points(part.probability_points)} points"


def sentences(track: Track) -> Iterator[str]:
    """Everything, for a terminal."""
    yield summary(track)
    yield from (step_sentence(track, step) for step in track.moves)
    yield from track.notes
