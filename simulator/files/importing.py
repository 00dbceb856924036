"""Tables of statistics -> observations of a scenario, with what was recognised and what was left out."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulator.errors import Fault, StatisticsError, one_line, refusing
from simulator.files.editing import edited
from simulator.files.places import content_of
from simulator.files.tables.choices import Choices, LeftOut
from simulator.files.tables.collecting import put_off
from simulator.files.tables.figures import Figure, measures_of
from simulator.files.tables.labels import EXPORTS, IMPORTS
from simulator.files.tables.opening import opened
from simulator.files.tables.reading import Read, Report, read
from simulator.files.tables.units import Scale, common, in_unit
from simulator.scenario import Observation, Scenario
from simulator.values.countries import english
from simulator.values.limits import TABLE_BYTES
from simulator.values.numerals import counted
from simulator.values.periods import Period
from simulator.values.units import POWERS
from simulator.values.wording import show

LONGEST_NAME = 200  # letters of the name of a file, as a source states it
_BASIS = {EXPORTS: "FOB", IMPORTS: "CIF"}  # how a reporter usually values what it sends and receives
_MIRROR = {EXPORTS: IMPORTS, IMPORTS: EXPORTS}
_SCALES = {0: "units"} | {power: name for name, power in POWERS.items()}


@dataclass(frozen=True)
class Statistics:
    """The figures of a table.

    Attributes:
        file: its name.
        sha256: of its bytes.
        observations: its figures as a scenario takes them, exports first, then by period.
        alternatives: other readings by name, such as the partner's report of the same flows.
        currency: of the figures; None where nothing says.
        unit: of the figures, such as million; None where nothing says.
        recognised: how the table was read, in words.
        left_out: cells that are not taken, and why.
        remarks: what to look at.
        ours: whether the table says that its figures are of this pair.
    """

    file: str
    sha256: str
    observations: tuple[Observation, ...]
    alternatives: Mapping[str, tuple[Observation, ...]]
    currency: str | None
    unit: str | None
    recognised: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[str, ...]
    ours: bool = True

    def to_dict(self) -> dict[str, Any]:
        """For a machine: everything that it holds; of each amount its number, and its digits as printed."""
        others = {name: list(map(_for_machine, items)) for name, items in self.alternatives.items()}
        return {
            "file": self.file,
            "sha256": self.sha256,
            "currency": self.currency,
            "unit": self.unit,
            "recognised": list(self.recognised),
            "observations": list(map(_for_machine, self.observations)),
            "alternatives": others,
            "left_out": [vars(part) for part in self.left_out],
            "remarks": list(self.remarks),
        }

    def text(self) -> str:
        """Its figures as lines of a scenario file."""
        fields: dict[str, Any] = {"currency": self.currency, "unit": self.unit}
        fields |= {"observations": [entry(item) for item in self.observations] or None}
        fields |= {"alternatives": {k: [entry(o) for o in v] for k, v in self.alternatives.items()} or None}
        body = edited("title: x\n", {key: value for key, value in fields.items() if value}, self.file)
        return body.partition("\n")[2]


@refusing
def read_statistics(path: str | Path, scenario: Scenario | None = None, **options: Any) -> Statistics:
    """Read the figures of a table: CSV, TSV, an Excel workbook, SDMX-CSV or a download of UN Comtrade.

    Args:
        path: the file.
        scenario: whose pair, currency and unit the figures are to have; left out, they stay as printed.
        **options: what settles a table that can be read in more than one way; see ``Choices``.

    Raises:
        StatisticsError: what is wrong, with row and column.
        Unsettled: the table can be read in more than one way; ``choices`` lists the options.
    """
    file = Path(path)
    if scenario is not None:
        options = {"home": scenario.home, "partner": scenario.partner} | options
    scale = Scale(scenario.currency.upper(), scenario.unit) if scenario else Scale(options.get("currency"))
    statistics = read_table(content(file), file.name, Choices.of(**options), scale)
    return replace(statistics, remarks=(*statistics.remarks, *_sizes(statistics.observations)))


def _sizes(observations: Sequence[Observation]) -> Iterator[str]:
    """What is odd about the size of figures, for which no scenario is looked at with them."""
    from simulator.scenario.slips import far_apart

    for measure in dict.fromkeys(observation.measure for observation in observations):
        alike = [observation for observation in observations if observation.measure == measure]
        yield from (f"{what}: is one of them in another unit?" for _, what in far_apart(alike))


def content(file: Path) -> bytes:
    """The bytes of a table, at most one more than is allowed.

    Raises:
        StatisticsError: the file cannot be read.
    """
    try:
        return content_of(file, TABLE_BYTES.most)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        message = f"found no file that can be read ({reason}), expected a table"
        raise StatisticsError([Fault(str(file), None, "", message)]) from None


@put_off()
def read_table(data: bytes, name: str, choices: Choices, scale: Scale) -> Statistics:
    """Read the figures of a table's bytes, in a currency and unit; see ``read_statistics``."""
    name = one_line(name, LONGEST_NAME)
    if scale.unit is not None and scale.exponent is None:
        message = f"found the scenario's unit {show(scale.unit)}, expected thousand, million or billion"
        raise StatisticsError([Fault(name, None, "", message)])
    stored = choices.digits == "stored"
    grid = opened(
        data,
        name,
        sheet=choices.sheet,
        encoding=choices.encoding,
        delimiter=choices.delimiter,
        stored=stored,
    )
    table = read(grid, choices, scale)
    scale = _settled(table, scale)
    sha256 = hashlib.sha256(data).hexdigest()
    source = _Source(choices, grid.label, sha256, table)
    reported = _observations(table.reported, scale, source)
    mirrored = _observations(table.mirrored, scale, source, reporter=table.pair.partner or "the partner")
    observations, alternatives = _placed(table, reported, mirrored, choices)
    return Statistics(
        name,
        sha256,
        observations,
        alternatives,
        scale.currency,
        scale.unit,
        (*table.report.recognised, *_counts(table)),
        tuple(table.report.left_out),
        tuple(table.report.remarks),
        table.pair.ours,
    )


def _for_machine(observation: Observation) -> dict[str, Any]:
    """An observation in JSON, whose numbers do not keep their last zeros."""
    fields = entry(observation)
    numbers = {key: float(value) for key, value in fields.items() if isinstance(value, Decimal)}
    return fields | numbers | {"period": str(observation.period), "printed": str(fields["value"])}


def entry(observation: Observation) -> dict[str, Any]:
    """An observation as a file states it."""
    fields: dict[str, Any] = {"measure": observation.measure, "period": str(observation.period)}
    if observation.period.is_year:
        fields["period"] = int(fields["period"])
    for key in ("value", "growth", "error", "published", "source"):
        fields[key] = _stated(getattr(observation, key))
    return {key: value for key, value in fields.items() if value is not None}


def _stated(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    digits = getattr(value, "digits", None)
    return str(value) if digits is None or value.percent else digits


# The unit


def _settled(table: Read, scale: Scale) -> Scale:
    """The unit in which figures are written: the one asked for, or that in which most are printed."""
    figures = [*table.reported, *table.mirrored]
    denomination = common(figures)
    exponents = [figure.denomination.exponent or 0 for figure in figures]
    exponent = max(exponents, key=exponents.count)
    return Scale(scale.currency or denomination.currency, scale.unit or _SCALES.get(exponent, "units"))


# Observations


@dataclass(frozen=True)
class _Source:
    """What is written as the source of figures."""

    choices: Choices
    label: str
    sha256: str
    table: Read

    def of(self, figure: Figure, reporter: str | None) -> str:
        """The source of one figure; of a mirrored one whose report it is, and how it is usually valued."""
        parts = [self.choices.source or self.label]
        if reporter is not None:
            theirs = _MIRROR.get(figure.measure, "")
            basis = f" of its {theirs}, usually {_BASIS[theirs]}" if theirs else ""
            parts.append(f"{reporter}'s report{basis}")
        parts += figure.statuses
        return f"{', '.join(parts)} (SHA-256 {self.sha256})"


def _observations(
    figures: Sequence[Figure], scale: Scale, source: _Source, reporter: str | None = None
) -> tuple[Observation, ...]:
    """Figures as a scenario takes them, in its unit."""
    order = measures_of(figures)
    ordered = sorted(figures, key=lambda figure: (order.index(figure.measure), figure.period))
    return tuple(_observation(figure, scale, source, reporter) for figure in ordered)


def _observation(figure: Figure, scale: Scale, source: _Source, reporter: str | None) -> Observation:
    value, error = in_unit(figure, scale)
    fields: dict[str, Any] = {
        "measure": figure.measure,
        "period": figure.period,
        "value": _plain(value),
        "published": source.choices.published,
        "source": source.of(figure, reporter),
    }
    return Observation.model_validate(fields | ({"error": _plain(error)} if error is not None else {}))


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == int(number) and int(number.as_tuple().exponent) >= 0 else number


def _placed(
    table: Read, reported: tuple[Observation, ...], mirrored: tuple[Observation, ...], choices: Choices
) -> tuple[tuple[Observation, ...], dict[str, tuple[Observation, ...]]]:
    """The observations and the alternatives that a table's figures become."""
    if choices.alternative is not None:
        return (), {choices.alternative: reported or mirrored}
    if choices.mirror == "observations":
        return mirrored, {}
    if not mirrored:
        return reported, {}
    name = _identifier(table.pair.partner or "partner")
    if not reported:
        _only_mirrored(table.report, name, table.pair.partner or "the partner")
    return reported, {name: mirrored}


def _only_mirrored(report: Report, name: str, partner: str) -> None:
    report.remarks.append(
        f"only statistics of {partner} are there: they become the alternative {name}; "
        "--mirror observations makes them the figures"
    )


def _identifier(partner: str) -> str:
    """The name of the alternative that holds a partner's statistics."""
    name = re.sub(r"[^a-z0-9]+", "-", english(partner).lower()).strip("-")[:28].strip("-")
    return f"{name if name[:1].isalpha() else 'partner'}-statistics"


def _counts(table: Read) -> list[str]:
    """How many figures of which measure, over which time."""
    mirrored = f" ({table.pair.partner}'s report)"
    return [*_counts_of(table.reported, ""), *_counts_of(table.mirrored, mirrored)]


def _counts_of(figures: Sequence[Figure], reporter: str) -> list[str]:
    """The same of one side's figures."""
    lines = []
    for measure in measures_of(figures):
        chosen = sorted((figure for figure in figures if figure.measure == measure), key=_period)
        heads = {figure.fact.head for figure in chosen}
        named = f", {show(heads.pop())}" if len(heads) == 1 and heads != {""} else ""
        first, last = chosen[0].period, chosen[-1].period
        span = f"{first} to {last}" if first != last else str(first)
        lines.append(f"{measure}{reporter}: {counted(len(chosen), 'figure')}, {span}{named}")
    return lines


def _period(figure: Figure) -> Period:
    return figure.period
