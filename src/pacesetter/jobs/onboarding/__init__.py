"""A symbol that was asked for becomes a known one."""
