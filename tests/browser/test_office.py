"""The office's folder in a real browser: saved in place, approved, told what others saved. Browser tier."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.files.reading import SHIPPED
from tests.browser.conftest import served, visitor
from tests.browser.hands import FLAGSHIP, TARGET, still, thumb, violations


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(SHIPPED / f"{FLAGSHIP}.yaml", folder / "plan.yaml")
    (folder / "over.yaml").write_text("extends: plan.yaml  # the ministry's\ntitle: Ours <b>over</b> *it*\n")
    return folder


@pytest.fixture(scope="module")
def served_office(office: Path) -> Iterator[str]:
    with served("simulator", "app", "--folder", str(office), "--port") as found:
        yield found


@pytest.fixture
def page(browser: Any, served_office: str) -> Iterator[Any]:
    yield from visitor(browser, served_office)


def chosen(page: Any, name: str) -> None:
    """An entry of the menu More."""
    page.locator(".st-key-more button").first.click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def badged(page: Any, state: str) -> None:
    page.locator('.st-key-toolbar [data-testid="stMarkdownContainer"]', has_text=state).first.wait_for()
    still(page)


def opened(page: Any, address: str, name: str) -> None:
    page.goto(address)
    page.locator(".number").wait_for()
    page.get_by_role("button", name="Scenarios", exact=True).click()
    page.locator(f".st-key-own-{name} button").click()
    page.get_by_role("dialog").wait_for(state="detached")
    badged(page, "Saved")


def pressed(page: Any) -> None:
    still(page)
    page.wait_for_timeout(500)  # what was just drawn again takes keys
    thumb(page, TARGET).first.focus()
    page.keyboard.press("PageUp")
    badged(page, "Draft")


def test_two_people_on_one_file(page: Any, browser: Any, served_office: str, office: Path) -> None:
    file = office / "over.yaml"
    opened(page, served_office, "over")
    assert not violations(page)
    for colleague in visitor(browser, served_office):
        opened(colleague, served_office, "over")
        pressed(page)
        page.get_by_role("button", name="Save", exact=True).click()
        badged(page, "Saved")
        assert re.fullmatch(
            r"extends: plan.yaml  # the ministry's\ntitle: Ours <b>over</b> \*it\*\ntarget: \{at_least: \d+\}\n",
            file.read_text(),
        )
        colleague.get_by_text("What is shown is the file as it is now").wait_for()  # without a click
        value = thumb(page, TARGET).first.input_value()
        for _ in range(100):  # the panel is drawn after the words
            if thumb(colleague, TARGET).first.input_value() == value:
                break
            colleague.wait_for_timeout(100)
        assert thumb(colleague, TARGET).first.input_value() == value

        chosen(page, "Approve")
        page.get_by_label("Your name").fill("Ann Ivanova")
        page.locator(".st-key-sign button").click()
        badged(page, "Approved")
        assert "approved: {by: Ann Ivanova" in file.read_text()
        badged(colleague, "Approved")

        pressed(colleague)
        pressed(page)
        page.get_by_role("button", name="Save", exact=True).click()
        badged(page, "Saved")
        assert "approved" not in file.read_text()
        before = file.read_bytes()
        colleague.get_by_text("The file is left as it is").wait_for()
        assert not violations(colleague)
        colleague.get_by_role("button", name="Save", exact=True).click()
        colleague.get_by_text("Nothing has changed.").wait_for()
        assert file.read_bytes() == before
        colleague.reload()  # the draft knows its file again
        colleague.get_by_text("The file is left as it is").wait_for()
        colleague.get_by_role("button", name="Open theirs").click()
        colleague.get_by_text("You changed this scenario on").wait_for()
        badged(colleague, "Saved")
        assert file.read_bytes() == before


def test_a_comment_stands_at_its_input_as_text(page: Any, served_office: str, office: Path) -> None:
    opened(page, served_office, "plan")
    chosen(page, "Comment")
    page.get_by_role("textbox", name="Comment").fill("Whose <b>sum</b>?")
    page.get_by_label("Your name").fill("Ann *Ivanova*")
    page.get_by_role("button", name="Add the comment").click()
    page.get_by_role("dialog").wait_for(state="detached")
    remark = page.locator(".remark")
    remark.wait_for()
    assert re.fullmatch(r"Ann \*Ivanova\*, \d+ \w+ \d{4}: Whose <b>sum</b>\?", remark.inner_text())
    page.get_by_role("button", name="Save", exact=True).click()
    badged(page, "Saved")
    assert "{at: target.at_least, by: " in (office / "plan.yaml").read_text()


def test_a_month_s_table_is_looked_at_and_written_into_its_file(
    page: Any, served_office: str, office: Path
) -> None:
    table = office.parent / "october.csv"
    table.write_text("partner,period,exports,imports\nKazakhstan,2018-10,66.1,9.2\n")
    before = (office / "plan.yaml").read_text()
    page.goto(f"{served_office}/board")
    page.get_by_role("button", name="Figures of a month").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(table)
    page.get_by_role("spinbutton", name="year, Came out on").click()
    page.keyboard.type("20181120")
    page.get_by_role("grid").wait_for()
    page.keyboard.press("Escape")  # the calendar goes, and the day is taken
    page.get_by_role("button", name="in million USD").click()
    page.get_by_text("exports 2018-10, 66.1", exact=False).first.wait_for()
    assert (office / "plan.yaml").read_text() == before
    page.get_by_role("button", name="Write").click()
    page.get_by_role("button", name="What changed, as DOCX").wait_for()
    assert "value: 66.1" in (office / "plan.yaml").read_text()
