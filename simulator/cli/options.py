"""What options hold: words, and numbers of each kind, or what is wrong with them."""

from __future__ import annotations

import math
from typing import Any

import click

from simulator.values.wording import marked, show


class Words(click.types.StringParamType):
    """The text of an option, which is none that is empty: a verb would take that for an option left out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text of an option."""
        text = str(super().convert(value, param, ctx))
        if not text.strip():
            self.fail(
                "found nothing, expected some text; leave the option out where none is meant", param, ctx
            )
        return text


class Whole(click.IntRange):
    """A whole number within bounds."""

    name = "whole number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of an option."""
        try:
            int(value)
        except ValueError:
            self.fail(f"found {show(value)}, expected a whole number{marked(str(value))}", param, ctx)
        return int(super().convert(value, param, ctx))


class Finite(click.FloatRange):
    """A finite number within bounds: ``nan`` compares as false with any bound, and ``inf`` is none."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of an option."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"found {show(value)}, expected a number{marked(str(value))}", param, ctx)
        return float(super().convert(number, param, ctx))


def probability_wanted(_context: click.Context, _parameter: click.Parameter, text: str) -> float:
    """A probability that is asked for, as ``0.8`` or ``80%``.

    Raises:
        click.BadParameter: it is none.
    """
    from simulator.values.units import Unit

    try:
        return Unit.PROBABILITY.read(text if text.strip().endswith("%") else float(text))
    except ValueError:
        raise click.BadParameter(f"found {text!r}, expected a probability such as 0.8 or 80%") from None
