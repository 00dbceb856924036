"""Dialogs of a page: a button opens one, and it stays while the page runs again for another reason."""

from __future__ import annotations

from typing import Any

import streamlit as st

OPENED = "dialog"  # the one that is open


def close() -> None:
    """Have no dialog open."""
    st.session_state.pop(OPENED, None)


def button(name: str, icon: str, label: str = "", **options: Any) -> None:
    """A button that opens a dialog."""
    st.button(
        label or name,
        icon=icon or None,
        on_click=st.session_state.update,
        kwargs={OPENED: name},
        **options,
    )


def end(fault: str) -> None:
    """Tell in the dialog what could not be done; with nothing to tell the dialog closes."""
    if fault:
        st.error("Nothing has changed.")
        st.code(fault, language=None, wrap_lines=True)
        return
    close()
    st.rerun()
