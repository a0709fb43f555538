-- The firmware catalogue, and upgrades: who gets which firmware, in which stages, and how far each device is.
-- The PostgreSQL twin of this file has the same tables, columns and names of constraints and indexes.

-- A firmware file and what it is for. The bytes are in the folder of firmware files, named by their SHA-256. Without a kind
-- nobody has said yet what it is for, and nothing is upgraded with it.
CREATE TABLE firmware_files (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size INTEGER NOT NULL CHECK (size > 0),
    file_name TEXT NOT NULL,
    -- The family: versions are compared within it only.
    kind TEXT,
    -- Patterns of models, a JSON list.
    models TEXT NOT NULL DEFAULT '[]',
    -- Empty: any.
    hardware TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    -- Version and build as one text.
    version TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    -- What must be installed before it, on devices that run an older version than first_below (empty: than this one).
    first_id TEXT REFERENCES firmware_files (id),
    first_below TEXT NOT NULL DEFAULT '',
    uploaded_by TEXT,
    uploaded_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (kind IS NULL OR version <> ''),
    CHECK (first_id IS NULL OR first_id <> id)
) STRICT;
CREATE UNIQUE INDEX firmware_files_once ON firmware_files (company_id, sha256);
CREATE INDEX firmware_files_company ON firmware_files (company_id, id);
CREATE INDEX firmware_files_first ON firmware_files (first_id) WHERE first_id IS NOT NULL;

-- One upgrade of one or many devices.
CREATE TABLE upgrades (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'cancelled', 'ended')),
    created_by TEXT,
    created_by_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    -- Minutes of the day in the site's time zone within which a device may begin; both or none.
    window_from INTEGER CHECK (window_from BETWEEN 0 AND 1439),
    window_until INTEGER CHECK (window_until BETWEEN 0 AND 1439),
    -- How long devices that are offline are waited for.
    waits_until INTEGER NOT NULL,
    -- So many devices that went wrong stop it.
    error_threshold INTEGER NOT NULL CHECK (error_threshold >= 1),
    -- The stage that runs, from 0, and how many there are.
    stage INTEGER NOT NULL CHECK (stage >= 0),
    stages INTEGER NOT NULL CHECK (stages >= 1),
    -- Errors before a person said to go on.
    errors_forgiven INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    CHECK ((window_from IS NULL) = (window_until IS NULL)),
    CHECK ((state IN ('cancelled', 'ended')) = (ended_at IS NOT NULL))
) STRICT;
CREATE INDEX upgrades_company ON upgrades (company_id, id);
CREATE INDEX upgrades_running ON upgrades (id) WHERE ended_at IS NULL;

-- How far a device of an upgrade is.
CREATE TABLE upgrade_devices (
    upgrade_id TEXT NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    device_id TEXT NOT NULL,
    company_id TEXT NOT NULL,
    stage INTEGER NOT NULL CHECK (stage >= 0),
    state TEXT NOT NULL CHECK (state IN
        ('waiting', 'waiting_online', 'preparing', 'sending', 'installing', 'restarting', 'checking', 'done', 'failed')),
    percent INTEGER NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
    reason_code TEXT,
    -- The firmwares to install, in their order: a JSON list of {"file_id", "version"}; and the one under way, from 0.
    steps TEXT NOT NULL,
    step INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0),
    from_version TEXT NOT NULL,
    to_version TEXT NOT NULL,
    -- Not before this.
    due_at INTEGER NOT NULL,
    -- When the device took the whole file of this step; how often sending it was begun.
    sent_at INTEGER,
    sends INTEGER NOT NULL DEFAULT 0,
    -- Since when it is silent after that, and when it was told to restart.
    silent_since INTEGER,
    restarted_at INTEGER,
    -- Health and open exceptions before and after, JSON; whether they got worse.
    health_before TEXT,
    health_after TEXT,
    got_worse INTEGER NOT NULL DEFAULT 0 CHECK (got_worse IN (0, 1)),
    -- What became of saving its configuration; the configuration itself, sealed.
    configuration TEXT,
    sealed_configuration TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER,
    checked_from INTEGER,
    updated_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (upgrade_id, device_id),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE,
    CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX upgrade_devices_one_open ON upgrade_devices (device_id) WHERE ended_at IS NULL;
CREATE INDEX upgrade_devices_device ON upgrade_devices (company_id, device_id, upgrade_id);
