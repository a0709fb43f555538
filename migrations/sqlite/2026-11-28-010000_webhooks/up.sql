-- Webhooks: addresses that a company has told of what happens.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    url TEXT NOT NULL CHECK (length(url) <= 2048),
    -- The key of the signatures, sealed.
    sealed_secret TEXT NOT NULL,
    -- The kinds of events that are told, as a JSON list; an empty one is all.
    kinds TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    -- Since when the receiver takes nothing, and what it last answered.
    failing_since INTEGER,
    error_code TEXT,
    http_status INTEGER,
    delivered_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_company ON webhooks (company_id, id);

-- One row an event and webhook, in the order in which they are told; "again" counts replays.
CREATE TABLE webhook_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_seq INTEGER NOT NULL,
    again INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts INTEGER NOT NULL,
    error_code TEXT,
    http_status INTEGER,
    -- From here on it is tried for three days.
    waiting_since INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (webhook_id, event_seq, again);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (webhook_id, id) WHERE state = 'dead';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE state <> 'waiting';

CREATE INDEX events_company_at ON events (company_id, at);
INSERT INTO event_readers (name, seq) SELECT 'webhooks', coalesce(max(seq), 0) FROM events;
