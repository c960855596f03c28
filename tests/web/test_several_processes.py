"""Two processes of the program on one ledger behind a real nginx, set up as docs/install.md says: none has anything of its own.

nginx hands the requests to one and the other in turn. What a test sends to one of the two, it sends past nginx.
"""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from shared.hospital import NAME, SECRET, manual, standing_in
from shared.slip_once import CODE, create_patient
from shared.web_forms import Page

from schedule.ledger.opening import open_store
from schedule.service.place import ledger_place

NOTE = f"/p/{CODE}/note"


def in_turn(text, other):
    """The configuration with both processes, and the cache of the feeds."""
    folder = re.search(r"error_log (\S+)/error.log", text)[1]
    (first,) = set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", text))
    pages, feeds = manual("dayzero-pages.conf"), manual("dayzero-feeds.conf")
    for there, here in (
        ("127.0.0.1:8000;", f"127.0.0.1:{first};"), ("127.0.0.1:8001;", f"127.0.0.1:{other};"),
        ("/run/dayzero-feeds", f"{folder}/feeds"),
    ):  # fmt: skip
        assert pages.count(there) == 1
        pages = pages.replace(there, here)
    text = text.replace(f"proxy_pass http://127.0.0.1:{first};", "proxy_pass http://dayzero_pages;")
    text = text.replace("location ^~ /feed/ {", f"location ^~ /feed/ {{\n{feeds}")
    return text.replace("map $uri", f"{pages}\nmap $uri", 1)


@pytest.fixture(scope="module", params=["file", "server"])
def hospital(request, tmp_path_factory):
    folder, store = tmp_path_factory.mktemp("several"), None
    if request.param == "server":
        postgres = request.getfixturevalue("postgres")
        store = postgres.url(postgres.database())
        with open_store(ledger_place(store)) as ledger:
            create_patient(ledger)
    with standing_in(folder, in_turn, store=store, programs=2) as found:
        yield found


class Person:
    """A person's browser, whose every request goes to the process that is named."""

    def __init__(self, hospital, name):
        self.hospital, self.name, self.cookies = hospital, name, {}
        self.first, self.second = hospital.inside, *hospital.others

    def ask(self, port, path, fields=None):
        sent = {"X-Remote-User": self.name, "X-Dayzero-Secret": SECRET, "Sec-Fetch-Site": "same-origin"}
        sent["Origin"] = f"https://{NAME}:{self.hospital.public}"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        more = {} if fields is None else {"method": "POST", "body": urlencode(fields).encode()}
        answer = self.hospital.ask_directly(path, port=port, **more, **sent)
        for one in answer.headers.get_all("Set-Cookie", []):
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in one:
                del self.cookies[name]
        return answer

    def note(self, port, text, begun):
        """Check a note at a process, by the form that was begun at another; the form as it then stands."""
        answer = self.ask(port, NOTE, {**begun, "text": text, "do": "check"})
        assert answer.status == 200, answer.text
        return {**Page(answer.text).fields, "text": text, "do": "save"}

    def begin(self, port):
        return Page(self.ask(port, NOTE).text).fields


@pytest.fixture
def kim(hospital):
    return Person(hospital, "kim")


def revisions(person):
    """The newest revision by each of the two processes."""
    return [int(Page(person.ask(port, NOTE).text).fields["based-on"]) for port in (person.first, person.second)]


def test_the_requests_go_to_both_in_turn(hospital):
    assert {hospital.ask(f"/p/{CODE}", user="kim").status for _ in range(6)} == {200}
    for log in ("serve.txt", "serve1.txt"):
        assert "GET /p/<code> 200" in (hospital.folder / log).read_text()


def test_a_form_begun_at_one_and_checked_at_the_other_saves_at_the_first(kim):
    before, _ = revisions(kim)
    form = kim.note(kim.second, "cell lab told", kim.begin(kim.first))
    saved = kim.ask(kim.first, NOTE, form)
    assert (saved.status, saved.headers["Location"]) == (303, f"/p/{CODE}/change/{before + 1}")
    assert kim.ask(kim.second, saved.headers["Location"]).status == 200
    assert revisions(kim) == [before + 1, before + 1]


def test_a_form_that_goes_to_both_at_once_is_one_act(kim):
    before, _ = revisions(kim)
    form = kim.note(kim.first, "pharmacy told", kim.begin(kim.second))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda port: kim.ask(port, NOTE, form), [kim.first, kim.second] * 4))
    assert {(one.status, one.headers["Location"]) for one in answers} == {(303, f"/p/{CODE}/change/{before + 1}")}
    assert revisions(kim) == [before + 1, before + 1]


def test_who_is_slower_at_the_other_process_is_told_who_was_quicker_and_what(kim, hospital):
    lee = Person(hospital, "lee")
    before, _ = revisions(kim)
    slower = lee.note(lee.second, "day hospital told", lee.begin(lee.second))
    assert kim.ask(kim.first, NOTE, kim.note(kim.first, "ward told", kim.begin(kim.first))).status == 303
    answer = lee.ask(lee.second, NOTE, slower)
    text = Page(answer.text).text
    assert (answer.status, "Nothing was saved: somebody was quicker" in text) == (409, True)
    assert f"Revision {before + 1} was made by kim" in text
    assert "day hospital told" in answer.text  # what she typed is still there
    assert revisions(kim) == [before + 1, before + 1]


def make_feed(person):
    """A feed whose form one process gives, which another makes, and whose address the first shows."""
    fields = Page(person.ask(person.first, "/feeds/new").text).fields
    sent = {**fields, "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
    made = person.ask(person.second, "/feeds/new", sent)
    assert made.status == 303, made.text
    page = person.ask(person.first, made.headers["Location"])
    found = re.search(r"(/feed/[\w-]{43}/[\w-]+\.ics)<", page.text)
    assert found, page.text
    again = person.ask(person.second, "/feeds/new", sent)
    assert again.headers["Location"] == made.headers["Location"]  # sent twice: one feed
    return found[1], made.headers["Location"]


def test_a_feed_is_made_by_one_its_address_shown_by_the_other_and_only_once(kim, hospital):
    fields = Page(kim.ask(kim.first, "/feeds/new").text).fields
    sent = {**fields, "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
    made = kim.ask(kim.second, "/feeds/new", sent)
    lee = Person(hospital, "lee")
    lee.cookies = dict(kim.cookies)
    assert "kept nowhere, so nobody can show it again" in lee.ask(kim.first, made.headers["Location"]).text
    assert "Copy the address now" in kim.ask(kim.first, made.headers["Location"]).text
    for port in (kim.first, kim.second):
        assert "kept nowhere, so nobody can show it again" in kim.ask(port, made.headers["Location"]).text


def test_both_give_a_feed_under_one_tag_and_say_unchanged_to_the_others(kim, hospital):
    path, _ = make_feed(kim)
    answers = [hospital.ask_directly(path, port=port) for port in (kim.first, kim.second)]
    assert len({(one.status, one.headers["ETag"], one.body) for one in answers}) == 1 and answers[0].status == 200
    tag = answers[0].headers["ETag"]
    for port in (kim.first, kim.second):
        assert hospital.ask_directly(path, port=port, **{"If-None-Match": tag}).status == 304


def test_the_proxy_keeps_a_feed_asks_whether_it_is_the_same_and_gives_a_changed_one_a_second_later(kim, hospital):
    path, address = make_feed(kim)
    page = kim.ask(kim.second, address.replace("/address", "/revoke"))
    first = hospital.ask(path)
    assert (first.status, first.headers["Cache-Control"]) == (200, "private, no-cache")
    tag = first.headers["ETag"]
    assert hospital.ask(path, **{"If-None-Match": tag}).status == 304
    before = fetches(hospital)
    assert {hospital.ask(path).headers["ETag"] for _ in range(20)} == {tag}
    assert fetches(hospital) - before <= 3  # a second is long
    time.sleep(1.1)
    assert hospital.ask(path).headers["ETag"] == tag
    assert "GET /feed/<anything:asked> 304" in logged(hospital)  # what the proxy asked
    revoked = kim.ask(kim.first, address.replace("/address", "/revoke"), {**Page(page.text).fields, "reason": "lost"})
    assert revoked.status == 303
    end = time.monotonic() + 2
    while (now := hospital.ask(path)).headers["ETag"] == tag:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert now.status == 200 and b"BEGIN:VEVENT" in now.body  # the one entry that says so


def test_the_address_of_a_feed_is_in_no_log(kim, hospital):
    path, _ = make_feed(kim)
    assert hospital.ask(path).status == 200
    assert path.split("/")[2].encode() not in hospital.logs()


def logged(hospital):
    return "".join((hospital.folder / name).read_text() for name in ("serve.txt", "serve1.txt"))


def fetches(hospital):
    return logged(hospital).count("/feed/<anything:asked>")
