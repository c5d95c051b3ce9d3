"""A mail server for the tests: aiosmtpd with STARTTLS, TLS from the start, or neither.

usage: smtp_peer.py LOG plain|offered|starttls|tls [CERTIFICATE KEY]

What stands before the "@" of a recipient says how the server behaves. Each message becomes a line of JSON in LOG, as
Python's own mail parser reads it. Prints its port, and ends when standard input does. The login comes in the environment;
without one none is offered.
"""
import asyncio
import base64
import email
import email.policy
import json
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER = os.environ.get("PEER_USER", "")
PASSWORD = os.environ.get("PEER_PASSWORD", "")
LOG = sys.argv[1]
MODE = sys.argv[2]


def record(value):
    with open(LOG, "a") as log:
        log.write(json.dumps(value) + "\n")


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("forged@"):
            return "553 5.7.1 not your address"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        record({"recipient": address})
        behaviour = address.partition("@")[0]
        if behaviour == "hang":
            await asyncio.sleep(3600)
        if behaviour == "close":
            server.transport.abort()
            return "421 closing"
        if behaviour == "refuse":
            return "550 5.1.1 no such user here"
        if behaviour == "busy":
            return "450 4.2.1 come back later"
        if behaviour == "relay":
            return "554 5.7.1 relay access denied"
        session.behaviour = behaviour
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if session.behaviour == "spam":
            return "554 5.7.1 looks like spam"
        if session.behaviour == "full":
            return "452 4.3.1 disk is full"
        if session.behaviour == "hangdata":
            record({"recipient": "hangdata"})
            await asyncio.sleep(3600)
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTPUTF8)
        text = message.get_body(("plain",))
        html = message.get_body(("html",))
        record({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "user": session.auth_data.login.decode() if session.authenticated else None,
            "tls": session.ssl is not None or MODE == "tls",
            "raw": base64.b64encode(envelope.content).decode(),
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "names": [name.lower() for name in message.keys()],
            "text": text.get_content(),
            "html": html.get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        })
        return "250 OK: queued as 1"

    async def handle_QUIT(self, server, session, envelope):
        if getattr(session, "behaviour", "") == "slowquit":
            await asyncio.sleep(3600)
        return "221 Bye"


def authenticate(server, session, envelope, mechanism, data):
    if not isinstance(data, LoginPassword):
        return AuthResult(success=False, handled=False)
    if data.login == USER.encode() and data.password == PASSWORD.encode():
        return AuthResult(success=True, auth_data=data)
    if data.login == b"busy":
        return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")
    given = data.password.decode()
    both = base64.b64encode(b"\0" + data.login + b"\0" + data.password).decode()
    quoted = "535 5.7.8 not with %s, %s" % (given, both)
    return AuthResult(success=False, handled=False, message=quoted)


async def main():
    context = None
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
    starts = MODE in ("offered", "starttls")

    def protocol():
        return SMTP(
            Handler(),
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context if starts else None,
            require_starttls=MODE == "starttls",
            authenticator=authenticate if USER else None,
            auth_required=bool(USER),
            auth_require_tls=starts,
            loop=asyncio.get_running_loop(),
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if MODE == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)

    def wait():
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
    await asyncio.Event().wait()


asyncio.run(main())
