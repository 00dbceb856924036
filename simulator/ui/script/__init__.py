"""The script that Streamlit runs, alone in its folder.

Streamlit makes everything beside its script importable by its bare name.
"""
