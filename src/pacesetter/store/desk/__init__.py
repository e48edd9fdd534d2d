"""The research desk: signals, texts, opinions, decisions, reports."""
