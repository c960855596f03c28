"""The elements of a page, by an own reading of its HTML."""

from html.parser import HTMLParser

# pages ---------------------------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """Every element with the names of its attributes, in order, and the text as it is read."""

    def __init__(self, text):
        super().__init__()
        self.found, self.said = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.said += " " if tag in ("dd", "td", "th", "p", "li") else ""
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.said += data
