-- Passwords on their way to panels are those of end users too: keyed by a person of either kind.
CREATE TABLE new_panel_passwords (
    person_kind TEXT COLLATE "C" NOT NULL CHECK (person_kind IN ('staff', 'end_user')),
    person_id TEXT COLLATE "C" NOT NULL,
    -- The company of a member of staff; an end user has none.
    company_id TEXT COLLATE "C" REFERENCES companies (id) ON DELETE CASCADE,
    -- Which of the person's passwords it is.
    version INTEGER NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    held_since BIGINT NOT NULL,
    PRIMARY KEY (person_kind, person_id),
    CHECK ((person_kind = 'staff') = (company_id IS NOT NULL))
);
INSERT INTO new_panel_passwords SELECT 'staff', staff_id, company_id, version, sealed, held_since FROM panel_passwords;
DROP TABLE panel_passwords;
ALTER TABLE new_panel_passwords RENAME TO panel_passwords;
