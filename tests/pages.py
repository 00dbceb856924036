"""The pages of the documentation as what they tell a reader to type, and what they say comes of it.

A page is README.md or one of docs/. Its blocks run from the top down in one folder that looks like a clone, each as
the one before it left the folder. What stands before a block in an HTML comment says how it is meant:

- ``by hand: WHY``: not run here (it installs, serves, or needs what is not part of the project); still held to
  the verbs and options that there are. A name alone is one by which .ci/run reads the block, and runs it;
- ``output of: COMMAND``: a text block holds what that command prints; one that follows a block of commands or of
  Python needs no such words. ``...`` alone stands for anything, line breaks for any blank, numbers for themselves;
- ``here FILE is scenarios/x.yaml, DIR is scenarios``: what the capital words of a page stand for, from there on.

In a table whose first heading begins with "command" each code of the first column is a command of the simulator.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    {ROOT / "README.md", *(ROOT / "docs").glob("*.md")} - {ROOT / "docs" / "CHANGELOG.md"}
)  # that is history
SHELL, PYTHON, TEXT = "sh", "python", "text"
PROGRAM = re.compile(r"(?:\.venv/bin/)?python3? -m simulator(?= |$)")
_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)
_NAME = re.compile(r"([A-Z][A-Z.a-z]*) is ([^\s,]+)")
BY_HAND, OUTPUT = "by hand: ", "output of: "
BY_CI = set(re.findall(r"readme_command (\w+)", (ROOT / ".ci" / "run").read_text("utf-8")))


@dataclass
class Block:
    """Something to be typed, with the line of the page on which it begins.

    ``printed`` is what the page says comes of it; ``by_hand`` why it is not run, empty where it is.
    """

    page: str
    line: int
    language: str
    text: str
    by_hand: str = ""
    printed: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command, with what capital words stand for; comments and blank lines are none."""
        lines = self.meant.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]

    @property
    def meant(self) -> str:
        """The text with what capital words stand for; of "and so on" nothing."""
        text = self.text
        for name, meaning in self.names.items():
            text = re.sub(rf"(?<![\w./-]){re.escape(name)}(?![\w.]\w)", meaning, text)
        return text.replace("...", "") if self.language == SHELL else text


def blocks(page: Path) -> list[Block]:
    """Everything on a page that is to be typed, from the top down."""
    tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))
    made: list[Block] = []
    names: dict[str, str] = {}
    for place, token in enumerate(tokens):
        said = (
            _COMMENT.search(tokens[place - 1].content)
            if place and tokens[place - 1].type == "html_block"
            else None
        )
        comment = said[1] if said else ""
        names = names | dict(_NAME.findall(comment)) if comment.startswith("here ") else names
        line = (token.map or [0])[0] + 1
        if token.type == "fence":
            _fence(
                made,
                token,
                comment,
                Block(page.name, line, token.info.strip(), token.content, names=names),
                tokens,
                place,
            )
        elif token.type == "table_open":
            made += _of_table(page.name, tokens[place:], comment, names)
    return made


def _fence(
    made: list[Block], token: Token, comment: str, block: Block, tokens: list[Token], place: int
) -> None:
    """Add a block of code; what a text says of the block before it joins that block."""
    if block.language == TEXT:
        if comment.startswith(OUTPUT):
            made.append(
                Block(
                    block.page,
                    block.line,
                    SHELL,
                    comment.removeprefix(OUTPUT),
                    printed=token.content,
                    names=block.names,
                )
            )
        elif place and tokens[place - 1].type == "fence":
            made[-1].printed = token.content
        return
    block.by_hand = comment if comment.startswith(BY_HAND) or comment in BY_CI else ""
    made.append(block)


def _of_table(page: str, tokens: list[Token], comment: str, names: Mapping[str, str]) -> Iterator[Block]:
    """The commands of a table of commands."""
    cells = [token for token in tokens if token.type == "inline"]
    if not cells or not cells[0].content.startswith("command"):
        return
    left_out = re.findall(r"`([^`]+)`", comment) if comment.startswith(BY_HAND) else []
    for number, token in enumerate(tokens):
        if token.type == "table_close":
            return
        if token.type == "td_open" and tokens[number - 1].type == "tr_open":
            for code in tokens[number + 1].children or ():
                if code.type == "code_inline":
                    line = (tokens[number + 1].map or [0])[0] + 1
                    reason = comment if code.content in left_out else ""
                    yield Block(page, line, SHELL, f"python -m simulator {code.content}", reason, names=names)


def typed(page: Path) -> Iterator[tuple[int, str]]:
    """Every command of the simulator that a page names in full, in blocks, tables or sentences, with its line."""
    for block in blocks(page):
        if block.language == SHELL:
            yield from ((block.line, shlex.join(words)) for words in block.commands)
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8")):
        for code in token.children or ():
            if code.type == "code_inline" and PROGRAM.match(code.content):
                yield (token.map or [0])[0] + 1, code.content


def prints(shown: str, printed: str) -> str:
    """What of a shown output is not printed, in this order; empty where all is.

    The first piece begins the output and the last one ends it, unless ``...`` stands there.
    """
    pieces = [" ".join(piece.split()) for piece in re.split(r"(?m)^\s*\.\.\.\s*$", shown)]
    text, place = " ".join(printed.split()), 0
    for number, piece in enumerate(pieces):
        start = text.find(piece, place)
        if start < 0 or (number == 0 and start):
            return piece
        place = start + len(piece)
    return pieces[-1] if pieces[-1] and not text.endswith(pieces[-1]) else ""
