"""What is wrong with the data, and what mends it."""
