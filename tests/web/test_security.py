"""Which requests are answered: every route against wrong Hosts, Origins, tokens and users; the headers of every answer; what
the logs hold; and what happens when the ledger goes away."""

import ast
import io
import logging
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import tracemalloc
from contextlib import suppress

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from shared import ROOT
from shared.elements import Elements
from shared.routes import address_of
from shared.web_ward import CODES, COOKIE, HOST, ORIGIN, open_ward
from waitress.server import create_server

from schedule.commands import reached
from schedule.commands.listed import dayzero
from schedule.commands.serve import LogLine, loopback, reached_as
from schedule.ledger.sqlite import SqliteStore
from schedule.web import peer
from schedule.web.app import make_app
from schedule.web.security import HEADERS, token_of

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}  # fmt: skip
PROXY = {
    "proxy_header": "X-Remote-User", "hosts": frozenset({"dayzero.hospital.example"}),
    "origins": frozenset({"https://dayzero.hospital.example"}),
}  # fmt: skip
WRONG_HOSTS = (
    "", "evil.example", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1:8000.evil.example", "127.0.0.1:8000, evil.example",
    "evil.example:8000", "127.0.0.1:08000", "127.0.0.2:8000", "0:8000", "[::1]:8000", "user@127.0.0.1:8000", "127.0.0.1:8000/",
)  # fmt: skip
WRONG_ORIGINS = (
    {}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "same-site"}, {"Origin": "null", "Sec-Fetch-Site": "none"}, {"Origin": ""},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "https://127.0.0.1:8000"}, {"Origin": "http://127.0.0.1:8001"}, {"Origin": "http://127.0.0.1"},
    {"Origin": f"{ORIGIN}/"}, {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, {"Origin": f"{ORIGIN}, {ORIGIN}"},
)  # fmt: skip


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with open_ward(tmp_path_factory.mktemp("ward")) as found:
        yield found


def is_feed(path):
    """Whether this is the address of a feed, which is answered without a user's name."""
    return path == "/feed" or path.startswith("/feed/")


def routes(app, method):
    return [address_of(rule) for rule in app.url_map.iter_rules() if method in rule.methods]


@pytest.fixture(scope="module")
def gets(ward):
    return routes(ward.app, "GET")


@pytest.fixture(scope="module")
def posts(ward):
    found = routes(ward.app, "POST")
    assert len(found) >= 11
    return found


def heads(ward):
    with ward.store() as store:
        return store.heads(), len(list(store.chain()))


def checked_note(ward, user=None, **headers):
    """The form of a note for SLIP-1 that was checked: what is sent to save it."""
    data = {"text": "cell lab told", "based-on": "4"}
    page = ward.post("/p/SLIP-1/note", {**data, "do": "check"}, user=user, **headers).text
    return {**data, "checked": re.search(r'name="checked" value="(\w+)"', page)[1], "do": "save"}


def send(ward, path, headers, **data):
    return ward.client.post(path, data=data, headers={"Host": HOST, **headers})


# who is answered -----------------------------------------------------------------------------------------------------


def test_every_route_answers_a_person_at_the_right_address(ward, gets):
    found = {path: ward.get(path).status_code for path in gets}
    assert {path: status for path, status in found.items() if status not in (200, 204, 302, 404)} == {}
    assert {path for path, status in found.items() if status == 404} == {
        "/p/SLIP-1/choose/fludarabine-2",  # that trial has no choices
        "/feed", f"/feed/{'x' * 43}", f"/feeds/{'0' * 16}/address", f"/feeds/{'0' * 16}/revoke",
    }  # fmt: skip


@pytest.mark.parametrize("host", ["DAYZERO.hospital.Example", "dayzero.hospital.example:443", "dayzero.hospital.example:", "Dayzero.Hospital.Example:443"])
def test_one_and_the_same_host_may_be_written_in_several_ways(proxied, host):
    answer = proxied.client.get("/", headers={"Host": host, "X-Remote-User": "anna"})
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["dayzero.hospital.example:80", "dayzero.hospital.example:8443", "dayzero.hospital.example.", ":443", "443", ":"])
def test_another_port_is_another_host(proxied, host):
    assert proxied.client.get("/", headers={"Host": host, "X-Remote-User": "anna"}).status_code == 421


@pytest.mark.parametrize("host", WRONG_HOSTS)
def test_no_route_answers_under_another_name(ward, gets, posts, host):
    answers = [ward.client.get(path, headers={"Host": host}) for path in [*gets, "/nothing"]]
    answers += [send(ward, path, {"Host": host, "Origin": ORIGIN}, token=ward.token()) for path in posts]
    assert {answer.status_code for answer in answers} == {421}
    assert all("SLIP-1" not in answer.text and "nurse1" not in answer.text for answer in answers)


def test_a_form_without_our_token_is_refused_on_every_route_and_changes_nothing(ward, posts):
    before = heads(ward)
    foreign = token_of(replace(ward.settings, secret=b"1" * 32), COOKIE, "nurse1")
    tokens = (
        "", "0" * 64, foreign, token_of(ward.settings, "d" * 43, "nurse1"), token_of(ward.settings, COOKIE, "nurse2"),
        ward.token()[:-1], ward.token().upper(), "é" * 64,
    )  # fmt: skip
    answers = [send(ward, path, {"Origin": ORIGIN}, token=token) for path in posts for token in tokens]
    answers += [send(ward, path, {"Origin": ORIGIN}) for path in posts]
    answers += [ward.client.post(f"{path}?token={ward.token()}", headers={"Host": HOST, "Origin": ORIGIN}) for path in posts]
    assert {answer.status_code for answer in answers} == {403}
    assert all("This form is of another browser or of another user" in answer.text for answer in answers)
    assert heads(ward) == before


def test_a_form_without_our_cookie_is_refused_on_every_route(ward, posts):
    stranger = ward.app.test_client()
    headers = {"Host": HOST, "Origin": ORIGIN}
    answers = [stranger.post(path, data={"token": ward.token()}, headers=headers) for path in posts]
    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("headers", WRONG_ORIGINS, ids=str)
def test_a_form_that_a_page_of_ours_did_not_send_is_refused_on_every_route(ward, posts, headers):
    before = heads(ward)
    answers = [send(ward, path, headers, token=ward.token(), **{"based-on": "1", "do": "save"}) for path in posts]
    assert {answer.status_code for answer in answers} == {403}
    assert all("This form was not sent from a page of Dayzero" in answer.text for answer in answers)
    assert heads(ward) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ORIGIN}, {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)  # fmt: skip
def test_a_form_from_a_page_of_ours_is_read_on_every_route(ward, posts, headers):
    """A page without referrer sends `null` as its Origin; the browser then says that it is ours."""
    assert 403 not in {send(ward, path, headers, token=ward.token()).status_code for path in posts}


def test_the_computers_user_is_known_by_the_key_in_the_printed_address_and_nobody_else_is(ward, gets, posts):
    """Another user of the same computer reaches the same port."""
    app = make_app(replace(ward.settings, key="k" * 43))
    own, other = app.test_client(), app.test_client()
    for path in gets:
        found = {other.get(f"{path}{key}", headers={"Host": HOST}).status_code for key in ("", "?key=", "?key=" + "K" * 43, "?key=é")}
        open_to_all = is_feed(path) or path in ("/css/web.css", "/robots.txt", "/favicon.ico")
        assert (found == {401}) != open_to_all, path
    headers = {"Host": HOST, "Origin": ORIGIN, "Cookie": f"dayzero={COOKIE}"}
    assert {other.post(path, data={"token": ward.token()}, headers=headers).status_code for path in posts} == {401}
    other.set_cookie("dayzero-user", "0" * 64, domain="127.0.0.1")
    assert other.get("/", headers={"Host": HOST}).status_code == 401
    let_in = own.get("/p/SLIP-1?key=" + "k" * 43, headers={"Host": HOST})
    assert (let_in.status_code, let_in.location) == (303, "/p/SLIP-1")
    assert own.get("/p/SLIP-1", headers={"Host": HOST}).status_code == 200
    assert "k" * 43 not in own.get("/", headers={"Host": HOST}).text


@pytest.mark.parametrize(
    ("prefix", "asked", "led"),
    [
        ("", "/board?wall&", "/board?wall="), ("", "/w/BMT/?", "/w/BMT/"), ("/dayzero", "/?", "/dayzero/"),
        ("/dayzero", "/w/BMT/board?wall&", "/dayzero/w/BMT/board?wall="),
    ],
)
def test_the_key_leads_to_the_very_page_that_was_asked_for_with_it(ward, prefix, asked, led):
    """The address that `serve --prefix /dayzero` prints led to /dayzero/dayzero/."""
    client = make_app(replace(ward.settings, key="k" * 43, prefix=prefix)).test_client()
    answer = client.get(f"{asked}key={'k' * 43}", headers={"Host": HOST})
    assert (answer.status_code, answer.location) == (303, led)


def test_a_browser_that_was_let_in_stays_so_after_a_restart_and_its_form_is_taken(tmp_path):
    with open_ward(tmp_path) as ward:
        with ward.store() as store:
            kept = store.form_key(b"1" * 32)
        first = make_app(replace(ward.settings, secret=kept, key="k" * 43)).test_client()
        first.get("/?key=" + "k" * 43, headers={"Host": HOST})
        form = first.get("/p/SLIP-1/note", headers={"Host": HOST}).text
        with ward.store() as store:
            again = store.form_key(b"2" * 32)
        assert again == kept == b"1" * 32
        client = make_app(replace(ward.settings, secret=again, key="l" * 43)).test_client()
        for name in ("dayzero", "dayzero-user"):
            client.set_cookie(name, first.get_cookie(name, domain="127.0.0.1").value, domain="127.0.0.1")
        data = {"token": re.search(r'name="token" value="(\w+)"', form)[1], "based-on": "4", "text": "twenty minutes", "do": "check"}
        answer = client.post("/p/SLIP-1/note", data=data, headers={"Host": HOST, "Origin": ORIGIN})
        assert (answer.status_code, "twenty minutes" in answer.text) == (200, True)


def test_nobody_but_its_owner_may_read_a_ledger_or_its_backup(tmp_path):
    before = os.umask(0o022)
    try:
        with open_ward(tmp_path) as ward, ward.store() as store:
            store.backup(tmp_path / "backup.sqlite")
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "backup.sqlite"), 0o600)


def test_below_a_path_every_link_form_redirect_and_cookie_begins_with_it(tmp_path):
    more = {**PROXY, "prefix": "/dayzero"}
    with open_ward(tmp_path, **more) as ward:
        ward.client.set_cookie("__Secure-dayzero", COOKIE, domain="dayzero.hospital.example", secure=True)
        named = {"X-Remote-User": "anna"}
        for path in routes(ward.app, "GET"):
            answer = ward.get(path, **named)
            if answer.mimetype == "text/html":
                led = re.findall(r'(?:href|action|src|formaction)="(/[^"]*)"', answer.text)
                assert [one for one in led if not one.startswith("/dayzero/")] == [], path
                assert "/dayzero/dayzero" not in answer.text
            assert (answer.location or "/dayzero/").startswith("/dayzero/"), path
        stranger = ward.app.test_client()
        fresh = stranger.get("/p/SLIP-1/note", headers={"Host": "dayzero.hospital.example", **named})
        assert re.fullmatch(r"__Secure-dayzero=[\w-]{43}; Secure; HttpOnly; Path=/dayzero; SameSite=Strict", fresh.headers["Set-Cookie"])
        saved = ward.post("/p/SLIP-1/note", checked_note(ward, user="anna", **named), user="anna", **named)
        assert (saved.status_code, saved.location) == (303, "/dayzero/p/SLIP-1/change/5")
        typed = ward.get('/sheet?check=href="/x', **named)
        assert "/dayzero/x" not in typed.text


def test_read_only_no_route_takes_a_form_and_no_page_shows_one(ward, gets, posts):
    app = make_app(replace(ward.settings, read_only=True))
    client = app.test_client()
    client.set_cookie("dayzero", COOKIE, domain="127.0.0.1")
    before = heads(ward)
    for path in posts:
        answer = client.post(path, data={"token": ward.token(), "do": "save"}, headers={"Host": HOST, "Origin": ORIGIN})
        assert (answer.status_code, "nothing can be changed here" in answer.text) == (403, True), path
    shown = {path: client.get(path, headers={"Host": HOST}).text for path in gets}
    assert [path for path, text in shown.items() if 'method="post"' in text.lower()] == []
    assert heads(ward) == before


def test_asking_for_a_page_changes_nothing(ward, gets):
    before = heads(ward)
    for path in gets:
        ward.get(path)
    assert heads(ward) == before


# who acts ------------------------------------------------------------------------------------------------------------

FORGED = ("X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-User", "REMOTE_USER", "From")


WRITTEN = {
    "M\u00fcller": "M\u00fcller", "Müller, Anna": "Müller, Anna", "M%C3%BCller%2C%20Anna": "Müller, Anna", "M%FCller": "Müller",
    "=?UTF-8?B?TcO8bGxlcg==?=": "Müller", "=?iso-8859-1?q?M=FCller?=": "Müller", "UTF-8''M%C3%BCller": "Müller", "iso-8859-1'de'M%FCller": "Müller",
    "CN=Müller\\, Anna,OU=Ward 3": "CN=Müller\\, Anna,OU=Ward 3", "WARD\\anna": "WARD\\anna",
    "anna.b@hospital.example": "anna.b@hospital.example", "O'Neill": "O&#39;Neill", "Núñez (BMT)": "Núñez (BMT)",
    "CN=Anna B,OU=Ward,DC=x": "CN=Anna B,OU=Ward,DC=x", "  anna ": "anna", "PC01$": "PC01$", "Noneman": "Noneman",
    "Null, Anna": "Null, Anna", "anna@null": "anna@null", "guest01": "guest01", "Ke$ha": "Ke$ha",
    # %25 is a per-cent sign, %3D, %3F are = and ?: decoded once, never again
    "UTF-8''a%2541": "a%41", "a%2541": "a%41", "=?UTF-8?Q?a%41?=": "a%41",
    "UTF-8''=%3FUTF-8%3FB%3FYWRtaW4=%3F=": "=?UTF-8?B?YWRtaW4=?=", "%3D%3FUTF-8%3FB%3FYWRtaW4%3D%3F%3D": "=?UTF-8?B?YWRtaW4=?=",
}  # fmt: skip
NOBODIES = (
    "", " ", "(null)", "-", "null", "NULL", "None", "none", "anonymous", "Anonymous", "%{REMOTE_USER}s", "%{REMOTE_USER}e",
    "$remote_user", "${user}", "${remote_user}@x", "{{ .User }}", "%REMOTE_USER%", "%[http_auth_user]", "unknown", "%28null%29",
    "{http.auth.user.id}", "{REMOTE_USER}", "(none)", "N/A", "@hospital.example", "null@hospital.example", "WARD\\", "WARD\\(null)", "?", "''",
    "NT AUTHORITY\\ANONYMOUS LOGON", "NT AUTHORITY\\IUSR", '"$remote_user"', "WARD\\$remote_user", "$(REMOTE_USER)", "%remote_user%", "%REQ(X-USER)%",
    "REMOTE_USER", "X-Remote-User", "<%= user %>", "anonymousUser", "system:anonymous", "unauthenticated", "(null), (null)",
    "null;none", "CN=(null)", "uid=null,ou=x", "CN=CORP\\anonymous,OU=x", "uid=realm:anonymous,ou=x",
)  # fmt: skip


@pytest.mark.parametrize("sent", WRITTEN)
@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_a_name_as_a_directory_writes_it_is_taken(proxied, sent, coding):
    answer = proxied.get("/", **{"X-Remote-User": sent.encode(coding).decode("latin-1")})
    assert (answer.status_code, f'<span class="acts">{WRITTEN[sent]}</span>' in answer.text) == (200, True)


@pytest.mark.parametrize("sent", NOBODIES)
def test_what_a_proxy_writes_where_nobody_is_logged_in_is_nobody(proxied, sent):
    answer = proxied.get("/", **{"X-Remote-User": sent})
    assert (answer.status_code, "did not say who is logged in" in answer.text) == (401, True)
    data = {"token": proxied.token(sent), "text": "told", "based-on": "4", "do": "check"}
    assert proxied.post("/p/SLIP-1/note", data, user=sent, **{"X-Remote-User": sent}).status_code == 401


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ("%0d%0aX: y", "it holds a sign that cannot be printed"), ("an\x7fnb", "it holds a sign that cannot be printed"),
        ("a" * 65, "it has 65 letters, and 64 are the most"), ("ann\u202eb", "it holds a sign that cannot be printed"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_used_is_shown_with_the_reason_and_not_called_an_absent_one(proxied, sent, why):
    answer = proxied.get("/", **{"X-Remote-User": sent.encode().decode("latin-1")})
    assert answer.status_code == 401
    assert f"this name cannot be used, so nothing is shown: {why}." in answer.text and "did not say who" not in answer.text


def test_without_a_proxy_nobody_can_say_in_a_header_who_acts(tmp_path):
    with open_ward(tmp_path) as ward:
        forged = dict.fromkeys(FORGED, "mallory")
        assert "mallory" not in ward.get("/", **forged).text
        more = {"by": "mallory", "user": "mallory", "actor": "mallory", "X-Remote-User": "mallory"}
        assert ward.post("/p/SLIP-1/note", {**checked_note(ward), **more}, **forged).status_code == 303
        assert (ward.last("SLIP-1").kind, ward.last("SLIP-1").by) == ("note", "nurse1")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    with open_ward(tmp_path_factory.mktemp("proxied"), **PROXY) as found:
        found.client.set_cookie("__Host-dayzero", COOKIE, domain="dayzero.hospital.example", secure=True)
        yield found


def test_behind_a_proxy_the_named_header_says_who_acts(proxied):
    assert '<span class="acts">anna.b</span>' in proxied.get("/", **{"X-Remote-User": "anna.b"}).text
    assert '<span class="acts">Zoë</span>' in proxied.get("/", **{"X-Remote-User": "Zoë".encode().decode("latin-1")}).text


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-Remote-User": ""}, {"X-Remote-User": "  "}, {"X-Remote-User": "a" * 65}, {"X-Remote-User": "an\x7fn"}, {"Remote-User": "anna"}, {"X-Forwarded-User": "anna"},
        {"X-Remote-Users": "anna"}, {"Authorization": "Basic YW5uYTp4"}, {"Cookie": "X-Remote-User=anna"},
    ],
    ids=str,
)  # fmt: skip
def test_behind_a_proxy_a_request_without_one_name_is_answered_nowhere(proxied, headers):
    for path in routes(proxied.app, "GET"):
        answer = proxied.get(path, **headers)
        if is_feed(path) or path in ("/css/web.css", "/robots.txt", "/favicon.ico"):
            assert answer.status_code != 401, path
        else:
            assert (answer.status_code, "Not logged in" in answer.text) == (401, True), path
            assert "SLIP-1" not in answer.text and "anna" not in answer.text
    assert proxied.get("/nothing", **headers).status_code == 401


def test_a_token_is_one_users_and_no_other_can_send_it(proxied):
    data = {"token": proxied.token("anna"), "text": "told", "based-on": "4", "do": "save"}
    theirs = proxied.post("/p/SLIP-1/note", data, **{"X-Remote-User": "berta"})
    assert theirs.status_code == 403
    assert proxied.post("/p/SLIP-1/note", data, **{"X-Remote-User": "anna"}).status_code != 403


# headers -------------------------------------------------------------------------------------------------------------


def kept_headers(answer):
    names = {*ALWAYS, "Cache-Control", "Strict-Transport-Security", "Server", "X-Powered-By", "Access-Control-Allow-Origin"}
    return {name: value for name, value in answer.headers.items() if name in names}


def test_the_headers_are_those_of_the_checklist():
    assert {**ALWAYS, "Cache-Control": "no-store"} == HEADERS


def failing(ward, path):
    """The answer of an application in which every page of a patient has a defect."""

    app = make_app(ward.settings)

    def defect(**_):
        raise ValueError("SLIP-1 on 2026-06-16: the words of a defect")

    app.view_functions["patient.show_patient"] = defect
    return app.test_client().get(path, headers={"Host": HOST})


def test_every_answer_has_these_headers_the_failures_too(ward, gets, posts, tmp_path):
    answers = {path: ward.get(path) for path in gets}
    answers |= {f"POST {path}": ward.post(path, {}) for path in posts}
    answers |= {"HEAD /": ward.client.head("/", headers={"Host": HOST}), "404": ward.get("/nothing")}
    answers |= {"405": ward.client.delete("/", headers={"Host": HOST}), "421": ward.client.get("/", headers={"Host": "x"})}
    answers |= {"403": ward.post("/new/NCT04024761", {"token": ""}), "500": failing(ward, "/p/SLIP-1")}
    large = {"data": "x" * 1_100_000, "content_type": "application/x-www-form-urlencoded"}
    answers |= {"413": ward.client.post("/protocols/check", headers={"Host": HOST, "Origin": ORIGIN}, **large)}
    gone = make_app(replace(ward.settings, store=tmp_path / "gone.sqlite")).test_client()
    answers |= {"503": gone.get("/", headers={"Host": HOST})}
    named = {name: answer.status_code for name, answer in answers.items() if name.isdigit()}
    assert named == {name: int(name) for name in named}
    for name, answer in answers.items():
        caching = "private, no-cache" if is_feed(name) else "no-store"
        assert kept_headers(answer) == {**ALWAYS, "Cache-Control": caching}, name


def test_a_request_without_a_users_name_has_them_too_and_over_https_asks_for_https(proxied):
    for answer in (proxied.get("/"), proxied.get("/", **{"X-Remote-User": "anna"}), proxied.get("/css/web.css")):
        sent = {**ALWAYS, "Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000"}
        assert kept_headers(answer) == sent


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO"])
def test_no_other_method_is_answered(ward, gets, method):
    for path in gets:
        assert ward.client.open(path, method=method, headers={"Host": HOST}).status_code == 405, path


def test_a_form_that_is_not_taken_names_what_is(ward):
    answer = ward.post("/sheet", {})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_a_browser_gets_one_cookie_and_keeps_it(ward):
    fresh = ward.app.test_client()
    sent = fresh.get("/p/SLIP-1/note", headers={"Host": HOST}).headers.getlist("Set-Cookie")
    assert len(sent) == 1
    assert re.fullmatch(r"dayzero=[A-Za-z0-9_-]{43}; HttpOnly; Path=/; SameSite=Strict", sent[0])
    assert fresh.get("/p/SLIP-1/note", headers={"Host": HOST}).headers.getlist("Set-Cookie") == []
    other = ward.app.test_client().get("/p/SLIP-1/note", headers={"Host": HOST}).headers["Set-Cookie"]
    assert other != sent[0]
    assert ward.app.test_client().get("/css/web.css", headers={"Host": HOST}).headers.getlist("Set-Cookie") == []


def test_over_https_the_cookie_is_of_this_host_alone(tmp_path):
    with open_ward(tmp_path, **PROXY) as ward:
        sent = ward.app.test_client().get("/p/SLIP-1/note", headers=ward.headers(**{"X-Remote-User": "anna"}))
        cookie = sent.headers["Set-Cookie"]
        assert re.fullmatch(r"__Host-dayzero=[A-Za-z0-9_-]{43}; Secure; HttpOnly; Path=/; SameSite=Strict", cookie)


def test_no_page_has_a_script_a_style_of_its_own_or_an_address_elsewhere(ward, gets):
    for path in [*gets, *(f"/p/SLIP-1/rev-4/{name}.html" for name in ("sheets", "go", "overview", "everything", "change"))]:
        answer = ward.get(path)
        if not answer.content_type.startswith("text/html"):
            continue
        found = Elements(answer.text).found
        assert {tag for tag, _ in found} & {"script", "style", "iframe", "object", "embed", "base"} == set(), path
        assert {name for _, names in found for name in names if name == "style" or name.startswith("on")} == set(), path
        addresses = re.findall(r'(?:src|href|action)="([a-z]+:[^"]*)"', answer.text)
        assert [one for one in addresses if not path.startswith(("/protocols/", "/calendars"))] == [], path
        assert "javascript:" not in answer.text.lower()


PAYLOADS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "javascript:alert(1)",
    "{{ 7*7 }}", "{% raw %}", "${7*7}", "</textarea><b>", "a]]>", "a<!--", "\u202egnp.exe", "a\r\nSet-Cookie: b=c",
    "&lt;b&gt;", "\x00", "%0d%0aX: y", "=cmd|' /C calc'!A0", "\ufeff<b>",
)  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_into_a_search_or_an_address_stays_words(ward, payload):
    for path, field in (("/board", "from"), ("/sheet", "check")):
        answer = ward.client.get(path, query_string={field: payload}, headers={"Host": HOST})
        plain = ward.client.get(path, query_string={field: "x"}, headers={"Host": HOST})
        assert (answer.status_code, plain.status_code) == (422, 422)
        assert Elements(answer.text).found == Elements(plain.text).found
        assert "Set-Cookie: b" not in str(answer.headers)
    for path in ("/p/{}", "/protocols/{}", "/p/SLIP-1/rev-2/{}", "/p/{}/history", "/css/{}.css", "/feeds/{}/address"):
        answer = ward.client.get(path.format("%".join(["", *(f"{byte:02x}" for byte in payload.encode())])), headers={"Host": HOST})
        assert answer.status_code == 404
        assert Elements(answer.text).found == Elements(ward.get(path.format("x")).text).found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_file_or_its_name_holds_stays_words(ward, payload):
    def shown(text, name):
        return ward.post("/protocols/check", {"file": (io.BytesIO(text.encode()), name)})

    name = re.sub(r'["\r\n]', "", payload)  # these end a name already on the way
    plain, answer = shown("format = 1\n# x\nx", "a.toml"), shown(f"format = 1\n# {payload}\nx", f"{name}.toml")
    assert (plain.status_code, answer.status_code) == (422, 422)
    words = [element for element in Elements(answer.text).found if element != ("code", ())]
    assert {element for element in words} <= {element for element in Elements(plain.text).found}


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if p.isprintable() and "%" not in p and "{" not in p])
def test_a_users_name_stays_words(proxied, payload):
    headers = {"X-Remote-User": payload.encode().decode("latin-1")}
    answer = proxied.get("/", **headers)
    assert Elements(answer.text).found == Elements(proxied.get("/", **{"X-Remote-User": "anna"}).text).found
    assert payload.strip() in Elements(answer.text).said


# failures ------------------------------------------------------------------------------------------------------------


def test_a_defect_gets_a_plain_page_with_a_number_that_the_log_knows(ward, caplog):
    with caplog.at_level(logging.INFO):
        answer = failing(ward, "/p/SLIP-1")
    number = re.search(r'Number of this failure: <b class="code">([0-9a-f]{8})</b>', answer.text)[1]
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "words of a defect" not in answer.text and "ValueError" not in answer.text
    [fault] = [record.getMessage() for record in caplog.records if record.name == "dayzero.faults"]
    assert re.match(rf"{number} ValueError at .*test_security\.py:\d+ defect", fault)
    assert "words of a defect" not in caplog.text and "SLIP-1" not in caplog.text and "2026-06-16" not in caplog.text


def test_the_access_log_has_the_pattern_of_an_address_and_never_the_address(ward, gets, posts, caplog):
    secret = "s" * 43
    with caplog.at_level(logging.INFO):
        for path in gets:
            ward.get(path)
        for path in posts:
            ward.post(path, {"text": "Mrs Miller", "reason": "fever"})
        ward.get("/?from=2026-06-15")
        ward.get("/p/NOBODY-9")
        ward.get("/sheet?check=7K3M-Q2TX")
        ward.get(f"/feed/{secret}")
        ward.get("/p/SLIP-1", **{"User-Agent": "Mozilla", "Referer": f"https://x.example/{secret}", "Cookie": f"a={secret}"})
        ward.client.open("/", method="EVIL\nline", headers={"Host": HOST})
    lines = [record.getMessage() for record in caplog.records if record.name == "dayzero.access"]
    assert len(lines) == len(gets) + len(posts) + 6
    assert all(re.fullmatch(r"(GET|HEAD|POST|other) (-|/[^ ?]*) \d{3} \d+ ms( feed [0-9a-f]{6})?", line) for line in lines)
    assert "GET /p/<code> 200" in "\n".join(lines)
    for word in (*CODES, "NOBODY-9", "2026-", "7K3M", secret, COOKIE, ward.token(), "nurse1", "Miller", "fever", "Mozilla"):
        assert word not in caplog.text, word


def test_a_line_of_the_log_begins_with_the_time_in_utc():
    record = logging.makeLogRecord({"msg": "%s %d", "args": ("GET", 200), "created": 20_615 * 86_400 + 20.25 * 3_600 + 0.9})
    assert LogLine().format(record) == "2026-06-11T20:15:00Z GET 200"


def test_a_ledger_that_is_gone_gets_a_plain_page_and_none_is_made_in_its_place(tmp_path):
    with open_ward(tmp_path) as ward:
        ward.settings.store.rename(tmp_path / "elsewhere.sqlite")
        posted = ward.post("/p/SLIP-1/note", {"text": "told", "based-on": "4"})
        assert "<h1>Nothing was saved</h1>" in posted.text and "The ledger could not be read or written." in posted.text
        for answer in (ward.get("/"), ward.get("/p/SLIP-1")):
            assert "<h1>This cannot be shown now</h1>" in answer.text and "Nothing was saved" not in answer.text
        assert {answer.status_code for answer in (posted, answer)} == {503} and str(tmp_path) not in posted.text + answer.text
        assert not ward.settings.store.exists()
        (tmp_path / "elsewhere.sqlite").rename(ward.settings.store)
        assert ward.get("/p/SLIP-1").status_code == 200
        assert ward.revisions("SLIP-1") == [1, 2, 3, 4]


def test_a_patient_whose_row_was_changed_is_named_with_the_reason_and_the_others_open(tmp_path):
    """At night somebody must know whose plan it is, and that nothing is wrong with what she did."""
    with open_ward(tmp_path) as ward:
        with sqlite3.connect(ward.settings.store) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f'DROP TRIGGER "{name}"')
            raw.execute("UPDATE acts SET who = 'mallory' WHERE code = 'PLAN-1'")
        raw.close()
        for path in ("/", "/board", "/p/PLAN-1", "/p/PLAN-1/note"):
            answer = ward.get(path)
            shown = re.sub("<[^>]*>", "", answer.text)
            assert answer.status_code == 503 and "PLAN-1 revision 1: it was changed after it was written." in shown, path
            assert "Nothing was saved" not in answer.text and "Number of this failure" in answer.text
        assert ward.get("/p/SLIP-1").status_code == 200


def test_a_ledger_that_goes_away_in_the_middle_of_an_act_loses_nothing(tmp_path, monkeypatch):
    """The disk fails at each statement of the act in turn; what is saved is either nothing or the whole act."""
    statuses = []
    with open_ward(tmp_path) as ward:
        saved = checked_note(ward)
        original = SqliteStore.__enter__
        for fails_at in range(1, 60):

            def failing(self, fails_at=fails_at):
                store = original(self)
                store.connection = Failing(store.connection, fails_at)
                return store

            monkeypatch.setattr(SqliteStore, "__enter__", failing)
            answer = ward.post("/p/SLIP-1/note", saved)
            monkeypatch.setattr(SqliteStore, "__enter__", original)
            statuses.append(answer.status_code)
            revisions = ward.revisions("SLIP-1")
            if answer.status_code == 503:
                assert "<h1>Nothing was saved</h1>" in answer.text
                assert revisions == [1, 2, 3, 4], f"statement {fails_at}"
            else:
                break
        assert (statuses[-1], revisions) == (303, [1, 2, 3, 4, 5])
        assert len(statuses) > 5
        with ward.store() as store:
            assert store.faults() == []


class Failing:
    """A connection whose disk fails at the n-th statement, and at every one after it."""

    def __init__(self, connection, fails_at):
        self._connection, self._left = connection, fails_at

    def execute(self, *args):
        self._left -= 1
        if self._left <= 0 and args[0] != "ROLLBACK":
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(*args)

    def __getattr__(self, name):
        return getattr(self._connection, name)


# serve ---------------------------------------------------------------------------------------------------------------


BEHIND = ("--behind-proxy", "X-Remote-User", "--public-origin", "https://a.example", "--socket", "x.sock")


def refused(*options):
    ended = CliRunner().invoke(dayzero, ["serve", *options], env={"COLUMNS": "500"})
    assert ended.exit_code == 2, ended.output
    return ended.output.strip().split("Error: ")[1]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "8.8.8.8", "fe80::1", "::ffff:192.168.1.5"])
def test_an_address_that_the_network_reaches_is_refused_with_the_way_out(address):
    assert refused("--bind", address) == (
        f"--bind {address} can be reached from the network, and Dayzero has neither encryption nor a log-in of its own. "
        "It answers this computer only: --bind 127.0.0.1. For other computers put the hospital's reverse proxy in front of "
        "it: --behind-proxy HEADER --public-origin https://NAME (docs/install.md)."
    )
    assert refused(
        "--bind", address, "--behind-proxy", "X-Remote-User", "--public-origin", "https://a.example"
    ).startswith(f"--bind {address} can be reached from the network")


@pytest.mark.parametrize("address", ["ward-pc", "hospital.example", "", "127.0.0.1:8000", "127.1.", "0"])
def test_what_is_no_address_is_refused(address):
    assert refused("--bind", address) == f"--bind {address} is not an address. Write 127.0.0.1, or leave it out."


@pytest.mark.parametrize(("bind", "address"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "::1"), ("127.0.0.9", "127.0.0.9")])  # fmt: skip
def test_this_computers_own_addresses_are_taken(bind, address):
    assert loopback(bind) == address


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--behind-proxy", "X-Remote-User"), "--behind-proxy and --public-origin go together."),
        (("--public-origin", "https://a.example"), "--behind-proxy and --public-origin go together."),
        (
            ("--behind-proxy", "X-Remote-User", "--public-origin", "https://a.example", "--user", "anna"),
            "With --behind-proxy the proxy says who acts; leave --user out.",
        ),
        (
            (*BEHIND[:3], "https://a.example/b", "--prefix", "/c"),
            "--public-origin https://a.example/b and --prefix /c name two paths.",
        ),
        (("--socket", "x.sock"), "--proxy-secret and --socket are for --behind-proxy."),
        (("--prefix", "dayzero"), "--prefix dayzero is no path. Write /dayzero, say."),
        (("--prefix", "/a b"), "--prefix /a b is no path. Write /dayzero, say."),
        (("--prefix", "//evil.example"), "--prefix //evil.example is no path. Write /dayzero, say."),
        (("--groups-header", "X-Groups"), "--groups FILE.toml, --groups-header and --behind-proxy go together."),
        (
            (*BEHIND, "--groups-header", "X-Groups"), "--groups FILE.toml, --groups-header and --behind-proxy go together."
        ),
        (
            (*BEHIND, "--groups", "x.toml", "--groups-header", "x-remote-user"),
            "--groups-header and --behind-proxy are two headers. Write X-Remote-Groups, say.",
        ),
        (
            (*BEHIND, "--groups", "x.toml", "--groups-header", "Cookie"),
            "--groups-header Cookie is no header for a name. Write X-Remote-Groups, say.",
        ),
        (
            (*BEHIND, "--groups", "x.toml", "--groups-header", "X-Groups", "--groups-separator", ""),
            "--groups-separator is empty. Write what stands between two groups, such as , or ;",
        ),
        *(
            (
                ("--behind-proxy", header, "--public-origin", "https://a.example"),
                f"--behind-proxy {header} is no header for a name. Write X-Remote-User, say.",
            )
            for header in ("Host", "cookie", "X_Remote_User", "X Remote", "Authorization", "X")
        ),
        *(
            (
                ("--behind-proxy", "X-Remote-User", "--public-origin", origin),
                f"--public-origin {origin} is none. Write how a browser reaches the proxy: https://NAME, with :PORT if it is "
                "not 443 and the path behind it, if there is one.",
            )
            for origin in ("http://a.example", "a.example", "https://", "http://a.example/x", "https://u@a.example", "https://a.example?x", "https://*")
        ),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_are_refused(options, message):
    assert refused(*options) == message


def test_a_group_that_holds_what_stands_between_groups_is_told_at_the_start(tmp_path):
    """Names from LDAP hold commas, and a comma parts groups unless another sign is given: nobody would be let in."""
    file = tmp_path / "groups.toml"
    file.write_text('format = 1\n[[groups]]\nname = "CN=Nurses,OU=BMT"\nroles = ["record"]\nwards = "all"\n', encoding="utf-8")
    assert refused(*BEHIND, "--groups", str(file), "--groups-header", "X-Groups") == (
        f"--groups {file}: the group “cn=nurses,ou=bmt” holds “,”, which stands between two groups, so nobody would be in it. Let the "
        "proxy put another sign between them, and give it: --groups-separator ';'"
    )


@pytest.mark.parametrize(
    ("origin", "prefix", "found"),
    [
        (None, "/b/", (None, "/b")), ("https://a.example", "", ("https://a.example", "")),
        ("https://a.example/", "", ("https://a.example", "")), ("https://a.example/b/c", "", ("https://a.example", "/b/c")),
        ("https://a.example:8443/b/", "/b", ("https://a.example:8443", "/b")),
    ],
)  # fmt: skip
def test_the_path_below_which_the_pages_lie_stands_behind_the_origin_or_alone(origin, prefix, found):
    assert reached.parted(origin, prefix) == found


@pytest.mark.parametrize(
    ("port", "header", "origin", "hosts", "origins"),
    [
        (8000, None, None, {"127.0.0.1:8000", "localhost:8000"}, {"http://127.0.0.1:8000", "http://localhost:8000"}),
        (80, None, None, {"127.0.0.1", "localhost"}, {"http://127.0.0.1", "http://localhost"}),
        (8000, "X-Remote-User", "https://A.example", {"a.example"}, {"https://a.example"}),
        (8000, "X-Remote-User", "https://a.example:443", {"a.example"}, {"https://a.example"}),
        (8000, "X-Remote-User", "https://a.example:8443", {"a.example:8443"}, {"https://a.example:8443"}),
    ],
)  # fmt: skip
def test_the_hosts_and_origins_are_those_of_the_address_alone(port, header, origin, hosts, origins):
    assert reached_as("127.0.0.1", port, header, origin) == (hosts, origins)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A real `dayzero serve`: its port, and what it printed first."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = tmp_path_factory.mktemp("served") / "ledger.sqlite"
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--store", str(store), "--port", str(port), "--user", "anna"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
        try:
            yield port, [process.stdout.readline().strip() for _ in range(2)], command
        finally:
            process.terminate()
            process.communicate(timeout=30)


def asked(port, text):
    """What comes back for the bytes of a request, as text; nothing where the server hangs up before it has read them all."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection, suppress(ConnectionError):
        connection.sendall(text.encode("latin-1"))
        while more := connection.recv(65536):
            got += more
    return got.decode("latin-1")


def test_serve_says_where_it_is_and_who_acts_and_answers_there(served):
    port, said, _ = served
    found = re.fullmatch(rf"Dayzero is at http://127\.0\.0\.1:{port}(/\?key=[\w-]{{43}}) - anna acts\.", said[0])
    assert said[1].endswith("Stop it with Ctrl+C.")
    rest = f"HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    let_in = asked(port, f"GET {found[1]} {rest}\r\n")
    assert let_in.startswith("HTTP/1.1 303") and "\r\nLocation: /\r\n" in let_in
    cookie = re.search(r"Set-Cookie: (dayzero-user=[0-9a-f]{64}); HttpOnly; Path=/; SameSite=Lax\r\n", let_in)[1]
    answer = asked(port, f"GET / {rest}Cookie: {cookie}\r\n\r\n")
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert "The ledger has no patient yet." in answer
    assert "\r\nServer:" not in answer and "waitress" not in answer.lower()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET / HTTP/1.0\r\n", "421"), ("GET / HTTP/1.1\r\nHost: evil.example\r\n", "421"), ("GET / HTTP/1.1\r\n", "421"),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n", "400"),
        ("GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX-Forwarded-Host: evil.example\r\n", "200"),
        ("TRACE / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n", "405"), (f"GET / HTTP/1.1\r\nX: {'a' * 20_000}\r\n", "431"),
        ("POST /new/NCT04024761 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 9999999\r\n", "413"), ("nonsense\r\n", "400"),
    ],
    ids=lambda value: value[:60],
)  # fmt: skip
def test_what_is_no_proper_request_is_refused_by_the_server_itself_and_tells_nothing(served, head, status):
    port = served[0]
    answer = asked(port, head.replace("PORT", str(port)) + "Connection: close\r\n\r\n")
    assert answer.split(" ")[1:2] == [status] or (status == "431" and answer == "")
    assert "\r\nServer:" not in answer and "Traceback" not in answer


def test_where_the_system_does_not_tell_whose_a_connection_is_a_proxy_needs_a_secret_or_a_socket(monkeypatch):
    monkeypatch.setattr(reached, "is_told", lambda: False)
    assert refused("--behind-proxy", "X-Remote-User", "--public-origin", "https://a.example") == (
        "With --behind-proxy alone, whoever on this computer reaches port 8000 could say to be anybody. Give --proxy-secret "
        "FILE, whose text the proxy sends in X-Dayzero-Secret, or --socket PATH, which only the proxy's user may open "
        "(docs/install.md)."
    )


def test_the_same_user_is_let_in_without_a_key_and_another_of_this_computer_is_not(served, monkeypatch):
    """Over a real connection: the kernel tells whose it is. Another user is one whose number is not this process's."""
    port, _, _ = served
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    assert asked(port, request).startswith("HTTP/1.1 200 OK\r\n")
    if os.getuid() == 0:
        other = f"import socket; s = socket.create_connection(('127.0.0.1', {port})); s.sendall({request.encode()!r}); print(s.recv(99))"
        done = subprocess.run(["/usr/bin/python3", "-c", other], user=65534, cwd="/", capture_output=True, text=True, check=True)
        assert "HTTP/1.1 401" in done.stdout


@pytest.mark.parametrize("also", [{"key": "k" * 43}, {"proxy_header": "X-Remote-User", "own_proxy": True}], ids=["key", "proxy"])
def test_a_connection_of_another_user_is_refused_before_anything_is_read(ward, monkeypatch, also):
    server = create_server(make_app(replace(ward.settings, **also)), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    request = f"GET /css/nothing HTTP/1.1\r\nHost: {HOST}\r\nX-Remote-User: anna\r\nConnection: close\r\n\r\n"
    try:
        assert asked(server.effective_port, request).startswith("HTTP/1.1 404")
        monkeypatch.setattr(peer.os, "getuid", lambda: 4_000_000)
        assert asked(server.effective_port, request).startswith("HTTP/1.1 401")
    finally:
        server.close()


def test_a_closed_connection_is_nobodys(monkeypatch, tmp_path):
    """The kernel writes 0 for the user of a socket that nobody holds any more, and 0 is root."""
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    line = "   0: 0100007F:C350 0100007F:1F40 {state} 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0\n"
    environ = {"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "50000", "SERVER_PORT": "8000"}
    monkeypatch.setattr(peer.os, "getuid", lambda: 0)
    monkeypatch.setattr(peer, "TABLES", (tmp_path / "tcp",))
    found = {}
    for state, inode in (("01", "77"), ("06", "77"), ("01", "0")):
        (tmp_path / "tcp").write_text(head + line.format(state=state, inode=inode))
        found[state, inode] = peer.is_of_this_user(environ)
    assert found == {("01", "77"): sys.byteorder == "little", ("06", "77"): False, ("01", "0"): False}
    assert not peer.is_of_this_user({**environ, "REMOTE_PORT": "50001"})
    assert not peer.is_of_this_user({"REMOTE_ADDR": "127.0.0.1"})
    (tmp_path / "tcp").write_text(head + line.format(state="06", inode="0") * 20_000 + line.format(state="01", inode="77"))
    tracemalloc.start()
    assert peer.is_of_this_user(environ) == (sys.byteorder == "little")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100_000, "the table of a whole computer is held at once, by each thread that reads it"


def test_a_port_that_is_taken_is_told(served):
    port, _, command = served
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(f"Port {port} is taken (") and f"Name another: --port {port + 1}." in done.stderr


def test_only_serve_and_the_pages_import_the_web_server_and_the_framework():
    found = set()
    for path in (ROOT / "schedule").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {name.partition(".")[0] for name in names} & {"flask", "waitress", "segno", "werkzeug"}:
                found.add(path.relative_to(ROOT / "schedule").parts[0])
    assert found == {"web"}
    code = (
        "import sys; from schedule.commands.listed import COMMANDS, dayzero\n"
        "[dayzero.get_command(None, name) for name in COMMANDS]\n"
        "print(sorted({'flask', 'waitress', 'segno', 'werkzeug'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
