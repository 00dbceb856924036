"""The brief: what it says, that it says it on one page, and the paragraph for an e-mail. Default tier."""

from __future__ import annotations

import io
import json
import math
import re
from functools import cache
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from simulator import Result, Scenario, load_scenario, report, simulate
from simulator.analysis.effort import Effort
from simulator.analysis.effort import effort as worked_out
from simulator.files.reading import shipped_names
from simulator.report.documents import brief, email, shown
from simulator.report.documents.blocks import Kind, Listing, Picture, Report
from simulator.report.documents.brief import KINDS, content
from simulator.report.words import brief as words
from simulator.scenario.inputs import numbers
from tests.cases import LEVERS, NAMED, SLUMP, SPLIT, scenario
from tests.tiers import sampled

FEW = 256  # points
LONG = "An agreement on the mutual recognition of certificates and the removal of barriers of every kind " * 3
CYRILLIC = "Соглашение о взаимном признании сертификатов и снятии барьеров"
KAZAKH = "Қазақстан мен Беларусь арасындағы сауда: ә ғ қ ң ө ұ ү һ і"
VIETNAMESE = "Xuất khẩu hàng hoá của Việt Nam: ế ộ ữ ẵ ặ"
MANY = {f"m{n}": {**LEVERS["rules"], "name": f"{n}: {LONG}"[:300]} for n in range(10)}
TURNOVER = {"measure": "turnover", "period": 2020}
BALANCE = [
    {"measure": "exports", "period": year, "value": 200 + 9 * (year - 2012)} for year in range(2012, 2018)
] + [{"measure": "imports", "period": year, "value": 320 + 5 * (year - 2012)} for year in range(2012, 2018)]
STREAMS = {
    "machines": {
        "direction": "exports",
        "share": {"low": 0.4, "likely": 0.5, "high": 0.6},
        "name": "Machines",
    },
    "goods": {"direction": "exports", "name": "Other goods"},
    "imports": {"direction": "imports"},
}
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "measures": {"levers": NAMED, "risks": SLUMP, "author": "A. Clerk"},
    "one measure": {"levers": {"rules": NAMED["rules"]}},
    "one that takes away": {
        "levers": {"x": {**LEVERS["support"], "percent": "-4%", "name": "A levy"}, "y": NAMED["rules"]}
    },
    "all off": {"levers": {key: {**lever, "enabled": False} for key, lever in NAMED.items()}},
    "long names": {"title": LONG[:200], "home": LONG[:90], "partner": LONG[:90], "levers": MANY},
    "one long word": {
        "title": "x" * 200,
        "levers": {"a": {**LEVERS["rules"], "name": "y" * 200}},
        "target": {**TURNOVER, "at_least": 1000, "resolved_by": "z" * 300},
    },
    "Cyrillic": {
        "title": CYRILLIC,
        "home": "Беларусь",
        "partner": "Қазақстан",
        "levers": {"a": {**LEVERS["rules"], "name": KAZAKH}},
    },
    "Vietnamese": {"title": VIETNAMESE, "levers": {"a": {**LEVERS["rules"], "name": VIETNAMESE}}},
    "met": {"target": {"measure": "turnover", "period": 2017, "at_least": 600}, "levers": NAMED},
    "missed": {"target": {"measure": "turnover", "period": 2017, "at_least": 900}, "levers": NAMED},
    "likely already": {"target": {**TURNOVER, "at_least": 300}, "levers": NAMED},
    "at most": {"target": {**TURNOVER, "at_most": 600}, "levers": NAMED},
    "growth": {"target": {**TURNOVER, "growth_at_least": "50%", "since": 2017}, "levers": NAMED},
    "a quarter": {"target": {"measure": "turnover", "period": "2019-Q2", "at_least": 210}, "levers": NAMED},
    "a share": {
        "target": {"measure": "machines", "of": "exports", "period": 2020, "share_at_least": "60%"},
        "streams": STREAMS,
    },
    "a balance": {
        "target": {"measure": "balance", "period": 2019, "at_least": -100},
        "observations": BALANCE,
    },
    "twelve targets": {
        "target": [{"measure": "turnover", "period": 2020, "at_least": 700 + 10 * n} for n in range(12)],
        "levers": NAMED,
    },
}
SHIPPED = [name for name in shipped_names() if name != "template"]


@cache
def made(name: str) -> tuple[Result, Effort]:
    case: Scenario
    if name in CASES:
        fields = dict(CASES[name])
        observations = fields.pop("observations", None)
        sourced = [{**SPLIT[0], "source": LONG}, *SPLIT[1:]] if "long" in name else observations
        case = scenario(sourced, **fields)
    else:
        case = load_scenario(f"shipped:{name}")
    result = simulate(case, points=FEW)
    return result, worked_out(case, simulate=simulate, points=FEW)


@cache
def filed(name: str, kind: Kind) -> bytes:
    return brief(*made(name), kind)


def plain(text: str) -> str:
    """A text without the places where lines end, and may end."""
    return " ".join(text.replace("\u200b", "").split())


@cache
def said(name: str) -> list[str]:
    """Every sentence of a brief."""
    written = content(*made(name))
    items = [item for s in written.sections for b in s.blocks if isinstance(b, Listing) for item in b.items]
    texts = [written.title, written.subtitle, *written.verdicts, *written.lines, *items]
    return [plain(text) for text in texts]


ALL = [*sampled(CASES, 2), *sampled(SHIPPED, 10)]
DRAWN = [*sampled(CASES, 6, 2), *sampled(SHIPPED, 20)]  # those of which a file is drawn


# One page


@pytest.mark.parametrize("name", DRAWN)
def test_its_pdf_has_one_page_with_all_of_it(name: str) -> None:
    reader = PdfReader(io.BytesIO(filed(name, "pdf")))
    assert len(reader.pages) == 1
    text = "".join(reader.pages[0].extract_text().replace("\u200b", "").split())
    for sentence in said(name):
        assert "".join(sentence.split()) in text


# of styles as the renderer has them: points of the letters, and around each paragraph
LINE, USUAL_WIDTH = 1.3, 0.53  # of the letters' size: from line to line, and a letter of a wide font
PAGE, ACROSS = 297 - 2 * 16, 210 - 2 * 20  # millimetres between the margins
POINT = 25.4 / 72


@pytest.mark.parametrize("name", DRAWN)
def test_its_word_file_has_no_more_than_one_page_holds(name: str) -> None:
    document = Document(io.BytesIO(filed(name, "docx")))
    page = document.sections[0]
    assert round(page.page_height.mm - page.top_margin.mm - page.bottom_margin.mm) == PAGE
    height = 0.0
    for paragraph in document.paragraphs:
        style = paragraph.style
        size = style.font.size.pt
        about = style.paragraph_format
        lines = math.ceil(len(paragraph.text) * size * USUAL_WIDTH * POINT / ACROSS)
        height += lines * size * LINE * POINT
        height += (about.space_before.pt + about.space_after.pt) * POINT
    (picture,) = document.inline_shapes
    assert picture.width.mm <= ACROSS
    assert height + picture.height.mm <= PAGE


@pytest.mark.parametrize("name", ALL)
def test_its_picture_stays_large_enough_to_be_read(name: str) -> None:
    written = content(*made(name))
    assert written.room is not None
    assert 45 <= written.room <= 95
    assert sum(isinstance(block, Picture) for s in written.sections for block in s.blocks) == 1


# What it says


@pytest.mark.parametrize("name", ALL)
def test_no_sentence_is_broken(name: str) -> None:
    for sentence in [*said(name), email(*made(name))]:
        assert not re.search(r"\b(None|nan|inf|True|False)\b|\{|\}|\[|\]|  ", sentence), sentence
        assert not re.search(r"(?<![\d.])-0(\.0+)?\b(?!\.?\d)", sentence), sentence
        assert not re.search(r"(?<![\d.])1 (figures|measures|percentage points|months)\b", sentence), sentence
        assert sentence[0].isupper() or not sentence[0].isalpha() or sentence[0] in "xyzm", sentence


@pytest.mark.parametrize("name", ["measures", "belarus-kazakhstan-2020", "long names"])
def test_the_three_measures_that_move_it_most_stand_with_money_and_points(name: str) -> None:
    result, _ = made(name)
    ranked = sorted(result.contributions["levers"], key=lambda part: -abs(part.probability_points))
    lines = words.measure_sentences(result)
    assert len(lines) == 4  # and what it is without them
    for part, line in zip(ranked[:3], lines, strict=False):
        assert plain(line).startswith(plain(words.name_of(part)))
        assert f"{abs(part.probability_points):.1f} percentage point" in line or "nothing that shows" in line
        assert "$" in line or "nothing that shows" in line


def test_what_a_measure_takes_away_is_said_so() -> None:
    result, _ = made("one that takes away")
    levy, rules = words.measure_sentences(result)[:2]
    assert "A levy: takes $" in levy or "A levy: takes $" in rules
    assert not re.search(r"adds [^.]*-\d", f"{levy} {rules}")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("plain", "The scenario has no measures"),
        ("all off", "No measure is switched on."),
        ("met", "Published figures decide the target: no measure can change the answer."),
    ],
)
def test_without_measures_it_says_why(name: str, sentence: str) -> None:
    assert words.measure_sentences(made(name)[0])[0].startswith(sentence)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("measures", "The least change that is enough: New ventures from $20.0m a year to $"),
        ("belarus-kazakhstan-2020", "80 % is out of reach of the measures: even with every measure at the"),
        (
            "belarus-kazakhstan-officials-hopes",
            "The least change that is enough: Interregional deals from 10",
        ),
        ("one measure", "80 % is out of reach: with Rules, the only measure that can be turned, at"),
        ("likely already", "80 % is reached already, at"),
        ("missed", "Nothing can change it: published figures decide the target."),
        ("plain", "No measure of the scenario can be stepped up."),
    ],
)
def test_what_it_would_take_is_one_plain_sentence(name: str, sentence: str) -> None:
    first = plain(words.effort_sentences(made(name)[1])[0])
    assert first.startswith(sentence)


def test_all_measures_together_go_a_part_of_their_way() -> None:
    case = scenario(levers={key: lever for key, lever in NAMED.items() if key != "ventures"})
    present = simulate(case, points=FEW).probability
    most = worked_out(case, simulate=simulate, points=FEW).together
    assert most is not None
    wanted = present + 0.97 * (most.probability - present)
    effort = worked_out(case, wanted, simulate=simulate, points=FEW)
    assert effort.together is not None
    assert effort.together.feasible
    found = words.change_sentence(effort)
    assert re.fullmatch(
        r"No measure is enough alone; all together would have to go [\d.]+ % of the way.*", found
    )


def test_the_amount_that_is_as_likely_as_wanted_is_that_of_solve() -> None:
    result, effort = made("belarus-kazakhstan-2020")
    assert effort.amount is not None
    size = report.money(result, effort.amount.number)
    assert (
        plain(words.amount_sentence(effort)) == f"It is 80 % likely that turnover in 2020 is at least {size}."
    )
    assert effort.amount.probability == pytest.approx(0.8, abs=1e-6)


def test_what_it_rests_on_is_counted() -> None:
    result, _ = made("belarus-kazakhstan-2020")
    lines = " ".join(said("belarus-kazakhstan-2020"))
    assert (
        f"It rests on {numbers(result.scenario)} published figures, which go up to September 2018." in lines
    )
    assert "rest on our assumption" in lines
    assert "It is settled by Belstat" in lines
    assert "seen from 31 October 2018" in lines


def test_one_figure_is_one() -> None:
    result = simulate(scenario([{**SPLIT[0], "growth": None}]), points=64)
    assert words.figures_sentence(result) == (
        "It rests on 1 published figure, which goes up to December 2017."
    )


def test_who_approved_stands_there_where_a_scenario_says_so() -> None:
    result = simulate(scenario(approved={"by": "B. Chief", "on": "2026-11-03"}), points=64)
    assert "Approved by B. Chief, 3 November 2026." in words.basis_sentences(result, None)
    assert not any("Approved" in sentence for sentence in said("plain"))


def test_html_in_names_stays_text() -> None:
    levers = {"a": {**LEVERS["rules"], "name": "<script>alert(1)</script>"}}
    case = scenario(levers=levers, title='"><img src=x onerror=alert(1)>')
    written = shown(simulate(case, points=64), worked_out(case, simulate=simulate, points=64))
    assert "<script" not in written
    assert "<img src=x" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written


@pytest.mark.parametrize("kind", KINDS)
def test_word_pdf_and_html_say_the_same(kind: Kind) -> None:
    import html as parser

    made_of = filed("measures", kind)
    if kind == "docx":
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(made_of)).paragraphs)
    elif kind == "pdf":
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made_of)).pages)
    else:
        text = parser.unescape(re.sub("<[^>]*>", "", made_of.decode()))
    for sentence in said("measures"):
        assert "".join(sentence.split()) in "".join(text.replace("\u200b", "").split())


def test_the_same_answer_gives_the_same_bytes() -> None:
    for kind in ("pdf", "html"):
        assert brief(*made("measures"), kind) == filed("measures", kind)


def test_a_workbook_is_no_brief() -> None:
    with pytest.raises(ValueError, match="expected one of docx, pdf, html"):
        brief(*made("plain"), "xlsx")


# An e-mail


@pytest.mark.parametrize("name", ALL)
def test_an_e_mail_is_one_short_paragraph_that_ends_with_what_it_rests_on(name: str) -> None:
    result, effort = made(name)
    text = email(result, effort)
    assert len(text.split()) <= words.MOST_WORDS
    assert "\n" not in text
    assert report.probability(result) in text
    end = text[text.index("It rests on ") :]
    assert len(re.findall(r"\.( |$)", end)) <= 2
    assert not re.search(r"quantile|Sobol|knob|lever\b|points, seed|--", text)


def test_bounds_of_words_are_kept() -> None:
    assert words.short("a b c", 10) == "a b c"
    assert len(words.short("word " * 90, 50)) <= 50
    assert len(words.short("x" * 90, 50)) == 50
    assert words.short("31 %", 9) == "31\u00a0%"


def test_it_is_plain_data() -> None:
    written = content(*made("measures"))
    assert isinstance(written, Report)
    assert written.brief
    assert json.dumps([section.title for section in written.sections]) == json.dumps(
        ["", "What each measure adds", "What it would take for 80 %", "What it rests on"]
    )


@pytest.mark.parametrize("name", ALL)
def test_what_it_would_take_has_room_in_an_e_mail_before_all_else(name: str) -> None:
    result, effort = made(name)
    assert plain(words.effort_sentences(effort)[0]) in email(result, effort)
