"""All benchmarks, one after the other, each in a process of its own.

By hand, about ten minutes on a quiet machine, in the top folder: ``python -m tests.benchmarks [--write] [NAME ...]``,
after ``pip install -r tests/benchmarks/requirements.txt``. With ``--write`` their tables take the place of those in
docs/performance.md; a table of which the script fails stays, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys

from tests.benchmarks import kit

NAMES = ("efficiency", "remainder", "scaling", "startup", "memory", "moves", "large", "page")
DOCUMENT = kit.ROOT / "docs" / "performance.md"


def made(name: str, *words: str) -> str | None:
    """What one script prints for the document; None where it fails, whose reason it has printed."""
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--markdown", *words]
    print(" ".join(command[1:]), file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=kit.ROOT, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def placed(text: str, name: str, table: str) -> str:
    """The document with a table between the marks of its name.

    Raises:
        ValueError: it has no such marks.
    """
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"found no marks for {name} in {DOCUMENT}, expected <!-- {name} -->")
    return pattern.sub(lambda marks: marks[1] + table + marks[2], text)


def write(tables: dict[str, str]) -> None:
    """The tables into the document, which is renamed into its place whole."""
    text = DOCUMENT.read_text("utf-8")
    for name, table in tables.items():
        text = placed(text, name, table)
    beside = DOCUMENT.with_suffix(".new")
    beside.write_text(text, "utf-8")
    os.replace(beside, DOCUMENT)


def main() -> None:
    """Run the scripts that are named, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="the smallest run of each")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"found {', '.join(sorted(unknown))}; expected some of {', '.join(NAMES)}")
    words = ["--quick"] if arguments.quick else []
    failed = False
    for name in arguments.names or NAMES:
        table = made(name, *words)
        failed |= table is None
        if table is not None and arguments.write:
            write({name: table, "machine": kit.machine()})
        elif table is not None:
            print(f"{table}\n", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
