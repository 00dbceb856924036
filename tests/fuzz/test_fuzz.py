"""Whatever is handed in ends in an answer or one of our errors. A handful of inputs by default, half a minute in CI."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.fuzz.found import FOUND
from tests.fuzz.kinds import KINDS, Kind
from tests.fuzz.trial import Outcome, one, tried
from tests.tiers import CI

QUICK = 40  # inputs of all kinds together
IN_CI = 2_400
SEED = 7


@pytest.mark.parametrize("name", KINDS)
def test_every_input_ends_in_an_answer_or_a_refusal(name: str) -> None:
    kind = KINDS[name]
    whole = sum(kind.share for kind in KINDS.values())
    count = round((IN_CI if CI else QUICK) * kind.share / whole)
    outcome = tried(kind, max(count, 1), SEED)
    assert outcome.inputs >= max(count, 1) / 2
    assert not outcome.faults


@pytest.mark.parametrize(
    ("name", "sent", "wrong"), FOUND, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_what_was_found_stays_mended(name: str, sent: Any, wrong: str) -> None:
    outcome = Outcome(name)
    one(outcome, KINDS[name], sent)
    assert not outcome.faults, wrong


def test_a_fault_is_seen_and_its_smallest_input_kept() -> None:
    def take(number: int) -> bool:
        if number > 100:
            raise KeyError(number % 2)
        if number > 50:
            raise ValueError("found too much, expected less")
        return True

    kind = Kind("numbers", lambda: st.integers(0, 1000), take, (ValueError,), 1)
    outcome = tried(kind, 200)
    assert outcome.accepted > 0
    assert outcome.refused == outcome.inputs - outcome.accepted
    assert {name.partition(" at")[0] for name in outcome.faults} == {"KeyError"}
    assert all(100 < number < 1000 for number in outcome.faults.values())
