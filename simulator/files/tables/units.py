"""Figures of a table in a scenario's currency and unit: the point moves, no digit is lost, none is added."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from simulator.files.tables.choices import Choices, LeftOut, unsettled
from simulator.files.tables.denominations import UNSTATED, Denomination, parse, scale_of, shifted
from simulator.files.tables.facts import without
from simulator.files.tables.figures import Figure
from simulator.files.tables.flows import grouped
from simulator.files.tables.grids import Grid
from simulator.files.tables.labels import plain
from simulator.values.wording import show

_NO_SCALE = "neither thousand nor million nor billion in heading or caption"
_SEVERAL = "several units in a heading or caption, expected to know which is its own"
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
) -> tuple[list[Figure], list[LeftOut], str]:
    """Figures with their denomination complete, without those in a currency that is not asked for.

    Returns:
        the figures, what is left out, and the unit that was recognised, in words.

    Raises:
        StatisticsError: ``--unit`` cannot be read, or no figure is in the currency.
        Unsettled: nothing says in thousands, millions or billions of what.
    """
    stated = _stated(grid, choices.unit)
    figures = [replace(figure, denomination=stated.over(figure.denomination)) for figure in figures]
    single = [figure for figure in figures if figure.denomination.exponent is None]
    _check_single(grid, single, scale)
    figures = [_single(figure) for figure in figures]
    figures, left = _of_currency(grid, figures, scale)
    names = dict.fromkeys(str(figure.denomination) for figure in figures)
    unnamed = any(figure.denomination.currency is None for figure in figures)
    recognised = f"unit: {' and '.join(names)}"
    recognised += " (single ones: no thousand or million is named, and the figures are large)" * bool(single)
    taken = f": taken as {scale.currency}" if scale.currency else ""
    return figures, left, recognised + f" (no currency is named{taken})" * unnamed


def _stated(grid: Grid, text: str | None) -> Denomination:
    """The reader's unit.

    Raises:
        StatisticsError: it names neither scale nor currency.
    """
    if text is None:
        return UNSTATED
    denomination, rest = parse(plain(text))
    if denomination == UNSTATED or re.sub(r"\bof\b|\W", "", rest):
        message = f"found --unit {show(text)}, expected one such as 'thousand USD' or 'USD'"
        raise grid.error(None, None, message)
    return Denomination(denomination.currency, denomination.exponent or 0)


def _single(figure: Figure) -> Figure:
    """A figure of whose unit only a currency is named, as one in single units of it."""
    if figure.denomination.exponent is not None:
        return figure
    return replace(figure, denomination=Denomination(figure.denomination.currency, 0))


def _check_single(grid: Grid, bare: Sequence[Figure], scale: Scale) -> None:
    """Ask for the scale of figures that are too small to be single units of a currency, or name none.

    Raises:
        Unsettled: it is not known.
    """
    unclear = [figure for figure in bare if figure.denomination.several]
    if not unclear and (not bare or _are_single(bare)):
        return
    raise _which_unit(grid, unclear or bare, scale, _SEVERAL if unclear else _NO_SCALE)


def _which_unit(grid: Grid, figures: Sequence[Figure], scale: Scale, reason: str) -> Exception:
    """The question in which unit some figures are."""
    currency, fact = figures[0].denomination.currency or scale.currency or "USD", figures[0].fact
    words = [f'--unit "{name} {currency}"' for name in ("thousand", "million", "billion")]
    return unsettled(
        grid, fact.place, f"found {show(fact.cell.text)}, and {reason}", [*words, f"--unit {currency}"]
    )


def _are_single(bare: Sequence[Figure]) -> bool:
    """Whether figures of which no scale is named are so large that they are in single units of a currency."""
    named = all(figure.denomination.currency for figure in bare)
    return named and statistics.median(figure.value for figure in bare) >= SINGLE


def _of_currency(grid: Grid, figures: list[Figure], scale: Scale) -> tuple[list[Figure], list[LeftOut]]:
    """The figures in the currency that is asked for, or in none that is named.

    Raises:
        StatisticsError: all are in others.
        Unsettled: none is asked for, and there are several.
    """
    currencies = _currencies(figures)
    if scale.currency is None:
        _check_one(grid, figures, currencies)
        return figures, []
    kept = [figure for figure in figures if figure.denomination.currency in (scale.currency, None)]
    if figures and not kept:
        first = figures[0].fact
        advice = f"take the table in {scale.currency}, or state --unit if they are"
        message = f"found figures in {', '.join(currencies)}, expected {scale.currency}; {advice}"
        raise grid.error(first.row, first.column, message)
    foreign = without((figure.fact for figure in figures), (figure.fact for figure in kept))
    return kept, grouped([(fact, f"in {fact.denomination.currency}") for fact in foreign])


def _currencies(figures: Iterable[Figure]) -> list[str]:
    """The currencies that figures name."""
    return sorted({str(figure.denomination.currency) for figure in figures} - {"None"})


def _check_one(grid: Grid, figures: Sequence[Figure], currencies: Sequence[str]) -> None:
    """Ask for the currency where none is asked for.

    Raises:
        Unsettled: there are several.
    """
    if len(currencies) > 1:
        words = [f"--currency {currency}" for currency in currencies]
        message = "found figures in several currencies, expected one"
        raise unsettled(grid, figures[0].fact.place, message, words)


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
