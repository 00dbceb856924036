"""An answer as a document to circulate: what it says once (``content``), and three thin renderers of it."""

from simulator.documents.content import command_line, document
from simulator.documents.parts import KINDS, Kind

__all__ = ["KINDS", "Kind", "command_line", "document"]
