-- Devices behind links: links, what they see, whose each serial is, and what a person does with such a device.
-- The PostgreSQL twin of this file has the same tables, columns and names of constraints and indexes.

ALTER TABLE companies ADD COLUMN app_hint TEXT;

-- holder is the process that holds the link's session, holder_url where other processes reach it. A newer session takes
-- over: what an older one still writes names its own session and finds nothing.
-- session_from is the public address that the session comes from, by which a forged one is told (unbinding).
CREATE TABLE links (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    enrol_code_hash TEXT,
    enrol_expires_at INTEGER,
    token_hash TEXT,
    version TEXT,
    system TEXT,
    enrolled_at INTEGER,
    revoked_at INTEGER,
    online INTEGER NOT NULL DEFAULT 0 CHECK (online IN (0, 1)),
    last_seen_at INTEGER,
    holder TEXT,
    holder_url TEXT,
    session TEXT,
    session_from TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    CHECK (revoked_at IS NULL OR (online = 0 AND session IS NULL AND enrol_code_hash IS NULL)),
    CHECK ((online = 1) = (session IS NOT NULL))
) STRICT;
CREATE INDEX links_site ON links (company_id, site_id, id);
CREATE UNIQUE INDEX links_enrol_code ON links (enrol_code_hash) WHERE enrol_code_hash IS NOT NULL;
CREATE UNIQUE INDEX links_token ON links (token_hash) WHERE token_hash IS NOT NULL;

-- What a link reports of each device in its network. Written only when something of it changes.
CREATE TABLE sightings (
    link_id TEXT NOT NULL,
    serial TEXT NOT NULL CHECK (length(serial) = 9),
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    long_serial TEXT NOT NULL,
    mac TEXT,
    model TEXT NOT NULL,
    firmware TEXT NOT NULL,
    host TEXT NOT NULL,
    http_port INTEGER NOT NULL CHECK (http_port BETWEEN 0 AND 65535),
    dhcp INTEGER CHECK (dhcp IN (0, 1)),
    activated INTEGER CHECK (activated IN (0, 1)),
    service_enabled INTEGER CHECK (service_enabled IN (0, 1)),
    bind TEXT NOT NULL CHECK (bind IN ('unknown', 'free', 'bound')),
    unbind_supported INTEGER CHECK (unbind_supported IN (0, 1)),
    found_by TEXT NOT NULL CHECK (found_by IN ('sadp', 'configured')),
    online INTEGER NOT NULL CHECK (online IN (0, 1)),
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (link_id, serial),
    FOREIGN KEY (company_id, link_id) REFERENCES links (company_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_site ON sightings (company_id, site_id, serial);

-- Devices behind a link have a link_id. It has no foreign key: a device whose link is gone is not a directly reachable one,
-- it waits for another link that sees it. Such addresses are those of another network and need not be unique.
ALTER TABLE devices ADD COLUMN link_id TEXT;
ALTER TABLE devices ADD COLUMN sealed_code TEXT;
ALTER TABLE devices ADD COLUMN mac TEXT;
DROP INDEX devices_address;
DROP INDEX devices_given_address;
CREATE UNIQUE INDEX devices_address ON devices (company_id, host_lower, port) WHERE link_id IS NULL;
CREATE UNIQUE INDEX devices_given_address ON devices (company_id, host_lower, given_port)
    WHERE given_port IS NOT NULL AND link_id IS NULL;
CREATE INDEX devices_link ON devices (link_id) WHERE link_id IS NOT NULL;

-- A device behind a link belongs to one account of this server at a time, whatever the company. The key decides races.
-- Checked at the end of a transaction: the binding is taken first, then the device is made.
CREATE TABLE bindings (
    serial TEXT NOT NULL PRIMARY KEY CHECK (length(serial) = 9),
    company_id TEXT NOT NULL,
    device_id TEXT NOT NULL UNIQUE,
    bound_at INTEGER NOT NULL,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE additions (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    serial TEXT NOT NULL CHECK (length(serial) = 9),
    name TEXT NOT NULL CHECK (length(name) <= 128),
    state TEXT NOT NULL,
    reason_code TEXT,
    reason_message TEXT,
    user_name TEXT NOT NULL,
    sealed_password TEXT,
    sealed_code TEXT,
    login TEXT NOT NULL CHECK (login IN ('none', 'given', 'refused', 'ok')),
    code_check TEXT NOT NULL CHECK (code_check IN ('not_given', 'not_checked', 'chosen', 'right', 'wrong', 'not_told')),
    hold INTEGER NOT NULL CHECK (hold IN (0, 1)),
    other_site_id TEXT,
    device_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    CHECK (state <> 'added' OR (device_id IS NOT NULL AND sealed_password IS NULL AND sealed_code IS NULL))
) STRICT;
CREATE INDEX additions_site ON additions (company_id, site_id, id);
CREATE INDEX additions_serial ON additions (company_id, serial);
CREATE INDEX additions_expiry ON additions (expires_at);

CREATE TABLE unbind_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    caller TEXT NOT NULL,
    serial TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX unbind_attempts_caller ON unbind_attempts (caller, serial, at);
CREATE INDEX unbind_attempts_at ON unbind_attempts (at);

CREATE TABLE unbind_locks (
    caller TEXT NOT NULL,
    serial TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (caller, serial)
) STRICT, WITHOUT ROWID;

-- One use each: taking one deletes it.
CREATE TABLE captchas (
    id TEXT NOT NULL PRIMARY KEY,
    answer_hash TEXT NOT NULL,
    work_challenge TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX captchas_expiry ON captchas (expires_at);

CREATE TABLE password_changes (
    device_id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    sealed_new TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    reason_code TEXT,
    requested_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE,
    CHECK (state NOT IN ('waiting', 'running') OR sealed_new IS NOT NULL),
    CHECK (state <> 'done' OR sealed_new IS NULL)
) STRICT;

-- Ends with the session of whoever opened it, and with the device.
CREATE TABLE remote_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    label_hash TEXT NOT NULL,
    entry_hash TEXT,
    cookie_hash TEXT,
    may_write INTEGER NOT NULL CHECK (may_write IN (0, 1)),
    opened_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    closed_at INTEGER,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX remote_sessions_label ON remote_sessions (label_hash);
CREATE INDEX remote_sessions_staff ON remote_sessions (company_id, staff_id) WHERE closed_at IS NULL;
CREATE INDEX remote_sessions_used ON remote_sessions (used_at);
CREATE INDEX remote_sessions_session ON remote_sessions (session_id);
CREATE INDEX remote_sessions_device ON remote_sessions (company_id, device_id);

-- Rows of a sealed QR that are devices behind a link have a serial; their host is empty and their port 0.
ALTER TABLE imports ADD COLUMN kind TEXT NOT NULL DEFAULT 'vendor_export' CHECK (kind IN ('vendor_export', 'sealed'));
ALTER TABLE import_rows ADD COLUMN serial TEXT CHECK (length(serial) = 9);
ALTER TABLE import_rows ADD COLUMN sealed_code TEXT;
