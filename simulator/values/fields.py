"""What every model of the vocabulary is made of.

Closed frozen mappings, numbers, texts, dates, lists, identifiers.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import core_schema

from simulator.caches import lazy
from simulator.values.currencies import Amount
from simulator.values.forms import FORMS, KEYS, parse
from simulator.values.letters import tidy
from simulator.values.limits import LETTERS
from simulator.values.periods import Period, Periods
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit
from simulator.values.wording import acting, show


class Strict(BaseModel):
    """Frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        validate_default=True,
        ignored_types=(lazy,),
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced, not validated again.

        What the original had worked out is not taken along.
        """
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def title_of(model: type[BaseModel], name: str) -> str:
    """What people call a field: the title of its declaration, or its name as words."""
    return model.model_fields[name].title or name.replace("_", " ")


def titles(holder: Any, keys: Iterable[Any]) -> tuple[str, ...]:
    """What people call what stands at each step of a path below a model; keys that name no field as words."""
    names = []
    for key in keys:
        fields = type(holder).model_fields if isinstance(holder, BaseModel) else {}
        names.append(title_of(type(holder), key) if key in fields else str(key).replace("_", " "))
        holder = getattr(holder, key) if key in fields else None
    return tuple(names)


@dataclass(frozen=True)
class In:
    """The unit, hard bounds, slider step, the default's source and the slider's reach of a field.

    It stands in the field's annotation, as in ``Annotated[Uncertain, In(Unit.PERCENT)]``; ``reach`` is where
    a slider goes when the hard bounds lie far beyond what is reasonable. ``usual`` is where sliders and the
    draws of a range stop that states nothing beyond, and the hard bounds otherwise. ``counts`` is what a bare
    number counts, behind it in a sentence: ``new ventures``, ``of the price``. On an ``Uncertain`` field
    every written form is read; on a ``float`` field only a certain number is.
    """

    unit: Unit
    low: float = -math.inf
    high: float = math.inf
    step: float | None = None
    source: str = ""
    reach: tuple[float, float] | None = None
    usual: tuple[float, float] | None = None
    counts: str = ""

    @classmethod
    def of(cls, metadata: Iterable[Any]) -> In | None:
        """The mark in a field's metadata, if it is a number."""
        return next((mark for mark in metadata if isinstance(mark, In)), None)

    def __get_pydantic_core_schema__(self, source: Any, _handler: Any) -> core_schema.CoreSchema:
        optional = type(None) in get_args(source)
        if _may_be_uncertain(source):
            return core_schema.no_info_plain_validator_function(
                lambda raw: None if raw is None and optional else self.uncertain(raw),
                metadata={"uncertain": True, "optional": optional},
                serialization=core_schema.plain_serializer_function_ser_schema(
                    lambda value: value.written() if value else None
                ),
            )
        return core_schema.no_info_plain_validator_function(
            lambda raw: None if raw is None and optional else self.certain(raw),
            metadata={"optional": optional},
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: value.text if isinstance(value, Amount) else value
            ),
        )

    def __get_pydantic_json_schema__(self, schema: Any, _handler: Any) -> dict[str, Any]:
        metadata = schema.get("metadata", {})
        shapes = [self.unit.schema(self.low, self.high)]
        if metadata.get("uncertain"):
            shapes += [form.schema(self.unit, self.low, self.high) for form in FORMS if form.fits(self.unit)]
        return {"anyOf": [*shapes, _NULL]} if metadata.get("optional") else {"anyOf": shapes}

    def part(self, form: type[Uncertain], key: str) -> In:
        """The same for one parameter of a form, which may have a unit and bounds of its own."""
        unit, (low, high) = form.unit_of(key, self.unit), form.bounds_of(key, self.low, self.high)
        same = (low, high) == (self.low, self.high)
        reach, usual = (self.reach, self.usual) if same else (None, None)
        return replace(self, unit=unit, low=low, high=high, reach=reach, usual=usual)

    def bounds(self, *values: float) -> tuple[float, float]:
        """The usual bounds where values lie inside of them, else the hard ones."""
        low, high = self.usual or (self.low, self.high)
        return (low, high) if all(low <= value <= high for value in values) else (self.low, self.high)

    def uncertain(self, raw: object) -> Uncertain:
        """A number in any form.

        Raises:
            ValueError: as ``parse``.
        """
        number = parse(raw, self.unit, self.low, self.high)
        if self.usual is None or number.certain:
            return number
        low, high = self.bounds(*number.values)
        return replace(number, low=low, high=high)

    def read(self, raw: object, annotation: Any) -> Uncertain | float:
        """A number of a field, by the annotation that the mark stands in.

        Raises:
            ValueError: as ``uncertain`` and ``certain``.
        """
        return self.uncertain(raw) if _may_be_uncertain(annotation) else self.certain(raw)

    def certain(self, raw: object) -> float:
        """A certain number in this unit.

        Raises:
            ValueError: no single number, the wrong unit or out of bounds.
        """
        if isinstance(raw, Mapping | list | tuple) or raw is None:
            raise ValueError(f"found {show(raw)}, expected one number")
        return self.unit.read_within(raw, self.low, self.high)


def _may_be_uncertain(annotation: Any) -> bool:
    return Uncertain in (annotation, *get_args(annotation))


class PeriodText(str):
    """A period as it is written, where it is the key of a mapping; ``period`` are its months."""

    __slots__ = ("period",)
    period: Period

    @classmethod
    def read(cls, raw: object) -> PeriodText:
        """A key that names a period.

        Raises:
            ValueError: it names none.
        """
        text = cls(str(raw).strip())
        text.period = raw.period if isinstance(raw, PeriodText) else Period.parse(text)
        return text


@dataclass(frozen=True)
class Each:
    """In a field that may be a mapping, as ``{exports: 1, imports: -0.5}``: its keys, and what each value is.

    It stands behind the marks of what else may be written there. A mapping whose keys are those of an
    uncertain number is one.

    Args:
        key: the type of a key.
        mark: of a value.
        keys: the pattern of a key, for editors.
        about: what may be written so, with an example; it stands behind the field's description.
        meaning: of one value.
    """

    key: Any
    mark: In
    keys: str
    about: str
    meaning: str

    @classmethod
    def of(cls, metadata: Iterable[Any]) -> Each | None:
        """The mark in a field's metadata, if it may be a mapping."""
        return next((mark for mark in metadata if isinstance(mark, Each)), None)

    def checked(self, value: Any) -> Any:
        """What was read, as it is; for fields that take less than what can be read.

        Raises:
            ValueError: it is none that the field takes.
        """
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        members = get_args(source)
        kind = next(member for member in members if get_origin(member) is dict)
        mappings: Any = dict
        mapping = TypeAdapter[Any](mappings[self.key, Annotated[get_args(kind)[1], self.mark]])
        others = handler(reduce(or_, (member for member in members if member is not kind)))
        uncertain = Uncertain in members

        def read(raw: Any, otherwise: Callable[[Any], Any]) -> Any:
            if not isinstance(raw, Mapping) or (uncertain and raw.keys() & set(KEYS)):
                return self.checked(otherwise(raw))
            return self.checked(mapping.validate_python(raw))

        return core_schema.no_info_wrap_validator_function(
            read,
            others,
            serialization=core_schema.plain_serializer_function_ser_schema(_written),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        shapes = [self.mark.unit.schema(self.mark.low, self.mark.high)]
        if "uncertain" in str(schema["schema"].get("metadata", "")):
            shapes += [form.schema(self.mark.unit, self.mark.low, self.mark.high) for form in FORMS]
        mapping = {
            "type": "object",
            "description": self.about,
            "minProperties": 1,
            "patternProperties": {self.keys: {"anyOf": shapes}},
            "additionalProperties": False,
        }
        rest = handler(schema["schema"])
        return {"anyOf": [*rest.get("anyOf", [rest]), mapping]}


def _written(value: Any) -> Any:
    """A value of a field that may be a mapping, as a file states it."""
    if isinstance(value, Mapping):
        return {str(key): _written(item) for key, item in value.items()}
    return value.written() if isinstance(value, Uncertain) else value


def read_date(raw: object) -> dt.date:
    """A date such as ``2018-10-31``."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    try:
        return dt.datetime.strptime(raw, "%Y-%m-%d").date()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"found {show(raw)}, expected a date that exists, such as 2018-10-31") from None


def read_text(raw: object) -> str:
    """Some text, without the space around it; nothing in it acts where it should be read."""
    if isinstance(raw, str) and tidy(raw):
        LETTERS.require(len(raw.strip()))
        if strange := acting(raw):
            raise ValueError(f"found the character {strange!a} in a text, which is no letter; take it out")
        return raw.strip()
    raise ValueError(f"found {'an empty text' if raw == '' else show(raw)}, expected some text")


def read_line(raw: object) -> str:
    """Some text on one line."""
    text = read_text(raw)
    if strange := next((mark for mark in "\n\t" if mark in text), ""):
        what = "a line break" if strange == "\n" else "a tab"
        raise ValueError(f"found {what} in {show(raw)}, expected one line; put a blank in its place")
    return text


def read_flag(raw: object) -> bool:
    """``true`` or ``false``."""
    if isinstance(raw, bool):
        return raw
    raise ValueError(f"found {show(raw)}, expected true or false")


def read_items(raw: object) -> object:
    """A list."""
    if isinstance(raw, list | tuple):
        return raw
    raise ValueError(f"found {show(raw)}, expected a list")


def read_some(raw: object) -> object:
    """A list that is not empty; one mapping is a list of one."""
    if isinstance(raw, Mapping | Strict):
        return [raw]
    if isinstance(raw, list | tuple) and raw:
        return raw
    raise ValueError(
        f"found {'an empty list' if raw == [] else show(raw)}, expected a mapping, or a list of them"
    )


_PART = r"(\d{4}(-Q[1-4]|-H[12]|-(0[1-9]|1[0-2]))?|FY ?\d{4}[-/](\d{2}|\d{4})|\d{4}/(\d{2}|\d{4}))"
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_YEAR = {"type": "integer", "minimum": 1900, "maximum": 2200}
_PERIOD: dict[str, list[Any]] = {"anyOf": [_YEAR, {"type": "string", "pattern": rf"^{_PART}(\.\.{_PART})?$"}]}
_NULL = {"type": "null"}


def _or_none(raw: object, read: Callable[[object], object]) -> object:
    return None if raw is None else read(raw)


PeriodKey = Annotated[PeriodText, PlainValidator(PeriodText.read)]
PERIOD_KEYS = _PERIOD["anyOf"][1]["pattern"]
Date = Annotated[dt.date, PlainValidator(read_date), WithJsonSchema(_DATE)]
OptionalDate = Annotated[
    dt.date | None,
    PlainValidator(lambda raw: _or_none(raw, read_date)),
    WithJsonSchema({"anyOf": [_DATE, _NULL]}),
]
_TEXT = {"type": "string", "minLength": 1, "maxLength": LETTERS.most}
_TEXT_OR_NONE = {"type": ["string", "null"], "maxLength": LETTERS.most}
Text = Annotated[str, PlainValidator(read_text), WithJsonSchema(_TEXT)]
OptionalText = Annotated[
    str | None,
    PlainValidator(lambda raw: _or_none(raw, read_text)),
    WithJsonSchema(_TEXT_OR_NONE),
]
Line = Annotated[str, PlainValidator(read_line), WithJsonSchema(_TEXT)]
OptionalLine = Annotated[
    str | None,
    PlainValidator(lambda raw: _or_none(raw, read_line)),
    WithJsonSchema(_TEXT_OR_NONE),
]
Flag = Annotated[bool, PlainValidator(read_flag), WithJsonSchema({"type": "boolean"})]
OptionalFlag = Annotated[
    bool | None,
    PlainValidator(lambda raw: _or_none(raw, read_flag)),
    WithJsonSchema({"type": ["boolean", "null"]}),
]
PeriodField = Annotated[Period, PlainValidator(Period.parse), PlainSerializer(str), WithJsonSchema(_PERIOD)]
OptionalPeriod = Annotated[
    Period | None,
    PlainValidator(lambda raw: _or_none(raw, Period.parse)),
    PlainSerializer(lambda period: None if period is None else str(period)),
    WithJsonSchema({"anyOf": [*_PERIOD["anyOf"], _NULL]}),
]
PeriodsField = Annotated[
    Period,
    PlainValidator(Periods.parse),
    PlainSerializer(
        lambda period: list(map(str, period.members)) if isinstance(period, Periods) else str(period)
    ),
    WithJsonSchema({"anyOf": [*_PERIOD["anyOf"], {"type": "array", "items": _PERIOD, "minItems": 1}]}),
]
IDENTIFIER = "[A-Za-z][A-Za-z0-9_-]{0,39}"  # what streams, levers and readings of the data are called
Identifier = Annotated[str, Field(pattern=f"^{IDENTIFIER}$")]
