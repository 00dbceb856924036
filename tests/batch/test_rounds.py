"""A month's table into many scenarios: who it concerns, before and after, what is written. Default tier."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from simulator import simulate
from simulator.batch.observe import Round, Table, observe
from simulator.cli import main
from simulator.files.loading import load
from simulator.report.words import observe as words

DAY = dt.date(2018, 11, 25)
TABLE = """\
Trade of Belarus in goods (million US dollars)
partner,period,exports,imports
Kazakhstan,2017-10,45.1,6.1
Kazakhstan,2018-10,66.1,9.2
Poland,2018-10,90.5,80.1
"""
PAIR = """\
title: Belarus and {partner}  # ours
as_of: 2018-10-31
home: Belarus
partner: {partner}
target: {{measure: turnover, period: 2020, at_least: {wanted}}}
observations:
  - {{measure: exports, period: 2017, value: {exports}}}  # the office
  - {{measure: imports, period: 2017, value: {imports}}}
{more}"""


def pair(partner: str, wanted: int, exports: float, imports: float, more: str = "") -> str:
    return PAIR.format(partner=partner, wanted=wanted, exports=exports, imports=imports, more=more)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    folder.mkdir()
    approved = "approved: {by: Ann, on: 2018-11-01}\n"
    (folder / "kazakhstan.yaml").write_text(pair("Kazakhstan", 700, 610.3, 80.5, approved))
    (folder / "cautious.yaml").write_text(
        "extends: kazakhstan.yaml\ntitle: Cautious\ntarget: {at_least: 650}\n"
    )
    (folder / "poland.yaml").write_text(pair("Poland", 2000, 1000, 900))
    (folder / "spain.yaml").write_text(pair("Spain", 200, 100, 90))
    (folder / "broken.yaml").write_text("title: [\n")
    return folder


def table(text: str = TABLE) -> Table:
    return Table(text.encode(), "october.csv", {"published": dt.date(2018, 11, 20), "source": "the office"})


def done(office: Path, as_of: dt.date | None = DAY, text: str = TABLE) -> Round:
    files = sorted(office.glob("*.yaml"))
    return observe(files, table(text), simulate=simulate, as_of=as_of, points=256)


def test_each_file_gets_its_own_figures_and_overlays_move_with_their_base(office: Path) -> None:
    before = {file.name: file.read_bytes() for file in office.iterdir()}
    made = done(office)
    figures = {update.file.stem: [met.words for met in update.noted.new] for update in made.updates}
    assert [len(figures[name]) for name in ("cautious", "kazakhstan", "poland")] == [0, 4, 2]
    assert {note.file.stem: note.fault for note in made.left} == {"broken": True, "spain": False}
    assert {file.name: file.read_bytes() for file in office.iterdir()} == before  # nothing is written
    for update in made.updates:
        assert update.days == (dt.date(2018, 10, 31), DAY)


def test_before_and_after_are_the_answers_to_the_files_as_they_were_and_will_be(office: Path) -> None:
    made = done(office)
    was = {u.file: simulate(load(u.file).scenario, points=256).probability for u in made.updates}
    for note in made.writes:
        note.file.write_text(note.text or "")
    for update in made.updates:
        (moved,) = update.moved
        now = simulate(load(update.file).scenario, points=256).probability
        assert moved.was.probability == was[update.file]
        assert moved.now.probability == now
        assert moved.points == pytest.approx(100 * (now - was[update.file]), abs=1e-12)


def test_parts_of_new_figures_add_up_to_the_change(office: Path) -> None:
    for update in done(office).updates:
        (moved,) = update.moved
        assert {part.figure.split()[0] for part in update.parts} == {"exports", "imports"}
        assert sum(part.probability_points for part in update.parts) == pytest.approx(moved.points, abs=0.5)
    assert all(not update.parts for update in done(office, as_of=None).updates)


def test_until_the_day_moves_new_figures_change_no_answer_and_that_is_said(office: Path) -> None:
    made = done(office, as_of=None)
    assert {moved.points for moved in made.moved} == {0.0}
    (line,) = (words.days(u) for u in made.updates if u.file.stem == "poland")
    assert line is not None
    assert "until its day moves to 2018-11-20 or later" in line


def test_a_figure_stands_beside_the_same_months_a_year_earlier(office: Path) -> None:
    (update,) = (u for u in done(office).updates if u.file.stem == "kazakhstan")
    beside = {one.figure.measure: one.growth for one in update.years_ago}
    assert beside == {"exports": pytest.approx(66.1 / 45.1 - 1), "imports": pytest.approx(9.2 / 6.1 - 1)}


def test_nobody_stands_any_more_for_a_file_with_new_figures(office: Path) -> None:
    (note,) = (note for note in done(office).writes if note.file.stem == "kazakhstan")
    assert note.text is not None
    assert "approved" not in note.text
    assert "title: Belarus and Kazakhstan  # ours" in note.text
    assert "value: 610.3}  # the office" in note.text


def test_a_table_that_names_nobody_is_taken_for_one_file_alone(office: Path) -> None:
    bare = "million US dollars\nperiod,exports,imports\n2018-10,66.1,9.2\n"
    many = done(office, text=bare)
    assert not many.updates
    one = observe([office / "poland.yaml"], table(bare), simulate=simulate, points=256)
    assert len(one.writes) == 1


def test_a_second_time_there_is_nothing_new(office: Path) -> None:
    for note in done(office).writes:
        note.file.write_text(note.text or "")
    again = done(office)
    assert not again.writes
    assert words.summary(again).startswith(
        "october.csv changes no file; 1 file could not take it: broken.yaml:2"
    )
    (office / "broken.yaml").unlink()
    assert words.summary(done(office)) == "october.csv holds nothing new for any of the files."


def test_figures_that_a_file_cannot_take_are_told_first_and_odd_ones_before_anything_is_written(
    office: Path,
) -> None:
    far = done(office, text=TABLE.replace("66.1", "66100"))
    (update,) = (update for update in far.updates if update.file.stem == "kazakhstan")
    assert any("times what the other figures" in look for look in update.noted.looks)
    assert any(line.startswith("Look at kazakhstan.yaml") for line in words.looks(far))
    clash = TABLE.replace("2017-10,45.1", "2017-10,4510")
    one = observe([office / "kazakhstan.yaml"], table(clash), simulate=simulate, points=256)
    assert not one.updates
    assert "could not take it: " in words.summary(one)
    assert "contradicts" in words.summary(one)


def verb(*arguments: object) -> tuple[int, str, str]:
    run = CliRunner().invoke(main, ["observe", *map(str, arguments)])
    return run.exit_code, run.stdout, run.stderr


def test_the_verb_previews_writes_after_a_yes_and_gives_a_page(office: Path, tmp_path: Path) -> None:
    (tmp_path / "october.csv").write_text(TABLE)
    before = {file.name: file.read_bytes() for file in office.iterdir()}
    asked = office, "--from", tmp_path / "october.csv", "--published", "2018-11-20", "--as-of", DAY
    code, out, _ = verb(*asked)
    assert code == 0
    assert "Nothing is written; --yes writes it." in out
    assert {file.name: file.read_bytes() for file in office.iterdir()} == before
    page = tmp_path / "changed.docx"
    code, out, _ = verb(*asked, "--yes", "--out", page)
    assert code == 0
    assert "2 files written." in out
    assert "as_of: 2018-11-25" in (office / "poland.yaml").read_text()
    texts = [cell.text for row in Document(str(page)).tables[0].rows for cell in row.cells]
    assert any("Kazakhstan, at least $700m of turnover in 2020" in text for text in texts)
    code, _, error = verb(*asked, "--yes", "--out", page)
    assert code == 2
    assert "--force" in error


def test_the_machine_answer_is_alone_on_stdout(office: Path, tmp_path: Path) -> None:
    (tmp_path / "october.csv").write_text(TABLE)
    code, out, _ = verb(office, "--from", tmp_path / "october.csv", "--published", "2018-11-20", "--json")
    answer = json.loads(out)
    assert (code, answer["written"]) == (0, False)
    added = {
        update["file"]: update["figures"] and len(update["figures"]["added"]) for update in answer["updates"]
    }
    assert added == {"cautious.yaml": None, "kazakhstan.yaml": 4, "poland.yaml": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["another.yaml", "--measure", "exports", "--period", "2018-10", "--value", "1"],
            "expected one file without --from TABLE",
        ),
        (["--from", "october.csv", "--out", "page.txt"], "expected a name that ends in .html or .docx"),
        (["--from", "missing.csv"], "missing.csv: found no file that can be read"),
    ],
)
def test_bad_usage_ends_in_a_sentence_and_writes_nothing(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    (tmp_path / "october.csv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    code, out, error = verb(office, *arguments)
    assert (code, out) == (2, "")
    assert message in error


def test_what_a_table_holds_of_a_year_so_far_is_told_before_anything_is_written(office: Path) -> None:
    told = words.looks(done(office, text=f"{TABLE.rstrip()}\nKazakhstan,2018 YTD,700.1,80.1\n"))
    assert any("a part of a year, whose last month is not named" in line for line in told)
