"""An answer as a document to circulate: the long one, and one page (``brief``), in four thin renderers."""

from simulator.report.documents.blocks import KINDS, Kind
from simulator.report.documents.brief import email, shown
from simulator.report.documents.contents import brief, command_line, document

__all__ = ["KINDS", "Kind", "brief", "command_line", "document", "email", "shown"]
