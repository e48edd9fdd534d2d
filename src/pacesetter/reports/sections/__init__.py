"""The sections of the morning report, one file each."""
