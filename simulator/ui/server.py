"""What the server of the page is made of: the script that Streamlit runs, and the routes beside it."""

from __future__ import annotations

from pathlib import Path

from simulator.ui.live.channel import routes

PAGE = Path(__file__).parent / "script" / "page.py"
ROUTES = routes()
