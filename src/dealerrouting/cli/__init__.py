"""The command line: `demo`, `route` and `explain`.

May know: documents, the example network, the core; click and rich, when a command runs. May not know:
how anything is decided or read.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command that was typed, and exit: 0 done; 1 some rows refused; 2 plan or call wrong."""
    from dealerrouting.cli.screen import steady

    steady()
    try:
        import click  # noqa: F401  # is it there?
    except ModuleNotFoundError:
        from dealerrouting.errors import MissingExtra

        print(MissingExtra("the command line", "cli"), file=sys.stderr)
        sys.exit(2)
    from dealerrouting.cli.commands import group

    group(prog_name="dealerrouting")
