"""The page in the browser: ``streamlit run app.py``."""

import streamlit as st

from simulator.ui.server import PAGE, ROUTES

app = st.App(PAGE, routes=ROUTES)
