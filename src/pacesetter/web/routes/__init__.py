"""One file a noun; the answer's types stand at the top of each."""
