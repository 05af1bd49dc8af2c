"""Hypothesis profiles; and planted faults are slow, for each seeks until something turns red."""

from pathlib import Path

import pytest
from hypothesis import settings

# Where a test does not say how many examples it takes.
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.register_profile("quick", max_examples=15, deadline=None)
FAULTS = Path(__file__).parent / "faults"


def pytest_collection_modifyitems(items):
    """`make check` leaves the planted faults to `make test`."""
    for item in items:
        if FAULTS in item.path.parents:
            item.add_marker(pytest.mark.slow)
