"""What helps whoever tests with the library: `conformance`, the contract of the ports as tests for a store of your own.

May know: everything below. May not know: commands. It needs pytest and Hypothesis, and nothing but tests imports it.
"""
