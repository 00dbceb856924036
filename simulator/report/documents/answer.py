"""What a document says of one answer: the years ahead, what the measures add, the range of alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from simulator.model.result import LEVELS, Result
from simulator.report import answer as report
from simulator.report.charts import answer
from simulator.report.charts.drawing import Drawing, axis_title, stamp
from simulator.report.documents.blocks import Block, Cell, Column, Form, Picture, Section, Table
from simulator.scenario.calibration import CALIBRATED
from simulator.values.numerals import counted
from simulator.values.periods import Period, quarter

FAN = "Bars: published. Line and dots: the median. Shades: bands of 50, 80 and 95 %. Dashed: the target."
FUTURES = "Each dot is one of a hundred equally likely futures; the dashed line is the target."
WATERFALL = "What the answer loses when one alone is switched off; 'together' is what they add to one another beyond that."
ALTERNATIVES = "Dot: the answer. Marks: what it would be under each alternative. Bar: their span."
BELOW = "The percentage over a column is the chance that trade turns out below the amounts in it."
STAYS = "A parameter that the scenario states itself stays as stated in all of them. The range, not the numerical error, is the answer's uncertainty."
ALONE = "The scenario states every parameter of the law itself and has no other reading of the data: there is no range beside its answer."
DECIDED = "Published figures decide the target: no alternative gives another answer."
AS_STATED = "as stated"


def sections(result: Result, name: str = "") -> tuple[Section, ...]:
    """The sections on one answer; ``name`` is what its set is called beside others, and puts them a level lower."""
    parts = (
        ("The years ahead", "Years", tuple(_years(result))),
        ("What the measures add", "Measures", tuple(_measures(result))),
        ("The range of reasonable alternatives", "Range", tuple(_range(result))),
    )
    return tuple(
        Section(title, f"{sheet} {name}".strip(), blocks, 2 if name else 1)
        for title, sheet, blocks in parts
        if blocks
    )


def _picture(result: Result, drawing: Drawing, reading: str) -> Picture:
    return Picture(drawing, stamp(result), reading)


def _years(result: Result) -> Iterator[Block]:
    target, totals = result.leading, _totals(result)
    known = next(iter(result.totals.values()))
    by: answer.By = "quarter" if target.period == quarter(target.period.first) or not known else "year"
    yield _picture(result, answer.fan(result, target.measure, by), FAN)
    if not result.decided:
        yield _picture(result, answer.futures(result), FUTURES)
    levels = [Column(_level(probability), "money", 8) for probability in LEVELS.values()]
    columns = (Column("Measure", width=10), Column("Period", width=9), *levels, Column("Basis", width=16))
    rows: list[tuple[Cell, ...]] = [
        (m, p, *bands.values(), result.provenance(m, Period.parse(p)))
        for m, found in totals.items()
        for p, bands in found.items()
    ]
    yield Table("years", f"Totals with their bands, {axis_title(result)}", columns, tuple(rows), grouped=True)
    yield BELOW
    coming = report.quarter_sentence(result)
    if coming:
        yield f"The next quarter: {coming}"
    if result.milestones:
        heads = (
            Column("Quarter", width=10),
            Column("All paths", "money", 8),
            Column("Those that reach the target", "money", 14),
        )
        yield Table(
            "milestones",
            f"Milestones: the median of {target.measure} on the way, {axis_title(result)}",
            heads,
            result.milestones,
        )


def _totals(result: Result) -> dict[str, dict[str, Mapping[str, float]]]:
    """Bands by measure and period: of every target's measure its years and the target's period, then the years of all other totals."""
    years = next(iter(result.totals.values()))
    found: dict[str, dict[str, Mapping[str, float]]] = {}
    for target in result.targets:
        known = result.totals.get(target.measure, {})
        here = found.setdefault(target.measure, {})
        for period in (*years, str(target.period)):
            here[period] = (
                known.get(period) or here.get(period) or result.bands(target.measure, Period.parse(period))
            )
    return found | {
        measure: dict(by_year) for measure, by_year in result.totals.items() if measure not in found
    }


def _level(probability: float) -> str:
    return "median" if probability == 0.5 else f"{100 * probability:.0f}\u00a0%"


def _measures(result: Result) -> Iterator[Block]:
    found = list(chain.from_iterable(result.contributions.values()))
    if not found:
        return
    if not result.decided and any(each.driver.enabled for each in result.contributions["levers"]):
        yield _picture(result, answer.waterfall(result), WATERFALL)
    amounts = [Column(f"{head}, {axis_title(result)}", "change", 15) for head in report.ADDS]
    columns = (
        Column("Lever or risk", width=34),
        Column("Kind", width=20),
        *amounts,
        Column("Percentage points", "points", 12),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in found:
        on, kind = each.driver.enabled, each.driver.kind.replace("_", " ")
        numbers = (
            (each.median_effect, each.mean_effect, each.probability_points) if on else (None, None, None)
        )
        rows.append((each.driver.name or each.id, kind if on else f"{kind}, off", *numbers))
    yield Table("measures", report.losses(result), columns, tuple(rows))
    if result.scenario.levers:
        yield f"Without any of the levers the probability is {report.without_levers(result)}; the risks stay as they are."


def _range(result: Result) -> Iterator[Block]:
    wide = result.probability_range
    if len(wide.sources) == 1:
        yield ALONE
        return
    if result.decided and wide.low == wide.high:
        yield DECIDED
        return
    yield _picture(result, answer.alternatives(result), ALTERNATIVES)
    assumed = _assumed(result)
    told = Column("Alternative", width=24), Column("What it assumes", width=38)
    form: Form = "decided" if result.decided else "probability"
    columns = (*told, Column("Probability", form, 11), Column("Points against the answer", "points", 11))
    rows = tuple(
        (name, assumed.get(name, ""), p, 100 * (p - result.probability) if name != AS_STATED else None)
        for name, p in wide.sources
    )
    yield Table("alternatives", "The probability under each reasonable alternative", columns, rows)
    yield STAYS


def _assumed(result: Result) -> dict[str, str]:
    """What each alternative of the range assumes, by its name."""
    scenario = result.scenario
    found = {AS_STATED: "the scenario itself"}
    for chosen in CALIBRATED["sets"]:
        changed = {key: value for key, value in chosen.items() if key != "name"}
        told = [
            f"{key.replace('_', ' ')} {value:g} in place of {CALIBRATED['defaults'][key]:g}"
            for key, value in changed.items()
        ]
        found[chosen["name"]] = ", ".join(told)
    found |= {
        name: f"{counted(len(figures), 'other figure')}, listed under Other readings"
        for name, figures in scenario.alternatives.items()
    }
    return found
