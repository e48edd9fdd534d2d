"""Processes that a server starts for long work."""
