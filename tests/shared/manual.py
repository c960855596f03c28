"""The pages of the manual as tests read them: their fenced blocks, and their tables."""

import re
from dataclasses import dataclass

from shared import ROOT

DOCS = ROOT / "docs"


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: its first line's words, its text, and the heading it stands under."""

    kind: str
    text: str
    heading: str


def blocks(page):
    """The fenced blocks of a page, in order."""
    found, heading, lines, kind = [], "", [], None
    for line in (DOCS / page).read_text(encoding="utf-8").split("\n"):
        if kind is None and line.startswith("```"):
            kind, lines = line[3:].strip(), []
        elif line == "```":
            found.append(Block(kind, "\n".join(lines) + "\n", heading))
            kind = None
        elif kind is not None:
            lines.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("# ").replace("`", "")
    return found


def cells(line):
    """The cells of a table row, without the code marks around a cell."""
    found = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    return [cell[1:-1] if re.fullmatch(r"`[^`]*`", cell) else cell for cell in found]


def tables_under(page):
    """Heading -> the tables under it; a table is a list of rows, a row a dict by column."""
    found, heading, header, rows, inside = {}, "", None, [], False
    for line in [*(DOCS / page).read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("```"):
            inside = not inside
        if inside:
            continue
        if line.startswith("|"):
            row = cells(line)
            if header is None:
                header = row
            elif not all(re.fullmatch(r":?-+:?", cell) for cell in row):
                rows.append(dict(zip(header, row, strict=True)))
            continue
        if header is not None:
            found.setdefault(heading, []).append(rows)
            header, rows = None, []
        if line.startswith("#"):
            heading = line.lstrip("# ").replace("`", "")
    return found
