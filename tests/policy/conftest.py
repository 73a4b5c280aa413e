from __future__ import annotations

from hypothesis import settings

# The same examples at every run: a test that fails once in a hundred runs is believed by nobody.
settings.register_profile("replayable", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("replayable")
