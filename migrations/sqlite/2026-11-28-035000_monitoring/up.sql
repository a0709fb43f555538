-- Devices that nobody watches, why something ended that did not get better, and a company's own rules of compatibility.
-- The PostgreSQL twin of this file has the same tables, columns and names of constraints.

ALTER TABLE devices ADD COLUMN monitoring INTEGER NOT NULL DEFAULT 1 CHECK (monitoring IN (0, 1));
-- Since when and by whom it is off.
ALTER TABLE devices ADD COLUMN monitoring_off_at INTEGER;
ALTER TABLE devices ADD COLUMN monitoring_off_by TEXT;

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
