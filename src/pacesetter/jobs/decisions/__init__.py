"""Decisions of the desk: proposed within limits, answered, traded, on paper or by hand."""
