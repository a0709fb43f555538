-- Devices that nobody watches, why something ended that did not get better, and a company's own rules of compatibility.
-- The PostgreSQL twin of this file has the same tables, columns and names of constraints.

ALTER TABLE devices ADD COLUMN monitoring INTEGER NOT NULL DEFAULT 1 CHECK (monitoring IN (0, 1));
-- Since when it is off, and the name of who switched it off.
ALTER TABLE devices ADD COLUMN monitoring_off_at INTEGER;
ALTER TABLE devices ADD COLUMN monitoring_off_by TEXT;
-- Why nobody watches it, where nobody does: it follows from the switch, kind, model, firmware and the rules below, and
-- stands here for pollers and lists.
ALTER TABLE devices ADD COLUMN unwatched_because TEXT
    CHECK (unwatched_because IN ('monitoring_off', 'firmware_incompatible'));
CREATE INDEX devices_unwatched ON devices (company_id, id) WHERE unwatched_because IS NOT NULL;

-- Why it closed, where the device did not get better: nobody watches it any more.
ALTER TABLE exceptions ADD COLUMN closed_because TEXT
    CHECK (closed_because IN ('monitoring_off', 'firmware_incompatible'));
ALTER TABLE incidents ADD COLUMN closed_because TEXT
    CHECK (closed_because IN ('monitoring_off', 'firmware_incompatible'));

-- One list a company, as a file of rules has it. A company without a row goes by the platform's list.
CREATE TABLE compatibility_rules (
    company_id TEXT NOT NULL PRIMARY KEY REFERENCES companies (id) ON DELETE CASCADE,
    rules TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT REFERENCES staff (id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;

-- Add it although its firmware is too old, and upgrade it then.
ALTER TABLE additions ADD COLUMN upgrade INTEGER NOT NULL DEFAULT 0 CHECK (upgrade IN (0, 1));
