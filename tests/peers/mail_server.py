"""A mail server that is not ours: aiosmtpd on a loopback port. Prints its port as one line of JSON, then each mail it takes as
another, and ends with its standard input.

    target/peers-venv/bin/python tests/peers/mail_server.py
"""

import email
import email.policy
import json
import sys
import threading

from aiosmtpd.controller import Controller

WRITING = threading.Lock()


def tell(what):
    with WRITING:
        print(json.dumps(what), flush=True)


class Desk:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = mail.get_body(("plain",))
        tell({
            "to": envelope.rcpt_tos,
            "subject": str(mail["Subject"]),
            "message_id": str(mail["Message-ID"]),
            "text": text.get_content() if text else "",
        })
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
    sys.stdin.read()
    controller.stop()


main()
