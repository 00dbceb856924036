"""The scripts that Streamlit runs, alone in their folder: ``app`` is served, ``page`` is what it shows.

Streamlit makes everything beside its script importable by its bare name.
"""
