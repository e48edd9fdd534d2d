"""Symbols: asked for, and what a night's batch measures of each."""
