"""Answers as frames: the rows of each type of answer, a fact a row, unrounded; what every column is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.analysis.answers import Answer, Answers
from simulator.analysis.claim import Claim
from simulator.analysis.compare import Comparison
from simulator.analysis.context import Context
from simulator.analysis.discover import Discovery
from simulator.analysis.grid import Map
from simulator.analysis.mix import Mix, Part
from simulator.analysis.sensitivity import Sensitivity
from simulator.analysis.track import Track
from simulator.batch.backtest import Backtest
from simulator.model.result import LEVELS, Result
from simulator.numerics import scores
from simulator.report.amounts import amount
from simulator.report.tables import Row, sets_table, totals_table
from simulator.report.words.discover import rules
from simulator.values.units import Unit

CHANCE, POINTS, PART, AMOUNT, NUMBER, TEXT = "chance", "points", "part", "amount", "number", "text"
ERROR, ERROR_POINTS, CHANGE = "error", "error points", "change"

# What a column of a frame is: the sort of its numbers, and what it means. Chances and parts are fractions.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "measure": (TEXT, "what a total is of: turnover, exports, imports, a partner"),
    "period": (TEXT, "year, quarter or months that a number is of"),
    "unit": (TEXT, "unit of the amounts in the row"),
    "name": (TEXT, "what people call it"),
    "path": (TEXT, "where it stands in the scenario, as --set takes it"),
    "probability": (CHANCE, "chance that every target is met"),
    "standard_error": (ERROR, "numerical error of the probability, a standard error"),
    "low": (CHANCE, "lowest probability under other model settings and readings of the data"),
    "high": (CHANCE, "highest probability under other model settings and readings of the data"),
    **{
        name: (AMOUNT, f"amount that is not exceeded with a chance of {100 * level:g} %")
        for name, level in LEVELS.items()
    },
    "shortfall_if_missed": (AMOUNT, "median of what is missing where the target is missed"),
    "wanted": (CHANCE, "probability that was asked for"),
    "present_value": (AMOUNT, "value as the scenario stands"),
    "value": (AMOUNT, "value that reaches what is wanted; none where that is out of reach"),
    "feasible": (TEXT, "whether it reaches what is wanted"),
    "present_probability": (CHANCE, "probability as the scenario stands"),
    "best_value": (AMOUNT, "value with the highest probability of all that were tried"),
    "best_probability": (CHANCE, "highest probability of all that were tried"),
    "reason": (TEXT, "why it is out of reach, or why there is no answer"),
    "low_value": (TEXT, "what the file states at the unknown's low end"),
    "low_probability": (CHANCE, "probability with the unknown at its low end"),
    "high_value": (TEXT, "what the file states at the unknown's high end"),
    "high_probability": (CHANCE, "probability with the unknown at its high end"),
    "swing_points": (POINTS, "how far the probability moves between the ends and the answer as it stands"),
    "swing_error_points": (ERROR_POINTS, "standard error of the difference between the ends"),
    "our_assumption": (TEXT, "whether the unknown rests on our assumption rather than a published source"),
    "rule": (TEXT, "under what is assumed, or under what the next figures say"),
    "below": (TEXT, "whether the condition is to stay below the threshold, else to be at least it"),
    "threshold": (AMOUNT, "where the condition begins to hold"),
    "coverage": (PART, "part of all such outcomes that fall under the conditions of the rule"),
    "density": (PART, "part of what falls under the conditions that is such an outcome"),
    "base": (PART, "part of all futures that is such an outcome"),
    "density_error": (ERROR, "standard error of the density"),
    "budget": (NUMBER, "what may be spent, in the unit of costs"),
    "cost": (NUMBER, "what the package costs, in the unit of costs"),
    "probability_if_late": (CHANCE, "probability with every start some months later"),
    "package": (TEXT, "how much of each measure is bought"),
    "claim": (TEXT, "the statement"),
    "outcome": (AMOUNT, "what came, once it is known"),
    "held": (TEXT, "whether the statement came true, once it is known"),
    "log_score": (NUMBER, "natural logarithm of the chance that was given to what came"),
    "view": (TEXT, "what is counted: trade of the class, or announced targets"),
    "n": (NUMBER, "how many were counted"),
    "reached": (PART, "part of them that grew as much as is needed, or that was reached"),
    "least": (PART, "lowest part by base year"),
    "most": (PART, "highest part by base year"),
    "published": (TEXT, "day of publication"),
    "change_points": (CHANGE, "by how much the probability moved since the day before in the list"),
    "figures": (TEXT, "what came out that day"),
    "series": (TEXT, "which series of the table"),
    "origin": (NUMBER, "year in which the forecast is made"),
    "ahead": (NUMBER, "years from that of the origin to the one that is forecast"),
    "year": (NUMBER, "year that is forecast"),
    "last_full": (AMOUNT, "total of the last full year that was known"),
    "actual": (AMOUNT, "total that came, in the table's own unit"),
}
CHANCE_OF = "chance_of_"  # begins a column of a backtest: the chance that was given to a multiple
SORTS = {CHANCE: " (fraction)", PART: " (fraction)", POINTS: " (percentage points)", AMOUNT: " (in unit)"}
SORTS |= {NUMBER: "", TEXT: "", ERROR: SORTS[PART], ERROR_POINTS: SORTS[POINTS], CHANGE: SORTS[POINTS]}


def meaning(column: str) -> str:
    """What a column is; one that is called like a path of the scenario holds the value there."""
    if column.startswith(CHANCE_OF):
        return (
            f"chance that was given to {column.removeprefix(CHANCE_OF)} times the last full year (fraction)"
        )
    if column not in COLUMNS:
        return "value at this path of the scenario, as a file states it, but percents as fractions"
    sort, text = COLUMNS[column]
    return f"{text}{SORTS[sort]}"


def sort_of(column: str) -> str:
    """The sort of the numbers of a column."""
    return CHANCE if column.startswith(CHANCE_OF) else COLUMNS.get(column, (AMOUNT, ""))[0]


def markdown() -> str:
    """What the columns of frames mean, as docs/notebook.md has it."""
    rows = [f"| `{name}` | {meaning(name)} |" for name in COLUMNS]
    rows.append(f"| `{CHANCE_OF}M` | {meaning(f'{CHANCE_OF}M')} |")
    return "\n".join(["| column | what it is |", "|---|---|", *rows])


def _money(result: Result) -> str:
    return f"{result.scenario.unit} {result.scenario.currency}"


def _chances(result: Result) -> dict[str, float]:
    return {"probability": result.probability, "standard_error": result.standard_error}


def of_result(result: Result) -> Iterator[Row]:
    """Totals by measure and year, with their quantiles."""
    for row in totals_table(result):
        bands = {key: value for key, value in row.items() if key not in ("measure", "period")}
        yield {"measure": row["measure"], "period": row["period"], "unit": _money(result), **bands}


def of_comparison(comparison: Comparison) -> Iterator[Row]:
    """The sets, each with its answer."""
    for member, row in zip(comparison.sets, sets_table(comparison), strict=True):
        rest = {key: value for key, value in row.items() if key not in ("name", "probability")}
        unit = _unit(member.result, member.result.leading.quantity.unit)
        yield {"name": member.name, **_chances(member.result), **rest, "unit": unit}


def _unit(result: Result, unit: Unit | str) -> str:
    unit = Unit(unit)
    if unit.of_hundred:
        return "fraction"
    return _money(result) + unit.removeprefix(Unit.MONEY) if unit.money else str(unit)


def of_solution(solution: Answer) -> Iterator[Row]:
    """What it would take: one row."""
    yield {
        "path": ", ".join(solution.levers),
        "name": solution.name,
        "unit": _unit(solution.present, solution.question.unit),
        "present_value": solution.present_value,
        "value": solution.value,
        "probability": solution.probability,
        "wanted": solution.wanted,
        "feasible": solution.feasible,
        "present_probability": solution.present.probability,
        "best_value": solution.best_value,
        "best_probability": solution.best_probability,
        "reason": solution.reason,
    }


def of_solutions(solutions: Answers) -> Iterator[Row]:
    """The same of each number alone."""
    for solution in solutions.answers:
        yield from of_solution(solution)


def of_sensitivity(analysis: Sensitivity) -> Iterator[Row]:
    """The tornado: an unknown a row, the widest first."""
    for bar in analysis.tornado:
        yield {
            "name": bar.name,
            "path": bar.path,
            "low_value": bar.low.value,
            "low_probability": bar.low.probability,
            "high_value": bar.high.value,
            "high_probability": bar.high.probability,
            "swing_points": 100 * bar.swing,
            "swing_error_points": 100 * bar.standard_error,
            "our_assumption": bar.judgement,
        }


def of_discovery(discovery: Discovery) -> Iterator[Row]:
    """The conditions of both rules."""
    for head, rule in rules(discovery).items():
        if rule is None:
            continue
        for condition in rule.conditions:
            yield {
                "rule": head,
                "name": condition.unknown.name,
                "path": condition.unknown.path,
                "below": condition.below,
                "threshold": condition.threshold,
                "unit": _unit(discovery.result, condition.unknown.unit),
                "coverage": rule.coverage,
                "density": rule.density,
                "base": rule.base,
                "density_error": rule.standard_error,
            }


def of_mix(mix: Mix) -> Iterator[Row]:
    """The frontier: the best package at each budget."""
    for bought in mix.frontier:
        yield {
            "budget": bought.budget,
            "cost": bought.cost,
            "probability": bought.probability,
            "standard_error": bought.standard_error,
            "probability_if_late": bought.probability_if_late,
            "package": ", ".join(_part(mix.nothing, part) for part in bought.parts),
        }


def _part(result: Result, part: Part) -> str:
    return f"{part.priced.name}: {amount(result, part.amount, part.priced.knob.unit)}"


def of_map(surface: Map) -> Iterator[Row]:
    """The cells of a map: the values of the two numbers, and the probability."""
    for place, row in zip(surface.y.values, surface.probability, strict=True):
        for x, chance in zip(surface.x.values, row, strict=True):
            at = {axis.knob.path: axis.stated(v) for axis, v in ((surface.x, x), (surface.y, place))}
            yield {**at, "probability": chance}


def of_claim(claim: Claim) -> Iterator[Row]:
    """The statement and what came of it: one row."""
    yield {
        "claim": claim.text,
        **_chances(claim.result),
        "low": claim.result.probability_range.low,
        "high": claim.result.probability_range.high,
        "outcome": claim.outcome,
        "unit": _unit(claim.result, claim.result.leading.quantity.unit),
        "held": claim.met,
        "log_score": claim.log_score,
    }


def of_context(outside: Context) -> Iterator[Row]:
    """The outside view: trade of the class, and announced targets."""
    frequency, fared = outside.frequency, outside.targets
    counted = {"n": frequency.n, "reached": frequency.share} if frequency else {"n": 0, "reached": None}
    span = {"least": frequency.low, "most": frequency.high} if frequency else {"least": None, "most": None}
    yield {"view": f"{outside.members} like this", **counted, **span, "reason": outside.frequency_reason}
    fate = {"n": fared.total.n, "reached": fared.total.reached} if fared else {"n": 0, "reached": None}
    yield {"view": "announced targets", **fate, "least": None, "most": None, "reason": outside.targets_reason}


def of_track(course: Track) -> Iterator[Row]:
    """The probability as it stood, by day of publication."""
    for step in course.steps:
        yield {
            "published": step.published.isoformat(),
            "probability": step.probability,
            "standard_error": step.probability_error,
            "change_points": step.change_points,
            "figures": ", ".join(part.figure for part in step.parts),
        }


def of_backtest(tried: Backtest) -> Iterator[Row]:
    """The forecasts: the law of each, and what came."""
    for row in tried.rows:
        quantiles = dict(zip(scores.LEVELS.round(3).tolist(), row.law.quantiles, strict=True))
        chances = zip(tried.multiples, row.law.chances, strict=True)
        yield {
            "series": row.series,
            "origin": row.origin,
            "ahead": row.ahead,
            "year": row.origin + row.ahead,
            "last_full": row.last_full,
            "actual": row.actual,
            **{name: quantiles[level] for name, level in LEVELS.items()},
            **{f"{CHANCE_OF}{multiple:g}": chance for multiple, chance in chances},
        }
