"""The page of ``live_app`` with the routes that answer its moves."""

from pathlib import Path

import streamlit as st

from simulator.ui.server import SERVED

app = st.App(Path(__file__).parent / "live_app.py", **SERVED)
