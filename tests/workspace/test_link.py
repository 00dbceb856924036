"""What the fragment of an address holds: files of the user's own, pinned variants. Default tier."""

from __future__ import annotations

import base64
import contextlib
import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.files.reading import SHIPPED, shipped_names
from simulator.workspace import link
from simulator.workspace.desk import Desk, State
from simulator.workspace.parcel import LARGEST, LONGEST, MARK, packed, unpacked
from simulator.workspace.pins import LETTERS, MOST, Pins
from simulator.workspace.scales import reach, read, shown
from simulator.workspace.sets import NOW, Sets
from tests.tiers import examples, sampled

FLAGSHIP = "belarus-kazakhstan-2020"
OWN = (SHIPPED / f"{FLAGSHIP}.yaml").read_bytes().replace(b"title: ", b"title: Ours, ")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def shipped() -> Desk:
    return Desk.of_shipped(FLAGSHIP)


def test_a_file_with_its_changes_travels_whole(shipped: Desk) -> None:
    desk, sets = Desk.of_upload(OWN, "ours.yaml"), Sets()
    desk.turn("target.at_least", 900.0)
    desk.turn("levers.rules.enabled", False)
    sets.pins.keep(desk)
    sets.pins.call("B", "without rules")
    desk.turn("target.at_least", 950.0)
    sets.upload(desk, OWN.replace(b"Ours", b"Theirs"), "theirs.yaml")
    word = link.parcel_of(desk, sets)
    assert set(word) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    found, with_pins, complaints = link.opened(word, shipped)
    assert not complaints
    assert (found.name, found.text, found.values) == (desk.name, desk.text, desk.values)
    assert found.scenario == desk.scenario
    assert with_pins.pins.called("B") == "B: without rules"
    assert with_pins.pins.desks["B"].scenario == sets.pins.desks["B"].scenario
    assert with_pins.options(found) == sets.options(desk)
    assert link.parcel_of(found, with_pins) == word


def test_the_flagship_as_a_file_of_ones_own_fits_into_an_address() -> None:
    assert len(link.parcel_of(Desk.of_upload(OWN, "ours.yaml"), Sets())) < LONGEST


def test_what_a_query_holds_is_not_said_twice(shipped: Desk) -> None:
    shipped.turn("target.at_least", 900.0)
    assert link.parcel_of(shipped, Sets()) == ""


def test_pins_of_a_file_do_not_carry_it_again() -> None:
    desk, sets = Desk.of_upload(OWN, "ours.yaml"), Sets()
    alone = len(link.parcel_of(desk, sets))
    for amount in (900.0, 950.0, 1050.0):
        desk.turn("target.at_least", amount)
        sets.pins.keep(desk)
    assert len(link.parcel_of(desk, sets)) < 1.15 * alone


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_content_comes_back_as_it_went(content: Any) -> None:
    assert unpacked(packed({"x": content})) == {"x": content}


@given(st.text(max_size=60) | st.builds(lambda content: packed({"desk": content, "pins": content}), JSON))
@settings(max_examples=80, deadline=None)
def test_nonsense_is_refused_or_opens_a_scenario(word: str) -> None:
    present = Desk.of_shipped(FLAGSHIP)
    with contextlib.suppress(ValueError):
        desk, _, _ = link.opened(word, present)
        assert desk.scenario.target


def test_what_unpacks_to_more_than_a_file_may_have_is_refused() -> None:
    bomb = json.dumps({"desk": {"name": "x", "text": "a" * (LARGEST + 1)}}).encode()
    word = MARK + base64.urlsafe_b64encode(zlib.compress(bomb)).decode()
    assert len(word) < LONGEST
    with pytest.raises(ValueError, match="damaged or cut off"):
        unpacked(word)


def test_a_cut_link_is_told_and_never_half_opened(shipped: Desk) -> None:
    word = link.parcel_of(Desk.of_upload(OWN, "ours.yaml"), Sets())
    for length in (10, len(word) // 2, len(word) - 6):
        with pytest.raises(ValueError, match="ask for it again"):
            link.opened(word[:length], shipped)


def test_what_makes_no_sense_of_a_parcel_is_left_out_and_told(shipped: Desk) -> None:
    word = packed({"pins": {"B": {"name": FLAGSHIP, "set": {"target.at_least": "lots"}}, "Z": {}}})
    _, sets, complaints = link.opened(word, shipped)
    assert list(sets.pins) == ["B"]
    assert complaints
    assert complaints[0].startswith("target.at_least")


# What is pinned


def test_a_pin_is_as_it_stood(shipped: Desk) -> None:
    pins = Pins()
    shipped.turn("target.at_least", 900.0)
    pins.keep(shipped)
    shipped.turn("target.at_least", 800.0)
    assert pins.desks["B"].value("target.at_least") == 900.0


def test_swapping_twice_is_as_it_was(shipped: Desk) -> None:
    pins = Pins()
    pins.keep(shipped)
    shipped.turn("target.at_least", 800.0)
    other = pins.swap("B", shipped)
    assert (other.value("target.at_least"), pins.desks["B"].value("target.at_least")) == (1000.0, 800.0)
    back = pins.swap("B", other)
    assert (back.values, pins.desks["B"].values) == (shipped.values, {})


def test_five_fit_and_a_sixth_is_refused(shipped: Desk) -> None:
    pins = Pins()
    for _ in range(MOST):
        pins.keep(shipped)
    assert list(pins) == list(LETTERS)
    with pytest.raises(ValueError, match="let one go first"):
        pins.keep(shipped)
    pins.let_go("C")
    pins.keep(shipped)
    assert set(pins) == set(LETTERS)


def test_what_is_pinned_is_compared_at_first(shipped: Desk) -> None:
    sets = Sets()
    sets.pins.keep(shipped)
    shipped.turn("target.at_least", 800.0)
    assert sets.ids(shipped) == (NOW, "pin B")
    assert list(sets.called(shipped).values()) == ["current", "B"]


# In what state


def test_a_desk_is_a_draft_until_it_is_saved_and_the_original_stays_within_reach(shipped: Desk) -> None:
    assert shipped.state is State.SAVED
    shipped.turn("target.at_least", 900.0)
    assert shipped.state is State.DRAFT
    shipped.keep()
    assert shipped.state is State.SAVED
    shipped.restore()
    assert shipped.scenario == shipped.base
    shipped.undo()
    assert shipped.value("target.at_least") == 900.0


# To the last digit


@pytest.mark.parametrize("name", sampled(shipped_names(), every=12))
@given(st.data())
@settings(max_examples=examples(20, 3), deadline=None)
def test_a_link_has_every_number_of_its_page_to_the_last_digit(name: str, data: st.DataObject) -> None:
    """Of every knob, wherever its control or an answer may send it, and of all together."""
    desk = Desk.of_shipped(name)
    values: dict[str, float] = {}
    for path, knob in desk.knobs.items():
        value = data.draw(st.floats(*reach(desk, path)), label=path)
        value = float(round(value)) if knob.unit.integer else round(value, 18)  # no file says 1e-130 %
        for sent in (value, read(knob, shown(knob, value))):
            assert knob.unit.read(link._number(link._exact(knob.unit, sent))) == sent
        values[path] = value
    for path in data.draw(st.permutations(sorted(values)), label="order")[:8]:
        with contextlib.suppress(InputError):
            desk.turn(path, values[path])
    again, complaints = link.desk_from(link.of_desk(desk))
    assert not complaints
    assert again.values == desk.values
    assert again.scenario == desk.scenario  # and so is every answer: the same numbers on the same draws
