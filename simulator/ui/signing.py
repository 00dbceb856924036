"""Signing in: where the office has set up OpenID Connect, nobody sees a page before that."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from simulator.report.words import work as words


def is_asked_for() -> bool:
    """Whether ``.streamlit/secrets.toml`` has a section ``[auth]``."""
    try:
        return "auth" in st.secrets
    except (StreamlitSecretNotFoundError, FileNotFoundError):
        return False


def signed_in() -> bool:
    """Whether this visitor may see a page; else there is a button to sign in with."""
    if not is_asked_for():
        return True
    if not st.user.get("is_logged_in"):
        st.text(words.SIGN_IN_FIRST)
        st.button(words.SIGN_IN, icon=":material/login:", on_click=st.login, type="primary")
        return False
    return True
