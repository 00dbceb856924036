"""A board in words, as sparklines and as one page: no script, and text of files stays text. Default tier."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from simulator import Scenario, report, simulate
from simulator.batch.board import Board, Entry, Row, State, Total, rows_of
from simulator.errors import Fault
from simulator.report.charts.drawing import BLUE, GREY, ORANGE
from simulator.report.charts.sparkline import sparkline
from simulator.report.documents.board import render
from simulator.report.words import board as words
from simulator.values.periods import year
from simulator.values.wording import INSTEAD, acting
from tests.office import kinds, pair, turnover


def row(made: dict[str, Any], place: int = 0) -> Row:
    scenario = Scenario.model_validate(made)
    return list(rows_of(scenario, "case.yaml", simulate=partial(simulate), points=512))[place]


@pytest.fixture(scope="module")
def amount() -> Row:
    return row(kinds()["amount"])


def told(name: str, place: int = 0) -> dict[str, str]:
    return words.cells(row(kinds()[name], place))


def test_the_cells_of_a_row(amount: Row) -> None:
    assert words.cells(amount) == {
        "partner": "Hungary",
        "target": "at least €700m of turnover in 2026",
        "settled": "KSH, final figures",
        "probability": f"{100 * amount.probability:.0f} %",
        "change": f"{100 * (amount.change or 0):+.1f}",
        "coming": "2024-Q3, about 18 Nov 2024",
        "state": "Off track",
    }
    small = words.details(amount)
    assert small["partner"] == "case.yaml, as of 30 Sep 2024"
    assert small["change"] == "by turnover for 2024-Q2, 18 Aug 2024"
    assert small["coming"] == "turnover; 49 days after its end, as usual"
    assert small["target"].startswith("median €579m, €121m below")
    assert small["probability"] == ""


def test_targets_in_their_own_words_currency_and_unit() -> None:
    assert told("tenge")["target"] == "at least 330 billion KZT of turnover in 2026"
    assert told("ceiling")["target"] == "at most €650m of turnover in 2026"
    assert told("growth-a-year")["target"] == "turnover up at least 4 % a year from 2023 to 2026"
    assert told("share")["target"] == "exports at least 50 % of turnover in 2024"
    assert told("balance")["target"] == "a surplus of at least $100m in 2024"


def test_a_row_says_the_same_as_the_answer_to_its_file(amount: Row) -> None:
    result = simulate(amount.scenario, points=512)
    assert report.title(result).endswith(words.target(amount))
    assert report.probability(result) == words.probability(amount)


def test_several_targets_say_what_all_of_them_come_to() -> None:
    first = row(kinds()["two-targets"])
    assert first.all is not None
    assert words.together(first) == f"all 2 targets of the file: {100 * first.all:.0f} %"


def test_what_is_not_known_is_said_to_be() -> None:
    alone = row(kinds()["one-figure"])
    assert (words.change(alone), words.moved_by(alone)) == ("not known", "no other figure is published")
    assert words.settled_by(alone) == "not named"
    split = row(kinds()["split"])
    assert words.coming(split) == "2018, day not known"
    assert "no days of publication" in words.rests_on(split)
    assert words.moved_by(split) == "by turnover for Jan-Sep 2018 and 2 other figures"
    assert words.coming(replace(split, coming=None)) == "not known"


def test_a_figure_that_should_have_come_was_due() -> None:
    late = row(kinds()["amount"] | {"as_of": "2024-12-01"})
    assert words.coming(late) == "2024-Q3, was due 18 Nov 2024"


@pytest.mark.parametrize(
    ("chance", "text", "state"),
    [
        (0.4999, "49.99 %", State.OFF_TRACK),
        (0.4957, "49.6 %", State.OFF_TRACK),
        (0.49996, "just below 50 %", State.OFF_TRACK),
        (0.5, "50 %", State.ON_TRACK),
        (0.5012, "50 %", State.ON_TRACK),
        (0.2113, "21 %", State.OFF_TRACK),
    ],
)
def test_what_is_off_track_is_not_rounded_to_where_on_track_begins(
    amount: Row, chance: float, text: str, state: State
) -> None:
    moved = replace(amount, probability=chance)
    assert (words.probability(moved), moved.state) == (text, state)


def test_only_figures_make_certain(amount: Row) -> None:
    assert told("reached")["probability"] == "100 %"
    assert told("missed")["state"] == "Missed"
    decided = [words.state(row(pair(turnover(2023, at_most=most)))) for most in (900, 400)]
    assert decided == ["Kept", "Exceeded"]
    sure = replace(amount, probability=1.0)
    assert words.probability(sure) == "more than 99.99 %"


def test_the_summary_counts(amount: Row) -> None:
    reached = row(kinds()["reached"])
    other = replace(reached, file="other.yaml")
    board = Board("x", (Entry("case.yaml", (amount, reached)), Entry("other.yaml", (other,))))
    assert words.summary(board) == "3 targets of 2 files: 1 off track and 2 reached."
    assert words.summary(Board("x", ())) == words.EMPTY


# Sparklines


def drawn(made: Row) -> ElementTree.Element:
    return ElementTree.fromstring(sparkline(made, words.course(made)))


def test_a_sparkline_is_solid_where_published_dashed_ahead_with_the_target_as_a_bar(amount: Row) -> None:
    svg = drawn(amount)
    lines = [line for line in svg if line.tag == "line"]
    steps = lines[:-1]
    assert [line.get("stroke") for line in steps] == [GREY, GREY, BLUE, BLUE, BLUE]
    assert [line.get("stroke-dasharray") is None for line in steps] == [True, True, False, False, False]
    assert lines[-1].get("stroke") == ORANGE
    assert float(lines[-1].get("y1") or 0) < min(float(line.get("y2") or 0) for line in steps)  # above all


def test_its_words_hold_its_numbers(amount: Row) -> None:
    alt = drawn(amount).get("aria-label") or ""
    assert alt.startswith("Turnover: 2021 €418m; 2022 €466m; 2023 €514m; 2024 €")
    assert alt.endswith("2026 €579m (median); target €700m.")
    assert alt.count("(median)") == 3


def test_years_that_figures_tell_within_an_error_are_published_and_others_of_the_past_estimated() -> None:
    made = kinds()["split"]
    roughly = {"measure": "turnover", "period": 2014, "value": 400, "error": "5%"}
    alt = words.course(row(made | {"observations": [roughly, *made["observations"]]}))
    standing = ["".join(part.split()[2:]) for part in alt.split(": ")[1].split("; ")[:-1]]
    assert standing == ["", "(estimate)", "", "", "(median)", "(median)", "(median)"]


@pytest.mark.parametrize("values", [(5.0,), (0.0, 0.0), (-3.0, 4.0, 700.0), (700.0, 700.0)])
def test_any_course_fits_into_its_box(amount: Row, values: tuple[float, ...]) -> None:
    totals = tuple(
        Total(year(2026 - len(values) + n), value, n == 0, n > 0) for n, value in enumerate(values)
    )
    svg = drawn(replace(amount, totals=totals))
    for mark in svg:
        for name, most in (("x1", 120), ("x2", 120), ("cx", 120), ("y1", 32), ("y2", 32), ("cy", 32)):
            assert 0 <= float(mark.get(name) or 0) <= most


# The page


class _Page(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(*entries: Entry) -> bytes:
    return render(Board("/office", entries), "Targets in office")


def test_the_page_needs_nothing_else(amount: Row) -> None:
    made = page(Entry("case.yaml", (amount,)))
    read = _Page(made)
    assert not [tag for tag, _ in read.tags if tag in ("script", "link", "img", "iframe")]
    assert not re.search(rb"https?://|\son\w+=", made)
    assert len([tag for tag, _ in read.tags if tag == "svg"]) == 1
    heads = [attributes for tag, attributes in read.tags if tag == "th"]
    assert len(heads) == len(words.HEADS) + 1
    assert all("scope" in attributes for attributes in heads)
    for text in words.cells(amount).values():
        assert text in read.text
    assert made == page(Entry("case.yaml", (amount,)))


def test_of_a_file_with_many_faults_the_first_are_told_on_a_line_each() -> None:
    many = tuple(Fault("bad.yaml", line, "", f"found {line}\nand more") for line in range(1, 9))
    lines = words.faults(Board("x", (Entry("bad\x1b.yaml", faults=many),)))
    assert lines[0] == "bad\\x1b.yaml, line 1: bad.yaml: found 1\\nand more"
    assert len(lines) == 6
    assert lines[-1] == "bad\\x1b.yaml: and 3 more"


def test_text_of_a_file_stays_text() -> None:
    evil = '<script>alert(1)</script>"&'
    target = {**turnover(at_least=700), "resolved_by": evil}
    made = page(
        Entry("case.yaml", (row(pair(target, partner=evil)),)),
        Entry(evil, faults=(Fault(evil, 3, "target", f"found {evil}"),)),
    )
    assert b"<script" not in made
    assert _Page(made).text.count(evil) >= 4


@pytest.mark.parametrize("name", ["\x1b]0;t\x07.yaml", "\u202elmay.yaml", "\ufffe.yaml", "bad\udcff.yaml"])
def test_names_of_files_and_folders_act_on_no_page(amount: Row, name: str) -> None:
    entries = (
        Entry(name, (replace(amount, file=name),)),
        Entry(name, faults=(Fault(name, 1, "", "found it"),)),
    )
    made = render(Board(f"/office/{name}", entries), f"Targets in {name}").decode()
    assert not acting(made)
    assert made.count(INSTEAD) >= 3
    assert not acting(words.details(entries[0].rows[0])["partner"])


def test_faults_stand_first_with_their_line(amount: Row) -> None:
    fault = Fault("bad.yaml", 7, "target", "found nothing")
    made = page(Entry("bad.yaml", faults=(fault,)), Entry("case.yaml", (amount,))).decode()
    assert made.index("bad.yaml, line 7: target: found nothing") < made.index("<table")
    nothing = page(Entry("bad.yaml", faults=(fault,))).decode()
    assert "<table" not in nothing
    assert words.EMPTY in nothing
