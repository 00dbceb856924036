"""Which sets are compared, what they are called, and the link that holds them. Default tier."""

from __future__ import annotations

import pytest

from simulator import ScenarioError, compare, report
from simulator.files.reading import shipped_names
from simulator.report import FIXED
from simulator.report.charts.compare import MOST
from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.pins import LONGEST
from simulator.workspace.sets import NOW, SAVED, Sets, unique
from tests.cases import LEVERS, scenario

FLAGSHIP, CAUTIOUS, HOPES = (
    "belarus-kazakhstan-2020",
    "belarus-kazakhstan-cautious",
    "belarus-kazakhstan-officials-hopes",
)
NASTY = ("<script>alert(1)</script>", "**x** $y$ :smile:")
STATEMENT = (
    "target: {measure: turnover, period: 2020, at_least: 1000}\n"
    "observations: {measure: turnover, period: 2017, value: 690.8}\n"
)
OWN = f"title: '{NASTY[0]} {NASTY[1]}'\nas_of: 2018-10-31\n{STATEMENT}"


@pytest.fixture
def desk() -> Desk:
    return Desk.of_shipped(FLAGSHIP)


def test_what_is_compared_at_first_makes_sense(desk: Desk) -> None:
    sets = Sets()
    assert sets.ids(desk) == (NOW, CAUTIOUS)
    assert list(sets.called(desk).values()) == ["current", "cautious"]
    desk.turn("target.at_least", 900.0)
    assert sets.ids(desk) == (NOW, FLAGSHIP)
    assert list(sets.called(desk).values()) == ["current", "saved"]
    desk.keep()
    desk.turn("target.at_least", 950.0)
    assert sets.ids(desk) == (NOW, SAVED)
    assert sets.scenario(desk, SAVED).target[0].at_least == 900


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_has_a_neighbour_in_its_money(name: str) -> None:
    desk = Desk.of_shipped(name)
    one, other = (Sets().scenario(desk, id) for id in Sets().ids(desk))
    assert (one.currency, one.unit) == (other.currency, other.unit)
    if name.startswith("belarus"):
        assert (one.home, one.partner) == (other.home, other.partner)


def test_names_are_short_and_no_two_are_equal(desk: Desk) -> None:
    sets = Sets()
    sets.pick((NOW, CAUTIOUS, HOPES))
    assert list(sets.called(desk).values()) == ["current", "cautious", "officials hopes"]
    sets.call(CAUTIOUS, "  Officials   hopes ")
    assert sets.called(desk)[CAUTIOUS] == "Officials hopes"
    assert sets.called(desk)[HOPES] == "officials hopes (2)"
    sets.call(CAUTIOUS, " ")
    assert sets.called(desk)[CAUTIOUS] == "cautious"
    assert unique(["a", "A", "a (2)", "Basis", "b"]) == ["a", "A (2)", "a (2) (2)", "Basis (2)", "b"]


def test_a_set_may_be_called_like_a_column_of_a_table() -> None:
    names = unique(FIXED[:2])
    found = compare(dict(zip(names, (scenario(), scenario(levers=LEVERS)), strict=True)), points=64)
    (row, *_) = report.assumptions_table(found)
    assert {*FIXED, *names} == set(row)


def test_the_link_holds_the_sets_and_their_names(desk: Desk) -> None:
    desk.turn("target.at_least", 900.0)
    sets = Sets()
    assert link.of_sets(sets, desk) == link.of_desk(desk)
    sets.pick((NOW, CAUTIOUS, HOPES))
    sets.first, sets.against = CAUTIOUS, HOPES
    sets.call(NOW, "mine, a & b")
    words = link.of_sets(sets, desk)
    assert words == link.of_desk(desk) | {
        "with": f"{CAUTIOUS},{HOPES}",
        "first": CAUTIOUS,
        "split": HOPES,
        f"name.{NOW}": "mine, a & b",
    }
    again, complaints = link.sets_from(words, True)
    assert not complaints
    assert again.called(desk) == sets.called(desk)
    assert link.of_sets(again, desk) == words
    assert [key for key in words if not link.is_of_sets(key)] == list(link.of_desk(desk))


def test_a_link_without_the_desk_has_shipped_sets_only(desk: Desk) -> None:
    sets = Sets()
    sets.pick((CAUTIOUS, HOPES))
    assert link.of_sets(sets, desk) == {"with": f"{CAUTIOUS},{HOPES}"}
    assert link.sets_from(link.of_sets(sets, desk), False)[0].ids(desk) == (CAUTIOUS, HOPES)
    assert link.sets_from({"with": HOPES}, False)[0].ids(desk) == (NOW, HOPES)


def test_a_link_holds_files_of_ones_own_in_its_fragment(desk: Desk) -> None:
    sets = Sets()
    assert sets.upload(desk, OWN.encode(), "mine.yaml")
    assert sets.ids(desk) == (NOW, CAUTIOUS, "upload 1")
    words, fragment = link.of_sets(sets, desk), link.parcel_of(desk, sets)
    assert OWN not in str(words)
    _, opened, complaints = link.opened(fragment, desk)
    opened, more = link.sets_from(words, True, opened)
    assert not complaints + more
    assert opened.ids(desk) == sets.ids(desk)
    assert opened.scenario(desk, "upload 1") == sets.scenario(desk, "upload 1")


def test_no_query_holds_a_file_of_ones_own() -> None:
    own, sets = Desk.of_upload(OWN.encode(), "mine.yaml"), Sets()
    assert NOW in sets.ids(own)
    assert link.of_sets(sets, own) == {}
    sets.pick((CAUTIOUS, HOPES))
    assert link.of_sets(sets, own) == {"with": f"{CAUTIOUS},{HOPES}"}


def test_nonsense_in_a_link_is_left_out_and_told(desk: Desk) -> None:
    words = {
        "with": f"{CAUTIOUS},../../etc/passwd,{NASTY[0]}",
        "first": "mars",
        "split": "7",
        "name.mars": "x",
    }
    sets, complaints = link.sets_from(words, True)
    assert sets.ids(desk) == (NOW, CAUTIOUS)
    assert len(complaints) == 5
    assert link.sets_from({"with": "mars"}, True)[0].ids(desk) == Sets().ids(desk)
    many, told = link.sets_from({"with": ",".join(shipped_names())}, True)
    assert len(many.ids(desk)) == MOST
    assert "took the first" in told[0]


def test_uploads_are_bounded_and_those_with_faults_refused(desk: Desk) -> None:
    sets = Sets()
    for number in range(20):
        assert sets.upload(desk, OWN.encode(), f"{'long' * 20}.yaml") == (number < MOST - 2)
    assert len(sets.ids(desk)) == MOST
    assert len(sets.uploads) <= 12
    names = list(sets.called(desk).values())
    assert len(set(names)) == MOST
    assert all(len(name) <= LONGEST + 4 for name in names)
    with pytest.raises(ScenarioError, match=r"bad\.yaml:2: found the end"):
        sets.upload(desk, b"title: [", "bad.yaml")
