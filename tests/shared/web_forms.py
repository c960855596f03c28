"""Filling in a page's forms as a person does."""

import re
import threading
from html.parser import HTMLParser

import pytest

from shared import ROOT
from shared.web_ward import open_ward

SITE = ROOT / "examples" / "site.toml"


@pytest.fixture
def ward(tmp_path):
    """A ward of its own with patients in every state."""
    with open_ward(tmp_path) as ward:
        yield ward


class Page(HTMLParser):
    """The words of a page and the fields of its forms, as a browser has them."""

    def __init__(self, html):
        super().__init__()
        self.text, self.fields, self.wrong, self._area, self._skip = "", {}, set(), None, 0
        self.feed(html)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if "aria-invalid" in attributes:
            self.wrong.add(attributes["id"])
        if tag == "input" and name and attributes["type"] not in ("radio", "checkbox"):
            self.fields[name] = attributes.get("value", "")
        if tag == "input" and name and "checked" in attributes:
            self.fields[name] = attributes["value"]
        if tag == "textarea":
            self._area, self.fields[name] = name, ""
        if tag in ("h1", "h2", "h3", "p", "li", "td", "th", "dt", "dd", "legend", "label"):
            self.text += " "

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data
        else:
            self.text += data


def check(ward, path, typed):
    """The page that a checked form gives, and the form as it then stands."""
    revision = Page(ward.get(path).text).fields.get("based-on", "0")
    answer = ward.post(path, {"based-on": revision, **typed, "do": "check"})
    return answer, Page(answer.text)


def save(ward, path, typed, **more):
    """A form that is checked, and saved as it stands on the page that the check gave."""
    _, page = check(ward, path, typed)
    answer = ward.post(path, {**page.fields, "do": "save", **more})
    return answer


def at_once(ward, sends):
    """Send all of the forms at the same time, each from a browser of its own; their answers."""
    answers, gate = [], threading.Barrier(len(sends))

    def send(path, form):
        client = ward.app.test_client()
        client.set_cookie("dayzero", "c" * 43, domain="127.0.0.1")
        gate.wait()
        headers = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}
        answers.append(client.post(path, data={"token": ward.token(), **form}, headers=headers))

    threads = [threading.Thread(target=send, args=one) for one in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


GIVEN = {"outcome": "given", "when-is": "2026-06-12", "when-time": "07:30"}


def to(day, clock="10:00"):
    """A day of the calendar of possible days, at an hour."""
    return {"day": day, "to-time": clock}


SLIP = {**to("2026-06-17", "09:30"), "cause": "illness", "reason": "fever"}
RULING = {"outcome": "allowed", "for-is": "2026-06-16", "by": "PI", "reason": "cells will keep"}


# amendments ----------------------------------------------------------------------------------------------------------


SITE_TEXT = 'format = 1\nzone = "America/New_York"\n[parameters]\nil2-days = "+1 to +7"\n[times]\nil2 = "20:00"\n'


def upload(ward, path, typed, **files):
    import io

    data = {**typed, **{name: (io.BytesIO(text.encode()), f"{name}.toml") for name, text in files.items()}}
    return ward.post(path, data)


# new patient ---------------------------------------------------------------------------------------------------------

NEW = "/new/NCT04024761"
PATIENT = {
    "code": "ciml-018", "planned-day-zero": "15 Jul 2026 10:00", "date-transplant": "20 Jan 2026", "date-dli-last": "never",
    "date-marrow": "22 Jun 2026", "attest-age-eligible": "12-May-2026", "attest-by-age-eligible": 'coordinator "x"\\',
}  # fmt: skip
