"""The sheets of a scenario's workbook, made of the text of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.files.editing import standalone
from simulator.files.loading import load_text
from simulator.files.strict_yaml import parse
from simulator.files.workbook import assumptions, figures
from simulator.files.workbook.assumptions import assumption_rows
from simulator.files.workbook.figures import figure_rows, observation_row
from simulator.files.workbook.form import (
    ABOUT,
    FIGURES,
    MEASURES,
    OUTLOOK,
    PATH,
    RISKS,
    TARGETS,
    Book,
    Column,
    Entry,
    Kind,
    Row,
    Sheet,
)
from simulator.scenario import Scenario
from simulator.values.address import Address
from simulator.values.fields import title_of
from simulator.values.wording import capital

SECTIONS = {
    TARGETS: ("target",),
    MEASURES: ("levers",),
    RISKS: ("risks",),
    OUTLOOK: ("outlook", "rates", "streams", "shocks"),
}
ABOUT_COLUMNS = (
    Column("About", 24),
    Column("Value", 70),
    Column("What it means", 60),
    Column(PATH, 24, "By this a row is known again: leave it as it is."),
)
ABOUT_GUIDE = (
    "The assumptions of a scenario, to be changed here and read back into its file.",
    "Yellow cells may be changed, all others are locked (Review, Unprotect Sheet: there is no password). "
    "A number may be a formula, once Excel has worked it out and saved it.",
    "What is not changed here stays in the file as it is, with its comments.",
)
WORDS = {"title": Kind.TEXT, "description": Kind.TEXT, "author": Kind.TEXT, "as_of": Kind.DATE}
FIXED = ("home", "partner", "currency", "unit", "usd_rate", "fiscal_year_starts")
NEW = Address.of("")  # where the fields of a new figure stand, before it has a place


def book_of(text: str | bytes, name: str, file: Path | None = None) -> Book:
    """The workbook of a scenario, merged with what it extends.

    Args:
        text: the scenario.
        name: its name in messages.
        file: where it stands, for ``extends``.

    Raises:
        ScenarioError: with every fault of the file.
    """
    alone = standalone(text, name, file)
    scenario = load_text(alone, name).scenario
    plain: dict[str, Any] = parse(alone, name)[0].plain()
    return Book(alone, plain, scenario, tuple(_sheets(scenario, plain)))


def _sheets(scenario: Scenario, plain: Mapping[str, Any]) -> Iterator[Sheet]:
    yield Sheet(ABOUT, ABOUT_COLUMNS, tuple(_about(scenario, plain)), ABOUT_GUIDE)
    yield _of_assumptions(TARGETS, scenario, plain, SECTIONS[TARGETS])
    rows = tuple(figure_rows(scenario, plain))
    unit = f"Amounts in {scenario.unit} {scenario.currency}. "
    guide = [unit + figures.GUIDE[0], *figures.GUIDE[1:]]
    yield Sheet(FIGURES, figures.COLUMNS, rows, guide, observation_row({}, NEW, ""))
    for name in (MEASURES, RISKS, OUTLOOK):
        yield _of_assumptions(name, scenario, plain, SECTIONS[name])


def _of_assumptions(
    name: str, scenario: Scenario, plain: Mapping[str, Any], sections: Sequence[str]
) -> Sheet:
    rows = tuple(assumption_rows(scenario, plain, sections))
    return Sheet(name, assumptions.COLUMNS, rows, assumptions.GUIDE)


def _about(scenario: Scenario, plain: Mapping[str, Any]) -> Iterator[Row]:
    """What the scenario is about; what every amount is counted in may not be changed here."""
    for field in (*WORDS, *FIXED, "notes"):
        known = type(scenario).model_fields[field]
        address, raw = Address.of(field), plain.get(field)
        default = None if known.is_required() or known.default is None else str(known.default)
        entry = Entry(WORDS.get(field, Kind.TEXT), address, raw, default, fixed=field in FIXED)
        words = {
            "About": capital(title_of(type(scenario), field)),
            "What it means": capital(known.description or ""),
        }
        yield Row(field, words, {"Value": entry})
