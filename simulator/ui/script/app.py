"""The page in the browser, as ``python -m simulator app`` serves it."""

from simulator.ui import router

router.run()
