"""Reads every device of a running simulator with hikvisionapi and pyHik, and asserts what they see."""

import json
import logging
import sys
import time

import requests
from hikvisionapi import Client
from pyhik.hikvision import HikCamera, get_video_channels

NETWORK_RECORDERS = ("nvr", "nvr_old")
DEVICE_TYPES = {
    "camera": "IPCamera",
    "camera_old": "IPCamera",
    "dome": "IPDome",
    "nvr": "NVR",
    "nvr_old": "NVR",
    "dvr": "DVR",
    "thermal": "IPCamera",
}
CHANNELS = {"camera": {1}, "camera_old": {1}, "dome": {1}, "nvr": {1, 4}, "nvr_old": {9}, "dvr": {8}, "thermal": {2}}


class Bench:
    """The simulator under test and its control API."""

    def __init__(self, ready):
        self.control = ready["control"]
        self.devices = ready["devices"]

    def of(self, profile):
        return next(device for device in self.devices if device["profile"] == profile)

    def change(self, device, **change):
        answer = requests.patch(f"{self.control}/devices/{device['index']}", json=change, timeout=5)
        assert answer.status_code == 200, answer.text

    def counters(self, device):
        return requests.get(f"{self.control}/devices/{device['index']}", timeout=5).json()["counters"]


def base(device):
    return f"{device['scheme']}://{device['address']}:{device['port']}"


def hikvisionapi_client(device, password=None):
    return Client(base(device), device["user"], password or device["password"])


def pyhik_camera(device):
    return HikCamera(base(device), device["port"], device["user"], device["password"])


def as_list(items):
    return items if isinstance(items, list) else [items]


def hikvisionapi_reads_every_device(bench):
    for device in bench.devices:
        if device["profile"] == "thermal":
            # It has no System/status, which this client insists on; refused with 404, not with a login.
            try:
                hikvisionapi_client(device)
                raise AssertionError("a client that needs System/status got by without")
            except requests.HTTPError as error:
                assert error.response.status_code == 404, error
            continue
        client = hikvisionapi_client(device)
        info = client.System.deviceInfo(method="get")["DeviceInfo"]
        assert info["deviceName"] == device["name"], info
        assert info["model"] == device["model"], info
        assert info["serialNumber"] == device["serial_number"], info
        assert info["deviceType"] == DEVICE_TYPES[device["profile"]], info
        assert ("subSerialNumber" in info) == (device["profile"] == "camera"), info
        status = client.System.status(method="get")["DeviceStatus"]
        assert int(status["deviceUpTime"]) > 0, status
        assert 0 <= int(status["CPUList"]["CPU"]["cpuUtilization"]) <= 100, status
        storage = client.ContentMgmt.Storage(method="get")["storage"]
        disks = as_list((storage["hddList"] or {}).get("hdd") or [])
        assert all(disk["status"] == "ok" and int(disk["capacity"]) > 0 for disk in disks), disks
        assert disks or device["profile"] in ("camera", "dome"), storage


def hikvisionapi_reads_channels(bench):
    recorder = bench.of("nvr")
    client = hikvisionapi_client(recorder)
    channels = client.ContentMgmt.InputProxy.channels(method="get")["InputProxyChannelList"]
    assert int(channels["@size"]) != len(channels["InputProxyChannel"]) == 4, channels
    states = client.ContentMgmt.InputProxy.channels.status(method="get")["InputProxyChannelStatusList"]
    assert [state["online"] for state in states["InputProxyChannelStatus"]] == ["true"] * 4, states
    bench.change(recorder, channel_offline=[2])
    state = client.ContentMgmt.InputProxy.channels[2].status(method="get")["InputProxyChannelStatus"]
    assert state["online"] == "false" and state["chanDetectResult"] == "netUnreachable", state
    bench.change(recorder, channel_offline=[])

    analogue = bench.of("dvr")
    client = hikvisionapi_client(analogue)
    assert "InputProxyChannel" not in client.ContentMgmt.InputProxy.channels(method="get")["InputProxyChannelList"]
    bench.change(analogue, video_loss=[3])
    inputs = client.System.Video.inputs.channels(method="get")["VideoInputChannelList"]["VideoInputChannel"]
    assert [int(one["id"]) for one in inputs if one["resDesc"] == "NO VIDEO"] == [3], inputs
    bench.change(analogue, video_loss=[])

    single = next(device for device in bench.devices if device["profile"] == "nvr" and device is not recorder)
    only = hikvisionapi_client(single).ContentMgmt.InputProxy.channels(method="get")["InputProxyChannelList"]
    assert only["InputProxyChannel"]["id"] == "1", only


def hikvisionapi_reads_pictures_and_events(bench):
    device = bench.of("dome")
    client = hikvisionapi_client(device)
    picture = client.Streaming.channels[101].picture(method="get", type="opaque_data")
    assert picture.headers["Content-Type"] == "image/jpeg"
    jpeg = b"".join(picture.iter_content(1024))
    assert jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9"), jpeg
    beats = client.Event.notification.alertStream(method="get", type="stream")
    alert = beats[0]["EventNotificationAlert"]
    assert (alert["eventType"], alert["eventState"]) == ("videoloss", "inactive"), alert


def a_wrong_password_is_refused_once_and_five_lock(bench):
    device = bench.of("camera")
    refused = bench.counters(device)["logins_refused"]
    for attempt in range(1, 6):
        try:
            hikvisionapi_client(device, "not-the-password")
            raise AssertionError("let in with a wrong password")
        except requests.HTTPError as error:
            assert error.response.status_code == 401, error
        assert bench.counters(device)["logins_refused"] == refused + attempt
    try:
        hikvisionapi_client(device)
        raise AssertionError("let in while locked")
    except requests.HTTPError as error:
        assert "<lockStatus>lock</lockStatus>" in error.response.text, error.response.text
    bench.change(device, locked=False)
    hikvisionapi_client(device)


def pyhik_reads_devices(bench):
    for device in bench.devices:
        if device["model"] == "DS-2CD2632F-IS":
            continue  # answers without a namespace, which this client cannot take apart
        camera = pyhik_camera(device)
        assert camera.get_name == device["name"], (device["profile"], camera.get_name)
        if device["profile"] == "camera_old":
            continue  # this client looks for triggers in HTTP namespaces only
        events = camera.current_event_states
        assert "Motion" in events and "Disk Error" in events, (device["profile"], events)
        expected = "CAM" if device["profile"] in ("camera", "dome") or len(events["Motion"]) == 1 else "NVR"
        assert camera.get_type == expected, (device["profile"], camera.get_type)


def pyhik_lists_channels(bench):
    for device in bench.devices:
        if device["profile"] == "camera_old":
            continue  # only tries digest here
        channels = get_video_channels(device["address"], device["port"], device["user"], device["password"])
        assert len(channels) in CHANNELS[device["profile"]], (device["profile"], channels)
        assert all(channel.name for channel in channels), channels


def pyhik_sees_a_disk_fault_in_the_event_stream(bench):
    device = bench.of("nvr")
    camera = pyhik_camera(device)
    seen = []
    camera.add_update_callback(seen.append, f"{camera.get_id}.Disk Error.1")
    camera.start_stream()
    try:
        wait_until(lambda: camera.stream_connected, "the event stream did not start")
        assert not camera.current_event_states["Disk Error"][0][0]
        bench.change(device, disk="error")
        wait_until(lambda: camera.current_event_states["Disk Error"][0][0], "the fault was not seen")
        assert seen, "no callback"
    finally:
        camera.disconnect()
        bench.change(device, disk="ok")


def wait_until(condition, otherwise):
    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(otherwise)


CHECKS = [
    hikvisionapi_reads_every_device,
    hikvisionapi_reads_channels,
    hikvisionapi_reads_pictures_and_events,
    a_wrong_password_is_refused_once_and_five_lock,
    pyhik_reads_devices,
    pyhik_lists_channels,
    pyhik_sees_a_disk_fault_in_the_event_stream,
]


def main():
    logging.disable(logging.CRITICAL)
    with open(sys.argv[1], encoding="utf-8") as file:
        bench = Bench(json.load(file))
    for check in CHECKS:
        check(bench)
        print(f"ok: {check.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    main()
