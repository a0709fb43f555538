// Reads what the device tells of itself and changes its name.
'use strict';

const INFO = '/ISAPI/System/deviceInfo';
const SHOWN = ['deviceName', 'model', 'serialNumber', 'firmwareVersion', 'firmwareReleasedDate', 'macAddress'];
let info;

const place = (id) => document.getElementById(id);
const tell = (text) => { place('message').textContent = text; };

async function ask(path, options) {
    const answer = await fetch(path, { cache: 'no-store', ...options });
    const text = await answer.text();
    const parsed = new DOMParser().parseFromString(text, 'application/xml');
    const word = parsed.querySelector('subStatusCode')?.textContent;
    if (!answer.ok) {
        throw new Error(word ?? `${answer.status}`);
    }
    return parsed;
}

async function show() {
    info = await ask(INFO);
    const value = (name) => info.querySelector(name)?.textContent ?? '';
    place('title').textContent = document.title = value('deviceName');
    place('name').value = value('deviceName');
    place('facts').replaceChildren(...SHOWN.map((name) => {
        const row = document.createElement('tr');
        for (const text of [name, value(name)]) {
            row.appendChild(document.createElement('td')).textContent = text;
        }
        return row;
    }));
    const time = await ask('/ISAPI/System/time');
    place('clock').textContent = time.querySelector('localTime')?.textContent ?? '';
    place('picture').src = `/ISAPI/Streaming/channels/101/picture?${Date.now()}`;
}

async function save(event) {
    event.preventDefault();
    info.querySelector('deviceName').textContent = place('name').value;
    const body = new XMLSerializer().serializeToString(info);
    await ask(INFO, { method: 'PUT', body, headers: { 'Content-Type': 'application/xml' } });
    await show();
    tell('Saved.');
}

async function reboot() {
    await ask('/ISAPI/System/reboot', { method: 'PUT' });
    tell('The device restarts.');
}

const safely = (action) => (event) => action(event).catch((error) => tell(`Refused: ${error.message}`));
place('settings').addEventListener('submit', safely(save));
place('reboot').addEventListener('click', safely(reboot));
safely(show)();
