"""Signing in: no page before it where it is set up, and none of it where it is not. Default tier."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from simulator.ui.server import PAGE


def test_nobody_sees_a_page_before_signing_in() -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.secrets["auth"] = {"redirect_uri": "https://trade.example.org/oauth2callback", "cookie_secret": "x"}
    app.run()
    assert [button.label for button in app.button] == ["Sign in"]
    assert "desk" not in app.session_state
    assert not app.exception


def test_without_a_section_of_it_everybody_is_let_in() -> None:
    def script() -> None:
        import streamlit as st

        from simulator.ui.signing import signed_in

        st.text(str(signed_in()))

    app = AppTest.from_function(script).run()
    assert app.text[0].value == "True"
