"""Documents and pictures from results; pure."""
