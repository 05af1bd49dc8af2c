"""Migrations: how the tables came to be, release by release.

May know: Alembic. May not know: the tables of today: a migration is what it was when it was released.
"""
