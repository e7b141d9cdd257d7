"""Settings for all tests."""

from hypothesis import settings

# Tests run side by side on machines of any speed; how long an example takes says nothing about the code.
settings.register_profile("aipm", deadline=None, derandomize=True)
settings.load_profile("aipm")
