"""Boards as they were published, and everything a rank was made of."""
