"""A printed change notice, read back row by row."""

from html.parser import HTMLParser


class Rows(HTMLParser):
    """The rows of the table of moves: what, was, is now."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.inside, self.cell = [], False, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside |= tag == "table" and ("class", "rows") in attrs
        if self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = tag

    def handle_endtag(self, tag):
        self.inside &= tag != "table"
        self.cell = None if tag in ("td", "th") else self.cell

    def handle_data(self, data):
        if self.inside and self.cell:
            self.rows[-1][-1] += data
