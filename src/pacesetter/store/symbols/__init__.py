"""Symbols, the boards that name them, and the queue of those that were asked for."""
