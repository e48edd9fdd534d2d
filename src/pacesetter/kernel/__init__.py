"""What every room may use: errors, the clock, identifiers, registries."""
