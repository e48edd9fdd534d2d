"""The morning report: what it tells of, made and sent."""
