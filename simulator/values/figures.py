"""A published figure: its number as printed, and the rounding error that the printing implies."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from simulator.values.currencies import AMOUNT_PATTERN, Rate, Step, read_foreign
from simulator.values.periods import Period
from simulator.values.units import PERCENT_PATTERN, read_number, read_percent
from simulator.values.wording import show


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure as printed: ``610.5`` or ``44%``, or ``12.3 EUR`` in another currency.

    ``rate`` is that of another currency, ``period`` that of which it is a figure; from then on ``digits`` are
    in the scenario's currency, at the median rate. Two are equal where they are printed alike and say the
    same: ``7.20`` says more than ``7.2``.
    """

    digits: Decimal
    percent: bool = False
    printed: str = ""
    rate: Rate | None = None
    period: Period | None = None

    def at(self, period: Period) -> Figure:
        """The figure in the scenario's currency, by the rate of its period."""
        if self.rate is None or self.period is not None:
            return self
        return replace(self, digits=self.digits * self.rate.at(period).middle, period=period)

    def by(self, rate: Rate) -> Figure:
        """The same by another rate of its currency."""
        if self.rate is None or rate == self.rate:
            return self
        printed = Figure(self._in_print, printed=self.printed, rate=rate)
        return printed if self.period is None else printed.at(self.period)

    @property
    def step(self) -> Step | None:
        """The rate by which it counts in the scenario's currency; None where it is printed in that."""
        return None if self.rate is None or self.period is None else self.rate.at(self.period)

    @property
    def _in_print(self) -> Decimal:
        """The digits that are printed."""
        return Decimal(self.printed.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ ")) if self.printed else self.digits

    def __repr__(self) -> str:
        step = self.step
        rate = f", {step.number}" if step and step.uncertain else ""
        money = f", {self.digits}{rate}" if self.printed else ""
        return f"Figure(digits=Decimal({str(self.digits)!r}), percent={self.percent!r}{money})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figure) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    @property
    def amount(self) -> float:
        """Its value; a percent as a fraction."""
        return float(self.digits / 100 if self.percent else self.digits)

    @property
    def rounding(self) -> float:
        """Half the last published digit; for a percent as a fraction."""
        exponent = self._in_print.as_tuple().exponent
        half = 0.5 * 10.0 ** (exponent if isinstance(exponent, int) else 0)
        half *= float(self.step.middle) if self.step else 1.0
        return half / 100 if self.percent else half

    def __str__(self) -> str:
        return self.printed or f"{self.digits:f}{'%' if self.percent else ''}"


@dataclass(frozen=True)
class Published:
    """Marks a field as a published figure: ``money``, ``percent`` or, for errors, ``either``."""

    kind: str
    low: float = -math.inf
    strict: bool = False

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda figure: None if figure is None else _written(figure)
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        bound = "exclusiveMinimum" if self.strict else "minimum"
        number: dict[str, Any] = {"type": "number"} | ({bound: self.low} if math.isfinite(self.low) else {})
        money: dict[str, Any] = {"anyOf": [number, {"type": "string", "pattern": AMOUNT_PATTERN}]}
        percent = {"type": "string", "pattern": PERCENT_PATTERN}
        return {
            "anyOf": [
                *({"money": [money], "percent": [percent]}.get(self.kind, [money, percent])),
                {"type": "null"},
            ]
        }

    def read(self, raw: object) -> Figure | None:
        """A figure from what the file states.

        Raises:
            ValueError: no number, the wrong unit, or below what the field can hold.
        """
        if raw is None or isinstance(raw, Figure):
            return raw
        figure = self._figure(raw)
        if figure.amount < self.low or (self.strict and figure.amount == self.low):
            bound = f"{100 * self.low:g}%" if figure.percent else f"{self.low:g}"
            raise ValueError(f"found {show(raw)}, expected {'above' if self.strict else 'at least'} {bound}")
        return figure

    def _figure(self, raw: object) -> Figure:
        percent = isinstance(raw, str) and raw.strip().endswith("%")
        if self.kind == "percent" or (percent and self.kind == "either"):
            read_percent(raw)
            return Figure(Decimal(str(raw).strip().rstrip("%").strip()), percent=True)
        if foreign := read_foreign(raw):
            return Figure(foreign[0], printed=str(raw).strip(), rate=foreign[1])
        read_number(raw)
        return Figure(Decimal(str(raw)))


def _written(figure: Figure) -> str | int | float | Decimal:
    if figure.percent or figure.printed:
        return str(figure)
    try:
        return int(str(figure.digits))
    except (ValueError, InvalidOperation):
        return float(figure.digits) if repr(float(figure.digits)) == str(figure.digits) else figure.digits
