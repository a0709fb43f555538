-- What hangs behind what, incidents with what belongs to them, and who was told.
-- The SQLite twin of this file has the same tables, columns and names of constraints and indexes.

-- What a person said a device hangs behind: that device, or (stands_alone) none. Neither: it follows from what is known of
-- the site. No foreign key: where the parent is gone, nothing was said.
ALTER TABLE devices ADD COLUMN parent_id TEXT COLLATE "C";
ALTER TABLE devices ADD COLUMN stands_alone BOOLEAN NOT NULL DEFAULT FALSE;

-- An open exception without an incident waits for its cause since waiting_since, or since it opened.
ALTER TABLE exceptions ADD COLUMN incident_id TEXT COLLATE "C";
ALTER TABLE exceptions ADD COLUMN waiting_since BIGINT;
CREATE INDEX exceptions_waiting ON exceptions (site_id) WHERE closed_at IS NULL AND incident_id IS NULL;
CREATE INDEX exceptions_incident ON exceptions (incident_id) WHERE incident_id IS NOT NULL;

-- One root cause, while it lasts. The cause may be gone before the incident: it is named here, and no foreign key.
CREATE TABLE incidents (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL CHECK (cause IN ('device', 'link')),
    cause_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- What is wrong with the cause: a kind of exception, or "link_offline".
    kind TEXT COLLATE "C" NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT CHECK (closed_at >= opened_at),
    -- Devices that were affected besides the cause, and those of them that are cameras: when it opened, and in the end.
    affected INTEGER NOT NULL CHECK (affected >= 0),
    cameras INTEGER NOT NULL CHECK (cameras BETWEEN 0 AND affected),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX incidents_one_open ON incidents (cause_id, kind) WHERE closed_at IS NULL;
CREATE INDEX incidents_company ON incidents (company_id, id);
CREATE INDEX incidents_open ON incidents (company_id, id) WHERE closed_at IS NULL;
CREATE INDEX incidents_site ON incidents (company_id, site_id, id);

-- Which exceptions belonged to it, also those that outlast it and belong to another by now.
CREATE TABLE incident_members (
    incident_id TEXT COLLATE "C" NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    exception_id TEXT COLLATE "C" NOT NULL REFERENCES exceptions (id) ON DELETE CASCADE,
    PRIMARY KEY (incident_id, exception_id)
);
CREATE INDEX incident_members_exception ON incident_members (exception_id);

-- What a member of staff was told, once each.
CREATE TABLE notifications (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    staff_id TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    incident_id TEXT COLLATE "C" NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    what TEXT COLLATE "C" NOT NULL CHECK (what IN ('incident_opened', 'incident_closed')),
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    -- Whether it went by mail, on its own or in a digest.
    mailed BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX notifications_once ON notifications (staff_id, incident_id, what);
CREATE INDEX notifications_staff ON notifications (staff_id, id);
CREATE INDEX notifications_unread ON notifications (staff_id) WHERE read_at IS NULL;
CREATE INDEX notifications_incident ON notifications (incident_id);
CREATE INDEX notifications_company ON notifications (company_id, created_at);
CREATE INDEX notifications_unmailed ON notifications (created_at) WHERE NOT mailed;

-- Its row is the lock of whoever sorts exceptions into incidents.
INSERT INTO event_readers (name, seq) SELECT 'incidents', coalesce(max(seq), 0) FROM events;
