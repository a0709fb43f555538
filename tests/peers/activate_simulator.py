"""Activates simulated devices over ISAPI and SADP, switches their cloud service, changes passwords and unbinds.

Written from the protocol notes alone, with somebody else's RSA and AES (pycryptodome): neither the simulator nor the
platform's own client can agree with this by sharing a mistake.
"""

import base64
import hashlib
import json
import re
import socket
import sys
import time
import uuid

import requests
from Crypto.Cipher import AES, PKCS1_v1_5
from Crypto.PublicKey import RSA
from Crypto.Util.asn1 import DerSequence
from requests.auth import HTTPDigestAuth

READY, NOT_ACTIVATED, SERVICE_DISABLED, FRESH, OFFLINE, BOUND, BOUND_TO_EZVIZ, OLD_RECORDER, WRONG_LABEL = range(9)
BLOCK = 16
FIRST = "Siteward-2031"
SECOND = "Other+words77"


def text_of(document, name):
    """The text of the first element of a local name."""
    found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", document)
    return found.group(1).strip() if found else None


def zero_padded(data):
    return data + bytes(-len(data) % BLOCK)


def lower_hex_in_base64(data):
    return base64.b64encode(data.hex().encode()).decode()


class Street:
    """The simulator under test: devices, control API, SADP."""

    def __init__(self, ready):
        self.control = ready["control"]
        self.devices = ready["devices"]
        host, port = ready["sadp"].split(":")
        self.sadp = (host, int(port))

    def state(self, device):
        return requests.get(f"{self.control}/devices/{device['index']}", timeout=5).json()

    def change(self, device, **change):
        answer = requests.patch(f"{self.control}/devices/{device['index']}", json=change, timeout=5)
        assert answer.status_code == 200, answer.text

    def ask_all(self):
        """Every answer to an inquiry, by MAC address."""
        answers = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(1)
            own = str(uuid.uuid4()).upper()
            link.sendto(f"<Probe><Uuid>{own}</Uuid><Types>inquiry</Types></Probe>".encode(), self.sadp)
            while True:
                try:
                    answer = link.recv(65536).decode()
                except TimeoutError:
                    return answers
                assert text_of(answer, "Uuid") == own, answer
                answers[text_of(answer, "MAC")] = answer

    def command(self, device, kind, body=""):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(5)
            own = str(uuid.uuid4()).upper()
            mac = dashed(device)
            probe = f"<Probe><Uuid>{own}</Uuid><MAC>{mac}</MAC><Types>{kind}</Types>{body}</Probe>"
            link.sendto(('<?xml version="1.0" encoding="utf-8"?>' + probe).encode(), self.sadp)
            answer = link.recv(65536).decode()
        assert (text_of(answer, "Uuid"), text_of(answer, "MAC"), text_of(answer, "Types")) == (own, mac, kind), answer
        return answer

    def result(self, device, kind, body=""):
        return text_of(self.command(device, kind, body), "Result")


def dashed(device):
    return device["mac"].replace(":", "-")


def base(device):
    return f"{device['scheme']}://{device['address']}:{device['port']}"


def call(device, method, path, body=None, password=None):
    login = HTTPDigestAuth(device["user"], password) if password else None
    return requests.request(method, base(device) + path, data=body, auth=login, timeout=10)


def word(answer):
    return text_of(answer.text, "subStatusCode")


# ISAPI


def take_challenge(device):
    key = RSA.generate(1024, e=65537)
    modulus = lower_hex_in_base64(key.n.to_bytes(128, "big"))
    answer = call(device, "POST", "/ISAPI/Security/challenge", f"<PublicKey><key>{modulus}</key></PublicKey>")
    assert answer.status_code == 200, answer.text
    sealed = bytes.fromhex(base64.b64decode(text_of(answer.text, "key")).decode())
    secret = PKCS1_v1_5.new(key).decrypt(sealed, None)
    assert secret is not None and re.fullmatch(rb"[0-9a-f]{32}", secret), secret
    return secret


def activation_body(secret, password, key=None):
    cipher = AES.new(key or bytes.fromhex(secret.decode()), AES.MODE_ECB)
    sealed = cipher.encrypt(zero_padded(secret[:16] + password.encode()))
    return f"<ActivateInfo><password>{lower_hex_in_base64(sealed)}</password></ActivateInfo>"


def activate(device, password):
    return call(device, "PUT", "/ISAPI/System/activate", activation_body(take_challenge(device), password))


def activation_over_isapi(street):
    device = street.devices[NOT_ACTIVATED]
    assert text_of(call(device, "GET", "/SDK/activateStatus").text, "Activated") == "false"
    refused = call(device, "GET", "/ISAPI/System/deviceInfo", password="whatever-77")
    assert (refused.status_code, word(refused)) == (403, "notActivated"), refused.text
    for weak in ("short1", "onlyletters", "my-admin-2031", "nimda-2031-x", "far-too-long-for-it-7"):
        answer = activate(device, weak)
        assert answer.status_code == 400, (weak, answer.text)
    secret = take_challenge(device)
    wrong_key = activation_body(secret, FIRST, key=secret[:16])
    assert call(device, "PUT", "/ISAPI/System/activate", wrong_key).status_code == 403
    used = call(device, "PUT", "/ISAPI/System/activate", activation_body(secret, FIRST))
    assert used.status_code == 403, "a challenge was good for two tries"
    answer = activate(device, FIRST)
    assert (answer.status_code, word(answer)) == (200, "ok"), answer.text
    assert text_of(call(device, "GET", "/SDK/activateStatus").text, "Activated") == "true"
    info = call(device, "GET", "/ISAPI/System/deviceInfo", password=FIRST)
    assert text_of(info.text, "serialNumber") == device["serial_number"], info.text
    again = activate(device, SECOND)
    assert (again.status_code, word(again)) == (403, "hasActivated"), again.text


def a_risky_password_is_taken_with_a_warning(street):
    device = street.devices[READY]
    street.change(device, activated=False)
    answer = activate(device, "abcdefg1")
    assert (answer.status_code, word(answer), text_of(answer.text, "statusCode")) == (200, "riskPassword", "1")
    street.change(device, password=device["password"])


def service_over_isapi(street):
    device = street.devices[SERVICE_DISABLED]
    path, password = "/ISAPI/System/Network/EZVIZ", device["password"]
    known = call(device, "GET", path, password=password).text
    assert text_of(known, "enabled") == "false" and text_of(known, "registerStatus") == "false", known
    namespace = re.search(r'xmlns="([^"]*)"', known).group(1)
    for code in ("ABCDEF", "abc12", "abc-1234", "thirteen12345"):
        answer = call(device, "PUT", path, service_body(namespace, code), password)
        assert (answer.status_code, word(answer)) == (400, "illegalVerificationCode"), (code, answer.text)
    answer = call(device, "PUT", path, service_body(namespace, "Hill42side"), password)
    assert (answer.status_code, word(answer)) == (200, "ok"), answer.text
    until(lambda: text_of(call(device, "GET", path, password=password).text, "registerStatus") == "true")
    assert street.state(device)["verification_code"] == "Hill42side"


def service_body(namespace, code):
    return (
        f'<EZVIZ version="2.0" xmlns="{namespace}"><enabled>true</enabled>'
        f"<verificationCode>{code}</verificationCode></EZVIZ>"
    )


def new_password_over_isapi(street):
    device = street.devices[NOT_ACTIVATED]
    path = "/ISAPI/Security/users/1"
    for new, expected in ((FIRST, "cannotSameAsOldPassword"), ("tooeasy", "riskPassword")):
        answer = call(device, "PUT", path, user_body(new), FIRST)
        assert word(answer) == expected and answer.status_code >= 400, answer.text
    answer = call(device, "PUT", path, user_body(SECOND), FIRST)
    assert (answer.status_code, word(answer)) == (200, "ok"), answer.text
    assert call(device, "GET", "/ISAPI/System/time", password=FIRST).status_code == 401
    assert call(device, "GET", "/ISAPI/System/time", password=SECOND).status_code == 200


def new_password_in_a_sealed_field(street):
    device = street.devices[NOT_ACTIVATED]
    said = call(device, "GET", f"/ISAPI/Security/capabilities?username={device['user']}", password=SECOND).text
    assert "1" in re.search(r'<securityVersion opt="([^"]*)"', said).group(1), said
    assert text_of(said, "isIrreversible") == "true", said
    digest = hashlib.sha256((device["user"] + text_of(said, "salt") + SECOND).encode()).hexdigest()
    digest += "AaBbCcDd1234!@#$"
    for _ in range(int(text_of(said, "keyIterateNum"))):
        digest = hashlib.sha256(digest.encode()).hexdigest()
    key, iv = bytes.fromhex(digest)[:16], bytes(range(16))

    def sealed(plain):
        return AES.new(key, AES.MODE_CBC, iv).encrypt(zero_padded(base64.b64encode(plain.encode()))).hex()

    path = f"/ISAPI/Security/users/1?security=1&iv={iv.hex()}"
    answer = call(device, "PUT", path, user_body(sealed(FIRST), sealed("not-the-old-1")), SECOND)
    assert (answer.status_code, word(answer)) == (403, "loginPasswordError"), answer.text
    answer = call(device, "PUT", path, user_body(sealed(FIRST), sealed(SECOND)), SECOND)
    assert (answer.status_code, word(answer)) == (200, "ok"), answer.text
    assert call(device, "GET", "/ISAPI/System/time", password=FIRST).status_code == 200


def user_body(password, old=None):
    proof = f"<loginPassword>{old}</loginPassword>" if old else ""
    return f"<User><id>1</id><userName>admin</userName><password>{password}</password>{proof}</User>"


# SADP


def exchange(street, device):
    key = RSA.generate(1024, e=65537)
    der = base64.b64encode(DerSequence([key.n, key.e]).encode()).decode()
    answer = street.command(device, "exchangecode", f"<Code>{der}</Code>")
    secret = PKCS1_v1_5.new(key).decrypt(base64.b64decode(text_of(answer, "Code")), None)
    assert secret is not None and len(secret) == 32, secret
    return secret


def exchanged_password(street, device, password):
    secret = exchange(street, device)
    sealed = AES.new(secret[:16], AES.MODE_ECB).encrypt(zero_padded(secret[:16] + password.encode()))
    return f"<Password>{base64.b64encode(sealed).decode()}</Password>"


def salted_password(street, device, password):
    salt = text_of(street.ask_all()[dashed(device)], "Salt")
    inner = hashlib.sha256((device["user"] + salt + password).encode()).hexdigest()
    key = hashlib.md5(inner.encode()).digest()
    sealed = AES.new(key, AES.MODE_ECB).encrypt(zero_padded(password.encode()))
    return f'<Password bSalt="true">{base64.b64encode(sealed).decode()}</Password>'


def an_inquiry_finds_what_is_on(street):
    answers = street.ask_all()
    expected = {dashed(device) for device in street.devices} - {dashed(street.devices[OFFLINE])}
    assert set(answers) == expected, answers.keys()
    for device in street.devices:
        answer = answers.get(dashed(device))
        if answer is None:
            continue
        assert text_of(answer, "DeviceSN") == device["serial_number"], answer
        assert text_of(answer, "DeviceDescription") == device["model"], answer
        assert text_of(answer, "Activated") == str(device["activated"]).lower(), answer
        assert (text_of(answer, "IPv4Address"), text_of(answer, "HttpPort")) == (device["address"], str(device["port"]))
        assert text_of(answer, "SoftwareVersion") == device["firmware"].replace(" ", "", 1), answer
    assert "<HCPlatformEnable>flase<" in answers[dashed(street.devices[SERVICE_DISABLED])]


def activation_over_sadp(street):
    device = street.devices[FRESH]
    assert street.result(device, "activate", exchanged_password(street, device, "onlyletters")) == "failed"
    secret = exchange(street, device)
    isapi_key = AES.new(bytes.fromhex(secret.decode()), AES.MODE_ECB)
    sealed = base64.b64encode(isapi_key.encrypt(zero_padded(secret[:16] + FIRST.encode()))).decode()
    assert street.result(device, "activate", f"<Password>{sealed}</Password>") == "denied"
    assert street.result(device, "activate", exchanged_password(street, device, FIRST)) == "success"
    assert text_of(street.ask_all()[dashed(device)], "Activated") == "true"
    assert call(device, "GET", "/ISAPI/System/deviceInfo", password=FIRST).status_code == 200
    assert street.result(device, "activate", exchanged_password(street, device, SECOND)) == "failed"


def service_over_sadp(street):
    device = street.devices[FRESH]
    code = "<VerificationCode>{}</VerificationCode>".format
    on = "<HCPlatformEnable>true</HCPlatformEnable>"
    assert street.result(device, "SetHCPlatform", on + exchanged_password(street, device, FIRST)) == "failed"
    wrong = exchanged_password(street, device, SECOND)
    assert street.result(device, "SetVerificationCode", code("Brook99") + wrong) == "denied"
    refused = exchanged_password(street, device, FIRST)
    assert street.result(device, "SetVerificationCode", code("ABCDEF") + refused) == "failed"
    right = exchanged_password(street, device, FIRST)
    assert street.result(device, "SetVerificationCode", code("Brook99") + right) == "success"
    right = salted_password(street, device, FIRST)
    assert street.result(device, "SetHCPlatform", on + right) == "success"
    assert "<HCPlatformEnable>true<" in street.ask_all()[dashed(device)]
    until(lambda: street.state(device)["service_registered"])
    assert street.state(device)["verification_code"] == "Brook99"


def dhcp_over_sadp(street):
    device = street.devices[BOUND]
    body = "<DHCP>true</DHCP>" + salted_password(street, device, device["password"])
    assert street.result(device, "update", body) == "success"
    assert text_of(street.ask_all()[dashed(device)], "DHCP") == "true"


def unbinding_over_sadp(street):
    device = street.devices[BOUND]
    assert text_of(street.command(device, "getUnbindStatus"), "BindStatus") == "1"
    wrong = exchanged_password(street, device, SECOND)
    assert street.result(device, "ezvizUnbind", wrong) == "denied"
    right = exchanged_password(street, device, device["password"])
    assert street.result(device, "ezvizUnbind", right) == "success"
    assert text_of(street.command(device, "getUnbindStatus"), "BindStatus") == "2"
    assert not street.state(device)["bound"]
    right = exchanged_password(street, device, device["password"])
    assert street.result(device, "ezvizUnbind", right) == "failed", "it was not bound any more"
    for index in (BOUND_TO_EZVIZ, OLD_RECORDER):
        device = street.devices[index]
        right = exchanged_password(street, device, device["password"])
        assert street.result(device, "ezvizUnbind", right) == "failed"
        assert street.state(device)["bound"]


def unbinding_over_isapi(street):
    device = street.devices[WRONG_LABEL]
    street.change(device, bound=True)
    path = "/ISAPI/System/Network/EZVIZ/unbind?format=json"
    assert call(device, "PUT", path).status_code == 401
    answer = call(device, "PUT", path, password=device["password"])
    assert (answer.status_code, answer.json()["subStatusCode"]) == (200, "ok"), answer.text
    assert not street.state(device)["bound"]
    answer = call(device, "PUT", path, password=device["password"])
    assert (answer.status_code, answer.json()["errorCode"]) == (403, 0x40000006), answer.text


def five_wrong_passwords_over_sadp_lock(street):
    device = street.devices[READY]
    for _ in range(5):
        wrong = exchanged_password(street, device, SECOND)
        assert street.result(device, "ezvizUnbind", wrong) == "denied"
    assert street.state(device)["locked"]
    assert call(device, "GET", "/ISAPI/System/time", password=device["password"]).status_code == 401
    street.change(device, locked=False)


def until(condition):
    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("never came true")


CHECKS = [
    an_inquiry_finds_what_is_on,
    activation_over_isapi,
    a_risky_password_is_taken_with_a_warning,
    service_over_isapi,
    new_password_over_isapi,
    new_password_in_a_sealed_field,
    activation_over_sadp,
    service_over_sadp,
    dhcp_over_sadp,
    unbinding_over_sadp,
    unbinding_over_isapi,
    five_wrong_passwords_over_sadp_lock,
]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        street = Street(json.load(file))
    for check in CHECKS:
        check(street)
        print(f"ok: {check.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    main()
