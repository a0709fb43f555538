-- What disks say of themselves, what is recorded, and when exceptions opened lately. The PostgreSQL twin of this file has the same tables and columns.
ALTER TABLE measured ADD COLUMN smart INTEGER;
ALTER TABLE measured ADD COLUMN recording INTEGER;

-- The lowest and the highest temperature of each disk on each day (days since 1970, UTC), degrees Celsius.
CREATE TABLE disk_temperature_days (
    place INTEGER NOT NULL REFERENCES devices (place) ON DELETE CASCADE,
    disk TEXT NOT NULL,
    day INTEGER NOT NULL,
    lowest INTEGER NOT NULL,
    highest INTEGER NOT NULL CHECK (highest >= lowest),
    PRIMARY KEY (place, disk, day)
) STRICT, WITHOUT ROWID;

-- A worker that takes a device over asks how often the same thing went wrong lately.
CREATE INDEX exceptions_opened ON exceptions (device_id, opened_at);
