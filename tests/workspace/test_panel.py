"""The controls of the page as plain data, and what they send back. Default tier."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator

import pytest

from simulator import simulate
from simulator.analysis.questions import main_knobs, question
from simulator.errors import InputError
from simulator.files.editing import edited
from simulator.files.reading import shipped_names
from simulator.workspace import link, messages, panel
from simulator.workspace.desk import Desk
from simulator.workspace.headline import effects, idle
from simulator.workspace.messages import Message
from simulator.workspace.panel import Choice, Control, Slider
from simulator.workspace.scales import reach
from tests.tiers import sampled

FLAGSHIP = "belarus-kazakhstan-2020"
VENTURES, MARGIN, TREND = "levers.assembly.count", "levers.preferences.margin", "outlook.trend"


@pytest.fixture
def desk() -> Desk:
    return Desk.of_shipped(FLAGSHIP)


def controls(desk: Desk) -> Iterator[Control]:
    for section in panel.sections(desk):
        for row in section.rows:
            yield from ([row.switch] if row.switch else [])
            yield from (*row.controls, *row.expert)


def slider(desk: Desk, path: str) -> Slider:
    (found,) = [
        control
        for control in controls(desk)
        if isinstance(control, Slider) and path in {thumb.path for thumb in control.thumbs}
    ]
    return found


def sent(path: object, value: object, phase: str = "move", seq: int = 1) -> Message:
    return messages.message({"path": path, "value": value, "phase": phase, "seq": seq})


def shown(desk: Desk, path: str) -> float:
    return next(thumb.value for thumb in slider(desk, path).thumbs if thumb.path == path)


@pytest.mark.parametrize("name", shipped_names())
def test_every_knob_and_switch_has_one_control_and_stands_on_its_line(name: str) -> None:
    desk = Desk.of_shipped(name)
    paths: Counter[str] = Counter()
    for control in controls(desk):
        if isinstance(control, Choice):
            paths[control.path] += 1
            assert control.value in dict(control.options)
            continue
        scale, values = control.scale, [thumb.value for thumb in control.thumbs]
        assert values == sorted(values)
        assert scale.low <= values[0] <= values[-1] <= scale.high
        assert 0 < scale.step <= (scale.high - scale.low) / 2
        paths.update(thumb.path for thumb in control.thumbs)
    assert paths == Counter([*desk.knobs, *desk.switches])
    json.dumps(panel.plain(panel.sections(desk)), allow_nan=False)


@pytest.mark.parametrize("name", sampled(shipped_names(), 20, 1))
def test_a_control_can_be_turned_to_both_ends_and_the_link_holds_them(name: str) -> None:
    desk = Desk.of_shipped(name)
    for control in controls(desk):
        if not isinstance(control, Slider) or len(control.thumbs) > 1:
            continue
        (thumb,), scale = control.thumbs, control.scale
        for end in (scale.low, scale.high):
            moved, fault = messages.answered(desk, sent(thumb.path, end))
            if fault:  # only what the scenario cannot take beside the rest, never the bounds
                assert "expected from" not in fault
                continue
            assert moved[thumb.path] == pytest.approx(end, abs=1e-9)
            words = {"scenario": name, thumb.path: link.of_desk(desk).get(thumb.path, "")}
            if words[thumb.path]:
                assert not link.desk_from(words)[1]
        desk.restore()


def test_the_ends_do_not_move_with_the_value(desk: Desk) -> None:
    before = slider(desk, MARGIN).scale
    messages.apply(desk, sent(MARGIN, 30.0))
    assert slider(desk, MARGIN).scale == before
    assert shown(desk, MARGIN) == 30.0
    assert desk.value(MARGIN) == pytest.approx(0.3)


def test_a_control_ends_where_solve_does_and_where_a_file_says_so() -> None:
    def ends(desk: Desk, path: str) -> tuple[str, str]:
        scale = slider(desk, path).scale
        return scale.text(scale.low), scale.text(scale.high)

    flagship = Desk.of_shipped(FLAGSHIP)
    assert ends(flagship, "target.at_least") == ("$10m", "$2,000m")
    assert ends(flagship, "levers.assembly.delay") == ("0\u00a0months", "72\u00a0months")
    assert ends(flagship, "levers.assembly.support.delay") == (
        "0\u00a0%",
        "100\u00a0%",
    )  # a share, of that name
    assert ends(flagship, VENTURES) == ("0", "18")
    text = flagship.text.replace("count: 6", "count: 6\n    bounds: {count: [2, 9]}")
    assert ends(Desk.of_upload(text.encode(), "own.yaml"), VENTURES) == ("2", "9")
    many = flagship.text.replace("count: 6", "count: 60")
    assert ends(Desk.of_upload(many.encode(), "own.yaml"), VENTURES) == ("0", "180")


@pytest.mark.parametrize("name", shipped_names())
def test_what_solve_may_answer_is_never_beyond_a_control(name: str) -> None:
    desk = Desk.of_shipped(name)
    for knob in main_knobs(desk.scenario):
        asked = question(desk.scenario, knob)
        low, high = reach(desk, knob.path)
        assert low <= asked.low * (1 + 1e-9), knob.path
        assert asked.high <= high * (1 + 1e-9), knob.path


def test_numbers_are_those_that_people_read(desk: Desk) -> None:
    texts = {path: slider(desk, path).scale.text for path in ("target.at_least", MARGIN, VENTURES, TREND)}
    assert texts["target.at_least"](1000.0) == "$1,000m"
    assert texts[MARGIN](11.2) == "11.2\u00a0%"
    assert texts[VENTURES](6) == "6"
    assert texts[TREND](-2.04) == "-2.0\u00a0% a year"
    assert slider(desk, "levers.assembly.start").scale.text(12 * 2019 + 6) == "2019-07"
    assert slider(desk, "target.at_least").scale.text(-0.2) == "$0m"


def test_growth_is_shown_in_percent_and_comes_back_as_it_was(desk: Desk) -> None:
    assert shown(desk, TREND) == pytest.approx(100 * math.expm1(0.04))
    messages.apply(desk, sent(TREND, 5.0))
    assert desk.value(TREND) == pytest.approx(math.log(1.05))
    messages.apply(desk, sent(TREND, shown(Desk.of_shipped(FLAGSHIP), TREND)))
    assert not desk.changed


def test_the_middle_of_a_range_takes_its_ends_along_and_says_so(desk: Desk) -> None:
    path = "levers.assembly.planned_exports_each"
    moved, fault = messages.answered(desk, sent(path, 8.0))
    assert not fault
    assert moved[path] == pytest.approx(8.0, rel=1e-6)
    assert moved[f"{path}.p95"] / moved[f"{path}.p5"] == pytest.approx(14.9 / 1.07)
    assert moved == pytest.approx({thumb.path: thumb.value for thumb in slider(desk, path).thumbs})


def test_an_end_may_be_turned_wherever_its_line_goes(desk: Desk) -> None:
    path = "levers.assembly.planned_exports_each.p5"
    moved, fault = messages.answered(desk, sent(path, 10.0))
    assert not fault
    assert moved[path] == 10.0
    assert link.desk_from(link.of_desk(desk))[0].values == desk.values


def test_what_a_group_shares_moves_at_each_of_its_levers(desk: Desk) -> None:
    moved, fault = messages.answered(desk, sent("levers.assembly.overlap.cap", 50.0))
    assert not fault
    caps = {path: value for path, value in moved.items() if path.endswith("overlap.cap")}
    assert len(caps) > 1
    assert {*caps.values()} == {50.0}
    assert shown(desk, "levers.preferences.overlap.cap") == 50.0


def test_a_switch_takes_its_own_places_only(desk: Desk) -> None:
    messages.apply(desk, sent("levers.rules.enabled", False))
    messages.apply(desk, sent("outlook.world", "boom"))
    messages.apply(desk, sent("target.period", 2022))
    assert desk.values == {"levers.rules.enabled": False, "outlook.world": "boom", "target.period": 2022}
    for path, value in (("levers.rules.enabled", 0), ("outlook.world", "none"), ("target.period", 2022.0)):
        with pytest.raises(InputError, match="expected one of"):
            messages.apply(desk, sent(path, value))
    messages.apply(desk, sent("outlook.world", None))
    assert "outlook.world" not in desk.values


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("target.at_least", 1e9, "expected from"),
        ("target.at_least", "900", "expected a number"),
        ("target.at_least", True, "expected a number"),
        ("target.at_least", math.nan, "expected a number"),
        ("target.at_least", None, "expected a number"),
        (VENTURES, 5.5, "expected a whole number"),
        ("levers.none.count", 5, "no control"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, path: str, value: object, message: str
) -> None:
    moved, fault = messages.answered(desk, sent(path, value))
    assert message in fault
    assert not desk.changed
    assert moved == ({path: shown(desk, path)} if path in desk.knobs else {})


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "target.at_least",
        {},
        {"path": 3, "value": 1, "phase": "move", "seq": 1},
        {"path": "target.at_least", "value": 1, "phase": "drop", "seq": 1},
        {"path": "target.at_least", "value": 1, "phase": "move", "seq": "1"},
        {"path": "target.at_least", "value": 1, "phase": "move", "seq": True},
        {"path": "target.at_least", "value": 1, "phase": "move", "seq": -1},
        {"path": ["target"], "value": 1, "phase": ["move"], "seq": 1},
    ],
)
def test_what_no_control_sends_is_no_message(raw: object) -> None:
    with pytest.raises(InputError, match="expected"):
        messages.message(raw)


def test_one_pull_is_undone_at_once(desk: Desk) -> None:
    for seq, value in enumerate((980.0, 940.0, 900.0)):
        messages.apply(desk, sent("target.at_least", value, seq=seq))
    messages.apply(desk, sent("target.at_least", 900.0, "rest", 2))
    desk.undo()
    assert not desk.changed


def test_a_row_says_what_it_is_and_what_it_rests_on(desk: Desk) -> None:
    effects = {"levers.rules": "+$20m · +2.1 pts"}
    rows = {row.id: row for section in panel.sections(desk, effects) for row in section.rows}
    rules = rows["levers.rules"]
    said = ("Harmonised rules", "levers.rules.percent", effects["levers.rules"])
    assert (rules.name, rules.shown, rules.effect) == said
    assert rules.switch is not None
    assert rules.switch.kind == "switch"
    assert 3 <= len(rules.controls) <= 5
    assert {slider(desk, MARGIN).badge, slider(desk, VENTURES).badge} == {"study", "our assumption"}
    assert slider(desk, VENTURES).source.startswith("Eight are there")
    assert [control.path for control in rows["outlook"].controls] == [TREND, "outlook.world", "outlook.flow"]


def test_a_line_says_what_its_number_counts(desk: Desk) -> None:
    units = {row.id: row.units for section in panel.sections(desk) for row in section.rows}
    assert units["levers.assembly"] == ("new venture", "new ventures")
    assert units["levers.preferences"][1] == "of the price"
    assert units["levers.rules"][1] == "of trade"
    assert units["risks.slump"][1] == "a year"
    streams = {
        "levers.rules.streams": (["exports"], "of exports"),
        "levers.corridor.streams": (["furniture"], "of furniture"),
    }
    for path, (names, words) in streams.items():
        text = edited(desk.text, {path: names}, "file")
        rows = panel.sections(Desk.of_upload(text.encode(), "own.yaml"))
        lever = path.removesuffix(".streams")
        assert next(r.units[1] for s in rows for r in s.rows if r.id == lever) == words


def test_measures_and_risks_can_be_added_where_there_are_none() -> None:
    there = {section.id: section for section in panel.sections(Desk.of_shipped("india-exports-2022"))}
    assert not there["levers"].rows
    offered = {id: [name for name, _ in section.actions] for id, section in there.items()}
    assert offered == {"target": [], "levers": ["Add measure"], "risks": ["Add risk"], "outlook": []}


def test_measures_that_are_there_can_be_edited_from_their_heading(desk: Desk) -> None:
    there = {section.id: section for section in panel.sections(desk)}
    assert there["levers"].actions == (("Edit measures", "Edit"), ("Add measure", "+ Add measure"))


def test_what_is_off_says_what_it_would_do(desk: Desk) -> None:
    words = idle(desk.scenario, simulate)
    on = desk.copy()
    on.turn("risks.slump.enabled", True)
    assert words == {"risks.slump": f"if it were on: {effects(simulate(on.scenario))['risks.slump']}"}
    assert idle(on.scenario, simulate) == {}
