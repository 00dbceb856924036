"""What a file states -> what a cell holds, with the format under which Excel shows it."""

from __future__ import annotations

from decimal import Decimal

from simulator.files.tables.formats import STORED
from simulator.files.workbook.form import FLAGS, UNSTATED, Entry, Kind
from simulator.values.notation import flow
from simulator.values.units import DECIMAL, Unit, is_number

TEXT, GENERAL, SHARE = "@", "General", "0.0##%"
LONGEST = 32_000  # letters of a text that a cell takes


def cell_value(entry: Entry) -> float | str | None:
    """What the cell of an entry holds: a number as a number, a percent as a fraction, all else as text."""
    shown = entry.shown
    if entry.kind is Kind.CHOICE:
        return word(shown)
    if shown is None:
        return None
    if entry.kind in (Kind.NUMBER, Kind.FIGURE) and (number := fraction(shown)) is not None:
        return float(number)
    return shown if isinstance(shown, str) else flow(shown)


def word(choice: object) -> str:
    """What a switch is called in a cell."""
    return FLAGS[choice] if isinstance(choice, bool) else UNSTATED if choice is None else str(choice)


def fraction(raw: object) -> Decimal | None:
    """A number as a cell holds it, of a percent the hundredth part; None where it is no number."""
    if isinstance(raw, str) and raw.strip().endswith("%") and DECIMAL.fullmatch(raw.strip().rstrip("% ")):
        return Decimal(raw.strip().rstrip("% ")) / 100
    return Decimal(str(raw)) if is_number(raw) else None


def number_format(entry: Entry) -> str:
    """The format of an entry's cell: a figure as it was printed, other numbers with the digits they have."""
    if entry.kind is Kind.FIGURE:
        return _printed(entry)
    if entry.kind is not Kind.NUMBER or entry.unit is Unit.MONTH:
        return TEXT
    return SHARE if entry.unit.of_hundred else GENERAL


def _printed(entry: Entry) -> str:
    if fraction(entry.raw) is None:
        return SHARE if entry.printed == "percent" else GENERAL
    text = str(entry.raw).strip()
    decimals = len(text.rstrip("% ").partition(".")[2])
    places = f".{'0' * decimals}" if decimals else ""
    return f"0{places}%" if text.endswith("%") else f"#,##0{places}"


def same_number(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers are one in a workbook, which keeps so many digits."""
    return f"{float(one):.{STORED}g}" == f"{float(other):.{STORED}g}"
