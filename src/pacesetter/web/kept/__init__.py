"""Answers that are kept as bytes, and served before any route is asked."""
