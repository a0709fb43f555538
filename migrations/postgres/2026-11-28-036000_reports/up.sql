-- Uptime by day, and how far it is rolled up. The SQLite twin of this file has the same tables, columns and indexes.

-- Seconds of a day (days since 1970, UTC) that a device was seen up and down: what stays when its hours are forgotten.
CREATE TABLE uptime_days (
    place BIGINT NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    up_seconds INTEGER NOT NULL CHECK (up_seconds >= 0),
    down_seconds INTEGER NOT NULL CHECK (down_seconds >= 0),
    PRIMARY KEY (place, day)
);

-- How far a pass over all devices came: every day before "day" is done, and of that day the devices up to "place".
-- "rolled": hours are summed up into days. "pruned": hours are forgotten. Its row is the lock of whoever goes on.
CREATE TABLE uptime_positions (
    name TEXT NOT NULL PRIMARY KEY CHECK (name IN ('rolled', 'pruned')),
    day BIGINT NOT NULL,
    place BIGINT NOT NULL
);
INSERT INTO uptime_positions (name, day, place) VALUES ('rolled', 0, -1), ('pruned', 0, -1);

-- When nobody could look at devices: few of many events.
CREATE INDEX events_absences ON events (company_id, at)
WHERE kind IN ('network_back', 'link_online', 'link_offline', 'link_revoked');
