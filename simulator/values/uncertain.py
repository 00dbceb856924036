"""An uncertain number: what every form of it can do. The forms themselves stand in ``forms``."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from typing_extensions import override

from simulator.values.currencies import Amount, Rate, same_currency
from simulator.values.units import Unit, digits

if TYPE_CHECKING:
    import numpy as np

USUAL = (0.05, 0.95)  # percentiles between which a number lies nine times in ten
FARTHEST = (0.001, 0.999)  # percentiles beyond which a number without bounds may lie
DIGITS = 2  # of a percentile that no file states


@dataclass(frozen=True)
class Uncertain(ABC):
    """A number that may be uncertain, in one unit, inside the hard bounds of its field.

    ``parameters`` are its numbers in the order of ``keys``.
    """

    parameters: tuple[float, ...]
    unit: Unit = Unit.NUMBER
    low: float = -math.inf
    high: float = math.inf

    keys: ClassVar[tuple[str, ...]] = ()
    ends: ClassVar[tuple[str, ...]] = ()  # the keys that say how uncertain it is: each can be turned alone
    certain: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def read(cls, raw: Any, unit: Unit, low: float, high: float) -> Self:
        """The number from what a file states, whose keys are those of the form.

        Raises:
            ValueError: a number that cannot stand there; the message says what was expected.
        """

    @abstractmethod
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        """The inverse distribution function, whatever the bounds."""

    @property
    @abstractmethod
    def _central(self) -> float | None:
        """The value that stands for it: likely, median or mean; None where there is none to move."""

    @abstractmethod
    def _about(self, value: float) -> Uncertain:
        """The same form about another main value; see ``about``."""

    @classmethod
    def fits(cls, unit: Unit) -> bool:  # noqa: ARG003
        """Whether a number of that unit may be written so."""
        return True

    @classmethod
    def unit_of(cls, key: str, unit: Unit) -> Unit:  # noqa: ARG003
        """The unit of one parameter, in a field of some unit."""
        return unit

    @classmethod
    def bounds_of(cls, key: str, low: float, high: float) -> tuple[float, float]:  # noqa: ARG003
        """The hard bounds of one parameter, in a field with some bounds."""
        return low, high

    @classmethod
    def pattern(cls) -> str:
        """The form in a message: ``{low, likely, high}``."""
        return "{" + ", ".join(cls.keys) + "}"

    @classmethod
    def schema(cls, unit: Unit, low: float, high: float) -> dict[str, Any]:
        """The JSON Schema of the form in a field."""
        return {
            "type": "object",
            "properties": {key: cls.part_schema(key, unit, low, high) for key in cls.keys},
            "required": list(cls.keys),
            "additionalProperties": False,
        }

    @classmethod
    def part_schema(cls, key: str, unit: Unit, low: float, high: float) -> dict[str, Any]:
        """The JSON Schema of one parameter in a field."""
        return cls.unit_of(key, unit).schema(*cls.bounds_of(key, low, high))

    @property
    def parts(self) -> Mapping[str, float]:
        """Its parameters by key."""
        return dict(zip(self.keys, self.parameters, strict=True))

    @property
    def values(self) -> tuple[float, ...]:
        """The values that a file states of it: in its unit, and no spread."""
        parts = self.parts.items()
        return tuple(
            value for key, value in parts if self.unit_of(key, self.unit) is self.unit and key != "sd"
        )

    @property
    def by_day(self) -> bool:
        """Whether it is a month of which a file states a day."""
        return self.unit is Unit.MONTH and any(value % 1 != 0 for value in self.values)

    def with_part(self, key: str, value: float) -> Self:
        """The same with another value of one parameter."""
        present = self.parts[key]
        value = same_currency(float(value), present)
        if self.unit_of(key, self.unit) is Unit.MONTH:  # a day in the month stays, where the month does
            value = present if math.floor(value) == math.floor(present) else math.floor(value)
        return replace(self, parameters=tuple({**self.parts, key: value}.values()))

    def quantile(self, uniform: np.ndarray | float) -> np.ndarray:
        """The inverse distribution function, held inside the field's hard bounds.

        Args:
            uniform: numbers strictly between 0 and 1, any shape.

        Returns:
            the same shape, in the unit of the field (percents as fractions, months counted as in
            ``periods``).
        """
        import numpy as np

        return np.clip(self._inverse(np.asarray(uniform, dtype=float)), self.low, self.high)

    @property
    def reach(self) -> tuple[float, float]:
        """Between which values it lies always where it is ``bounded``, and else nine times in ten."""
        if len(self.ends) == len(USUAL):
            low, high = (self.parts[end] for end in self.ends)
            return low, high
        low, high = (float(digits(float(self.quantile(level)), DIGITS)) for level in USUAL)
        return low, high

    @property
    def bounded(self) -> bool:
        """Whether it never lies beyond its reach."""
        (low, high), (least, most) = self.reach, map(float, map(self.quantile, FARTHEST))
        return low <= least and most <= high

    @property
    def weights(self) -> tuple[float, ...]:
        """The probability of each of its values, where it has no others; else none."""
        return ()

    @property
    def can_exceed_zero(self) -> bool:
        """Whether any draw of it is above 0."""
        return max(self.parameters) > 0

    @property
    def median(self) -> float:
        """The value that is as likely to be exceeded as not."""
        return float(self.quantile(0.5))

    @property
    def sd(self) -> float:
        """The standard deviation, by quadrature over the quantile function."""
        import numpy as np

        return float(np.std(self.quantile((np.arange(4096) + 0.5) / 4096)))

    @property
    def main(self) -> float | None:
        """The one value that stands for it: likely, median or mean; of months a whole one.

        None where there is none to move.
        """
        value = self._central
        return float(math.floor(value)) if self.unit is Unit.MONTH and value is not None else value

    def about(self, value: float) -> Uncertain:
        """The same about another main value.

        Its ends keep their ratio to it (months, and a main value of 0, their distance).

        Ends stop at the hard bounds, both of them where the main value lies midway between the two. What has
        no main value becomes certain.

        Raises:
            ValueError: it is a beta, whose mean lies between 0 and 1, and the value does not.
        """
        if self.unit is not Unit.MONTH:
            return self._like(self._about(value))
        return self if math.floor(value) == self.main else self._about(float(math.floor(value)))

    def shifted(self, months: float) -> Self:
        """The same so many months later."""
        return replace(self, parameters=tuple(value + months for value in self.parameters))

    def written(self) -> object:
        """The form in which a file states it: read again, it is the same number to the last bit."""
        return {key: self.unit_of(key, self.unit).stated(value) for key, value in self.parts.items()}

    def rounded(self) -> Self:
        """The same with parameters of as many digits as a file states."""
        rounded = (self.unit_of(key, self.unit).rounded(value) for key, value in self.parts.items())
        parameters = zip(rounded, self.parameters, strict=True)
        return replace(self, parameters=tuple(same_currency(value, like) for value, like in parameters))

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Those of its numbers that are in another currency than the scenario's."""
        return tuple(value for value in self.parameters if isinstance(value, Amount))

    @property
    def rate(self) -> Rate | None:
        """The rate of the one currency that it is in, where that is not one number in all months."""
        amounts = self.amounts
        stated = [value for value in (*self.values, *self.parts.values()) if value] if amounts else []
        rates = {getattr(value, "rate", None) for value in stated}
        rate = rates.pop() if len(rates) == 1 else None
        return None if rate is None or rate.fixed else rate

    def in_one_currency(self) -> Self:
        """Itself, where one rate turns all of it into the scenario's currency, or all rates are certain.

        Raises:
            ValueError: a rate is uncertain, and some of its numbers are in another currency.
        """
        steps = (step for amount in self.amounts for step in amount.rate.steps)
        uncertain = next((step.code for step in steps if step.uncertain), None)
        if uncertain is not None and self.rate is None:
            raise ValueError(
                f"found amounts in {uncertain} and in another currency, expected one: the rate of "
                f"{uncertain} is uncertain"
            )
        return self

    def _like(self, other: Uncertain) -> Uncertain:
        """Another number with its own currency: that of each parameter, or of all where these are others."""
        amounts = self.amounts
        if not amounts:
            return other
        alike = type(other) is type(self)
        likes = self.parameters if alike else (amounts[0],) * len(other.parameters)
        parameters = zip(other.parameters, likes, strict=True)
        return replace(other, parameters=tuple(same_currency(value, like) for value, like in parameters))

    def _scaled(self, value: float) -> Uncertain:
        """Every parameter in ratio to the main value, or moved with it where there is no ratio.

        Inside the bounds.
        """
        old = self.main or 0.0
        if self.unit is Unit.MONTH or old == 0:
            ends = [end + (value - old) for end in self.parameters]
        else:
            ends = sorted(end * value / old for end in self.parameters)
        return replace(self, parameters=tuple(self._inside(end) for end in ends))

    def _inside(self, value: float) -> float:
        return min(max(value, self.low), self.high)


@dataclass(frozen=True)
class Certain(Uncertain):
    """One plain number."""

    certain: ClassVar[bool] = True
    keys: ClassVar[tuple[str, ...]] = ("value",)

    @override
    @classmethod
    def read(cls, raw: Any, unit: Unit, low: float, high: float) -> Self:
        return cls((unit.read_within(raw, low, high),), unit, low, high)

    @override
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        import numpy as np

        return np.full_like(uniform, self.parameters[0])

    @override
    @property
    def _central(self) -> float:
        return self.parameters[0]

    @override
    @property
    def median(self) -> float:
        return self.parameters[0]

    @override
    @property
    def sd(self) -> float:
        return 0.0

    @override
    def _about(self, value: float) -> Uncertain:
        return replace(self, parameters=(value,))

    @override
    def written(self) -> float | str:
        return self.unit.stated(self.parameters[0])
