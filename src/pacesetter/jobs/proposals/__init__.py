"""A stored decision as a proposal, and what becomes of it when trades change."""
