"""Settings for all tests."""

import os

from hypothesis import settings

# Tests leave no compiled templates in the home folder, and find none; those that are about the cache name one.
os.environ["AIPM_CACHE"] = ""

# Tests run side by side on machines of any speed; how long an example takes says nothing about the code.
settings.register_profile("aipm", deadline=None, derandomize=True)
settings.load_profile("aipm")
