"""The watched folder: each content once, and what became of it."""
