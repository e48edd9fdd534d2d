"""From factor values to ranks: normalise, compose, score and rank, purely."""
