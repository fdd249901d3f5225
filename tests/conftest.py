"""What every test runs under."""

from hypothesis import settings

# A machine shared with others is slow at times: that is no fault of what is tested.
settings.register_profile("omi-rules", deadline=None)
settings.load_profile("omi-rules")
