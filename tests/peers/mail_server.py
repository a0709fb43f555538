"""A mail server that is not ours: aiosmtpd on a loopback port. Prints its port as one line of JSON, then each mail it takes as
another, and ends with its standard input. A line of its input is what it does wrong with each mail from then on: `busy` and `refuse`
with what it says, `cut` by ending the connection when it has the whole mail, `stall` by saying nothing; an empty one: nothing.

    target/peers-venv/bin/python tests/peers/mail_server.py
"""

import asyncio
import email
import email.policy
import hashlib
import json
import sys
import threading

from aiosmtpd.controller import Controller

WRITING = threading.Lock()


def tell(what):
    with WRITING:
        print(json.dumps(what), flush=True)


FAULT = ""


def parts(mail):
    """What of a mail is neither its text nor its HTML."""
    for part in mail.walk():
        if part.is_multipart() or (part.get_content_disposition() is None and part.get_content_maintype() == "text"):
            continue
        body = part.get_payload(decode=True) or b""
        yield {
            "name": part.get_filename(), "type": part.get_content_type(), "inline": part.get_content_disposition() == "inline",
            "content_id": part.get("Content-ID"), "size": len(body), "sha256": hashlib.sha256(body).hexdigest(),
            "begins": body[:5].decode("latin-1"),
        }


class Desk:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        if FAULT == "busy":
            return "451 4.3.2 come again later"
        if FAULT == "refuse":
            return "554 5.7.1 not this one"
        if FAULT == "stall":
            await asyncio.sleep(3600)
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        tell({
            "to": envelope.rcpt_tos,
            "subject": str(mail["Subject"]),
            "message_id": str(mail["Message-ID"]),
            "text": text.get_content() if text else "",
            "html": html.get_content() if html else "",
            "parts": list(parts(mail)),
        })
        if FAULT == "cut":
            server.transport.abort()
        return "250 taken"


class Anywhere(Controller):
    """Learns its port from the system."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def main():
    controller = Anywhere(Desk(), hostname="127.0.0.1", port=0, enable_SMTPUTF8=True)
    controller.start()
    tell({"port": controller.port})
    global FAULT
    for line in sys.stdin:
        FAULT = line.strip()
        tell({"fault": FAULT})
    controller.stop()


main()
