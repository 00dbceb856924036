"""What the analyst has open: no Streamlit."""
