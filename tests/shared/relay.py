"""A mail relay of this computer that breaks off, refuses or signs off at any step, and a certificate that is its own."""

import ssl
import subprocess
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from shared.programs import free_port


class Relay:
    """What the relay does at each step: nothing special, an answer of its own, `break`, or what a function gives of these."""

    def __init__(self):
        self.steps, self.mails = {}, []

    async def _at(self, step, server):
        found = self.steps.get(step)
        if isinstance(found, list):
            found = found.pop(0) if found else None
        if callable(found):
            found = found()
        if found == "break":
            server.transport.abort()
            return "421 gone"
        return found

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        await self._at("EHLO", server)
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self._at("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await self._at("RCPT", server) or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = await self._at("DATA", server)
        if answer is None or answer == "421 gone":
            self.mails.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return answer or "250 OK"


@contextmanager
def relay(*, secure=None, auth=None):
    """A relay on a port of its own; `secure` is the context of its certificate, `auth` the one password it takes."""
    handler = Relay()
    more = {}
    if auth is not None:
        more = {
            "authenticator": lambda server, session, envelope, mechanism, data: AuthResult(success=data.password == auth, handled=False),
            "auth_required": True, "auth_require_tls": False,
        }  # fmt: skip
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), tls_context=secure, **more)
    controller.start()
    try:
        handler.port = controller.port
        yield handler
    finally:
        controller.stop(no_assert=True)


def certificate(folder, name="localhost"):
    """A context with a certificate of that name, which is its own authority: and the file that holds it."""
    kept, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-addext",
         f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(kept)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(kept, key)
    return context, kept
