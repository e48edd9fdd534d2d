"""Rows: the engine, the tables, and set-based queries on them."""
