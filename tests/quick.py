"""How many examples a property takes: its own number, and few of them in the quick loop.

`make check` runs under the profile `quick`, which caps only properties that do not say a number; those that do say it
through `upto`. A test that needs its number, for it counts what it has seen or looks for something, says it plainly.
"""

from hypothesis import settings

__all__ = ["upto"]


def upto(examples):
    """So many; under the profile `quick` no more than that takes."""
    return min(examples, settings.default.max_examples) if settings.get_current_profile_name() == "quick" else examples
