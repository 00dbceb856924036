"""An answer as a document to circulate: what it says, once (``contents``), one page of it (``brief``), and four thin renderers."""

from simulator.report.documents.blocks import KINDS, Kind
from simulator.report.documents.brief import brief, email
from simulator.report.documents.contents import command_line, document

__all__ = ["KINDS", "Kind", "brief", "command_line", "document", "email"]
