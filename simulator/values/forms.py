"""The forms in which a file writes an uncertain number: a class each.

=============================================  ==========================================================
written                                        meaning
=============================================  ==========================================================
``5`` or ``44%`` or ``2019-06``                certain
``{low: 1, likely: 2, high: 4}``               triangular
``{p5: 1, p95: 4}``                            lognormal where both are positive, else normal
``{mean: 5, sd: 2}``                           normal
``{alpha: 2, beta: 4}``                        beta, a share between 0 and 1
``{choices: {10: 0.3, 20: 0.7}}``              one of the values, each with its probability
=============================================  ==========================================================

Nothing else knows the forms: a new one is a class here, listed in ``FORMS``. The parameters of a beta are
plain numbers whatever the unit, and the sd of a month is counted in months. A month has no beta.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

from typing_extensions import override

from simulator.values import beta
from simulator.values.uncertain import Certain, Uncertain
from simulator.values.units import DECIMAL, Unit, plain_decimals
from simulator.values.wording import show

if TYPE_CHECKING:
    import numpy as np

P95 = 1.6448536269514722  # the standard normal's 95th percentile
LARGEST_DRAW = 1e100  # of a lognormal, so that what is worked out with it stays finite
SHAPES = (1e-6, 1e9)  # of a beta's parameters
NEAREST_END = 1e-6  # of a beta's mean to 0 or 1
ROUNDING = 1e-9  # of a number that comes of a calculation
SURE = 1e-6  # by which probabilities may miss a sum of 1
A_MONTH = "{low: 2019-01, likely: 2019-06, high: 2020-01}"


@dataclass(frozen=True)
class _Ordered(Uncertain):
    """A form whose parameters are numbers of the field's unit, none above the next."""

    @override
    @classmethod
    def read(cls, raw: Any, unit: Unit, low: float, high: float) -> Self:
        numbers = {key: unit.read_within(raw[key], low, high) for key in cls.keys}
        for first, second in pairwise(cls.keys):
            if numbers[first] > numbers[second]:
                above = f"{first} {show(raw[first])} above {second} {show(raw[second])}"
                raise ValueError(f"found {above}; expected {' <= '.join(cls.keys)}")
        return cls(tuple(numbers.values()), unit, low, high)


@dataclass(frozen=True)
class Triangular(_Ordered):
    """A triangular distribution between two ends, with its peak at the likely value."""

    keys: ClassVar[tuple[str, ...]] = ("low", "likely", "high")
    ends: ClassVar[tuple[str, ...]] = ("low", "high")

    @override
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        import numpy as np

        low, likely, high = self.parameters
        if high == low:
            return np.full_like(uniform, low)
        rising = (likely - low) / (high - low)
        up = low + np.sqrt(uniform * (high - low) * (likely - low))
        down = high - np.sqrt((1 - uniform) * (high - low) * (high - likely))
        return np.where(uniform < rising, up, down)

    @override
    @property
    def _central(self) -> float:
        return self.parameters[1]

    @override
    def _about(self, value: float) -> Uncertain:
        return self._scaled(value)


@dataclass(frozen=True)
class Percentiles(_Ordered):
    """A lognormal by its 5th and 95th percentile where both are positive; else, and of months, a normal."""

    keys: ClassVar[tuple[str, ...]] = ("p5", "p95")
    ends: ClassVar[tuple[str, ...]] = ("p5", "p95")

    @override
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        import numpy as np

        p5, p95 = self.parameters
        if p5 <= 0 or self.unit is Unit.MONTH:
            return _between(uniform, p5, p95)
        logs = _between(uniform, math.log(p5), math.log(p95))
        return np.exp(np.minimum(logs, math.log(LARGEST_DRAW)))

    @override
    @property
    def _central(self) -> float:
        return self.median

    @override
    def _about(self, value: float) -> Uncertain:
        return replace(self, parameters=tuple(self._inside(end) for end in self._ends_about(value)))

    def _ends_about(self, value: float) -> tuple[float, float]:
        """Percentiles with another median, as far apart as the hard bounds allow.

        Positive ones are those of a lognormal, others those of a normal: a normal's lower end is not turned
        above 0.
        """
        p5, p95 = self.parameters
        middle, distance = (p5 + p95) / 2, (p95 - p5) / 2
        room = min(self.high - value, value - self.low)
        if self.unit is Unit.MONTH:
            shift = value - math.floor(middle)
            if distance + 1 <= room:
                return p5 + shift, p95 + shift
            return value - math.floor(room), value + math.floor(room)
        if p5 > 0 and value > 0:
            return self._in_ratio(value, math.sqrt(p95 / p5))
        distance = min(distance * (abs(value / middle) if middle else 1.0), room)
        if distance >= (1 + ROUNDING) * value:
            return value - distance, value + distance
        if room >= (1 - ROUNDING) * value:
            return 0.0, 2 * value  # exactly: what rounding leaves of a 0 would make a lognormal without end
        return self._in_ratio(value, (value + distance) / value)

    def _in_ratio(self, value: float, ratio: float) -> tuple[float, float]:
        ratio = min(ratio, self.high / value, value / self.low if self.low > 0 else math.inf)
        return value / ratio, value * ratio


@dataclass(frozen=True)
class Normal(Uncertain):
    """A normal distribution."""

    keys: ClassVar[tuple[str, ...]] = ("mean", "sd")
    ends: ClassVar[tuple[str, ...]] = ("sd",)

    @override
    @classmethod
    def unit_of(cls, key: str, unit: Unit) -> Unit:
        counted = {Unit.MONTH: Unit.MONTHS, Unit.WHOLE_NUMBER: Unit.NUMBER}
        return counted.get(unit, unit) if key == "sd" else unit

    @override
    @classmethod
    def bounds_of(cls, key: str, low: float, high: float) -> tuple[float, float]:
        return (0.0, math.inf) if key == "sd" else (low, high)

    @override
    @classmethod
    def read(cls, raw: Any, unit: Unit, low: float, high: float) -> Self:
        mean, sd = unit.read_within(raw["mean"], low, high), cls.unit_of("sd", unit).read(raw["sd"])
        if sd < 0:
            raise ValueError(f"found sd {show(raw['sd'])}, expected 0 or more")
        return cls((mean, sd), unit, low, high)

    @override
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        return _normal(uniform, *self.parameters)

    @override
    @property
    def _central(self) -> float:
        return self.parameters[0]

    @override
    def _about(self, value: float) -> Uncertain:
        (_, sd), old = self.parameters, self.main
        fixed = self.unit is Unit.MONTH or not old
        return replace(self, parameters=(value, sd if fixed else abs(sd * value / (old or 1.0))))

    @override
    def shifted(self, months: float) -> Self:
        return replace(self, parameters=(self.parameters[0] + months, self.parameters[1]))


@dataclass(frozen=True)
class Beta(Uncertain):
    """A beta distribution, between 0 and 1."""

    keys: ClassVar[tuple[str, ...]] = ("alpha", "beta")

    @override
    @classmethod
    def fits(cls, unit: Unit) -> bool:
        return unit is not Unit.MONTH

    @override
    @classmethod
    def unit_of(cls, key: str, unit: Unit) -> Unit:
        return Unit.NUMBER

    @override
    @classmethod
    def bounds_of(cls, key: str, low: float, high: float) -> tuple[float, float]:
        return SHAPES

    @override
    @classmethod
    def read(cls, raw: Any, unit: Unit, low: float, high: float) -> Self:
        what = f"found {cls.pattern()}, a share between 0 and 1, expected"
        if not cls.fits(unit):
            raise ValueError(f"{what} a month, or a range of months such as {A_MONTH}")
        if low >= 1 or high <= 0:
            raise ValueError(f"{what} from {unit.text(low)} to {unit.text(high)}")
        return cls(tuple(_shape(key, raw[key]) for key in cls.keys), unit, low, high)

    @override
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        first, second = self.parameters
        return beta.quantile(first, second, uniform)

    @override
    @property
    def _central(self) -> float:
        return self.parameters[0] / sum(self.parameters)

    @override
    def _about(self, value: float) -> Uncertain:
        """With as much weight about another mean.

        More weight where its parameters would grow too small to state.
        """
        if not 0 <= value <= 1:
            low, high = self.unit.text(0), self.unit.text(1)
            raise ValueError(f"found {self.unit.text(value)}, expected from {low} to {high}, as a beta is")
        share = min(max(value, NEAREST_END), 1 - NEAREST_END)
        least, most = SHAPES
        weight = min(max(sum(self.parameters), least / min(share, 1 - share)), most)
        return replace(self, parameters=(share * weight, (1 - share) * weight))


@dataclass(frozen=True)
class Choices(Uncertain):
    """One of some values: ``parameters`` are the values in ascending order, then the probability of each."""

    keys: ClassVar[tuple[str, ...]] = ("choices",)

    @override
    @classmethod
    def pattern(cls) -> str:
        return "{choices: {value: probability}}"

    @override
    @classmethod
    def part_schema(cls, key: str, unit: Unit, low: float, high: float) -> dict[str, Any]:
        return {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["number", "string"]}}

    @override
    @classmethod
    def read(cls, raw: Any, unit: Unit, low: float, high: float) -> Self:
        choices = raw["choices"]
        if not isinstance(choices, Mapping) or not choices:
            raise ValueError(f"found {show(choices)}, expected choices as {{value: probability, ...}}")
        values = tuple(unit.read_within(_unquoted(key), low, high) for key in choices)
        weights = tuple(map(Unit.PROBABILITY.read, choices.values()))
        if not all(0 <= weight <= 1 for weight in weights) or abs(sum(weights) - 1) > SURE:
            listed = ", ".join(str(weight).strip() for weight in choices.values())
            raise ValueError(f"found probabilities {listed}, expected each from 0 to 1 and a sum of 1")
        likely = dict.fromkeys(sorted(values), 0.0)  # 10 and 10.0 are one value
        for value, weight in zip(values, weights, strict=True):
            likely[value] += weight
        return cls((*likely, *likely.values()), unit, low, high)

    @override
    @property
    def values(self) -> tuple[float, ...]:
        return self.parameters[: len(self.parameters) // 2]

    @override
    @property
    def weights(self) -> tuple[float, ...]:
        return self.parameters[len(self.parameters) // 2 :]

    @override
    def _inverse(self, uniform: np.ndarray) -> np.ndarray:
        import numpy as np

        return np.asarray(self.values)[np.searchsorted(np.cumsum(self.weights[:-1]), uniform, side="right")]

    @override
    @property
    def _central(self) -> None:
        return None

    @override
    def _about(self, value: float) -> Uncertain:
        return Certain((value,), self.unit, self.low, self.high)

    @override
    @property
    def can_exceed_zero(self) -> bool:
        return any(value > 0 < weight for value, weight in zip(self.values, self.weights, strict=True))

    @override
    @property
    def parts(self) -> Mapping[str, float]:
        return {}

    @override
    def shifted(self, months: float) -> Self:
        return replace(self, parameters=(*(value + months for value in self.values), *self.weights))

    @override
    def rounded(self) -> Self:
        return self

    @override
    def written(self) -> object:
        values = (self.unit.stated(value) for value in self.values)
        keys = (value if isinstance(value, str) else plain_decimals(Decimal(repr(value))) for value in values)
        return {"choices": dict(zip(keys, self.weights, strict=True))}


FORMS: tuple[type[Uncertain], ...] = (Triangular, Percentiles, Normal, Beta, Choices)
KEYS = tuple(key for form in FORMS for key in form.keys)
WRITTEN = f"one number, {', '.join(form.pattern() for form in FORMS[:-1])} or {FORMS[-1].pattern()}"


def parse(raw: object, unit: Unit, low: float = -math.inf, high: float = math.inf) -> Uncertain:
    """Read a written number in a unit, with the field's hard bounds.

    Raises:
        ValueError: the form is unknown, incomplete or reversed, or none of that unit; the unit is wrong or a
            bound is broken.
    """
    unit = Unit(unit)
    if isinstance(raw, Uncertain):
        return raw
    if isinstance(raw, Mapping):
        return _form_of(raw).read(raw, unit, low, high).in_one_currency()
    if raw is None or isinstance(raw, list | tuple):
        raise ValueError(f"found {show(raw)}, expected {WRITTEN}")
    return Certain.read(raw, unit, low, high)


def _form_of(raw: Mapping[Any, Any]) -> type[Uncertain]:
    keys = {str(key) for key in raw}
    for form in FORMS:
        if keys == set(form.keys):
            return form
    unknown = sorted(keys - set(KEYS))
    if unknown:
        raise ValueError(f"found {unknown[0]!r} in an uncertain number, expected {WRITTEN}")
    raise ValueError(f"found {{{', '.join(map(str, raw))}}}, expected {WRITTEN}")


def _shape(key: str, raw: object) -> float:
    value, (low, high) = Unit.NUMBER.read(raw), SHAPES
    if value <= 0:
        raise ValueError(f"found {key} {show(raw)}, expected a number above 0")
    if not low <= value <= high:
        ends = f"from {Unit.NUMBER.text(low)} to {Unit.NUMBER.text(high)}"
        raise ValueError(f"found {key} {show(raw)}, expected {ends}")
    return value


def _unquoted(key: object) -> object:
    """A mapping's key is text; a plain decimal there is a number."""
    return float(key) if isinstance(key, str) and DECIMAL.fullmatch(key.strip()) else key


def _normal(uniform: np.ndarray, mean: float, sd: float) -> np.ndarray:
    from scipy.special import ndtri

    return mean + sd * ndtri(uniform)


def _between(uniform: np.ndarray, p5: float, p95: float) -> np.ndarray:
    """A normal by its 5th and 95th percentile."""
    return _normal(uniform, (p5 + p95) / 2, (p95 - p5) / (2 * P95))
