"""A night of the desk: what is read, what is made of it, and how it is stored."""
