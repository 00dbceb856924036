"""A commented scenario file to start from: made-up countries, every field with its meaning, read off the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel

from simulator.levers import KINDS
from simulator.levers.driver import Driver
from simulator.scenario import Observation, Outlook, Scenario, Stream, Target
from simulator.values.fields import In
from simulator.values.uncertain import Uncertain

WIDTH = 128
HEAD = """\
# A scenario on two made-up countries. It runs as it stands, and documents every field of a scenario file:
# live lines are the example, lines behind a single # are fields that it leaves out, with their defaults.
#
# Periods: 2018, 2018-Q3, 2018-09, 2018-01..2018-09.
# Uncertain numbers, wherever a field takes a range: 5, {low: 1, likely: 2, high: 4}, {p5: 1, p95: 4}, {mean: 5, sd: 2},
# {alpha: 2, beta: 4}, {choices: {10: 0.3, 20: 0.7}}. Percents are written with their sign, money never is.
"""
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
    lines = [HEAD]
    lines += _fields(
        Scenario,
        {
            "title": "A pair and its target",
            "author": "you",
            "as_of": "2018-09-30",
            "home": "Northland",
            "partner": "Southland",
        },
    )
    lines += ["", "# What is to be reached. A list of targets must hold all at once."]
    lines += ["target:", *_fields(Target, {"measure": "turnover", "period": 2020, "at_least": 600}, "  ")]
    lines += ["", f"# {_text(Scenario, 'streams')}. Left out: exports and imports.", "streams:"]
    lines += [
        "  machinery:",
        *_fields(
            Stream,
            {"direction": "exports", "name": "Machinery", "share": {"low": 0.4, "likely": 0.5, "high": 0.6}},
            "    ",
        ),
    ]
    lines += ["  other: {direction: exports, name: Other goods}", "  imports: {direction: imports}"]
    lines += [
        "",
        "# The published figures. Each takes:",
        *_meanings(Observation),
        "observations:",
        *(f"  - {_flow(figure)}" for figure in FIGURES),
    ]
    lines += ["", *_comment(f"{_text(Scenario, 'alternatives')}."), "alternatives:", "  other-office:"]
    lines += [f"    - {_flow({'measure': 'turnover', 'period': 2017, 'value': 431.0})}"]
    lines += [
        "",
        f"# The {_text(Scenario, 'outlook')}, log points a year unless said; left out, the calibrated defaults.",
        "outlook:",
    ]
    lines += _fields(Outlook, {"trend": 0.04}, "  ")
    lines += ["", "# The measures. What all have in common stands at the first.", "levers:"]
    for number, kind in enumerate(kind for kind in KINDS if kind != "disruption"):
        lines += _lever(kind, common=number == 0)
    lines += [
        "",
        "# Named events beyond the usual risk, which the baseline holds already.",
        "risks:",
        *_lever("disruption", common=False),
    ]
    lines += [
        "",
        "notes: Everything here is made up.",
        "",
        "# extends: shipped:belarus-kazakhstan-2020   # lays this file over another: mappings merge,",
    ]
    lines += ["#   lists and values replace, null removes; a path is relative to this file."]
    return "\n".join(lines) + "\n"


def _lever(kind: str, *, common: bool) -> list[str]:
    model = KINDS[kind].model
    shared = () if common else tuple(Driver.model_fields)
    example = {"kind": kind} | EXAMPLES[kind]
    about = (model.__doc__ or "").strip().splitlines()[0]
    return [
        f"  {kind.replace('_', '-')}:",
        *_comment(about, "    "),
        *_fields(model, example, "    ", shared),
    ]


def _fields(
    model: type[BaseModel], example: Mapping[str, Any], indent: str = "", silent: tuple[str, ...] = ()
) -> list[str]:
    """One line a field with its meaning: live where the example states it, else commented out with its default."""
    sections = (
        ("target", "streams", "observations", "alternatives", "outlook", "levers", "risks", "notes")
        if model is Scenario
        else ()
    )
    lines: list[str] = []
    for name, field in sorted(model.model_fields.items(), key=lambda item: item[0] not in example):
        if name in sections or (name in silent and name not in example):
            continue
        stated = name in example
        value = _flow(example[name]) if stated else _default(field)
        meaning = f"{field.description or ''}{_unit(field)}{_options(field)}"
        lines += _line(f"{indent}{'' if stated else '# '}{name}: {value}", meaning, indent)
    return lines


def _line(text: str, meaning: str, indent: str) -> list[str]:
    if not meaning:
        return [text]
    if len(text) + len(meaning) + 4 <= WIDTH:
        return [f"{text}  # {meaning}"]
    return [*_comment(meaning, indent), text]


def _comment(text: str, indent: str = "") -> list[str]:
    import textwrap

    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   ")


def _meanings(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield from _comment(f"  {name}: {field.description}{_unit(field)}")


def _text(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].description or ""


def _unit(field: Any) -> str:
    mark = next((mark for mark in field.metadata if isinstance(mark, In)), None)
    return f" [{mark.unit}{', ' + mark.source if mark.source else ''}]" if mark else ""


def _options(field: Any) -> str:
    members = (
        [field.annotation, *get_args(field.annotation)]
        if get_origin(field.annotation) in (Union, UnionType)
        else [field.annotation]
    )
    words = [word for member in members if get_origin(member) is Literal for word in get_args(member)]
    return f": {', '.join(words)}" if len(words) > 1 else ""


def _default(field: Any) -> str:
    default = field.get_default(call_default_factory=True) if not field.is_required() else ""
    return (
        _flow(default.written() if isinstance(default, Uncertain) else default)
        if default is not None
        else "null"
    )


def _flow(value: Any) -> str:
    """A value as flow YAML in one line."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return (
            value
            if value and yaml.safe_dump(value, default_flow_style=True, width=10**6).split("\n")[0] == value
            else f'"{value}"'
        )
    return "true" if value is True else "false" if value is False else f"{value}"
