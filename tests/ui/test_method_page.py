"""The page Method and glossary, and the line that leads to it from every other page. Default tier."""

from __future__ import annotations

from html import unescape

from streamlit.testing.v1 import AppTest

from simulator.report.words.glossary import TERMS, TITLE
from simulator.report.words.method import HOW, LIMITS, METHOD
from simulator.ui import router
from simulator.ui.pages import method


def opened() -> AppTest:
    def show() -> None:
        from simulator.ui.pages import method as method_page

        method_page.page()

    return AppTest.from_function(show, default_timeout=30).run()


def html(page: AppTest) -> str:
    assert not page.exception
    return unescape("".join(part.value for part in page.get("html")))


def test_it_says_how_the_number_comes_about_and_what_every_word_means() -> None:
    text = html(opened())
    assert all(sentence in text for sentence in (*HOW, *LIMITS))
    for term in TERMS:
        assert f'<dt id="{term.anchor}">{term.name}</dt><dd>{term.text}</dd>' in text


def test_the_terms_of_the_field_are_in_a_section_that_is_closed_at_first() -> None:
    page = opened()
    (section,) = page.expander
    assert not section.proto.expanded
    inside = unescape("".join(part.value for part in section.get("html")))
    assert all(sentence in inside for sentence in METHOD)


def test_no_page_calls_an_outside_address() -> None:
    assert "http" not in html(opened())


def test_it_is_in_the_menu() -> None:
    assert router.PAGES[TITLE] is method.page


def test_every_page_ends_with_a_line_that_leads_to_it() -> None:
    page = AppTest.from_file("../../simulator/ui/script/page.py", default_timeout=60).run()
    assert not page.exception
    (link,) = page.get("page_link")
    assert link.proto.label == router.FOOT
    assert link.proto.page == "method-and-glossary"
