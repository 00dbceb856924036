"""The page in the browser: ``streamlit run app.py``."""

import streamlit as st

from simulator.ui.server import PAGE, SERVED

app = st.App(PAGE, **SERVED)
