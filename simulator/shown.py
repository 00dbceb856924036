"""What every answer can do in a notebook: be a frame, a chart, a few lines of HTML.

An answer knows nothing of words or charts: those stand in ``report``, rooms below its own. The package's
face, ``simulator/__init__``, which every import runs first, binds the two; what it binds is imported when it
is first needed.
"""

from __future__ import annotations

TYPE_CHECKING = False  # every import runs this: typing would take longer than all else here

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    import pandas

    class Shower(Protocol):
        """What shows answers of every type: ``report.notebook``."""

        def frame(self, answer: Any) -> pandas.DataFrame:
            """Its rows."""

        def chart(self, answer: Any, name: str | None) -> Any:
            """One of its charts."""

        def html(self, answer: Any) -> str:
            """What it says, and its first rows."""


_bound: list[Callable[[], object]] = []


def bind(shower: Callable[[], object]) -> None:
    """Say who shows answers: what returns the shower, when one is shown."""
    _bound[:] = [shower]


def _shower() -> Shower:
    shower: Any = _bound[0]()
    return shower


class Shown:
    """An answer that can be shown."""

    __slots__ = ()

    def to_frame(self) -> pandas.DataFrame:
        """The answer as a frame of pandas, a fact a row, numbers unrounded.

        Probabilities, their errors, growth and shares are fractions, ``..._points`` are percentage points,
        amounts are in what ``unit`` of the row says. ``attrs["columns"]`` says what each column is; see
        docs/notebook.md.
        """
        frame: pandas.DataFrame = _shower().frame(self)
        return frame

    def chart(self, name: str | None = None) -> Any:
        """A chart of the answer as in reports and on the page: ``altair.TopLevelMixin``.

        Args:
            name: of one of its charts; left out, its first.

        Raises:
            ValueError: it has no chart of that name; the text says which it has.
        """
        return _shower().chart(self, name)

    def _repr_html_(self) -> str:
        """What a notebook shows of it: the probability with its error, what it says, its first rows."""
        html: str = _shower().html(self)
        return html
