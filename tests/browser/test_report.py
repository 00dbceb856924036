"""The page Report in a real browser. Browser tier: in CI always, elsewhere where Chromium is found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import visitor

HEADS = {"Word": b"PK", "Excel": b"PK", "One web page": b"<!doctype html>"}


def opened(page: Any, address: str, words: str = "") -> Any:
    page.goto(f"{address}/report{words}")
    page.get_by_role("button", name=re.compile("^Download|Download ")).first.wait_for()
    return page.frame_locator("iframe").locator("h1").first


def test_the_report_shown_is_the_one_taken(page: Any, address: str, tmp_path: Path) -> None:
    title = opened(page, address, "?scenario=belarus-kazakhstan-2020&target.at_least=850")
    title.wait_for()
    assert "at least $850m" in page.frame_locator("iframe").locator("body").inner_text()
    for label, head in HEADS.items():
        page.get_by_text(label).first.click()
        page.wait_for_timeout(1500)
        with page.expect_download() as download:
            page.locator(".st-key-report button").click()
        file = tmp_path / "taken"
        download.value.save_as(file)
        assert file.read_bytes()[:20].lower().startswith(head.lower())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names_pass_axe(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for page in visitor(browser, address, color_scheme=scheme):
        opened(page, address).wait_for()
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
        told = [
            f"{v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found.response["violations"]
        ]
        assert not told, "\n".join(told)
