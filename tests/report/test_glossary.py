"""The glossary: declared once, the same on the page and in docs, a field's own text where it is one. Default tier."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.report.words.glossary import TERMS, markdown
from simulator.scenario.parts import Outlook
from simulator.values.fields import title_of
from simulator.values.wording import capital

DOCS = Path(__file__).parent.parent.parent / "docs"
MET = (
    "Turnover",
    "Exports",
    "Stream",
    "Figure",
    "As-of date",
    "Median",
    "80 % band",
    "Chance",
    "Measure",
    "Risk",
)
MORE = ("Percentage points", "Other model settings", "Our assumption", "Study", "Original", "Draft")


def test_the_document_is_what_is_declared() -> None:
    written = (DOCS / "glossary.md").read_text("utf-8")
    assert written == markdown(), "write docs/glossary.md again: simulator.report.words.glossary.markdown()"


def test_every_word_that_a_policy_reader_meets_stands_there_once() -> None:
    names = [term.name for term in TERMS]
    assert {*MET, *MORE, "Value of information"} <= set(names)
    assert len({term.anchor for term in TERMS}) == len(TERMS) >= 25
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.anchor)
def test_each_is_told_in_one_or_two_plain_sentences(term: object) -> None:
    text = getattr(term, "text", "")
    assert text.endswith(".")
    assert text[0].isupper()
    assert len(text) <= 280
    assert text.count(". ") <= 1
    assert "_" not in text


@pytest.mark.parametrize("field", ["trend", "random_walk", "disturbance", "tails", "flow"])
def test_a_field_of_the_vocabulary_keeps_its_own_text(field: str) -> None:
    (term,) = (term for term in TERMS if term.name == capital(title_of(Outlook, field)))
    meaning = (Outlook.model_fields[field].description or "").partition(";")[0]
    assert term.text.startswith(capital(meaning))
