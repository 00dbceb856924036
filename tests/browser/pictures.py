"""Take the pictures of the README, of every page at both widths, light and dark, from the running page.

By hand, a minute, in the top folder: ``python -m tests.browser.pictures FOLDER [--readme]``; ``--readme``
renews docs/pictures/ as well.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ROOT, chromium, served

PAGES = ("explore", "compare", "what-would-it-take", "what-matters", "report")
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
SHOWN = {
    "explore-wide-light": "explore",
    "what-would-it-take-wide-light": "solve",
    "what-matters-wide-light": "sensitivity",
}


def taken(browser: Any, address: str, page: str, size: str, scheme: str, folder: Path) -> Path:
    """One page at one width in one scheme, whole."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1
    )
    opened = context.new_page()
    opened.goto(f"{address}/{'' if page == 'explore' else page}?scenario=belarus-kazakhstan-2020")
    opened.wait_for_selector("h1", timeout=60_000)
    opened.wait_for_timeout(6000)
    whole = opened.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    opened.set_viewport_size({"width": width, "height": min(int(whole) + 20, 9000)})
    opened.wait_for_timeout(1500)
    path = folder / f"{page}-{size}-{scheme}.png"
    opened.screenshot(path=str(path))
    context.close()
    return path


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--pages", default=",".join(PAGES))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for page in arguments.pages.split(","):
            for size in SIZES:
                for scheme in ("light", "dark"):
                    path = taken(browser, address, page, size, scheme, arguments.folder)
                    if arguments.readme and path.stem in SHOWN:
                        shutil.copy(path, ROOT / "docs" / "pictures" / f"{SHOWN[path.stem]}.png")
        browser.close()


if __name__ == "__main__":
    main()
