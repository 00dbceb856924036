"""What a browser keeps of scenarios that were changed and not saved. Default tier."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.drafts import MOST, Drafts

FLAGSHIP = "belarus-kazakhstan-2020"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=10),
    lambda part: (
        st.lists(part, max_size=4)
        | st.dictionaries(st.sampled_from(("name", "title", "word", "when")), part, max_size=4)
    ),
    max_leaves=10,
)


@pytest.fixture
def desk() -> Desk:
    return Desk.of_shipped(FLAGSHIP)


def handed_over(drafts: Drafts) -> list[Any]:
    """What the browser hands over when it is opened again."""
    kept: list[Any] = drafts.message()["drafts"]
    return kept


def test_a_draft_comes_back_as_it_was(desk: Desk) -> None:
    drafts, later = Drafts(), Drafts()
    desk.turn("target.at_least", 900.0)
    drafts.follow(desk, NOON)
    later.read(handed_over(drafts))
    waiting = later.waiting(Desk.of_shipped(FLAGSHIP))
    assert waiting is not None
    assert waiting.day == "27 November 2026, 12:00 UTC"
    opened, _, complaints = link.opened(waiting.word, Desk.of_shipped(FLAGSHIP))
    assert not complaints
    assert opened.values == desk.values


def test_what_is_taken_back_or_saved_is_forgotten(desk: Desk) -> None:
    for end in (desk.undo, desk.keep):
        drafts = Drafts()
        desk.turn("target.at_least", 900.0)
        drafts.follow(desk)
        assert handed_over(drafts)
        end()
        drafts.follow(desk)
        assert drafts.message() == {"drafts": [], "gone": [FLAGSHIP]}


def test_a_draft_of_an_earlier_visit_is_offered_and_not_lost_by_looking(desk: Desk) -> None:
    earlier, later = Drafts(), Drafts()
    desk.turn("target.at_least", 900.0)
    earlier.follow(desk)
    later.read(handed_over(earlier))
    later.follow(Desk.of_shipped(FLAGSHIP))
    assert later.message()["gone"] == []
    assert later.waiting(Desk.of_shipped(FLAGSHIP)) is not None
    assert later.waiting(desk) is None
    later.forget(FLAGSHIP)
    assert later.waiting(Desk.of_shipped(FLAGSHIP)) is None
    assert later.message()["gone"] == [FLAGSHIP]


def test_the_time_is_that_of_the_last_change(desk: Desk) -> None:
    drafts = Drafts()
    desk.turn("target.at_least", 900.0)
    drafts.follow(desk, NOON)
    drafts.follow(desk, NOON.replace(hour=13))
    assert drafts.kept[FLAGSHIP].when.startswith("2026-11-27T12")
    desk.turn("target.at_least", 901.0)
    drafts.follow(desk, NOON.replace(hour=14))
    assert drafts.kept[FLAGSHIP].when.startswith("2026-11-27T14")


@given(ANYTHING)
@settings(max_examples=100, deadline=None)
def test_a_browser_may_hand_over_anything(raw: object) -> None:
    drafts = Drafts()
    drafts.read(raw)
    assert len(drafts.kept) <= MOST
    assert all(isinstance(draft.day, str) for draft in drafts.kept.values())
