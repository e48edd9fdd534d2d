"""Discovery agents: each finds signals among all symbols on an evening, one file each."""
