"""``report``: an answer, or sets of assumptions compared, as a document to circulate."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from simulator.cli.common import (
    answers,
    exit_on_faults,
    load_checked,
    print_json,
    refusals_as_usage,
    set_names,
    working,
)
from simulator.cli.options import probability_wanted
from simulator.cli.outputs import FILE, READ, Output, check_output

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison
    from simulator.analysis.effort import Effort
    from simulator.model.result import Result
    from simulator.report.documents import Kind
    from simulator.scenario import Scenario

FORMATS: tuple[Kind, ...] = ("docx", "pdf", "xlsx", "html")
TEXT = "txt"  # of a brief: the paragraph for an e-mail
BRIEFS = ("docx", "pdf", "html", TEXT)
SHIPPED = "shipped:"


@click.command(
    help="Write the answer to a scenario FILE, or several FILES compared with the first, as DOCX, PDF, XLSX "
    "or HTML; with --brief on one page."
)
@click.argument("files", nargs=-1, required=True, type=READ)
@answers
@click.option("--brief", is_flag=True, help="One page: the verdict, what matters, what it would take.")
@click.option("--email", is_flag=True, help="Print the brief as a paragraph to copy into an e-mail.")
@click.option(
    "--probability",
    "wanted",
    default="0.8",
    show_default=True,
    metavar="P",
    callback=probability_wanted,
    help="The probability wanted, for what it would take.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice((*FORMATS, TEXT)),
    help="What to write (txt: of a brief alone); left out, what --out ends in.",
)
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Where to; left out, here, under the name of the first scenario.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--names", metavar="A,B,...", help="What to call the sets; left out, A, B, C.")
def report(
    files: Sequence[Path],
    as_json: bool,
    settings: Sequence[str],
    seed: int,
    points: int,
    brief: bool,
    email: bool,
    wanted: float,
    kind: str | None,
    out: Path | None,
    force: bool,
    names: str | None,
) -> None:
    """An answer, or sets of assumptions compared, as a document to circulate."""
    called = set_names(names, len(files))
    chosen = TEXT if email else _format(kind, out, brief)
    asked = Asked(files, settings, points, seed, brief or email, wanted, names)
    _check(asked, chosen, kind, out)
    if out is None and chosen == TEXT:
        _print(_text(asked), as_json)
        return
    target = _target(out, asked, chosen, force)
    with exit_on_faults():
        content = _text(asked).encode() if chosen == TEXT else _document(asked, called, cast("Kind", chosen))
    target.write(content)
    if as_json:
        print_json(
            {
                "file": str(target.path),
                "format": chosen,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "command": asked.command(chosen),
            }
        )
    else:
        click.echo(f"Written to {target.path}")


@dataclass(frozen=True)
class Asked:
    """What is asked for: of which files, on which draws, and whether as a brief."""

    files: Sequence[Path]
    settings: Sequence[str]
    points: int
    seed: int
    brief: bool
    wanted: float
    names: str | None

    def command(self, kind: str) -> str:
        """The command line that makes it again."""
        from simulator.analysis.answers import WANTED
        from simulator.report.documents import command_line

        options = ["--brief"] if self.brief else []
        if self.wanted != WANTED:
            options += ["--probability", f"{self.wanted:.12g}"]
        given = [str(file) for file in self.files]
        return command_line(
            given,
            kind,
            names=self.names,
            settings=self.settings,
            points=self.points,
            seed=self.seed,
            options=options,
        )


def _check(asked: Asked, chosen: str, kind: str | None, out: Path | None) -> None:
    """What the options rule out.

    Raises:
        click.UsageError: they contradict one another.
    """
    if asked.brief and len(asked.files) > 1:
        raise click.UsageError(f"found {len(asked.files)} files for a brief, expected one")
    if not 0 < asked.wanted < 1:
        expected = "expected a number strictly between 0 and 1, such as 0.8"
        raise click.UsageError(f"found --probability {asked.wanted:g}, {expected}")
    if asked.brief and chosen not in BRIEFS:
        raise click.UsageError(f"found a brief as {chosen}, expected one of {', '.join(BRIEFS)}")
    if chosen == TEXT:
        _check_text(asked, kind, out)


def _check_text(asked: Asked, kind: str | None, out: Path | None) -> None:
    """What rules out a paragraph of text.

    Raises:
        click.UsageError: another format is asked for, or no brief.
    """
    if not asked.brief:
        raise click.UsageError("found --format txt without --brief; add --brief, or choose another format")
    if kind not in (None, TEXT):
        raise click.UsageError(f"found --email with --format {kind}, expected one of them")
    if out is not None and out.suffix.lower() != f".{TEXT}":
        raise click.UsageError(f"found --out {out} for a paragraph of text, expected one that ends in .txt")


def _text(asked: Asked) -> str:
    """The paragraph for an e-mail, with the end of its line."""
    from simulator.analysis.evidence import evidence
    from simulator.report.documents import email

    with exit_on_faults():
        loaded = load_checked(asked.files[0], asked.settings)
        result, effort = _worked_out(loaded.scenario, asked)
        return f"{email(result, effort, evidence(result))}\n"


def _print(text: str, as_json: bool) -> None:
    """The paragraph alone on stdout."""
    if as_json:
        print_json({"text": text.rstrip("\n")})
    else:
        click.echo(text, nl=False)


def _document(asked: Asked, called: Sequence[str], kind: Kind) -> bytes:
    """A document on one answer, or on several compared."""
    from simulator.analysis.evidence import evidence
    from simulator.report.documents import brief, document

    loaded = [load_checked(file, asked.settings) for file in asked.files]
    today, first = dt.date.today(), loaded[0]
    if asked.brief:
        result, effort = _worked_out(first.scenario, asked)
        return brief(result, effort, kind, today=today, evidence=evidence(result))
    given, again = [str(file) for file in asked.files], asked.command(kind)
    about: dict[str, Any] = {"today": today, "file": given[0], "command": again, "moved": first.retargeted}
    if len(loaded) > 1:
        with refusals_as_usage(), working():
            compared = _compared([one.scenario for one in loaded], called, given, asked)
        return document(compared, kind, **about)
    from simulator.analysis.tornado import tornado
    from simulator.analysis.track import track_dated
    from simulator.model.engine import simulate

    result, effort = _worked_out(first.scenario, asked)
    about |= {"bars": tornado(result, simulate=simulate), "evidence": evidence(result)}
    about["tracked"] = track_dated(first.scenario, simulate=simulate, points=asked.points, seed=asked.seed)
    return document(result, kind, **about, effort=effort)


def _worked_out(scenario: Scenario, asked: Asked) -> tuple[Result, Effort]:
    """The answer to a scenario, and what it would take."""
    from simulator.analysis.effort import effort, effort_asked
    from simulator.analysis.tornado import ends_asked
    from simulator.analysis.vintages import steps_asked
    from simulator.model.engine import simulate
    from simulator.scenario import work

    with refusals_as_usage(), working():
        parts = [work.Asked(1, asked.points), effort_asked(scenario, asked.points)]
        if not asked.brief:
            parts += [*ends_asked(scenario, asked.points), *steps_asked(scenario, asked.points)]
        work.require_answers(scenario, *parts)
        taken = effort(scenario, asked.wanted, simulate=simulate, points=asked.points, seed=asked.seed)
    return taken.alone.present, taken


def _compared(
    scenarios: Sequence[Scenario], names: Sequence[str], files: Sequence[str], asked: Asked
) -> Comparison:
    """Several scenarios, compared with the first of them."""
    from simulator.analysis.compare import compare
    from simulator.model.engine import simulate

    sets = dict(zip(names, scenarios, strict=True)) if names else scenarios
    return compare(sets, simulate=simulate, points=asked.points, seed=asked.seed, files=files)


def _format(kind: str | None, out: Path | None, brief: bool) -> str:
    """The format asked for, or that of the file.

    Raises:
        click.UsageError: neither tells one, or they tell two.
    """
    forms = BRIEFS if brief else FORMATS
    ending = out.suffix.removeprefix(".").lower() if out else ""
    of_file = next((form for form in (*FORMATS, TEXT) if form == ending), None)
    chosen = kind or of_file
    if chosen is None:
        raise click.UsageError(
            f"found no --format, expected one of {', '.join(forms)}, or an --out that ends in one"
        )
    if of_file and chosen != of_file:
        raise click.UsageError(
            f"found --format {chosen} with --out {out}, expected one format; drop one of them, or let them "
            "agree"
        )
    return chosen


def _target(out: Path | None, asked: Asked, kind: str, force: bool) -> Output:
    """The file to write.

    Raises:
        click.UsageError: it is there and may not be replaced.
        NotWritten: the disk takes no file there.
    """
    stem = Path(str(asked.files[0]).removeprefix(SHIPPED)).stem
    about = "-brief" if asked.brief else "-compared" if len(asked.files) > 1 else ""
    path = out or Path(f"{stem}{about}.{kind}")
    return check_output(path, force, map(Path, asked.files))
