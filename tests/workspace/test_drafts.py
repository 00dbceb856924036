"""Drafts: what a browser keeps of scenarios that were changed and not saved. Default tier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.drafts import MOST, Drafts

FLAGSHIP = "belarus-kazakhstan-2020"
THEN = datetime(2026, 11, 27, 10, 5, tzinfo=UTC)


@pytest.fixture
def desk() -> Desk:
    return Desk.of_shipped(FLAGSHIP)


def test_a_changed_desk_is_kept_and_comes_back_as_it_was(desk: Desk) -> None:
    drafts = Drafts()
    drafts.follow(desk, THEN)
    assert drafts.message() == {"drafts": [], "gone": {}}
    desk.turn("target.at_least", 800.0)
    desk.turn("levers.rules.enabled", False)
    drafts.follow(desk, THEN)
    (told,) = drafts.message()["drafts"]
    later = Drafts()
    later.read([told])
    draft = later.waiting(Desk.of_shipped(FLAGSHIP))
    assert draft is not None
    assert draft.day == "27 November 2026, 10:05 UTC"
    found, _, complaints = link.opened(draft.word, desk)
    assert not complaints
    assert found.scenario == desk.scenario


@pytest.mark.parametrize("end", ["restore", "keep"])
def test_what_is_taken_back_or_saved_is_a_draft_no_more(desk: Desk, end: str) -> None:
    drafts = Drafts()
    desk.turn("target.at_least", 800.0)
    drafts.follow(desk)
    getattr(desk, end)()
    drafts.follow(desk, THEN)
    assert drafts.message() == {"drafts": [], "gone": {FLAGSHIP: "2026-11-27T10:05:00.000+00:00"}}


def test_a_draft_and_its_end_bear_moments_that_sort(desk: Desk) -> None:
    drafts = Drafts()
    desk.turn("target.at_least", 800.0)
    drafts.follow(desk, THEN)
    begun = drafts.kept[FLAGSHIP].when
    drafts.follow(desk, THEN + timedelta(minutes=1))  # nothing has changed since: the day of the draft stays
    assert drafts.kept[FLAGSHIP].when == begun
    desk.turn("target.at_least", 900.0)
    drafts.follow(desk, THEN + timedelta(milliseconds=1))
    changed = drafts.kept[FLAGSHIP].when
    desk.restore()
    drafts.follow(desk, THEN + timedelta(milliseconds=2))
    assert begun < changed < drafts.message()["gone"][FLAGSHIP]


def test_a_scenario_that_is_opened_afresh_leaves_its_draft_in_peace(desk: Desk) -> None:
    drafts = Drafts()
    desk.turn("target.at_least", 800.0)
    drafts.follow(desk)
    drafts.reopen(FLAGSHIP)
    fresh = Desk.of_shipped(FLAGSHIP)
    drafts.follow(fresh)
    assert drafts.message()["gone"] == {}
    assert drafts.waiting(fresh) is not None
    fresh.turn("target.at_least", 900.0)
    drafts.follow(fresh)
    assert drafts.waiting(fresh) is None
    assert drafts.kept[FLAGSHIP].word == link.draft_of(fresh)


@pytest.mark.parametrize(
    "raw", [None, "x", {}, [1, {}, {"name": "x"}, {"name": 1, "title": 2, "word": 3, "when": 4}]]
)
def test_what_is_no_draft_is_left_out(raw: object) -> None:
    drafts = Drafts()
    drafts.read(raw)
    assert not drafts.kept


def test_no_more_are_read_than_a_browser_keeps() -> None:
    one = {"title": "x", "word": "y", "when": "never"}
    drafts = Drafts()
    drafts.read([{**one, "name": str(n)} for n in range(MOST + 5)])
    assert len(drafts.kept) == MOST
    assert drafts.kept["0"].day == ""
