"""Boards: ranked and published, looked at, explained, tried with other weights, verified."""
