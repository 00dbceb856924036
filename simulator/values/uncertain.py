"""The written forms of an uncertain number, and the quantile function behind each.

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

A unit is checked where the number is read: money never takes a percent sign, a percent always does. The parameters of a beta are
plain numbers whatever the unit, and the sd of a month is counted in months. A month has no beta.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from simulator.values.periods import YEARS, month_text, parse_month
from simulator.values.wording import marked, show

if TYPE_CHECKING:
    import numpy as np

P95 = 1.6448536269514722  # the standard normal's 95th percentile
_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
PERCENT_PATTERN = rf"^{_DECIMAL.pattern} ?%$"
_PERCENT = re.compile(rf"({_DECIMAL.pattern}) ?%", re.ASCII)
TABLE = 8192  # nodes off which the inverse beta of many draws is read: moving another slider does not work it out again
FEW = 256  # draws for which it is worked out one by one
ABOVE_ZERO = math.nextafter(0, 1)  # a hard bound that excludes zero
LARGEST = 1e30  # a number that is stated; no file states more digits
LARGEST_DRAW = 1e100  # of a lognormal, so that what is worked out with it stays finite
MONTHS = (12.0 * YEARS[0], 12.0 * YEARS[1] + 11)  # the hard bounds of a month
SHAPES = (1e-6, 1e9)  # of a beta's parameters
FORMS: dict[str, tuple[str, ...]] = {
    "triangular": ("low", "likely", "high"),
    "percentiles": ("p5", "p95"),
    "normal": ("mean", "sd"),
    "beta": ("alpha", "beta"),
    "choices": ("choices",),
}
KEYS = tuple(key for keys in FORMS.values() for key in keys)
A_MONTH = "{low: 2019-01, likely: 2019-06, high: 2020-01}"
WRITTEN = (
    "one number, {low, likely, high}, {p5, p95}, {mean, sd}, {alpha, beta} or {choices: {value: probability}}"
)


def read_number(raw: object, found: object = None) -> float:
    """One plain decimal number.

    Raises:
        ValueError: it is no finite number (text, ``true``, nothing, ``.nan``, a percent), or one beyond ``LARGEST``.
    """
    shown = raw if found is None else found
    if _is_number(raw):
        if abs(raw) > LARGEST:  # type: ignore[arg-type]
            raise ValueError(
                f"found {show(shown)}, expected a number of at most {len(str(int(LARGEST))) - 1} digits"
            )
        return float(raw)  # type: ignore[arg-type]
    hint = ""
    if isinstance(raw, str) and raw.strip().endswith("%"):
        hint = (
            " without a percent sign"
            if not marked(raw)
            else f"{marked(raw.strip('% '))}, and without a percent sign"
        )
    elif isinstance(raw, str) and _DECIMAL.fullmatch(raw.strip()):
        hint = " without quotes or leading zeros"
    elif isinstance(raw, str):
        hint = marked(raw)
    raise ValueError(f"found {show(shown)}, expected a number{hint}")


def read_percent(raw: object) -> float:
    """A percent such as ``44%``, as a fraction.

    Raises:
        ValueError: it has no percent sign, or no plain decimal number before it.
    """
    if isinstance(raw, str) and (match := _PERCENT.fullmatch(raw.strip())):
        return float(Decimal(match[1]) / 100)
    hint = f"; write {raw}% if that is meant" if _is_number(raw) else ""
    if isinstance(raw, str):
        hint = marked(f"{raw.strip().removesuffix('%').strip()}%")
    raise ValueError(f"found {show(raw)}, expected a percent such as 44%{hint}")


def read_share(raw: object) -> float:
    """A share or probability: ``0.6`` or ``60%``."""
    return read_percent(raw) if isinstance(raw, str) and raw.strip().endswith("%") else read_number(raw)


def read_whole(raw: object) -> float:
    """A whole number.

    Raises:
        ValueError: no number, or a fraction.
    """
    number = read_number(raw)
    if number != int(number):
        raise ValueError(f"found {show(raw)}, expected a whole number")
    return number


READERS: dict[str, Callable[[Any], float]] = {
    "month": parse_month,
    "whole number": read_whole,
    "percent": read_percent,
    "percent a year": read_percent,
    "share": read_share,
    "probability": read_share,
}


def _is_number(raw: object) -> bool:
    if isinstance(raw, int):
        return not isinstance(raw, bool)
    return isinstance(raw, float | Decimal) and math.isfinite(raw)


@dataclass(frozen=True)
class Uncertain:
    """A number that may be uncertain, in one unit.

    ``form`` is ``certain`` or one of ``FORMS``; ``parameters`` are its numbers in the order of ``FORMS``
    (for choices: values, then probabilities).
    """

    form: str
    parameters: tuple[float, ...]
    unit: str = "number"
    low: float = -math.inf
    high: float = math.inf

    @property
    def certain(self) -> bool:
        """Whether it is one plain number."""
        return self.form == "certain"

    def quantile(self, uniform: np.ndarray | float) -> np.ndarray:
        """The inverse distribution function, held inside the field's hard bounds.

        Args:
            uniform: numbers strictly between 0 and 1, any shape.

        Returns:
            the same shape, in the unit of the field (percents as fractions, months counted as in ``periods``).
        """
        import numpy as np

        form = (
            _percentiles_normal
            if self.unit == "month" and self.form == "percentiles"
            else _QUANTILES[self.form]
        )
        return np.clip(form(np.asarray(uniform, dtype=float), *self.parameters), self.low, self.high)

    @property
    def can_exceed_zero(self) -> bool:
        """Whether any draw of it is above 0."""
        half = len(self.parameters) // 2
        if self.form == "choices":
            return any(
                value > 0 < weight
                for value, weight in zip(self.parameters[:half], self.parameters[half:], strict=True)
            )
        return max(self.parameters) > 0

    @property
    def median(self) -> float:
        """The value that is as likely to be exceeded as not."""
        return self.parameters[0] if self.certain else float(self.quantile(0.5))

    @property
    def sd(self) -> float:
        """The standard deviation, by quadrature over the quantile function."""
        if self.certain:
            return 0.0
        import numpy as np

        return float(np.std(self.quantile((np.arange(4096) + 0.5) / 4096)))

    def written(self) -> object:
        """The form in which a file states it: read again, it is the same number to the last bit."""
        if self.certain:
            return as_written(self.parameters[0], self.unit)
        if self.form == "choices":
            half = len(self.parameters) // 2
            values = (as_written(value, self.unit) for value in self.parameters[:half])
            keys = (
                value if isinstance(value, str) else _plain_decimals(Decimal(repr(value))) for value in values
            )
            return {"choices": dict(zip(keys, self.parameters[half:], strict=True))}
        return {
            part: as_written(value, unit_of(part, self.unit))
            for part, value in zip(FORMS[self.form], self.parameters, strict=True)
        }

    def rounded(self) -> Uncertain:
        """The same with parameters of as many digits as ``digits`` gives, in the unit in which a file states them; choices as they are."""
        if self.form == "choices":
            return self
        parts = zip(FORMS.get(self.form, ("value",)), self.parameters, strict=True)
        return replace(
            self, parameters=tuple(rounded(value, unit_of(part, self.unit)) for part, value in parts)
        )


def unit_of(part: str, unit: str) -> str:
    """The unit of one parameter of a form, in a field of some unit."""
    if part in FORMS["beta"]:
        return "number"
    return {"month": "months", "whole number": "number"}.get(unit, unit) if part == "sd" else unit


def as_written(value: float, unit: str) -> float | str:
    """A number in a unit as a file states it, exactly; of a month the part after the point is dropped."""
    if unit == "month":
        return month_text(math.floor(value))
    value = float(value)
    return f"{_plain_decimals(100 * Decimal(repr(value)))}%" if unit.startswith("percent") else value


def rounded(value: float, unit: str) -> float:
    """A number of as many digits as ``digits`` gives, in the unit in which a file states it."""
    return float(Decimal(digits(100 * value)) / 100) if unit.startswith("percent") else float(digits(value))


def parse(raw: object, unit: str, low: float = -math.inf, high: float = math.inf) -> Uncertain:
    """Read a written number in a unit, with the field's hard bounds.

    Raises:
        ValueError: the form is unknown, incomplete or reversed, or none of that unit; the unit is wrong or a bound is broken.
    """
    if isinstance(raw, Uncertain):
        return raw
    read = READERS.get(unit, read_number)
    if not isinstance(raw, Mapping):
        if raw is None or isinstance(raw, list | tuple):
            raise ValueError(f"found {show(raw)}, expected {WRITTEN}")
        return Uncertain("certain", (within(read(raw), unit, low, high),), unit, low, high)
    form = _form(raw)
    if form == "beta":
        if unit == "month":
            raise ValueError(
                f"found {{alpha, beta}}, a share between 0 and 1, expected a month, or a range of months such as {A_MONTH}"
            )
        if low >= 1 or high <= 0:
            raise ValueError(
                f"found {{alpha, beta}}, a share between 0 and 1, expected from {in_unit(low, unit)} to {in_unit(high, unit)}"
            )
        numbers = tuple(_shape(key, raw[key]) for key in FORMS["beta"])
    elif form == "choices":
        numbers = _choices(raw["choices"], lambda value: within(read(value), unit, low, high))
    elif form == "normal":
        numbers = (
            within(read(raw["mean"]), unit, low, high),
            READERS.get(unit_of("sd", unit), read_number)(raw["sd"]),
        )
        if numbers[1] < 0:
            raise ValueError(f"found sd {show(raw['sd'])}, expected 0 or more")
    else:
        numbers = _in_order(
            {key: raw[key] for key in FORMS[form]}, lambda value: within(read(value), unit, low, high)
        )
    return Uncertain(form, numbers, unit, low, high)


def _in_order(raw: Mapping[str, Any], read: Callable[[object], float]) -> tuple[float, ...]:
    numbers = {key: read(value) for key, value in raw.items()}
    for first, second in pairwise(numbers):
        if numbers[first] > numbers[second]:
            raise ValueError(
                f"found {first} {show(raw[first])} above {second} {show(raw[second])}; expected {' <= '.join(numbers)}"
            )
    return tuple(numbers.values())


def within(value: float, unit: str, low: float, high: float) -> float:
    """The value, if it lies inside the hard bounds.

    Raises:
        ValueError: it does not; the message names the bound.
    """
    if low <= value <= high:
        return value
    if math.isinf(high):
        expected = "above" if low == ABOVE_ZERO else "at least"
        bound = f"{expected} {in_unit(0 if expected == 'above' else low, unit)}"
    else:
        bound = (
            f"at most {in_unit(high, unit)}"
            if math.isinf(low)
            else f"from {in_unit(low, unit)} to {in_unit(high, unit)}"
        )
    raise ValueError(f"found {in_unit(value, unit)}, expected {bound}")


def digits(value: float, significant: int = 12) -> str:
    """A finite number as a file states it: in plain decimals, so many significant ones, none beyond the 24th place."""
    return _plain_decimals(Decimal(f"{Decimal(f'{value:.{significant}g}'):.24f}"))


def _plain_decimals(number: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def in_unit(value: float, unit: str) -> str:
    """A number as a person writes it in that unit; a file can state it so."""
    if unit == "month":
        return month_text(math.floor(value))
    return f"{digits(100 * value, 6)}%" if unit.startswith("percent") else digits(value)


def _form(raw: Mapping[Any, Any]) -> str:
    keys = {str(key) for key in raw}
    for form, wanted in FORMS.items():
        if keys == set(wanted):
            return form
    unknown = sorted(keys - set(KEYS))
    if unknown:
        raise ValueError(f"found {unknown[0]!r} in an uncertain number, expected {WRITTEN}")
    raise ValueError(f"found {{{', '.join(map(str, raw))}}}, expected {WRITTEN}")


def _shape(key: str, raw: object) -> float:
    value, (low, high) = read_number(raw), SHAPES
    if value <= 0:
        raise ValueError(f"found {key} {show(raw)}, expected a number above 0")
    if not low <= value <= high:
        raise ValueError(f"found {key} {show(raw)}, expected from {digits(low)} to {digits(high)}")
    return value


def _choices(raw: object, read: Callable[[object], float]) -> tuple[float, ...]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"found {show(raw)}, expected choices as {{value: probability, ...}}")
    values = tuple(read(_plain(key)) for key in raw)
    weights = tuple(read_share(weight) for weight in raw.values())
    if any(weight < 0 or weight > 1 for weight in weights) or abs(sum(weights) - 1) > 1e-6:
        raise ValueError(
            f"found probabilities {', '.join(f'{w:g}' for w in weights)}, expected each from 0 to 1 and a sum of 1"
        )
    likely: dict[float, float] = {}  # 10 and 10.0 are one value
    for value, weight in sorted(zip(values, weights, strict=True), key=lambda choice: choice[0]):
        likely[value] = likely.get(value, 0.0) + weight
    return (*likely, *likely.values())


def _plain(key: object) -> object:
    """A mapping's key is text; a plain decimal there is a number."""
    return float(key) if isinstance(key, str) and _DECIMAL.fullmatch(key.strip()) else key


def _normal(uniform: np.ndarray, mean: float, sd: float) -> np.ndarray:
    from scipy.special import ndtri

    return mean + sd * ndtri(uniform)


def _percentiles(uniform: np.ndarray, p5: float, p95: float) -> np.ndarray:
    import numpy as np

    if p5 > 0:
        return np.exp(
            np.minimum(_percentiles_normal(uniform, math.log(p5), math.log(p95)), math.log(LARGEST_DRAW))
        )
    return _percentiles_normal(uniform, p5, p95)


def _percentiles_normal(uniform: np.ndarray, p5: float, p95: float) -> np.ndarray:
    return _normal(uniform, (p5 + p95) / 2, (p95 - p5) / (2 * P95))


def _triangular(uniform: np.ndarray, low: float, likely: float, high: float) -> np.ndarray:
    import numpy as np

    if high == low:
        return np.full_like(uniform, low)
    rising = (likely - low) / (high - low)
    up = low + np.sqrt(uniform * (high - low) * (likely - low))
    down = high - np.sqrt((1 - uniform) * (high - low) * (high - likely))
    return np.where(uniform < rising, up, down)


def _beta(uniform: np.ndarray, alpha: float, beta: float) -> np.ndarray:
    import numpy as np
    from scipy.special import betaincinv

    if uniform.size <= FEW:
        return betaincinv(alpha, beta, uniform)
    return np.interp(uniform, *_beta_table(alpha, beta))


@lru_cache(maxsize=64)
def _beta_table(alpha: float, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, finer at both ends, and the beta quantiles there."""
    import numpy as np
    from scipy.special import betaincinv

    grid = 0.5 - 0.5 * np.cos(np.pi * np.arange(TABLE) / (TABLE - 1))
    return grid, betaincinv(alpha, beta, grid)


def _chosen(uniform: np.ndarray, *parameters: float) -> np.ndarray:
    import numpy as np

    half = len(parameters) // 2
    return np.asarray(parameters[:half])[
        np.searchsorted(np.cumsum(parameters[half:-1]), uniform, side="right")
    ]


def _certain(uniform: np.ndarray, value: float) -> np.ndarray:
    import numpy as np

    return np.full_like(uniform, value)


_QUANTILES: dict[str, Callable[..., np.ndarray]] = {
    "certain": _certain,
    "triangular": _triangular,
    "percentiles": _percentiles,
    "normal": _normal,
    "beta": _beta,
    "choices": _chosen,
}


@dataclass(frozen=True)
class In:
    """The unit, hard bounds, slider step, the default's source and the slider's reach of a field, in its annotation.

    As in ``Annotated[Uncertain, In("percent")]``; ``reach`` is where a slider goes when the hard bounds lie far beyond what is reasonable.

    On an ``Uncertain`` field every written form is read; on a ``float`` field only a certain number is.
    """

    unit: str
    low: float = -math.inf
    high: float = math.inf
    step: float | None = None
    source: str = ""
    reach: tuple[float, float] | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, _handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        optional = type(None) in get_args(source)
        if Uncertain in (source, *get_args(source)):
            return core_schema.no_info_plain_validator_function(
                lambda raw: None if raw is None and optional else parse(raw, self.unit, self.low, self.high),
                metadata={"uncertain": True, "optional": optional},
                serialization=core_schema.plain_serializer_function_ser_schema(
                    lambda value: value.written() if value else None
                ),
            )
        return core_schema.no_info_plain_validator_function(
            lambda raw: None if raw is None and optional else self.certain(raw),
            metadata={"optional": optional},
        )

    def __get_pydantic_json_schema__(self, schema: Any, _handler: Any) -> dict[str, Any]:
        shapes = [_leaf_schema(self.unit, self.low, self.high)]
        if schema.get("metadata", {}).get("uncertain"):
            shapes += [
                self._form_schema(names)
                for form, names in FORMS.items()
                if (form, self.unit) != ("beta", "month")
            ]
        return (
            {"anyOf": [*shapes, {"type": "null"}]}
            if schema.get("metadata", {}).get("optional")
            else {"anyOf": shapes}
        )

    def _form_schema(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The JSON Schema of one written form of an uncertain number."""
        if names == ("choices",):
            parts: dict[str, Any] = {
                "choices": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {"type": ["number", "string"]},
                }
            }
        else:
            bounds = {"sd": (0.0, math.inf), "alpha": SHAPES, "beta": SHAPES}
            parts = {
                name: _leaf_schema(unit_of(name, self.unit), *bounds.get(name, (self.low, self.high)))
                for name in names
            }
        return {"type": "object", "properties": parts, "required": list(names), "additionalProperties": False}

    def part(self, name: str) -> In:
        """The same for one parameter of a form: an sd has no bounds but 0, and its own unit."""
        return (
            replace(self, unit=unit_of(name, self.unit), low=0.0, high=math.inf, reach=None)
            if name == "sd"
            else self
        )

    def certain(self, raw: object) -> float:
        """A certain number in this unit.

        Raises:
            ValueError: no single number, the wrong unit or out of bounds.
        """
        if isinstance(raw, Mapping | list | tuple) or raw is None:
            raise ValueError(f"found {show(raw)}, expected one number")
        return within(READERS.get(self.unit, read_number)(raw), self.unit, self.low, self.high)


def _leaf_schema(unit: str, low: float, high: float) -> dict[str, Any]:
    """The JSON Schema of one certain number in a unit."""
    percent = {"type": "string", "pattern": PERCENT_PATTERN}
    if unit == "month":
        return {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
    if unit.startswith("percent"):
        return percent
    number: dict[str, Any] = {"type": "integer" if unit == "whole number" else "number"}
    if math.isfinite(low):
        number |= {"exclusiveMinimum": 0} if low == ABOVE_ZERO else {"minimum": low}
    if math.isfinite(high):
        number["maximum"] = high
    return {"anyOf": [number, percent]} if unit in ("share", "probability") else number
