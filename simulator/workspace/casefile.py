"""The file of a new case: laid out so that a person can read on, a comment above each of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.files.editing import edited
from simulator.files.tables.denominations import scale_of
from simulator.scenario.series import STEPS
from simulator.values.periods import Period, fiscal_years
from simulator.workspace import cells, grid
from simulator.workspace.form import NAME, Form, Goal

LARGE_PAIR = 1e9  # dollars a year from which a pair is a large one
HEAD = "# Made on the page “Make a case”. What every field means: python -m simulator new\n"
DRIVERS = {"levers": "The measures", "risks": "Named events beyond the usual risk"}


def written(form: Form, listed: Sequence[Mapping[str, Any]]) -> str:
    """The file, with a comment above each of its parts."""
    money = f"{form.unit} {form.currency.upper()}"
    goals = [_goal(form, goal) for goal in form.goals]
    parts = [
        HEAD + "\n".join(_top(form)),
        "# What is to be reached.\n" + _laid_out("target", goals[0] if len(goals) == 1 else goals),
        "\n".join([f"# The published figures, in {money}.", "observations:", *grid.lines(listed)]) + "\n",
    ]
    if form.alternatives:
        parts.append("# Other readings of the data.\n" + _laid_out("alternatives", form.alternatives))
    if kind := _flow(form, listed):
        parts.append(
            f"# How rough trade of this kind is, until its figures tell.\noutlook:\n  flow: {kind}\n"
        )
    parts += _drivers(form)
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _drivers(form: Form) -> Iterator[str]:
    """The parts of the levers and of the risks, where there are any."""
    for section, words in DRIVERS.items():
        members = {
            key.partition(".")[2]: value for key, value in form.drivers.items() if key.startswith(section)
        }
        if members:
            marked = "; a value whose source names no study is our assumption"
            yield f"# {words}{marked}.\n" + _laid_out(section, members)


def _top(form: Form) -> Iterator[str]:
    fields: dict[str, Any] = {
        "title": form.headline,
        "as_of": cells.day(form.as_of),
        "home": form.home.strip(),
    }
    if not form.nation:
        fields["partner"] = form.partner.strip()
    fields |= {"currency": form.currency.strip().upper(), "unit": form.unit}
    if form.fiscal_year_starts:
        fields["fiscal_year_starts"] = form.fiscal_year_starts
    yield from (f"{name}: {grid.scalar(value)}" for name, value in fields.items())


def _laid_out(name: str, value: Any) -> str:
    """A part of the file: a mapping a field a line, mappings of mappings below one another."""
    if not isinstance(value, dict):
        return edited("title: x\n", {name: value}, NAME).partition("\n")[2]
    return "\n".join([f"{name}:", *(f"  {line}" for line in _fields(value))]) + "\n"


def _fields(fields: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a mapping; drivers, their sources and other readings each on lines of their own."""
    for name, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from (f"{name}:", *grid.lines(value))
        elif isinstance(value, dict) and (name == "sources" or "kind" in value):
            yield f"{name}:"
            yield from (f"  {line}" for line in _fields(value))
        else:
            yield f"{name}: {grid.scalar(value)}"


def _flow(form: Form, listed: Sequence[Mapping[str, Any]]) -> str:
    """The kind of trade, where it is not that of the usual pair."""
    if form.nation:
        return "national"
    exponent = scale_of(form.unit)
    if form.currency.strip().upper() != "USD" or exponent is None:
        return ""
    with fiscal_years(form.fiscal_year_starts or 1):
        sizes = {fields["measure"]: _yearly(fields) for fields in listed}
    both = sizes.get("turnover") or sizes.get("exports", 0.0) + sizes.get("imports", 0.0)
    return "large-pair" if both * 10.0**exponent >= LARGE_PAIR else ""


def _yearly(fields: Mapping[str, Any]) -> float:
    """What a figure, or a series on average, comes to in a year."""
    numbers = [float(value) for value in fields.get("values", [fields.get("value")]) if _plain(value)]
    every = STEPS.get(str(fields.get("every")))
    months = every or Period.parse(fields["period"]).months
    return 12 * sum(numbers) / (months * max(len(numbers), 1))


def _plain(value: object) -> bool:
    """Whether an amount is in the currency of the case."""
    return value is not None and not isinstance(value, str)


def number(goal: Goal, text: str) -> Any:
    """What a target asks for, as a file states it.

    Raises:
        ValueError: it is no amount, or no percent.
    """
    return cells.amount(text) if goal.side in ("at_least", "at_most") else cells.growth(text)


def period(form: Form, text: str) -> str | int:
    """A period as a file states it.

    Raises:
        ValueError: it is none.
    """
    with fiscal_years(form.fiscal_year_starts or 1):
        return cells.stated(cells.period(text))


def _goal(form: Form, goal: Goal) -> dict[str, Any]:
    """A target as a file states it."""
    fields: dict[str, Any] = {"measure": goal.measure}
    if goal.side.startswith("share"):
        fields["of"] = goal.of
    fields["period"] = period(form, goal.period)
    if goal.side.startswith("growth") and goal.since.strip():
        fields["since"] = period(form, goal.since)
    fields[goal.side] = number(goal, goal.number)
    return fields | ({"resolved_by": goal.resolved_by.strip()} if goal.resolved_by.strip() else {})
