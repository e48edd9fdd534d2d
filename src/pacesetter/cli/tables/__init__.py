"""Answers as tables: what several commands print alike."""
