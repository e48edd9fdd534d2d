"""Factors: one file each, from a panel of bars to one value per symbol and date."""
