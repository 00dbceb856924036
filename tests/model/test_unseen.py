"""What is so rare that no draw holds it is in the error of the answer, and is told. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulator import Result, simulate
from tests.cases import SLUMP, scenario

HELP: dict[str, Any] = {"kind": "custom", "percent": "60%", "start": "2019-01"}
RARE = 2e-5


def answer(points: int = 1024, **fields: Any) -> Result:
    return simulate(scenario(**fields), points=points)


def told(result: Result) -> bool:
    return any("comes up in none of 1,024 draws" in note for note in result.notes)


@pytest.mark.parametrize("chance", [RARE, 1 - RARE])
def test_that_a_measure_happens_or_does_not(chance: float) -> None:
    with_it, without = answer(levers={"help": HELP}), answer(levers={})
    expected = chance * with_it.probability + (1 - chance) * without.probability
    result = answer(levers={"help": HELP | {"probability": chance}})
    assert told(result)
    apart = abs(result.probability - expected)
    assert 0 < apart < RARE
    assert np.hypot(apart, min(with_it.standard_error, without.standard_error)) <= result.standard_error


def test_of_measures_that_require_one_another_that_all_happen() -> None:
    one = HELP | {"probability": 0.01}
    levers = {"a": one, "b": one | {"requires": "a"}, "c": one | {"requires": "b"}}
    parts = simulate(scenario(levers=levers), points=1024).flows.effects.parts
    unseen = {part.lever.requires: part.unseen for part in parts}
    assert unseen[None] == 0
    assert unseen["a"] == pytest.approx(1e-4)
    assert unseen["b"] == pytest.approx(1e-6)


def test_one_of_some_choices() -> None:
    few = {"choices": {"0%": 1 - 2 * RARE, "60%": RARE, "70%": RARE}}
    result = answer(levers={"help": HELP | {"percent": few}})
    assert told(result)
    (part,) = result.flows.effects.parts
    assert part.unseen == pytest.approx(2 * RARE)


def test_that_a_risk_strikes() -> None:
    risk = SLUMP["slump"] | {"yearly_probability": RARE}
    result = answer(risks={"slump": risk})
    assert told(result)
    (part,) = result.flows.effects.parts
    assert part.unseen == pytest.approx(RARE * 26 / 12, rel=0.3)  # of the months up to the end of 2020


def test_what_draws_hold_is_not_told() -> None:
    levers = {"help": HELP | {"probability": 0.02, "percent": {"choices": {"0%": 0.98, "60%": 0.02}}}}
    result = answer(levers=levers, risks=SLUMP)
    assert not told(result)
    assert not any(part.unseen for part in result.flows.effects.parts)


def test_a_risk_that_is_certain_within_a_year_strikes_at_once() -> None:
    """As a stop of as much would do, from the first month ahead on."""
    risk = SLUMP["slump"] | {"yearly_probability": "100%", "depth": "40%", "recovery": "never"}
    fall = {"kind": "custom", "percent": "-40%", "start": "2018-10"}
    struck, fallen = answer(levers={}, risks={"slump": risk}), answer(levers={"fall": fall})
    assert struck.probability == pytest.approx(fallen.probability, abs=1e-12)


def test_choices_of_what_hardly_happens_count_with_its_chance() -> None:
    few = {"choices": {"0%": 1 - RARE, "60%": RARE}}
    (part,) = answer(levers={"help": HELP | {"percent": few, "probability": 0.1}}).flows.effects.parts
    assert part.unseen == pytest.approx(0.1 * RARE)


def test_a_risk_that_requires_a_late_measure_strikes_no_earlier() -> None:
    risk = SLUMP["slump"] | {"yearly_probability": RARE, "requires": "help"}
    late = HELP | {"start": "2020-07"}
    parts = answer(levers={"help": late}, risks={"slump": risk}).flows.effects.parts
    (part,) = [part for part in parts if part.lever.requires]
    assert part.unseen == pytest.approx(RARE * 6 / 12, rel=0.01)  # of the months from July to December 2020
