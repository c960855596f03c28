"""Behind a real nginx with TLS and a log-in, configured as docs/install.md says: the manual's own text is run."""

import gzip
import re
import socket
import ssl
import subprocess
import time

import pytest
from shared.hospital import NAME, PASSWORDS, SECRET, hidden, standing_in, tool, with_cookie
from shared.slip_once import CODE

from schedule.ledger.sqlite import SqliteStore
from schedule.model.text import sha256
from schedule.service.feeds import all_feeds


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    with standing_in(tmp_path_factory.mktemp("proxy"), lambda text: text) as found:
        yield found


GROUPS = """format = 1
[[groups]]
name = "CN=Nurses,OU=BMT"
roles = ["record", "set-up"]
wards = "all"
"""


@pytest.fixture(scope="module")
def intranet(tmp_path_factory):
    """Below a path of a host that has other applications, with groups: kim is a nurse, lee is in no group that is known."""
    folder = tmp_path_factory.mktemp("intranet")
    (folder / "groups.toml").write_text(GROUPS, encoding="utf-8")

    def below_a_path(text):
        for there, here in (
            ("location / {", "location /dayzero/ {"), ("location ^~ /feed/ {", "location ^~ /dayzero/feed/ {"),
            ("~^/feed/   /feed/-;", "~^/dayzero/feed/   /dayzero/feed/-;"),
            (
                "proxy_set_header X-Remote-User $remote_user;",
                "proxy_set_header X-Remote-User $remote_user;\nproxy_set_header X-Remote-Groups $groups;",
            ),
            ("map $uri", 'map $remote_user $groups { kim "All staff; CN=Nurses,OU=BMT"; lee "All staff"; }\nmap $uri'),
        ):  # fmt: skip
            assert there in text
            text = text.replace(there, here)
        return text

    options = (
        "--prefix", "/dayzero", "--groups", str(folder / "groups.toml"), "--groups-header", "X-Remote-Groups",
        "--groups-separator", ";",
    )  # fmt: skip
    with standing_in(folder, below_a_path, *options) as found:
        yield found


def test_below_a_path_a_form_is_filled_in_saved_and_its_page_shown(intranet):
    path = f"/dayzero/p/{CODE}/note"
    fields, cookie = intranet.open_form(path, "kim")
    assert cookie.startswith("__Secure-dayzero=")
    checked = intranet.send(path, {**fields, "text": "cell lab told", "do": "check"}, user="kim", cookie=cookie)
    sent = {**hidden(checked.text), "text": "cell lab told", "do": "save"}
    saved = intranet.send(path, sent, user="kim", cookie=cookie)
    assert saved.status == 303, saved.text
    assert saved.headers["Location"] == f"/dayzero/p/{CODE}/change/2"
    page = intranet.ask(saved.headers["Location"], user="kim")
    assert page.status == 200 and 'href="/dayzero/css/web.css"' in page.text
    assert intranet.ask("/dayzero/css/web.css", user="kim").status == 200
    assert intranet.ask("/", user="kim").status == 404  # another application's, or nobody's


def test_below_a_path_a_feed_has_an_address_that_is_answered(intranet):
    fields, cookie = intranet.open_form("/dayzero/feeds/new", "kim")
    sent = {**fields, "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
    answer = intranet.send("/dayzero/feeds/new", sent, user="kim", cookie=cookie)
    page = intranet.ask(answer.headers["Location"], user="kim", Cookie=with_cookie(cookie, answer))
    path = re.search(rf"https://{re.escape(NAME)}:{intranet.public}(/dayzero/feed/[\w-]{{43}}/[\w-]+\.ics)", page.text)[1]
    found = intranet.ask(path)
    assert (found.status, found.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert intranet.ask(path, **{"If-None-Match": found.headers["ETag"]}).status == 304
    assert path.split("/")[3].encode() not in intranet.logs()


def test_what_the_proxy_says_of_a_persons_groups_counts_and_nothing_that_she_says_herself(intranet):
    assert intranet.ask(f"/dayzero/p/{CODE}/slip", user="kim").status == 403  # no nurse moves day 0
    for forged in ({}, {"X-Remote-Groups": "CN=Nurses,OU=BMT"}, {"X_Remote_Groups": "CN=Nurses,OU=BMT"}):
        answer = intranet.ask("/dayzero/", user="lee", **forged)
        assert (answer.status, "You came with these groups: All staff." in answer.text) == (403, True)
        assert CODE not in answer.text


def test_nginx_accepts_the_configuration_of_the_manual_without_a_warning(hospital):
    command = [tool("nginx", ""), "-t", "-p", str(hospital.folder), "-c", str(hospital.folder / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_without_a_password_nothing_is_shown_but_feeds(hospital):
    for path in ("/", f"/p/{CODE}", "/feeds", "/feeds/new", "/css/web.css", "/robots.txt", "/new", "/nothing"):
        assert hospital.ask(path).status == 401, path
        assert hospital.ask(path, user="kim", password="wrong").status == 401, path


def test_the_person_who_is_logged_in_acts(hospital):
    for user in PASSWORDS:
        assert f'<span class="acts">{user}</span>' in hospital.ask("/", user=user).text
    hospital.make_feed("kim")
    with SqliteStore(hospital.folder / "ledger.sqlite") as store:
        assert all_feeds(store)[-1].made.by == "kim"


def test_a_note_is_kept_under_the_name_of_the_person_who_is_logged_in(hospital):
    path = f"/p/{CODE}/note"
    fields, cookie = hospital.open_form(path, "lee")
    typed = {"text": "cell lab told"}
    checked = hospital.send(path, {**fields, **typed, "do": "check"}, user="lee", cookie=cookie)
    assert checked.status == 200, checked.text
    forged = {"X-Remote-User": "kim"}
    saved = hospital.send(path, {**hidden(checked.text), **typed, "do": "save"}, user="lee", cookie=cookie, **forged)
    assert saved.status == 303, saved.text
    with SqliteStore(hospital.folder / "ledger.sqlite") as store:
        newest = store.newest(CODE).act
    assert (newest.kind, newest.by) == ("note", "lee")


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Remote-User": "lee"}, {"x-remote-user": "lee"}, {"X_Remote_User": "lee"}, {"X-Remote-User": ["lee", "lee"]},
        {"X-REMOTE-USER": "lee,kim"}, {"X-Remote-User": "kim", "X_REMOTE_USER": "lee"}, {"Remote-User": "lee"},
        {"X-Forwarded-User": "lee"}, {"HTTP_X_REMOTE_USER": "lee"}, {"Connection": "X-Remote-User", "X-Remote-User": "lee"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1;host=evil.example"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_header_is_useless(forged, hospital):
    assert hospital.ask("/feeds", **forged).status == 401
    answer = hospital.ask("/feeds", user="kim", **forged)
    assert answer.status == 200
    assert '<span class="acts">kim</span>' in answer.text
    assert "lee" not in re.search(r'<p class="aid">.*?</p>', answer.text)[0]


def test_the_program_itself_shows_nothing_without_the_header(hospital):
    proxy = {"X-Dayzero-Secret": SECRET}
    for path in ("/", f"/p/{CODE}", "/feeds", "/feeds/new"):
        assert hospital.ask_directly(path).status == 401, path
        assert hospital.ask_directly(path, **proxy).status == 401, path
    for wrong in ("", " ", "(null)", "a\tb", "x" * 65):
        assert hospital.ask_directly("/", **{"X-Remote-User": wrong}, **proxy).status == 401, wrong
    assert hospital.ask_directly("/", Host=f"127.0.0.1:{hospital.inside}", **{"X-Remote-User": "kim"}, **proxy).status == 421
    assert hospital.ask_directly("/", **{"X-Remote-User": "kim"}, **proxy).status == 200


@pytest.mark.parametrize("secret", [None, "", "5f2c", "5f2c" * 15, "5F2C" * 16, "é" * 64])
def test_who_is_not_the_proxy_cannot_say_who_she_is(hospital, secret):
    """Whoever else may log on to the proxy's computer reaches the port, and can send any header but the secret."""
    sent = {} if secret is None else {"X-Dayzero-Secret": secret.encode()}
    answer = hospital.ask_directly("/", **{"X-Remote-User": "kim"}, **sent)
    assert (answer.status, "did not come through the hospital&#39;s reverse proxy" in answer.text) == (401, True)
    assert CODE not in answer.text


def test_a_header_of_the_proxy_that_stands_twice_is_not_read(hospital):
    proxy = {"X-Dayzero-Secret": SECRET}
    assert hospital.ask_directly("/", **{"X-Remote-User": ["mallory", "kim"]}, **proxy).status == 400
    assert hospital.ask_directly("/", **{"X-Remote-User": "Müller, Anna".encode("latin-1")}, **proxy).status == 200


def test_the_cookie_is_for_this_host_over_tls_alone(hospital):
    answer = hospital.ask("/feeds/new", user="kim")
    cookie, *rules = answer.headers["Set-Cookie"].split("; ")
    assert re.fullmatch(r"__Host-dayzero=[\w-]{43}", cookie)
    assert set(rules) == {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}


@pytest.mark.parametrize("path", ["/", "/feeds", "/nothing", "/feed/x.ics", "/css/web.css", f"/p/{CODE}"])
def test_every_answer_keeps_browsers_on_tls_and_names_no_version(path, hospital):
    answer = hospital.ask(path, user="kim")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Server"] == "nginx"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"{NAME}", f"{NAME}:1", f"evil.{NAME}"])
def test_another_host_is_not_answered(host, hospital):
    assert hospital.ask("/", user="kim", Host=host).status == 421


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": f"https://{NAME}"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)  # fmt: skip
def test_a_form_from_another_origin_is_refused(headers, hospital):
    fields, cookie = hospital.open_form("/feeds/new", "kim")
    sent = {**fields, "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
    assert hospital.send("/feeds/new", sent, user="kim", cookie=cookie, **headers).status == 403


def test_a_form_of_one_person_is_refused_from_another(hospital):
    fields, cookie = hospital.open_form("/feeds/new", "kim")
    sent = {**fields, "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
    assert hospital.send("/feeds/new", sent, user="lee", cookie=cookie).status == 403


def test_a_feed_is_reached_without_a_password_and_gets_through_the_proxy_as_it_is(hospital):
    path = hospital.make_feed("kim")
    full = hospital.ask(path, **{"Accept-Encoding": "gzip", "X-Remote-User": "lee"})
    assert (full.status, full.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert full.headers["Cache-Control"] == "private, no-cache"
    assert not {"Content-Encoding", "Content-Disposition", "Set-Cookie", "Location"} & set(full.headers)
    assert full.body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert re.fullmatch(r'"[0-9a-f]{32}"', full.headers["ETag"]), "still a strong tag"
    again = hospital.ask(path, **{"If-None-Match": full.headers["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", full.headers["ETag"])
    head = hospital.ask(path, "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(full.body)))
    assert gzip.compress(b"")[:2] != full.body[:2]


def test_wrong_addresses_are_answered_alike_through_the_proxy(hospital):
    right = hospital.make_feed("kim")
    answers = set()
    for path in ("/feed/" + "A" * 43 + "/x.ics", right[:-4], right + "x", "/feed/", "/feed/x", "/feed/a/b.ics"):
        answer = hospital.ask(path)
        kept = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "Date"))
        answers.add((answer.status, answer.body, kept))
    assert len(answers) == 1
    assert answers.pop()[:2] == (404, b"Not found.\n")


def test_a_thousand_slow_connections_at_the_proxy_keep_no_reader_waiting_and_one_address_has_its_share(hospital):
    """None has brought its request; 120 that have are more than one address may have, whatever they wait for."""
    context = ssl.create_default_context(cafile=str(hospital.folder / "cert.pem"))
    slow = [socket.create_connection(("127.0.0.1", hospital.public), timeout=20) for _ in range(1_000)]
    whole = []
    try:
        began = time.perf_counter()
        assert hospital.ask(f"/p/{CODE}", user="kim").status == 200
        assert time.perf_counter() - began < 3
        for one in slow:
            one.close()
        for _ in range(120):  # the head of a form whose text never comes
            one = context.wrap_socket(socket.create_connection(("127.0.0.1", hospital.public), timeout=20), server_hostname=NAME)
            one.sendall(f"POST /feed/x HTTP/1.1\r\nHost: {NAME}:{hospital.public}\r\nContent-Length: 9\r\n\r\n".encode())
            whole.append(one)
        assert b" 429 " in whole[-1].recv(100)
        assert hospital.ask(f"/p/{CODE}", user="kim").status == 429
    finally:
        for one in (*slow, *whole):
            one.close()
    for _ in range(50):
        if hospital.ask(f"/p/{CODE}", user="kim").status == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the address has no share any more")


def test_no_secret_reaches_a_log_of_the_proxy_or_of_the_program_not_even_when_that_is_down(hospital):
    """Last in this file: it stops the program."""
    path = hospital.make_feed("kim")
    secret = path.split("/")[2]
    for asked in (path, path + "?x=1", path[:-4], f"/feed/x/{secret}"):
        for method in ("GET", "HEAD", "POST"):
            hospital.ask(asked, method)
    hospital.ask(path, Host="evil.example")
    hospital.program.terminate()
    hospital.program.wait(timeout=20)
    assert hospital.ask(path).status == 502
    assert hospital.ask("/feeds", user="kim").status == 502
    logs = hospital.logs()
    assert [line for line in logs.splitlines() if secret.encode() in line] == []
    assert b" GET /feed/- 200 " in logs
    assert b" GET /feed/- 502 " in logs
    assert f"feed {sha256(secret)[:6]}".encode() in logs
    assert b"kim" in logs
    for password in PASSWORDS.values():
        assert password.encode() not in logs
