"""Every pair of countries that a table names, each with its facts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from simulator.files.tables import labels
from simulator.files.tables.choices import Choices, same
from simulator.files.tables.facts import COLUMNS, SECTIONS, Fact, dimensions_of
from simulator.files.tables.reporters import (
    PARTNER,
    REPORTER,
    countries_in,
    first_name,
    fits,
    pair_names,
)
from simulator.files.tables.sides import ROWS

USUAL = (PARTNER, ROWS, SECTIONS, COLUMNS)  # where partners are named, the likeliest first
Key = TypeVar("Key", bound=Hashable)


def pairs_in(facts: list[Fact], choices: Choices) -> Iterator[tuple[str, list[Fact], Choices]]:
    """Every pair that a table names, with its facts and the choices that ask for it.

    Without names of countries it is what tells apart figures of the same flow and time, such as a column of
    names; without that, one pair without a name. Totals of countries are none.
    """
    if choices.partner is not None:
        yield choices.partner, facts, choices
        return
    dimensions = countries_in(facts, None)
    if REPORTER in dimensions and PARTNER in dimensions:
        yield from _reported(facts, choices)
    else:
        yield from _named(facts, dimensions, choices)


def _reported(facts: list[Fact], choices: Choices) -> Iterator[tuple[str, list[Fact], Choices]]:
    """The pairs of reporter and partner that fit what is asked for."""
    for (home, partner), part in _grouped(facts, pair_names):
        if fits((home, partner), choices) and not labels.parse(partner).total:
            yield f"{home} with {partner}", part, replace(choices, home=home, partner=partner)


def _named(
    facts: list[Fact], dimensions: Sequence[str], choices: Choices
) -> Iterator[tuple[str, list[Fact], Choices]]:
    """What one dimension names; all facts together where none does."""
    usual = sorted(dimensions, key=lambda name: USUAL.index(name) if name in USUAL else len(USUAL))
    dimension = usual[0] if usual else _telling_apart(facts)
    if dimension is None:
        yield choices.home or "", facts, choices
        return
    for name, part in _grouped(facts, partial(first_name, dimension=dimension)):
        if not labels.parse(name).total and not same(name, choices.home):
            yield name, part, replace(choices, partner=name) if dimensions else choices


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], Key]) -> list[tuple[Key, list[Fact]]]:
    """Facts by what names them, in the order of the table; those without a name are left out."""
    groups: dict[Key, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return [(name, part) for name, part in groups.items() if name]


def _telling_apart(facts: Sequence[Fact]) -> str | None:
    """The dimension whose names tell apart facts of one flow and time; None where there are none such."""

    def different(*dimensions: str) -> bool:
        keys = {
            (fact.label.flow, str(fact.label.moment), *(fact.names.get(name) for name in dimensions))
            for fact in facts
        }
        return len(keys) == len(facts)

    return None if different() else next((name for name in dimensions_of(facts) if different(name)), None)
