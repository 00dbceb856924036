"""The command line: reads arguments, calls, prints. Heavy imports wait inside the verbs that need them."""

from __future__ import annotations

import sys
from typing import Any

import click

from simulator._version import __version__
from simulator.cli.app import app
from simulator.cli.backtest import backtest
from simulator.cli.board import board
from simulator.cli.claim import claim
from simulator.cli.common import FAILED, let_go, make_printable, refusals_in_words
from simulator.cli.compare import compare
from simulator.cli.context import context
from simulator.cli.discover import discover
from simulator.cli.files import new, schema
from simulator.cli.importing import import_
from simulator.cli.mix import mix
from simulator.cli.observe import observe
from simulator.cli.options import Words
from simulator.cli.record import record
from simulator.cli.report import report
from simulator.cli.run import run
from simulator.cli.sensitivity import sensitivity
from simulator.cli.sheet import sheet
from simulator.cli.snapshot import snapshot
from simulator.cli.solve import solve
from simulator.cli.sweep import sweep
from simulator.cli.track import track
from simulator.cli.validate import validate


class Verbs(click.Group):
    """The verbs, on any console."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Answer a command line, whatever becomes of the streams that it prints to."""
        make_printable()
        try:
            return super().main(*arguments, **options)
        except OSError:  # not even stderr takes a word
            let_go(sys.stdout, sys.stderr)
            sys.exit(FAILED)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read a command line; ``--help`` and ``--version`` print here."""
        with refusals_in_words():
            return super().make_context(*arguments, **options)

    def invoke(self, context: click.Context) -> Any:
        """Call a verb; what it has printed has left when it returns."""
        with refusals_in_words():
            answer = super().invoke(context)
            sys.stdout.flush()
            return answer


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """How likely is a trade-turnover target to be reached, and what would it take?"""


for verb in (
    run,
    validate,
    compare,
    solve,
    sensitivity,
    discover,
    mix,
    sweep,
    claim,
    context,
    board,
    record,
    report,
    backtest,
    import_,
    track,
    observe,
    sheet,
    snapshot,
    schema,
    new,
    app,
):
    for option in verb.params:
        if isinstance(option, click.Option) and option.type is click.STRING and not option.multiple:
            option.type = Words()
    main.add_command(verb)
