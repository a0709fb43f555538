-- Devices behind links: links, what they see, whose each serial is, and what a person does with such a device.
-- The SQLite twin of this file has the same tables, columns and names of constraints and indexes.

ALTER TABLE companies ADD COLUMN app_hint TEXT COLLATE "C";

-- holder is the process that holds the link's session, holder_url where other processes reach it. A newer session takes
-- over: what an older one still writes names its own session and finds nothing.
-- session_from is the public address that the session comes from, by which a forged one is told (unbinding).
CREATE TABLE links (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    enrol_code_hash TEXT COLLATE "C",
    enrol_expires_at BIGINT,
    token_hash TEXT COLLATE "C",
    version TEXT COLLATE "C",
    system TEXT COLLATE "C",
    enrolled_at BIGINT,
    revoked_at BIGINT,
    online BOOLEAN NOT NULL DEFAULT FALSE,
    last_seen_at BIGINT,
    holder TEXT COLLATE "C",
    holder_url TEXT COLLATE "C",
    session TEXT COLLATE "C",
    session_from TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    CHECK (revoked_at IS NULL OR (NOT online AND session IS NULL AND enrol_code_hash IS NULL)),
    CHECK (online = (session IS NOT NULL))
);
CREATE INDEX links_site ON links (company_id, site_id, id);
CREATE UNIQUE INDEX links_enrol_code ON links (enrol_code_hash) WHERE enrol_code_hash IS NOT NULL;
CREATE UNIQUE INDEX links_token ON links (token_hash) WHERE token_hash IS NOT NULL;

-- What a link reports of each device in its network. Written only when something of it changes.
CREATE TABLE sightings (
    link_id TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL CHECK (length(serial) = 9),
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    long_serial TEXT COLLATE "C" NOT NULL,
    mac TEXT COLLATE "C",
    model TEXT COLLATE "C" NOT NULL,
    firmware TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    http_port INTEGER NOT NULL CHECK (http_port BETWEEN 0 AND 65535),
    dhcp BOOLEAN,
    activated BOOLEAN,
    service_enabled BOOLEAN,
    bind TEXT COLLATE "C" NOT NULL CHECK (bind IN ('unknown', 'free', 'bound')),
    unbind_supported BOOLEAN,
    found_by TEXT COLLATE "C" NOT NULL CHECK (found_by IN ('sadp', 'configured')),
    online BOOLEAN NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (link_id, serial),
    FOREIGN KEY (company_id, link_id) REFERENCES links (company_id, id) ON DELETE CASCADE
);
CREATE INDEX sightings_site ON sightings (company_id, site_id, serial);

-- Devices behind a link have a link_id. It has no foreign key: a device whose link is gone is not a directly reachable one,
-- it waits for another link that sees it. Such addresses are those of another network and need not be unique.
ALTER TABLE devices ADD COLUMN link_id TEXT COLLATE "C";
ALTER TABLE devices ADD COLUMN sealed_code TEXT COLLATE "C";
ALTER TABLE devices ADD COLUMN mac TEXT COLLATE "C";
DROP INDEX devices_address;
DROP INDEX devices_given_address;
CREATE UNIQUE INDEX devices_address ON devices (company_id, host_lower, port) WHERE link_id IS NULL;
CREATE UNIQUE INDEX devices_given_address ON devices (company_id, host_lower, given_port)
    WHERE given_port IS NOT NULL AND link_id IS NULL;
CREATE INDEX devices_link ON devices (link_id) WHERE link_id IS NOT NULL;

-- A device behind a link belongs to one account of this server at a time, whatever the company. The key decides races.
-- Checked at the end of a transaction: the binding is taken first, then the device is made.
CREATE TABLE bindings (
    serial TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(serial) = 9),
    company_id TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL UNIQUE,
    bound_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE additions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    staff_id TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL CHECK (length(serial) = 9),
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) <= 128),
    state TEXT COLLATE "C" NOT NULL,
    reason_code TEXT COLLATE "C",
    reason_message TEXT COLLATE "C",
    user_name TEXT COLLATE "C" NOT NULL,
    sealed_password TEXT COLLATE "C",
    sealed_code TEXT COLLATE "C",
    login TEXT COLLATE "C" NOT NULL CHECK (login IN ('none', 'given', 'refused', 'ok')),
    code_check TEXT COLLATE "C" NOT NULL CHECK (code_check IN ('not_given', 'not_checked', 'chosen', 'right', 'wrong', 'not_told')),
    hold BOOLEAN NOT NULL,
    other_site_id TEXT COLLATE "C",
    device_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    CHECK (state <> 'added' OR (device_id IS NOT NULL AND sealed_password IS NULL AND sealed_code IS NULL))
);
CREATE INDEX additions_site ON additions (company_id, site_id, id);
CREATE INDEX additions_serial ON additions (company_id, serial);
CREATE INDEX additions_expiry ON additions (expires_at);

CREATE TABLE unbind_attempts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    caller TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX unbind_attempts_caller ON unbind_attempts (caller, serial, at);
CREATE INDEX unbind_attempts_at ON unbind_attempts (at);

CREATE TABLE unbind_locks (
    caller TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (caller, serial)
);

-- One use each: taking one deletes it.
CREATE TABLE captchas (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    answer_hash TEXT COLLATE "C" NOT NULL,
    work_challenge TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX captchas_expiry ON captchas (expires_at);

CREATE TABLE password_changes (
    device_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    sealed_new TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    reason_code TEXT COLLATE "C",
    requested_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE,
    CHECK (state NOT IN ('waiting', 'running') OR sealed_new IS NOT NULL),
    CHECK (state <> 'done' OR sealed_new IS NULL)
);

-- Ends with the session of whoever opened it, and with the device.
CREATE TABLE remote_sessions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    staff_id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    label_hash TEXT COLLATE "C" NOT NULL,
    entry_hash TEXT COLLATE "C",
    cookie_hash TEXT COLLATE "C",
    may_write BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    closed_at BIGINT,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX remote_sessions_label ON remote_sessions (label_hash);
CREATE INDEX remote_sessions_staff ON remote_sessions (company_id, staff_id) WHERE closed_at IS NULL;
CREATE INDEX remote_sessions_used ON remote_sessions (used_at);
CREATE INDEX remote_sessions_session ON remote_sessions (session_id);
CREATE INDEX remote_sessions_device ON remote_sessions (company_id, device_id);

-- Rows of a sealed QR that are devices behind a link have a serial; their host is empty and their port 0.
ALTER TABLE imports ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'vendor_export' CHECK (kind IN ('vendor_export', 'sealed'));
ALTER TABLE import_rows ADD COLUMN serial TEXT COLLATE "C" CHECK (length(serial) = 9);
ALTER TABLE import_rows ADD COLUMN sealed_code TEXT COLLATE "C";
