"""Agents: who looks at the evidence of an evening and says what they see, one file each. Pure."""
