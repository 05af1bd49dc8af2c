"""Adapters: stores that keep cases in somebody's database.

May know: the ports, what documents write. May not know: how a command works, each other.
Each package here needs what it is named after, and is imported by nobody but who uses it.
"""
