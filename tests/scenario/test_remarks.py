"""Approval and comments: who stands for what, at which input; no answer moves with them. Default tier."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import simulate
from simulator.errors import ScenarioError
from simulator.files.editing import edited, lengthened
from simulator.files.importing import read_table
from simulator.files.loading import load, load_text
from simulator.files.recording import Draft
from simulator.model.result import fingerprint
from simulator.report.documents.assumptions import COLUMNS
from simulator.report.documents.blocks import Listing, Table
from simulator.report.documents.contents import content
from simulator.scenario import Scenario
from simulator.scenario.changes import changes, live
from simulator.scenario.ledger import differing
from simulator.scenario.parameters import turned
from simulator.scenario.remarks import assurances, review
from simulator.scenario.schema import schema

APPROVED = "approved: {by: Ann Ivanova, on: 2018-10-30}\n"
TEXT = """\
title: A pair  # ours
as_of: 2018-10-31
home: Northland
partner: Southland
target: {measure: exports, period: 2020, at_least: 700}
observations:
  - {measure: exports, period: 2016, value: 364.9}
  - {measure: exports, period: 2017, value: 594.4}
  - {measure: turnover, period: 2017, value: 690.8, source: an office}
levers:
  fair: {kind: custom, percent: "2%", start: 2019-01}
  rail: {kind: custom, percent: "1%", start: 2019-01, enabled: false}
"""
SAID = """\
comments:
  - {at: levers.fair.percent, by: Ann, on: 2018-10-30, text: Too much?}
  - {at: levers.rail, by: Ann, on: 2018-10-30, text: Not before 2021.}
  - {at: observations.turnover 2017, by: Ann, on: 2018-10-30, text: Provisional.}
  - {at: target.0.at_least, by: Ann, on: 2018-10-30, text: The minister's.}
  - {at: home, by: Ann, on: 2018-10-30, text: "=1+1"}
"""


def read(text: str, *settings: str) -> Scenario:
    return load_text(text, "s.yaml", settings).scenario


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("approved: {by: Ann}", "s.yaml:13: approved: found no on, expected the day on which it was approved"),
        ("approved: {on: 2018-10-30}", "s.yaml:13: approved: found no by, expected who approved it"),
        ("approved: {by: '', on: 2018-10-30}", "s.yaml:13: approved.by: found an empty text, expected some text"),
        ("reviewed_by: Ann", "s.yaml:13: reviewed_by: found it without reviewed_on, expected reviewed_on beside"),
        ("reviewed_on: 2018-11-01", "reviewed_on: found it without reviewed_by, expected reviewed_by beside it"),
        ("log: [{who: Ann, what: x}]", "s.yaml:13: log.0: found no date, expected the day of the change"),
        ("approved: {by: Ann, on: soon}", "s.yaml:13: approved.on: found 'soon', expected a date that exists"),
        ("approved: true", "s.yaml:13: approved: found true, expected a mapping"),
        ("comments:\n  - {at: levers.fare.percent, by: A, on: 2018-10-30, text: x}",
         "s.yaml:14: comments.0.at: found 'fare', expected one of: fair, rail; did you mean 'fair'?"),
        ("comments:\n  - {at: levers.fair.percents, by: A, on: 2018-10-30, text: x}", "did you mean 'percent'?"),
        ("comments:\n  - {at: title, by: A, on: 2018-10-30, text: x}", "found 'title', expected an input"),
        ("comments:\n  - {at: observations.turnover 2016, by: A, on: 2018-10-30, text: x}",
         "comments.0.at: found 'turnover 2016', expected a figure by measure and period, one of: exports 2016"),
        ("comments:\n  - {at: outlook.trend.x.y, by: A, on: 2018-10-30, text: x}", "expected an input, such as"),
        ("comments:\n  - {at: levers..x, by: A, on: 2018-10-30, text: x}", "expected a path such as"),
        ("comments:\n  - {at: home, by: A, on: 2018-10-30}", "found no text, expected what was said"),
    ],
)  # fmt: skip
def test_what_is_no_approval_and_leads_nowhere_is_a_fault_with_its_line(lines: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(TEXT + lines + "\n")
    assert message in str(caught.value)


def test_they_are_no_assumption_and_move_nothing() -> None:
    bare, told = read(TEXT), read(TEXT + APPROVED + SAID)
    assert told.approved is not None
    assert len(told.comments) == 5
    assert differing([bare, told]) == ()
    assert changes(live(bare), live(told)) == ()
    assert fingerprint(bare) == fingerprint(told)
    assert simulate(bare, points=256).probability == simulate(told, points=256).probability


def test_a_turned_scenario_is_not_approved_and_keeps_its_comments() -> None:
    scenario = read(TEXT + APPROVED + SAID)
    assert turned(scenario, {"target.at_least": 600.0}).approved is None
    assert len(turned(scenario, {"target.at_least": 600.0}).comments) == 5
    assert read(TEXT + APPROVED, "target.at_least=700").approved is not None  # as it was
    assert read(TEXT + APPROVED, "target.at_least=600").approved is None
    assert [said.at for said in read(TEXT + SAID, "levers.rail=null").comments] == [
        "levers.fair.percent", "observations.turnover 2017", "target.0.at_least", "home"
    ]  # fmt: skip


def test_both_belong_to_the_file_in_which_they_stand(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT + APPROVED + SAID)
    over = tmp_path / "over.yaml"
    over.write_text("extends: base.yaml\ntitle: Over\nlevers: {rail: null}\n")
    assert load(over).scenario.approved is None
    assert load(over).scenario.comments == ()
    over.write_text("extends: base.yaml\napproved: {by: Bo, on: 2018-10-31}\n")
    approval = load(over).scenario.approved
    assert approval is not None
    assert approval.by == "Bo"


def test_what_changes_a_file_takes_its_approval_out() -> None:
    text = TEXT + APPROVED + SAID
    assert edited(text, {}, "f") == text
    assert edited(text, {"target.at_least": 700}, "f") == text
    assert edited(text, {"target.at_least": 800}, "f") == text.replace("700", "800").replace(APPROVED, "")
    item = {"at": "home", "by": "Bo", "on": "2018-10-31", "text": "Aha."}
    longer = lengthened(text, {"comments": [item]}, "f")
    assert longer == text.replace(APPROVED, "") + '  - {at: home, by: Bo, "on": 2018-10-31, text: Aha.}\n'
    anew = {"by": "Bo", "on": "2018-10-31"}
    assert read(edited(text, {"target.at_least": 800, "approved": anew}, "f")).approved is not None


def test_comments_go_with_what_they_speak_of() -> None:
    removed = edited(TEXT + SAID, {"levers.rail": None}, "f")
    assert removed.count("- {at:") == 4
    assert "Not before 2021" not in removed
    assert read(removed)


def test_figures_that_are_recorded_take_the_approval_out_and_none_leaves_it() -> None:
    draft = Draft((TEXT + APPROVED).encode(), "s.yaml", None)
    for table, kept in (("Year;Exports, million US dollars\n2015;524.9\n", False),
                        ("Year;Exports, million US dollars\n2016;364.9\n", True)):  # fmt: skip
        statistics = read_table(table.encode(), "t.csv", draft.choices(), draft.scale)
        assert (APPROVED in draft.record(statistics).text) == kept


def test_the_schema_knows_both() -> None:
    declared = schema()
    assert {"approved", "comments"} <= set(declared["else"]["properties"])
    assert set(declared["$defs"]["Approval"]["required"]) == {"by", "on"}
    assert set(declared["$defs"]["Comment"]["required"]) == {"at", "by", "on", "text"}


def test_a_report_shows_comments_at_their_inputs_and_who_approved() -> None:
    written = content(simulate(read(TEXT + APPROVED + SAID), points=256))
    assert "approved by Ann Ivanova, 30 October 2018" in written.subtitle
    blocks = [block for section in written.sections for block in section.blocks]
    tables = {block.name: block for block in blocks if isinstance(block, Table)}
    source, path = ([column.head for column in COLUMNS].index(head) for head in ("Source", "Path of --set"))
    at = {str(row[path]): str(row[source]) for row in tables["assumptions"].rows}
    assert at["levers.fair.percent"].endswith("Comment by Ann, 30 October 2018: Too much?")
    assert at["target.at_least"] == "Comment by Ann, 30 October 2018: The minister's."
    (figure,) = [row for row in tables["figures"].rows if row[0] == "turnover"]
    assert figure[-1] == "an office. Comment by Ann, 30 October 2018: Provisional."
    (others,) = [block for block in blocks if isinstance(block, Listing) and "Comment by" in str(block)]
    assert "home: Comment by Ann, 30 October 2018: =1+1" in str(others)
    everything = repr(written)
    for text in ("Too much?", "Not before 2021.", "Provisional.", "The minister's.", "=1+1"):
        assert everything.count(text) == 1, text


REVIEWED = "reviewed_by: Boris Petrov\nreviewed_on: 2018-11-02\n"
LOG = """\
log:
  - {date: 2018-11-01, who: Ann, what: Figures of October.}
  - {date: 2018-11-05, who: Ann, what: "=The fair is larger."}
"""


def test_a_review_and_a_log_move_no_answer_and_no_fingerprint() -> None:
    plain, recorded = read(TEXT), read(TEXT + REVIEWED + LOG)
    assert fingerprint(plain) == fingerprint(recorded)
    assert simulate(plain, points=64).probability == simulate(recorded, points=64).probability
    assert not differing([plain, recorded])


def test_a_review_says_what_came_after_it_and_falls_with_a_changed_value() -> None:
    assert list(assurances(read(TEXT + REVIEWED))) == ["reviewed by Boris Petrov, 2 November 2018"]
    after = read(TEXT + REVIEWED + LOG)
    assert "changed since (1 later in the log)" in review(after)
    changed = read(TEXT + REVIEWED + LOG, "target.at_least=800")
    assert (changed.reviewed_by, changed.reviewed_on) == (None, None)
    assert changed.log == after.log


def test_a_report_holds_who_reviewed_and_the_log_the_last_change_first() -> None:
    written = content(simulate(read(TEXT + REVIEWED + APPROVED + LOG), points=64))
    assert "reviewed by Boris Petrov, 2 November 2018" in written.subtitle
    assert "approved by Ann Ivanova" in written.subtitle
    (section,) = (section for section in written.sections if section.sheet == "Log")
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["2018-11-05", "2018-11-01"]


def test_an_overlay_inherits_neither_review_nor_log(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT + REVIEWED + LOG)
    (tmp_path / "over.yaml").write_text("extends: base.yaml\ntitle: Another\n")
    over = load(tmp_path / "over.yaml").scenario
    assert (over.reviewed_by, over.reviewed_on, over.log) == (None, None, ())


def test_whoever_stands_for_a_file_falls_with_any_edit_and_with_no_other_signature() -> None:
    both = TEXT + REVIEWED + APPROVED
    logged = lengthened(both, {"log": [{"date": "2018-11-05", "who": "Ann", "what": "Looked at."}]}, "s.yaml")
    again = edited(logged, {"approved": {"by": "Chief", "on": "2018-11-06"}}, "s.yaml")
    assert list(assurances(read(again)))[1] == "approved by Chief, 6 November 2018"
    assert read(again).reviewed_by == "Boris Petrov"
    for changed in (
        edited(both, {"target.at_least": 800}, "s.yaml"),
        lengthened(both, {"observations": [{"measure": "exports", "period": 2015, "value": 300}]}, "s.yaml"),
    ):
        assert not list(assurances(read(changed)))
