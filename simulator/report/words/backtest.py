"""Sentences on a backtest: how forecasts of the past fared, beside simpler ones."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

from simulator.batch.backtest import BANDS, Backtest, Rival, Scores
from simulator.numerics.scores import Point
from simulator.values.numerals import counted, enumeration, fixed
from simulator.values.wording import capital

NAMES = {
    "drift": "Random walk with drift",
    "seasonal_naive": "Seasonal naive",
    "random_walk_year_to_date": "Random walk and year to date",
}
LEGEND = (
    "CRPS: how far a forecast is from what came, in logs of the total; 0.10 is about 10 %. Lower is better.",
    "Bands: a band of 80 % should hold 80 % of the outcomes. Fewer: the forecasts are too sure of "
    "themselves; more: they are not sure enough.",
    "Brier score: the squared distance of a chance from what happened (1 or 0). Lower is better; always "
    "saying 50 % scores 0.25. It is the reliability (how far chances are from what came of them, 0 is best), "
    "less the resolution (how well they tell cases apart, more is better), plus the uncertainty of what was "
    "asked, plus what chances differ inside of a tenth.",
    "Skill: by which share the CRPS is lower than that of the simpler forecast, on the same cases. Below "
    "0 the simpler one was better.",
    "Ranks: where outcomes fell among the forecasts, in ten equal parts. A small p-value says that they did "
    "not fall evenly; outcomes of one year move together, so it is smaller than it should be.",
)
RULES = (
    "Random walk with drift: the last full year goes on with the mean growth of the years that are known.",
    "Seasonal naive: every month is as it was a year before, so a total is that of the last twelve months.",
    "Random walk and year to date: the last full year, times the growth of the months that are known of the "
    "present one.",
    "The spread of each is the size of its own errors at earlier origins, as far as these were known.",
)
TABLE_HEADS = ("Forecast of", "n", "CRPS", "50 %", "80 %", "95 %")
RIVAL_HEADS = ("Held against", "n", "CRPS", "Ours", "Skill", "80 %")
BRIER_HEADS = ("Chance of", "n", "Brier", "Reliability", "Resolution", "Uncertainty", "Inside a tenth")


def title(name: str) -> str:
    """What is tried."""
    return f"How forecasts of {name} would have fared"


def score(value: float) -> str:
    """A score: ``0.231``."""
    return fixed(value, 3)


def share(value: float) -> str:
    """A share of cases: ``83 %``."""
    return f"{fixed(100 * value, 0)} %"


def horizon(ahead: int) -> str:
    """Which year is forecast: ``the same year``, ``1 year later``."""
    return "the same year" if ahead == 0 else f"{counted(ahead, 'year')} later"


def chance_of(multiple: float) -> str:
    """Whose chance is scored: ``1.15 times the last full year``."""
    return f"{multiple:g} times the last full year"


def verdict(tried: Backtest) -> str:
    """The answer in a sentence."""
    scores = tried.scores
    half, most, nearly_all = (share(scores.cover[band]) for band in BANDS)
    return (
        f"Of {scores.n} outcomes, {most} fell into the 80 % bands of forecasts made before them, {half} into "
        f"those of 50 % and {nearly_all} into those of 95 %. The CRPS of log totals is "
        f"{score(scores.crps_log)}."
    )


def beside(tried: Backtest) -> str:
    """How that compares with simpler forecasts."""
    parts = [f"{rival_name(name)} {_better(rival)}" for name, rival in tried.against.items()]
    return f"Compared with simpler forecasts of the same: {enumeration(parts)}." if parts else ""


def _better(rival: Rival) -> str:
    size = share(abs(rival.skill))
    return (
        f"has a CRPS of {score(rival.crps_log)} (ours is {size} {'lower' if rival.skill >= 0 else 'higher'})"
    )


def rival_name(name: str) -> str:
    """What people call a forecast that is held against: a rule, or a model of statsforecast."""
    return NAMES.get(name, name)


def setting(tried: Backtest) -> str:
    """What was known and what was asked."""
    plan, month = tried.plan, tried.cut.month
    until = (
        f"January to {calendar.month_name[month]} of the present year"
        if month
        else "nothing of the present year"
    )
    known = (
        f"the figures of up to {plan.years} full years, and {until}"
        if plan.inputs == "months"
        else f"totals of up to {plan.years} full years, and of {until} and the same months a year before"
        if month
        else f"totals of up to {plan.years} full years, and {until}"
    )
    return (
        f"{counted(tried.cases, 'origin')} of {tried.series} series, {tried.cut.origins}: known are {known}; "
        f"asked are the totals of {enumeration(horizon(ahead) for ahead in plan.horizons)}."
    )


def skipped(tried: Backtest) -> list[str]:
    """Why origins have no forecast, each reason with how many of them."""
    return [f"{counted(count, 'origin')}: {reason}" for reason, count in tried.reasons.items()]


def skipped_title(tried: Backtest) -> str:
    """How many origins have no forecast."""
    return f"{capital(counted(len(tried.skipped), 'origin'))} without a forecast"


def reliability(points: Sequence[Point]) -> str:
    """A reliability diagram in words."""
    parts = (f"{share(p.chance)}: {share(p.share)} of {p.n}" for p in points)
    return f"Chance that was told, and how often it came true: {'; '.join(parts)}."


def score_row(name: str, scores: Scores) -> tuple[str, ...]:
    """A row of the table of scores."""
    return (name, str(scores.n), score(scores.crps_log), *map(share, scores.cover.values()))


def score_rows(tried: Backtest) -> list[tuple[str, ...]]:
    """The table of scores: by year ahead, and of all."""
    rows = [score_row(capital(horizon(ahead)), scores) for ahead, scores in tried.by_horizon.items()]
    return [*rows, score_row("All", tried.scores)]


def rival_rows(tried: Backtest) -> list[tuple[str, ...]]:
    """The table of simpler forecasts, by year ahead, and of all."""
    parts = [(horizon(ahead), rivals) for ahead, rivals in tried.against_by_horizon.items()]
    return [
        (
            f"{rival_name(name)}, {when}",
            str(rival.n),
            score(rival.crps_log),
            score(rival.ours),
            f"{fixed(100 * rival.skill, 0, sign=True)} %",
            share(rival.cover80),
        )
        for when, rivals in (*parts, ("all", tried.against))
        for name, rival in rivals.items()
    ]


def brier_rows(tried: Backtest) -> list[tuple[str, ...]]:
    """The table of Brier scores and their parts."""
    return [
        (
            f"at least {chance_of(multiple)}",
            str(parts.n),
            *map(score, (parts.brier, parts.reliability, parts.resolution, parts.uncertainty, parts.within)),
        )
        for multiple, parts in tried.scores.brier.items()
    ]


def ranks(tried: Backtest) -> str:
    """Whether outcomes fall evenly among their forecasts."""
    scores = tried.scores.ranks
    return (
        f"Outcomes by tenth of their forecast: {', '.join(map(str, scores.counts))}, where "
        f"{fixed(scores.expected[0], 1)} each are expected (chi-square {fixed(scores.chi_square, 1)}, "
        f"p-value {fixed(scores.p_value, 3)})."
    )
