"""Pictures, one file each; every one takes a result and returns a figure."""
