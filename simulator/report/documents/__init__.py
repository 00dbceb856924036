"""An answer as a document to circulate: what it says, once (``contents``), and three thin renderers of it."""

from simulator.report.documents.blocks import KINDS, Kind
from simulator.report.documents.contents import command_line, document

__all__ = ["KINDS", "Kind", "command_line", "document"]
