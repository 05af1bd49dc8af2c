"""What Hypothesis loads when it is imported: it says who knows strategies for our types, and imports nothing of ours.

May know: Hypothesis' list of packages that are asked once they are imported. May not know: `dealerrouting`, until a
type of it is asked for. That is why it stands beside the package: a module inside would import the whole of it.
"""

from __future__ import annotations

from typing import Any

__all__ = ["register"]


def register() -> None:
    """Called by Hypothesis: from here on `st.from_type(Lead)` and the like are answered by us."""
    from hypothesis.strategies._internal import types

    # As Hypothesis itself waits for numpy: a package's resolver is asked only once the package has been imported.
    waiting = getattr(types, "_global_extra_lookup", None)
    if waiting is None:
        from dealerrouting.testing import registered

        registered.register()
    else:
        waiting["dealerrouting"] = _resolve


def _resolve(thing: Any) -> Any:
    """A strategy for a type of ours, None for any other."""
    home = getattr(thing, "__module__", None)
    if not isinstance(home, str) or not home.startswith("dealerrouting."):
        return None
    from dealerrouting.testing import registered

    return registered.strategy_of(thing)
