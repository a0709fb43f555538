-- Linkage rules: when a device tells of something, other devices do something; and each time that one fired.
-- The SQLite twin of this file has the same tables, columns and names of constraints and indexes.

-- A rule outlives the devices and people that it names: no foreign keys to them.
CREATE TABLE linkage_rules (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    enabled BOOLEAN NOT NULL,
    source_device_id TEXT COLLATE "C" NOT NULL,
    source_channel INTEGER CHECK (source_channel >= 0),
    source_kind TEXT COLLATE "C" NOT NULL,
    -- Source, schedule and actions, as JSON.
    content TEXT COLLATE "C" NOT NULL,
    -- How many of the actions are of cameras.
    camera_actions INTEGER NOT NULL CHECK (camera_actions BETWEEN 0 AND 4),
    -- The hash of what it says, the same for the same in another order.
    identity_hash TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX linkage_rules_identical ON linkage_rules (site_id, identity_hash);
CREATE INDEX linkage_rules_site ON linkage_rules (company_id, site_id, id);
CREATE INDEX linkage_rules_source ON linkage_rules (source_device_id, id);

-- The rule may be gone before what it did is forgotten: it is named here.
CREATE TABLE linkage_firings (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    rule_id TEXT COLLATE "C" NOT NULL,
    rule_name TEXT COLLATE "C" NOT NULL,
    event_seq BIGINT NOT NULL,
    source_device_id TEXT COLLATE "C" NOT NULL,
    source_name TEXT COLLATE "C" NOT NULL,
    source_channel INTEGER CHECK (source_channel >= 0),
    source_kind TEXT COLLATE "C" NOT NULL,
    event_at BIGINT NOT NULL,
    fired_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
);
-- Once an event, however many workers read it.
CREATE UNIQUE INDEX linkage_firings_once ON linkage_firings (rule_id, event_seq);
CREATE INDEX linkage_firings_rule ON linkage_firings (rule_id, fired_at);
CREATE INDEX linkage_firings_site ON linkage_firings (company_id, site_id, id);
CREATE INDEX linkage_firings_at ON linkage_firings (fired_at);

CREATE TABLE linkage_actions (
    firing_id TEXT COLLATE "C" NOT NULL REFERENCES linkage_firings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 127),
    kind TEXT COLLATE "C" NOT NULL,
    -- As JSON.
    action TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'unknown', 'skipped')),
    error_code TEXT COLLATE "C",
    begun_at BIGINT,
    ended_at BIGINT,
    CHECK ((state IN ('waiting', 'running')) = (ended_at IS NULL)),
    PRIMARY KEY (firing_id, position)
);

-- Pictures that were taken, sealed.
CREATE TABLE linkage_pictures (
    firing_id TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (firing_id, position),
    FOREIGN KEY (firing_id, position) REFERENCES linkage_actions (firing_id, position) ON DELETE CASCADE
);
CREATE INDEX linkage_pictures_site ON linkage_pictures (site_id, firing_id);
CREATE INDEX linkage_pictures_at ON linkage_pictures (taken_at);

-- How far rules have read the events of devices: seq is one of device_events.
INSERT INTO event_readers (name, seq) SELECT 'linkage', coalesce(max(seq), 0) FROM device_events;
