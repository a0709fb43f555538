-- What disks say of themselves, what is recorded, and when exceptions opened lately. The SQLite twin of this file has the same tables and columns.
ALTER TABLE measured ADD COLUMN smart BIGINT;
ALTER TABLE measured ADD COLUMN recording BIGINT;

-- The lowest and the highest temperature of each disk on each day (days since 1970, UTC), degrees Celsius.
CREATE TABLE disk_temperature_days (
    place BIGINT NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    disk TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    lowest INTEGER NOT NULL,
    highest INTEGER NOT NULL CHECK (highest >= lowest),
    PRIMARY KEY (place, disk, day)
);

-- A worker that takes a device over asks how often the same thing went wrong lately.
CREATE INDEX exceptions_opened ON exceptions (device_id, opened_at);
