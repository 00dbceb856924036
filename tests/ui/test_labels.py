"""Words of a file as a label of the page shows them: no link, picture, formula, colour or icon; no path in an error. Default tier."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from simulator.ui.widgets.charts import plain

# What Streamlit's Markdown makes something of: GitHub's links of bare words, its own directives, formulas.
LIVE = re.compile(
    r"www\.|https?://|mailto:[\w]|xmpp:[\w]|[\w.+-]@[\w-]+\.|(?<!\\)[*_`~<\[\]]|:[a-z_]+[:\[]|(?<!\\)\$[^$]*(?<!\\)\$",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "words",
    [
        "www.x.example",
        "WWW.X.EXAMPLE/path",
        "see http://x.example and https://x.example",
        "mail to a.b+c@x.example or mailto:a@x.example",
        "![a](http://x.example/i.png) [b](x) <img src=x>",
        ":smile: :red[x] :material/home: **b** _i_ `c` ~s~",
        "$a$ and $b$",
        "a\x1b]0;b\x07\u202ec",
    ],
)
def test_nothing_in_a_label_is_live(words: str) -> None:
    label = plain(words)
    assert LIVE.search(words) or "\x1b" in words
    assert not LIVE.search(label), label
    assert "\x1b" not in label
    assert "\u202e" not in label
    letters = re.sub(r"[^a-z]", "", words)
    assert re.sub(r"[^a-z]", "", label) == letters  # it reads as it did


def test_an_error_of_ours_shows_no_path_and_no_link() -> None:
    client = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))[
        "client"
    ]
    assert (client["showErrorDetails"], client["showErrorLinks"]) == ("none", "false")
