DELETE FROM grants WHERE NOT EXISTS (SELECT 1 FROM sites s WHERE s.id = grants.site_id AND s.company_id = grants.company_id);
DELETE FROM handovers WHERE NOT EXISTS (SELECT 1 FROM sites s WHERE s.id = handovers.site_id AND s.company_id = handovers.company_id);
CREATE TABLE new_grants (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    device_id TEXT,
    permission TEXT NOT NULL CHECK (permission IN ('site', 'configuration', 'live_view', 'playback')),
    granted_at INTEGER NOT NULL,
    valid_until INTEGER,
    ended_at INTEGER,
    ended_because TEXT CHECK (ended_because IN ('revoked', 'given_back', 'expired', 'replaced', 'company_left', 'device_gone')),
    first_used_at INTEGER,
    first_used_by TEXT,
    revoke_hash TEXT,
    CHECK ((permission = 'site') = (device_id IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO new_grants (id, company_id, site_id, device_id, permission, granted_at, valid_until, ended_at, ended_because,
    first_used_at, first_used_by, revoke_hash) SELECT id, company_id, site_id, device_id, permission, granted_at, valid_until,
    ended_at, ended_because, first_used_at, first_used_by, revoke_hash FROM grants;
DROP TABLE grants;
ALTER TABLE new_grants RENAME TO grants;
CREATE UNIQUE INDEX grants_open ON grants (site_id, permission, coalesce(device_id, '')) WHERE ended_at IS NULL;
CREATE INDEX grants_site ON grants (company_id, site_id, id);
CREATE INDEX grants_device ON grants (device_id, permission) WHERE device_id IS NOT NULL;
CREATE INDEX grants_due ON grants (valid_until) WHERE ended_at IS NULL AND valid_until IS NOT NULL;
CREATE UNIQUE INDEX grants_revoke ON grants (revoke_hash) WHERE revoke_hash IS NOT NULL;

CREATE TABLE new_handovers (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('transfer', 'share')),
    email TEXT NOT NULL,
    email_lower TEXT NOT NULL,
    phone TEXT,
    name TEXT NOT NULL CHECK (length(name) <= 128),
    language TEXT NOT NULL CHECK (language IN ('en', 'ru')),
    remark TEXT NOT NULL,
    asks TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'expired', 'cancelled')),
    invited_by TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_user_id TEXT,
    pack TEXT,
    pack_sha256 TEXT,
    CHECK ((state = 'pending') = (ended_at IS NULL)),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO new_handovers (id, company_id, site_id, kind, email, email_lower, phone, name, language, remark, asks, token_hash,
    state, invited_by, created_at, sent_at, expires_at, ended_at, end_user_id, pack, pack_sha256) SELECT id, company_id, site_id,
    kind, email, email_lower, phone, name, language, remark, asks, token_hash, state, invited_by, created_at, sent_at, expires_at,
    ended_at, end_user_id, pack, pack_sha256 FROM handovers;
DROP TABLE handovers;
ALTER TABLE new_handovers RENAME TO handovers;
CREATE UNIQUE INDEX handovers_token ON handovers (token_hash);
CREATE UNIQUE INDEX handovers_pending ON handovers (site_id) WHERE state = 'pending' AND kind = 'transfer';
CREATE UNIQUE INDEX handovers_sharing ON handovers (site_id, email_lower) WHERE state = 'pending' AND kind = 'share';
CREATE INDEX handovers_site ON handovers (company_id, site_id, id);
CREATE INDEX handovers_email ON handovers (email_lower) WHERE state = 'pending';
CREATE INDEX handovers_due ON handovers (expires_at) WHERE state = 'pending';

ALTER TABLE companies DROP COLUMN keeps_site;
