"""Knobs: found by the fields' metadata, turned by their path. Default tier."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Scenario, load_scenario
from simulator.scenario.parameters import knobs, turned
from simulator.values.basis import Basis
from simulator.values.forms import parse
from tests.cases import LEVERS, SLUMP, scenario

SHIPPED = sorted((Path(__file__).parent.parent.parent / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_knob_holds_its_value_and_can_be_turned(path: Path) -> None:
    case = load_scenario(path)
    found = knobs(case)
    assert len({knob.path for knob in found}) == len(found)
    for knob in found:
        assert knob.low <= knob.value <= knob.high, knob
        assert knob.help, knob
        assert knob.source, knob
    ids = {f"{section}.{key}" for section in ("levers", "risks") for key in getattr(case, section)}
    assert {knob.path.rpartition(".")[0] for knob in found if knob.main} >= {
        i for i in ids if _has_number(case, i)
    }


def _has_number(case: Scenario, place: str) -> bool:
    section, key = place.split(".")
    measure = getattr(case, section)[key]
    return not isinstance(getattr(measure, measure.main_field), tuple)


def test_turning_a_knob_to_its_own_value_changes_nothing() -> None:
    case = scenario(levers=LEVERS, risks=SLUMP)
    for knob in knobs(case):
        again = {k.path: k.value for k in knobs(turned(case, {knob.path: knob.value}))}
        assert again == pytest.approx({k.path: k.value for k in knobs(case)}), knob.path


def test_the_main_value_takes_the_ends_along_in_ratio() -> None:
    values = {
        "levers.ventures.money": 40,
        "levers.support.percent": 0.06,
        "target.at_least": 900,
        "levers.ventures.start": 2019 * 12,
    }
    case = turned(scenario(levers=LEVERS), values)
    assert case.levers["ventures"].money.parameters == (10, 40, 120)
    low, high = case.levers["support"].percent.parameters
    assert high / low == pytest.approx(12)
    assert case.levers["support"].percent.main == pytest.approx(0.06)
    assert case.levers["ventures"].start.written() == {
        "low": "2018-08",
        "likely": "2019-01",
        "high": "2020-01",
    }
    assert case.target[0].at_least == 900
    ends = turned(case, {"levers.ventures.money.high": 200})
    assert ends.levers["ventures"].money.parameters == (10, 40, 200)


def test_bounds_of_the_file_and_judgement_are_told() -> None:
    lever = LEVERS["ventures"] | {
        "bounds": {"money": [0, 30]},
        "sources": {"money": "a study", "phase_in": "judgement"},
    }
    found = {knob.path: knob for knob in knobs(scenario(levers={"v": lever}))}
    money = found["levers.v.money"]
    assert (money.low, money.high, money.main, money.basis, money.source) == (
        0,
        30,
        True,
        Basis.STUDY,
        "a study",
    )
    assert found["levers.v.phase_in"].basis is Basis.JUDGEMENT
    assert found["levers.v.money.low"].part
    assert "outlook.trend" in found


def test_an_unknown_knob_and_a_value_out_of_bounds_are_told() -> None:
    with pytest.raises(KeyError, match=r"expected one of target\.at_least"):
        turned(scenario(), {"levers.none.money": 1})
    with pytest.raises(ValueError, match="from 0 to 1"):
        turned(scenario(levers=LEVERS), {"levers.rules.probability": 1.5})


RANGES = [
    {"low": 0.1, "likely": 0.2, "high": 0.5},
    {"p5": 0.1, "p95": 0.4},
    {"mean": 0.3, "sd": 0.1},
    {"alpha": 2, "beta": 4},
    0.3,
]


@given(st.floats(0.01, 0.4), st.sampled_from(RANGES))
def test_a_moved_range_has_the_main_value_asked_for(value: float, written: object) -> None:
    assert parse(written, "share", 0, 1).about(value).main == pytest.approx(value, rel=1e-6)
