-- Times are microseconds since 1970 UTC, ids are UUIDv7 texts made by the application, JSON is text.
-- Tables of a tenant carry company_id; their listing indexes begin with it.
-- The PostgreSQL twin of this file has the same tables, columns and names of constraints and indexes.

CREATE TABLE companies (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    region TEXT NOT NULL CHECK (length(region) = 2),
    public_url TEXT NOT NULL,
    qr_age_limit_days INTEGER CHECK (qr_age_limit_days >= 0),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Data keys of the vault, each wrapped by the key-encryption key.
CREATE TABLE vault_keys (
    id INTEGER NOT NULL PRIMARY KEY,
    wrapped TEXT NOT NULL
) STRICT;

CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    email TEXT NOT NULL,
    email_lower TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_admin INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, id)
) STRICT;
CREATE UNIQUE INDEX staff_email ON staff (email_lower);
CREATE UNIQUE INDEX staff_one_admin ON staff (company_id) WHERE is_admin = 1;

CREATE TABLE sign_in_failures (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_key TEXT NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_account ON sign_in_failures (account_key, at);
CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

CREATE TABLE sign_in_locks (
    account_key TEXT NOT NULL PRIMARY KEY,
    until_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    company_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    from_address TEXT NOT NULL,
    FOREIGN KEY (company_id, staff_id) REFERENCES staff (company_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_staff ON sessions (company_id, staff_id);

-- The operation log outlives what it tells of: no foreign keys but the company's.
CREATE TABLE operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    company_id TEXT NOT NULL REFERENCES companies (id),
    staff_id TEXT,
    who TEXT,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    object_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    result TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX operations_company ON operations (company_id, id);
CREATE TRIGGER operations_are_not_edited BEFORE UPDATE ON operations
BEGIN SELECT RAISE(ABORT, 'the operation log is append-only'); END;
CREATE TRIGGER operations_are_not_deleted BEFORE DELETE ON operations
BEGIN SELECT RAISE(ABORT, 'the operation log is append-only'); END;

CREATE TABLE sites (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    name_lower TEXT NOT NULL,
    address TEXT NOT NULL CHECK (length(address) <= 128),
    search TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    sync_time INTEGER NOT NULL CHECK (sync_time IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('not_invited', 'not_accepted', 'not_authorized', 'authorized')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (company_id, id)
) STRICT;
CREATE UNIQUE INDEX sites_name ON sites (company_id, name_lower);

-- place is a hash of the id: the device's place in the poll period. What polls write is keyed by it, so that devices which
-- are polled together lie together, and a round touches few pages.
-- What a person or a recognition set, and the state that changes rarely. given_port is the port of the QR, where it is
-- not the one that HTTP was found on: the same QR scanned again must find the device.
-- What every poll writes is in "measured".
CREATE TABLE devices (
    place INTEGER PRIMARY KEY NOT NULL,
    id TEXT NOT NULL UNIQUE,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    bucket INTEGER NOT NULL CHECK (bucket BETWEEN 0 AND 1023),
    name TEXT NOT NULL CHECK (length(name) <= 128),
    name_lower TEXT NOT NULL,
    search TEXT NOT NULL,
    kind TEXT NOT NULL,
    kind_is_manual INTEGER NOT NULL CHECK (kind_is_manual IN (0, 1)),
    model TEXT NOT NULL,
    firmware TEXT NOT NULL,
    serial TEXT CHECK (length(serial) = 9),
    scheme TEXT NOT NULL CHECK (scheme IN ('http', 'https')),
    host TEXT NOT NULL,
    host_lower TEXT NOT NULL,
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    given_port INTEGER CHECK (given_port BETWEEN 1 AND 65535),
    user_name TEXT NOT NULL,
    sealed_password TEXT NOT NULL,
    pin TEXT,
    pin_pending TEXT,
    health TEXT NOT NULL CHECK (health IN ('healthy', 'faulty', 'login_failed', 'offline', 'unknown')),
    health_since INTEGER,
    breaker TEXT,
    breaker_until INTEGER,
    breaker_credential INTEGER,
    known TEXT,
    credential_version INTEGER NOT NULL,
    config_version INTEGER NOT NULL,
    check_requested_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX devices_address ON devices (company_id, host_lower, port);
CREATE UNIQUE INDEX devices_given_address ON devices (company_id, host_lower, given_port) WHERE given_port IS NOT NULL;
CREATE UNIQUE INDEX devices_serial ON devices (company_id, serial) WHERE serial IS NOT NULL;
CREATE INDEX devices_name ON devices (company_id, name_lower, id, search);
CREATE INDEX devices_site ON devices (company_id, site_id, name_lower, id, health);
CREATE INDEX devices_health ON devices (company_id, health, name_lower, id);
CREATE INDEX devices_site_health ON devices (site_id, health);
CREATE INDEX devices_kind ON devices (company_id, kind, name_lower, id);
CREATE INDEX devices_bucket ON devices (bucket);

-- When each topic of a device was last measured: written by every poll, so nothing else is in it and no column is indexed.
CREATE TABLE measured (
    place INTEGER PRIMARY KEY NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    reachability INTEGER,
    identity INTEGER,
    status INTEGER,
    channels INTEGER,
    disks INTEGER,
    network INTEGER,
    clock INTEGER,
    user_check INTEGER,
    capabilities INTEGER
) STRICT;

-- The last value of each topic; written only when it changes.
CREATE TABLE facts (
    place INTEGER NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (place, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE exceptions (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER CHECK (closed_at >= opened_at),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX exceptions_one_open ON exceptions (device_id, kind, part) WHERE closed_at IS NULL;
CREATE INDEX exceptions_company ON exceptions (company_id, id);
CREATE INDEX exceptions_open ON exceptions (company_id, id) WHERE closed_at IS NULL;
CREATE INDEX exceptions_site ON exceptions (company_id, site_id, id);
CREATE INDEX exceptions_device ON exceptions (company_id, device_id, id);

-- Seconds seen up and down in each hour (hours since 1970 UTC).
CREATE TABLE uptime_hours (
    place INTEGER NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    hour INTEGER NOT NULL,
    up_seconds INTEGER NOT NULL CHECK (up_seconds >= 0),
    down_seconds INTEGER NOT NULL CHECK (down_seconds >= 0),
    PRIMARY KEY (place, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE transitions (
    id INTEGER PRIMARY KEY NOT NULL,
    place INTEGER NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    from_health TEXT NOT NULL,
    to_health TEXT NOT NULL
) STRICT;
CREATE INDEX transitions_place ON transitions (place, at);

-- The event log outlives sites and devices: no foreign keys.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    company_id TEXT NOT NULL,
    site_id TEXT,
    device_id TEXT,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX events_company ON events (company_id, seq);
CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

-- What pollers must learn: devices added, edited, deleted, or to be looked at now. Pruned after an hour.
CREATE TABLE device_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    bucket INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('password_needed', 'ready', 'running', 'done', 'expired')),
    qr_created_at INTEGER,
    sealed_text TEXT,
    password_tries INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    CHECK (sealed_text IS NULL OR state = 'password_needed')
) STRICT;
CREATE INDEX imports_waiting ON imports (expires_at) WHERE state IN ('password_needed', 'ready');
CREATE INDEX imports_site ON imports (company_id, site_id);

CREATE TABLE import_rows (
    import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    idx INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 100000),
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
    user_name TEXT NOT NULL,
    sealed_password TEXT,
    state TEXT NOT NULL,
    reason_code TEXT,
    reason_message TEXT,
    other_site_id TEXT,
    device_id TEXT,
    found_scheme TEXT,
    found_port INTEGER,
    PRIMARY KEY (import_id, idx),
    CHECK (state <> 'added' OR (device_id IS NOT NULL AND sealed_password IS NULL)),
    CHECK (state <> 'failed' OR (reason_code IS NOT NULL AND sealed_password IS NULL))
) STRICT, WITHOUT ROWID;

-- due_at is when a job may next be claimed; a lease puts it into the future.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    dedup_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    due_at INTEGER NOT NULL,
    locked_by TEXT,
    attempts INTEGER NOT NULL,
    most_attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state <> 'dead';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';
CREATE UNIQUE INDEX jobs_dedup ON jobs (kind, dedup_key) WHERE dedup_key IS NOT NULL AND state <> 'dead';

CREATE TABLE workers (
    owner TEXT NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE buckets (
    bucket INTEGER NOT NULL PRIMARY KEY CHECK (bucket BETWEEN 0 AND 1023),
    owner TEXT,
    leased_until INTEGER NOT NULL
) STRICT;
INSERT INTO buckets (bucket, owner, leased_until)
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1023)
SELECT n, NULL, 0 FROM numbers;
