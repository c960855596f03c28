"""A hospital's network on this computer: a real nginx with TLS and a log-in, configured as docs/install.md says, and behind
it one process of the program or several. nginx and the program listen on loopback ports; the certificate is made for it.
"""

import base64
import html
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from schedule.ledger.sqlite import SqliteStore
from shared import ROOT
from shared.calendar_readers import missing
from shared.programs import free_port, running
from shared.slip_once import CODE, create_patient

NAME = "dayzero.hospital.example"
SECRET = "5f2c" * 16
PASSWORDS = {"kim": "correct horse", "lee": "battery staple"}


def tool(name, hint):
    found = shutil.which(name) or (f"/usr/sbin/{name}" if os.path.exists(f"/usr/sbin/{name}") else None)
    return found or missing(name, hint)


def manual(name="dayzero.conf"):
    """The nginx configuration of the manual that goes into a file of that name."""
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    (found,) = (one for one in re.findall(r"```nginx\n(.*?)```", text, re.DOTALL) if f"/{name}" in one.partition("\n")[0])
    return found


def configuration(folder, public, inside, text):
    """The same with this test's paths and ports, in the frame of a whole nginx.conf. Each thing is there to be replaced."""
    for there, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{public} ssl;"), ("http://127.0.0.1:8000;", f"http://127.0.0.1:{inside};"),
        ("/etc/ssl/dayzero/fullchain.pem", f"{folder}/cert.pem"), ("/etc/ssl/dayzero/key.pem", f"{folder}/key.pem"),
        ("/etc/nginx/dayzero.htpasswd", f"{folder}/htpasswd"), ("/etc/nginx/dayzero-secret.conf", f"{folder}/secret.conf"),
        ("/var/log/nginx/", f"{folder}/"),
    ):  # fmt: skip
        assert there in text
        text = text.replace(there, here)
    assert "/etc/" not in text.replace("# /etc/nginx/conf.d/dayzero.conf", "")
    paths = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user}\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log info;\nworker_processes 1;\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n{paths}\naccess_log {folder}/access.log;\n{text}\n}}\n"
    )


@dataclass
class Hospital:
    """The proxy and the program behind it."""

    folder: Path
    public: int
    inside: int
    program: subprocess.Popen
    others: tuple[int, ...] = ()

    def ask(self, path, method="GET", *, user=None, password=None, body=None, **headers):
        """What the proxy answers, over TLS with the certificate checked."""
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        plain = socket.create_connection(("127.0.0.1", self.public), timeout=20)
        connection = http.client.HTTPSConnection(NAME, self.public)
        connection.sock = context.wrap_socket(plain, server_hostname=NAME)
        if user:
            pair = f"{user}:{password or PASSWORDS[user]}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return self._answer(connection, method, path, body, {"Host": f"{NAME}:{self.public}", **headers})

    def ask_directly(self, path, *, port=None, method="GET", body=None, **headers):
        """What the program answers to somebody on its own computer; of several the first, unless its port is named."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.inside, timeout=20)
        return self._answer(connection, method, path, body, {"Host": f"{NAME}:{self.public}", **headers})

    def _answer(self, connection, method, path, body, headers):
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                connection.putheader(name, one)
        if body is not None:
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        answer.body = answer.read()
        answer.text = answer.body.decode("utf-8", "replace")
        connection.close()
        return answer

    def send(self, path, fields, *, user, cookie, **headers):
        """A form of ours, as that person's browser sends it."""
        from urllib.parse import urlencode

        origin = f"https://{NAME}:{self.public}"
        return self.ask(
            path, "POST", user=user, body=urlencode(fields).encode(),
            **{"Origin": origin, "Sec-Fetch-Site": "same-origin", "Cookie": cookie, **headers},
        )  # fmt: skip

    def open_form(self, path, user):
        """The hidden fields of a page's form, and the cookie that goes with them."""
        answer = self.ask(path, user=user)
        assert answer.status == 200, answer.text
        return hidden(answer.text), answer.headers["Set-Cookie"].partition(";")[0]

    def make_feed(self, user):
        fields, cookie = self.open_form("/feeds/new", user)
        sent = {**fields, "label": "Nurse", "scope": CODE, "level": "minimal", "read": "yes"}
        answer = self.send("/feeds/new", sent, user=user, cookie=cookie)
        assert answer.status == 303, answer.text
        page = self.ask(answer.headers["Location"], user=user, Cookie=with_cookie(cookie, answer))
        return re.search(rf"https://{re.escape(NAME)}:{self.public}(/feed/[\w-]{{43}}/[\w-]+\.ics)", page.text)[1]

    def logs(self):
        return b"".join(one.read_bytes() for one in self.folder.iterdir() if one.suffix in (".log", ".txt"))


def with_cookie(cookie, answer):
    """The browser's cookies with the one that an answer sets."""
    return f"{cookie}; {answer.headers['Set-Cookie'].partition(';')[0]}"


def hidden(text):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


@contextmanager
def standing_in(folder, edited, *options, store=None, programs=1):
    """The proxy, its configuration edited, and the program with more options behind it, on a ledger with one patient:
    `store` where it is there already. Of several programs the first stands in the configuration, `edited` gets the ports of
    all."""
    nginx, openssl = tool("nginx", "apt-get install nginx"), tool("openssl", "apt-get install openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext",
         f"subjectAltName=DNS:{NAME}", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    lines = []
    for user, password in PASSWORDS.items():
        done = subprocess.run([openssl, "passwd", "-apr1", password], check=True, capture_output=True, text=True)
        lines.append(f"{user}:{done.stdout.strip()}\n")
    (folder / "htpasswd").write_text("".join(lines))
    (folder / "secret.conf").write_text(f'proxy_set_header X-Dayzero-Secret "{SECRET}";\n')
    (folder / "proxy-secret").write_text(f"{SECRET}\n")
    (folder / "proxy-secret").chmod(0o600)
    if store is None:
        store = folder / "ledger.sqlite"
        with SqliteStore(store) as ledger:
            create_patient(ledger)
    public, *ports = (free_port() for _ in range(programs + 1))
    written = configuration(folder, public, ports[0], manual())
    (folder / "nginx.conf").write_text(edited(written, *ports[1:]), encoding="utf-8")
    serve = [
        sys.executable, "cli.py", "serve", "--store", str(store), "--behind-proxy", "X-Remote-User", "--public-origin",
        f"https://{NAME}:{public}", "--proxy-secret", str(folder / "proxy-secret"), *options,
    ]  # fmt: skip
    with ExitStack() as stack:
        started = [
            stack.enter_context(running([*serve, "--port", str(port)], folder / f"serve{number or ''}.txt", port))
            for number, port in enumerate(ports)
        ]
        stack.enter_context(running([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")], folder / "nginx.txt", public))
        yield Hospital(folder, public, ports[0], started[0], tuple(ports[1:]))
