"""`demo`.

May know: nothing yet. May not know: anything.
"""
