-- Times are microseconds since 1970 UTC, ids are UUIDv7 texts made by the application, JSON is text.
-- Tables of a tenant carry company_id; their listing indexes begin with it.
-- The SQLite twin of this file has the same tables, columns and names of indexes. COLLATE "C" makes texts sort alike on both.

CREATE TABLE companies (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    region TEXT COLLATE "C" NOT NULL CHECK (length(region) = 2),
    public_url TEXT COLLATE "C" NOT NULL,
    qr_age_limit_days INTEGER CHECK (qr_age_limit_days >= 0),
    created_at BIGINT NOT NULL
);

CREATE TABLE settings (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- Data keys of the vault, each wrapped by the key-encryption key.
CREATE TABLE vault_keys (
    id INTEGER NOT NULL PRIMARY KEY,
    wrapped TEXT COLLATE "C" NOT NULL
);

CREATE TABLE staff (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    email TEXT COLLATE "C" NOT NULL,
    email_lower TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    is_admin BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    UNIQUE (company_id, id)
);
CREATE UNIQUE INDEX staff_email ON staff (email_lower);
CREATE UNIQUE INDEX staff_one_admin ON staff (company_id) WHERE is_admin;

CREATE TABLE sign_in_failures (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_key TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_account ON sign_in_failures (account_key, at);
CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at);
CREATE INDEX sign_in_failures_at ON sign_in_failures (at);

CREATE TABLE sign_in_locks (
    account_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    until_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    token_hash TEXT COLLATE "C" NOT NULL,
    company_id TEXT COLLATE "C" NOT NULL,
    staff_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    from_address TEXT COLLATE "C" NOT NULL,
    FOREIGN KEY (company_id, staff_id) REFERENCES staff (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_staff ON sessions (company_id, staff_id);

-- The operation log outlives what it tells of: no foreign keys but the company's.
CREATE TABLE operations (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id),
    staff_id TEXT COLLATE "C",
    who TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    object_kind TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    from_address TEXT COLLATE "C" NOT NULL,
    result TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX operations_company ON operations (company_id, id);
CREATE FUNCTION refuse_editing_a_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER operations_are_not_edited BEFORE UPDATE OR DELETE ON operations
FOR EACH ROW EXECUTE FUNCTION refuse_editing_a_log();

CREATE TABLE sites (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    name_lower TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL CHECK (length(address) <= 128),
    search TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    sync_time BOOLEAN NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('not_invited', 'not_accepted', 'not_authorized', 'authorized')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (company_id, id)
);
CREATE UNIQUE INDEX sites_name ON sites (company_id, name_lower);

-- place is a hash of the id: the device's place in the poll period. What polls write is keyed by it, so that devices which
-- are polled together lie together, and a round touches few pages.
-- What a person or a recognition set, and the state that changes rarely. given_port is the port of the QR, where it is
-- not the one that HTTP was found on: the same QR scanned again must find the device.
-- What every poll writes is in "measured".
CREATE TABLE devices (
    place BIGINT NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    bucket INTEGER NOT NULL CHECK (bucket BETWEEN 0 AND 1023),
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) <= 128),
    name_lower TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    kind_is_manual BOOLEAN NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    firmware TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" CHECK (length(serial) = 9),
    scheme TEXT COLLATE "C" NOT NULL CHECK (scheme IN ('http', 'https')),
    host TEXT COLLATE "C" NOT NULL,
    host_lower TEXT COLLATE "C" NOT NULL,
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    given_port INTEGER CHECK (given_port BETWEEN 1 AND 65535),
    user_name TEXT COLLATE "C" NOT NULL,
    sealed_password TEXT COLLATE "C" NOT NULL,
    pin TEXT COLLATE "C",
    pin_pending TEXT COLLATE "C",
    health TEXT COLLATE "C" NOT NULL CHECK (health IN ('healthy', 'faulty', 'login_failed', 'offline', 'unknown')),
    health_since BIGINT,
    breaker TEXT COLLATE "C",
    breaker_until BIGINT,
    breaker_credential INTEGER,
    known TEXT COLLATE "C",
    credential_version INTEGER NOT NULL,
    config_version INTEGER NOT NULL,
    check_requested_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX devices_address ON devices (company_id, host_lower, port);
CREATE UNIQUE INDEX devices_given_address ON devices (company_id, host_lower, given_port) WHERE given_port IS NOT NULL;
CREATE UNIQUE INDEX devices_serial ON devices (company_id, serial) WHERE serial IS NOT NULL;
CREATE INDEX devices_name ON devices (company_id, name_lower, id);
CREATE INDEX devices_site ON devices (company_id, site_id, name_lower, id, health);
CREATE INDEX devices_health ON devices (company_id, health, name_lower, id);
CREATE INDEX devices_site_health ON devices (site_id, health);
CREATE INDEX devices_kind ON devices (company_id, kind, name_lower, id);
CREATE INDEX devices_bucket ON devices (bucket);

-- When each topic of a device was last measured: written by every poll, so nothing else is in it and no column is indexed.
CREATE TABLE measured (
    place BIGINT NOT NULL PRIMARY KEY REFERENCES devices (place) ON DELETE CASCADE,
    reachability BIGINT,
    identity BIGINT,
    status BIGINT,
    channels BIGINT,
    disks BIGINT,
    network BIGINT,
    clock BIGINT,
    user_check BIGINT,
    capabilities BIGINT
) WITH (fillfactor = 50);

-- The last value of each topic; written only when it changes.
CREATE TABLE facts (
    place BIGINT NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    topic TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (place, topic)
);

CREATE TABLE exceptions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT CHECK (closed_at >= opened_at),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX exceptions_one_open ON exceptions (device_id, kind, part) WHERE closed_at IS NULL;
CREATE INDEX exceptions_company ON exceptions (company_id, id);
CREATE INDEX exceptions_open ON exceptions (company_id, id) WHERE closed_at IS NULL;
CREATE INDEX exceptions_site ON exceptions (company_id, site_id, id);
CREATE INDEX exceptions_device ON exceptions (company_id, device_id, id);

-- Seconds seen up and down in each hour (hours since 1970 UTC).
CREATE TABLE uptime_hours (
    place BIGINT NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    hour BIGINT NOT NULL,
    up_seconds INTEGER NOT NULL CHECK (up_seconds >= 0),
    down_seconds INTEGER NOT NULL CHECK (down_seconds >= 0),
    PRIMARY KEY (place, hour)
);

CREATE TABLE transitions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place BIGINT NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    from_health TEXT COLLATE "C" NOT NULL,
    to_health TEXT COLLATE "C" NOT NULL
);
CREATE INDEX transitions_place ON transitions (place, at);

-- The event log outlives sites and devices: no foreign keys.
CREATE TABLE events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C",
    device_id TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    data TEXT COLLATE "C" NOT NULL
);
CREATE INDEX events_company ON events (company_id, seq);
CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events
FOR EACH ROW EXECUTE FUNCTION refuse_editing_a_log();

-- What pollers must learn: devices added, edited, deleted, or to be looked at now. Pruned after an hour.
CREATE TABLE device_changes (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bucket INTEGER NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE imports (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    staff_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('password_needed', 'ready', 'running', 'done', 'expired')),
    qr_created_at BIGINT,
    sealed_text TEXT COLLATE "C",
    password_tries INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    CHECK (sealed_text IS NULL OR state = 'password_needed')
);
CREATE INDEX imports_waiting ON imports (expires_at) WHERE state IN ('password_needed', 'ready');
CREATE INDEX imports_site ON imports (company_id, site_id);

CREATE TABLE import_rows (
    import_id TEXT COLLATE "C" NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    idx INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 100000),
    name TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
    user_name TEXT COLLATE "C" NOT NULL,
    sealed_password TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    reason_code TEXT COLLATE "C",
    reason_message TEXT COLLATE "C",
    other_site_id TEXT COLLATE "C",
    device_id TEXT COLLATE "C",
    found_scheme TEXT COLLATE "C",
    found_port INTEGER,
    PRIMARY KEY (import_id, idx),
    CHECK (state <> 'added' OR (device_id IS NOT NULL AND sealed_password IS NULL)),
    CHECK (state <> 'failed' OR (reason_code IS NOT NULL AND sealed_password IS NULL))
);

-- due_at is when a job may next be claimed; a lease puts it into the future.
CREATE TABLE jobs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    dedup_key TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    due_at BIGINT NOT NULL,
    locked_by TEXT COLLATE "C",
    attempts INTEGER NOT NULL,
    most_attempts INTEGER NOT NULL,
    last_error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state <> 'dead';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';
CREATE UNIQUE INDEX jobs_dedup ON jobs (kind, dedup_key) WHERE dedup_key IS NOT NULL AND state <> 'dead';

CREATE TABLE workers (
    owner TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE buckets (
    bucket INTEGER NOT NULL PRIMARY KEY CHECK (bucket BETWEEN 0 AND 1023),
    owner TEXT COLLATE "C",
    leased_until BIGINT NOT NULL
);
INSERT INTO buckets (bucket, owner, leased_until)
SELECT n, NULL, 0 FROM generate_series(0, 1023) AS numbers (n);
