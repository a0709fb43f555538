DROP INDEX events_absences;
DROP TABLE uptime_positions;
DROP TABLE uptime_days;
