"""What is traded: symbols, bars, calendars, the quality gate and the panel."""
