"""The scenario on the desk as an Excel sheet, which the page opens again like a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from simulator.files.workbook.writing import workbook
from simulator.workspace.desk import Desk

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(desk: Desk) -> None:
    """A button that hands over the workbook; it is made when it is asked for."""
    st.download_button(
        "Excel",
        partial(_made, desk),
        f"{desk.stem}.xlsx",
        KIND,
        icon=":material/table_view:",
        on_click="ignore",
        key="sheet",
        help="The assumptions as an Excel sheet: change yellow cells there, then open it here",
    )


def _made(desk: Desk) -> bytes:
    return workbook(desk.file(), desk.name)
