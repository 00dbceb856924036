"""What a document says of one answer: the years ahead, what the measures add, the range of alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator import report
from simulator.model.result import LEVELS, Result
from simulator.report.amounts import amount
from simulator.report.charts import answer, futures, over_time, partners
from simulator.report.charts.drawing import Drawing, axis_title, effect_title, quantity_title, stamp
from simulator.report.documents.blocks import Block, Cell, Column, Form, Picture, Section, Table
from simulator.report.partners import MOST, ByPartner, by_partner
from simulator.report.tables import Row
from simulator.report.words import answer as words
from simulator.report.words import partners as partner_words
from simulator.report.words.over_time import dip
from simulator.report.words.values import spaced
from simulator.scenario import Outlook
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.targets import Kind
from simulator.values.fields import In, title_of
from simulator.values.numerals import counted
from simulator.values.periods import quarter
from simulator.values.units import Unit

PARTNER_BANDS = ("p10", "p50", "p90")
AS_STATED = "as stated"  # the alternative that is the answer itself
Bands = Mapping[str, float]


def sections(result: Result, name: str = "") -> tuple[Section, ...]:
    """The sections on one answer.

    ``name`` is what its set is called beside others, and puts them a level lower.
    """
    parts = (
        ("The years ahead", "Years", tuple(_years(result))),
        ("Trade by partner", "Partners", tuple(_partners(result))),
        ("What each adds", "Measures", tuple(_measures(result))),
        ("The range under other model settings", "Range", tuple(_range(result))),
    )
    return tuple(
        Section(title, f"{sheet} {name}".strip(), blocks, 2 if name else 1)
        for title, sheet, blocks in parts
        if blocks
    )


def _picture(result: Result, drawing: Drawing, reading: str) -> Picture:
    return Picture(drawing, stamp(result), reading)


# The years ahead


def _years(result: Result) -> Iterator[Block]:
    target = result.leading
    known = next(iter(result.yearly.values()))
    by: over_time.By = "quarter" if target.period == quarter(target.period.first) or not known else "year"
    if result.target_apart and target.period != quarter(target.period.first):
        yield _picture(result, over_time.target_fan(result), words.FAN)
        yield _target_table(result)
    yield _picture(result, over_time.fan(result, target.measure, by), words.FAN)
    if not result.decided:
        yield _picture(result, futures.futures(result), words.FUTURES)
    yield _bands_table(result)
    yield words.BANDS
    if lower := dip(result):
        yield lower
    coming = report.quarter_sentence(result)
    if coming:
        yield f"The next quarter: {coming}"
    if result.milestones:
        yield _milestones_table(result)


def _target_table(result: Result) -> Table:
    """The bands of what the leading target is about, by period."""
    quantity = result.leading.quantity
    factor = quantity.factor
    columns = (Column("Period", width=12), *(Column(_level(p), "money", 8) for p in LEVELS.values()))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (period, *(factor * amount for amount in bands.values())) for period, bands in result.quantity.items()
    )
    caption = f"{quantity.title}, {quantity_title(result, quantity)}"
    return Table("target", caption, columns, rows)


def _bands_table(result: Result) -> Table:
    levels = [Column(_level(probability), "money", 8) for probability in LEVELS.values()]
    columns = (Column("Measure", width=10), Column("Period", width=9), *levels, Column("Basis", width=16))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (measure, period, *bands.values(), result.provenance(measure, result.scenario.period(period)))
        for measure, by_period in _totals(result).items()
        for period, bands in by_period.items()
    )
    return Table("years", f"Totals with their bands, {axis_title(result)}", columns, rows, grouped=True)


def _totals(result: Result) -> dict[str, dict[str, Bands]]:
    """Bands by measure and period: of every target's measure its years and its period, then the rest."""
    years = next(iter(result.yearly.values()))
    totals: dict[str, dict[str, Bands]] = {}
    for target in (target for target in result.targets if target.kind is Kind.AMOUNT):
        known = result.yearly.get(target.measure, {})
        by_period = totals.setdefault(target.measure, {})
        for period in (*years, str(target.period)):
            if period not in by_period:
                bands = known.get(period) or result.bands(target.measure, result.scenario.period(period))
                by_period[period] = bands
    others = {measure: dict(bands) for measure, bands in result.yearly.items() if measure not in totals}
    return totals | others


def _level(probability: float) -> str:
    return "median" if probability == 0.5 else f"{100 * probability:.0f}\u00a0%"


def _milestones_table(result: Result) -> Table:
    heads = (
        Column("Quarter", width=10),
        Column("All futures", "money", 8),
        Column("Those that reach the target", "money", 14),
    )
    caption = f"Milestones: the median of {result.leading.measure} on the way, {axis_title(result)}"
    return Table("milestones", caption, heads, result.milestones)


# Trade by partner


def _partners(result: Result) -> Iterator[Block]:
    trade = by_partner(result, most=MOST)
    drawing = partners.by_partners(result, trade)
    if drawing is None or trade is None:
        return
    yield _picture(result, drawing, partner_words.reading(trade))
    yield _partners_table(result, trade)
    if summary := partner_words.summary(result, trade):
        yield summary


def _partners_table(result: Result, trade: ByPartner) -> Table:
    """Each partner's base, bands, what it adds on average and its part of the growth; no base, no growth."""
    columns = (
        Column("Partner", width=24),
        Column(str(trade.base), "money", 12),
        *(Column(_level(LEVELS[end]), "money", 8) for end in PARTNER_BANDS),
        Column("Adds on average", "change", 10),
        Column(partner_words.headed_growth(trade), "part", 12),
    )
    rows = (
        (row.name, row.base, *(row.bands[end] for end in PARTNER_BANDS), row.added, trade.part(row))
        for row in trade.rows
    )
    caption = f"{partner_words.title(result, trade)}, {trade.quantity.period}, {axis_title(result)}"
    if trade.base is not None:
        return Table("partners", caption, columns, tuple(rows))
    ahead = (0, *range(2, 2 + len(PARTNER_BANDS)))
    bare = tuple(tuple(row[place] for place in ahead) for row in rows)
    return Table("partners", caption, tuple(columns[place] for place in ahead), bare)


# What the measures add


def _measures(result: Result) -> Iterator[Block]:
    drivers = report.levers_table(result)
    if not drivers:
        return
    if not result.decided and any(row["enabled"] for row in drivers):
        drawing = answer.waterfall(result)
        yield _picture(result, drawing, words.WATERFALL) if drawing.rows else words.nothing_added(result)
    columns = (
        Column("Lever or risk", width=34),
        Column("Kind", width=20),
        *(Column(f"{head}, {effect_title(result)}", "change", 15) for head in report.ADDS),
        Column("Percentage points", "points", 12),
    )
    yield Table("measures", report.losses(result), columns, _driver_rows(result))
    if result.scenario.levers:
        yield words.bare_sentence(result)


def _driver_rows(result: Result) -> tuple[tuple[Cell, ...], ...]:
    factor = result.scenario.goals[0].quantity.factor
    return tuple(_driver(row, factor) for row in report.levers_table(result))


def _driver(row: Row, factor: float) -> tuple[Cell, ...]:
    """A lever or risk with what it adds; of one that is off, its name and kind alone."""
    kind = spaced(row["kind"])
    if not row["enabled"]:
        return row["name"], f"{kind}, off", None, None, None
    effects = factor * row["median_effect"], factor * row["mean_effect"]
    return row["name"], kind, *effects, row["probability_points"]


# The range of alternatives


def _range(result: Result) -> Iterator[Block]:
    span = result.probability_range
    if len(span.sources) == 1:
        yield words.NO_RANGE
    elif result.decided and span.low == span.high:
        yield words.DECIDED
    else:
        yield _picture(result, answer.alternatives(result), words.ALTERNATIVES)
        yield _alternatives_table(result)
        yield words.RANGE


def _alternatives_table(result: Result) -> Table:
    form: Form = "decided" if result.decided else "probability"
    columns = (
        Column("Setting or reading", width=24),
        Column("What it assumes", width=38),
        Column("Probability", form, 11),
        Column("Points against the answer", "points", 11),
    )
    assumed = _assumed(result)
    rows = tuple(
        (name, assumed.get(name, ""), p, 100 * (p - result.probability) if name != AS_STATED else None)
        for name, p in result.probability_range.sources
    )
    return Table(
        "alternatives", "The probability under each other model setting or reading of the data", columns, rows
    )


def _assumed(result: Result) -> dict[str, str]:
    """What each alternative of the range assumes, by its name."""
    readings = {
        name: f"{counted(len(figures), 'other figure')}, listed under Other readings"
        for name, figures in result.scenario.alternatives.items()
    }
    sets = {parameters["name"]: _parameters(result, parameters) for parameters in CALIBRATED["sets"]}
    return {AS_STATED: "the scenario itself", **sets, **readings}


def _parameters(result: Result, chosen: Mapping[str, float]) -> str:
    """What a calibrated set of parameters has in place of the defaults."""
    changed = {name: value for name, value in chosen.items() if name != "name"}
    return ", ".join(_parameter(result, name, value) for name, value in changed.items())


def _parameter(result: Result, name: str, value: float) -> str:
    mark = In.of(Outlook.model_fields[name].metadata)
    unit = Unit.NUMBER if mark is None else mark.unit
    now, default = (amount(result, number, unit) for number in (value, CALIBRATED["defaults"][name]))
    return f"{title_of(Outlook, name)} {now} in place of {default}"
