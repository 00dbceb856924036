"""``app``: the page in the browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent.parent


@click.command()
@click.option("--port", default=8501, show_default=True, metavar="N", type=click.IntRange(1, 65535), help="Where the page is served on this machine.")
def app(port: int) -> None:
    """Open the page with the sliders; it is served on this machine only and calls no outside address."""
    import runpy

    os.chdir(ROOT)  # Streamlit reads its settings from .streamlit/ there
    click.echo(f"The page is at http://localhost:{port}; Ctrl+C ends it.")
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    runpy.run_module("streamlit", run_name="__main__")
