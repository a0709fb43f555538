-- End users: accounts of customers, apart from staff even where the address is the same; the handover of sites to them, what they
-- let companies do, what they share, and the log of all of it that belongs to the site.

CREATE TABLE end_users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    email TEXT COLLATE "C" NOT NULL,
    email_lower TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C",
    region TEXT COLLATE "C" NOT NULL CHECK (length(region) = 2),
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('en', 'ru')),
    time_zone TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    -- Rises with every change of the password: what panels were given is compared with it.
    password_version INTEGER NOT NULL DEFAULT 1,
    sealed_totp TEXT COLLATE "C",
    totp_confirmed_at BIGINT,
    totp_last_step BIGINT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT
);
CREATE UNIQUE INDEX end_users_email ON end_users (email_lower);
CREATE UNIQUE INDEX end_users_phone ON end_users (phone) WHERE phone IS NOT NULL;

-- Who asked for an account and has not opened the link in the mail yet. Only a hash of its token is kept.
CREATE TABLE end_user_registrations (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    email TEXT COLLATE "C" NOT NULL,
    email_lower TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL CHECK (length(region) = 2),
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('en', 'ru')),
    time_zone TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX end_user_registrations_email ON end_user_registrations (email_lower);

CREATE TABLE end_user_sessions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    token_hash TEXT COLLATE "C" NOT NULL,
    end_user_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    from_address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX end_user_sessions_token ON end_user_sessions (token_hash);
CREATE INDEX end_user_sessions_user ON end_user_sessions (end_user_id);

CREATE TABLE end_user_recovery_codes (
    end_user_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    code_hash TEXT COLLATE "C" NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (end_user_id, code_hash)
);

CREATE TABLE end_user_password_resets (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    end_user_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX end_user_password_resets_user ON end_user_password_resets (end_user_id);

-- What end users did with their own accounts; what they do on sites is in "access_log".
CREATE TABLE end_user_operations (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    end_user_id TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object_kind TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    from_address TEXT COLLATE "C" NOT NULL,
    result TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX end_user_operations_user ON end_user_operations (end_user_id, id);

-- The owner, since when, and the company that installed the site (R-G6, R-T5). A site that its owner took away from its company has
-- none that serves it: its staff do not see it any more.
ALTER TABLE sites ADD COLUMN owner_id TEXT COLLATE "C" REFERENCES end_users (id);
ALTER TABLE sites ADD COLUMN owned_since BIGINT;
ALTER TABLE sites ADD COLUMN installed_by TEXT COLLATE "C";
ALTER TABLE sites ADD COLUMN unserved_since BIGINT;
-- Rental: the company may disable the customer's use once both sides agreed.
ALTER TABLE sites ADD COLUMN rental TEXT COLLATE "C" NOT NULL DEFAULT 'none' CHECK (rental IN ('none', 'asked', 'agreed'));
ALTER TABLE sites ADD COLUMN suspended_at BIGINT;
CREATE INDEX sites_owner ON sites (owner_id, id) WHERE owner_id IS NOT NULL;

-- Invitations to own a site, or to receive channels of it (R-G1, R-G5). Only a hash of the token in the mail is kept.
CREATE TABLE handovers (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('transfer', 'share')),
    email TEXT COLLATE "C" NOT NULL,
    email_lower TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) <= 128),
    language TEXT COLLATE "C" NOT NULL CHECK (language IN ('en', 'ru')),
    remark TEXT COLLATE "C" NOT NULL,
    -- What is asked for in advance (R-G2), or the channels that are shared; JSON.
    asks TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'expired', 'cancelled')),
    invited_by TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_user_id TEXT COLLATE "C",
    -- The handover pack as it was accepted, JSON, and its SHA-256 in hex.
    pack TEXT COLLATE "C",
    pack_sha256 TEXT COLLATE "C",
    CHECK ((state = 'pending') = (ended_at IS NULL)),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX handovers_token ON handovers (token_hash);
CREATE UNIQUE INDEX handovers_pending ON handovers (site_id) WHERE state = 'pending' AND kind = 'transfer';
CREATE UNIQUE INDEX handovers_sharing ON handovers (site_id, email_lower) WHERE state = 'pending' AND kind = 'share';
CREATE INDEX handovers_site ON handovers (company_id, site_id, id);
CREATE INDEX handovers_email ON handovers (email_lower) WHERE state = 'pending';
CREATE INDEX handovers_due ON handovers (expires_at) WHERE state = 'pending';

-- What an owner lets a company do (R-G2, R-G4). Whether one still holds is asked whenever it is used.
CREATE TABLE grants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    site_id TEXT COLLATE "C" NOT NULL,
    -- None: the whole site.
    device_id TEXT COLLATE "C",
    permission TEXT COLLATE "C" NOT NULL CHECK (permission IN ('site', 'configuration', 'live_view', 'playback')),
    granted_at BIGINT NOT NULL,
    -- None: permanent.
    valid_until BIGINT,
    ended_at BIGINT,
    ended_because TEXT COLLATE "C" CHECK (ended_because IN ('revoked', 'given_back', 'expired', 'replaced', 'company_left', 'device_gone')),
    first_used_at BIGINT,
    first_used_by TEXT COLLATE "C",
    -- The hash of the token in the mail that tells of the first use: its link revokes.
    revoke_hash TEXT COLLATE "C",
    CHECK ((permission = 'site') = (device_id IS NULL)),
    CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
    FOREIGN KEY (company_id, site_id) REFERENCES sites (company_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX grants_open ON grants (site_id, permission, coalesce(device_id, '')) WHERE ended_at IS NULL;
CREATE INDEX grants_site ON grants (company_id, site_id, id);
CREATE INDEX grants_device ON grants (device_id, permission) WHERE device_id IS NOT NULL;
CREATE INDEX grants_due ON grants (valid_until) WHERE ended_at IS NULL AND valid_until IS NOT NULL;
CREATE UNIQUE INDEX grants_revoke ON grants (revoke_hash) WHERE revoke_hash IS NOT NULL;

-- What a company applied for and the owner decides: authorization of a site, permissions for devices, rental, or to serve a site that
-- no company serves (R-G4, R-T5). No foreign key: whoever asks for a site need not have it.
CREATE TABLE grant_requests (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('site', 'devices', 'serve', 'rental')),
    remark TEXT COLLATE "C" NOT NULL,
    -- What is asked for, and what the owner let of it; JSON.
    asks TEXT COLLATE "C" NOT NULL,
    granted TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'void')),
    asked_by TEXT COLLATE "C",
    asked_by_name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX grant_requests_waiting ON grant_requests (site_id, company_id, kind) WHERE state = 'waiting' AND kind <> 'devices';
CREATE INDEX grant_requests_site ON grant_requests (site_id, id);
CREATE INDEX grant_requests_company ON grant_requests (company_id, id);

-- An owner's invitation of a company to serve a site (R-G6). Only a hash of the token in the mail is kept.
CREATE TABLE company_invitations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    end_user_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    email TEXT COLLATE "C" NOT NULL,
    email_lower TEXT COLLATE "C" NOT NULL,
    remark TEXT COLLATE "C" NOT NULL,
    asks TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'expired', 'cancelled')),
    -- The company that accepted.
    company_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX company_invitations_token ON company_invitations (token_hash);
CREATE UNIQUE INDEX company_invitations_pending ON company_invitations (site_id) WHERE state = 'pending';
CREATE INDEX company_invitations_site ON company_invitations (site_id, id);

-- Channels that somebody else may see (R-G5, R-E2): given by the company that kept the site, or by its owner.
CREATE TABLE shares (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    giver_kind TEXT COLLATE "C" NOT NULL CHECK (giver_kind IN ('company', 'end_user')),
    giver_id TEXT COLLATE "C" NOT NULL,
    receiver_id TEXT COLLATE "C" NOT NULL REFERENCES end_users (id) ON DELETE CASCADE,
    -- The receiver's own name for it.
    name TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT COLLATE "C" CHECK (ended_because IN ('removed', 'left', 'device_gone', 'handed_over', 'account_deleted')),
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
CREATE UNIQUE INDEX shares_open ON shares (site_id, giver_kind, giver_id, receiver_id) WHERE ended_at IS NULL;
CREATE INDEX shares_receiver ON shares (receiver_id, id) WHERE ended_at IS NULL;

CREATE TABLE share_channels (
    share_id TEXT COLLATE "C" NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    device_id TEXT COLLATE "C" NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    -- 0: the device itself, where it has no channels.
    channel INTEGER NOT NULL CHECK (channel >= 0),
    -- A JSON list of words.
    permissions TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (share_id, device_id, channel)
);
CREATE INDEX share_channels_device ON share_channels (device_id, channel);

-- Who did what on a site that has an owner: a chain of hashes a site, so that a copy proves that nothing was taken out. It outlives
-- everything it tells of.
CREATE TABLE access_log (
    site_id TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL CHECK (n >= 1),
    at BIGINT NOT NULL,
    actor_kind TEXT COLLATE "C" NOT NULL CHECK (actor_kind IN ('staff', 'end_user', 'platform')),
    actor_id TEXT COLLATE "C" NOT NULL,
    actor_name TEXT COLLATE "C" NOT NULL,
    company_id TEXT COLLATE "C" NOT NULL,
    company_name TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    device_name TEXT COLLATE "C" NOT NULL,
    -- JSON, exactly as it was hashed.
    detail TEXT COLLATE "C" NOT NULL,
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (site_id, n)
);
CREATE TRIGGER access_log_is_not_edited BEFORE UPDATE OR DELETE ON access_log
FOR EACH ROW EXECUTE FUNCTION refuse_editing_a_log();

-- Mails to end users about their own accounts belong to no company.
ALTER TABLE mails ALTER COLUMN company_id DROP NOT NULL;

CREATE TABLE mail_attachments (
    mail_id TEXT COLLATE "C" NOT NULL REFERENCES mails (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    content_type TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (mail_id, n)
);
