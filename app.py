"""The page in the browser: ``streamlit run app.py``."""

import streamlit as st

from simulator.ui.server import PAGE, ROUTES, sending_at_once

app = st.App(PAGE, routes=ROUTES, lifespan=sending_at_once)
