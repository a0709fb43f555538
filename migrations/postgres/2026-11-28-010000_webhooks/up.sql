-- Webhooks: addresses that a company has told of what happens.
CREATE TABLE webhooks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    url TEXT COLLATE "C" NOT NULL CHECK (length(url) <= 2048),
    -- The key of the signatures, sealed.
    sealed_secret TEXT COLLATE "C" NOT NULL,
    -- The kinds of events that are told, as a JSON list; an empty one is all.
    kinds TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- Since when the receiver takes nothing, and what it last answered.
    failing_since BIGINT,
    error_code TEXT COLLATE "C",
    http_status INTEGER,
    delivered_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_company ON webhooks (company_id, id);

-- One row an event and webhook, in the order in which they are told; "again" counts replays.
CREATE TABLE webhook_deliveries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id TEXT COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_seq BIGINT NOT NULL,
    again INTEGER NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts INTEGER NOT NULL,
    error_code TEXT COLLATE "C",
    http_status INTEGER,
    -- From here on it is tried for three days.
    waiting_since BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (webhook_id, event_seq, again);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, id) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (webhook_id, id) WHERE state = 'dead';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE state <> 'waiting';

CREATE INDEX events_company_at ON events (company_id, at);
INSERT INTO event_readers (name, seq) SELECT 'webhooks', coalesce(max(seq), 0) FROM events;
