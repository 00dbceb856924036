"""The page in the browser: ``streamlit run app.py``."""

from simulator.ui import router

router.run()
