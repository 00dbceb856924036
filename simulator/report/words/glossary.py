"""The words that a reader of an answer meets, each in a sentence or two; of a field its own text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BaseModel

from simulator.scenario.parts import Outlook, Stream
from simulator.scenario.vocabulary import Scenario
from simulator.values.basis import Basis
from simulator.values.fields import title_of
from simulator.values.wording import capital

TITLE = "Method and glossary"
LEAD = "What the words of the pages, documents and messages mean."


@dataclass(frozen=True)
class Term:
    """A word with its meaning; ``anchor`` is where it stands on the page and in ``docs/glossary.md``."""

    name: str
    text: str

    @property
    def anchor(self) -> str:
        """Its place: ``other-model-settings``."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def _described(model: type[BaseModel], field: str) -> str:
    """The meaning of a field as the vocabulary declares it, up to the first semicolon, as a sentence."""
    meaning = (model.model_fields[field].description or "").partition(";")[0]
    return f"{capital(meaning)}."


def _field(model: type[BaseModel], field: str, more: str = "", name: str = "") -> Term:
    """A field of the vocabulary, under what people call it."""
    text = _described(model, field)
    return Term(capital(name or title_of(model, field)), f"{text} {more}" if more else text)


TERMS: tuple[Term, ...] = tuple(
    sorted(
        (
            # what is counted
            Term("Turnover", "Exports and imports added up."),
            Term("Exports", "Goods that leave the home country for the partner, in money."),
            Term("Imports", "Goods that come from the partner to the home country, in money."),
            Term("Balance", "Exports less imports; below zero where more is bought than sold."),
            Term("Stream", "One line of trade in one direction, such as exports of machinery."),
            _field(Stream, "partner"),
            # what is asked, and of what
            _field(Scenario, "target", "An amount, a growth or a share, at least or at most, in a period."),
            Term(
                "Ceiling", "A target that must not be exceeded: reached where the total is at most so much."
            ),
            _field(Scenario, "as_of", name="As-of date"),
            Term(
                "Figure",
                "A published number, such as turnover in 2017. It counts as printed: half its last digit "
                "is how far it may be off, unless the file states an error.",
            ),
            Term(
                "Error in the figures",
                "How far a figure may be off, by what is known of it; left out, half its last printed digit.",
            ),
            Term(
                "Other readings of the figures",
                "What another office, such as the partner's, published for the same trade; each gives an "
                "answer of its own, which is a part of the range.",
            ),
            Term(
                "Known shock",
                "A time of the past with a cause of its own, such as a ban: it says nothing of how rough "
                "trade usually is.",
            ),
            # the answer
            Term(
                "Chance",
                "How likely it is that the target is reached, in percent: of a hundred equally likely "
                "futures so many reach it. It is also called the probability.",
            ),
            Term(
                "Future",
                "One way in which the coming months may go, drawn by chance; an answer rests on some "
                "thousand of them, also called draws or paths.",
            ),
            Term("Median", "The middle of all futures: the total is as likely above it as below."),
            Term(
                "80 % band",
                "From the low value that one future in ten stays below to the high one that one in ten "
                "exceeds.",
            ),
            Term(
                "Percentage points", "The difference of two percentages: from 30 % to 33 % is three points."
            ),
            Term(
                "Typical shortfall",
                "By how much the target is missed in the middle one of the futures that miss it.",
            ),
            Term(
                "Other model settings",
                "Settings that fit past trade about as well as those that ship. The range beside a chance "
                "is from the lowest to the highest that they and other readings of the figures give.",
            ),
            # what can be turned
            Term(
                "Measure",
                "Something a government can do for trade, such as a price cut or new plants; a lever.",
            ),
            Term("Risk", "A named event that may come beyond the usual ups and downs, such as a slump."),
            Term("Cap", "The most that measures which sell the same goods add together in a year."),
            Term(
                "Bound",
                "How far a number may be turned: what the file states, else up to three times its value.",
            ),
            _field(Outlook, "trend"),
            _field(Outlook, "random_walk"),
            _field(Outlook, "disturbance"),
            _field(Outlook, "tails"),
            _field(Outlook, "world", "It is a slump, normal or a boom; left open, it is uncertain."),
            _field(Outlook, "flow"),
            # what a value rests on
            Term(
                capital(Basis.JUDGEMENT.words),
                "A value that no published figure and no study backs; it is named as such.",
            ),
            Term(capital(Basis.STUDY.words), "A value that a named source backs."),
            # the desk
            Term("Original", "The scenario as its file has it, before anything was turned."),
            Term(
                "Draft",
                "A scenario that was turned and not saved; the browser keeps it until it is forgotten.",
            ),
            Term("Set", "One scenario of several that are compared."),
            Term("Variant", "A state of the scenario that is pinned, so that others can be held against it."),
            Term(
                "Value of information",
                "How much less likely a wrong verdict, reached or missed, would be if one unknown were known "
                "beforehand.",
            ),
            Term(
                "Shapley value",
                "What one of several changes contributes to a difference: its effect averaged over all "
                "orders in which the changes can be made.",
            ),
        ),
        key=lambda term: term.name.casefold(),
    )
)


def markdown() -> str:
    """The glossary as ``docs/glossary.md`` holds it."""
    terms = "\n".join(f'- <a id="{term.anchor}"></a>**{term.name}**: {term.text}' for term in TERMS)
    return f"# Glossary\n\n{LEAD} The method is in [method.md](method.md).\n\n{terms}\n"
