"""What every model of the vocabulary is made of: closed frozen mappings, texts, dates, lists, identifiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from simulator.values.periods import Period
from simulator.values.wording import show


class Strict(BaseModel):
    """Frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, validate_default=True
    )


def read_date(raw: object) -> dt.date:
    """A date such as ``2018-10-31``."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    try:
        return dt.datetime.strptime(raw, "%Y-%m-%d").date()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"found {show(raw)}, expected a date that exists, such as 2018-10-31") from None


def read_text(raw: object) -> str:
    """Some text, without the space around it."""
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    raise ValueError(f"found {show(raw) if raw != '' else 'an empty text'}, expected some text")


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


_PART = r"\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?"
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_YEAR = {"type": "integer", "minimum": 1900, "maximum": 2200}
_PERIOD = {"anyOf": [_YEAR, {"type": "string", "pattern": rf"^{_PART}(\.\.{_PART})?$"}]}
_NULL = {"type": "null"}


def _or_none(raw: object, read: Callable[[object], object]) -> object:
    return None if raw is None else read(raw)


Date = Annotated[dt.date, PlainValidator(read_date), WithJsonSchema(_DATE)]
OptionalDate = Annotated[
    dt.date | None,
    PlainValidator(lambda raw: _or_none(raw, read_date)),
    WithJsonSchema({"anyOf": [_DATE, _NULL]}),
]
Text = Annotated[str, PlainValidator(read_text), WithJsonSchema({"type": "string", "minLength": 1})]
OptionalText = Annotated[
    str | None,
    PlainValidator(lambda raw: _or_none(raw, read_text)),
    WithJsonSchema({"type": ["string", "null"]}),
]
Flag = Annotated[bool, PlainValidator(read_flag), WithJsonSchema({"type": "boolean"})]
PeriodField = Annotated[Period, PlainValidator(Period.parse), PlainSerializer(str), WithJsonSchema(_PERIOD)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
