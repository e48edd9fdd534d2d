"""Prices and what belongs to them: bars, actions, fundamentals, rates, panels."""
