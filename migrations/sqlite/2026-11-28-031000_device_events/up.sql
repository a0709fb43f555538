-- What devices tell by themselves, and how they are heard.
-- The PostgreSQL twin of this file has the same tables, columns and names of constraints and indexes.

-- One row an event, from its beginning to its end; seen_at: when it was last told, while it lasts.
CREATE TABLE device_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The channel, zone or door.
    channel INTEGER CHECK (channel >= 0),
    -- What the device calls it.
    word TEXT NOT NULL CHECK (length(word) <= 64),
    at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL CHECK (seen_at >= at),
    ended_at INTEGER CHECK (ended_at >= at),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX device_events_one_open ON device_events (device_id, word, coalesce(channel, -1)) WHERE ended_at IS NULL;
CREATE INDEX device_events_seen ON device_events (seen_at) WHERE ended_at IS NULL;
CREATE INDEX device_events_company ON device_events (company_id, seq);
CREATE INDEX device_events_site ON device_events (company_id, site_id, seq);
CREATE INDEX device_events_device ON device_events (company_id, device_id, seq);

-- How a device is heard: its event stream, and what it pushes.
CREATE TABLE device_event_sources (
    device_id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    stream TEXT,
    stream_since INTEGER,
    -- Events that came too fast to be kept.
    dropped INTEGER NOT NULL CHECK (dropped >= 0),
    dropped_at INTEGER,
    -- The hash of the token in the address that the device pushes to.
    token_hash TEXT UNIQUE,
    token_made_at INTEGER,
    pushed_at INTEGER,
    -- When the event log last heard of its events, and whether there were more since.
    told_at INTEGER,
    untold INTEGER NOT NULL DEFAULT 0 CHECK (untold IN (0, 1)),
    -- Since when something that it told asks for a look.
    look_wanted_at INTEGER,
    CHECK ((stream IS NULL) = (stream_since IS NULL)),
    CHECK ((token_hash IS NULL) = (token_made_at IS NULL)),
    FOREIGN KEY (company_id, device_id) REFERENCES devices (company_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX device_event_sources_untold ON device_event_sources (told_at) WHERE untold;
CREATE INDEX device_event_sources_look ON device_event_sources (look_wanted_at) WHERE look_wanted_at IS NOT NULL;
