"""A commented scenario file to start from: made-up countries, and every field with its meaning."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.levers import KINDS
from simulator.levers.driver import Driver
from simulator.scenario import Observation, Outlook, Scenario, Series, Shock, Stream, Target
from simulator.scenario.remarks import REMARKS, Comment, Entry
from simulator.values.fields import Each, In
from simulator.values.notation import flow, quoted
from simulator.values.uncertain import Uncertain

WIDTH = 128
SECTIONS = (
    "target",
    "streams",
    "observations",
    "alternatives",
    "shocks",
    "outlook",
    "levers",
    "risks",
    "notes",
    *REMARKS,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
HEAD = """\
# A scenario on two made-up countries. It runs as it stands, and documents every field of a scenario file:
# live lines are the example, lines behind a single # are fields that it leaves out, with their defaults.
#
# Periods: 2018, 2018-Q3, 2018-09, 2018-01..2018-09.
# Uncertain numbers, wherever a field takes a range: \
5, {low: 1, likely: 2, high: 4}, {p5: 1, p95: 4}, {mean: 5, sd: 2},
# {alpha: 2, beta: 4}, {choices: {10: 0.3, 20: 0.7}}. Percents are written with their sign, money never is;
# money in a currency that has a rate may name it: 12.3 EUR.
"""
PAIR = {
    "title": "A pair and its target",
    "author": "you",
    "as_of": "2018-09-30",
    "rates": {"EUR": {2016: 1.107, 2017: 1.13, 2018: 1.18}},
    "home": "Northland",
    "partner": "Southland",
}
FIGURES: list[dict[str, Any]] = [
    {"measure": "turnover", "period": 2016, "value": 402.5, "source": "made up"},
    {"measure": "turnover", "period": 2017, "value": 455.1, "growth": "13.1%", "source": "made up"},
    {"measure": "exports", "period": 2017, "value": 301.7},
    {"measure": "imports", "period": 2017, "value": 153.4},
    {
        "measure": "turnover",
        "period": "2018-01..2018-06",
        "value": 238.0,
        "error": "2%",
        "published": "2018-08-20",
    },
    {"measure": "imports", "period": 2016, "between": [136, 144], "source": "made up, from a press report"},
    {
        "measure": "exports",
        "from": 2014,
        "every": "year",
        "values": [None, 210.4, 262.4],
        "source": "made up",
    },
]
EXAMPLES: dict[str, dict[str, Any]] = {
    "joint_ventures": {
        "count": 4,
        "planned_exports_each": {"p5": 1, "p95": 12},
        "start": "2019-01",
        "streams": ["machinery"],
    },
    "preference": {
        "margin": "8%",
        "paid_by": "budget",
        "start": "2019-01",
        "phase_in": 12,
        "streams": ["machinery"],
    },
    "interregional_deals": {
        "signed": 4,
        "value_each": {"p5": 1, "p95": 15},
        "start": "2019-03",
        "streams": ["exports"],
    },
    "corridor": {
        "days_saved": {"low": 1, "likely": 2, "high": 4},
        "share": 0.3,
        "start": "2019-09",
        "probability": 0.6,
    },
    "harmonisation": {
        "barrier_cost": {"low": "4%", "likely": "10%", "high": "30%"},
        "start": "2019-01",
        "phase_in": 24,
    },
    "promotion": {"share": 0.5, "start": "2019-04", "streams": ["exports"]},
    "custom": {"percent": {"low": "-2%", "likely": "0%", "high": "4%"}, "start": "2019-01"},
    "disruption": {"yearly_probability": 0.05, "depth": "30%"},
}


def starter() -> str:
    """The text of a scenario file that runs and documents every field."""
    sections = (_top, _target, _streams, _figures, _alternatives, _shocks, _outlook, _levers, _risks, _end)
    return "\n".join([HEAD, *(line for section in sections for line in section())]) + "\n"


def _top() -> Iterator[str]:
    yield from _fields(Scenario, PAIR)


def _target() -> Iterator[str]:
    yield from ("", "# What is to be reached. A list of targets must hold all at once.", "target:")
    yield from _fields(Target, {"measure": "turnover", "period": 2020, "at_least": 600}, "  ")


def _streams() -> Iterator[str]:
    yield from ("", f"# {_meaning(Scenario, 'streams')}. Left out: exports and imports.", "streams:")
    share = {"low": 0.4, "likely": 0.5, "high": 0.6}
    yield "  machinery:"
    yield from _fields(Stream, {"direction": "exports", "name": "Machinery", "share": share}, "    ")
    yield "  other: {direction: exports, name: Other goods}"
    yield "  imports: {direction: imports}"


def _figures() -> Iterator[str]:
    yield from ("", "# The published figures. Each takes:")
    yield from _listed(Observation)
    yield "# or, for a table of months, quarters or years:"
    yield from _listed(Series)
    yield "observations:"
    yield from (f"  - {_line(figure)}" for figure in FIGURES)


def _listed(model: type[BaseModel]) -> Iterator[str]:
    """The fields of a model with their meaning, as comments."""
    for name, field in model.model_fields.items():
        yield from _comment(f"  {name}: {field.description}{_unit(field)}{_options(field)}")


def _alternatives() -> Iterator[str]:
    yield from ("", *_comment(f"{_meaning(Scenario, 'alternatives')}."), "alternatives:", "  other-office:")
    yield f"    - {_line({'measure': 'turnover', 'period': 2017, 'value': 431.0})}"


def _shocks() -> Iterator[str]:
    yield from ("", *_comment(f"{_meaning(Scenario, 'shocks')}."), "shocks:", "  closed-border:")
    yield from _fields(Shock, {"period": "2015-03..2015-05", "streams": ["imports"]}, "    ")


def _outlook() -> Iterator[str]:
    about = "log points a year unless said; left out, the calibrated defaults."
    yield from ("", f"# The {_meaning(Scenario, 'outlook')}, {about}", "outlook:")
    yield from _fields(Outlook, {"trend": 0.04}, "  ")


def _levers() -> Iterator[str]:
    yield from ("", "# The measures. What all have in common stands at the first.", "levers:")
    for number, kind in enumerate(kind for kind in KINDS if kind != "disruption"):
        yield from _driver(kind, common=number == 0)


def _risks() -> Iterator[str]:
    yield from ("", "# Named events beyond the usual risk, which the baseline holds already.", "risks:")
    yield from _driver("disruption", common=False)


def _end() -> Iterator[str]:
    yield from ("", "notes: Everything here is made up.", "")
    approval = flow({"by": "A Name", "on": "2018-10-01"}, text=str)
    yield from _comment(f"approved: {approval}  # {_meaning(Scenario, 'approved')}")
    yield from _comment(f"reviewed_by: A Second Name  # {_meaning(Scenario, 'reviewed_by')}")
    yield from _comment(f"reviewed_on: 2018-10-02  # {_meaning(Scenario, 'reviewed_on')}")
    yield from _comment(f"log:  # {_meaning(Scenario, 'log')}. Each takes:")
    yield from _listed(Entry)
    yield from _comment(f"comments:  # {_meaning(Scenario, 'comments')}. Each takes:")
    yield from _listed(Comment)
    yield ""
    yield "# extends: shipped:belarus-kazakhstan-2020   # lays this file over another: mappings merge,"
    yield "#   lists and values replace, null removes; a path is relative to this file."


def _driver(kind: str, *, common: bool) -> Iterator[str]:
    """A lever or risk; with the fields that all of them have, or those that its example states."""
    model = KINDS[kind].model
    about = (model.__doc__ or "").strip().splitlines()[0]
    yield f"  {kind.replace('_', '-')}:"
    yield from _comment(about, "    ")
    yield from _fields(
        model, {"kind": kind} | EXAMPLES[kind], "    ", () if common else tuple(Driver.model_fields)
    )


def _fields(
    model: type[BaseModel], example: Mapping[str, Any], indent: str = "", silent: Sequence[str] = ()
) -> Iterator[str]:
    """One line a field with its meaning: live where the example states it, else a comment with its default.

    Of the ``silent`` ones only those that the example states.
    """
    for name, field in sorted(model.model_fields.items(), key=lambda item: item[0] not in example):
        if name in example:
            yield from _explained(f"{indent}{name}: {_line(example[name])}", field, indent)
        elif name not in silent and not (model is Scenario and name in SECTIONS):
            yield from _explained(f"{indent}# {name}: {_default(field)}", field, indent)


def _explained(line: str, field: FieldInfo, indent: str) -> list[str]:
    """A field's line with its meaning behind it, or above it where it is long."""
    also = f"; {items.about}" if (items := Each.of(field.metadata)) else ""
    meaning = f"{field.description or ''}{also}{_unit(field)}{_options(field)}"
    if not meaning:
        return [line]
    if len(line) + len(meaning) + 4 <= WIDTH:
        return [f"{line}  # {meaning}"]
    return [*_comment(meaning, indent), line]


def _comment(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   ")


def _meaning(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].description or ""


def _unit(field: FieldInfo) -> str:
    mark = In.of(field.metadata)
    return f" [{mark.unit}{', ' + mark.source if mark.source else ''}]" if mark else ""


def _options(field: FieldInfo) -> str:
    """The words that a field takes, if it takes only some."""
    annotation = field.annotation
    members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    words = [word for member in members if get_origin(member) is Literal for word in get_args(member)]
    return f": {', '.join(words)}" if len(words) > 1 else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return _line("")
    default = field.get_default(call_default_factory=True)
    return _line(default.written() if isinstance(default, Uncertain) else default)


def _line(value: Any) -> str:
    """A value on one line, its numbers with the digits that they have here."""
    return flow(value, text=_text, number=str)


def _text(text: str) -> str:
    """A text, quoted also where other readers of YAML would take it for a date."""
    return f'"{text}"' if _DATE.fullmatch(text) else quoted(text)
