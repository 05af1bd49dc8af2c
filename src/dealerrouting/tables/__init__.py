"""Facts as plain Python data: generated or hand-made tables. May know nothing of the house."""
