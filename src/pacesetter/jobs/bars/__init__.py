"""Bars come in: which provider is asked, what is taken and what is held back."""
