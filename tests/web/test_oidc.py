"""Behind a real Apache whose people log in by OpenID Connect: Debian's mod_auth_openidc, configured as docs/install.md says,
against npm's oidc-provider. Person and groups come as headers; nobody can say them herself. All on loopback ports."""

import html
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from shared import ROOT, TESTS
from shared.calendar_readers import missing
from shared.programs import free_port, running
from shared.slip_once import CODE, create_patient

from schedule.ledger.sqlite import SqliteStore
from schedule.service.feeds import all_feeds

MODULES = Path("/usr/lib/apache2/modules")
LOADED = (
    "mpm_event", "authn_core", "authz_core", "authz_user", "setenvif", "headers", "socache_shmcb", "ssl", "proxy", "proxy_http",
    "reqtimeout", "auth_openidc",
)  # fmt: skip
OIDC_SECRET, SECRET = "0f1e" * 16, "5f2c" * 16
NURSES = "CN=Nurses,OU=BMT"
PEOPLE = {
    "kim": {"preferred_username": "kim@hospital.example", "groups": ["All staff", NURSES]},
    "anna": {"preferred_username": "Müller, Anna", "groups": [NURSES]},
    "lee": {"preferred_username": "lee@hospital.example", "groups": ["All staff"]},
    "max": {"preferred_username": "max@hospital.example"},
    "nobody": {"groups": [NURSES]},
}
"""By what they type: what the log-in says of them."""
GROUPS = f'format = 1\n[[groups]]\nname = "{NURSES}"\nroles = ["record", "set-up"]\nwards = "all"\n'


def apache_configuration(folder, public, inside, issuer):
    """The manual's own text with this test's paths and ports, in the frame of a whole configuration."""
    manual = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```apache\n(.*?)```", manual, re.DOTALL)
    for there, here in (
        ("<VirtualHost *:443>", f"<VirtualHost 127.0.0.1:{public}>"), ("http://127.0.0.1:8000/", f"http://127.0.0.1:{inside}/"),
        ("/etc/ssl/dayzero/fullchain.pem", f"{folder}/cert.pem"), ("/etc/ssl/dayzero/key.pem", f"{folder}/key.pem"),
        ("/etc/apache2/dayzero-secret.conf", f"{folder}/secret.conf"), ("/var/log/apache2/", f"{folder}/"),
        ("https://login.hospital.example", issuer), ("https://dayzero.hospital.example/oidc", f"https://localhost:{public}/oidc"),
        ("ServerName dayzero.hospital.example", "ServerName localhost"),
    ):  # fmt: skip
        assert there in text
        text = text.replace(there, here)
    assert "/etc/" not in text.replace("# /etc/apache2/sites-available/dayzero.conf", "") and "hospital.example" not in text
    loaded = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    return (
        f"ServerRoot {folder}\nPidFile {folder}/apache.pid\nListen 127.0.0.1:{public}\nServerName localhost\nErrorLog {folder}/error.log\n"
        f"DefaultRuntimeDir {folder}\nMutex file:{folder} default\n{loaded}\n{user}\nStartServers 1\n{text}"
    )


class Hospital:
    """The proxy, the log-in and the program behind them."""

    def __init__(self, folder, public, inside, issuer):
        self.folder, self.inside, self.issuer, self.address = folder, inside, issuer, f"https://localhost:{public}"
        self.context = ssl.create_default_context(cafile=str(folder / "cert.pem"))

    def browser(self, **headers):
        """Somebody's browser, which follows where it is sent."""
        return httpx.Client(verify=self.context, follow_redirects=True, base_url=self.address, headers=headers, timeout=20)

    @contextmanager
    def logged_in(self, person, **headers):
        """The browser of somebody who has logged in, and the page that she had asked for."""
        with self.browser(**headers) as browser:
            page = browser.get("/")
            assert str(page.url).startswith(self.issuer), page.text
            page = browser.post(action_of(page), data={"prompt": "login", "login": person, "password": "any"})
            page = browser.post(action_of(page), data={"prompt": "consent"})
            yield browser, page


def action_of(page):
    """Where the form of a page of the log-in is sent."""
    return html.unescape(re.search(r'<form[^>]* action="([^"]+)"', page.text)[1])


def hidden(text):
    return {name: html.unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)}


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    apache, node, openssl = ("/usr/sbin/apache2", *(shutil.which(name) for name in ("node", "openssl")))
    if not (MODULES / "mod_auth_openidc.so").exists() or not Path(apache).exists():
        missing("mod_auth_openidc", "apt-get install apache2-bin libapache2-mod-auth-openidc")
    if node is None or not (TESTS / "node_modules" / "oidc-provider").is_dir():
        missing("oidc-provider", "npm ci --prefix tests")
    folder = tmp_path_factory.mktemp("oidc")
    folder.chmod(0o711)
    for parent in folder.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)  # Apache's own user goes through
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    public, inside, login = free_port(), free_port(), free_port()
    found = Hospital(folder, public, inside, f"http://127.0.0.1:{login}")
    (folder / "apache.conf").write_text(apache_configuration(folder, public, inside, found.issuer), encoding="utf-8")
    (folder / "secret.conf").write_text(
        f'OIDCClientSecret "{OIDC_SECRET}"\nOIDCCryptoPassphrase "{SECRET}"\n'
        f'<Location />\n  RequestHeader set X-Dayzero-Secret "{SECRET}"\n</Location>\n'
    )
    (folder / "proxy-secret").write_text(f"{SECRET}\n")
    (folder / "proxy-secret").chmod(0o600)
    (folder / "groups.toml").write_text(GROUPS, encoding="utf-8")
    (folder / "people.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    with SqliteStore(folder / "ledger.sqlite") as store:
        create_patient(store)
    provider = [node, TESTS / "shared" / "oidc_provider.mjs", found.issuer, str(login), f"{found.address}/oidc", OIDC_SECRET, folder / "people.json"]
    serve = [
        sys.executable, "cli.py", "serve", "--store", folder / "ledger.sqlite", "--port", str(inside), "--behind-proxy", "X-Remote-User",
        "--public-origin", found.address, "--proxy-secret", folder / "proxy-secret", "--groups", folder / "groups.toml",
        "--groups-header", "X-Remote-Groups", "--groups-separator", ";",
    ]  # fmt: skip
    with ExitStack() as stack:
        stack.enter_context(running(provider, folder / "login.txt", login))
        stack.enter_context(running(serve, folder / "serve.txt", inside))
        stack.enter_context(running([apache, "-d", folder, "-f", folder / "apache.conf", "-DFOREGROUND"], folder / "apache.txt", public))
        yield found


def test_who_has_not_logged_in_sees_the_log_in_and_nothing_else(hospital):
    with hospital.browser() as browser:
        for path in ("/", f"/p/{CODE}", "/css/web.css", "/nothing"):
            page = browser.get(path, follow_redirects=False)
            assert page.status_code == 302 and page.headers["Location"].startswith(f"{hospital.issuer}/auth?"), path
            assert CODE not in page.text


def test_who_has_logged_in_acts_under_the_name_that_the_log_in_says(hospital):
    with hospital.logged_in("kim") as (browser, page):
        assert str(page.url) == f"{hospital.address}/" and '<span class="acts">kim@hospital.example</span>' in page.text
        note, sent = f"/p/{CODE}/note", {"Origin": hospital.address, "Sec-Fetch-Site": "same-origin"}
        fields = {**hidden(browser.get(note).text), "text": "cell laboratory told"}
        checked = browser.post(note, data={**fields, "do": "check"}, headers=sent)
        saved = browser.post(note, data={**hidden(checked.text), "text": fields["text"], "do": "save"}, headers=sent)
        assert saved.status_code == 200 and str(saved.url) == f"{hospital.address}/p/{CODE}/change/2"
    with SqliteStore(hospital.folder / "ledger.sqlite") as store:
        assert store.newest(CODE).act.by == "kim@hospital.example"


def test_a_name_with_an_umlaut_and_a_comma_comes_whole(hospital):
    with hospital.logged_in("anna") as (_, page):
        assert (page.status_code, '<span class="acts">Müller, Anna</span>' in page.text) == (200, True)


@pytest.mark.parametrize(("person", "said"), [("lee", "You came with these groups: All staff."), ("max", "You came with no group.")])
def test_groups_give_the_roles_and_who_is_in_none_that_is_known_sees_nothing(person, said, hospital):
    with hospital.logged_in("kim") as (browser, _):
        assert browser.get(f"/p/{CODE}/slip").status_code == 403  # no nurse moves day 0
    with hospital.logged_in(person) as (_, page):
        assert (page.status_code, said in page.text, CODE in page.text) == (403, True, False)


@pytest.mark.parametrize("names", [("X-Remote-User", "X-Remote-Groups"), ("X_Remote_User", "X_Remote_Groups"), ("x-remote-user", "OIDC_CLAIM_groups")])
def test_nobody_says_herself_who_she_is_or_in_which_group(names, hospital):
    forged = dict(zip(names, ("kim@hospital.example", NURSES), strict=True))
    with hospital.browser(**forged) as browser:
        assert browser.get("/", follow_redirects=False).status_code == 302
    with hospital.logged_in("lee", **forged) as (_, page):
        assert (page.status_code, "You came with these groups: All staff." in page.text) == (403, True)
    with httpx.Client(base_url=f"http://127.0.0.1:{hospital.inside}", headers={"Host": hospital.address.removeprefix("https://"), **forged}) as beside:
        assert beside.get("/").status_code == 401


def test_whom_the_log_in_gives_no_name_is_nobody(hospital):
    """The claim that is to be the name is missing."""
    with hospital.browser() as browser:
        page = browser.get("/")
        page = browser.post(action_of(page), data={"prompt": "login", "login": "nobody", "password": "any"})
        page = browser.post(action_of(page), data={"prompt": "consent"})
        assert "Error" in page.text and CODE not in page.text
        assert browser.get("/", follow_redirects=False).status_code == 302


def test_a_feed_needs_no_log_in_and_its_secret_is_in_no_log(hospital):
    with hospital.logged_in("kim") as (browser, _):
        fields = {**hidden(browser.get("/feeds/new").text), "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
        page = browser.post("/feeds/new", data=fields, headers={"Origin": hospital.address, "Sec-Fetch-Site": "same-origin"})
        path = re.search(rf"{re.escape(hospital.address)}(/feed/[\w-]{{43}}/[\w-]+\.ics)", page.text)[1]
    with hospital.browser(**{"X-Remote-User": "lee"}) as program:
        found = program.get(path)
        assert (found.status_code, found.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert program.get(path, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
        assert program.get(f"{path}x").status_code == 404
    with SqliteStore(hospital.folder / "ledger.sqlite") as store:
        assert all_feeds(store)[-1].made.by == "kim@hospital.example"
    logs = b"".join(one.read_bytes() for one in hospital.folder.iterdir() if one.suffix in (".log", ".txt"))
    assert b"kim@hospital.example" in logs and path.split("/")[2].encode() not in logs
    assert [secret for secret in (SECRET, OIDC_SECRET) if secret.encode() in logs] == []
