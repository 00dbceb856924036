"""Known shocks of the past: months that say nothing of how a stream usually moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from simulator.values.fields import Flag, OptionalText, PeriodField, Strict, Text, read_items
from simulator.values.periods import Period, month_text
from simulator.values.wording import unknown

Names = Annotated[tuple[Text, ...], BeforeValidator(read_items)]


class Shock(Strict):
    """An event of the past whose effect on trade is left free: a ban, a closed border, a pandemic."""

    name: OptionalText = Field(None, description="what it is called")
    period: PeriodField = Field(description="the months in which it struck")
    streams: Names | None = Field(
        None, description="ids of the streams that it struck, or exports, imports; left out, all"
    )
    lasting: Flag = Field(
        False, description="whether what it did to the level stays; else it is over with its period"
    )
    source: OptionalText = Field(None, description="where it is described, or the word judgement")

    def faults(self, known: tuple[str, ...], last: int) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with it: (place below it, message).

        Args:
            known: the streams and directions.
            last: the last month of which a figure is known.
        """
        names = self.streams or ()
        if self.streams is not None and not names:
            yield ("streams",), "found an empty list, expected at least one stream; leave it out for all"
        for number, name in enumerate(names):
            if name not in known:
                yield ("streams", number), unknown(name, known, "a stream")
        if self.period.first > last:
            after = f"found {self.period}, after the last figure ({month_text(last)})"
            yield ("period",), f"{after}; expected a shock of the past, or a risk under risks:"


StruckStreams = tuple[tuple[tuple[str, ...], Period, bool], ...]  # ids of streams, months, whether it lasts
