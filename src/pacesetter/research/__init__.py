"""The research desk: from signals to a decision, as pure functions of values and a date."""
