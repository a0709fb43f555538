-- What devices tell by themselves, and how they are heard.
-- The SQLite twin of this file has the same tables, columns and names of constraints and indexes.

-- One row an event, from its beginning to its end; seen_at: when it was last told, while it lasts.
CREATE TABLE device_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- The channel, zone or door.
    channel INTEGER CHECK (channel >= 0),
    -- What the device calls it.
    word TEXT COLLATE "C" NOT NULL CHECK (length(word) <= 64),
    at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL CHECK (seen_at >= at),
    ended_at BIGINT CHECK (ended_at >= at),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX device_events_one_open ON device_events (device_id, word, coalesce(channel, -1)) WHERE ended_at IS NULL;
CREATE INDEX device_events_seen ON device_events (seen_at) WHERE ended_at IS NULL;
CREATE INDEX device_events_company ON device_events (company_id, seq);
CREATE INDEX device_events_site ON device_events (company_id, site_id, seq);
CREATE INDEX device_events_device ON device_events (company_id, device_id, seq);

-- How a device is heard: its event stream, and what it pushes.
CREATE TABLE device_event_sources (
    device_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C",
    stream_since BIGINT,
    -- Events that came too fast to be kept.
    dropped BIGINT NOT NULL CHECK (dropped >= 0),
    dropped_at BIGINT,
    -- The hash of the token in the address that the device pushes to.
    token_hash TEXT COLLATE "C" UNIQUE,
    token_made_at BIGINT,
    pushed_at BIGINT,
    -- When the event log last heard of its events, and whether there were more since.
    told_at BIGINT,
    untold BOOLEAN NOT NULL DEFAULT FALSE,
    -- Since when something that it told asks for a look.
    look_wanted_at BIGINT,
    CHECK ((stream IS NULL) = (stream_since IS NULL)),
    CHECK ((token_hash IS NULL) = (token_made_at IS NULL)),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
);
CREATE INDEX device_event_sources_untold ON device_event_sources (told_at) WHERE untold;
CREATE INDEX device_event_sources_look ON device_event_sources (look_wanted_at) WHERE look_wanted_at IS NOT NULL;
