"""Who may come in, and the log of who changed what."""
