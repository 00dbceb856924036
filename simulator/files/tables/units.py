"""Figures of a table in a scenario's currency and unit: the point moves, no digit is lost and none is added."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from simulator.files.tables.choices import Choices, LeftOut, unsettled
from simulator.files.tables.denominations import Denomination, parse, scale_of, shifted
from simulator.files.tables.figures import Figure
from simulator.files.tables.flows import grouped
from simulator.files.tables.grids import Grid
from simulator.files.tables.labels import plain
from simulator.values.wording import show

SINGLE = 100_000  # figures of single dollars are at least so large, in the middle


@dataclass(frozen=True)
class Scale:
    """The currency and unit in which figures are asked for; None: as the table prints them."""

    currency: str | None = None
    unit: str | None = None

    @property
    def exponent(self) -> int | None:
        """The power of ten of its unit."""
        return None if self.unit is None else scale_of(self.unit)


def denominated(
    grid: Grid, figures: list[Figure], scale: Scale, choices: Choices
) -> tuple[list[Figure], list[LeftOut], list[str]]:
    """Figures with their denomination complete, without those in a currency that is not asked for.

    Returns:
        the figures, what is left out, and what was recognised, in words.

    Raises:
        StatisticsError: ``--unit`` cannot be read, or no figure is in the currency.
        Unsettled: nothing says in thousands, millions or billions of what.
    """
    if choices.unit is not None:
        stated = _stated(grid, choices.unit)
        figures = [replace(figure, denomination=stated.over(figure.denomination)) for figure in figures]
    figures, said = _scaled(grid, figures, scale)
    figures, left = _of_currency(grid, figures, scale)
    names = dict.fromkeys(str(figure.denomination) for figure in figures)
    if any(figure.denomination.currency is None for figure in figures):
        said += f" (no currency is named{f': taken as {scale.currency}' if scale.currency else ''})"
    return figures, left, [f"unit: {' and '.join(names)}{said}"]


def _stated(grid: Grid, text: str) -> Denomination:
    """The reader's unit.

    Raises:
        StatisticsError: it names neither scale nor currency.
    """
    denomination, rest = parse(plain(text))
    if denomination == Denomination() or any(letter.isalnum() for letter in rest.replace("of", "")):
        raise grid.error(
            None, None, f"found --unit {show(text)}, expected one such as 'thousand USD' or 'USD'"
        )
    return Denomination(denomination.currency, denomination.exponent or 0)


def _scaled(grid: Grid, figures: list[Figure], scale: Scale) -> tuple[list[Figure], str]:
    """Figures whose scale is known; large ones of which only a currency is named are single units of it.

    Raises:
        Unsettled: it is not known.
    """
    bare = [figure for figure in figures if figure.denomination.exponent is None]
    if not bare:
        return figures, ""
    named = all(figure.denomination.currency for figure in bare)
    if not named or statistics.median(abs(figure.value) for figure in bare) < SINGLE:
        currency = bare[0].denomination.currency or scale.currency or "USD"
        words = [f'--unit "{name} {currency}"' for name in ("thousand", "million", "billion")]
        fact = bare[0].fact
        message = f"found {show(fact.cell.text)}, and neither thousand nor million nor billion in heading or caption"
        raise unsettled(grid, fact.place, message, [*words, f"--unit {currency}"])
    single = [
        replace(figure, denomination=Denomination(figure.denomination.currency, 0))
        if figure.denomination.exponent is None
        else figure
        for figure in figures
    ]
    return single, " (single ones: no thousand or million is named, and the figures are large)"


def _of_currency(grid: Grid, figures: list[Figure], scale: Scale) -> tuple[list[Figure], list[LeftOut]]:
    """The figures in the currency that is asked for, or in none that is named.

    Raises:
        StatisticsError: all are in others.
    """
    currencies = {figure.denomination.currency for figure in figures} - {None}
    wanted = (
        scale.currency if scale.currency is not None or len(currencies) < 2 else _most_used(grid, figures)
    )
    if wanted is None:
        return figures, []
    kept = [figure for figure in figures if figure.denomination.currency in (wanted, None)]
    if figures and not kept:
        first = figures[0].fact
        named = ", ".join(sorted(currency for currency in currencies if currency))
        message = f"found figures in {named}, expected {wanted}; take the table in {wanted}, or state --unit if they are"
        raise grid.error(first.row, first.column, message)
    taken = {id(figure) for figure in kept}
    rest = [
        (figure.fact, f"in {figure.denomination.currency}") for figure in figures if id(figure) not in taken
    ]
    return kept, grouped(rest)


def _most_used(grid: Grid, figures: Sequence[Figure]) -> str:
    """Without a scenario nothing says which currency of several is meant.

    Raises:
        Unsettled: always.
    """
    names = dict.fromkeys(str(figure.denomination) for figure in figures)
    message = "found figures in several currencies, expected one"
    raise unsettled(
        grid, figures[0].fact.place, message, [f"--currency {name.split()[-1]}" for name in names]
    )


def in_unit(figure: Figure, scale: Scale) -> tuple[Decimal, Decimal | None]:
    """A figure's value in the unit asked for, and its error where the digits alone would tell too much.

    7.20 billion is 7200 million, known to 5 million.
    """
    places = 0
    if scale.exponent is not None and figure.denomination.exponent is not None:
        places = figure.denomination.exponent - scale.exponent
    value = shifted(figure.value, places)
    exponent = int(value.as_tuple().exponent)
    if exponent <= 0:
        return value, None
    half = Decimal(5).scaleb(exponent - 1)
    return Decimal(int(value)), Decimal(int(half)) if half == int(half) else half


def common(figures: Iterable[Figure]) -> Denomination:
    """The denomination that all figures share; a part that differs is None."""
    items = [figure.denomination for figure in figures]
    currencies, exponents = {item.currency for item in items}, {item.exponent for item in items}
    return Denomination(
        currencies.pop() if len(currencies) == 1 else None, exponents.pop() if len(exponents) == 1 else None
    )
