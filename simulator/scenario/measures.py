"""What figures and targets speak of: a total, a stream, or several streams added up."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from simulator.values.fields import read_text
from simulator.values.wording import show

TOTALS = ("turnover", "exports", "imports")
MEASURES = (*TOTALS, "balance")
PLUS = " + "  # between the parts of a sum


def read_measure(raw: object) -> str:
    """The name of a measure; of a list of them, and of names with a plus between them, the sum's.

    ``oil + gas``.

    Raises:
        ValueError: no text, an empty list, or a part that stands in it twice.
    """
    parts = [read_text(part) for part in raw] if isinstance(raw, list | tuple) else read_text(raw).split("+")
    names = [part.strip() for part in parts]
    if not names or not all(names):
        raise ValueError(f"found {show(raw)}, expected a measure, or a list of streams that are added up")
    if len(set(names)) < len(names):
        raise ValueError(f"found {PLUS.join(names)}, a sum with a part that stands in it twice")
    return PLUS.join(names)


def parts(measure: str) -> tuple[str, ...]:
    """The measures that are added up; of one that is no sum itself alone."""
    return tuple(measure.split(PLUS))


def written(measure: str | None) -> str | list[str] | None:
    """A measure as a file states it: a sum as a list."""
    return list(parts(measure)) if measure and PLUS in measure else measure


_NAMES = {"type": "string", "minLength": 1}
_MEASURE = [_NAMES, {"type": "array", "items": _NAMES, "minItems": 1}]
MeasureField = Annotated[
    str, PlainValidator(read_measure), PlainSerializer(written), WithJsonSchema({"anyOf": _MEASURE})
]
OptionalMeasure = Annotated[
    str | None,
    PlainValidator(lambda raw: None if raw is None else read_measure(raw)),
    PlainSerializer(written),
    WithJsonSchema({"anyOf": [*_MEASURE, {"type": "null"}]}),
]
