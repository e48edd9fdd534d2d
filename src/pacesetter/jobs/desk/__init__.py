"""The desk as people use it: the watchlist, signals, the queue, the log."""
