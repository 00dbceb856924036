"""The page in the browser: thin, and the only room that knows Streamlit."""
