"""Stores on SQL: SQLite in a file of one's own, PostgreSQL for many processes.

May know: the ports, what documents write. May not know: how a command works, other adapters.
Inside, each module imports only those named before it: `tables`, `dialects`, `statements`, `failures`, `engines`,
`upgrading`, `reading`, `writing`, `work`, `store`, `async_store`, `dumping`, `restoring`.
"""

from dealerrouting.errors import MissingExtra

try:
    import alembic as _alembic
    import sqlalchemy as _sqlalchemy
except ImportError:
    raise MissingExtra("a store on SQL", "sql") from None

from dealerrouting.adapters.sql.async_store import AsyncSqlStore
from dealerrouting.adapters.sql.dumping import dump
from dealerrouting.adapters.sql.restoring import Restored, restore
from dealerrouting.adapters.sql.store import SqlStore
from dealerrouting.adapters.sql.upgrading import upgrade

__all__ = ["AsyncSqlStore", "Restored", "SqlStore", "dump", "restore", "upgrade"]
del _alembic, _sqlalchemy
