"""Shared by the tests of the library."""

from hypothesis import settings

# The first example of a property builds tables and pools; its time says nothing.
settings.register_profile("library", settings.get_profile("portal"), deadline=None, max_examples=60)
settings.load_profile("library")
