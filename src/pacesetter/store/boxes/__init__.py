"""Sealed boxes: products, observations and each day's figures."""
