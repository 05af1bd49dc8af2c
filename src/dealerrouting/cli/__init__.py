"""The commands: `dealerrouting demo`, `route`, `explain`, `replay`, and those of the desk and its store.

May know: everything below. May not know: how anything is decided.
Commands import what they need when they run, so that `--help` is quick.
"""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; what its exit codes mean is in `calling`."""
    try:
        import click
    except ModuleNotFoundError:
        sys.stderr.write("the command needs an optional package: pip install 'dealerrouting[cli]'\n")
        raise SystemExit(2) from None
    from dealerrouting.cli.commands import commands

    try:
        code = commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        raise SystemExit(2) from None
    except (click.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(code if isinstance(code, int) else 0)
