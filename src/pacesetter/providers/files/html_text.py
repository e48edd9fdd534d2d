"""The text of an HTML page. Nothing is fetched, and nothing in it runs: tags are only left out."""

from __future__ import annotations

from html.parser import HTMLParser

UNREAD = {"script", "style", "template", "noscript", "head", "iframe", "object", "svg"}
LINES = {
    "p",
    "br",
    "div",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "section",
    "article",
    "ul",
}
DEEPEST = 1000


class _Text(HTMLParser):
    def __init__(self, most: int) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.left = most
        self.unread: list[str] = []  # the elements that are open and not read, innermost last

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":  # a head that is never closed ends here
            self.unread = [one for one in self.unread if one != "head"]
        if tag in UNREAD and len(self.unread) < DEEPEST:
            self.unread.append(tag)
        elif tag in LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LINES:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unread:
            while self.unread.pop() != tag:
                pass
        elif tag in LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unread and self.left > 0:
            self.parts.append(data[: self.left])
            self.left -= len(data)


def html_text(page: str, most: int) -> str:
    """At most about ``most`` characters that a reader of the page would see, a block a line."""
    reader = _Text(most)
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)
