"""Shapes of answers that several routes share."""
