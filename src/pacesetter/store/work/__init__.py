"""Work as rows: who claimed it, how far it is, and that it takes effect once."""
