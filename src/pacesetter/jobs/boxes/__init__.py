"""Sealed boxes: taken in, entered, joined, ranked and looked at."""
