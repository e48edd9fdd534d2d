"""Analysts: each forms an opinion of one symbol on an evening, one file each."""
