"""What a database says of itself when it fails, in words of ours.

May know: SQLAlchemy's errors, the codes of both databases. May not know: what was asked.
A driver's text may quote what was to be written, so nothing of it is passed on but its code; and the new error does not
hold on to the old one, for whoever logs an error may log what it came from.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import exc

from dealerrouting.errors import Conflict, StoreError, StoreUnavailable

__all__ = ["ERRORS", "UPGRADE", "Unit", "not_now", "told"]

_DRIVERS: tuple[type[Exception], ...] = (sqlite3.Error,)
try:
    from psycopg import Error as _PsycopgError
except ImportError:  # without the extra `postgres`
    pass
else:
    _DRIVERS = (sqlite3.Error, _PsycopgError)

ERRORS: tuple[type[Exception], ...] = (exc.DBAPIError, exc.TimeoutError, exc.StatementError, *_DRIVERS)
"""What is told in words of ours. SQLAlchemy's other errors are a programmer's, and hold no values."""

UPGRADE = "run `dealerrouting db upgrade`"
_TEXTS = {
    "unreachable": "the database cannot be reached",
    "busy": "the database is busy: no connection or lock within the time allowed",
    "full": "the database has no room left",
    "read_only": "the database may only be read",
    "outdated": f"the database has no tables of this release: {UPGRADE}",
    "failed": "the database failed",
    "unknown": "the connection broke during a commit: it may have been made or not",
}
_SQLITE = {
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_PROTOCOL": "busy",
    "SQLITE_FULL": "full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "unreachable",
}
_CONFLICTS = {"40001", "40P01", "23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"}
_STATES = {
    "53100": "full", "53300": "busy", "55P03": "busy", "57014": "busy", "25006": "read_only", "42P01": "outdated",
    "42703": "outdated", "3F000": "outdated", "3D000": "unreachable", "28000": "unreachable", "28P01": "unreachable",
    "57P01": "unreachable", "57P02": "unreachable", "57P03": "unreachable", "57P05": "unreachable",
}  # fmt: skip


class Unit:
    """How far one transaction has come, for whoever must say what an error means."""

    committing = False


def told(error: Exception, unit: Unit) -> StoreError:
    """What this error of a driver or of SQLAlchemy's means: a `Conflict`, or a `StoreUnavailable` with its reason."""
    cause: Any = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""
    if code in _CONFLICTS:
        return Conflict("changed meanwhile: another transaction was faster")
    reason = _reason(error, cause, code)
    if unit.committing and (reason == "unreachable" or code == "08007"):
        reason = "unknown"
    return StoreUnavailable(reason, _TEXTS[reason] + (f" ({code})" if code and reason == "failed" else ""))


def _reason(error: Exception, cause: Any, code: str) -> str:
    if isinstance(error, exc.TimeoutError):
        return "busy"
    if isinstance(cause, sqlite3.Error):
        found = next((word for name, word in _SQLITE.items() if code.startswith(name)), None)
        return found or ("outdated" if str(cause).startswith(("no such table", "no such column")) else "failed")
    broken = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    if code:
        return "unreachable" if code.startswith("08") else _STATES.get(code, "unreachable" if broken else "failed")
    return "unreachable" if broken or _lost(cause) else "failed"


def _lost(cause: Any) -> bool:
    """A driver has no code where there was nobody to give one: it could not connect, or the other end went away."""
    return type(cause).__name__ in {"OperationalError", "ConnectionTimeout", "AdminShutdown", "InterfaceError"}


def not_now(error: Exception) -> bool:
    """Whether it only could not be done now, or not by this user."""
    cause: Any = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""
    return code == "42501" or _reason(error, cause, code) in ("busy", "read_only")
