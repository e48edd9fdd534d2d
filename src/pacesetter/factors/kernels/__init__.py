"""The compiled loops, apart from the factors: numba is imported only when a value is computed.

No loop shares its work out to threads: ``factors.columns`` hands whole symbols to
threads instead, so their number changes no bit, and compilation stays short.
"""
