"""Words of a track record: what was asked, what came, whose chances did how well, what it cannot show."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.batch.record import EVEN, By, Case, Record, Score
from simulator.errors import one_line
from simulator.files.outcomes import TABLE
from simulator.report.words.answer import wanted
from simulator.values.numerals import counted, enumeration, fixed, percent, share

TITLE = "Track record"
LEAD = "Targets whose outcome is known, each answered as of the day on which it was seen."
HEADS = {
    "case": "Target",
    "probability": "Chance given",
    "class": "Class",
    "drift": "Drift",
    "state": "Outcome",
    "brier": "Brier score",
    "source": "Whose outcome",
}
NAMES = {
    By.SIMULATOR: "The simulator",
    By.CLASS: "Class frequency",
    By.DRIFT: "Drift",
    By.OFFICIALS: "Official certainty",
}
SCORE_HEADS = (
    "Whose chances",
    "Targets",
    "Reached",
    "Chances add up to",
    "Brier score",
    "Log score",
    "The simulator on the same: Brier score",
)
REACHED, MISSED = "Reached", "Missed"
NOTHING = "nothing said"
EMPTY = "No row of the table can be answered."
SCORES_CAPTION = (
    "Whose chances did how well. The lower a score, the better; a reference is set beside the simulator"
    " on the targets of which it says something."
)
CASES_CAPTION = "Every target, by the day on which it is seen; a blank: that reference says nothing of it"
HEADINGS = {
    "wrong": "Where it was wrong",
    "scores": "Scores",
    "diagram": "Chances given, and what came",
    "cases": "Target by target",
    "reading": "How to read it",
    "limits": "What it cannot show",
    "choice": "How the targets were chosen",
}
READING = (
    "Chance given: what the simulator answers as of that day, from figures published by then, with the "
    "measures that the file states.",
    "Class: how often pairs of countries, or nations, of this size, after such a year, grew as much as was "
    "still needed, from outcomes known on that day.",
    "Drift: a random walk with the mean of the pair's own growth, as far as the file's figures tell it."
    " It carries a boom on.",
    "Official certainty: whoever announces a target says that it will be reached.",
    "Brier score: the squared distance of the chance from what came, 0 to 1; always saying 50 % scores "
    "0.25. Log score: minus the natural log of the chance of what came; 50 % scores 0.69.",
    "The lines of the diagram are 95 % intervals (Wilson 1927) for targets that have nothing to do with"
    " one another. These have: the same countries and the same world slumps. So the lines are too "
    "short.",
)
LIMITS = (
    "No chance here was given before the event. The outcomes were known to us when the simulator was "
    "made and its settings were chosen, and its underlying growth was checked against "
    "announced targets such as these. The record shows whether the answers make sense, not that they "
    "were foretold.",
    "Where no statistic was named, the outcome is that of mirror-reconciled annual trade in goods: "
    "exports as one side and imports as the other reports them, brought together. An office's own "
    "figure can differ by a third and more.",
    "A few dozen targets tell a good forecaster from a bad one, and not two good ones from each other.",
)
CHOICE = (
    "Of 36 announced targets of two countries that we hold with source and outcome, the first of each "
    "pair whose report gave the last full year's figure; of several named that day the nearest. These "
    "are 19, of which 3 were reached; of a wider collection of 106 it was 20 % (95 % interval 13-28 %)."
    " The rule does not look at the outcome. Three of the 19 ship as scenarios of their own, with a "
    "measure each; the other 16 have none, for none was announced with a size.",
    "Beside them stands every other shipped scenario whose year is over and whose outcome has a source "
    "that we can name: 5. Several sets of assumptions on one target count once. Left out are Vietnam's "
    "targets for 2025, whose outcome we could not look up, and India's exports by partner, which is the"
    " target for 2021-22 again.",
    "With each amount set right by what was published then over mirror-reconciled trade of the same "
    "year, none of the 19 outcomes turns.",
)
MOST_FAULTS, LONGEST = 20, 300


def target(case: Case) -> str:
    """What was asked: ``at least $20bn of turnover in 2008``."""
    return enumeration(wanted(case, goal) for goal in case.scenario.target)


def between(case: Case) -> str:
    """Whose trade it is about: ``China and India``."""
    scenario = case.scenario
    return " and ".join(filter(None, (scenario.home, scenario.partner))) or scenario.title


def day(case: Case) -> str:
    """The day as of which it was answered: ``11 April 2005``."""
    seen = case.scenario.as_of
    return f"{seen.day} {seen:%B %Y}"


def outcome(case: Case) -> str:
    """What came of it: ``Reached``, or ``Missed``."""
    return REACHED if case.outcome.reached else MISSED


def over_target(case: Case) -> str:
    """What came over what was asked: ``65 % of what was asked``; nothing where that is not known."""
    ratio = case.outcome.over_target
    return "" if ratio is None else f"{fixed(100 * ratio, 0)} % of what was asked"


def chance(case: Case, by: By) -> str:
    """A chance in percent; of a reference that says nothing, that."""
    size = case.chances[by]
    return NOTHING if size is None else percent(size, decided=case.decided)


def score(number: float) -> str:
    """A score: ``0.111``, or ``infinite``."""
    return fixed(number, 3) if math.isfinite(number) else "infinite"


def known(case: Case) -> str:
    """Since when the outcome was known: a day, or a year before which it was not."""
    when = case.outcome.known_on
    if not when:
        return ""
    return f"known not before {when}" if len(when) == len("2021") else f"known since {when}"


def cells(case: Case) -> dict[str, str]:
    """The words of a row by column."""
    return {
        "case": between(case),
        "probability": chance(case, By.SIMULATOR),
        "class": chance(case, By.CLASS),
        "drift": chance(case, By.DRIFT),
        "state": outcome(case),
        "brier": score(case.brier),
        "source": one_line(case.outcome.source, LONGEST),
    }


def details(case: Case) -> dict[str, str]:
    """What stands small under the words of a column."""
    return {
        "case": f"{target(case)}; as of {day(case)}",
        "state": over_target(case),
        "brier": f"log score {score(case.log_score)}",
        "source": known(case),
    }


def summary(record: Record) -> str:
    """How many were missed and reached, and how many the chances add up to."""
    cases = record.cases
    if not cases:
        return EMPTY
    expected = fixed(sum(case.chance for case in cases), 1)
    return (
        f"{counted(len(cases), 'target')}: {record.reached} reached, {len(cases) - record.reached} missed. "
        f"The chances given add up to {expected} reached."
    )


def verdict(record: Record) -> str:
    """The score in one sentence, beside what else would have been said."""
    scores = {one.by: one for one in record.scores()}
    if By.SIMULATOR not in scores:
        return ""
    simulator, rate = scores[By.SIMULATOR], record.reached / len(record.cases)
    return (
        f"Brier score {score(simulator.brier)} over {counted(simulator.n, 'target')}. Official "
        "certainty scores "
        f"{score(scores[By.OFFICIALS].brier)}; {share(rate)} for each, the share that was reached "
        "and that nobody "
        f"could know before, {score(rate * (1 - rate))}."
    )


def better(record: Record) -> Iterator[str]:
    """Which references did better than the simulator on the targets of which they say something."""
    for one in record.scores():
        if one.brier < one.simulator:
            yield (
                f"{NAMES[one.by]} did better than the simulator on the {counted(one.n, 'target')} "
                "of which it says "
                f"something: Brier score {score(one.brier)} against {score(one.simulator)}."
            )


def wrong(record: Record) -> Iterator[str]:
    """Where what came was given less than an even chance, the worst first; hits and misses alike."""
    cases = record.cases
    for outcome_words, reached in ((REACHED, True), (MISSED, False)):
        came = [case for case in cases if case.outcome.reached is reached]
        missed = [case for case in record.wrong if case.outcome.reached is reached]
        side = f"less than {percent(EVEN)}" if reached else f"{percent(EVEN)} or more"
        yield f"{outcome_words}, though given {side}: {len(missed)} of {len(came)}."
        yield from (
            f"{between(case)}, {target(case)}: given {chance(case, By.SIMULATOR)}." for case in missed
        )


def score_row(one: Score) -> tuple[str, ...]:
    """The cells of a row of the table of scores."""
    return (
        NAMES[one.by],
        str(one.n),
        str(one.hits),
        fixed(one.expected, 1),
        score(one.brier),
        score(one.log_score),
        score(one.simulator),
    )


def shipped(record: Record) -> bool:
    """Whether it is the record of what ships, of which we can say how it was chosen."""
    return record.table == str(TABLE)


def faulty(record: Record) -> str:
    """How many rows cannot be answered; nothing where all can."""
    count = sum(bool(entry.faults) for entry in record.entries)
    return f"{counted(count, 'row')} cannot be answered." if count else ""


def faults(record: Record) -> list[str]:
    """What is wrong with the others, a line each."""
    lines = [one_line(str(fault), LONGEST) for _, fault in record.faults]
    more = len(lines) - MOST_FAULTS
    return [*lines[:MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])]
