"""An address for each route: what a test asks for when it asks for everything."""

import re

EXAMPLES = {
    "code": "SLIP-1", "number": "2", "revision": "4", "asked": "x" * 43, "feed_id": "0" * 16, "path": "outlook", "on": "2026-06-12",
    "what": "fludarabine-2",
}  # fmt: skip
NAMES = {
    "/css/<name>.css": "web", "/p/<code>/rev-<int:number>/<name>": "index.html", "/protocols/<name>": "NCT04024761",
    "/new/<name>": "NCT04024761", "/sheets/<name>": "today.html",
}  # fmt: skip
WHATS = {
    "/p/<code>/fact/<what>": "marrow", "/p/<code>/attest/<what>": "no-cardiac-change", "/p/<code>/rule/<what>": "T36",
    "/p/<code>/re-date/<what>": "lymphodepletion",
}  # fmt: skip


def address_of(rule):
    """An address of the route that exists in the ward."""
    values = EXAMPLES | ({"name": NAMES[rule.rule]} if rule.rule in NAMES else {})
    values |= {"what": WHATS[rule.rule]} if rule.rule in WHATS else {}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule.rule)
