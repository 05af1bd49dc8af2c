"""The example network: a plan, its tables, facts and a year of leads, all fictitious.

May know: where its own files are. May not know: how anything reads them.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["path"]


def path() -> Path:
    """The folder with `plan.yaml`, its tables, `leads.csv` and `facts/`; its README tells origin and licence."""
    return Path(__file__).with_name("data")
