"""Every form of every number of the vocabulary survives load, turn, write and load. Default tier."""

from __future__ import annotations

import math
import random
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from simulator import Scenario
from simulator.analysis.mix import late_by
from simulator.analysis.tornado import percentile
from simulator.analysis.uncertain_fields import uncertain
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.levers import KINDS
from simulator.scenario import Outlook, Stream
from simulator.scenario.parameters import knobs, turned, written
from simulator.values.fields import In
from simulator.values.forms import FORMS, Normal, parse
from simulator.values.uncertain import Uncertain
from simulator.values.units import ABOVE_ZERO, Unit
from tests.cases import SPLIT, scenario
from tests.tiers import examples

BASE = """\
title: Every number  # of the vocabulary
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 1000}
"""
REQUIRED: dict[str, dict[str, Any]] = {
    "joint_ventures": {"count": 3, "planned_exports_each": 4},
    "preference": {"margin": "8%", "paid_by": "budget"},
    "disruption": {"yearly_probability": 0.1, "depth": "30%"},
    "interregional_deals": {"signed": 4, "value_each": 2},
    "corridor": {"percent": "2%"},
    "harmonisation": {"barrier_cost": "9%"},
    "custom": {"percent": "2%"},
}
INSTEAD = {
    "percent": "barrier_cost",
    "money": "percent",
    "days_saved": "percent",
    "cost_saved": "percent",
}  # of alternatives one is stated
FORM = {form.__name__.lower(): form for form in FORMS}
ANY_FORM = ("certain", *FORM)


@cache
def vocabulary(model: type[BaseModel], prefix: str = "") -> dict[str, tuple[In, bool]]:
    """Every number of a model by its path: its mark, and whether it may be uncertain."""
    found = {}
    for name, field in model.model_fields.items():
        members = (
            get_args(field.annotation)
            if get_origin(field.annotation) in (Union, UnionType)
            else (field.annotation,)
        )
        mark = next((mark for mark in field.metadata if isinstance(mark, In)), None)
        if mark is not None:
            found[prefix + name] = (mark, Uncertain in members)
        for member in members:
            if isinstance(member, type) and issubclass(member, BaseModel):
                found |= vocabulary(member, f"{prefix}{name}.")
    return found


def leaf(mark: In, rng: random.Random) -> float:
    """A value that a field takes: at a bound, of few digits, or of as many as a float holds."""
    if mark.unit in ("month", "whole number"):
        low, high = {"month": (12 * 2017, 12 * 2023)}.get(mark.unit, (int(mark.low), 40))
        return float(rng.randint(low, high))
    wide = 60.0 if mark.unit.startswith("money") else 3.0
    least = 0.001 if mark.low == ABOVE_ZERO else max(mark.low, -wide)
    value = rng.choice(
        [
            least,
            round(rng.uniform(least, min(mark.high, wide)), 2),
            rng.uniform(least, min(mark.high, wide)),
            1.0,
        ]
    )
    return min(max(value, least), mark.high)


def number(mark: In, form: str, rng: random.Random) -> Any:
    """A number in a form, as a file states it."""
    if form == "certain":
        return mark.unit.written(leaf(mark, rng))
    if form == "choices":
        values = sorted({mark.unit.written(leaf(mark, rng)) for _ in range(3)}, key=str)
        return {"choices": {value: 1 / len(values) for value in values}}
    if form == "beta":
        return {"alpha": rng.uniform(0.001, 9), "beta": rng.choice([0.5, 2, rng.uniform(0.01, 90)])}
    if form == "normal":
        return {
            "mean": mark.unit.written(leaf(mark, rng)),
            "sd": Normal.unit_of("sd", mark.unit).written(rng.choice([0.0, 6.0, rng.random()])),
        }
    values = sorted(leaf(mark, rng) for _ in FORM[form].keys)
    return dict(zip(FORM[form].keys, map(mark.unit.written, values), strict=True))


def possible(mark: In, may_be_uncertain: bool, form: str) -> bool:
    return form == "certain" or (may_be_uncertain and (form != "beta" or mark.low < 1))


def everything(form: str, rng: random.Random) -> dict[str, Any]:
    """Sections of a scenario in which each number of the vocabulary stands once in that form, each in a lever of its own."""
    sections: dict[str, Any] = {
        "levers": {},
        "risks": {},
        "outlook": {},
        "streams": {"imports": {"direction": "imports"}, "rest": {"direction": "exports"}},
    }
    for kind, room in KINDS.items():
        for place, (path, each) in enumerate(vocabulary(room.model).items()):
            if possible(*each, form):
                sections["risks" if kind == "disruption" else "levers"][f"{kind}-{place}"] = lever(
                    kind, path, number(each[0], form, rng)
                )
    sections["outlook"] = {
        path: number(each[0], form, rng)
        for path, each in vocabulary(Outlook).items()
        if possible(*each, form)
    }
    for key in ("a", "b"):
        sections["streams"][key] = {
            "direction": "exports",
            "share": number(vocabulary(Stream)["share"][0], form, rng),
        }
    return sections


def lever(kind: str, path: str, value: Any) -> dict[str, Any]:
    """A lever of a kind with a number at a path."""
    found: dict[str, Any] = {"kind": kind} | REQUIRED.get(kind, {})
    if path in INSTEAD and path not in found:
        found.pop(INSTEAD[path], None)
    outer, _, inner = path.partition(".")
    if outer == "overlap":  # a group has one cap
        return found | {"overlap": {"group": kind, "cap": value}}
    if outer == "together":  # of an uncertain main value only
        certain = kind in ("joint_ventures", "interregional_deals")
        return found | ({} if certain else {"together": {"group": kind, "correlation": value}})
    return found | {outer: {inner: value} if inner else value}


def text_of(sections: dict[str, Any]) -> str:
    return edited(
        BASE,
        {"observations": SPLIT[:2]} | {name: section for name, section in sections.items() if section},
        "a file",
    )


def test_the_walk_finds_every_unit() -> None:
    marks = [each for room in KINDS.values() for each in vocabulary(room.model).values()]
    units = {
        "percent",
        "share",
        "probability",
        "number",
        "money",
        "money a year",
        "month",
        "months",
        "years",
        "days",
    }
    assert {mark.unit for mark, may_be_uncertain in marks if may_be_uncertain} == units
    assert len(marks) > 80


FORM_AND_SEED = given(st.sampled_from(ANY_FORM), st.integers(0, 10**6))


@FORM_AND_SEED
@settings(max_examples=examples(24, 5), deadline=None)
def test_what_is_written_reads_back_in_every_form_of_every_field(form: str, seed: int) -> None:
    scenario = load_text(text_of(everything(form, random.Random(seed))), "a file").scenario
    assert Scenario.model_validate(scenario.model_dump(exclude_unset=True)) == scenario
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    stated = {
        section: scenario.model_dump(exclude_unset=True)[section]
        for section in ("levers", "risks", "outlook", "streams")
    }
    assert load_text(text_of(stated), "a file").scenario == scenario


@FORM_AND_SEED
@settings(max_examples=examples(24, 5), deadline=None)
def test_every_knob_turned_stands_where_it_was_turned_and_the_file_says_the_same(
    form: str, seed: int
) -> None:
    rng = random.Random(seed)
    text = text_of(everything(form, rng))
    scenario = load_text(text, "a file").scenario
    known = {knob.path: knob for knob in knobs(scenario)}
    values: dict[str, float] = {}
    for path, knob in known.items():
        assert knob.low <= knob.high, knob
        if knob.part and not path.endswith(".sd"):
            continue  # one end of a range cannot go beyond the other; its main value takes it along
        if knob.part and rng.random() < 0.5:
            continue
        wanted = rng.choice([knob.low, knob.high, knob.value, rng.uniform(knob.low, knob.high)])
        values[path] = (
            float(math.floor(wanted)) if knob.unit in ("month", "whole number") else round(wanted, 6)
        )
    moved = turned(scenario, values)
    found = {knob.path: knob.value for knob in knobs(moved)}
    for path, value in values.items():
        assert found[path] == pytest.approx(value, rel=1e-8, abs=2e-6), (path, known[path])
    again = load_text(edited(text, written(scenario, values), "a file"), "a file").scenario
    assert again == moved
    assert Scenario.model_validate(moved.model_dump(exclude_unset=True)) == moved


@FORM_AND_SEED
@settings(max_examples=12, deadline=None)
def test_what_sensitivity_and_mix_make_of_a_scenario_is_a_scenario(form: str, seed: int) -> None:
    rng = random.Random(seed)
    scenario = load_text(text_of(everything(form, rng)), "a file").scenario
    data = late_by(scenario, 7, 24000).model_dump(exclude_unset=True)
    assert Scenario.model_validate(data).model_dump(exclude_unset=True) == data
    fields = list(uncertain(scenario))
    for field in rng.sample(fields, min(5, len(fields))):
        for level in (1e-6, 0.9):
            scenario.restated({field.address: percentile(field.number, level)})


def test_a_month_about_which_there_is_a_normal_moves_and_keeps_its_sd_in_months() -> None:
    lever = {"kind": "custom", "percent": "4%", "start": {"mean": "2019-06", "sd": 6}}
    scenario = load_text(text_of({"levers": {"one": lever}}), "a file").scenario
    told = {knob.path: (knob.value, knob.unit) for knob in knobs(scenario)}
    assert told["levers.one.start"] == (12 * 2019 + 5, "month")
    assert told["levers.one.start.sd"] == (6, "months")
    moved = turned(scenario, {"levers.one.start": 12 * 2020.0, "levers.one.start.sd": 2.5})
    assert moved.levers["one"].start.written() == {"mean": "2020-01", "sd": 2.5}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("raw", "unit", "message"),
    [
        ({"alpha": 2, "beta": 4}, "month", "expected a month, or a range of months"),
        ({"alpha": 2, "beta": 4}, "delivery", "expected from 1 to 240"),
        ({"alpha": 1e-9, "beta": 4}, "share", "expected from 0.000001 to 1000000000"),
        (1e300, "money", "at most 30 digits"),
        ({"p5": 1, "p95": 1e300}, "money", "at most 30 digits"),
        ({"mean": "2019-06", "sd": "6%"}, "month", "without a percent sign"),
    ],
)
def test_what_a_unit_cannot_take_is_told(raw: object, unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(raw, "months", 1, 240) if unit == "delivery" else parse(raw, unit)


def test_equal_choices_are_one_and_small_and_large_numbers_are_written_plainly() -> None:
    drawn = parse({"choices": {"10": 0.3, "10.0": 0.3, "0.00001": 0.4}}, "money")
    assert drawn.written() == {"choices": {"0.00001": 0.4, "10": 0.6}}
    assert parse(drawn.written(), "money") == drawn
    assert Unit.PERCENT.written(1e-7) == "0.00001%"


def test_no_draw_of_a_wide_range_is_infinite() -> None:
    drawn = parse({"p5": 1e-30, "p95": 1e30}, "money").quantile([1e-300, 0.5, 1 - 1e-16])
    assert 0 <= drawn[0] < drawn[1] < drawn[2] < math.inf


def test_copies_take_along_what_depends_on_the_figures_alone() -> None:
    case = scenario()
    evidence, grounds = case.evidence, case.grounds
    for copied in (case.model_copy(update={"outlook": Outlook(tails=4)}), case.changed(title="Another")):
        assert copied.evidence is evidence
        assert copied.grounds is grounds
    other = case.model_copy(update={"observations": case.observations[:2]})
    assert other.evidence != evidence
    assert hash(case.evidence) == hash(scenario().evidence)
    assert case.evidence == scenario().evidence
