"""Keeps `activation_device.py` honest: activates it both ways, switches its service, changes its password."""

import json
import subprocess
import sys
from pathlib import Path

import activate_simulator as client


class Device:
    """A fresh device in a process of its own, in the shape that the client script knows."""

    def __enter__(self):
        program = Path(__file__).with_name("activation_device.py")
        self.process = subprocess.Popen([sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = json.loads(self.process.stdout.readline())
        street = client.Street({"control": None, "devices": [ready], "sadp": ready["sadp"]})
        return street, ready | {"scheme": "http", "index": 0}

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def over_isapi():
    with Device() as (street, device):
        assert client.text_of(client.call(device, "GET", "/SDK/activateStatus").text, "Activated") == "false"
        assert client.word(client.call(device, "GET", "/ISAPI/System/deviceInfo")) == "notActivated"
        secret = client.take_challenge(device)
        wrong = client.activation_body(secret, client.FIRST, key=secret[:16])
        assert client.word(client.call(device, "PUT", "/ISAPI/System/activate", wrong)) == "invalidOperation"
        assert client.word(client.activate(device, "onlyletters")) == "riskPassword"
        assert client.word(client.activate(device, client.FIRST)) == "ok"
        assert client.word(client.activate(device, client.SECOND)) == "hasActivated"
        info = client.call(device, "GET", "/ISAPI/System/deviceInfo", password=client.FIRST)
        assert client.text_of(info.text, "serialNumber") == device["serial_number"], info.text
        path = "/ISAPI/System/Network/EZVIZ"
        body = client.service_body("http://www.hikvision.com/ver20/XMLSchema", "Hill42side")
        assert client.word(client.call(device, "PUT", path, body, client.FIRST)) == "ok"
        told = client.call(device, "GET", path, password=client.FIRST).text
        assert (client.text_of(told, "registerStatus"), client.text_of(told, "verificationCode")) == ("true", "Hill42side")
        body = client.user_body(client.SECOND)
        assert client.word(client.call(device, "PUT", "/ISAPI/Security/users/1", body, client.FIRST)) == "ok"
        for password, status in ((client.FIRST, 401), (client.SECOND, 200)):
            assert client.call(device, "GET", "/ISAPI/System/deviceInfo", password=password).status_code == status


def over_sadp():
    with Device() as (street, device):
        (answer,) = street.ask_all().values()
        assert client.text_of(answer, "Activated") == "false", answer
        weak = client.exchanged_password(street, device, "onlyletters")
        assert street.result(device, "activate", weak) == "failed"
        right = client.exchanged_password(street, device, client.FIRST)
        assert street.result(device, "activate", right) == "success"
        assert client.call(device, "GET", "/ISAPI/System/deviceInfo", password=client.FIRST).status_code == 200


def main():
    for check in (over_isapi, over_sadp):
        check()
        print(f"ok: the device in Python is activated {check.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    main()
