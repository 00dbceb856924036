"""Measures, risks and figures changed in the text of a file: by every shipped scenario. Default tier."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import ScenarioError, simulate
from simulator.errors import InputError
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.files.opening import checked
from simulator.files.reading import shipped_names
from simulator.files.tables.units import Scale
from simulator.levers import KINDS
from simulator.scenario import Scenario
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.workspace import cells, drivers, figures, grid, kinds, panel, pasted
from simulator.workspace.desk import Desk
from simulator.workspace.figures import CellsError, Edits

FLAGSHIP = "belarus-kazakhstan-2020"
MONTHLY = "united-states-uzbekistan-2022"  # has series
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RULES = Address.of("levers", "rules")
DESKS = {name: Desk.of_shipped(name) for name in shipped_names()}
WITH_DRIVERS = [name for name, desk in DESKS.items() if any(True for _ in desk.base.drivers())]


def read(text: str) -> Scenario:
    return checked(load_text(text, "file")).scenario


def lines_changed(before: str, after: str) -> list[str]:
    """The lines that came and went."""
    shown = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in shown if line[:1] in "+-" and line[:3] not in ("+++", "---")]


# Measures and risks


def test_every_kind_has_a_card() -> None:
    assert set(kinds.CARDS) == set(kinds.BEGINNINGS) == set(KINDS)
    assert {card.kind for section in ("levers", "risks") for card in kinds.cards(section)} == set(KINDS)


@FEW
@given(st.sampled_from(shipped_names()), st.sampled_from(sorted(KINDS)))
def test_any_kind_added_to_any_scenario_loads_and_answers(name: str, kind: str) -> None:
    desk = DESKS[name]
    text = drivers.added(desk.text, desk.base, kind).text
    scenario = read(text)
    (address,) = dict(scenario.drivers()).keys() - dict(desk.base.drivers()).keys()
    assert address.get(scenario).enabled
    assert 0 <= simulate(scenario, points=512).probability <= 1
    assert not [
        line for line in lines_changed(desk.text, text) if line.startswith("-") and line[1:].strip("{}")
    ]


@FEW
@given(st.sampled_from(shipped_names()), st.sampled_from(sorted(KINDS)))
def test_what_no_study_knows_is_marked_as_our_assumption(name: str, kind: str) -> None:
    driver = next(iter(_added(name, kind).values()))
    bases = {field: Basis.of(driver.source(field)) for field in kinds.BEGINNINGS[kind](DESKS[name].base)[1]}
    assert bases
    assert (Basis.STUDY in bases.values()) == (kind in ("promotion", "corridor", "harmonisation"))


def _added(name: str, kind: str) -> dict[Address, object]:
    desk = DESKS[name]
    after = dict(read(drivers.added(desk.text, desk.base, kind).text).drivers())
    return {address: after[address] for address in after if address not in dict(desk.base.drivers())}


@pytest.mark.parametrize("name", WITH_DRIVERS)
def test_a_copy_that_is_removed_again_leaves_the_same_bytes(name: str) -> None:
    desk = DESKS[name]
    before = dict(desk.base.drivers())
    for address in before:
        text = drivers.copied(desk.text, desk.base, address).text
        scenario = read(text)
        (new,) = dict(scenario.drivers()).keys() - before.keys()
        assert drivers.name_of(scenario, new).endswith(", copy")
        assert drivers.removed(text, scenario, new).text == desk.text


@pytest.mark.parametrize("name", WITH_DRIVERS)
def test_another_name_changes_no_answer(name: str) -> None:
    desk = DESKS[name]
    address = next(iter(dict(desk.base.drivers())))
    text = drivers.renamed(desk.text, desk.base, address, 'Something: else, it\'s "new"').text
    scenario = read(text)
    assert drivers.name_of(scenario, address) == 'Something: else, it\'s "new"'
    assert simulate(scenario).probability == pytest.approx(simulate(desk.base).probability, abs=1e-12)


def test_a_name_is_there_and_belongs_to_one() -> None:
    desk = DESKS[FLAGSHIP]
    for name, message in (
        ("  ", "a name of 1 to 60"),
        ("x" * 61, "1 to 60"),
        ("interregional DEALS", "of its own"),
    ):
        with pytest.raises(InputError, match=message):
            drivers.renamed(desk.text, desk.base, RULES, name)


def test_a_copy_takes_what_was_turned_beside_the_text() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("levers.rules.percent", 0.05)
    desk.edit(drivers.copied(desk.text, desk.base, RULES, desk.file()).text)
    assert desk.base.levers["rules-2"].percent.written()["likely"] == "5%"
    assert desk.values == {"levers.rules.percent": 0.05}


def test_what_required_a_removed_one_is_told_and_holds_on_its_own() -> None:
    desk = DESKS[FLAGSHIP]
    text = edited(
        desk.text, {"levers.rules.requires": "corridor", "risks.slump.requires": "corridor"}, "file"
    )
    done = drivers.removed(text, read(text), Address.of("levers", "corridor"))
    assert "Harmonised rules and A slump as in 2015 required it" in " ".join(done.words)
    scenario = read(done.text)
    assert "corridor" not in scenario.levers
    assert scenario.levers["rules"].requires is scenario.risks["slump"].requires is None


def test_the_last_one_goes_with_its_heading() -> None:
    desk = DESKS["belarus-kazakhstan-no-measures"]
    text = drivers.removed(desk.text, desk.base, Address.of("risks", "slump")).text
    assert "risks" not in text
    assert not read(text).risks


def test_of_two_that_go_against_each_other_a_copy_stands_alone() -> None:
    desk = DESKS[FLAGSHIP]
    pair = {"group": "oil", "correlation": -0.5}
    changes = {f"levers.{key}.together": pair for key in ("rules", "corridor")}
    text = edited(desk.text, changes, "file")
    done = drivers.copied(text, read(text), RULES)
    assert "drawn on its own" in " ".join(done.words)
    assert read(done.text).levers["rules-2"].together is None


def test_what_differs_names_what_was_added_and_taken_out() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.edit(drivers.added(desk.text, desk.base, "promotion").text)
    desk.edit(drivers.removed(desk.text, desk.base, RULES).text)
    cells = {"measure": "turnover", "period": "2018-Q4", "value": "190.5", "published": "2019-01-20"}
    desk.edit(figures.with_figure(desk.text, desk.base, cells, move=True).text)
    desk.turn("target.at_least", 900.0)
    assert panel.changed(desk) == [
        "with Trade missions and visits",
        "without Harmonised rules",
        "with turnover 2018-Q4",
        "seen on 20 January 2019",
        "At least $900m",
    ]
    desk.edit(figures.changed(desk.text, desk.base, Edits({0: {"value": "691"}})).text)
    assert "figures changed" in panel.changed(desk)
    for _ in range(5):
        desk.undo()
    assert panel.changed(desk) == []


# Figures


@pytest.mark.parametrize("name", shipped_names())
def test_a_table_of_figures_taken_as_it_is_changes_no_byte(name: str) -> None:
    desk = DESKS[name]
    table = figures.lines(desk.text, desk.base)
    assert [line.cells["period"] for line in table] == [str(figure.period) for figure in desk.base.figures]
    same = Edits({number: line.cells for number, line in enumerate(table)})
    assert figures.changed(desk.text, desk.base, same).text == desk.text


@FEW
@given(st.sampled_from(shipped_names()), st.data())
def test_a_value_that_is_typed_over_stands_alone_in_the_file(name: str, data: st.DataObject) -> None:
    desk = DESKS[name]
    table = figures.lines(desk.text, desk.base)
    plain = [n for n, line in enumerate(table) if line.cells["value"].replace(".", "").isdecimal()]
    row = data.draw(st.sampled_from(plain))
    typed = f"{table[row].cells['value']}{'' if '.' in table[row].cells['value'] else '.'}1"
    text = figures.changed(desk.text, desk.base, Edits({row: {"value": typed}})).text
    assert len(lines_changed(desk.text, text)) == 2
    after = figures.lines(text, load_text(text, "file").scenario)
    assert [line.cells["value"] for line in after] == [
        typed if number == row else line.cells["value"] for number, line in enumerate(table)
    ]


def test_rows_of_a_series_leave_gaps_and_its_end_is_cut() -> None:
    desk = DESKS[MONTHLY]
    more = ({"measure": "exports", "period": "2019-Q3", "value": "1,200.5", "source": "x"},)
    done = figures.changed(desk.text, desk.base, Edits({}, (0, 43), more))
    assert done.words == ("2 figures taken out.", "1 figure added.")
    assert "null, 5.7, 8.5" in done.text
    scenario = load_text(done.text, "file").scenario
    assert len(scenario.figures) == len(desk.base.figures) - 1
    assert str(scenario.figures[-1].value) == "1200.5"


def test_a_series_without_a_figure_is_gone() -> None:
    desk = DESKS[MONTHLY]
    table = figures.lines(desk.text, desk.base)
    exports = [number for number, line in enumerate(table) if line.cells["measure"] == "exports"]
    scenario = load_text(
        figures.changed(desk.text, desk.base, Edits({}, tuple(exports))).text, "file"
    ).scenario
    assert {figure.measure for figure in scenario.figures} == {"imports"}


def test_every_cell_that_cannot_be_read_is_told_with_its_row() -> None:
    desk = DESKS[MONTHLY]
    more = ({"measure": "exports", "period": "20", "value": "12", "published": "2019-13-01"}, {"value": "1"})
    with pytest.raises(CellsError) as caught:
        figures.changed(desk.text, desk.base, Edits({0: {"source": "y", "value": "690,800"}}, (), more))
    rows = [(fault.row, fault.column) for fault in caught.value.faults]
    last = len(figures.lines(desk.text, desk.base))
    assert set(rows) == {
        (1, "source"),
        (1, "value"),
        (last + 1, "period"),
        (last + 1, "published"),
        (last + 2, "measure"),
        (last + 2, "period"),
    }
    assert "write 690800 or 690.800" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("610.50", "610.50"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        (" 7 ", "7"),
        ("12.3 EUR", "12.3 EUR"),
        ("24,4", "24.4"),
        ("24,4 EUR", "24.4 EUR"),
        ("0,234", "0.234"),
        ("1e5", "100000"),
    ],
)
def test_an_amount_keeps_its_digits(text: str, stated: str) -> None:
    assert str(cells.amount(text)) == stated


@pytest.mark.parametrize("text", ["690,800", "12%", "x", "1 2", "--3", "$12", "24,4 p"])
def test_what_is_no_amount_or_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="found"):
        cells.amount(text)


def test_a_figure_that_came_out_later_counts_once_the_day_is_moved() -> None:
    desk = DESKS[FLAGSHIP]
    cells = {"measure": "turnover", "period": "2018-Q4", "value": "190.5", "published": "2019-01-20"}
    assert str(figures.late(desk.base, cells["published"])) == "2019-01-20"
    assert figures.late(desk.base, "2018-10-31") is None
    left = figures.with_figure(desk.text, desk.base, cells)
    assert "It counts from 20 January 2019 on" in " ".join(left.words)
    assert simulate(read(left.text)).probability == simulate(desk.base).probability
    moved = read(figures.with_figure(desk.text, desk.base, cells, move=True).text)
    assert str(moved.as_of) == "2019-01-20"
    assert simulate(moved).probability != pytest.approx(simulate(desk.base).probability, abs=1e-3)


def test_what_the_file_cannot_hold_is_told_in_the_words_of_the_table() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    with pytest.raises(ScenarioError) as caught:
        desk.edit(figures.changed(desk.text, desk.base, Edits({1: {"value": "61050"}})).text)
    faults = figures.explained(caught.value, figures.lines(desk.text, desk.base), Edits({1: {}}))
    assert 2 in {fault.row for fault in faults}
    assert not desk.changed


def test_what_is_wrong_stands_in_the_row_that_is_seen_after_others_were_taken_out() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    table = figures.lines(desk.text, desk.base)
    raw = {
        "deleted_rows": [0],
        "edited_rows": {1: {"value": "61050"}},
        "added_rows": [{"measure": "turnover", "period": "2017", "value": "-3"}],
    }
    rows = grid.revised(figures.rows(table), raw)
    edits = Edits.between(table, rows)
    assert (edits.gone, [*edits.cells], len(edits.more)) == ((0,), [1], 1)
    with pytest.raises(ScenarioError) as caught:
        desk.edit(figures.changed(desk.text, desk.base, edits).text)
    faults = figures.explained(caught.value, table, edits)
    assert faults
    assert {rows[fault.row - 1]["value"] for fault in faults if fault.row} <= {"61050", "-3"}
    assert any(fault.row for fault in faults)
    assert Edits.between(table, figures.rows(table)) == Edits()


TABLE = "Month\tExports, million USD\tImports, million USD\n2018-10\t64,1\t8,3\n2018-11\t70,2\t9,4\n"


def pasted_into(text: str, table: str, day: dt.date, **options: Any) -> str:
    choices = {"home": "Belarus", "partner": "Kazakhstan", "published": day}
    taken = pasted.taken(table.encode(), pasted.PASTED, Scale("USD", "million"), choices)
    assert taken.statistics
    return pasted.recorded(text, taken.statistics, **options).text


def test_a_pasted_table_joins_the_figures_and_moves_the_day() -> None:
    desk, day = DESKS[FLAGSHIP], dt.date(2019, 1, 20)
    text = pasted_into(desk.text, TABLE, day, as_of=day)
    after = read(text)
    assert after.as_of == day
    new = after.counted[len(desk.base.counted) :]
    assert {(f.measure, str(f.period), str(f.value)) for f in new} == {
        ("exports", "2018-10", "64.1"),
        ("exports", "2018-11", "70.2"),
        ("imports", "2018-10", "8.3"),
        ("imports", "2018-11", "9.4"),
    }
    with pytest.raises(InputError, match="Nothing of the table is new"):
        pasted_into(text, TABLE, day)


def test_a_figure_that_differs_stays_unless_it_is_to_be_replaced() -> None:
    desk, day = DESKS[FLAGSHIP], dt.date(2019, 1, 20)
    text, other = pasted_into(desk.text, TABLE, day, as_of=day), TABLE.replace("64,1", "65,0")
    with pytest.raises(InputError, match="stays, the table has"):
        pasted_into(text, other, day)
    assert "65.0" in pasted_into(text, other, day, replaced=True)
