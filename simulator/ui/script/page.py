"""What the page shows: Streamlit runs it for every session."""

from simulator.ui import router

router.run()
