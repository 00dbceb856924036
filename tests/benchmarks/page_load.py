"""How the page holds with many sessions at once: percentiles and memory, round by round.

    python -m tests.benchmarks.page_load --sessions 50 --rounds 4

All sessions open the page at once; then in each round each of them pulls its control to a value of its own and
lets it rest, at a moment of its own within the pause. Every number that came, that of the moving thumb and the
headline of the page after it, is compared with ``simulate`` of the same values: with any error the script ends
with 1. With ``--heavy`` so many of them open *What matters* in each round in place of it, with what they set.
With ``--links N`` so many visitors come before that, one after the other, each by a link with values of its own to
one of all shipped scenarios, and leave: the memory is told as they come.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Sequence
from urllib.parse import urlencode

from simulator.files.reading import all_shipped
from simulator.workspace import link
from simulator.workspace.desk import Desk
from tests.benchmarks.visitors import PATIENCE, Session, Times, megabytes, processor_seconds, row, served

HEAD = f"{'':14} {'sessions':>8} {'median':>8} {'95 %':>8} {'worst':>8}  {'MB':>6} {'CPU s':>6}"


async def _all(port: int, process: int, sessions: int, rounds: int, pause: float, heavy: int) -> Times:
    times = Times()
    everybody = [Session(port, number, sessions, times) for number in range(sessions)]
    async with contextlib.AsyncExitStack() as stack:
        started = processor_seconds(process)
        lines = [await stack.enter_async_context(one.opened()) for one in everybody]
        await asyncio.gather(*(one.page(line) for one, line in zip(everybody, lines, strict=True)))
        print(HEAD)
        spent = started

        def tell(name: str, got: Sequence[float]) -> None:
            nonlocal spent
            now = processor_seconds(process)
            held = f"{megabytes(process):6.0f} {now - spent:6.1f}"
            print(f"{name:14} {len(got):8} {row(got)}  {held}", flush=True)
            spent = now

        tell("first pages", times.pages)
        for turn in range(1, rounds + 1):
            counts = len(times.numbers), len(times.runs)

            async def one_turn(place: int, turn: int = turn) -> None:
                await asyncio.sleep(pause * place / sessions)
                if place < heavy:
                    await everybody[place].page(lines[place], "what-matters")
                else:
                    await everybody[place].turn(lines[place], turn)

            await asyncio.gather(*(one_turn(place) for place in range(sessions)))
            tell(f"{turn}: number", times.numbers[counts[0] :])
            tell(f"{turn}: page", times.runs[counts[1] :])
    for one in everybody:
        one.compare()
    return times


async def _links(port: int, process: int, count: int) -> Times:
    """Visitors one after the other, each by a link of its own."""
    times, names = Times(), all_shipped()
    for number in range(count):
        desk = Desk.of_shipped(names[number % len(names)])
        knob = next(knob for path, knob in desk.knobs.items() if path.startswith("target"))
        share = (number + 1) * 0.6180339887 % 1
        desk.turn(knob.path, float(f"{knob.low + (knob.high - knob.low) * share:.4g}"))
        one = Session(port, number, count, times)
        async with one.opened() as line:
            await one.page(line, query=urlencode(link.of_desk(desk)))
        if (number + 1) % 20 == 0:
            print(f"{number + 1:4} links {megabytes(process):6.0f} MB", flush=True)
    return times


def measured(sessions: int, rounds: int, pause: float, heavy: int = 0, links: int = 0) -> Times:
    """Serve the page, let so many sessions use it, and print the table."""
    with served() as (port, process):
        asyncio.run(_links(port, process, links))
        return asyncio.run(_all(port, process, sessions, rounds, pause, heavy))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument(
        "--pause", type=float, default=10.0, help="seconds over which a round's moves are spread"
    )
    parser.add_argument("--heavy", type=int, default=0, help="sessions that open What matters in each round")
    parser.add_argument("--links", type=int, default=0, help="visitors that come by links before that")
    asked = parser.parse_args()
    times = measured(asked.sessions, asked.rounds, asked.pause, asked.heavy, asked.links)
    print(
        f"{times.compared} numbers compared with Python's, {len(times.errors)} errors (waits up to {PATIENCE:.0f} s)"
    )
    print(*times.errors[:20], sep="\n")
    sys.exit(1 if times.errors else 0)


if __name__ == "__main__":
    main()
