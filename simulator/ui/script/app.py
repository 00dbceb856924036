"""The page in the browser, as ``python -m simulator app`` serves it."""

import streamlit as st

from simulator.ui.server import PAGE, SERVED

app = st.App(PAGE, **SERVED)
