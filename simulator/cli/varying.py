"""What varies, as words of the command line, and many files behind one option."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from simulator.cli.options import Whole
from simulator.values.limits import SWEEP_SETS
from simulator.values.wording import show

MANY = "--scenarios"


class ManyFiles(click.Command):
    """A command whose --scenarios takes all words up to the next option, as a shell's wildcards give them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words, each file behind an option of its own."""
        words: list[str] = []
        many = False
        for word in args:
            if word == MANY:
                many = True
            elif many and not word.startswith("-"):
                words += [MANY, word]
            else:
                many = False
                words.append(word)
        return super().parse_args(ctx, words)


def on_varying(verb: Callable[..., None]) -> Callable[..., None]:
    """The options by which something varies, which a verb receives as ``varying``."""

    @click.option(
        "--grid",
        multiple=True,
        metavar="PATH=A,B,C",
        callback=_values_by_path(0, "PATH=A,B,C such as levers.assembly.count=4,6,8"),
        help="Values of a number or a choice; repeatable.",
    )
    @click.option(
        "--range",
        "ranges",
        multiple=True,
        metavar="PATH=LO:HI:N",
        callback=_values_by_path(3, "PATH=LO:HI:N such as target.at_least=900:1100:9"),
        help="N values equally far apart, both ends among them; repeatable.",
    )
    @click.option(
        "--sample",
        multiple=True,
        metavar="PATH=LO:HI",
        callback=_values_by_path(2, "PATH=LO:HI such as levers.rules.percent=0%:8%"),
        help="Anywhere between two ends, all values equally likely; repeatable.",
    )
    @click.option(
        "--design",
        type=click.Choice(["grid", "sobol", "lhs"]),
        help="grid: every combination of the values; sobol or lhs: --n sets spread evenly over all that "
        "varies. Left out: sobol where something is sampled, else grid.",
    )
    @click.option(
        "--n",
        "count",
        type=Whole(1, SWEEP_SETS.most),
        metavar="N",
        help="Sets of sobol and lhs.",
    )
    @wraps(verb)
    def with_varying(
        *arguments: Any, grid: Any, ranges: Any, sample: Any, design: Any, count: Any, **options: Any
    ) -> None:
        from simulator.batch.design import Varying

        verb(*arguments, varying=Varying(grid, ranges, sample, design, count), **options)

    return with_varying


def _values_by_path(parts: int, example: str) -> Callable[..., dict[str, list[str]]]:
    """Reads PATH=VALUES: ``parts`` of them between colons, or any number between commas."""

    def read(
        _context: click.Context, _parameter: click.Parameter, words: Sequence[str]
    ) -> dict[str, list[str]]:
        by_path: dict[str, list[str]] = {}
        for word in words:
            path, values = _path_and_values(word, ":" if parts else ",")
            if not all((path, *values)) or len(values) != (parts or len(values)):
                raise click.BadParameter(f"found {show(word)}, expected {example}")
            if path in by_path:
                raise click.BadParameter(f"found {path} twice, expected each path once")
            by_path[path] = values
        return by_path

    return read


def _path_and_values(word: str, sign: str) -> tuple[str, list[str]]:
    """What stands before the first equals sign, and what stands behind it between some sign."""
    path, _, text = word.partition("=")
    return path.strip(), [value.strip() for value in text.split(sign)]
