"""Settings of the test run: Hypothesis profiles, and pytest's own ``pytester``. A fixture lives beside the tests that use it.

``default`` looks further at every run and remembers what it found. ``ci`` draws the same examples every time, so that a run
that failed fails again, and draws half as many, because it does so on every Python. ``deep`` is for a long look by hand:
``HYPOTHESIS_PROFILE=deep python -m pytest``.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ("pytester", "servers.fixtures")
# The plugin of the project itself is not named here: where the project is installed, its entry point has it already.

settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, database=None, max_examples=50)
settings.register_profile("deep", parent=settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))
