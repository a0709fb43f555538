DELETE FROM settings WHERE key = 'compatibility_rules';
DELETE FROM events WHERE kind IN ('monitoring_changed', 'compatibility_rules_changed');
DROP TABLE compatibility_rules;
ALTER TABLE incidents DROP COLUMN closed_because;
ALTER TABLE exceptions DROP COLUMN closed_because;
ALTER TABLE devices DROP COLUMN monitoring_off_by;
ALTER TABLE devices DROP COLUMN monitoring_off_at;
ALTER TABLE devices DROP COLUMN monitoring;
