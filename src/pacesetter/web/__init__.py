"""The HTTP edge: a page, an API, and the words of both."""
