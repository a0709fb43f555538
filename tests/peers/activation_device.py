"""One device that is not activated yet, in Python: for checking a client's activation with somebody else's RSA and AES.

Written from the protocol notes alone and sharing no code with the simulator. Speaks ISAPI on a loopback port and SADP on
another; prints one line of JSON when it is ready and ends with its standard input. Knows activation both ways, deviceInfo
behind digest, the cloud service and the change of the password; nothing else.

    target/peers-venv/bin/python tests/peers/activation_device.py
"""

import base64
import hashlib
import json
import os
import re
import secrets
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

from Crypto.Cipher import AES, PKCS1_v1_5
from Crypto.PublicKey import RSA

ADDRESS = "127.0.0.1"
MAC = "44-19-b6-7e-57-01"
SERIAL = "DS-2CD2143G0-I20190102AAWRC12345678"
MODEL = "DS-2CD2143G0-I"
REALM = "IP Camera(C1234)"
NAMESPACE = "http://www.hikvision.com/ver20/XMLSchema"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def text_of(document, name):
    found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", document)
    return found.group(1).strip() if found else None


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def opened(key, secret, sealed):
    """The password under a secret, or None."""
    if not sealed or len(sealed) % 16:
        return None
    plain = AES.new(key, AES.MODE_ECB).decrypt(sealed)
    if plain[:16] != secret[:16]:
        return None
    return plain[16:].rstrip(b"\0").decode()


def is_good(password):
    classes = [str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum()]
    several = sum(any(map(kind, password)) for kind in classes) >= 2
    return 8 <= len(password) <= 16 and several and "admin" not in password.lower()


class Device:
    """What the device knows."""

    def __init__(self):
        self.lock = threading.Lock()
        self.password = None
        self.challenge = None
        self.exchange = None
        self.enabled = False
        self.code = ""
        self.nonce = secrets.token_hex(16)

    def activate(self, password):
        """`subStatusCode` of the outcome."""
        if self.password is not None:
            return "hasActivated"
        if password is None:
            return "invalidOperation"
        if not is_good(password):
            return "riskPassword"
        self.password = password
        return "ok"

    def is_let_in(self, method, authorization):
        """RFC 7616 with MD5 by silence and qop=auth, the only form this device offers."""
        if not authorization or not authorization.startswith("Digest "):
            return False
        given = dict(re.findall(r'(\w+)="?([^",]*)"?', authorization[len("Digest ") :]))
        inner, outer = md5(f"admin:{REALM}:{self.password}"), md5(f"{method}:{given.get('uri')}")
        middle = [self.nonce] + [given.get(name, "") for name in ("nc", "cnonce", "qop")]
        return given.get("response") == md5(":".join([inner, *middle, outer]))


def handler(device):
    """The ISAPI side of a device."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def say(self, status, body, extra=()):
            data = (XML + body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(data)))
            for name, value in extra:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def status(self, word):
            good = word == "ok"
            code = 1 if good else 4
            body = f"<requestURL>{escape(self.path)}</requestURL><statusCode>{code}</statusCode>"
            body += f"<statusString>{'OK' if good else 'Invalid Operation'}</statusString>"
            body += f"<subStatusCode>{word}</subStatusCode>"
            self.say(200 if good else 403, f'<ResponseStatus version="2.0" xmlns="{NAMESPACE}">{body}</ResponseStatus>')

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked = (self.command, self.path.split("?")[0])
            with device.lock:
                if not self.answer_anybody(asked, body):
                    self.answer_insider(asked, body)

        def answer_anybody(self, asked, body):
            """What needs no login; whether that was asked."""
            if asked == ("GET", "/SDK/activateStatus"):
                activated = str(device.password is not None).lower()
                self.say(200, f"<ActivateStatus><Activated>{activated}</Activated></ActivateStatus>")
            elif asked == ("POST", "/ISAPI/Security/challenge"):
                modulus = bytes.fromhex(base64.b64decode(text_of(body, "key")).decode())
                assert len(modulus) == 128, len(modulus)
                key = RSA.construct((int.from_bytes(modulus, "big"), 65537))
                device.challenge = secrets.token_hex(16).encode()
                sealed = PKCS1_v1_5.new(key).encrypt(device.challenge)
                told = base64.b64encode(sealed.hex().encode()).decode()
                self.say(200, f'<Challenge version="2.0" xmlns="{NAMESPACE}"><key>{told}</key></Challenge>')
            elif asked == ("PUT", "/ISAPI/System/activate"):
                secret, device.challenge = device.challenge, None
                sealed = bytes.fromhex(base64.b64decode(text_of(body, "password")).decode())
                password = opened(bytes.fromhex(secret.decode()), secret, sealed) if secret else None
                self.status(device.activate(password))
            elif device.password is None:
                self.status("notActivated")
            else:
                return False
            return True

        def answer_insider(self, asked, body):
            if not device.is_let_in(self.command, self.headers.get("Authorization")):
                challenge = f'Digest qop="auth", realm="{REALM}", nonce="{device.nonce}", stale="FALSE"'
                self.say(401, "<html/>", [("WWW-Authenticate", challenge)])
            elif asked == ("GET", "/ISAPI/System/deviceInfo"):
                facts = {"deviceName": "Python", "deviceID": "88", "model": MODEL, "serialNumber": SERIAL}
                facts |= {"macAddress": MAC.replace("-", ":"), "firmwareVersion": "V5.6.2"}
                facts |= {"firmwareReleasedDate": "build 190701", "deviceType": "IPCamera"}
                told = "".join(f"<{name}>{value}</{name}>" for name, value in facts.items())
                self.say(200, f'<DeviceInfo version="2.0" xmlns="{NAMESPACE}">{told}</DeviceInfo>')
            elif asked == ("GET", "/ISAPI/System/Network/EZVIZ"):
                on = str(device.enabled).lower()
                told = f"<enabled>{on}</enabled><registerStatus>{on}</registerStatus><serverAddress>"
                told += "<addressingFormatType>hostname</addressingFormatType>"
                told += "<hostName>litedev.hik-connect.com</hostName></serverAddress>"
                told += f"<verificationCode>{device.code}</verificationCode><bindStatus>unbind</bindStatus>"
                self.say(200, f'<EZVIZ version="2.0" xmlns="{NAMESPACE}">{told}</EZVIZ>')
            elif asked == ("PUT", "/ISAPI/System/Network/EZVIZ"):
                code = text_of(body, "verificationCode") or ""
                if not re.fullmatch("[A-Za-z0-9]{6,12}", code) or code == "ABCDEF":
                    self.status("illegalVerificationCode")
                else:
                    device.enabled, device.code = text_of(body, "enabled") == "true", code
                    self.status("ok")
            elif asked == ("GET", "/ISAPI/Security/users"):
                told = "<User><id>1</id><userName>admin</userName><userLevel>Administrator</userLevel></User>"
                self.say(200, f'<UserList version="2.0" xmlns="{NAMESPACE}">{told}</UserList>')
            elif asked == ("PUT", "/ISAPI/Security/users/1"):
                password = text_of(body, "password") or ""
                if password == device.password:
                    self.status("cannotSameAsOldPassword")
                elif not is_good(password):
                    self.status("riskPassword")
                else:
                    device.password = password
                    self.status("ok")
            else:
                self.status("notSupport")

        do_GET = do_PUT = do_POST = answer

    return Handler


def hear_sadp(device, link, http_port):
    """The SADP side of a device."""
    while True:
        data, sender = link.recvfrom(65536)
        probe = data.decode(errors="replace")
        kind = text_of(probe, "Types")
        if "<Probe>" not in probe or (kind != "inquiry" and text_of(probe, "MAC") != MAC):
            continue
        with device.lock:
            told = obey(device, kind, probe, http_port)
        head = f"<Uuid>{escape(text_of(probe, 'Uuid') or '')}</Uuid><Types>{kind}</Types><MAC>{MAC}</MAC>"
        link.sendto(f"{XML}<ProbeMatch>{head}{told}</ProbeMatch>".encode(), sender)


def obey(device, kind, probe, http_port):
    if kind == "inquiry":
        facts = {"DeviceDescription": MODEL, "DeviceSN": SERIAL, "CommandPort": 8000, "HttpPort": http_port}
        facts |= {"IPv4Address": ADDRESS, "DHCP": "false", "SoftwareVersion": "V5.6.2build 190701"}
        facts |= {"Activated": str(device.password is not None).lower(), "SupportHCPlatform": "true"}
        facts |= {"HCPlatformEnable": "true" if device.enabled else "flase"}
        return "".join(f"<{name}>{value}</{name}>" for name, value in facts.items())
    if kind == "exchangecode":
        key = RSA.import_key(base64.b64decode(text_of(probe, "Code")))
        device.exchange = secrets.token_hex(16).encode()
        sealed = PKCS1_v1_5.new(key).encrypt(device.exchange)
        return f"<Result>success</Result><Code>{base64.b64encode(sealed).decode()}</Code>"
    if kind == "activate":
        secret, device.exchange = device.exchange, None
        password = opened(secret[:16], secret, base64.b64decode(text_of(probe, "Password"))) if secret else None
        if password is None:
            return "<Result>denied</Result>"
        return "<Result>success</Result>" if device.activate(password) == "ok" else "<Result>failed</Result>"
    return "<Result>failed</Result>"


def main():
    device = Device()
    server = ThreadingHTTPServer((ADDRESS, 0), handler(device))
    server.daemon_threads = True
    port = server.server_address[1]
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.bind((ADDRESS, 0))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=hear_sadp, args=(device, link, port), daemon=True).start()
    sadp = f"{ADDRESS}:{link.getsockname()[1]}"
    ready = {"address": ADDRESS, "port": port, "sadp": sadp, "user": "admin", "mac": MAC, "serial_number": SERIAL}
    print(json.dumps(ready), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
