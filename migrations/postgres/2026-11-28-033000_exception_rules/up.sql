-- Who is told of what, and when: rules of a site, maintenance windows, what waits to be told, and daily summaries.
-- The SQLite twin of this file has the same tables, columns and names of constraints and indexes.

CREATE TABLE exception_rules (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    -- Of which devices it tells: of one, of those of a kind, or (neither) of all of the site.
    device_id TEXT COLLATE "C",
    device_kind TEXT COLLATE "C",
    -- What it tells: everything that is so severe, and these kinds besides; lists of words as JSON.
    severities TEXT COLLATE "C" NOT NULL,
    kinds TEXT COLLATE "C" NOT NULL,
    -- When it tells, in the time zone of the site, as JSON; none: always.
    schedule TEXT COLLATE "C",
    -- How long it must have lasted.
    threshold_minutes INTEGER NOT NULL CHECK (threshold_minutes BETWEEN 0 AND 10080),
    enabled BOOLEAN NOT NULL,
    -- What became an incident before is not told by it.
    active_since BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (device_id IS NULL OR device_kind IS NULL),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
);
CREATE INDEX exception_rules_site ON exception_rules (site_id, id);
CREATE INDEX exception_rules_device ON exception_rules (device_id) WHERE device_id IS NOT NULL;

CREATE TABLE exception_rule_receivers (
    rule_id TEXT COLLATE "C" NOT NULL REFERENCES exception_rules (id) ON DELETE CASCADE,
    receiver TEXT COLLATE "C" NOT NULL CHECK (receiver IN ('site_managers', 'admin', 'staff', 'webhook')),
    staff_id TEXT COLLATE "C" REFERENCES staff (id) ON DELETE CASCADE,
    webhook_id TEXT COLLATE "C" REFERENCES webhooks (id) ON DELETE CASCADE,
    CHECK ((receiver = 'staff') = (staff_id IS NOT NULL)),
    CHECK ((receiver = 'webhook') = (webhook_id IS NOT NULL))
);
CREATE UNIQUE INDEX exception_rule_receivers_once
    ON exception_rule_receivers (rule_id, receiver, coalesce(staff_id, ''), coalesce(webhook_id, ''));
CREATE INDEX exception_rule_receivers_staff ON exception_rule_receivers (staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX exception_rule_receivers_webhook ON exception_rule_receivers (webhook_id) WHERE webhook_id IS NOT NULL;

-- The rule that every site begins with: what is critical or a warning is told at once to its managers and the Admin.
INSERT INTO exception_rules (id, company_id, site_id, severities, kinds, threshold_minutes, enabled, active_since, created_at)
SELECT gen_random_uuid()::text,
       company_id, id, '["critical","warning"]', '[]', 0, TRUE, 0, created_at FROM sites;
INSERT INTO exception_rule_receivers (rule_id, receiver)
SELECT r.id, w.receiver FROM exception_rules r CROSS JOIN (SELECT 'site_managers' AS receiver UNION ALL SELECT 'admin') w;

-- While one lasts nobody is told of its site or device. Weekly ones repeat by the clock of the site until they are ended.
CREATE TABLE maintenance_windows (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C",
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL CHECK (ends_at > starts_at),
    repeats TEXT COLLATE "C" NOT NULL CHECK (repeats IN ('once', 'weekly')),
    note TEXT COLLATE "C" NOT NULL CHECK (length(note) <= 200),
    created_by TEXT COLLATE "C" REFERENCES staff (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    -- When a person ended it; what of it came before stays.
    ended_at BIGINT,
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
);
CREATE INDEX maintenance_windows_site ON maintenance_windows (site_id, id);
CREATE INDEX maintenance_windows_device ON maintenance_windows (device_id) WHERE device_id IS NOT NULL;
CREATE INDEX maintenance_windows_created_by ON maintenance_windows (created_by) WHERE created_by IS NOT NULL;

-- Incidents whose beginning or end may still have to be told to somebody; due_at: when to look at it next, none: when
-- something changes.
CREATE TABLE tellings (
    incident_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES incidents (id) ON DELETE CASCADE,
    site_id TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL CHECK (what IN ('incident_opened', 'incident_closed')),
    -- When it became an incident.
    since BIGINT NOT NULL,
    due_at BIGINT
);
CREATE INDEX tellings_due ON tellings (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tellings_site ON tellings (site_id);

-- Each rule tells an incident once.
CREATE TABLE rule_firings (
    incident_id TEXT COLLATE "C" NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    rule_id TEXT COLLATE "C" NOT NULL REFERENCES exception_rules (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    PRIMARY KEY (incident_id, rule_id)
);
CREATE INDEX rule_firings_rule ON rule_firings (rule_id);

-- Webhooks that a rule told of an incident: they are told once, and then its end.
CREATE TABLE webhook_tellings (
    incident_id TEXT COLLATE "C" NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    webhook_id TEXT COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    PRIMARY KEY (incident_id, webhook_id)
);
CREATE INDEX webhook_tellings_webhook ON webhook_tellings (webhook_id);

-- The daily summary of each member of staff, at a minute of their day. No row: as usual.
CREATE TABLE daily_summaries (
    staff_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('never', 'if_wrong', 'always')),
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    next_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX daily_summaries_next ON daily_summaries (next_at);

CREATE INDEX incidents_closed ON incidents (company_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX incidents_cause ON incidents (company_id, cause_id);
