CREATE TABLE old_panel_passwords (
    staff_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    held_since BIGINT NOT NULL
);
INSERT INTO old_panel_passwords SELECT person_id, company_id, version, sealed, held_since FROM panel_passwords
WHERE person_kind = 'staff' AND person_id IN (SELECT id FROM staff);
DROP TABLE panel_passwords;
ALTER TABLE old_panel_passwords RENAME TO panel_passwords;
