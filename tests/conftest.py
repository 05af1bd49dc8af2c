"""Hypothesis profiles: `make long` asks for many more examples where a test does not say how many."""

from hypothesis import settings

settings.register_profile("long", max_examples=2_000, deadline=None)
