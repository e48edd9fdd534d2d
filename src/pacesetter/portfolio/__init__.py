"""Exposures, stress, positions and performance: what is owned and what moves it, purely."""
