-- The picture by which customers know a company: on pages opened from a mail, in mails, and on the handover pack.

CREATE TABLE company_logos (
    company_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES companies (id) ON DELETE CASCADE,
    -- As drawn anew by us, never as it was uploaded.
    png BYTEA NOT NULL,
    width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 512),
    height INTEGER NOT NULL CHECK (height BETWEEN 1 AND 512),
    updated_at BIGINT NOT NULL
);
