"""Portfolios, and the figures of symbols that they are valued with."""
