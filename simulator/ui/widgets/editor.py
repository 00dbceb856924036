"""A table that is typed over: what is odd about a row stands in the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

LOOK = "Look at"
ROW, MOST = 36, 460  # pixels of a row, and of a table at most


def editor(
    rows: Sequence[Mapping[str, str]],
    heads: Mapping[str, str],
    key: str,
    warnings: Mapping[int, Sequence[str]],
) -> None:
    """The table; rows can be added at its end and taken out.

    Args:
        rows: cells by column; more than the columns that are shown may stand in them.
        heads: the columns in their order, with the words above them.
        key: of the editor, in which the session has what was typed.
        warnings: what is odd, by the number of a row, counted from 1.
    """
    frame = pd.DataFrame({name: [row.get(name, "") for row in rows] for name in heads}, dtype=str)
    config = {name: st.column_config.TextColumn(head) for name, head in heads.items()}
    if warnings:
        frame.insert(1, LOOK, [" ".join(warnings.get(number, ())) for number in range(1, len(rows) + 1)])
        config[LOOK] = st.column_config.TextColumn(LOOK, disabled=True, width="medium")
    height = min(ROW * (len(rows) + 2), MOST)
    st.data_editor(frame, hide_index=True, num_rows="dynamic", key=key, column_config=config, height=height)
