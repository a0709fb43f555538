DROP INDEX exceptions_opened;
DROP TABLE disk_temperature_days;
ALTER TABLE measured DROP COLUMN recording;
ALTER TABLE measured DROP COLUMN smart;
